"""Promise 2: nobody at the server can read an answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.commands.opening import publish
from app.sealing import (
    PrivateKey,
    SealError,
    decrypt_draft,
    open_envelope,
    public_key_from_text,
    unlock_private_key,
    write_key_pair,
)
from app.storage import open_storage, upgrade
from config import read_config
from tests.definitions import SMALLEST, load
from tests.place import SAMPLES, Place, key_of
from tests.walks import Words, walk

from .scan import Anything, Marked, MarkedBytes, search

WORDS = {
    "report_easier": "मलाई लाग्छ 👩🏾‍🦱 مرحبا\n=cmd|' /C calc'!A0\n<script>alert(1)</script>",
    "one_change": "é" * 1000,
}


@pytest.mark.requirement("R73")
def test_what_was_typed_is_sealed_when_it_is_sent_and_opens_unchanged(place: Place) -> None:
    person = place.person()

    (document,) = place.sent_by(lambda: walk(person, lambda name: WORDS[name]))

    assert {name: document["answers"][name] for name in WORDS} == WORDS
    for envelope in place.rows().values():
        assert envelope.startswith(b"HEARD\x01")


def test_an_envelope_opens_with_no_other_key_and_for_no_other_consultation(place: Place) -> None:
    walk(place.person())
    envelope = next(iter(place.rows().values()))

    assert open_envelope(envelope, SAMPLES[0], place.key)
    with pytest.raises(SealError):
        open_envelope(envelope, SAMPLES[0], PrivateKey.generate())
    with pytest.raises(SealError):
        open_envelope(envelope, SAMPLES[1], place.key)


def test_much_and_little_look_the_same_from_outside(place: Place) -> None:
    before = place.rows()
    for words in ("", "a few words", "é" * 500):
        walk(place.person(), saying(words), empty=not words)

    new = place.rows().items() - before.items()
    assert len(new) == 3
    assert len({len(envelope) for _, envelope in new}) == 1


def saying(words: str) -> Words:
    """The same words in every box."""
    return lambda _name: words


def test_a_draft_opens_with_the_cookie_and_with_nothing_that_the_server_has(place: Place) -> None:
    person = place.person()
    walk(person, lambda name: WORDS[name], until="check")
    key, secret = key_of(person), place.demo.instance / "secret-key"
    row = place.draft_row(key)
    assert row is not None

    assert WORDS["report_easier"] in json.dumps(
        json.loads(decrypt_draft(key, row)), ensure_ascii=False
    ).replace("\\n", "\n")
    image = secret.read_bytes()
    for candidate in (
        *(image[start : start + 32] for start in range(len(image) - 31)),
        bytes.fromhex(image.decode()),
        row[:32],
    ):
        with pytest.raises(SealError):
            decrypt_draft(candidate, row)


def test_two_drafts_look_the_same_from_outside(
    place: Place,
) -> None:
    rows = []
    for words in ("a", "é" * 300):
        person = place.person()
        walk(person, saying(words), until="check")
        rows.append(place.draft_row(key_of(person)) or b"")

    assert rows[0] != rows[1]
    assert len(rows[0]) == len(rows[1])


@pytest.mark.requirement("R73")
def test_the_private_key_never_comes_near_the_server(tmp_path: Path) -> None:
    """A researcher makes the keys elsewhere; the server gets the public one."""
    laptop, server = tmp_path / "laptop", tmp_path / "server"
    laptop.mkdir()
    private, public = write_key_pair(laptop, "team", "six words that nobody knows")
    config = read_config(
        {"HEARD_DRAFTS_URL": f"sqlite:///{server / 'drafts.sqlite3'}"}, instance=server
    )
    upgrade(config.database_url, config.drafts_url)
    storage = open_storage(config.database_url, config.drafts_url)

    publish(storage, load(SMALLEST), [public_key_from_text(public.read_text())])

    key = unlock_private_key(private.read_text(), "six words that nobody knows")
    marks: list[Anything] = [
        MarkedBytes("seed", key.seed),
        Marked("passphrase", "six words that nobody knows"),
    ]
    assert search(server, marks) == []
    assert storage.recipients("small") == [public.read_text()]
