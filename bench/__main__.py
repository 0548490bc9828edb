"""Every benchmark, one after the other."""

from __future__ import annotations

from bench import page_weights

page_weights.main()
