from __future__ import annotations

import hmac
import random
from collections.abc import Sequence

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sealing import DocumentTooLong, PrivateKey, SealError, open_envelope, seal

CONSULTATION = "safer-internet"
DOCUMENT = '{"answers":{"words":"नमस्ते"}}'.encode()


def hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 by hand, so that the room's own and this one cannot share a mistake."""
    key, block, output = hmac.digest(salt, secret, "sha256"), b"", b""
    for counter in range(1, 256):
        if len(output) >= length:
            break
        block = hmac.digest(key, block + info + bytes((counter,)), "sha256")
        output += block
    return output[:length]


def seal_by_hand(
    padded: bytes,
    keys: Sequence[PrivateKey],
    secrets: Sequence[bytes],
    commitment: bytes | None = None,
) -> bytes:
    """Make an envelope from the text of the format, with whatever mistake a test asks for."""
    salt = CONSULTATION.encode()
    header = b"HEARD\x01" + bytes((len(keys),))
    for key, secret in zip(keys, secrets, strict=True):
        wrapped = key.public_key("x").wrap(secret, b"heard/1/recipient\0" + salt)
        assert len(wrapped) == 1120 + 48
        header += key.key_id + wrapped
    header += commitment or hkdf(secrets[0], salt, b"heard/1/commit", 32)
    derived = hkdf(secrets[0], salt, b"heard/1/body", 44)
    return header + AESGCM(derived[:32]).encrypt(derived[32:], padded, header)


PADDED = (DOCUMENT + b"\x80").ljust(4096, b"\0")


def test_an_envelope_made_by_hand_opens(researchers: list[PrivateKey]) -> None:
    envelope = seal_by_hand(PADDED, researchers[:2], [b"s" * 32] * 2)

    assert open_envelope(envelope, CONSULTATION, researchers[1]) == DOCUMENT


@pytest.mark.parametrize("count", range(1, 17))
def test_each_recipient_opens_it_and_nobody_else(researchers: list[PrivateKey], count: int) -> None:
    recipients = [key.public_key(f"Researcher {n}") for n, key in enumerate(researchers[:count])]
    envelope = seal(DOCUMENT, CONSULTATION, recipients)

    for key in researchers[:count]:
        assert open_envelope(envelope, CONSULTATION, key) == DOCUMENT
    for key in researchers[count:]:
        with pytest.raises(SealError):
            open_envelope(envelope, CONSULTATION, key)


@settings(max_examples=50, deadline=None)
@given(data=st.data(), consultation=st.text(st.characters(codec="utf-8"), max_size=40))
def test_what_is_sealed_opens_in_its_consultation_alone(
    researchers: list[PrivateKey], data: st.DataObject, consultation: str
) -> None:
    count = data.draw(st.integers(1, 16))
    document = data.draw(st.binary(max_size=300)) * data.draw(st.integers(0, 400))
    recipients = [key.public_key("x") for key in researchers[:count]]
    envelope = seal(document, consultation, recipients)
    reader = researchers[data.draw(st.integers(0, count - 1))]

    assert open_envelope(envelope, consultation, reader) == document
    with pytest.raises(SealError):
        open_envelope(envelope, consultation + "x", reader)


@settings(max_examples=40, deadline=None)
@given(length=st.integers(0, 262143), count=st.integers(1, 16))
def test_the_length_says_only_the_size_class(
    researchers: list[PrivateKey], length: int, count: int
) -> None:
    recipients = [key.public_key("x") for key in researchers[:count]]

    envelope = seal(b"a" * length, CONSULTATION, recipients)

    classes = [1024 * kib for kib in (4, 8, 16, 32, 64, 128, 256)]
    fits = next(size for size in classes if length < size)
    assert len(envelope) == 7 + count * 1184 + 32 + fits + 16


def test_no_byte_of_it_can_be_changed(researchers: list[PrivateKey]) -> None:
    """Every position of an envelope for two, as the second of them sees it."""
    envelope = bytearray(
        seal(DOCUMENT, CONSULTATION, [key.public_key("x") for key in researchers[:2]])
    )
    for position in range(len(envelope)):
        bit = 1 << position % 8
        envelope[position] ^= bit
        with pytest.raises(SealError):
            open_envelope(bytes(envelope), CONSULTATION, researchers[1])
        envelope[position] ^= bit
    assert open_envelope(bytes(envelope), CONSULTATION, researchers[1]) == DOCUMENT


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_nor_to_any_other_value(researchers: list[PrivateKey], data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 16))
    envelope = seal_by_hand(PADDED, researchers[:count], [b"s" * 32] * count)
    position = data.draw(st.integers(0, len(envelope) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda byte: byte != envelope[position]))
    changed = envelope[:position] + bytes((value,)) + envelope[position + 1 :]

    for key in researchers:
        with pytest.raises(SealError):
            open_envelope(changed, CONSULTATION, key)


