"""`make requirements`: requirement, tests, state. Exit status 1 when one has no passing test."""

from __future__ import annotations

import sys

from .table import coverage, print_table

if __name__ == "__main__":
    lines = coverage()
    print_table(lines)
    sys.exit(any(line.state != "passed" for line in lines))
