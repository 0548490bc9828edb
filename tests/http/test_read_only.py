"""A HEAD, and a GET that asks ahead of any person, change nothing (R57; RFC 9110 §9.2.1)."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from app.journey import Draft
from tests.person import Person
from tests.place import Place, code_on, key_of
from tests.walks import step_of, walk

ASKED = [("HEAD", ""), ("GET", "prefetch"), ("GET", "prefetch;prerender")]
PATHS = [
    *("/", "/page/1", "/page/2", "/page/4", "/page/99", "/pause", "/support", "/back-to-questions"),
    *("/language/fr", "/language/ar?from=pause", "/leave", "/sent", "/withdraw", "/nowhere"),
]


def ask(person: Person, method: str, purpose: str, path: str) -> None:
    """One request that no act of a person stands behind."""
    cookies = dict(person.cookies)
    person.request(method, path, headers={"Sec-Purpose": purpose} if purpose else {})
    assert person.cookies == cookies, path


@pytest.mark.parametrize(("method", "purpose"), ASKED)
@pytest.mark.requirement("R57")
def test_the_draft_stays_as_it_was_byte_for_byte(place: Place, method: str, purpose: str) -> None:
    person = place.person()
    walk(person, until="page:workers")
    before = place.draft_row(key_of(person))

    for path in (*PATHS, f"/{place.code()}", f"/results/{place.code()}"):
        ask(person, method, purpose, path)
        assert place.draft_row(key_of(person)) == before, path

    assert step_of(person.open("/back-to-questions")) == "page:workers"


@pytest.mark.parametrize(("method", "purpose"), ASKED)
@pytest.mark.requirement("R57", "R92")
def test_the_code_is_still_there_for_the_person(place: Place, method: str, purpose: str) -> None:
    person = place.person()
    walk(person, until="check")
    form = person.seen.form
    fields = [*form.fields, ("action", "send")]
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = "&".join(f"{name}={value}" for name, value in fields).encode()
    person.request("POST", person.seen.path, body, headers)

    for path in ("/sent", "/", "/sent", "/page/3"):
        ask(person, method, purpose, path)

    draft: Draft = place.draft_of(person)
    assert draft.views_of_code == 1
    assert code_on(person.open("/sent")) == draft.withdrawal_code
    assert code_on(person.open("/sent")) == ""


def test_a_page_that_is_shown_again_stores_nothing(place: Place) -> None:
    """A step is one read and one write: the button that leads to a page has stored where it is."""
    person = place.person()
    walk(person, until="page:workers")
    before = place.draft_row(key_of(person))

    person.open(person.seen.path)

    assert place.draft_row(key_of(person)) == before
    assert place.draft_of(person).at == "page:workers"


def test_to_show_the_next_page_stores_nothing(place: Place) -> None:
    person = place.person()
    walk(person, until="page:workers")
    form = person.seen.form
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode([*form.fields, ("action", "continue")]).encode()
    answer = person.request("POST", person.seen.path, body, headers)
    before = place.draft_row(key_of(person))

    shown = person.request("GET", answer.headers["Location"])

    assert place.draft_row(key_of(person)) == before
    assert place.draft_of(person).at == step_of(shown)
