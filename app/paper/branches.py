"""Who is to answer what: numbers of questions, where to go on, and conditions as blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from app.consultation import Definition, Page
from app.consultation.questions import AnyQuestion, Note

from .clauses import Clause, Clauses, Condition, Several
from .conditions import condition_of
from .spans import Block, bullets, page_of, paragraph
from .words import Words

END = "end"
"""The label of the last page of the questions."""


@dataclass(frozen=True)
class Target:
    """Where to go on: a question's number, if one follows, and the label of its page."""

    number: int | None
    label: str


def page_label(page: Page) -> str:
    """Return the label of the place where a page begins, its warning included."""
    return f"page-{page.name}"


def question_label(name: str) -> str:
    """Return the label of the place where a question stands."""
    return f"question-{name}"


class Branches:
    """The order of the questions of one consultation on paper, in words of one language."""

    def __init__(self, definition: Definition, words: Words) -> None:
        self._definition, self._words = definition, words
        self.left_out: list[str] = []
        """Pages and questions that nobody is to answer, so they are not printed."""
        self.numbers: dict[str, int] = {}
        self._shown: dict[str, list[AnyQuestion]] = {}
        for page in definition.pages:
            if self._of(page.relevant) is False:
                self.left_out.append(page.name)
                continue
            self._shown[page.name] = list(self._printed(page))
        self._pages = [page for page in definition.pages if self._shown.get(page.name)]

    def _printed(self, page: Page) -> Iterator[AnyQuestion]:
        for question in page.questions:
            if self._of(question.relevant) is False:
                self.left_out.append(question.name)
                continue
            if not isinstance(question, Note):
                self.numbers[question.name] = len(self.numbers) + 1
            yield question

    @cached_property
    def _clauses(self) -> Clauses:
        return Clauses(self._definition.questions, self.numbers, self._words)

    def _of(self, source: str | None) -> Condition:
        return condition_of(source, self._clauses) if source else True

    @property
    def pages(self) -> list[Page]:
        """The pages that are printed, in order."""
        return self._pages

    def questions_of(self, page: Page) -> list[AnyQuestion]:
        """The questions of a page that are printed, notes included, in order."""
        return self._shown[page.name]

    def after_page(self, page: Page) -> Target:
        """Where a person goes on who leaves a whole page out."""
        following = self._pages[self._pages.index(page) + 1 :]
        if not following:
            return Target(None, END)
        numbered = (
            q.name for p in following for q in self._shown[p.name] if q.name in self.numbers
        )
        name = next(numbered, None)
        return Target(self.numbers[name] if name else None, page_label(following[0]))

    def after_question(self, page: Page, question: AnyQuestion) -> Target:
        """Where a person goes on who leaves a question out."""
        questions = self._shown[page.name]
        following = [
            q for q in questions[questions.index(question) + 1 :] if q.name in self.numbers
        ]
        if not following:
            return self.after_page(page)
        return Target(self.numbers[following[0].name], question_label(following[0].name))

    def condition(self, source: str | None, otherwise: Target | None = None) -> list[Block]:
        """Return a condition in words, and where the others go; nothing when all are meant."""
        said = self._of(source)
        if isinstance(said, bool):
            return []
        blocks = self._only_if(said)
        if otherwise:
            blocks.append(paragraph(self._if_not(otherwise)))
        return [{"kind": "branch", "blocks": blocks}]

    def _only_if(self, condition: Clause | Several) -> list[Block]:
        _ = self._words.gettext
        if isinstance(condition, Clause):
            return [paragraph(_("Only if %(condition)s.", condition=condition.words))]
        intro = (
            _("Only if all of these are so:")
            if condition.every
            else _("Only if one or more of these are so:")
        )
        return [paragraph(intro), self._list(condition)]

    def _list(self, condition: Several) -> Block:
        return bullets([list(self._item(part)) for part in condition.parts])

    def _item(self, part: Condition) -> Iterator[Block]:
        _ = self._words.gettext
        if isinstance(part, Clause):
            yield paragraph(part.words)
        elif isinstance(part, Several):
            intro = _("all of these:") if part.every else _("one or more of these:")
            yield paragraph(intro)
            yield self._list(part)

    def _if_not(self, target: Target) -> str:
        _, page = self._words.gettext, page_of(target.label)
        if target.number is None:
            return _("If not, go to page %(page)s.", page=page)
        return _(
            "If not, go to question %(number)d on page %(page)s.", number=target.number, page=page
        )
