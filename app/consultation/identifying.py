"""A gentle look for words that could show who a person is (R72): never a block, never stored.

`app/respond/static/words.js` looks for the same on the device, without the numbering plans and
the directory; `tests/journey/identifying-vectors.json` holds both to the same examples.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from .numbers import find_numbers

TAKEN_OUT = "[…]"
"""What stands in the place of a piece that was taken out."""

# One part of a host: whatever is no space and no mark, so that every script of writing fits.
_PART = r"[^\s.,;:!?@/()<>\[\]\"'“”«»…،؛؟।#=]{1,63}"
_REST = r"[^\s<>\"'“”«»]{1,200}"
_END = r"(?<![.,;:!?)…،؛؟।])"
_NAME = r"(?:[^\s@/()<>\[\]\"'“”«»,;:!?…،؛؟।#=.]|\.(?=\w))"
_ADDRESSES = re.compile(
    rf"""
      [^\s@,;:()<>\[\]"'“”«»/=]{{1,64}}@{_PART}(?:\.{_PART}){{1,4}}        # an e-mail address
    | (?:https?://|www\.){_REST}{_END}                                     # a link
    | (?<![^\s(<\["'“«])(?:{_PART}\.){{1,4}}                               # a site without www
      (?: (?:com|org|net|edu|gov|info|app)(?:\.[a-z]{{2}})?(?![\w-])(?:/{_REST}{_END})?
        | (?:ac|co|or|go|gob|sch|ne|school)\.[a-z]{{2}}(?![\w-])(?:/{_REST}{_END})?
        | (?:me|be|ly|gg|io|tv|gl)/{_REST}{_END} )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HANDLES = re.compile(
    rf"""
      (?<![^\s(<\["'“«،؛,;:!?=/\-])@(?!\d){_NAME}{{2,40}}                  # @somebody
    | (?<![\w.])[A-Za-z0-9][A-Za-z0-9.]{{0,30}}_[\w.]{{0,30}}[A-Za-z0-9]   # some_body
    | (?<!\w)\w{{2,32}}\#\d{{4}}(?!\d)                                     # somebody#1234
    """,
    re.VERBOSE,
)
_WELL_KNOWN = frozenset(
    f"{name}.com"
    for name in (
        *("discord", "facebook", "google", "instagram", "messenger", "pinterest", "reddit"),
        *("roblox", "snapchat", "telegram", "tiktok", "twitch", "twitter", "whatsapp", "youtube"),
    )
)
# What every piece has one of; most texts have none, and are done with at once.
_DOT_INSIDE = re.compile(r"\.[^\s.]")
_SEVEN_DIGITS = re.compile(r"\d(?:\D{0,12}\d){6}")


@dataclass(frozen=True)
class Piece:
    """A part of a text; `marked` when it could show who someone is."""

    text: str
    marked: bool


def find_identifying(
    text: str, regions: Sequence[str] = (), listed: Collection[str] = ()
) -> list[Piece]:
    """Return `text` cut into plain and marked pieces; an empty list when nothing stands out.

    Args:
        text: what somebody wrote.
        regions: ISO 3166 codes of the countries where people are asked.
        listed: what everybody may know: numbers in digits, sites without `www.`, e-mail addresses,
            in small letters, such as those of support services.
    """
    if not _could_hold_a_piece(text):
        return []
    pieces: list[Piece] = []
    end = 0
    for start, stop in _spans(text, regions, listed):
        if start > end:
            pieces.append(Piece(text[end:start], marked=False))
        pieces.append(Piece(text[start:stop], marked=True))
        end = stop
    if pieces and end < len(text):
        pieces.append(Piece(text[end:], marked=False))
    return pieces


def _could_hold_a_piece(text: str) -> bool:
    return (
        ("@" in text or "_" in text or "#" in text or "://" in text)
        or ("." in text and _DOT_INSIDE.search(text) is not None)
        or _SEVEN_DIGITS.search(text) is not None
    )


def take_out(text: str, regions: Sequence[str] = (), listed: Collection[str] = ()) -> str:
    """Return `text` with `TAKEN_OUT` in the place of each piece that `find_identifying` marks."""
    pieces = find_identifying(text, regions, listed)
    return "".join(TAKEN_OUT if p.marked else p.text for p in pieces) if pieces else text


def _spans(text: str, regions: Sequence[str], listed: Collection[str]) -> Iterator[tuple[int, int]]:
    """What stands out, in order; where two overlap, the one that begins first."""
    addresses = (m.span() for m in _ADDRESSES.finditer(text) if not _is_public(m.group(), listed))
    handles = (match.span() for match in _HANDLES.finditer(text))
    found = sorted(
        chain(addresses, handles, find_numbers(text, regions, listed)),
        key=lambda span: (span[0], -span[1]),
    )
    end = 0
    for start, stop in found:
        if start >= end:
            yield start, stop
            end = stop


def _is_public(address: str, listed: Collection[str]) -> bool:
    """Whether an address is one that everybody may know: of a platform or of a service."""
    plain = re.sub(r"^(?:https?://)?(?:www\.)?", "", address.lower()).rstrip("/")
    return plain in _WELL_KNOWN or plain in listed or plain.partition("/")[0] in listed
