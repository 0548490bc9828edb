"""Every benchmark, one after the other."""

from __future__ import annotations

from bench import page_weights, slow_phone, unsealing

if __name__ == "__main__":  # processes that a benchmark starts read this file too
    page_weights.main()
    slow_phone.main()
    unsealing.main()
