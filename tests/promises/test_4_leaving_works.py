"""Promise 4, as far as HTTP shows it: leaving works with one act, from every page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.person import Page, Person
from tests.place import SAMPLES, Place, key_of
from tests.walks import step_of, walk

EXIT = "http://127.0.0.1:9/"


def elsewhere(place: Place) -> list[Page]:
    """Every kind of page that is no step of the journey."""
    person, nobody = place.person(), Person(place.demo.base)
    pages = [
        nobody.open(path)
        for path in (
            *("/", f"/{place.code()}", "/support", "/support?country=GB", "/withdraw"),
            *(f"/results/{place.code()}", "/nowhere/at/all", "/page/5"),
        )
    ]
    pages += [
        nobody.post("/start", [("code", "nocode")]),
        nobody.post("/withdraw", [("code", "x")]),
    ]
    pages += [person.open(path) for path in ("/pause", "/support", "/", f"/{place.code()}")]
    pages.append(person.post("/page/1", [("csrf_token", "stale")]))
    person.open("/page/1")
    walk(person, until="consent")
    pages.append(person.press("decline"))
    stopping = place.person()
    walk(stopping, until="leave_out")
    pages.append(stopping.press("delete"))
    return pages


@pytest.mark.parametrize("consultation", SAMPLES)
@pytest.mark.requirement("R40", "R49")
def test_every_step_has_the_exit_first(place: Place, consultation: str) -> None:  # R40, R49
    pages: list[Page] = []

    walk(place.person(consultation), look=pages.append)

    assert len(pages) > 12
    for page in pages:
        assert page.links[0] == "/leave", step_of(page)
        assert page.links.count("/leave") == 2, step_of(page)


@pytest.mark.requirement("R40", "R49", "R51")
def test_every_other_page_has_the_exit_first(place: Place) -> None:
    pages = elsewhere(place)

    assert len(pages) > 15
    for page in pages:  # with an entry code behind it, so that a shared device can keep the code
        assert page.links[0].partition("?code=")[0] == "/leave", page.path


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "reach",
    [
        lambda person: None,
        lambda person: walk(person, until="consent"),
        lambda person: walk(person, until="page:report_barriers"),
        lambda person: walk(person, until="check"),
        lambda person: person.press("support"),
        walk,
    ],
    ids=["begun", "consent", "a hard page", "check", "support", "sent"],
)
@pytest.mark.requirement("R40", "R41")
def test_one_act_ends_it(place: Place, method: str, reach: Callable[[Person], None]) -> None:  # R41
    person = place.person()
    reach(person)
    key = key_of(person)

    left = person.request(method, "/leave")

    assert left.status == 303
    assert left.headers["Location"] == EXIT
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert left.body == "" or "<form" not in left.body
    (cookie,) = left.headers.get_all("Set-Cookie") or []
    assert cookie.startswith("q=;")
    assert "Max-Age=0" in cookie
    assert place.draft_row(key) is None


@pytest.mark.requirement("R43")
def test_after_leaving_every_address_is_the_neutral_front_page(place: Place) -> None:  # R43
    person = place.person()
    walk(person, until="check")
    addresses = [f"/page/{number}" for number in range(1, 25)]
    addresses += ["/sent", "/pause", "/back-to-questions"]
    person.request("GET", "/leave")
    front = person.open("/").body

    for address in addresses:
        assert person.open(address).body == front, address


@pytest.mark.requirement("R41")
def test_the_cookie_of_before_opens_nothing_any_more(place: Place) -> None:
    person = place.person()
    walk(person, until="check")
    kept = dict(person.cookies)
    person.request("GET", "/leave")
    person.cookies = kept

    page = person.open("/page/6")

    assert step_of(page) == ""
    assert page.path == "/page/6"
    assert person.cookies == {}


def test_leaving_works_without_a_session(place: Place) -> None:
    left = Person(place.demo.base).request("GET", "/leave")

    assert (left.status, left.headers["Location"]) == (303, EXIT)


@pytest.mark.requirement("R16", "R39")
def test_stopping_and_deleting_leaves_nothing(place: Place) -> None:  # R39
    person = place.person()
    walk(person, until="page:workers")
    key = key_of(person)

    assert place.sent_by(lambda: person.press("delete")) == []

    assert place.draft_row(key) is None
    assert person.cookies == {}
    assert step_of(person.open("/page/5")) == ""


@pytest.mark.requirement("R39")
def test_stopping_and_sending_sends_what_there_is(place: Place) -> None:  # R39
    person = place.person()
    walk(person, until="page:getting_help")

    (document,) = place.sent_by(lambda: person.press("send", {"help_from": ["friends"]}))

    assert person.seen.path == "/sent"
    assert document["ended"] == "stopped"
    assert document["reached"] == "getting_help"
    assert document["answers"]["help_from"] == ["friends"]
    assert "uses" in document["answers"]


@pytest.mark.parametrize("step", ["page:online_life", "page:workers", "warning:talking", "check"])
@pytest.mark.requirement("R39")
def test_the_three_endings_stand_on_every_step_after_consent(place: Place, step: str) -> None:
    person = place.person()
    walk(person, until=step)

    stops = {value for _, value, address in person.seen.form.buttons if address == "/stop"}
    assert stops == {"delete", "send"}
    assert "/leave" in person.seen.links


@pytest.mark.requirement("R53")
def test_no_page_opens_another_window(place: Place) -> None:  # R53
    pages: list[Page] = []
    walk(place.person(), look=pages.append)

    for page in [*pages, *elsewhere(place)]:
        assert "target=" not in page.body
