"""Keeping unsent answers under six words, and coming back to them (R33)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest

from app.commands.opening import publish
from app.consultation import load_definition
from app.sealing import draft_id, return_key
from tests.closed_groups import (
    GROUP,
    OPEN,
    an_hour_passes,
    closed_group_surveys,
    minutes_pass,
    new_cards,
    storage_of,
)
from tests.person import Page, Person
from tests.place import Place, code_on, key_of
from tests.server import running_demo
from tests.walks import step_of, walk

from .hostile import FORM
from .test_at_once import at_once, twin

pytestmark = pytest.mark.requirement("R33")

KEEP = "Keep it and come back later"
WORDS = "words that wait"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server of this module's own."""
    folder = tmp_path_factory.mktemp("coming-back")
    with running_demo(folder, surveys=closed_group_surveys(folder)) as demo:
        yield Place(demo)


def writer(place: Place, until: str = "page:end") -> Person:
    """Somebody in the middle of answering."""
    person = place.person(OPEN)
    walk(person, lambda _name: WORDS, until=until)
    return person


def with_a_card(place: Place, code: str) -> Person:
    """Somebody who began with a card, at the last page of questions."""
    person = Person(place.demo.base)
    person.start(code)
    walk(person, lambda _name: WORDS, until="page:end")
    return person


def kept(person: Person) -> str:
    """Keep what is on screen, and return the six words."""
    person.press("keep")
    assert person.seen.path == "/keep", person.seen.words
    person.press("keep")
    assert person.seen.path == "/kept"
    words = code_on(person.seen)
    assert words.count(" ") == 5
    return words


def came_back(place: Place, words: str, action: str = "") -> Person:
    """Somebody at another device who types the words."""
    person = Person(place.demo.base)
    person.open("/come-back")
    person.press(action, {"words": words})
    return person


def rows(place: Place) -> dict[bytes, tuple[str, bytes]]:
    """The kept drafts as they stand in the file."""
    database = place.demo.instance / "heard.sqlite3"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        found = connection.execute("SELECT id, consultation, ciphertext FROM kept_draft")
        return {bytes(row[0]): (row[1], bytes(row[2])) for row in found}


def id_of(words: str) -> bytes:
    return draft_id(return_key(words))


# Keeping


def test_it_is_offered_on_every_page_after_consent_and_on_the_pause_page(place: Place) -> None:
    person = place.person(OPEN)
    offered: list[str] = []

    def look(page: Page) -> None:
        if KEEP in page.words:
            offered.append(step_of(page))

    walk(person, look=look, until="check")
    look(person.seen)

    steps = ["leave_out", "page:start", "warning:thunder", "page:thunder", "page:end", "check"]
    assert [step for step in steps if step in offered] == steps
    assert not {"about", "safety", "consent"} & set(offered)
    person.press("pause")
    assert "/keep" in person.seen.links


def test_it_is_off_unless_the_definition_says_so(place: Place) -> None:
    """By default there is no button, and no address does it."""
    text = (place.demo.surveys / f"{OPEN}.yaml").read_text("utf-8")
    definition = load_definition(
        text.replace(OPEN, "plain").replace("resume: true\n", ""), "plain.yaml"
    )
    with storage_of(place) as storage:
        publish(storage, definition, [place.key.public_key("researcher")])
        (entry,) = storage.entries("plain")
    person = Person(place.demo.base)
    person.start(entry.code)
    walk(person, until="page:end")
    token = dict(person.seen.form.fields)["csrf_token"]
    before = rows(place)

    assert KEEP not in person.seen.words
    assert step_of(person.open("/keep")) == "page:end"
    assert step_of(person.post("/keep", [("csrf_token", token), ("action", "keep")])) == "page:end"
    assert "/keep" not in person.open("/pause").links
    assert rows(place) == before


def test_nothing_is_kept_before_consent(place: Place) -> None:
    person = place.person(OPEN)
    walk(person, until="consent")

    assert KEEP not in person.seen.words
    assert step_of(person.open("/keep")) == "consent"
    assert "/keep" not in person.open("/pause").links


