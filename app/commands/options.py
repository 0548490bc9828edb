"""Options that several commands have, said in the same words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program.")


def output_file(help: str) -> Callable[[Any], Any]:
    """The option -o/--output of a command that has to be told which file to write.

    Args:
        help: which file, with an example.
    """
    return click.option(
        "-o",
        "--output",
        "path",
        required=True,
        type=click.Path(dir_okay=False, path_type=Path),
        help=help,
    )
