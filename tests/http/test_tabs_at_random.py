"""Several tabs of one person, with pages of long ago, in any order: no word is lost (R28)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.person import Page, Person
from tests.short import ShortSite, short_site
from tests.walks import step_of, walk

ACTS = 80
BOXES = {"page:first": "words", "page:second": "more"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShortSite]:
    with short_site(tmp_path_factory.mktemp("tabs")) as running:
        yield running


@dataclass
class Form:
    """A page of questions as it stands in a tab or in its history, with what was typed into it."""

    page: Page
    text: str
    said: set[str]


@dataclass
class Tabs:
    """What a person sees, has seen, and has written and not taken out again."""

    person: Person
    chance: random.Random
    forms: list[Form] = field(default_factory=list)
    alive: dict[str, set[str]] = field(default_factory=dict)
    written: int = 0

    def look(self, page: Page) -> None:
        """Another page is on screen."""
        step = step_of(page)
        if step in BOXES:
            text = dict(page.form.fields).get(BOXES[step], "").replace("\r\n", "\n")
            self.forms.append(Form(page, text, set(text.split())))

    def write(self, form: Form) -> None:
        """Write a word more, or something else in place of what is there."""
        self.written += 1
        before = form.text if self.chance.random() < 0.7 else ""
        form.text = f"{before} w{self.written}".strip()

    def press(self, form: Form) -> None:
        """Press a button that keeps what stands in the box."""
        step, here = step_of(form.page), set(form.text.split())
        taken_out, new = form.said - here, here - form.said
        self.alive[step] = (self.alive.get(step, set()) - taken_out) | new
        form.said = here
        action = self.chance.choice(["continue", "continue", "back", "pause", "support"])
        fields = [(name, value) for name, value in form.page.form.fields if name != BOXES[step]]
        fields += [(BOXES[step], form.text.replace("\n", "\r\n")), ("action", action)]
        for _ in range(self.chance.choice([1, 1, 1, 2])):  # twice, as on a slow line
            page = self.person.post(form.page.path, fields)
        self.look(page)

    def act(self) -> None:
        """Open a page, write in one, or press a button: on the newest page or on an old one."""
        what = self.chance.random()
        form = self.forms[-1] if self.chance.random() < 0.5 else self.chance.choice(self.forms)
        if what < 0.2:
            self.look(self.person.open(self.chance.choice(["/page/4", "/page/5", "/page/6"])))
        elif what < 0.5:
            self.write(form)
        else:
            self.press(form)


@pytest.mark.in_turn(4)
@pytest.mark.requirement("R28")
@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_tabs_and_old_pages_loses_a_word(site: ShortSite, seed: int) -> None:
    person = Person(site.line.base)
    person.start(site.code)
    walk(person, until="page:first")
    tabs = Tabs(person, random.Random(seed))  # noqa: S311 - acts of a test
    tabs.look(person.seen)

    for _ in range(ACTS):
        tabs.act()

    answers = site.place.draft_of(person).answers
    assert tabs.written > 10
    for step, name in BOXES.items():
        assert tabs.alive.get(step, set()) <= set(str(answers.get(name, "")).split())
