"""Real keys, real envelopes, real bundles; definitions as small as a test needs."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.consultation import Definition
from app.research import Manifest, write_bundle
from app.sealing import PrivateKey, seal

CONSULTATION = "internet-safer"
KEY = PrivateKey.generate()
RECIPIENT = KEY.public_key("research team")


def make_definition(
    *pages: Sequence[Mapping[str, Any]],
    version: int = 1,
    consultation: str = CONSULTATION,
    statements: Sequence[str] = ("take_part", "quotes"),
) -> Definition:
    """A definition with these questions, page by page; the pages are page_1, page_2, …"""
    english = {"en": "Text", "fr": "Texte"}
    return Definition.model_validate(
        {
            "consultation": consultation,
            "version": version,
            "languages": ["en", "fr"],
            "title": english,
            "public_name": english,
            "organisation": {"name": english, "contact": "Somebody"},
            "about": english,
            "minutes": 5,
            "audience": {"from_age": 13, "to_age": 24},
            "dates": {
                "opens": "2026-12-01",
                "closes": "2027-02-01",
                "results_by": "2027-05-01",
                "delete_by": "2028-02-01",
            },
            "exit_to": "https://www.example.org/",
            "support": {"countries": ["NP"]},
            "consent": {
                "model": "adult",
                "statements": [{"name": name, "label": labelled(name)} for name in statements],
            },
            "pages": [
                {"name": f"page_{number}", "questions": [_labelled(each) for each in questions]}
                for number, questions in enumerate(pages, start=1)
            ],
            "thanks": {"what_happens_next": english},
        }
    )


def labelled(name: str) -> dict[str, str]:
    """A label in two languages."""
    return {"en": f"{name} in English", "fr": f"{name} en français"}


def _labelled(question: Mapping[str, Any]) -> dict[str, Any]:
    """Spell out choices and rows that are given by their names, and labels that are not given."""
    full = {"label": labelled(question["name"]), **question}
    for key in ("choices", "rows"):
        if key in full:
            full[key] = [
                {"name": each, "label": labelled(each)} if isinstance(each, str) else each
                for each in full[key]
            ]
    return full


def make_document(definition: Definition, /, **changes: Any) -> bytes:
    """A response document with nothing answered, changed as asked."""
    document = {
        "format": 1,
        "consultation": definition.consultation,
        "version": definition.version,
        "definition": definition.digest,
        "language": "en",
        "collector": None,
        "consent": ["take_part"],
        "answers": {},
        "not_shown": [],
        "declined": [],
        "ended": "complete",
        **changes,
    }
    return json.dumps(document).encode()


def sealed(document: bytes, consultation: str = CONSULTATION) -> tuple[bytes, bytes]:
    """A row of a bundle: a random id and the document sealed to KEY."""
    return os.urandom(16), seal(document, consultation, [RECIPIENT])


def bundle_of(
    path: Path,
    definitions: Iterable[Definition],
    rows: Iterable[tuple[bytes, bytes]],
) -> Manifest:
    """Write a finished bundle."""
    published = [
        (each.digest, each.consultation, each.version, each.canonical_json())
        for each in definitions
    ]
    return write_bundle(path, published, rows)


@dataclass
class Table:
    """A data set as a researcher's program reads it."""

    header: list[str]
    rows: list[dict[str, str]]
    codebook: dict[str, Any]
    not_opened: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def in_folder(cls, folder: Path) -> Table:
        with (folder / "responses.csv").open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            rows = list(reader)
        codebook = json.loads((folder / "codebook.json").read_text(encoding="utf-8"))
        left = folder / "not_opened.json"
        not_opened = json.loads(left.read_text(encoding="utf-8")) if left.exists() else {}
        return cls(list(reader.fieldnames or []), rows, codebook, not_opened)

    def column(self, name: str) -> list[str]:
        return [row[name] for row in self.rows]

    def about(self, name: str) -> dict[str, Any]:
        return next(each for each in self.codebook["columns"] if each["column"] == name)


@pytest.fixture
def definition() -> Definition:
    """Two questions on two pages."""
    return make_definition(
        [{"name": "told", "type": "select_one", "choices": ["yes", "no"]}],
        [{"name": "words", "type": "text"}],
    )


@pytest.fixture
def bundle_path(tmp_path: Path, definition: Definition) -> Path:
    """A finished bundle of five responses."""
    path = tmp_path / "five.heard"
    bundle_of(path, [definition], [sealed(make_document(definition)) for _ in range(5)])
    return path
