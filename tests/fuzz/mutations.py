"""Bytes that are nearly right: samples with pieces cut, doubled, swapped and put in."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

ODD = (
    *(b"\0", b"\xff\xfe", b"\xed\xa0\x80", "²".encode(), "١".encode(), "\u202e".encode(), b"\r"),
    *(b"9" * 400, b"(" * 300, b"- " * 300, b"1e-999999999", b"NaN", b"${a}", b"&a *a", b"!!int"),
    *(b"'", b'"', b"{", b"}", b"[", b"]", b":", b"\n", b"\t", b"%", b"<", b"&", b"=", b"__", b"|"),
)
MOST_CHANGES = 6
MOST_BYTES = 3000
"""A bundle is 256 KB; pieces are cut and put in anywhere, and are no longer than this."""


@st.composite
def nearly(draw: st.DrawFn, samples: Sequence[bytes]) -> bytes:
    """A sample with a few changes."""
    data = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(0, MOST_CHANGES))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, MOST_BYTES) | st.integers(0, 8)))
        piece = data[start:end]
        put = draw(
            st.sampled_from(ODD)
            | st.just(b"")
            | st.binary(max_size=8)
            | st.text(max_size=4).map(lambda text: text.encode("utf-8", "surrogatepass"))
            | st.integers(2, 40).map(piece.__mul__)
        )
        keep = draw(st.booleans())
        data = data[:start] + (piece if keep else b"") + put + data[end:]
    return data
