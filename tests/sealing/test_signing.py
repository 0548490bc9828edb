"""Signed statements: whoever changes a letter is found out, and the key is its owner's alone."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.sealing import (
    KeyFileError,
    SigningKey,
    UntrueStatement,
    kept_signing_key,
    read_signed,
    sign_statement,
)

KEY = SigningKey(bytes(range(32)))
SAID: dict[str, Any] = {"kind": "test", "count": 71, "names": ["é", "نص"], "more": {"a": "b"}}


def test_r97_what_is_signed_is_read_with_the_fingerprint_of_its_key() -> None:
    signed = read_signed(sign_statement(SAID, KEY))

    assert signed.statement == SAID
    assert signed.signed_by == KEY.fingerprint


def test_the_signature_is_over_sorted_json_as_the_page_on_retention_says() -> None:
    """Checked as somebody without Heard would, with RFC 8032 and a JSON library."""
    text = json.loads(sign_statement(SAID, KEY))
    plain = json.dumps(SAID, sort_keys=True, separators=(",", ":")).encode()
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(text["public_key"]))

    key.verify(base64.b64decode(text["signature"]), b"heard/statement/1\0" + plain)


CHANGES: dict[str, tuple[str, str]] = {
    "a count": ('"count": 71', '"count": 70'),
    "a name": ('"é"', '"e"'),
    "something more": ('"count": 71', '"count": 71, "also": 1'),
    "the name of the key": ('"signed_by": "', '"signed_by": "0'),
    "a second count": ('"count": 71', '"count": 70, "count": 71'),
    "a number that is none": ('"count": 71', '"count": NaN'),
    "a list for the statement": ('"statement": {', '"statement": [{'),
}


@pytest.mark.parametrize("change", CHANGES)
def test_r97_what_was_changed_is_refused(change: str) -> None:
    text = sign_statement(SAID, KEY)
    before, after = CHANGES[change]
    assert before in text

    with pytest.raises(UntrueStatement):
        read_signed(text.replace(before, after, 1))


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"statement": {}}', "[" * 100_000, '{"a":' * 100_000]
)
def test_what_is_no_statement_is_refused(text: str) -> None:
    with pytest.raises(UntrueStatement):
        read_signed(text)


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "signing-key"
    mask = os.umask(0)
    try:
        first = kept_signing_key(path)
    finally:
        os.umask(mask)

    assert path.stat().st_mode & 0o777 == 0o600
    assert kept_signing_key(path) == first
    assert [each.name for each in tmp_path.iterdir()] == ["signing-key"]
    assert first.seed.hex() not in repr(first)


def test_of_several_processes_all_get_one_key(tmp_path: Path) -> None:
    path = tmp_path / "signing-key"
    children = []
    for number in range(6):
        child = os.fork()
        if child == 0:
            try:
                (tmp_path / f"got-{number}").write_bytes(kept_signing_key(path).seed)
                os._exit(0)
            except BaseException:
                os._exit(1)
        children.append(child)

    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 6
    assert {each.read_bytes() for each in tmp_path.glob("got-*")} == {kept_signing_key(path).seed}


@pytest.mark.parametrize("content", ["", "no key", "ab" * 31, "ab" * 33])
def test_a_file_that_holds_no_key_is_told_and_left(tmp_path: Path, content: str) -> None:
    path = tmp_path / "signing-key"
    path.write_text(content)

    with pytest.raises(KeyFileError, match="Put it back from a backup"):
        kept_signing_key(path)

    assert path.read_text() == content