def test_ten_thousand_random_changes_are_all_refused(researchers: list[PrivateKey]) -> None:
    """In every part of it, one byte or several, the padding included."""
    envelope = seal(b'{"format": 1}', "c", [researchers[0].public_key("r")])
    chance = random.Random(20261121)  # noqa: S311 - to find places, not secrets
    for _ in range(10_000):
        changed = bytearray(envelope)
        for _ in range(chance.choice([1, 1, 1, 2, 16])):
            changed[chance.randrange(len(changed))] ^= chance.randrange(1, 256)
        if changed == envelope:
            continue
        with pytest.raises(SealError):
            open_envelope(bytes(changed), "c", researchers[0])


@settings(max_examples=200, deadline=None)
@given(
    noise=st.binary(max_size=3000), prefix=st.sampled_from([b"", b"HEARD\x01", b"HEARD\x01\x02"])
)
def test_noise_is_refused_with_the_one_error(
    researchers: list[PrivateKey], noise: bytes, prefix: bytes
) -> None:
    with pytest.raises(SealError):
        open_envelope(prefix + noise, CONSULTATION, researchers[0])


@pytest.mark.parametrize("cut", [0, 1, 6, 7, 1190, 1191, 1222, 1223, 1238, 1239, 5334])
def test_a_cut_one_is_refused(researchers: list[PrivateKey], cut: int) -> None:
    envelope = seal(DOCUMENT, CONSULTATION, [researchers[0].public_key("x")])
    assert len(envelope) == 5335

    with pytest.raises(SealError):
        open_envelope(envelope[:cut], CONSULTATION, researchers[0])


def test_one_envelope_cannot_mean_two_things_to_two_people(researchers: list[PrivateKey]) -> None:
    """Given two secrets, then whoever holds the one that is not committed to is refused."""
    envelope = seal_by_hand(PADDED, researchers[:2], [b"s" * 32, b"t" * 32])

    assert open_envelope(envelope, CONSULTATION, researchers[0]) == DOCUMENT
    with pytest.raises(SealError):
        open_envelope(envelope, CONSULTATION, researchers[1])


def test_the_commitment_is_checked_by_itself(researchers: list[PrivateKey]) -> None:
    """Given a body that opens, then a commitment to another secret is still refused."""
    envelope = seal_by_hand(PADDED, researchers[:1], [b"s" * 32], commitment=b"c" * 32)

    with pytest.raises(SealError):
        open_envelope(envelope, CONSULTATION, researchers[0])


def test_one_key_twice_in_an_envelope_is_refused(researchers: list[PrivateKey]) -> None:
    envelope = seal_by_hand(PADDED, [researchers[0]] * 2, [b"s" * 32] * 2)

    with pytest.raises(SealError):
        open_envelope(envelope, CONSULTATION, researchers[0])


def test_seventeen_recipients_in_an_envelope_are_refused(researchers: list[PrivateKey]) -> None:
    envelope = seal_by_hand(PADDED, researchers, [b"s" * 32] * 17)

    with pytest.raises(SealError):
        open_envelope(envelope, CONSULTATION, researchers[0])


@pytest.mark.parametrize("padded", [DOCUMENT, PADDED.ljust(8192, b"\0"), b"\0" * 4096, b""])
def test_a_body_padded_otherwise_is_refused(researchers: list[PrivateKey], padded: bytes) -> None:
    envelope = seal_by_hand(padded, researchers[:1], [b"s" * 32])

    with pytest.raises(SealError):
        open_envelope(envelope, CONSULTATION, researchers[0])


@pytest.mark.parametrize("count", [0, 17])
def test_none_and_seventeen_recipients_are_not_sealed_to(
    researchers: list[PrivateKey], count: int
) -> None:
    with pytest.raises(SealError):
        seal(DOCUMENT, CONSULTATION, [key.public_key("x") for key in researchers[:count]])


def test_one_recipient_twice_is_not_sealed_to(researchers: list[PrivateKey]) -> None:
    """Under two names it is still one key: two people who think they are two would be one."""
    key = researchers[0]
    with pytest.raises(SealError):
        seal(DOCUMENT, CONSULTATION, [key.public_key("Asha"), key.public_key("Bina")])


def test_too_long_a_document_says_what_fits(researchers: list[PrivateKey]) -> None:
    with pytest.raises(DocumentTooLong) as refusal:
        seal(b"a" * 262144, CONSULTATION, [researchers[0].public_key("x")])
    assert refusal.value.limit == 262143


def test_the_same_answer_sealed_twice_has_nothing_in_common(
    researchers: list[PrivateKey],
) -> None:
    recipients = [researchers[0].public_key("x")]
    one, other = (seal(DOCUMENT, CONSULTATION, recipients) for _ in range(2))

    public = 7 + 16  # magic, version, count, key id
    assert one[:public] == other[:public]
    same = sum(a == b for a, b in zip(one[public:], other[public:], strict=True))
    assert same < len(one) / 64  # chance alone: one byte in 256


def test_no_part_of_the_answer_is_in_it(researchers: list[PrivateKey]) -> None:
    marked = b"MARKED-7f3a" * 100
    envelope = seal(marked, CONSULTATION, [researchers[0].public_key("Marked-Name")])

    for part in (b"MARKED", b"Marked-Name", CONSULTATION.encode()):
        assert part not in envelope
