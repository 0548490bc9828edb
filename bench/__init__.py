"""Measurements: run with `make bench`. They print figures and ratios, and assert nothing."""
