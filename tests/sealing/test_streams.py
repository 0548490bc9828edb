"""Sealed files: what is written opens, and nothing that was changed, moved or cut does."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sealing import PrivateKey, SealedFileError, SealedReader, SealedWriter, SealError
from app.sealing.streams import CHUNK

KEY, OTHER = PrivateKey.from_seed(b"k" * 32), PrivateKey.from_seed(b"o" * 32)
SLOT = 16 + 1120 + 48
SEALED_CHUNK = CHUNK + 16


def head_length(recipients: int) -> int:
    return 9 + 2 + recipients * SLOT + 32


def sealed(pieces: Sequence[bytes], keys: Sequence[PrivateKey] = (KEY,)) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, "test", [key.public_key("somebody") for key in keys])
    for piece in pieces:
        writer.write(piece)
    writer.finish()
    return file.getvalue()


def opened(file: bytes, key: PrivateKey = KEY, purpose: str = "test", size: int = -1) -> bytes:
    reader = SealedReader(io.BytesIO(file), purpose, key)
    found = b""
    while piece := reader.read(size):
        found += piece
    return found


@pytest.fixture(scope="module")
def three_chunks() -> bytes:
    return sealed([b"a" * CHUNK, b"b" * CHUNK, b"c" * 100])


def refused(file: bytes, key: PrivateKey = KEY) -> str:
    with pytest.raises(SealedFileError) as refusal:
        opened(file, key)
    return str(refusal.value)


@settings(max_examples=15)
@given(
    st.lists(st.sampled_from([0, 1, 16, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK]), max_size=4),
    st.sampled_from([-1, 1000, CHUNK, CHUNK + 1]),
)
def test_what_was_written_in_any_pieces_opens_in_any_pieces(lengths: list[int], size: int) -> None:
    pieces = [bytes((65 + number,)) * length for number, length in enumerate(lengths)]
    file = sealed(pieces, [OTHER, KEY])

    assert opened(file, size=size) == b"".join(pieces)
    chunks = max(1, -(-sum(lengths) // CHUNK))
    assert len(file) == head_length(2) + sum(lengths) + chunks * 16


def test_by_hand_from_the_description(three_chunks: bytes) -> None:
    """HKDF over the head, then a nonce of 11 bytes for the number and one for the last."""
    head, body = three_chunks[: head_length(1)], three_chunks[head_length(1) :]
    secret = KEY.unwrap(head[11 + 16 : 11 + SLOT], b"heard/file/1/recipient\0test")
    key = HKDF(SHA256(), 32, salt=head, info=b"heard/file/1/body").derive(secret)
    found = [
        AESGCM(key).decrypt(number.to_bytes(11, "big") + bytes((last,)), chunk, None)
        for number, last, chunk in (
            (0, 0, body[:SEALED_CHUNK]),
            (1, 0, body[SEALED_CHUNK : 2 * SEALED_CHUNK]),
            (2, 1, body[2 * SEALED_CHUNK :]),
        )
    ]
    assert found == [b"a" * CHUNK, b"b" * CHUNK, b"c" * 100]
    assert head.startswith(b"HEARDFILE\x01\x01")


def test_every_part_that_is_changed_is_noticed(three_chunks: bytes) -> None:
    for at in (*range(0, head_length(1), 7), *range(head_length(1), len(three_chunks), 9_973)):
        changed = bytearray(three_chunks)
        changed[at] ^= 1
        refused(bytes(changed))


def test_cut_off_anywhere_it_is_noticed(three_chunks: bytes) -> None:
    start = head_length(1)
    for length in (
        0,
        5,
        10,
        11,
        500,
        start - 1,
        start,
        start + 1,
        start + 16,
        len(three_chunks) - 1,
    ):
        refused(three_chunks[:length])
    for whole_chunks in (1, 2):
        assert "missing" in refused(three_chunks[: start + whole_chunks * SEALED_CHUNK])


def test_no_chunk_can_be_moved_left_out_doubled_or_added(three_chunks: bytes) -> None:
    head, body = three_chunks[: head_length(1)], three_chunks[head_length(1) :]
    one, two, end = body[:SEALED_CHUNK], body[SEALED_CHUNK : 2 * SEALED_CHUNK], body[-116:]
    for chunks in ([two, one, end], [one, end], [one, one, end], [one, two, two, end], [end]):
        refused(head + b"".join(chunks))
    refused(three_chunks + b"x")
    refused(head + body + end)


def test_a_writer_that_never_finished_wrote_nothing_that_opens() -> None:
    file = io.BytesIO()
    writer = SealedWriter(file, "test", [KEY.public_key("somebody")])
    writer.write(b"a" * 3 * CHUNK)

    refused(file.getvalue())


def test_another_key_is_told_whose_it_is(three_chunks: bytes) -> None:
    told = refused(three_chunks, OTHER)

    assert KEY.public_key("x").fingerprint in told
    with pytest.raises(SealedFileError):
        opened(three_chunks, purpose="another")


def test_other_files_and_newer_ones_are_told_apart(three_chunks: bytes) -> None:
    assert "not a file that Heard sealed" in refused(b"%PDF-1.7" + bytes(2000))
    assert "newer" in refused(three_chunks[:9] + b"\x02" + three_chunks[10:])


def test_a_file_has_one_to_sixteen_recipients(researchers: list[PrivateKey]) -> None:
    assert opened(sealed([b"x"], researchers[:16]), researchers[15]) == b"x"
    for keys in ([], researchers, [KEY, KEY]):
        with pytest.raises(SealError):
            sealed([b"x"], keys)


def test_two_files_of_the_same_share_no_chunk() -> None:
    one, two = (sealed([b"a" * CHUNK])[head_length(1) :] for _ in range(2))
    assert one[:16] != two[:16]
