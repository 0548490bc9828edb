"""Every benchmark, one after the other."""

from __future__ import annotations

from bench import page_weights, slow_phone

page_weights.main()
slow_phone.main()
