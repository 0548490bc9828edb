"""A real application, as small as each test needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

TEMPLATES = Path(__file__).parents[2] / "app" / "respond" / "templates"
STATIC = TEMPLATES.parent / "static"


@pytest.fixture
def app() -> Flask:
    return Flask("small", static_folder=None, template_folder=str(TEMPLATES))
