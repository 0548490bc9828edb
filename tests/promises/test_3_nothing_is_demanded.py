"""Promise 3: nothing is demanded. No question is mandatory, and skipping stores nothing."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from tests.person import Page
from tests.place import SAMPLES, Place, key_of
from tests.walks import step_of, walk


class _Demands(HTMLParser):
    """Everything in a page by which a browser would insist."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        insisting = {"required", "aria-required", "pattern", "minlength", "min", "max"}
        self.found += [(tag, name) for name, _ in attrs if name in insisting]


def demands(page: Page) -> list[tuple[str, str]]:
    reader = _Demands()
    reader.feed(page.body)
    return reader.found


@pytest.mark.parametrize("consultation", SAMPLES)
@pytest.mark.requirement("R36")
def test_everything_can_be_left_empty(place: Place, consultation: str) -> None:
    person = place.person(consultation)

    (document,) = place.sent_by(lambda: walk(person, empty=True), consultation)

    assert (document["answers"], document["declined"]) == ({}, [])
    assert document["ended"] == "complete"


@pytest.mark.parametrize("consultation", SAMPLES)
@pytest.mark.requirement("R37", "R38")
def test_skipping_every_page_is_the_same_as_saying_nothing(place: Place, consultation: str) -> None:
    pages = [page.name for page in place.definition(consultation).pages]
    skips = {f"page:{name}": "skip" for name in pages}

    (left_empty,) = place.sent_by(
        lambda: walk(place.person(consultation), empty=True), consultation
    )
    (skipped,) = place.sent_by(
        lambda: walk(place.person(consultation), decisions=skips), consultation
    )

    assert skipped == left_empty


@pytest.mark.parametrize("consultation", SAMPLES)
@pytest.mark.requirement("R36", "R37", "R84")
def test_no_page_insists_and_every_page_of_questions_can_be_skipped(
    place: Place, consultation: str
) -> None:
    pages: list[Page] = []

    walk(place.person(consultation), look=pages.append)

    assert [found for page in pages for found in demands(page)] == []
    asking = [page for page in pages if step_of(page).startswith("page:")]
    assert len(asking) >= 6
    for page in asking:
        assert ("action", "skip", "") in page.form.buttons


@pytest.mark.requirement("R11")
def test_only_taking_part_has_to_be_agreed_to(place: Place) -> None:  # R11
    person = place.person()
    walk(person, until="consent")
    statements = place.definition(SAMPLES[0]).consent.statements

    person.press("continue", {statement.name: [] for statement in statements})
    assert step_of(person.seen) == "consent"
    person.press("continue", {"take_part": "yes"})
    assert step_of(person.seen) == "leave_out"

    (document,) = place.sent_by(lambda: person.press("send"))
    assert document["consent"] == ["take_part"]


@pytest.mark.requirement("R11")
def test_no_box_is_ticked_beforehand(place: Place) -> None:  # R11
    person = place.person()
    seen: list[Page] = []
    walk(person, look=seen.append)

    for page in seen[1:-1]:
        form = page.form
        ticked = {name for name, _ in form.fields if name in form.boxes and _} - {""}
        assert ticked == set(), step_of(page)


@pytest.mark.requirement("R12")
def test_saying_no_asks_for_no_reason_and_leaves_nothing(place: Place) -> None:  # R12
    person = place.person()
    walk(person, until="consent")
    key = key_of(person)

    assert place.sent_by(lambda: person.press("decline")) == []

    assert person.seen.status == 200
    assert person.seen.forms == []
    assert person.cookies == {}
    assert place.draft_row(key) is None


@pytest.mark.requirement("R38")
def test_an_answer_that_is_skipped_later_is_kept_nowhere(place: Place) -> None:  # R38
    person = place.person()
    walk(person, until="page:report_button")
    before = place.draft_of(person)
    assert "uses" in before.answers

    person.press("back")
    person.press("skip")

    after = place.draft_of(person)
    assert set(before.answers) - set(after.answers) == {"uses", "knows_safety"}
    assert "page:online_life" in after.done


def test_leaving_costs_nothing_the_same_link_begins_again(place: Place) -> None:
    person = place.person()
    walk(person, until="page:getting_help")
    person.request("GET", "/leave")

    assert step_of(person.start(place.code())) == "about"
    assert len(place.sent_by(lambda: walk(person))) == 1
