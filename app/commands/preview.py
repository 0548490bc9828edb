"""Seeing a consultation in a browser while it is written."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click
from flask import Flask

from app.consultation import Definition, Finding
from app.preview import make_preview
from config import SHARED_MEMORY, Config

from .checking import check_all
from .refusal import Refusal
from .running import address_of, check_port
from .server import Server
from .support_directory import support_directory_needed
from .surroundings import surveys_folder


class PreviewServer(Server):
    """The production server with the preview in it."""

    def __init__(self, config: Config, port: int, app: Flask) -> None:
        self.app = app
        super().__init__(config, address_of("127.0.0.1", port), workers=1)

    def load(self) -> Flask:
        """Return the preview."""
        return self.app


@click.command()
@click.argument("path", metavar="PATH", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
def preview(path: Path, port: int) -> None:
    """Show the consultation in a file as people will see it; follows each save, keeps nothing."""
    if not path.is_file():
        raise Refusal(f"There is no file {path}. Write one with: heard new ID")
    check_port("127.0.0.1", port)
    memory = SHARED_MEMORY if SHARED_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="heard-preview-", dir=memory) as folder:
        config = _throw_away(Path(folder), path.resolve().parent)
        with support_directory_needed():
            app = make_preview(path.resolve(), _check, config)
        click.echo(f"Open http://127.0.0.1:{port}/preview/ in a browser. Ctrl+C here stops it.")
        PreviewServer(config, port, app).run()


def _check(path: Path) -> tuple[Definition | None, Sequence[Finding]]:
    ((_, checked),) = check_all([path]).items()
    return checked.definition, checked.findings


def _throw_away(folder: Path, beside: Path) -> Config:
    """An instance in memory, with the support directory beside the file or Heard's own."""
    surveys = beside if (beside / "support").is_dir() else surveys_folder()
    return Config(
        instance=folder,
        database_url=f"sqlite:///{folder / 'heard.sqlite3'}",
        drafts_url=f"sqlite:///{folder / 'drafts.sqlite3'}",
        surveys=surveys,
        secret_key=secrets.token_hex(32),
        demo=True,
    )
