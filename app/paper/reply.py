"""What was heard and what is asked for, on paper: for those who listen, and for a wall (R93)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from app.consultation import Definition, Outcome, Reply, by_area, text_in
from app.consultation.outcomes_wording import OutcomesWording

from .typesetting import Sheet, typeset
from .words import Words


def print_reply(definition: Definition, language: str, today: dt.date) -> bytes:
    """Return a PDF with what is no draft of a consultation's outcomes.

    Children's words stand first (R94). What is late is said to be late.

    Args:
        definition: whose outcomes.
        language: one of its languages.
        today: the day on which it is printed, which is on it: what is late depends on it.

    Raises:
        MissingSentence: Heard's own sentences are not in this language.
        Unprintable: a text has a sign that no font has.
    """
    words = Words(language)
    page = _Page(definition, words, today)
    content = page.content(definition.reply)
    return typeset(
        Sheet("reply", words.gettext("What was heard, and what changes"), content), words
    )


class _Page:
    """The parts of the page in one language, on one day."""

    def __init__(self, definition: Definition, words: Words, today: dt.date) -> None:
        self._definition, self._words, self._today = definition, words, today
        self._say = OutcomesWording(words.gettext)

    def content(self, reply: Reply) -> dict[str, Any]:
        _ = self._words.gettext
        definition = self._definition
        short = [self._in(each.child_version) for each in reply.outcomes if each.child_version]
        organisation = _("Asked by %(organisation)s.", organisation=self._in(_name(definition)))
        return {
            "heading": _("What was heard, and what changes"),
            "consultation": self._in(definition.title),
            "day": self._words.day(self._today),
            "short_heading": _("In short"),
            "short": short,
            "listener": list(self._listener(reply)),
            "listener_heading": _("Who listens"),
            "heard_heading": _("What we heard"),
            "blocks": list(self._blocks(reply)),
            "late": _("Late."),
            "asked_by": organisation,
            "contact": definition.organisation.contact,
        }

    def _listener(self, reply: Reply) -> Iterator[dict[str, Any]]:
        _ = self._words.gettext
        doors = self._definition.participation
        if doors is None:
            return
        yield {"text": self._in(doors.audience.who), "late": False}
        yield {"text": self._in(doors.audience.promise), "late": False}
        promised = doors.audience.reply_by
        day = self._words.day(promised)
        late = reply.is_late(promised, self._today)
        if late:
            said = _("They promised to answer by %(day)s, and not everything is answered.", day=day)
        elif reply.is_answered:
            said = _("They have answered. You can read it below.")
        else:
            said = _("They will answer by %(day)s.", day=day)
        yield {"text": said, "late": late}

    def _blocks(self, reply: Reply) -> Iterator[dict[str, Any]]:
        _ = self._words.gettext
        areas, empty = self._say.areas(), self._say.empty()
        found = by_area(reply, self._definition.areas)
        for block in found:
            rest = _("More that we heard") if len(found) > 1 else ""
            yield {
                "heading": areas[block.area] if block.area else rest,
                "empty": empty[block.empty] if block.empty else "",
                "outcomes": [self._outcome(each) for each in block.outcomes],
            }

    def _outcome(self, outcome: Outcome) -> dict[str, Any]:
        late = outcome.is_late(self._today)
        rows = [{"name": name, "text": text, "late": False} for name, text in self._rows(outcome)]
        stands = {"text": self._say.stands(outcome), "late": late}
        rows.append({"name": self._words.gettext("How it stands"), **stands})
        return {"heard": self._in(outcome.heard), "rows": rows}

    def _rows(self, outcome: Outcome) -> Iterator[tuple[str, str]]:
        _ = self._words.gettext
        if outcome.change:
            yield self._say.change(outcome), self._in(outcome.change)
            if outcome.who:
                yield _("Who does it"), self._in(outcome.who)
            if outcome.by:
                yield _("By when"), self._words.day(outcome.by)
        if outcome.no_change:
            yield _("What does not change"), self._in(outcome.no_change)
            if outcome.why:
                yield _("Why it does not change"), self._in(outcome.why)

    def _in(self, text: dict[str, str]) -> str:
        return text_in(text, self._words.language)


def _name(definition: Definition) -> dict[str, str]:
    return definition.organisation.name
