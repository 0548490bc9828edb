"""What one report is made from, and how its answers and places are called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from babel import Locale, UnknownLocaleError

from app.consultation.outcomes import AREAS
from app.consultation.texts import text_in
from app.research.disclosure import Rules
from app.research.disclosure.asked import COLLECTOR, OUTSIDE, Answer, Asked
from app.research.disclosure.cell import WHOLE
from app.research.disclosure.counting import Counted
from app.research.opened import CodebookEntries, CodingEntries, PageEntry

from .shares import Sentences

_PIPED: Final = re.compile(r"\$\{[^}]*\}")


@dataclass(frozen=True)
class Setting:
    """One report of a run.

    Attributes:
        counted: everything the run prints, and what it hides.
        asked: what every table is about.
        place: the collector's scope; `WHOLE` for the report about everybody.
        collector: its name in the data; None for everybody.
    """

    counted: Counted
    asked: Sequence[Asked]
    codebook: CodebookEntries
    coding: CodingEntries | None
    rules: Rules
    words: Sentences
    place: str = WHOLE
    collector: str | None = None
    each_collector: bool = False

    @property
    def by_name(self) -> Mapping[str, Asked]:
        """What is asked, by the name of its table."""
        return {one.name: one for one in self.asked}

    @property
    def collectors(self) -> list[str]:
        """The name of every collector, as in the data."""
        return [answer.name for answer in self.by_name[COLLECTOR].answers]

    def in_order(self) -> list[Asked]:
        """The questions that nothing is crossed by: by area, then the rest."""
        asked = [one for one in self.asked if one.question and one.name not in self.rules.by]
        areas = [*AREAS, None]
        return sorted(asked, key=lambda one: areas.index(self.area_of(one)))  # type: ignore[arg-type]

    def text(self, label: Mapping[str, str]) -> str:
        """A text of the consultation in the language of the report, else in its first one.

        A word that each person saw from an answer of their own is left out.
        """
        return _PIPED.sub("…", text_in(label, self.words.language)).strip()

    def title_of(self, one: Asked) -> str:
        """The question, and the row of its matrix."""
        _ = self.words.gettext
        about = {
            COLLECTOR: lambda: _("How people came"),
            "language": lambda: _("In which language people answered"),
            "ended": lambda: _("How far people went"),
        }
        if not one.question:
            return about[one.name]()
        title = self.text(one.label) or one.name
        if one.row_label:
            return f"{title} {self.text(one.row_label)}"
        return title

    def answer_label(self, one: Asked, answer: Answer) -> str:
        """How an answer is called."""
        _ = self.words.gettext
        label = self.text(answer.label)
        if one.type == "scale":
            return f"{answer.name}: {label}" if label else answer.name
        if label:
            return label
        if answer.name == OUTSIDE and one.type == "band":
            return _("Outside these bands")
        if one.name == COLLECTOR and not one.question:
            return self.collector_label(answer.name)
        if one.name == "ended" and not one.question:
            ends = {"complete": _("Went to the end"), "stopped": _("Stopped, and sent")}
            return ends.get(answer.name, answer.name)
        return self._known(one, answer.name)

    def collector_label(self, name: str) -> str:
        """How a collector is called; the common link has no name."""
        labels = {each.name: each.label for each in self.codebook.collectors}
        if not name:
            return self.words.gettext("The common link")
        return self.text(labels.get(name, {})) or name

    def _known(self, one: Asked, name: str) -> str:
        """The name of a language or a country (Unicode CLDR)."""
        locale = Locale.parse(self.words.language, sep="-")
        if one.type == "country":
            return str(locale.territories.get(name, name))
        if one.name == "language" and not one.question:
            try:
                shown = Locale.parse(name, sep="-").get_display_name(locale)
            except (UnknownLocaleError, ValueError):
                return name
            return shown or name
        return name

    def page_of(self, one: Asked) -> PageEntry | None:
        """The page on which a question stood."""
        for page in self.codebook.pages:
            if any(each.name == one.question for each in page.questions):
                return page
        return None

    def area_of(self, one: Asked) -> str | None:
        """Which of the four areas a question belongs to."""
        page = self.page_of(one)
        for each in page.questions if page else ():
            if each.name == one.question:
                return each.area
        return None
