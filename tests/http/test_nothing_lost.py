"""Words that come late, twice, or from another tab: the person keeps them (R28, R30, R35)."""

from __future__ import annotations

from contextlib import closing
from html import unescape

import pytest

from app.commands.database import IDLE_SWEEPS
from app.respond.reading import MOST_KEPT
from app.sealing import draft_id
from app.storage import Storage, open_storage
from tests.person import Page, Person
from tests.place import SAMPLES, Place, code_on, key_of
from tests.walks import step_of, walk

HERE = "page:report_barriers"
TEXT = "report_easier"
WORDS = '  first line\r\n\r\nسطر ثانٍ & <b>"third"</b> 🌧\r\n\r\nlast line'
SHOWN = WORDS.replace("\r\n", "\n")
KEPT = SHOWN.strip()
TICKED = ["blame", "trouble"]
LATE = 'name="kept-'


def storage_of(place: Place) -> Storage:
    env = place.demo.env
    return open_storage(
        f"sqlite:///{place.demo.instance / 'heard.sqlite3'}", env["HEARD_DRAFTS_URL"]
    )


def lose(place: Place, person: Person) -> None:
    """What a sweep does after an hour."""
    with closing(storage_of(place)) as storage:
        storage.delete_draft(draft_id(key_of(person)))


def late(place: Place, language: str = "en", **answers: str | list[str]) -> Person:
    """Somebody whose draft went while they wrote, after they pressed "Continue"."""
    person = place.person(language=language)
    walk(person, lambda name: f"earlier {name}", until=HERE)
    lose(place, person)
    person.press("continue", {TEXT: WORDS, "report_stops": TICKED, **answers})
    return person


def answers_on(page: Page, name: str) -> list[str]:
    """As a browser has it: with one kind of line break."""
    found = [value for field, value in page.form.fields if field == name]
    return [value.replace("\r\n", "\n") for value in found]


@pytest.mark.requirement("R28", "R30")
def test_words_that_come_after_an_hour_are_there_to_begin_again_with(place: Place) -> None:
    person = late(place)
    held = person.seen

    assert held.status == 200
    assert answers_on(held, f"kept-{TEXT}") == [SHOWN]
    person.press()
    assert step_of(person.seen) == "about"
    walk(person, empty=True, until=HERE)
    assert answers_on(person.seen, TEXT) == [KEPT]
    assert answers_on(person.seen, "report_stops") == TICKED

    (document,) = place.sent_by(lambda: walk(person, lambda name: "x" if name != TEXT else KEPT))
    assert document["answers"][TEXT] == KEPT


@pytest.mark.requirement("R30", "R43")
def test_the_page_that_holds_them_says_nothing_of_the_questions(place: Place) -> None:
    held = late(place).seen
    definition = place.definition(SAMPLES[0])

    assert held.title == "Questions"
    shown = unescape(held.body)
    for question in definition.asked:
        assert question.label["en"] not in shown
    assert definition.title["en"] not in shown
    assert "earlier" not in shown.replace("what was written", "")
    assert held.links[0].startswith("/leave")


@pytest.mark.requirement("R30")
def test_what_was_deleted_stays_deleted(place: Place) -> None:
    person = late(place)
    old = key_of(person)

    person.press()

    draft = place.draft_of(person)
    assert key_of(person) != old
    assert set(draft.answers) == {TEXT, "report_stops"}
    assert draft.consent == ()
    assert draft.done == ()
    assert place.sent_by(lambda: person.press("send") if "send" in person.seen.body else None) == []


@pytest.mark.requirement("R43")
def test_without_the_cookie_no_word_comes_back(place: Place) -> None:
    """As after exit: a browser that sends the form once more sees the neutral page."""
    person = place.person()
    walk(person, until=HERE)
    path, fields = person.seen.path, [*person.seen.form.fields, (TEXT, WORDS)]
    person.request("GET", "/leave")
    assert person.cookies == {}

    for action in ("continue", "support", "pause"):
        page = person.post(path, [*fields, ("action", action)])
        assert page.body == Person(place.demo.base).open("/").body
    held = late(place)
    begin = [*held.seen.form.fields, ("code", "no-such-code")]
    held.request("GET", "/leave")
    assert LATE not in held.post("/start", begin).body


