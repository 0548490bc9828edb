"""What the production server refuses to be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import create_app
from app.commands import main
from app.commands.server import Server
from app.storage import upgrade
from config import Config, read_config
from tests.server import ROOT, free_port


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("HEARD_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("HEARD_DRAFTS_URL", f"sqlite:///{tmp_path / 'drafts.sqlite3'}")
    found = read_config()
    upgrade(found.database_url, found.drafts_url)
    return found


@pytest.mark.parametrize("command", ["serve", "demo"])
@pytest.mark.parametrize("word", ["1", "true", "on"])
def test_no_server_starts_where_debugging_is_on(
    config: Config, monkeypatch: pytest.MonkeyPatch, command: str, word: str
) -> None:
    """A page of Flask's debugger holds every local value, and it runs what is typed into it."""
    monkeypatch.setenv("FLASK_DEBUG", word)

    refused = CliRunner().invoke(main, [command, "--port", str(free_port())])

    assert refused.exit_code == 2
    assert "FLASK_DEBUG is on" in refused.output
    assert "Take it out of the environment" in refused.output


def test_no_server_starts_without_a_support_directory_that_can_be_read(
    config: Config, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every page has a way to support (promise 5)."""
    support = tmp_path / "surveys" / "support"
    support.mkdir(parents=True)
    (support / "np.yaml").write_text("country: NP\nservices: [", encoding="utf-8")
    monkeypatch.setenv("HEARD_SURVEYS", str(support.parent))

    refused = subprocess.run(  # gunicorn says how a whole process writes its log
        [sys.executable, "-m", "app.commands", "serve", "--port", str(free_port())],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert refused.returncode == 2
    assert "The support directory cannot be used" in refused.stderr
    assert f"{support / 'np.yaml'}:2:" in refused.stderr
    assert f"{support / 'global.yaml'}:1:1: This file is missing" in refused.stderr


def test_no_worker_serves_an_application_in_debug_mode(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(config, f"127.0.0.1:{free_port()}", 1)
    assert not server.load().debug
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert create_app(config).debug

    with pytest.raises(RuntimeError, match="debug mode"):
        server.load()
