"""Every command and program in docs/for-researchers.md runs, in the order in which it stands."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.consultation import Definition, load_definition_file
from app.sealing import public_key_from_text, seal
from app.storage import Storage, StoredDefinition, StoredResponse, open_storage, upgrade
from tests.research.conftest import make_document

ROOT = Path(__file__).parents[2]
LEFT_OPEN = 8
"""People who left everything open; with the two others just enough for a report."""
GUIDE = ROOT / "docs" / "for-researchers.md"
THEMES = re.compile(r"^```yaml\n(themes:.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "HEARD_INSTANCE": str(tmp_path / "instance"),
        "HEARD_DRAFTS_URL": f"sqlite:///{tmp_path / 'instance' / 'drafts.sqlite3'}",
        "HEARD_PASSPHRASE": "kettle orbit violin meadow",
    }


def heard(line: str, folder: Path, environment: dict[str, str]) -> None:
    program, *arguments = shlex.split(line)
    assert program == "heard"
    command = [sys.executable, "-m", "app.commands", *arguments]
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,  # whoever is asked something stops, kindly
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def started(folder: Path, definition: Definition) -> Storage:
    """The server, with the consultation open and sealed to the key of the guide."""
    urls = [f"sqlite:///{folder / 'instance' / n}" for n in ("heard.sqlite3", "drafts.sqlite3")]
    upgrade(*urls)
    storage = open_storage(*urls)
    document = definition.canonical_json()
    published = StoredDefinition(
        definition.digest, definition.consultation, definition.version, document
    )
    storage.publish(published, [(folder / "asha.pub").read_text()], {})
    return storage


def send(storage: Storage, definition: Definition, folder: Path, answers: dict[str, Any]) -> None:
    key = public_key_from_text((folder / "asha.pub").read_text())
    document = make_document(definition, answers=answers)
    envelope = seal(document, definition.consultation, [key])
    response = StoredResponse(os.urandom(16), envelope, os.urandom(32))
    storage.keep_response(definition.consultation, response)


@pytest.mark.thorough
def test_the_guide_leads_from_a_key_to_a_table(tmp_path: Path, environment: dict[str, str]) -> None:
    blocks = BLOCK.findall(GUIDE.read_text(encoding="utf-8"))
    definition = load_definition_file(ROOT / "surveys" / "internet-safer.yaml")
    text = next(each.name for each in definition.asked if each.type == "text")
    (kind, keys), *others = blocks
    assert kind == "sh"
    for line in keys.splitlines():
        heard(line, tmp_path, environment)
    storage = started(tmp_path, definition)
    send(storage, definition, tmp_path, {text: "=1+1"})
    send(storage, definition, tmp_path, {text: "97"})
    for _ in range(LEFT_OPEN):
        send(storage, definition, tmp_path, {})
    for name in ("monday", "friday"):
        heard(f"heard export internet-safer -o {name}.heard", tmp_path, environment)

    (themes,) = THEMES.findall(GUIDE.read_text(encoding="utf-8"))
    (tmp_path / "themes.yaml").write_text(themes.replace("why_not", text), encoding="utf-8")

    for kind, block in others:
        if kind == "sh":
            for line in block.splitlines():
                heard(line, tmp_path, environment)
            continue
        program = block.replace('"answers/', '"together/')  # where texts are in the table
        show = f"\nprint(json.dumps([row[{text!r}] for row in rows]))\n"
        output = subprocess.check_output(
            [sys.executable, "-c", program + show], cwd=tmp_path, env=environment, text=True
        )
        assert sorted(json.loads(output), key=str) == ["97", "=1+1", *[None] * LEFT_OPEN]

    assert [kind for kind, _ in blocks].count("python") == 1
    assert (tmp_path / "both" / "codebook.json").exists()
