"""Hostile and clumsy requests: each gets a kind page, and nobody loses what they wrote."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from app.journey import Draft
from tests.person import Person
from tests.place import SAMPLES, Place
from tests.walks import step_of, walk

from .hostile import ADDRESSES, BODIES, FORM, Hostile, assert_kind, form, in_chunks, send

HERE = "page:last_page"


@pytest.fixture(scope="module")
def writer(place: Place) -> Person:
    """Somebody who has answered everything but the last page."""
    person = place.person()
    walk(person, lambda name: f"my words for {name}", until=HERE)
    return person


def come_back(writer: Person) -> str:
    """Go to the page where the writer was; its address."""
    for number in range(14, 17):
        if step_of(writer.open(f"/page/{number}")) == HERE:
            return writer.seen.path
    raise AssertionError(writer.seen.path)


def kept_fields(person: Person) -> str:
    """What a browser sends with every form: the token, the step, and what was shown."""
    fields = dict(person.seen.form.fields)
    return urlencode({name: fields[name] for name in ("csrf_token", "step", "shown")})


@pytest.fixture
def intact(place: Place, writer: Person) -> Iterator[Draft]:
    """The draft before a test; afterwards everything written on other pages is still there."""
    before = place.draft_of(writer)
    assert "report_easier" in before.answers
    rows = place.rows()
    yield before
    after = place.draft_of(writer)
    mine = {"one_change", "age_band", "kind_of_place"}
    for name in set(before.answers) - mine:
        assert after.answers.get(name) == before.answers[name], name
    assert set(before.done) <= set(after.done) | {"page:last_page", "check"}
    assert (after.consent, after.sent) == (before.consent, False)
    assert place.rows() == rows
    page = writer.open("/back-to-questions")
    assert step_of(page)


@pytest.mark.in_turn(4)
@pytest.mark.usefixtures("intact")
@pytest.mark.parametrize("hostile", BODIES.values(), ids=BODIES)
def test_a_person_in_the_middle_gets_a_kind_page_and_loses_nothing(
    writer: Person, hostile: Hostile
) -> None:
    path = come_back(writer)

    page = send(writer, "POST", path, hostile, kept_fields(writer))

    assert page.status in hostile.statuses
    assert_kind(page)


@pytest.mark.in_turn(4)
@pytest.mark.parametrize("hostile", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("path", ["/page/5", "/stop", "/start", "/withdraw"])
def test_nobody_gets_a_kind_page_that_says_nothing(
    place: Place, path: str, hostile: Hostile
) -> None:
    nobody = Person(place.demo.base)
    front = nobody.open("/").body

    page = send(nobody, "POST", path, hostile)

    assert_kind(page)
    assert nobody.cookies == {}
    if path in ("/page/5", "/stop") and page.status not in (400, 403, 413):
        assert page.body == front


@pytest.mark.usefixtures("intact")
@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_an_odd_address_gets_a_kind_page(place: Place, writer: Person, address: str) -> None:
    nobody = Person(place.demo.base)
    for person in (writer, nobody):
        page = person.request("GET", address)
        assert_kind(page)
        assert "X-Bad" not in page.headers
    assert "root:" not in page.body
    assert nobody.cookies == {}


@pytest.mark.usefixtures("intact")
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "FOO"])
@pytest.mark.parametrize("path", ["/", "/page/3", "/stop", "/leave", "/support", "/start"])
def test_an_odd_method_changes_nothing(
    place: Place, writer: Person, method: str, path: str
) -> None:
    page = writer.request(method, path)

    assert_kind(page)
    assert page.status == 404
    assert writer.cookies
    assert Person(place.demo.base).request(method, path).status == 404


@pytest.mark.usefixtures("intact")
@pytest.mark.parametrize("path", ["/", "/page/3", "/pause", "/support", "/leave", "/sent"])
def test_asking_for_the_head_of_a_page_shows_no_body_and_changes_nothing(
    writer: Person, path: str
) -> None:
    for method in ("HEAD", "OPTIONS"):
        page = writer.request(method, path)
        assert page.status in (200, 204, 303)
        assert page.body == ""
    assert writer.cookies


@pytest.mark.usefixtures("intact")
@pytest.mark.parametrize("size", [100_000, 5_000_000])
def test_a_body_without_a_length_gets_a_kind_page(writer: Person, size: int) -> None:
    come_back(writer)
    body = (kept_fields(writer) + "&one_change=").encode() + b"x" * size
    pieces = (body[start : start + 50_000] for start in range(0, len(body), 50_000))

    status, page = in_chunks(writer, writer.seen.path, pieces)

    assert status == (200 if size < 512 * 1024 else 413)  # 200: longer than a draft keeps
    assert "/leave" in page


@pytest.mark.usefixtures("intact")
@pytest.mark.parametrize("length", [1_001, 11_000, 13_000, 100_000])
@pytest.mark.requirement("R84")
def test_words_that_are_too_long_are_all_there_to_be_made_shorter(
    writer: Person, length: int
) -> None:
    come_back(writer)
    words = ("my words " * 20_000)[:length].strip()

    page = writer.press("continue", {"one_change": words})

    assert page.status == 200
    assert step_of(page) == HERE
    assert dict(page.form.fields)["one_change"] == words
    assert 'role="alert"' in page.body


@pytest.mark.usefixtures("intact")
@pytest.mark.parametrize("away", ["support", "pause", "back", "language:fr"])
def test_of_words_that_are_far_too_long_the_beginning_survives_a_detour(
    writer: Person, away: str
) -> None:
    come_back(writer)

    writer.press(away, {"one_change": "my words " * 20_000})
    come_back(writer)

    assert dict(writer.seen.form.fields)["one_change"].startswith("my words my words")
    if away.startswith("language"):
        writer.press("language:en")


# Tokens and cookies of others


@pytest.mark.usefixtures("intact")
def test_the_token_of_another_session_is_refused(place: Place, writer: Person) -> None:
    other = place.person()
    token = dict(other.seen.form.fields)["csrf_token"]
    come_back(writer)

    page = writer.request(
        "POST",
        writer.seen.path,
        urlencode({"csrf_token": token, "step": HERE, "one_change": "not mine"}).encode(),
        FORM,
    )

    assert page.status == 403
    assert_kind(page)


@pytest.mark.usefixtures("intact")
def test_after_a_refused_form_a_person_goes_on_where_they_were(writer: Person) -> None:
    come_back(writer)
    refused = writer.post(writer.seen.path, [("csrf_token", "stale")])

    assert refused.status == 403
    front = writer.open("/")
    assert "/back-to-questions" in front.links
    assert step_of(writer.open("/back-to-questions")) == HERE


COOKIES = {
    "empty": "",
    "short": "x",
    "rubbish": "%00\\xff;;==",
    "a key of nobody": "A" * 43,
    "nearly a key": "A" * 42,
    "longer than a key": "A" * 64,
    "not base64": "!" * 43,
    "huge": "A" * 7000,
    "pictures": "\U0001f327".encode().decode("latin-1"),
    "a path": "../../../../etc/passwd",
    "a pickle": "gASVCAAAAAAAAACMBHRlc3SULg==",
    "a Flask session": "eyJkcmFmdCI6eyJzZW50Ijp0cnVlfX0.ZzzzZQ.abcdefghijklmnopqrstuvwxyz",
}


@pytest.mark.parametrize("cookie", COOKIES.values(), ids=COOKIES)
@pytest.mark.parametrize("path", ["/", "/page/3", "/sent", "/pause", "/support", "/leave"])
def test_a_foreign_cookie_opens_nothing_and_is_taken_away(
    place: Place, cookie: str, path: str
) -> None:
    person = Person(place.demo.base)
    person.cookies["q"] = cookie

    page = person.request("GET", path)

    assert page.status == (303 if path == "/leave" else 200)
    assert step_of(page) == ""
    assert "q" not in person.cookies
    after = Person(place.demo.base)
    after.cookies = person.cookies
    assert after.open("/page/3").body == Person(place.demo.base).open("/").body


def test_a_cookie_of_a_draft_that_is_gone_says_kindly_what_happened(place: Place) -> None:
    person = place.person()
    walk(person, until="consent")
    kept = dict(person.cookies)
    person.request("GET", "/leave")
    person.cookies = kept

    page = person.open("/page/3")

    assert page.status == 200
    assert 'role="status"' in page.body
    assert person.cookies == {}
    assert 'role="status"' not in person.open("/page/3").body


# Where a browser is led


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "elsewhere.example:80", "[::1]:1", "a b", ""]
)
def test_another_host_in_the_request_appears_nowhere(place: Place, host: str) -> None:
    for method, path in (("GET", "/"), ("GET", "/leave"), ("POST", "/page/1"), ("GET", "/page/2")):
        person = place.person()
        page = person.request(method, path, headers={"Host": host})
        assert "elsewhere" not in page.body
        assert "elsewhere" not in str(page.headers)


@pytest.mark.parametrize(
    "path",
    [
        *("/leave?to=//elsewhere.example", "/leave?next=https://elsewhere.example"),
        *("/leave?exit_to=//elsewhere.example", "/leave?url=javascript:alert(1)"),
    ],
)
@pytest.mark.requirement("R54")
def test_exit_leads_where_the_site_says_and_nowhere_else(place: Place, path: str) -> None:
    assert Person(place.demo.base).request("GET", path).headers["Location"] == "http://127.0.0.1:9/"


@pytest.mark.parametrize(
    "query",
    ["from=//elsewhere.example", "from=https://elsewhere.example", "from=leaving.leave", "from="],
)
def test_another_language_leads_back_to_this_site(place: Place, query: str) -> None:
    person = place.person()

    page = person.request("GET", f"/language/fr?{query}")

    assert page.status == 303
    assert page.headers["Location"] == "/back-to-questions"


@pytest.mark.parametrize("header", ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"])
@pytest.mark.requirement("R57")
def test_a_browser_that_asks_ahead_ends_nothing(place: Place, header: str) -> None:  # R57
    person = place.person()
    walk(person, until="consent")

    page = person.request("GET", "/leave", headers={header: "prefetch"})

    assert page.status == 204
    assert person.cookies
    assert step_of(person.open("/back-to-questions")) == "consent"


# Steps that were not reached


@pytest.mark.parametrize(
    "fields",
    [
        (("step", "check"), ("action", "send")),
        (("step", "page:online_life"), ("shown", "uses"), ("uses", "games")),
        (("step", "warning:report_barriers"), ("action", "continue")),
        (("step", "leave_out"), ("leave_out", "sexual_harm")),
        (("step", "nothing"), ("action", "send")),
        (("step", ""), ("action", "send")),
        (("action", "send"),),
    ],
    ids=lambda fields: fields[0][1],
)
@pytest.mark.parametrize("number", [1, 3, 9, 30])
def test_a_step_that_was_not_reached_takes_nothing(
    place: Place, fields: tuple[tuple[str, str], ...], number: int
) -> None:
    person = place.person()
    walk(person, until="consent")
    token = dict(person.seen.form.fields)["csrf_token"]

    sent = place.sent_by(lambda: person.post(f"/page/{number}", [("csrf_token", token), *fields]))

    assert sent == []
    draft = place.draft_of(person)
    assert draft.answers == {}
    assert draft.consent == ()
    assert "consent" not in draft.done
    assert draft.left_out == draft.accepted == ()


def test_stopping_and_sending_needs_consent(place: Place) -> None:
    person = place.person()
    walk(person, until="consent")
    token = dict(person.seen.form.fields)["csrf_token"]

    sent = place.sent_by(lambda: person.post("/stop", [("csrf_token", token), ("action", "send")]))

    assert sent == []
    assert step_of(person.seen) == "consent"


def test_a_form_of_a_page_that_left_the_path_answers_no_warning_and_no_other_page(
    place: Place,
) -> None:
    """An earlier answer, changed in another tab, took a page away; its form is still open here."""
    person = place.person()
    walk(person, until="page:report_now")
    number, form_here = person.seen.path, person.seen.form
    person.open("/back-to-questions")
    person.press("back")
    person.press("continue", {"knows_where": "no"})
    assert step_of(person.seen) == "warning:report_barriers"
    assert person.seen.path == number

    person.post(number, [*form_here.fields, ("app_answers", "mostly"), ("action", "continue")])

    draft = place.draft_of(person)
    assert "warning:report_barriers" not in draft.done
    assert draft.accepted == ()
    assert step_of(person.seen) == "warning:report_barriers"
    (sent,) = place.sent_by(lambda: walk(person))
    assert "app_answers" not in sent["answers"]
    assert "app_answers" in sent["not_shown"]


@pytest.mark.parametrize("action", ["back", "pause", "support", "language:fr", "continue", "", "x"])
def test_only_the_button_that_says_so_deletes(place: Place, action: str) -> None:
    """Whatever else arrives at the address of stopping keeps what was written."""
    person = place.person()
    walk(person, until="page:getting_help")
    fields = [*person.seen.form.fields, ("action", action)]

    assert place.sent_by(lambda: person.post("/stop", fields)) == []

    assert person.cookies
    assert place.draft_of(person).answers["report_easier"] == "some words"


@pytest.mark.parametrize("consultation", SAMPLES)
def test_every_form_may_be_sent_twice(place: Place, consultation: str) -> None:
    """Each press twice, as on a slow line; the answers are those of one press."""
    person = place.person(consultation)

    def everything() -> None:
        for _ in range(60):
            if person.seen.path == "/sent":
                return
            page, before = person.seen, person.seen.form
            fields = [
                *before.fields,
                ("action", "send" if step_of(page) == "check" else "continue"),
            ]
            if step_of(page) == "consent":
                fields.append(("take_part", "yes"))
            person.request("POST", page.path, urlencode(fields).encode(), FORM)
            person.post(page.path, fields)

    (document,) = place.sent_by(everything, consultation)

    assert document["ended"] == "complete"
    assert document["answers"] == {}


def test_thousands_of_words_in_the_box_for_a_code(place: Place) -> None:
    for code in ("x" * 400_000, "\x00", "\U0001f327" * 1000, "' OR 1=1 --"):
        page = send(Person(place.demo.base), "POST", "/start", form(("code", code)))
        assert page.status == 200
        assert_kind(page)
        assert len(page.body) < 20_000
