"""`python -m app.commands` is `heard`."""

from __future__ import annotations

from . import main

main(prog_name="heard")
