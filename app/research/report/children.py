"""The children's version: few and plain sentences, from the very same numbers (R94)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from app.research.disclosure.asked import Asked
from app.research.disclosure.cell import EVERYBODY, Cell
from app.research.opened import PageEntry

from .blocks import Block, Bullets, Heading, Paragraph
from .questions import number_of, warning_of, why_no_share
from .setting import Setting

_OF_AN_AREA: Final = 2  # questions
_MOST: Final = 8  # questions
_ANSWERS: Final = 2  # of each question


@dataclass(frozen=True, eq=False)
class _Spoken:
    """A question with what most people said to it; `share` is the greatest, in percent."""

    one: Asked
    page: PageEntry | None
    lines: tuple[str, ...]
    share: int


def child_blocks(setting: Setting) -> Iterator[Block]:
    """Yield what most people said to a few questions of each area.

    Told are those to which most people said the same. Questions that had a content warning are
    left to the whole report, unless there are no others.
    """
    _ = setting.words.gettext
    yield Heading(2, _("For children and young people"), anchor="children")
    people = setting.counted.printable(Cell(setting.place, "", EVERYBODY))
    if people is not None:
        yield Paragraph(_("%(count)s people answered our questions. Thank you.", count=people))
    else:
        yield Paragraph(_("Some people answered our questions. Thank you."))
    told = [spoken for one in setting.in_order() if (spoken := _spoken(setting, one))]
    calm = [each for each in told if not (each.page and each.page.content_warning)]
    chosen = _most_telling(setting, calm or told)
    if not chosen:
        yield Paragraph(why_no_share(setting, [one.name for one in setting.in_order()]))
        return
    yield Paragraph(_("Here is what they said. Nobody had to answer."))
    yield Paragraph(
        _("Some numbers are not here. We leave small numbers out, to keep everybody safe.")
    )
    yield from _sentences(setting, chosen)
    asked = len({one.question for one in setting.asked if one.question})
    if len(chosen) < asked:
        yield Paragraph(
            _(
                "We asked %(asked)s questions. Here are answers to %(told)s of them. The others "
                "are in the whole report.",
                asked=asked,
                told=len(chosen),
            )
        )


def _spoken(setting: Setting, one: Asked) -> _Spoken | None:
    """The answers that most people gave, where their shares may be told."""
    if one.kind != "closed":
        return None
    numbers = [(number_of(setting, one, answer), answer) for answer in one.answers]
    shown = [(number, answer) for number, answer in numbers if number.percent and number.people]
    shown.sort(key=lambda pair: -(pair[0].people or 0))
    lines = tuple(
        setting.words.gettext(
            "%(count)s of %(base)s said: %(answer)s",
            count=number.people,
            base=number.base,
            answer=setting.words.quoted(setting.answer_label(one, answer)),
        )
        for number, answer in shown[:_ANSWERS]
    )
    return _Spoken(one, setting.page_of(one), lines, shown[0][0].percent or 0) if lines else None


def _most_telling(setting: Setting, told: Sequence[_Spoken]) -> list[_Spoken]:
    """A few questions of each area, one row of a matrix at most, in the order of the report."""
    chosen: list[_Spoken] = []
    for _area, inside in groupby(told, key=lambda each: setting.area_of(each.one)):
        first: dict[str, _Spoken] = {}
        for each in sorted(inside, key=lambda each: -each.share):
            first.setdefault(each.one.question, each)
        chosen += list(first.values())[:_OF_AN_AREA]
    chosen = chosen[:_MOST]
    return [each for each in told if each in chosen]


def _sentences(setting: Setting, chosen: Sequence[_Spoken]) -> Iterator[Block]:
    last: PageEntry | None = None
    for each in chosen:
        if each.page is not None and each.page.content_warning and each.page != last:
            yield warning_of(setting, each.page, "everybody")
        last = each.page
        yield Heading(3, setting.title_of(each.one))
        yield Bullets(each.lines)
