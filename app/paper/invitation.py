"""Posters and cards with an entry code. Nothing on them names the subject (R9).

The name of the organisation is not on them either: it often tells the subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import segno

from app.support import Listing

from .spans import Block, paragraph, spans
from .typesetting import Sheet, typeset
from .words import CATALOGUES, Words

MOST_CARDS = 800
"""A hundred pages of eight: more is a slip of the finger."""

NUMBERS_OF_COUNTRIES = 3
"""Emergency numbers of up to so many countries are read at a glance; more are a wall."""


@dataclass(frozen=True)
class Invitation:
    """What a poster or a card says.

    Attributes:
        public_name: the neutral name of the consultation, in the language of the paper.
        address: the address of the site, without a slash at its end.
        code: the entry code, shared by a group (R8).
    """

    public_name: str
    address: str
    code: str

    @property
    def link(self) -> str:
        """The address that the QR code holds: the front page carrying the code."""
        return f"{self.address}/{self.code}"

    @property
    def shown_address(self) -> str:
        """The address as people type it."""
        return self.address.split("//", 1)[1]


def qr_rows(link: str) -> list[str]:
    """Return the QR code of a link as rows of `1` (dark) and `0`, without a margin.

    Error correction M (ISO/IEC 18004): it can be read with 15 % of it dirty or torn.
    """
    made = segno.make(link, error="m", micro=False, boost_error=False)
    return ["".join(map(str, row)) for row in made.matrix]


def print_poster(
    invitation: Invitation,
    language: str,
    listings: Sequence[Listing],
    catalogues: Path = CATALOGUES,
) -> bytes:
    """Return a poster of one page.

    Args:
        invitation: what it says.
        language: the tag of its language.
        listings: the countries whose emergency numbers it shows.
        catalogues: the folder with Heard's own sentences.

    Raises `MissingSentence` and `Unprintable`.
    """
    words = Words(language, catalogues)
    _ = words.gettext
    content = {
        **_common(invitation, words),
        "invited": spans(
            _("You are invited to answer some questions. It is your choice. You can stop any time.")
        ),
        "how": spans(_("Point the camera of a phone at the square. Or type this address:")),
        "then": spans(_("Then type this code:")),
        "help": _help(invitation, words, listings),
    }
    return typeset(Sheet("poster", invitation.public_name, content), words)


def print_cards(
    invitation: Invitation, language: str, codes: Sequence[str], catalogues: Path = CATALOGUES
) -> bytes:
    """Return pages of small cards to cut out.

    Args:
        invitation: what each card says, but for its code.
        language: the tag of its language.
        codes: the code of each card, 1 to `MOST_CARDS` of them: all the same, or each its own.
        catalogues: the folder with Heard's own sentences.

    Raises `MissingSentence` and `Unprintable`.
    """
    words = Words(language, catalogues)
    kinds = {code: replace(invitation, code=code) for code in codes}
    content = {
        **_common(invitation, words),
        "kinds": [{"code": one.code, "qr": qr_rows(one.link)} for one in kinds.values()],
        "count": len(codes),
    }
    return typeset(Sheet("cards", invitation.public_name, content), words)


def _common(invitation: Invitation, words: Words) -> dict[str, object]:
    _ = words.gettext
    return {
        "name": invitation.public_name,
        "qr": qr_rows(invitation.link),
        "qr_words": _("A code that opens %(address)s", address=invitation.shown_address),
        "address": invitation.shown_address,
        "code_word": _("Code"),
        "code": invitation.code,
    }


def _help(invitation: Invitation, words: Words, listings: Sequence[Listing]) -> list[Block]:
    """Where to get help, in words that say nothing of the subject: no names of services."""
    _ = words.gettext
    known = [(listing.country, listing.emergency) for listing in listings if listing.emergency]
    blocks: list[Block] = []
    if 0 < len(known) <= NUMBERS_OF_COUNTRIES:
        for country, emergency in known:
            numbers = [link.shown for link in emergency.tel_links]
            said = _("If you are in danger now:")
            name = str(words.locale.territories.get(country, country))
            before = f"{name}. {said}" if len(known) > 1 else said
            blocks.append({"kind": "emergency", "spans": spans(before), "numbers": numbers})
    else:
        blocks.append(
            paragraph(
                _(
                    "If you are in danger now, call the emergency number of your country, "
                    "or go to someone near you."
                )
            )
        )
    talk = _("If you want to talk to someone now")
    blocks.append(
        {"kind": "talk", "spans": spans(talk), "address": f"{invitation.shown_address}/support"}
    )
    return blocks
