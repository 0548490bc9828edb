from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sealing import KeyFileError, PrivateKey, PublicKey, SealError
from app.sealing.keys import LONGEST_NAME, check_name


def test_generated_keys_differ() -> None:
    assert len({PrivateKey.generate().seed for _ in range(20)}) == 20


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_seed_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(SealError):
        PrivateKey.from_seed(b"s" * length)


def test_a_fingerprint_is_the_key_id_in_eight_groups(researchers: list[PrivateKey]) -> None:
    public = researchers[0].public_key("Asha")

    groups = public.fingerprint.split(" ")
    assert [len(group) for group in groups] == [4] * 8
    assert bytes.fromhex("".join(groups)) == public.key_id


def test_the_seed_is_not_shown_by_accident() -> None:
    key = PrivateKey.from_seed(b"seed-seed-seed-seed-seed-seed-se")

    for shown in (repr(key), str(key), f"{key}"):
        assert "seed-seed" not in shown
        assert key.seed.hex() not in shown


def test_a_key_cannot_be_changed(researchers: list[PrivateKey]) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        researchers[0].seed = b"t" * 32  # type: ignore[misc]


def test_a_wrapped_secret_opens_for_its_key_and_its_purpose_alone(
    researchers: list[PrivateKey],
) -> None:
    asha, bina = researchers[:2]
    wrapped = asha.public_key("Asha").wrap(b"secret", b"purpose")

    assert asha.unwrap(wrapped, b"purpose") == b"secret"
    for key, info, given_back in [
        (bina, b"purpose", wrapped),
        (asha, b"another", wrapped),
        (asha, b"purpose", wrapped[:-1]),
        (asha, b"purpose", b""),
    ]:
        with pytest.raises(SealError):
            key.unwrap(given_back, info)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda raw: b"", id="empty"),
        pytest.param(lambda raw: raw[:-1], id="a byte short"),
        pytest.param(lambda raw: raw + b"\0", id="a byte long"),
        pytest.param(lambda raw: b"\xff" * 1184 + raw[1184:], id="numbers over the modulus"),
        pytest.param(lambda raw: raw[:1184] + b"\0" * 32, id="point zero"),
        pytest.param(lambda raw: raw[:1184] + b"\1" + b"\0" * 31, id="point one"),
    ],
)
def test_a_key_that_cannot_be_sealed_to_is_refused_at_once(
    researchers: list[PrivateKey], spoil: object
) -> None:
    assert callable(spoil)
    with pytest.raises(KeyFileError):
        PublicKey(spoil(researchers[0].public_key("Asha").raw), "Asha")


@pytest.mark.parametrize("name", ["Asha", "আশা", "Æsa Ó-Neill", "می‌خواهم", "क्‍ष", "x" * LONGEST_NAME])
def test_names_in_any_script_are_taken(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        " Asha",
        "Asha ",
        "A\nB",
        "A\tB",
        "\x1b[2J",
        "A\u202eB",
        "x" * (LONGEST_NAME + 1),
        "A\u2028B",
    ],
)
def test_names_that_could_trick_a_reader_are_refused(name: str) -> None:
    with pytest.raises(KeyFileError):
        check_name(name)


@given(st.text(max_size=80))
def test_an_accepted_name_is_one_line(name: str) -> None:
    try:
        check_name(name)
    except KeyFileError:
        return
    assert name.splitlines() == [name]
