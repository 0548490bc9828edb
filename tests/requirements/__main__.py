"""`make requirements`: requirement, tests, state; `--proofs`: does everything named hold?

Exit status 1 when a requirement of the journey has no passing test, or a test that the threat
model names did not pass when it last ran here.
"""

from __future__ import annotations

import sys

from .proofs import unproven
from .table import LATER, coverage, last_outcomes, print_table


def main() -> int:
    """Print what was asked for; return the exit status."""
    lines = coverage()
    open_ones = [
        f"{line.number} {line.words}: {line.state}"
        for line in lines
        if line.state != "passed" and line.number not in LATER
    ]
    if "--proofs" not in sys.argv:
        print_table(lines)
        return int(bool(open_ones))
    lost = unproven(last_outcomes())
    for line in (*open_ones, *lost):
        print(f"Not proven: {line}")
    if not open_ones and not lost:
        print("Each requirement and each sentence of the threat model has tests, and they passed.")
    return int(bool(open_ones or lost))


if __name__ == "__main__":
    sys.exit(main())
