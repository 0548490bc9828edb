"""What another site, another device or another person tries with somebody's session."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from app import create_app
from app.storage import upgrade
from config import read_config
from tests.person import Person
from tests.place import Place
from tests.walks import step_of, walk

from .hostile import FORM

OPEN_WITHOUT_A_TOKEN = {
    "entry.start": "needs a code, and asks again before it ends a session that has answers",
    "leaving.leave": "leaving has to work always, and another site's post is refused before it",
    "withdrawal.withdraw": "needs the words that only the person has",
    "keeping.come_back": "needs the words that only the person has",
    "shared_device.more_time": "keeps what there is",
}
"""Views that take a post without a token, and why nothing is lost by it."""
VALUES = {"number": 3, "name": "a", "code": "code", "tag": "fr"}
ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "http://127.0.0.1:1"},
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application of its own, to read its map of addresses; no request is made of it."""
    folder = tmp_path_factory.mktemp("app")
    drafts = {"HEARD_DRAFTS_URL": f"sqlite:///{folder / 'drafts.sqlite3'}"}
    config = read_config(drafts, instance=folder)
    upgrade(config.database_url, config.drafts_url)
    return create_app(config)


def posted_to(app: Flask) -> Iterator[tuple[str, str]]:
    """The name and an address of each view that takes a post."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "POST" in (rule.methods or ()):
                values = {name: VALUES[name] for name in rule.arguments}
                yield rule.endpoint, (rule.build(values) or ("", ""))[1]


@pytest.fixture(scope="module")
def writer(place: Place) -> Person:
    """Somebody in the middle, with words of their own."""
    person = place.person()
    walk(person, lambda name: f"my words for {name}", until="page:last_page")
    return person


@pytest.mark.requirement("R41")
def test_each_view_that_changes_something_wants_the_token_of_the_session(
    app: Flask, place: Place, writer: Person
) -> None:
    before = place.draft_of(writer)
    views = dict(posted_to(app))
    assert set(OPEN_WITHOUT_A_TOKEN) <= set(views)
    assert {"steps.store", "leaving.stop", "keeping.keep_for_later"} <= set(views)
    for name, address in views.items():
        if name in OPEN_WITHOUT_A_TOKEN:
            continue
        for token in ((), (("csrf_token", "stale"),)):
            fields = [*token, ("step", "page:last_page"), ("one_change", "x"), ("action", "delete")]
            page = writer.request("POST", address, urlencode(fields).encode(), FORM)
            assert page.status == 403, name

    assert place.draft_of(writer) == before


@pytest.mark.parametrize("headers", ELSEWHERE, ids=lambda headers: next(iter(headers.values())))
@pytest.mark.requirement("R41")
def test_another_site_can_post_nothing_anywhere(
    app: Flask, place: Place, writer: Person, headers: dict[str, str]
) -> None:
    before = place.draft_of(writer)
    token = dict(writer.open("/back-to-questions").form.fields)["csrf_token"]
    body = urlencode({"csrf_token": token, "action": "delete", "code": place.code()}).encode()

    for name, address in posted_to(app):
        page = writer.request("POST", address, body, {**FORM, **headers})
        assert page.status == 403, name
        assert "Set-Cookie" not in page.headers, name

    assert place.draft_of(writer) == before


def test_a_cookie_that_somebody_planted_is_not_the_one_a_person_goes_on_with(place: Place) -> None:
    """Fixation: the attacker begins, plants their cookie, and waits for the person to answer."""
    attacker = place.person()
    planted = attacker.cookies["q"]
    person = Person(place.demo.base)
    person.cookies["q"] = planted

    person.post("/start", [("code", place.code()), ("action", "again")])
    walk(person, lambda _name: "my words", until="page:last_page")

    assert person.cookies["q"] != planted
    attacker.cookies["q"] = planted
    assert "my words" not in attacker.open("/back-to-questions").body
    assert step_of(attacker.seen) == ""


def test_a_key_that_somebody_chose_is_never_taken(place: Place) -> None:
    person = Person(place.demo.base)
    person.cookies["q"] = "A" * 43

    person.post("/start", [("code", place.code())])

    assert person.cookies["q"] != "A" * 43
    assert step_of(person.seen) == "about"


def test_exit_ends_the_session_for_whoever_copied_the_cookie(place: Place) -> None:
    person = place.person()
    copied = person.cookies["q"]
    person.request("GET", "/leave")

    thief = Person(place.demo.base)
    thief.cookies["q"] = copied

    assert step_of(thief.open("/page/1")) == ""


@pytest.mark.parametrize("order", ["before", "behind"])
def test_a_second_cookie_of_the_same_name_opens_no_other_session(
    place: Place, writer: Person, order: str
) -> None:
    """Tossing: a sibling domain sets a cookie of the same name. Over HTTPS the name forbids it."""
    other = place.person()
    mine, theirs = f"q={writer.cookies['q']}", f"q={other.cookies['q']}"
    both = "; ".join([theirs, mine] if order == "before" else [mine, theirs])
    before = place.draft_of(writer)
    token = dict(other.seen.form.fields)["csrf_token"]
    fields = {"csrf_token": token, "step": "about", "action": "continue"}

    seen = Person(place.demo.base).request("GET", "/page/1", headers={"Cookie": both})
    Person(place.demo.base).request(
        "POST", "/page/1", urlencode(fields).encode(), {**FORM, "Cookie": both}
    )

    # One of the two is taken, and never a mixture of them.
    assert step_of(seen) in ("about", "")
    assert place.draft_of(writer).answers == before.answers


@pytest.mark.parametrize(
    "answer",
    [
        "{{7*191}}",
        "{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}",
        "${7*191} #{7*191} <%= 7*191 %> *{7*191}",
        "<script>window.harmed = 1</script><img src=x onerror=alert(1)>",
        "[here](javascript:alert(1)) ![x](https://elsewhere.example/x.png)",
        "</textarea></form><form action=//elsewhere.example><input name=q>",
        "%(csrf_token)s {0.__class__} {csrf_token}",
        "${one_change} ${age_band}",
    ],
)
@pytest.mark.requirement("R28")
def test_what_a_person_types_is_words_wherever_it_is_shown_again(place: Place, answer: str) -> None:
    person = place.person()
    walk(person, lambda _name: answer, until="check")
    shown = [person.seen, person.open("/pause"), person.open("/back-to-questions")]
    for _ in range(3):
        shown.append(person.press("back"))

    for page in shown:
        assert "1337" not in page.body
        assert "<script>window" not in page.body
        assert "<img" not in page.body.replace('<img src="/media', "")
        assert 'href="javascript:' not in page.body
        assert "elsewhere.example>" not in page.body.replace("&gt;", "")
        assert "subclass" not in page.body.replace("__subclasses__()", "")
    assert answer in [value for _name, value in shown[-1].form.fields] or any(
        answer in dict(page.form.fields).values() for page in shown if page.forms
    )


def test_a_file_outside_of_the_media_is_never_given(place: Place, tmp_path: Path) -> None:
    person = place.person()
    secret = place.demo.instance / "secret-key"
    assert secret.exists()
    shutil.copy(secret, tmp_path)
    for name in (
        *("../internet-safer.yaml", "..%2finternet-safer.yaml", "%2e%2e/internet-safer.yaml"),
        *(
            "..%5cinternet-safer.yaml",
            "....//internet-safer.yaml",
            "%2fetc%2fpasswd",
            "/etc/passwd",
        ),
        *(str(secret), "../" * 12 + str(secret).lstrip("/"), "%00", "a%00.png"),
    ):
        page = person.request("GET", f"/media/{name}")
        assert page.status in (404, 308), name
        assert secret.read_text(encoding="ascii") not in page.body
        assert "consultation:" not in page.body
