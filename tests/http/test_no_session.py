"""What an address shows to somebody without a session: one neutral page (R1, R43)."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask

from app import create_app
from app.storage import upgrade
from config import read_config
from tests.person import Person
from tests.place import SAMPLES, Place

# Views of every application, which say nothing of anybody.
PUBLIC = {"static_file": "anyone", "favicon": "anyone", "robots": "anyone"}

PARTICIPANT = [
    *(f"/page/{number}" for number in (0, 1, 2, 3, 7, 40, 999_999)),
    *("/sent", "/pause", "/back-to-questions", "/media/a.png", "/media/../config.py"),
    *("/page", "/page/", "/page/x", "/page/-1", "/page/1/2", "/page/1.0", "/page/%31"),
    *("/nowhere/at/all", "/index.php", "/wp-admin/setup", "/.git/config", "/static/x.css"),
    *("/results/nocode", "/static/../config.py", "/..%2f..%2fetc%2fpasswd", "/a%00b", "/%ff%fe"),
    *("/language", "/language/", "/leave/", "/leave/x", "/stop/", "/support/x"),
    *("/healthz/", "/robots.txt/", "/?code=x", "/?from=x&to=//evil.example", "/page/3?language=xx"),
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application of its own, to read its map of addresses; no request is made of it."""
    folder = tmp_path_factory.mktemp("app")
    config = read_config(
        {"HEARD_DRAFTS_URL": f"sqlite:///{folder / 'drafts.sqlite3'}"}, instance=folder
    )
    upgrade(config.database_url, config.drafts_url)
    return create_app(config)


def test_every_view_says_who_may_call_it(app: Flask) -> None:
    silent = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in PUBLIC
        and getattr(app.view_functions[rule.endpoint], "audience", None)
        not in ("anyone", "a person answering", "operator")
    ]

    assert silent == []
    assert set(PUBLIC) <= set(app.view_functions)


def addresses_for_a_person(app: Flask) -> list[str]:
    """An address for each rule whose view is for a person answering."""
    values = {"number": 3, "name": "a.png", "code": "code", "tag": "fr"}
    built = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if getattr(app.view_functions[rule.endpoint], "audience", "") == "a person answering":
                domain, address = rule.build({n: values[n] for n in rule.arguments}) or ("", "")
                assert domain is not None
                built.append(address)
    return sorted(set(built))


@pytest.mark.requirement("R1")
def test_every_view_for_a_person_shows_the_front_page_to_nobody(app: Flask, place: Place) -> None:
    front = Person(place.demo.base).open("/").body
    addresses = addresses_for_a_person(app)

    assert len(addresses) >= 5
    for address in addresses:
        for method in ("GET", "POST"):
            page = Person(place.demo.base).request(method, address)
            assert page.body == front, (method, address)
            assert page.status in (200, 404), (method, address)


@pytest.mark.parametrize("address", PARTICIPANT)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.requirement("R1", "R43")
def test_an_address_shows_the_front_page_and_nothing_else(
    place: Place, address: str, method: str
) -> None:
    front = Person(place.demo.base).open("/")

    page = Person(place.demo.base).request(method, address)

    assert page.body == front.body
    assert page.status in (200, 404)
    assert page.headers.get_all("Set-Cookie") is None


@pytest.mark.parametrize("consultation", SAMPLES)
@pytest.mark.requirement("R1", "R9")
def test_the_front_page_says_nothing_of_what_the_questions_are_about(
    place: Place, consultation: str
) -> None:
    """But for the demo's own list of samples, which stands apart."""
    page = Person(place.demo.base).open(f"/{place.code(consultation)}")
    shown, samples = page.body.split('<section class="samples">')
    shown += samples.partition("</section>")[2]
    definition = place.definition(consultation)

    assert page.title == definition.public_name["en"]
    for text in (*definition.title.values(), *definition.organisation.name.values()):
        assert text not in unescape(shown)


@pytest.mark.requirement("R1", "R8")
def test_a_link_shows_the_same_page_whether_its_code_leads_anywhere_or_not(place: Place) -> None:
    known, unknown = place.code(), "zz9zz9"

    pages = [Person(place.demo.base).open(f"/{code}") for code in (known, unknown)]

    bodies = [
        page.body.replace(code, "") for page, code in zip(pages, (known, unknown), strict=True)
    ]
    assert pages[0].status == pages[1].status == 200
    # The demo lists its samples, the known code among them, on both pages.
    assert bodies[0].replace(known, "") == bodies[1].replace(known, "")


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_a_language_chosen_without_a_session_is_the_front_page_in_it(
    place: Place, language: str
) -> None:
    chosen = Person(place.demo.base).open(f"/language/{language}")

    assert chosen.body == Person(place.demo.base).open(f"/?language={language}").body
    assert f'<html lang="{language}"' in chosen.body


def test_the_operators_page_tells_that_it_works_and_nothing_more(place: Place) -> None:
    page = Person(place.demo.base).open("/healthz")

    assert (page.status, page.body) == (200, "ok\n")


@pytest.mark.requirement("R7")
def test_no_page_without_a_session_sets_a_cookie(place: Place) -> None:  # R7
    for address in ("/", f"/{place.code()}", "/support", "/withdraw", f"/results/{place.code()}"):
        assert Person(place.demo.base).open(address).headers.get_all("Set-Cookie") is None
