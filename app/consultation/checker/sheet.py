"""A definition laid out for the rules: its texts by language, its questions by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..findings import Path
from ..model import Definition, Page
from ..questions import AnyQuestion, Country, Date, Decimal, Integer, Note, TextQuestion
from ..texts import texts_of
from ..yaml_source import Source
from .surroundings import Surroundings
from .word_lists import find_words

ADULT_AGE = 18


@dataclass(frozen=True)
class Passage:
    """One text in one language, and its place."""

    path: Path
    language: str
    text: str


@dataclass(frozen=True)
class Asked:
    """A question that can be answered, its page and their places."""

    path: Path
    question: AnyQuestion
    page: Page
    page_path: Path

    @property
    def is_hard(self) -> bool:
        """Whether its page has topics or a warning (R27)."""
        return bool(self.page.topics or self.page.content_warning)

    @property
    def is_open(self) -> bool:
        """Whether a person writes the answer instead of choosing it."""
        return isinstance(self.question, (TextQuestion, Integer, Decimal, Date))


class Sheet:
    """What a rule looks at: the definition, its source, and what is known around it."""

    def __init__(self, definition: Definition, source: Source, around: Surroundings) -> None:
        self.definition, self.source, self.around = definition, source, around

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """Every question that can be answered, in the order of the file."""
        return tuple(
            Asked(("pages", number, "questions", index), question, page, ("pages", number))
            for number, page in enumerate(self.definition.pages)
            for index, question in enumerate(page.questions)
            if not isinstance(question, Note)
        )

    @cached_property
    def texts(self) -> tuple[tuple[Path, Mapping[str, str]], ...]:
        """Every text by language, each once: a choice list where it stands."""
        links = self.source.links
        return tuple(
            (path, text)
            for path, text in texts_of(self.definition)
            if not any(path[:length] in links for length in range(1, len(path)))
            and not self._is_draft(path)
        )

    def _is_draft(self, path: Path) -> bool:
        """Whether a text belongs to an outcome that nobody is told yet."""
        outcomes = self.definition.outcomes
        return path[0] == "outcomes" and outcomes[int(path[1])].state == "draft"

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Every text in every language that is written."""
        return tuple(
            Passage((*path, tag), tag, words)
            for path, text in self.texts
            for tag, words in text.items()
            if words.strip()
        )

    @property
    def read_by_people(self) -> Iterator[Passage]:
        """The texts that a person reads on the way; not the organisation's own name."""
        return (passage for passage in self.passages if passage.path[0] != "organisation")

    @property
    def read_by_children(self) -> Iterator[Passage]:
        """The same without what adults read of the outcomes: children have their version (R94)."""
        return (
            passage
            for passage in self.read_by_people
            if passage.path[0] != "outcomes" or "child_version" in passage.path
        )

    @property
    def for_children(self) -> bool:
        """Whether people under 18 are invited."""
        return self.definition.audience.from_age < ADULT_AGE

    @property
    def for_adults(self) -> bool:
        """Whether people of 18 or older are invited."""
        last = self.definition.audience.to_age
        return last is None or last >= ADULT_AGE

    def words_of(self, one: Asked) -> Iterator[Passage]:
        """The label and the hint of a question."""
        for key, text in (("label", one.question.label), ("hint", one.question.hint)):
            for tag, words in (text or {}).items():
                yield Passage((*one.path, key, tag), tag, words)

    def finds(self, name: str, one: Asked) -> bool:
        """Whether the label of a question has words of a list, in any language."""
        return any(find_words(name, tag, words) for tag, words in one.question.label.items())

    @cached_property
    def about_people(self) -> tuple[Asked, ...]:
        """Questions about who the person is (R90)."""
        return tuple(
            one
            for one in self.asked
            if isinstance(one.question, Country)
            or (not isinstance(one.question, TextQuestion) and self.finds("demographic", one))
        )
