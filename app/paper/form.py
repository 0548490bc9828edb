"""The paper questionnaire: a whole consultation on sheets, for people who answer with a pen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.consultation import Definition, Page, text_in
from app.consultation.questions import TextQuestion
from app.consultation.texts import Text

from .branches import END, Branches, Target, page_label
from .help_sheets import Help, HelpSheets
from .notes import notes_for
from .questions import Questions
from .spans import Block, Span, bullets, heading, markdown, page_of, paragraph, spans
from .typesetting import Sheet, typeset
from .words import CATALOGUES, Words

HELP = "help"
"""The label of the first help sheet."""
FRONT = "front"
ADULT_AGE = 18

SMALLEST_TYPE = 14
LARGEST_TYPE = 24
"""Points. Nothing on the sheets is smaller than the chosen size."""


@dataclass(frozen=True)
class Making:
    """How the sheets are made.

    Attributes:
        type_size: points, 14 to 24.
        one_sided: printed on one side of each sheet only, so no page is left empty to let a
            warning begin a sheet.
        code: the entry code to print on the first page; "" for none.
        draft: whether every page says that it is not for handing out.
    """

    type_size: int = SMALLEST_TYPE
    one_sided: bool = False
    code: str = ""
    draft: bool = False


@dataclass(frozen=True)
class PrintedForm:
    """The sheets as a PDF, and what the facilitator has to know before handing them out."""

    pdf: bytes
    notes: tuple[str, ...]


def print_form(
    definition: Definition,
    language: str,
    help_: Help,
    today: dt.date,
    *,
    making: Making | None = None,
    catalogues: Path = CATALOGUES,
) -> PrintedForm:
    """Return the paper questionnaire of a consultation.

    Args:
        definition: the consultation.
        language: one of its languages.
        help_: whom the help sheets list.
        today: the day on which entries of the directory are judged old.
        making: size of type, sides, code.
        catalogues: the folder with Heard's own sentences.

    Raises `MissingSentence` when Heard does not speak the language, and `Unprintable`.
    """
    words = Words(language, catalogues)
    making = making or Making()
    form = _Form(definition, words)
    help_blocks = list(HelpSheets(words, today).blocks(help_))
    public_name = text_in(definition.public_name, language)
    content = {
        "size": making.type_size,
        "one_sided": making.one_sided,
        "empty": spans(words.gettext("This page is empty.")),
        "footer": form.footer(public_name, draft=making.draft),
        "sections": [
            {"label": FRONT, "begins": "page", "blocks": form.front(making.code)},
            {"label": "how", "begins": "page", "blocks": list(form.how())},
            {"label": "choice", "begins": "page", "blocks": list(form.choice())},
            *form.sections(),
            {"label": END, "begins": form.end_begins, "blocks": list(form.end())},
            {"label": HELP, "begins": "sheet", "blocks": help_blocks},
        ],
    }
    pdf = typeset(Sheet("form", public_name, content), words)
    return PrintedForm(pdf, tuple(notes_for(definition, form.branches, help_, language)))


class _Form:
    """The sections of one form."""

    def __init__(self, definition: Definition, words: Words) -> None:
        self._definition, self._words = definition, words
        self.branches = Branches(definition, words)
        self._questions = Questions(self.branches, words)

    def _text(self, text: Text | None) -> str:
        return text_in(text, self._words.language)

    def footer(self, public_name: str, *, draft: bool) -> list[Span]:
        """A neutral name and the number of the page, on every page."""
        _ = self._words.gettext
        said = _("Page %(page)s of %(pages)s", page=page_of("this"), pages=page_of("last"))
        warned = spans(_("Draft. Please do not hand it out."), bold=True)
        before = [*warned, {"break": True}] if draft else []
        return [*before, {"text": f"{public_name} · "}, *spans(said)]

    def front(self, code: str) -> list[Block]:
        """Who asks and what for, that it is a choice, and how to fill in the sheets (R2)."""
        _, ngettext = self._words.gettext, self._words.ngettext
        definition, count = self._definition, len(self.branches.numbers)
        minutes = ngettext(
            "It takes about %(num)d minute.",
            "It takes about %(num)d minutes.",
            definition.minutes,
        )
        questions = ngettext(
            "There is about %(num)d question.", "There are about %(num)d questions.", count
        )
        organisation = self._text(definition.organisation.name)
        asked_by = _("Asked by %(organisation)s.", organisation=organisation)
        return [
            heading(self._text(definition.public_name), 1),
            paragraph(self._text(definition.title), "lead"),
            *markdown(self._text(definition.about)),
            paragraph(f"{minutes} {questions}"),
            paragraph(
                _(
                    "It is your choice. You can skip any question and stop at any time. "
                    "If you say no, or if you stop, nothing changes for you."
                ),
                "strong",
            ),
            paragraph(f"{asked_by} {definition.organisation.contact}", "hint"),
            *([{"kind": "code", "spans": spans(_("Code")), "code": code}] if code else []),
        ]

    def how(self) -> Iterator[Block]:
        """How the sheets work, and who will listen."""
        _ = self._words.gettext
        yield heading(_("How you can answer on these sheets"), 1)
        yield {
            "kind": "legend",
            "items": [
                {"mark": "circle", "spans": spans(_("A circle: tick one of them."))},
                {"mark": "square", "spans": spans(_("A square: tick as many as you like."))},
            ],
        }
        yield bullets([[paragraph(sentence)] for sentence in self._rules()])
        yield from self._listeners()

    def choice(self) -> Iterator[Block]:
        """What the person agrees to, one decision for each statement (R11)."""
        _ = self._words.gettext
        yield heading(_("Your choice"), 1)
        yield from self._readings()
        yield paragraph(_("It is your choice. If you say no, nothing changes for you."))
        yield paragraph(_("Tick what you agree to"), "task")
        yield {"kind": "choices", "mark": "square", "items": list(self._statements())}
        yield paragraph(
            _("If you do not want to answer, hand the sheets back empty. That is fine.")
        )

    def _rules(self) -> list[str]:
        _ = self._words.gettext
        return [
            _("You can leave out any question. You do not have to say why."),
            _("If you change your mind, cross it out."),
            _(
                "Please do not write your name or the name of anybody else. "
                "Please do not write places, schools or telephone numbers."
            ),
            _("Handwriting can show who wrote something. You can answer with ticks alone."),
            _(
                "Nobody reads these sheets right away, and your name is not on them. "
                "So nobody can send help because of what you write here."
            ),
            _(
                "If someone sits with you, they may have to tell others when a person is in "
                "danger. You can ask them about this before you begin."
            ),
            *([self._text(self._definition.limits)] if self._definition.limits else []),  # R71
            _(
                "Once you hand the sheets in, they are mixed with those of others. "
                "We may not be able to give yours back."
            ),
            _("People you can talk to are on page %(page)s.", page=page_of(HELP)),
        ]

    def _listeners(self) -> Iterator[Block]:
        """Lundy's four doors, in plain words (R98)."""
        _, doors = self._words.gettext, self._definition.participation
        if doors is None:
            return
        reply_by = self._words.day(doors.audience.reply_by)
        yield heading(_("Who will listen, and what can change"), 1)
        said = [
            (_("Who will listen"), f"{self._text(doors.audience.who)}"),
            ("", self._text(doors.audience.promise)),
            ("", _("They will answer by %(day)s.", day=reply_by)),
            (_("What can change"), self._text(doors.influence.can_change)),
            (_("What cannot change"), self._text(doors.influence.cannot_change)),
            (_("Who is invited"), self._text(doors.space)),
            (_("How you can answer"), self._text(doors.voice)),
        ]
        for title, sentence in said:
            if title:
                yield heading(title, 2)
            yield paragraph(sentence)

    def _readings(self) -> Iterator[Block]:
        """What people of each age read before they choose (R13); one text needs no ages."""
        _, consent, audience = (
            self._words.gettext,
            self._definition.consent,
            self._definition.audience,
        )
        readings: list[tuple[int, int | None, Text]] = [
            (one.from_age, one.to_age, one.text) for one in consent.assent
        ]
        adults_too = audience.to_age is None or audience.to_age >= ADULT_AGE
        if consent.text and (adults_too or not readings):
            low = max(audience.from_age, ADULT_AGE if readings else 0)
            readings.append((low, audience.to_age, consent.text))
        for low, high, text in readings:
            if len(readings) > 1:
                ages = (
                    _("If you are %(low)d to %(high)d years old", low=low, high=high)
                    if high
                    else _("If you are %(low)d years old or older", low=low)
                )
                yield heading(ages, 2)
            yield from markdown(self._text(text), level=3)

    def _statements(self) -> Iterator[dict[str, Any]]:
        _ = self._words.gettext
        for statement in self._definition.consent.statements:
            leave = [paragraph(_("(You can leave this one out.)"), "hint")]
            yield {
                "spans": spans(self._text(statement.label)),
                "blocks": leave if statement.optional else [],
                "apart": False,
            }

    def sections(self) -> Iterator[dict[str, Any]]:
        """Each page of questions; one with a warning comes after a sheet of its own (R20)."""
        fresh = True
        for page in self.branches.pages:
            if page.content_warning:
                yield {
                    "label": page_label(page),
                    "begins": "sheet",
                    "blocks": list(self._warning(page)),
                }
                yield {"label": "", "begins": "page", "blocks": list(self._asked(page))}
            else:
                begins = "page" if fresh else "here"
                blocks = list(self._asked(page))
                yield {"label": page_label(page), "begins": begins, "blocks": blocks}
            fresh = bool(page.content_warning)

    @property
    def end_begins(self) -> str:
        """Whether the end follows on the same page: not after questions that some leave out."""
        return "page" if self.branches.pages[-1].content_warning else "here"

    def _asked(self, page: Page) -> Iterator[Block]:
        """The questions of a page under its title; what its warning said is not said again."""
        _ = self._words.gettext
        if page.title:
            yield heading(self._text(page.title), 1)
        if not page.content_warning:
            yield from self.branches.condition(page.relevant, self.branches.after_page(page))
        if page.topics:
            hard = _("If this is hard, you can stop, take a pause, or talk to someone.")
            where = _("People you can talk to are on page %(page)s.", page=page_of(HELP))
            yield paragraph(f"{hard} {where}", "hint")
        for question in self.branches.questions_of(page):
            yield self._questions.block(page, question)

    def _warning(self, page: Page) -> Iterator[Block]:
        """What comes next, and what a person can do about it; all of equal weight (R21)."""
        _, after = self._words.gettext, self.branches.after_page(page)
        count = sum(q.name in self.branches.numbers for q in self.branches.questions_of(page))
        yield heading(_("Before you go on"), 1)
        yield from self.branches.condition(page.relevant, after)
        yield paragraph(self._text(page.content_warning), "lead")
        yield paragraph(f"{self._about_next(count)} {self._about_writing(page, count)}")
        yield paragraph(_("What would you like to do?"))
        yield {
            "kind": "options",
            "items": [spans(option) for option in self._options(after, count)],
        }
        yield paragraph(
            _(
                "Some people feel upset, some feel nothing, some are glad to be asked. "
                "All of that is OK."
            ),
            "hint",
        )

    def _about_next(self, count: int) -> str:
        return self._words.ngettext(
            "This is about the next question.",
            "This is about the next %(num)d questions.",
            count,
        )

    def _about_writing(self, page: Page, count: int) -> str:
        """How many questions ask for writing (R22), in the words of the screen."""
        _, ngettext = self._words.gettext, self._words.ngettext
        questions = self.branches.questions_of(page)
        writing = sum(isinstance(question, TextQuestion) for question in questions)
        if count == 1:
            return _("It has a box to write in.") if writing else _("It does not ask you to write.")
        if not writing:
            return _("None of them asks you to write.")
        if writing == count:
            return _("Each of them has a box to write in.")
        return ngettext(
            "One of them has a box to write in.",
            "%(num)d of them have a box to write in.",
            writing,
        )

    def _options(self, after: Target, count: int) -> list[str]:
        _, ngettext = self._words.gettext, self._words.ngettext
        page = page_of(after.label)
        if after.number is None:
            leave_out = ngettext(
                "Leave this question out: go to page %(page)s.",
                "Leave these questions out: go to page %(page)s.",
                count,
                page=page,
            )
        else:
            leave_out = ngettext(
                "Leave this question out: go to question %(number)d on page %(page)s.",
                "Leave these questions out: go to question %(number)d on page %(page)s.",
                count,
                number=after.number,
                page=page,
            )
        return [
            _("Go on: turn over."),
            leave_out,
            _("Take a pause: put the sheets away. Come back if you like."),
            _("Find someone to talk to: go to page %(page)s.", page=page_of(HELP)),
        ]

    def end(self) -> Iterator[Block]:
        """Thanks, and what happens next."""
        _ = self._words.gettext
        results_by = self._words.day(self._definition.dates.results_by)
        yield heading(_("This is the end. Thank you."), 1)
        yield paragraph(self._text(self._definition.thanks.what_happens_next))
        yield paragraph(_("We will say what we heard and what changes by %(day)s.", day=results_by))
        yield paragraph(_("You can fold the sheets, so that nobody reads them on the way."))
