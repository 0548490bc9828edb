from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.sealing import DocumentTooLong, SealError
from app.sealing.padding import LONGEST_DOCUMENT, SIZE_CLASSES, pad, unpad

documents = st.one_of(
    st.binary(max_size=200),
    st.integers(0, LONGEST_DOCUMENT).map(lambda length: b"x" * length),
    st.integers(0, 9000).map(lambda length: b"\0" * length),
    st.integers(0, 9000).map(lambda length: b"\x80" * length),
)


def test_the_classes_are_those_of_the_format() -> None:
    assert SIZE_CLASSES == (4096, 8192, 16384, 32768, 65536, 131072, 262144)


@given(documents)
@example(b"")
@example(b"\x80")
@example(b"\x80\0\0")
def test_unpad_gives_back_what_pad_was_given(document: bytes) -> None:
    assert unpad(pad(document)) == document


@given(documents)
def test_the_smallest_class_that_fits_is_taken(document: bytes) -> None:
    length = len(pad(document))

    assert length in SIZE_CLASSES
    assert length > len(document)
    assert all(size <= len(document) for size in SIZE_CLASSES if size < length)


@pytest.mark.parametrize("size", SIZE_CLASSES[:-1])
def test_a_document_that_just_misses_a_class_takes_the_next(size: int) -> None:
    assert len(pad(b"a" * (size - 1))) == size
    assert len(pad(b"a" * size)) == 2 * size


def test_the_longest_document_fits_and_one_byte_more_is_refused_with_the_limit() -> None:
    assert len(pad(b"a" * LONGEST_DOCUMENT)) == 262144

    with pytest.raises(DocumentTooLong) as refusal:
        pad(b"a" * (LONGEST_DOCUMENT + 1))
    assert refusal.value.limit == LONGEST_DOCUMENT == 262143


@given(st.binary(max_size=5000))
def test_what_is_not_one_of_our_lengths_is_refused(padded: bytes) -> None:
    if len(padded) not in SIZE_CLASSES:
        with pytest.raises(SealError):
            unpad(padded)


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        b"\0" * 4096,
        b"a" * 4096,
        b"a\x80".ljust(4095, b"\0"),
        b"a\x80".ljust(4097, b"\0"),
        b"a\x80".ljust(4095, b"\0") + b"\x01",
        b"a\x80".ljust(8192, b"\0"),  # a class too large
        b"a" * 262144 + b"\x80",
        b"a\x80".ljust(524288, b"\0"),
    ],
)
def test_what_pad_would_not_have_made_is_refused(padded: bytes) -> None:
    with pytest.raises(SealError):
        unpad(padded)