def test_the_risk_is_told_and_asked_once_more_with_equal_choices(place: Place) -> None:
    person = writer(place)
    before = rows(place)

    person.press("keep", {"last_words": "typed just now"})

    page = person.seen
    for said in (
        "Whoever finds the words can read what you wrote.",
        "If other people use this device",
        "We cannot find lost words again.",
        "Nothing is sent.",
    ):
        assert said in page.words
    assert [button[1] for button in page.form.buttons] == ["keep", "back"]
    assert rows(place) == before
    person.press("back")
    assert step_of(person.seen) == "page:end"
    assert place.draft_of(person).answers["last_words"] == "typed just now"


def test_the_words_are_shown_once_and_the_session_is_over(place: Place) -> None:
    person = writer(place)
    key = key_of(person)
    number = person.seen.path

    words = kept(person)

    assert WORDS not in str(place.draft_of(person).to_plain())
    assert step_of(person.open(number)) == ""
    front = Person(place.demo.base).open("/").body
    assert person.open("/kept").body == front
    assert person.cookies == {}
    assert place.draft_row(key) is None
    assert words not in person.open("/sent").body


def test_what_is_kept_is_one_row_that_says_nothing(place: Place) -> None:
    person, before = writer(place), rows(place)

    words = kept(person)

    new = rows(place).items() - before.items()
    ((kept_id, (consultation, ciphertext)),) = new
    assert kept_id == id_of(words)
    assert consultation == OPEN
    assert len(ciphertext) == 12 + 4096 + 16
    assert len({len(row[1]) for row in rows(place).values()}) == 1


def test_pressing_twice_keeps_once_and_shows_the_same_words(place: Place) -> None:
    person, before = writer(place), rows(place)
    person.press("keep")
    body = urlencode([*person.seen.form.fields, ("action", "keep")]).encode()
    browsers = [twin(person) for _ in range(6)]
    answers: list[Page] = []

    def press(browser: Person) -> None:
        answers.append(browser.request("POST", "/keep", body, FORM))

    at_once([partial(press, browser) for browser in browsers])

    assert {(a.status, a.headers["Location"]) for a in answers} == {(303, "/kept")}
    (new,) = rows(place).keys() - before.keys()
    words = code_on(person.open("/kept"))
    assert id_of(words) == new
    assert code_on(person.open("/kept")) == words
    assert step_of(came_back(place, words).seen) == "page:end"


def test_pages_of_the_ended_session_say_where_it_is(place: Place) -> None:
    """An old form of another tab neither sends nor loses anything."""
    person = writer(place)
    other = twin(person)
    other.open("/back-to-questions")
    person.press("keep")
    person.press("keep")

    token = dict(other.seen.form.fields)["csrf_token"]
    words = code_on(person.seen)

    sent = place.sent_by(lambda: other.press("continue", {"last_words": "came late"}), OPEN)

    assert sent == []
    assert "Your answers are kept. They are not sent yet." in other.seen.words
    assert "came late" in other.seen.body
    stop = [("csrf_token", token), ("action", "send")]
    sent = place.sent_by(lambda: other.post("/stop", stop), OPEN)
    assert sent == []
    assert other.seen.path == "/kept"
    assert code_on(other.seen) == words
    assert step_of(came_back(place, words).seen) == "page:end"


def test_exit_in_another_tab_leaves_nothing_that_nobody_can_open(place: Place) -> None:
    person = writer(place)
    person.press("keep")
    other = twin(person)
    before = rows(place)
    other.request("GET", "/leave")

    person.press("keep")

    assert rows(place) == before
    assert step_of(person.seen) == ""


def test_when_it_cannot_be_kept_the_answers_stay_and_pressing_again_works(place: Place) -> None:
    person = writer(place)
    person.press("keep")
    database = place.demo.instance / "heard.sqlite3"
    away = database.with_name("away")
    database.rename(away)
    try:
        person.press("keep")
        assert person.seen.status == 503
    finally:
        away.rename(database)
    assert place.draft_of(person).answers["storm_words"] == WORDS

    person.press()

    assert person.seen.path == "/kept"
    assert step_of(came_back(place, code_on(person.seen)).seen) == "page:end"


# Coming back