@pytest.mark.requirement("R37", "R39")
@pytest.mark.parametrize(("path", "action"), [("", "skip"), ("/stop", "delete")])
def test_words_that_nobody_wants_kept_are_not_held(place: Place, path: str, action: str) -> None:
    person = place.person()
    walk(person, until=HERE)
    fields = [*person.seen.form.fields, (TEXT, WORDS), ("action", action)]
    lose(place, person)

    page = person.post(path or person.seen.path, fields)

    assert LATE not in page.body
    assert "first line" not in page.body
    assert person.cookies == {}


def test_a_code_that_does_not_work_loses_no_word(place: Place) -> None:
    person = late(place)
    fields = [field for field in person.seen.form.fields if field[0] != "code"]

    for code in ("", "no-such-code"):
        page = person.post("/start", [*fields, ("code", code)])
        assert answers_on(page, f"kept-{TEXT}") == [SHOWN]
        assert 'role="status"' in page.body
        fields = [field for field in page.form.fields if field[0] != "code"]
    person.post("/start", [*fields, ("code", place.code())])

    assert place.draft_of(person).answers[TEXT] == KEPT


def test_the_page_speaks_the_language_of_the_person(place: Place) -> None:
    person = late(place, "fr")

    assert '<html lang="fr"' in person.seen.body
    person.press()
    assert place.draft_of(person).language == "fr"


def test_what_is_too_long_is_said_and_never_cut(place: Place) -> None:
    person = late(place, report_easier="x" * (MOST_KEPT + 1))

    person.press()
    assert 'role="status"' in person.seen.body
    assert answers_on(person.seen, f"kept-{TEXT}") == ["x" * (MOST_KEPT + 1)]
    person.press(answers={f"kept-{TEXT}": "shorter"})

    assert place.draft_of(person).answers[TEXT] == "shorter"


def test_words_for_a_page_that_is_no_more_can_be_copied(place: Place) -> None:
    """The person began with an earlier version of the questions."""
    person = late(place)
    fields = [field for field in person.seen.form.fields if field[0] != "late-step"]

    page = person.post("/start", [*fields, ("late-step", "page:gone")])

    assert 'role="status"' in page.body
    assert answers_on(page, f"kept-{TEXT}") == [SHOWN]


def test_looking_for_help_in_between_loses_no_word(place: Place) -> None:
    person = late(place)
    held = next(link for link in person.seen.links if link.startswith("/support"))
    fields = [field for field in person.seen.form.fields if field[0] != "code"]

    assert person.open(held).status == 200
    assert person.cookies
    assert answers_on(person.post("/start", fields), f"kept-{TEXT}")


def test_a_page_from_before_starting_again_can_join_the_new_answers(place: Place) -> None:
    person = place.person()
    walk(person, until=HERE)
    old = person.seen
    person.open(f"/{place.code()}")
    person.press("again")
    walk(person, lambda _name: "new words", until="page:getting_help")
    new = place.draft_of(person)

    page = person.post(old.path, [*old.form.fields, (TEXT, WORDS), ("action", "continue")])
    assert page.status == 403
    assert place.draft_of(person).answers == new.answers
    assert answers_on(page, f"kept-{TEXT}") == [SHOWN]
    person.press()

    assert step_of(person.seen) == "page:getting_help"
    assert place.draft_of(person).answers == {**new.answers, TEXT: KEPT}


def test_a_page_of_other_questions_ends_no_session(place: Place) -> None:
    person = place.person()
    walk(person, until=HERE)
    old = person.seen
    person.start(place.code(SAMPLES[1]))
    assert place.draft_of(person).consultation == SAMPLES[1]

    page = person.post(old.path, [*old.form.fields, (TEXT, WORDS), ("action", "continue")])

    assert page.status == 403
    assert KEPT in unescape(page.body).replace("\r\n", "\n")
    assert place.draft_of(person).consultation == SAMPLES[1]
    assert "/back-to-questions" in page.links


