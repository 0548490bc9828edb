"""`heard doctor`: what is wrong with an instance, and what waits for a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.commands.doctor import doctor
from app.commands.opening import publish
from app.consultation import load_definition
from app.sealing import PrivateKey
from app.storage import open_storage, upgrade
from config import read_config
from tests.definitions import SMALLEST


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "instance"
    monkeypatch.setenv("HEARD_INSTANCE", str(folder))
    monkeypatch.setenv("HEARD_DRAFTS_URL", f"sqlite:///{tmp_path / 'drafts.sqlite3'}")
    monkeypatch.setenv("HEARD_EXIT_TO", "https://weather.example/")  # a name that never resolves
    return folder


def notes() -> tuple[int, list[dict[str, str]]]:
    result = CliRunner().invoke(doctor, ["--json"])
    return result.exit_code, json.loads(result.output)


def test_a_new_instance_is_well_and_says_what_waits(instance: Path) -> None:
    status, found = notes()
    assert status == 0
    waiting = " ".join(note["message"] for note in found if note["state"] == "waits")
    for tag in ("fr", "es", "ar", "ne", "bn", "pt", "sw"):
        assert f"“{tag}”" in waiting
    assert "support entries" in waiting


def test_a_key_is_named_with_its_fingerprint(instance: Path) -> None:
    config = read_config()
    upgrade(config.database_url, config.drafts_url)
    key = PrivateKey.generate().public_key("team")
    storage = open_storage(config.database_url, config.drafts_url)
    publish(storage, load_definition(SMALLEST, "small.yaml"), [key])
    status, found = notes()
    assert status == 0
    assert any(key.fingerprint in note["message"] for note in found)


def test_what_others_can_read_is_wrong(instance: Path) -> None:
    notes()
    (instance / "secret-key").chmod(0o644)
    status, found = notes()
    assert status == 1
    assert any("chmod" in note["message"] for note in found if note["state"] == "wrong")


def test_a_private_key_on_the_server_is_wrong(instance: Path) -> None:
    notes()
    (instance / "team.key").write_text("x", encoding="utf-8")
    status, found = notes()
    assert status == 1
    assert any("team.key" in note["message"] for note in found if note["state"] == "wrong")


def test_looking_does_not_make_drafts_older(instance: Path) -> None:
    config = read_config()
    upgrade(config.database_url, config.drafts_url)
    storage = open_storage(config.database_url, config.drafts_url)
    storage.write_draft(b"d" * 32, b"words")
    for _ in range(20):
        notes()
    assert storage.age_drafts(1) == 0
