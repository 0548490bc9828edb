"""How a command refuses: a message that says what to do, and exit status 2."""

from __future__ import annotations

import click


class Refusal(click.ClickException):
    """The command was used in a way that cannot work; nothing was done."""

    exit_code = 2


class NotReady(click.ClickException):
    """The command was used rightly, and something else has to be mended first."""

    exit_code = 1
