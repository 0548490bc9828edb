"""People who answer one after the other while something breaks, and try again as people do.

The page on their screen stays, and they press its button once more; where a page says that nothing
can be saved now, they wait a moment and press the button on that.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Lock

from tests.person import Page, Person
from tests.walks import walk

PATIENCE_SECONDS = 180
A_MOMENT = 0.2
BROKE_OFF = (OSError, http.client.HTTPException)
NOT_NOW = 503
UNSAID = ("sqlite", "psycopg", "postgres", "traceback", "disk", "socket")
"""What a page to people never says."""


def assert_kind(page: Page) -> None:
    """Fail unless a page says kindly that nothing can be saved, and the way out is first on it."""
    assert page.status == NOT_NOW, (page.status, page.path, page.words[:200])
    assert page.links[0].partition("?")[0] == "/leave"
    assert len(page.words.split()) > 8
    assert not [word for word in UNSAID if word in page.body.lower()], page.body
    assert page.headers["Cache-Control"] == "no-store"


class Persistent(Person):
    """Somebody who waits a moment when nothing can be saved, and presses once more."""

    refused = 0
    """How often they saw that nothing can be saved."""

    def open(self, path: str) -> Page:
        """Open an address; again and again until it can be shown."""
        super().open(path)
        return self._go_on()

    def post(self, path: str, fields: Iterable[tuple[str, str]]) -> Page:
        """Post fields; where they cannot be kept, they are all on the page, and posted again."""
        typed = list(fields)
        page = super().post(path, typed)
        if page.status == NOT_NOW and page.path == path:
            assert set(typed) <= set(page.form.fields), set(typed) - set(page.form.fields)
        return self._go_on()

    def _go_on(self) -> Page:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.seen.status == NOT_NOW:
            assert_kind(self.seen)
            assert time.monotonic() < deadline, self.seen.words
            self.refused += 1
            time.sleep(A_MOMENT)
            forms = [form for form in self.seen.forms if form.method == "post"]
            if forms:
                super().post(forms[0].action or self.seen.path, forms[0].fields)
            else:
                super().open(self.seen.path)
        return self.seen


@dataclass
class Crowd:
    """People who answer one after the other, and what each of them saw."""

    base: str
    code: str
    person: Callable[[str], Person] = Person
    over: Event = field(default_factory=Event)
    saw_sent: set[str] = field(default_factory=set)
    went_away: set[str] = field(default_factory=set)
    began_again: set[str] = field(default_factory=set)
    people: list[Person] = field(default_factory=list)
    tries: int = 0
    _numbers: Iterator[int] = field(default_factory=count)
    _lock: Lock = field(default_factory=Lock)
    _running: list[Future[None]] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How often somebody saw that nothing can be saved."""
        return sum(each.refused for each in self._persistent())

    def _persistent(self) -> list[Persistent]:
        return [each for each in self.people if isinstance(each, Persistent)]

    @contextmanager
    def answering(self, people: int) -> Iterator[None]:
        """So many of them answer at once; at the end those who began finish."""
        with ThreadPoolExecutor(people) as pool:
            self._running = [pool.submit(self.answer_until_over) for _ in range(people)]
            try:
                yield
            finally:
                self.over.set()
            for each in self._running:
                each.result()

    def answer_until_over(self) -> None:
        """One place in the crowd: somebody answers, then somebody else."""
        while not self.over.is_set():
            with self._lock:
                number = next(self._numbers)
            self._answer(_mark(number), goes_away=number % 4 == 3)

    def wait_for(self, seen: Callable[[], int], more: int) -> None:
        """Wait until there is so much more of what is seen."""
        wanted, deadline = seen() + more, time.monotonic() + PATIENCE_SECONDS
        while seen() < wanted:
            assert time.monotonic() < deadline
            for each in self._running:
                if each.done():
                    each.result()  # somebody met what they should not
            time.sleep(0.01)

    def wait_until_all_are_refused(self) -> None:
        """Wait until all who answer now were told that nothing can be saved."""
        before = {each: each.refused for each in self._persistent()}
        self.wait_for(
            lambda: sum(each.refused > before.get(each, 0) for each in self._persistent()),
            len(self._running),
        )

    def wait_for_more(self, people: int = 2) -> None:
        """Wait until more people have sent, so that each moment has some before and after."""
        self.wait_for(lambda: len(self.saw_sent), people)

    def _answer(self, mark: str, *, goes_away: bool) -> None:
        person = self.person(self.base)
        self.people.append(person)
        self._try(lambda: person.start(self.code))
        self._try(lambda: self._walk(person, mark))
        if goes_away:
            self.went_away.add(mark)
        else:
            self._try(lambda: person.press("send"))
            assert person.seen.path == "/sent", (person.seen.path, person.seen.words[:200])
            self.saw_sent.add(mark)

    def _walk(self, person: Person, mark: str) -> None:
        walk(person, lambda name: mark if name != "number" else "12", until="check")

    def _try(self, act: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                act()
            except BROKE_OFF:
                self.tries += 1
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                return


def _mark(number: int) -> str:
    """Words of one person alone, in letters."""
    return "mark " + "".join(chr(ord("a") + int(digit)) for digit in f"{number:06}")
