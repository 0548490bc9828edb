"""Questions as they stand on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.consultation import Page, choices_of, text_in
from app.consultation.questions import (
    AnyQuestion,
    Choice,
    Country,
    Date,
    Decimal,
    Integer,
    Matrix,
    Note,
    Rank,
    Scale,
    SelectMultiple,
    SelectOne,
    TextQuestion,
)
from app.consultation.references import PIPED
from app.consultation.texts import Text

from .branches import Branches, question_label
from .spans import Block, Span, inline_markdown, markdown, paragraph, spans
from .words import Words


class Questions:
    """Makes the blocks of questions, in one language."""

    def __init__(self, branches: Branches, words: Words) -> None:
        self._branches, self._words = branches, words

    def block(self, page: Page, question: AnyQuestion) -> Block:
        """Return a question with everything that belongs to it, or a note."""
        condition = question.relevant
        if isinstance(question, Note):
            said = markdown(self._piped(question.label), level=3)
            asked = self._branches.condition(condition)
            return {"kind": "note", "blocks": [*asked, *said, *self._about(question)]}
        otherwise = self._branches.after_question(page, question)
        return {
            "kind": "question",
            "number": str(self._branches.numbers[question.name]),
            "label": question_label(question.name),
            "before": self._branches.condition(condition, otherwise),
            "spans": inline_markdown(self._piped(question.label)),
            "blocks": [*self._about(question), *self._answer(question)],
            "long": isinstance(question, TextQuestion) and question.lines > LONG_TEXT,
        }

    def _text(self, text: Text | None) -> str:
        return text_in(text, self._words.language)

    def _piped(self, text: Text | None) -> str:
        """A label or a hint; instead of an earlier answer it says where that answer stands."""
        _, numbers = self._words.gettext, self._branches.numbers

        def where(name: str) -> str:
            if name not in numbers:
                return "…"
            return "… " + _("(your answer to question %(number)d)", number=numbers[name])

        return PIPED.sub(lambda match: where(match[1]), self._text(text))

    def _about(self, question: AnyQuestion) -> Iterator[Block]:
        """Hint, why it is asked, and pictures and sounds in words."""
        _ = self._words.gettext
        if question.hint:
            hint = inline_markdown(self._piped(question.hint))
            yield {"kind": "paragraph", "style": "hint", "spans": hint}
        if question.why:
            why = [*spans(_("Why we ask this"), bold=True), {"break": True}]
            said = spans(self._text(question.why))
            yield {"kind": "paragraph", "style": "hint", "spans": [*why, *said]}
        yield from self._media(question)
        for choice in choices_of(question):
            yield from self._media(choice, self._text(choice.label))

    def _media(self, holder: AnyQuestion | Choice, name: str = "") -> Iterator[Block]:
        _ = self._words.gettext
        before: list[Span] = [*spans(name, bold=True), {"break": True}] if name else []
        if holder.image:
            said = _("Picture: %(words)s", words=self._text(holder.image.alt))
            yield {"kind": "paragraph", "style": "hint", "spans": [*before, *spans(said)]}
        if holder.audio:
            heard = [*spans(_("What is said in the recording"), bold=True), {"break": True}]
            words = spans(self._text(holder.audio.transcript))
            yield {"kind": "paragraph", "style": "hint", "spans": [*before, *heard, *words]}

    def _answer(self, question: AnyQuestion) -> Iterator[Block]:
        """What to do, and the place for it."""
        yield from _ANSWERS[question.type](self, question)
        if question.prefer_not_to_say and not isinstance(
            question, (SelectOne, SelectMultiple, Matrix)
        ):
            yield {"kind": "choices", "mark": "square", "items": [self._prefer_not_to_say()]}

    def _prefer_not_to_say(self) -> dict[str, Any]:
        _ = self._words.gettext
        return {"spans": spans(_("I prefer not to say")), "blocks": [], "apart": True}

    def _choice(self, choice: Choice, *, exclusive: bool = False) -> dict[str, Any]:
        _ = self._words.gettext
        blocks = self._branches.condition(choice.relevant)
        if exclusive:
            blocks.append(paragraph(_("If you tick this one, leave the others empty."), "hint"))
        return {"spans": spans(self._text(choice.label)), "blocks": blocks, "apart": exclusive}

    def _select_one(self, question: SelectOne) -> Iterator[Block]:
        _ = self._words.gettext
        items = [self._choice(choice) for choice in question.choices]
        if question.prefer_not_to_say:
            items.append(self._prefer_not_to_say())
        yield paragraph(_("Tick one circle."), "task")
        yield {"kind": "choices", "mark": "circle", "items": items}

    def _select_multiple(self, question: SelectMultiple) -> Iterator[Block]:
        _ = self._words.gettext
        items = [self._choice(choice, exclusive=choice.exclusive) for choice in question.choices]
        if question.prefer_not_to_say:
            items.append(self._prefer_not_to_say())
        yield paragraph(_("You can tick more than one square."), "task")
        yield {"kind": "choices", "mark": "square", "items": items}

    def _rank(self, question: Rank) -> Iterator[Block]:
        _ = self._words.gettext
        said = _(
            "Write 1 in the box of the one that comes first, then 2, and so on. "
            "You can leave boxes empty."
        )
        yield paragraph(said, "task")
        items = [self._choice(choice) for choice in question.choices]
        yield {"kind": "choices", "mark": "box", "items": items}

    def _scale(self, question: Scale) -> Iterator[Block]:
        _ = self._words.gettext
        yield paragraph(_("Tick one circle."), "task")
        points = [
            {
                "number": str(point),
                "spans": spans(self._text(question.labels.get(str(point)))),
                "face": (point - question.from_) / (question.to - question.from_)
                if question.faces
                else None,
            }
            for point in question.points
        ]
        yield {"kind": "scale", "points": points}

    def _matrix(self, question: Matrix) -> Iterator[Block]:
        _ = self._words.gettext
        yield paragraph(_("Tick one circle in each line. You can leave lines empty."), "task")
        columns_of = {c.name: spans(self._text(c.label)) for c in question.choices}
        columns = list(columns_of.values())
        if question.prefer_not_to_say:
            columns.append(spans(_("I prefer not to say")))
        rows = [spans(self._text(row.label)) for row in question.rows]
        for choice in question.choices:
            blocks = self._branches.condition(choice.relevant)
            if blocks:
                yield {"kind": "paragraph", "style": "hint", "spans": columns_of[choice.name]}
                yield from blocks
        yield {"kind": "matrix", "columns": columns, "rows": rows}

    def _written(self, question: TextQuestion) -> Iterator[Block]:
        _ = self._words.gettext
        no_names = _("Please write no names, places or telephone numbers.")  # R72
        not_read = _(  # R69
            "Nobody reads this right away, and your name is not on it. "
            "So nobody can send help because of what you write here."
        )
        yield paragraph(f"{no_names} {not_read}", "hint")
        yield {"kind": "lines", "count": question.lines}

    def _number(self, question: Integer | Decimal) -> Iterator[Block]:
        _ = self._words.gettext
        low, high = _plain(question.from_), _plain(question.to)
        said = (
            _("Write a whole number.")
            if isinstance(question, Integer)
            else _("Write a number. It can have a decimal part.")
        )
        if low is not None and high is not None:
            said += " " + _("From %(low)s to %(high)s.", low=low, high=high)
        elif low is not None:
            said += " " + _("It can be %(low)s or more.", low=low)
        elif high is not None:
            said += " " + _("It can be %(high)s or less.", high=high)
        yield paragraph(said, "task")
        yield {"kind": "boxes", "parts": [{"spans": [], "boxes": 0}]}

    def _date(self, question: Date) -> Iterator[Block]:
        _ = self._words.gettext
        parts: list[dict[str, Any]] = [{"spans": spans(_("Year")), "boxes": YEAR_DIGITS}]
        if question.precision == "month":
            yield paragraph(_("The year alone is enough."), "task")
            parts.insert(0, {"spans": spans(_("Month")), "boxes": 0})
        yield {"kind": "boxes", "parts": parts}

    def _country(self, _question: Country) -> Iterator[Block]:
        _ = self._words.gettext
        yield paragraph(_("Write the name of the country."), "task")
        yield {"kind": "lines", "count": 1}


def _plain(number: float | None) -> str | None:
    """A number without an exponent and without zeros at its end."""
    if number is None:
        return None
    return str(int(number)) if number == int(number) else str(number)


YEAR_DIGITS = 4
LONG_TEXT = 14
"""Lines of writing that still fit on one page together with their question."""

_ANSWERS: Mapping[str, Callable[[Questions, Any], Iterator[Block]]] = {
    "select_one": Questions._select_one,
    "select_multiple": Questions._select_multiple,
    "rank": Questions._rank,
    "scale": Questions._scale,
    "matrix": Questions._matrix,
    "text": Questions._written,
    "integer": Questions._number,
    "decimal": Questions._number,
    "date": Questions._date,
    "country": Questions._country,
}
