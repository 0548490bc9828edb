"""The whole of one report, from the children's version to the limits."""

from __future__ import annotations

from collections.abc import Iterator

from app.consultation.outcomes import AREAS
from app.research.disclosure.asked import COLLECTOR, Asked
from app.research.disclosure.cell import EVERYBODY, WHOLE, Cell, said
from app.research.opened import PageEntry

from .blocks import Block, Bullets, Document, Heading, Paragraph
from .children import child_blocks
from .questions import anchor_of, question_blocks, warning_of
from .setting import Setting
from .shares import counted_as, share_words


def make_document(setting: Setting) -> Document:
    """Return the report of everybody, or of one collector."""
    _ = setting.words.gettext
    if setting.collector is None:
        about = _("The answers of everybody together")
    else:
        about = _(
            "The answers that came through: %(link)s",
            link=setting.collector_label(setting.collector),
        )
    return Document(
        title=setting.text(setting.codebook.title) or setting.codebook.consultation,
        about=about,
        language=setting.words.language,
        direction=setting.words.direction,
        child=list(child_blocks(setting)),
        blocks=list(_for_everybody(setting)),
    )


def _for_everybody(setting: Setting) -> Iterator[Block]:
    yield from _how_to_read(setting)
    yield from _who(setting)
    yield from _areas(setting)
    yield from _others(setting)
    yield from _methods(setting)


def _how_to_read(setting: Setting) -> Iterator[Block]:
    _ = setting.words.gettext
    smallest = setting.counted.threshold
    yield Heading(2, _("How to read this report"), anchor="everybody")
    yield Bullets(
        (
            _(
                "Each share stands with its numbers: %(example)s means 35 people of the 42 who "
                "answered.",
                example=share_words(setting.words, 35, 42),
            ),
            _(
                "Numbers of fewer than %(smallest)s people are hidden, and others with them, so "
                "that no hidden number can be worked out. In wide tables they say “hidden”.",
                smallest=smallest,
            ),
            _("Every question could be left open. How many did so stands under each table."),
        )
    )


def _who(setting: Setting) -> Iterator[Block]:
    """How people came, and the questions that tables are made by."""
    _ = setting.words.gettext
    yield Heading(2, _("Who took part"), anchor="who")
    everybody = Cell(setting.place, "", EVERYBODY)
    number = counted_as(setting.counted, setting.words, everybody)
    yield Paragraph(f"{_('All who took part')}: {number.said}")
    for one in setting.asked:
        trivial = one.name == COLLECTOR and len(one.answers) == 1 and not one.answers[0].name
        about = not one.question and setting.place == WHOLE and not trivial
        if about or (one.question and one.name in setting.rules.by):
            yield from question_blocks(setting, one, 3)
    yield from _dominance(setting)


def _dominance(setting: Setting) -> Iterator[Block]:
    """Whether most answers came through one link: then the whole says what that group says."""
    everybody = setting.counted.printable(Cell(WHOLE, "", EVERYBODY))
    if setting.place != WHOLE or everybody is None or len(setting.collectors) == 1:
        return
    for name in setting.collectors:
        people = setting.counted.printable(Cell(WHOLE, COLLECTOR, said(name)))
        if people is not None and 2 * people > everybody:
            yield Paragraph(
                setting.words.gettext(
                    "More than half of all answers came through %(link)s. What everybody said "
                    "together is mostly what these people said.",
                    link=setting.words.quoted(setting.collector_label(name)),
                )
            )


def _areas(setting: Setting) -> Iterator[Block]:
    _ = setting.words.gettext
    titles = {
        "reporting": _("Telling when something is wrong"),
        "support": _("Getting help"),
        "information": _("Information and advice"),
        "training": _("People whose job is to help"),
    }
    for place, area in enumerate(AREAS):
        yield Heading(2, titles[area], anchor=f"area-{area}")
        found = [one for one in setting.in_order() if setting.area_of(one) == area]
        if not found:
            yield Paragraph(_("We did not ask about this."))
        after = f"area-{AREAS[place + 1]}" if place + 1 < len(AREAS) else "others"
        yield from _told(setting, found, after)


def _others(setting: Setting) -> Iterator[Block]:
    found = [one for one in setting.in_order() if setting.area_of(one) is None]
    yield Heading(2, setting.words.gettext("Other questions"), anchor="others")
    if not found:
        yield Paragraph(setting.words.gettext("There were no other questions."))
    yield from _told(setting, found, "methods")


def _told(setting: Setting, found: list[Asked], after: str) -> Iterator[Block]:
    """Questions in order, each page's content warning before the first of them."""
    last: PageEntry | None = None
    for place, one in enumerate(found):
        page = setting.page_of(one)
        if page is not None and page.content_warning and page != last:
            rest = (each for each in found[place:] if setting.page_of(each) != page)
            beyond = next((anchor_of(each) for each in rest), after)
            yield warning_of(setting, page, beyond)
        last = page
        yield from question_blocks(setting, one, 3)


def _methods(setting: Setting) -> Iterator[Block]:
    _ = setting.words.gettext
    codebook, smallest = setting.codebook, setting.counted.threshold
    yield Heading(2, _("How this was done, and what it cannot say"), anchor="methods")
    lines = []
    if codebook.organisation:
        lines.append(_("Who asked: %(name)s.", name=setting.text(codebook.organisation)))
    lines += [
        _("People answered without a name. Nobody who keeps the server could read the answers."),
        _(
            "People chose to take part. They do not stand for all people of their age or country, "
            "and shares say nothing about those who were not asked."
        ),
        _(
            "Whoever had the link could answer, so a number of answers does not prove that as many "
            "people answered."
        ),
        _(
            "Hidden are all numbers from 1 to %(most)s, and further ones, over all tables of all "
            "reports that were made together: from what is printed, each hidden number could be "
            "anything in a range of at least %(smallest)s.",
            most=smallest - 1,
            smallest=smallest,
        ),
        _("Shares are whole percentages, halves rounded up, so they may not add up to 100."),
    ]
    if setting.rules.weigh and setting.place == WHOLE:
        lines.append(
            _(
                "Where a column says “If every group counts the same”, each group counts once, "
                "however many answered in it. It is left out where a number of a group is hidden."
            )
        )
    if setting.rules.by:
        lines.append(_("Tables cross two questions at most, and one group's report crosses none."))
    if len(codebook.versions) > 1:
        lines.append(
            _(
                "The questions changed while people answered: %(count)s versions. A question that "
                "a version did not have is counted as such.",
                count=len(codebook.versions),
            )
        )
    yield Bullets(tuple(lines))
