"""The envelopes of an independent implementation open here, and its broken ones do not."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from app.sealing import PrivateKey, SealError, open_envelope

VECTORS = json.loads(Path(__file__).with_name("sealing-vectors.json").read_text("utf-8"))
KEYS = [PrivateKey.from_seed(bytes.fromhex(key["seed"])) for key in VECTORS["keys"]]


def test_the_vectors_are_all_here() -> None:
    assert [len(VECTORS[part]) for part in ("keys", "open", "reject")] == [3, 5, 15]


@pytest.mark.parametrize("number", range(3))
def test_a_seed_gives_the_public_key_and_its_id(number: int) -> None:
    public = KEYS[number].public_key("A researcher")

    assert public.raw.hex() == VECTORS["keys"][number]["public_key"]
    assert public.key_id.hex() == VECTORS["keys"][number]["key_id"]
    assert KEYS[number].key_id == public.key_id


@pytest.mark.parametrize("case", VECTORS["open"], ids=lambda case: str(case["consultation"]))
def test_every_recipient_opens_it(case: dict[str, Any]) -> None:
    envelope = bytes.fromhex(case["envelope"])
    assert len(envelope) == case["envelope_length"]

    for number in case["recipients"]:
        document = open_envelope(envelope, case["consultation"], KEYS[number])

        assert len(document) == case["plaintext_length"]
        assert hashlib.sha256(document).hexdigest() == case["plaintext_sha256"]
        if "plaintext_utf8" in case:
            assert document.decode() == case["plaintext_utf8"]


@pytest.mark.parametrize("case", VECTORS["reject"], ids=lambda case: str(case["why"]))
def test_nobody_opens_it(case: dict[str, Any]) -> None:
    with pytest.raises(SealError) as refusal:
        open_envelope(bytes.fromhex(case["envelope"]), case["consultation"], KEYS[case["key"]])

    # The same words whatever was wrong: how far an opener came is nobody's to learn.
    assert type(refusal.value) is SealError
    assert str(refusal.value) == "This envelope does not open with this key."
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__
