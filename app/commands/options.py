"""Options that several commands have, said in the same words."""

from __future__ import annotations

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program.")
