"""Every benchmark, one after the other."""

from __future__ import annotations

from bench import page_weights, site, slow_phone, stored, unsealing

if __name__ == "__main__":  # processes that a benchmark starts read this file too
    page_weights.main()
    site.main()
    slow_phone.main()
    stored.main()
    unsealing.main()