def test_the_front_page_offers_it_to_everybody_alike(place: Place) -> None:
    for address in ("/", f"/{place.code(OPEN)}", "/page/3", "/nocode"):
        page = Person(place.demo.base).open(address)
        assert "I have six words to come back" in page.words
        assert any(link.startswith("/come-back") for link in page.links)
    page = Person(place.demo.base).open("/come-back")
    assert page.status == 200
    assert page.title == "Questions"
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("typing", [str, str.upper, lambda words: words.replace(" ", "-")])
def test_the_words_open_everything_on_another_device(place: Place, typing: type[str]) -> None:
    person = writer(place)
    before = place.draft_of(person)
    words = kept(person)

    back = came_back(place, typing(words))

    assert step_of(back.seen) == "page:end"
    after = place.draft_of(back)
    for name in ("answers", "done", "consent", "response_id", "withdrawal_code", "accepted"):
        assert getattr(after, name) == getattr(before, name)
    (document,) = place.sent_by(lambda: walk(back, lambda _name: "the end"), OPEN)
    assert document["answers"] == {
        "likes_rain": "yes",
        "why_rain": WORDS,
        "storm_words": WORDS,
        "last_words": "the end",
    }


def test_the_words_work_once_and_keeping_again_gives_new_ones(place: Place) -> None:
    first = kept(writer(place))
    back = came_back(place, first)
    assert id_of(first) not in rows(place)

    again = came_back(place, first)
    assert again.cookies == {}
    assert "We found nothing for these words." in again.seen.words
    second = kept(back)

    assert second != first
    assert step_of(came_back(place, second).seen) == "page:end"
    assert came_back(place, first).cookies == {}


def test_an_answer_that_never_reached_the_browser_costs_nobody_their_words(place: Place) -> None:
    words = kept(writer(place))
    body = urlencode({"words": words}).encode()
    lost = Person(place.demo.base).request("POST", "/come-back", body, FORM)
    assert lost.status == 303

    assert step_of(came_back(place, words).seen) == "page:end"


@pytest.mark.parametrize("times", [2, 8])
def test_opening_twice_at_once_makes_one_response_at_most(place: Place, times: int) -> None:
    words = kept(writer(place, "check"))
    people = [Person(place.demo.base) for _ in range(times)]
    at_once([partial(person.post, "/come-back", [("words", words)]) for person in people])
    inside = [person for person in people if step_of(person.seen) == "check"]
    assert inside

    documents = place.sent_by(lambda: [person.press("send") for person in inside], OPEN)

    assert len(documents) == 1
    assert id_of(words) not in rows(place)


def test_a_draft_that_is_open_is_not_lost_by_opening_another(place: Place) -> None:
    words = kept(writer(place))
    person = writer(place, "page:thunder")

    page = person.post("/come-back", [("words", words)])

    assert "You have started already" in page.words
    assert step_of(person.open("/back-to-questions")) == "page:thunder"
    assert step_of(came_back(place, words).seen) == "page:end"


