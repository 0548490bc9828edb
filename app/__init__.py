"""Heard: anonymous, trauma-informed consultations."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Config


def create_app(config: Config | None = None) -> Flask:
    """Return the web application.

    Args:
        config: where things are; by default what the environment says.

    Raises `ConfigurationError`, and `DirectoryErrors` when a support file is not right.
    """
    # Here and not above: a researcher's laptop and a facilitator's editor use rooms of this
    # package that need no web server.
    from app.factory import make_app  # noqa: PLC0415
    from config import read_config  # noqa: PLC0415

    return make_app(config or read_config())
