"""Whatever is read: a result, or the documented error; never another one, and never without end."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from app.commands.backup_file import PURPOSE, read_backup
from app.consultation import load_definition
from app.consultation.xlsform import import_form
from app.research import verify_bundle
from app.research.answers import Reader
from app.sealing import SealedReader, decrypt_draft, draft_id, open_envelope

from .corpus import CORPUS, found_for
from .mutations import nearly
from .posting import place, post
from .samples import CONSULTATION, RESEARCHER, SAMPLES, definition
from .targets import TARGETS

FOUND = [(name, path) for name in TARGETS for path in found_for(name)]
samples = cache(lambda name: [*SAMPLES[name](), *(path.read_bytes() for path in found_for(name))])


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_right_is_read(name: str) -> None:
    for sample in SAMPLES[name]():
        TARGETS[name](sample)


def test_the_samples_are_not_refused(tmp_path: Path) -> None:
    """A target holds its tongue about a documented error; nothing would be tried behind it."""
    assert load_definition(SAMPLES["loader"]()[2].decode(), "a.yaml").pages[0].name == "everything"
    assert open_envelope(SAMPLES["envelopes"]()[0], CONSULTATION, RESEARCHER) == b"{}"
    read = Reader({definition().digest: definition()}).read(SAMPLES["documents"]()[1])
    assert len(read.answers) > 5
    (tmp_path / "sample.heard").write_bytes(SAMPLES["bundles"]()[0])
    assert verify_bundle(tmp_path / "sample.heard").findings == []
    plain, sealed = SAMPLES["backups"]()
    assert read_backup(io.BytesIO(plain), tmp_path).signing_key is None
    (tmp_path / "sealed").mkdir()
    reader = SealedReader(io.BytesIO(sealed), PURPOSE, RESEARCHER)
    assert read_backup(reader, tmp_path / "sealed").signing_key == b"a key that signs"
    (tmp_path / "sample.xlsx").write_bytes(SAMPLES["xlsforms"]()[0])
    assert import_form(tmp_path / "sample.xlsx").findings == ()


def test_the_form_that_is_right_is_stored_and_leads_on() -> None:
    post(SAMPLES["forms"]()[0])

    key = place().key
    stored = place().storage.read_draft(draft_id(key))
    assert stored is not None
    answers = json.loads(decrypt_draft(key, stored))["draft"]["answers"]
    assert {
        "one": "yes",
        "order": ["p", "q"],
        "words": "some",
        "whole": 12,
    }.items() <= answers.items()


def test_what_was_found_once_is_mended() -> None:
    for name, path in FOUND:
        TARGETS[name](path.read_bytes())


def test_every_folder_of_found_bytes_belongs_to_a_target() -> None:
    assert {path.name for path in CORPUS.iterdir() if path.is_dir()} <= set(TARGETS)
    assert set(SAMPLES) == set(TARGETS)


def _held(name: str, examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=nearly(samples(name)))
    def look(data: bytes) -> None:
        TARGETS[name](data)

    look()


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_nearly_right_is_read_or_refused(name: str) -> None:
    _held(name, 25)


@pytest.mark.thorough
@pytest.mark.parametrize("name", TARGETS)
def test_much_that_is_nearly_right_is_read_or_refused(name: str) -> None:
    _held(name, 1500)