@pytest.mark.requirement("R35")
def test_words_that_come_after_sending_are_not_sent_and_not_lost(place: Place) -> None:
    person = place.person()
    walk(person, until=HERE)
    path, fields = person.seen.path, [*person.seen.form.fields, (TEXT, WORDS)]
    walk(person)
    before = place.rows()

    for action, where in (("continue", path), ("send", "/stop")):
        page = person.post(where, [*fields, ("action", action)])
        assert KEPT in unescape(page.body).replace("\r\n", "\n")

    assert place.rows() == before


@pytest.mark.requirement("R35", "R91")
def test_whoever_lost_the_answer_to_sending_still_sees_the_code_once(place: Place) -> None:
    """Sent and stored; then the network went. The browser goes back to the page before."""
    person = place.person()
    walk(person, until="check")
    path, fields = person.seen.path, [*person.seen.form.fields, ("action", "send")]
    before = place.rows()
    body = "&".join(f"{name}={value}" for name, value in fields).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert person.request("POST", path, body, form).status == 303

    code = code_on(person.open(path))

    assert code.count(" ") == 5
    assert person.seen.path == "/sent"
    assert len(place.rows()) == len(before) + 1
    assert code not in person.open(path).body


def test_words_of_a_page_that_left_the_path_wait_for_it(place: Place) -> None:
    person = place.person()
    walk(person, until="page:report_now")
    here = person.seen
    person.press("back")
    person.press("continue", {"knows_where": "no"})

    person.post(here.path, [*here.form.fields, ("app_answers", "mostly"), ("action", "continue")])
    while step_of(person.seen) != "page:report_button":
        person.press("back")
    person.press("continue", {"knows_where": "most_apps"})

    assert step_of(person.seen) == "page:report_now"
    assert answers_on(person.seen, "app_answers") == ["mostly"]


@pytest.mark.requirement("R28")
def test_an_empty_page_left_open_in_another_tab_wipes_nothing_out(place: Place) -> None:
    person = place.person()
    walk(person, until=HERE)
    empty = person.seen
    person.open(empty.path)
    person.press("continue", {TEXT: "words of this tab"})

    person.post(empty.path, [*empty.form.fields, ("action", "back")])
    assert place.draft_of(person).answers[TEXT] == "words of this tab"
    fields = [field for field in empty.form.fields if field[0] != TEXT]
    person.post(empty.path, [*fields, (TEXT, "words of that tab"), ("action", "continue")])

    assert step_of(person.seen) == HERE
    assert 'role="alert"' in person.seen.body
    assert answers_on(person.seen, TEXT) == ["words of this tab\n\nwords of that tab"]
    person.press("continue")
    assert step_of(person.seen) == "page:getting_help"


@pytest.mark.requirement("R30")
def test_somebody_who_writes_for_long_keeps_the_draft(place: Place) -> None:
    """The page's script tells now and then that somebody is still there."""
    person, gone = place.person(), place.person()
    walk(person, lambda _name: "words that wait", until=HERE)
    here = person.seen
    with closing(storage_of(place)) as storage:
        for _ in range(3):
            storage.age_drafts(IDLE_SWEEPS)
            told = person.request("GET", "/page/here", headers={"X-Step": "1"})
            assert (told.status, told.body) == (204, "")
            storage.age_drafts(1)

    assert step_of(person.open(here.path)) == HERE
    assert place.draft_row(key_of(gone)) is None
    nobody = Person(place.demo.base)
    assert nobody.request("GET", "/page/here", headers={"X-Step": "1"}).status == 204
    assert nobody.open("/page/here").body == nobody.open("/").body


def test_the_script_is_told_where_to_go(place: Place) -> None:
    person = place.person()
    walk(person, until=HERE)
    body = "&".join(f"{name}={value}" for name, value in person.seen.form.fields).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Step": "1"}

    answer = person.request("POST", person.seen.path, body + b"&action=continue", headers)

    assert (answer.status, answer.body) == (204, "")
    assert answer.headers["Location"] is None
    assert step_of(person.open(answer.headers["X-Go"])) == "page:getting_help"
