"""A running server of samples, and what a researcher, or a thief with the files, sees of it."""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from app.commands.running import DEMO_PASSPHRASE
from app.consultation import Definition, load_definition_file
from app.journey import Draft
from app.sealing import PrivateKey, decrypt_draft, draft_id, open_envelope, unlock_private_key
from tests.person import Page, Person
from tests.server import ROOT, Demo

SAMPLES = ("internet-safer", "survivors-perspectives")


def key_of(person: Person) -> bytes:
    """The key of a person's draft, which only their cookie holds."""
    return base64.urlsafe_b64decode(person.cookies["q"] + "=")


def code_on(page: Page) -> str:
    """The withdrawal code on the page "sent"."""
    return page.body.partition('<bdi dir="ltr">')[2].partition("</bdi>")[0]


def write_surveys(folder: Path, *samples: str, **texts: str) -> Path:
    """Make a folder of consultations, with the support directory.

    Args:
        folder: where it is made; its path is returned.
        samples: names of shipped samples.
        texts: definitions of a test's own, by name.
    """
    surveys = folder / "surveys"
    shutil.copytree(ROOT / "surveys" / "support", surveys / "support")
    for name in samples:
        shutil.copy(ROOT / "surveys" / f"{name}.yaml", surveys)
    for name, text in texts.items():
        (surveys / f"{name}.yaml").write_text(text, encoding="utf-8")
    return surveys


def sample_surveys(folder: Path) -> Path:
    """A folder of consultations with two samples."""
    return write_surveys(folder, *SAMPLES)


@cache
def unlocked(text: str) -> PrivateKey:
    """The private key in a demo's key file; a passphrase is slow on purpose, so once for each."""
    return unlock_private_key(text, DEMO_PASSPHRASE)


@cache
def _loaded(path: Path, content: bytes) -> Definition:
    del content  # a changed file is another definition
    return load_definition_file(path)


@dataclass
class Place:
    """A running server, and what a researcher can open of it."""

    demo: Demo

    @cached_property
    def key(self) -> PrivateKey:
        """The researcher's private key."""
        return unlocked(self.demo.key.read_text(encoding="utf-8"))

    def definition(self, consultation: str) -> Definition:
        """The definition of a sample."""
        path = self.demo.surveys / f"{consultation}.yaml"
        return _loaded(path, path.read_bytes())

    def code(self, consultation: str = SAMPLES[0]) -> str:
        """The first entry code of a consultation."""
        return self.demo.codes(consultation)[0]

    def person(self, consultation: str = SAMPLES[0], language: str = "en") -> Person:
        """Somebody who has pressed Start."""
        person = Person(self.demo.base)
        person.start(self.code(consultation), language)
        return person

    def rows(self, consultation: str = SAMPLES[0]) -> dict[bytes, bytes]:
        """The envelopes of a consultation by id, as they stand in the file."""
        database = self.demo.instance / "heard.sqlite3"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            rows = connection.execute(
                "SELECT id, envelope FROM response WHERE consultation = ?", [consultation]
            )
            return {bytes(one): bytes(envelope) for one, envelope in rows}

    def sent_by(
        self, act: Callable[[], object], consultation: str = SAMPLES[0]
    ) -> list[dict[str, Any]]:
        """What is new after somebody did something, opened with the researcher's key."""
        before = self.rows(consultation)
        act()
        return self.documents(consultation, before)

    def documents(
        self, consultation: str = SAMPLES[0], without: Mapping[bytes, bytes] | None = None
    ) -> list[dict[str, Any]]:
        """The responses of a consultation, opened, but for those that are known already."""
        return [
            json.loads(open_envelope(envelope, consultation, self.key))
            for one, envelope in self.rows(consultation).items()
            if one not in (without or {})
        ]

    def draft_row(self, key: bytes) -> bytes | None:
        """The ciphertext of a draft as it stands in the file."""
        database = self.demo.drafts / "drafts.sqlite3"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            found = connection.execute(
                "SELECT ciphertext FROM draft WHERE id = ?", [draft_id(key)]
            ).fetchone()
        return bytes(found[0]) if found else None

    def draft_of(self, person: Person) -> Draft:
        """A person's draft, opened with the key in their cookie."""
        key = key_of(person)
        row = self.draft_row(key)
        assert row is not None
        return Draft.from_plain(json.loads(decrypt_draft(key, row))["draft"])