def test_it_is_there_after_any_time_and_after_the_server_was_switched_off(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    surveys = closed_group_surveys(tmp_path)
    with running_demo(tmp_path / "one", surveys=surveys) as demo:
        own = Place(demo)
        words = kept(writer(own))
        an_hour_passes(own)
        demo.heard("sweep")
        demo.stop()
    instance = tmp_path / "one" / "instance"

    # Drafts in memory are gone: another folder is empty.
    with running_demo(tmp_path / "two", surveys=surveys, instance=instance) as demo:
        back = came_back(Place(demo), words)
        assert step_of(back.seen) == "page:end"
        assert Place(demo).draft_of(back).answers["why_rain"] == WORDS


def test_it_goes_on_with_the_version_it_began(place: Place) -> None:
    words = kept(writer(place))
    text = (place.demo.surveys / f"{OPEN}.yaml").read_text("utf-8")
    text = text.replace("version: 1", "version: 2").replace("What should change?", "What is new?")
    with storage_of(place) as storage:
        publish(storage, load_definition(text, "x.yaml"), [place.key.public_key("researcher")])

    back = came_back(place, words)

    assert "What should change?" in back.seen.words
    (document,) = place.sent_by(lambda: walk(back), OPEN)
    assert document["version"] == 1


@pytest.mark.parametrize("typed", ["one two three four five six", "x", "é" * 500, "\x00", "' OR 1"])
def test_wrong_words_get_a_kind_answer(place: Place, typed: str) -> None:
    person = came_back(place, typed)

    assert person.seen.status == 200
    assert 'role="alert"' in person.seen.body
    assert "Take answers back" in person.seen.words
    assert person.cookies == {}


def test_words_for_taking_back_open_nothing(place: Place) -> None:
    person = place.person(OPEN)
    walk(person)

    assert came_back(place, code_on(person.seen)).cookies == {}
    assert "We did not find answers" in (
        Person(place.demo.base).post("/withdraw", [("code", kept(writer(place)))]).words
    )


def test_nothing_typed_asks_for_the_words(place: Place) -> None:
    assert "Type the six words" in came_back(place, " ").seen.words


def test_a_person_can_delete_what_they_kept(place: Place) -> None:
    words = kept(writer(place))

    person = came_back(place, words, "delete")

    assert "What you kept is deleted" in person.seen.words
    assert id_of(words) not in rows(place)
    assert came_back(place, words).cookies == {}


def test_while_it_is_paused_the_words_wait(place: Place) -> None:
    words = kept(writer(place))
    assert place.demo.heard("pause", OPEN).returncode == 0
    try:
        person = came_back(place, words)
        assert "Your six words still work." in person.seen.words
        assert person.cookies == {}
        assert dict(person.seen.form.fields)["words"] == words
    finally:
        with storage_of(place) as storage:
            storage.set_state(OPEN, "open")

    assert step_of(came_back(place, words).seen) == "page:end"


@pytest.mark.thorough
def test_the_end_deletes_what_was_kept(tmp_path: Path) -> None:
    with running_demo(tmp_path, surveys=closed_group_surveys(tmp_path)) as demo:
        own = Place(demo)
        words = kept(writer(own))

        done = demo.heard("end", OPEN)

        assert "deleted" in done.stdout
        assert rows(own) == {}
        assert id_of(words) not in (demo.instance / "heard.sqlite3").read_bytes()
        assert came_back(own, words).cookies == {}


def test_the_closing_day_deletes_what_was_kept_with_the_next_sweep(tmp_path: Path) -> None:
    with running_demo(tmp_path, surveys=closed_group_surveys(tmp_path)) as demo:
        own = Place(demo)
        kept(writer(own))
        text = (demo.surveys / f"{OPEN}.yaml").read_text("utf-8")
        over = text.replace("version: 1", "version: 2").replace("closes: 2099", "closes: 2020")
        with storage_of(own) as storage:
            publish(storage, load_definition(over, "x.yaml"), [own.key.public_key("researcher")])

        assert demo.heard("sweep").returncode == 0

        assert rows(own) == {}


def test_on_a_device_that_is_passed_around_it_is_not_offered(tmp_path: Path) -> None:  # R71
    surveys, env = closed_group_surveys(tmp_path), {"HEARD_KIOSK": "on"}
    with running_demo(tmp_path, surveys=surveys, env=env) as demo:
        own = Place(demo)
        person = writer(own)
        assert KEEP not in person.seen.words
        assert step_of(person.open("/keep")) == "page:end"
        assert "/keep" not in person.open("/pause").links


# With a card of a closed group


def test_a_card_waits_with_the_answers_and_comes_back_with_them(place: Place) -> None:
    (code,) = new_cards(place.demo, 1)
    for sweep in (lambda _place: None, minutes_pass, an_hour_passes):
        person = with_a_card(place, code)
        words = kept(person)
        sweep(place)
        other = Person(place.demo.base)
        other.start(code)
        assert other.cookies == {}

        back = came_back(place, words)
        minutes_pass(place)
        other.start(code)
        assert other.cookies == {}
        back.press("delete")

        # And now the card is free again.
    other.start(code)
    assert step_of(other.seen) == "about"


def test_deleting_what_was_kept_gives_the_card_back(place: Place) -> None:
    (code,) = new_cards(place.demo, 1)
    person = with_a_card(place, code)
    words = kept(person)
    minutes_pass(place)

    came_back(place, words, "delete")

    again = Person(place.demo.base)
    again.start(code)
    assert step_of(again.seen) == "about"


def test_a_kept_answer_that_is_sent_uses_the_card_up(place: Place) -> None:
    (code,) = new_cards(place.demo, 1)
    person = with_a_card(place, code)
    back = came_back(place, kept(person))

    (document,) = place.sent_by(lambda: walk(back), GROUP)

    assert document["collector"] == "north"
    an_hour_passes(place)
    other = Person(place.demo.base)
    other.start(code)
    assert other.cookies == {}
