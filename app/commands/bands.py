"""How counts of responses are told."""

from __future__ import annotations

BANDS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
"""Counts are told as bands: an exact count would tell when a person sent (R86)."""


def band(count: int) -> str:
    """Return a count as a band, such as “20 to 49”."""
    if count < BANDS[0]:
        return f"under {BANDS[0]}"
    low = max(limit for limit in BANDS if limit <= count)
    higher = [limit for limit in BANDS if limit > count]
    return f"{low} to {higher[0] - 1}" if higher else f"{low} or more"
