"""A device that is passed around with a worker in the room, as HTTP shows it (R71, R89, R91)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest

from app.consultation import text_in
from tests.person import Page, Person
from tests.place import Place, code_on, key_of, write_surveys
from tests.server import running_demo
from tests.walks import step_of, walk

GROUP, OWN, PLACES = "childrens-insights", "internet-safer", "children-know-better"
EXIT = "https://weather.example/today"
MARKED = "vermilionquokka"
CANNOT_SEE = re.compile(r"cannot see who|see who you are", re.IGNORECASE)
MAY_REPORT = "may have to report what they see here or what you tell them"
LAST_PAGE, MORE_TIME, AN_HOUR = 3 * 60, 30 * 60, 60 * 60


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server with a consultation for groups, and one for people's own devices."""
    folder = tmp_path_factory.mktemp("group")
    with running_demo(
        folder, surveys=write_surveys(folder, GROUP, OWN, PLACES), exit_to=EXIT
    ) as demo:
        yield Place(demo)


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """`heard demo --kiosk`."""
    folder = tmp_path_factory.mktemp("kiosk")
    surveys = write_surveys(folder, GROUP, OWN, PLACES)
    with running_demo(folder, surveys=surveys, exit_to=EXIT, arguments=["--kiosk"]) as demo:
        yield Place(demo)


@pytest.fixture(params=["session: group", "demo --kiosk"])
def shared(request: pytest.FixtureRequest) -> tuple[Place, str]:
    """A server and a consultation on a shared device there, in both ways of saying so."""
    if request.param == "session: group":
        return request.getfixturevalue("group"), GROUP
    return request.getfixturevalue("kiosk"), OWN


def clears(page: Page) -> tuple[int, str]:
    """After how many seconds a page without script goes where."""
    found = re.findall(
        r'<noscript><meta http-equiv="refresh" content="(\d+);url=(.*?)">', page.body
    )
    assert len(found) == 1, page.body
    ((seconds, address),) = found
    return int(seconds), unescape(address)


# --- what people are told (R71) ---


def texts_beside_boxes(page: Page) -> list[str]:
    found = re.findall(r'<p class="limits".*?>(.*?)</p>', page.body, re.DOTALL)
    boxes = page.body.count("<textarea")
    assert len(found) >= boxes
    return [unescape(text) for text in found]


def test_r71_limits_stand_before_consent_and_beside_every_box(group: Place) -> None:
    limits = text_in(group.definition(GROUP).limits, "en")
    pages: dict[str, Page] = {}
    beside: list[str] = []

    def look(page: Page) -> None:
        pages[step_of(page)] = page
        beside.extend(texts_beside_boxes(page))

    walk(group.person(GROUP), look=look)

    assert limits
    for step in ("safety", "consent"):
        assert limits in pages[step].words
        assert MAY_REPORT in pages[step].words
    assert len(beside) == 2
    for text in beside:
        assert limits in text
        assert MAY_REPORT in text
        assert "Nobody reads this right away" in text  # R69 stays


def test_r71_a_kiosk_says_it_of_every_consultation(kiosk: Place) -> None:
    pages: list[Page] = []

    walk(kiosk.person(OWN), look=pages.append)

    told = [step_of(page) for page in pages if MAY_REPORT in page.words]
    assert {"safety", "consent", "page:last_page"} <= set(told)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_r71_nobody_is_told_that_they_cannot_be_seen(kiosk: Place, language: str) -> None:
    own = "We do not read this right away and we cannot see who you are."
    assert CANNOT_SEE.search(own)

    def look(page: Page) -> None:
        assert not CANNOT_SEE.search(page.body), step_of(page)
        assert "private window" not in page.body

    walk(kiosk.person(OWN, language), look=look)


def test_r69_a_persons_own_device_is_told_what_is_true_there(group: Place) -> None:
    pages: list[Page] = []

    walk(group.person(OWN), look=pages.append)

    said = [page for page in pages if CANNOT_SEE.search(page.words)]
    assert {"consent", "page:last_page"} <= {step_of(page) for page in said}
    for page in pages:
        assert MAY_REPORT not in page.words
        assert "refresh" not in page.body


# --- the end of each person, and the next one (R91) ---


def sent(person: Person) -> Page:
    walk(person, lambda _name: MARKED)
    return person.seen


def stopped_and_sent(person: Person) -> Page:
    walk(person, lambda _name: MARKED, until="check")
    return person.press("send")


def stopped_and_deleted(person: Person) -> Page:
    walk(person, lambda _name: MARKED, until="check")
    return person.press("delete")


def declined(person: Person) -> Page:
    walk(person, until="consent")
    return person.press("decline")


ENDS: dict[str, Callable[[Person], Page]] = {
    "sent": sent,
    "stopped and sent": stopped_and_sent,
    "stopped and deleted": stopped_and_deleted,
    "declined": declined,
}


@pytest.mark.in_turn(4)
@pytest.mark.parametrize("end", ENDS)
def test_r91_the_last_page_clears_itself_for_the_next_person(
    shared: tuple[Place, str], end: str
) -> None:
    place, consultation = shared
    code = place.code(consultation)
    front = Person(place.demo.base).open(f"/{code}").body
    person = place.person(consultation)
    key = key_of(person)

    page = ENDS[end](person)

    seconds, address = clears(page)
    assert seconds == LAST_PAGE
    after = person.request("GET", address)
    assert (after.status, after.headers["Location"]) == (303, f"/{code}")
    assert after.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert person.cookies == {}
    assert place.draft_row(key) is None
    assert person.open(f"/{code}").body == front
    plain = Person(place.demo.base).open("/").body
    for path in ("/sent", "/page/4", "/pause", "/back-to-questions"):
        assert person.open(path).body == plain, path


@pytest.mark.in_turn(4)
@pytest.mark.parametrize("end", ENDS)
def test_r91_the_next_person_can_begin_at_once(shared: tuple[Place, str], end: str) -> None:
    place, consultation = shared
    person = place.person(consultation)
    ENDS[end](person)
    person.open(clears(person.seen)[1])
    assert dict(person.seen.form.fields)["code"] == place.code(consultation)

    page = person.press()

    assert (page.path, step_of(page)) == ("/page/1", "about")
    assert MARKED not in page.body


def test_r91_each_place_keeps_its_own_code(kiosk: Place) -> None:
    for code in kiosk.demo.codes(PLACES):
        person = Person(kiosk.demo.base)
        person.start(code)

        assert clears(sent(person)) == (LAST_PAGE, f"/leave?code={code}")


def test_r91_a_reload_of_the_last_page_shows_the_front_page_with_the_code(
    shared: tuple[Place, str],
) -> None:
    place, consultation = shared
    person = place.person(consultation)
    words = code_on(sent(person))

    again = person.open("/sent")

    assert words not in again.body
    assert again.body == Person(place.demo.base).open(f"/{place.code(consultation)}").body


def test_r91_nothing_that_is_opened_from_the_last_page_brings_it_back(
    shared: tuple[Place, str],
) -> None:
    """Support, another language there, the start page: each could allow one more look."""
    place, consultation = shared
    person = place.person(consultation)
    words = code_on(sent(person))

    person.open("/support")
    person.open("/language/en?from=support")
    person.open("/")

    assert person.cookies == {}
    assert words not in person.open("/sent").body


@pytest.mark.parametrize("end", ["stopped and deleted", "declined"])
def test_r91_support_after_the_end_knows_the_device(shared: tuple[Place, str], end: str) -> None:
    """The list of services tells that somebody looked for help, so it clears itself too."""
    place, consultation = shared
    code = place.code(consultation)
    person = place.person(consultation)
    page = ENDS[end](person)
    ways = [link for link in page.links if link.startswith("/support")]

    assert len(ways) >= 2
    for way in ways:
        page = person.open(way)
        assert clears(page) == (LAST_PAGE, f"/leave?code={code}")
        assert f"/{code}" in page.links


# --- time (R30; WCAG 2.2.1) ---


def test_r30_pages_of_questions_stay_for_more_than_an_hour(shared: tuple[Place, str]) -> None:
    place, consultation = shared
    code = place.code(consultation)
    seen: list[Page] = []
    person = place.person(consultation)

    walk(person, until="check", look=seen.append)
    for path in ("/pause", "/support", f"/{code}"):
        seen.append(person.open(path))

    for page in seen:
        seconds, address = clears(page)
        assert seconds > AN_HOUR
        assert address == f"/leave?code={code}"


def test_r30_whoever_is_still_there_keeps_the_page_and_the_words(
    shared: tuple[Place, str],
) -> None:
    place, consultation = shared
    person = place.person(consultation)
    boxes = [page.name for page in place.definition(consultation).pages if page.asks_for_writing]
    walk(person, until=f"page:{boxes[0]}")
    step, path = step_of(person.seen), person.seen.path
    box = next(name for name, value in person.seen.form.fields if not value)

    page = person.press("stay", {box: MARKED})

    assert (step_of(page), page.path) == (step, path)
    assert dict(page.form.fields)[box] == MARKED


def test_r30_the_last_page_gives_ten_times_as_long(shared: tuple[Place, str]) -> None:
    place, consultation = shared
    person = place.person(consultation)
    words = code_on(sent(person))

    page = more_time(person)

    assert code_on(page) == words
    assert clears(page)[0] == MORE_TIME
    assert MORE_TIME >= 10 * LAST_PAGE
    assert words not in person.open("/sent?more=1").body


def more_time(person: Person) -> Page:
    """Press the button that asks for it, whichever form it is in."""
    (form,) = [f for f in person.seen.forms if f.action.startswith("/more-time")]
    return person.post(form.action, form.fields)


@pytest.mark.parametrize("end", ["stopped and deleted", "declined"])
def test_r30_so_do_the_pages_without_a_session(shared: tuple[Place, str], end: str) -> None:
    place, consultation = shared
    person = place.person(consultation)
    heading = re.findall("<h1>.*</h1>", ENDS[end](person).body)

    page = more_time(person)

    assert re.findall("<h1>.*</h1>", page.body) == heading
    assert clears(page) == (MORE_TIME, f"/leave?code={place.code(consultation)}")


def test_r18_r91_so_does_the_page_for_people_of_another_age(kiosk: Place) -> None:
    code = kiosk.code(PLACES)
    person = kiosk.person(PLACES)
    walk(person, until="age")
    outside = person.seen.form.boxes["age"][-1]

    page = person.press("continue", {"age": outside})

    assert step_of(page) == ""
    assert clears(page) == (LAST_PAGE, f"/leave?code={code}")
    more_time(person)
    assert clears(person.seen) == (MORE_TIME, f"/leave?code={code}")


def test_more_time_on_a_persons_own_device_is_the_front_page(group: Place) -> None:
    front = Person(group.demo.base).open("/").body

    for fields in ([("page", "stopped")], [("page", "../error")], []):
        assert Person(group.demo.base).post("/more-time", fields).body == front


# --- somebody walks away in the middle ---


def test_r91_the_next_person_is_not_led_into_the_answers_of_the_last(
    shared: tuple[Place, str],
) -> None:
    place, consultation = shared
    code = place.code(consultation)
    person = place.person(consultation)
    walk(person, lambda _name: MARKED, until="check")
    key = key_of(person)

    for page in (
        person.open(f"/{code}"),
        person.open("/"),
        person.post("/start", [("code", code)]),
    ):
        assert page.path != "/page/1"
        assert MARKED not in page.body
        assert step_of(page) == ""

    page = person.press("again")
    assert step_of(page) == "about"
    assert key_of(person) != key
    assert place.draft_row(key) is None


def test_whoever_comes_back_to_their_own_answers_still_has_them(shared: tuple[Place, str]) -> None:
    place, consultation = shared
    person = place.person(consultation)
    walk(person, lambda _name: MARKED, until="check")

    person.open(f"/{place.code(consultation)}")
    page = person.open("/back-to-questions")

    assert step_of(page) == "check"
    assert MARKED in page.body


def test_a_double_press_of_start_is_one_start(shared: tuple[Place, str]) -> None:
    place, consultation = shared
    person = place.person(consultation)
    key = key_of(person)

    page = person.post("/start", [("code", place.code(consultation))])

    assert step_of(page) == "about"
    assert key_of(person) == key


def test_r91_nothing_is_said_of_whoever_was_there_an_hour_ago(shared: tuple[Place, str]) -> None:
    place, consultation = shared
    code = place.code(consultation)
    front = Person(place.demo.base).open(f"/{code}").body
    person = Person(place.demo.base)
    person.cookies = {"q": "A" * 43}

    assert person.open(f"/{code}").body == front


# --- exit ---


@pytest.mark.parametrize("until", ["about", "consent", "check"])
def test_r40_r41_exit_leads_to_the_front_page_of_the_device(
    shared: tuple[Place, str], until: str
) -> None:
    place, consultation = shared
    code = place.code(consultation)
    person = place.person(consultation)
    walk(person, lambda _name: MARKED, until=until)
    key = key_of(person)
    assert person.seen.links[0] == f"/leave?code={code}"

    left = person.request("GET", person.seen.links[0])

    assert (left.status, left.headers["Location"]) == (303, f"/{code}")
    assert person.cookies == {}
    assert place.draft_row(key) is None


def test_exit_on_the_front_page_keeps_the_code(shared: tuple[Place, str]) -> None:
    place, consultation = shared
    code = place.code(consultation)
    person = Person(place.demo.base)
    person.open(f"/{code}")

    left = person.request("GET", person.seen.links[0])

    assert left.headers["Location"] == f"/{code}"


def test_exit_of_another_code_leads_outside(group: Place) -> None:
    """On a person's own device nothing changed; and no address leads wherever it says."""
    for code in ("", group.code(OWN), "nocode", "//evil.example", "https://evil.example"):
        left = Person(group.demo.base).request("GET", f"/leave?code={code}")
        assert (left.status, left.headers["Location"]) == (303, EXIT), code


def test_exit_at_a_kiosk_never_leads_outside(kiosk: Place) -> None:
    for code in ("", "nocode", "//evil.example"):
        left = Person(kiosk.demo.base).request("GET", f"/leave?code={code}")
        assert left.headers["Location"] == "/"


def test_r8_the_front_page_does_not_tell_a_groups_code_from_any_other(group: Place) -> None:
    codes = (group.code(GROUP), group.code(OWN), "zz9zz9")
    bodies = [Person(group.demo.base).open(f"/{code}").body for code in codes]
    for code in codes:  # the demo lists its samples on each of them
        bodies = [body.replace(code, "") for body in bodies]

    assert bodies[0] == bodies[1] == bodies[2]


# --- several tablets, many people ---


def test_two_tablets_in_one_room_know_nothing_of_each_other(shared: tuple[Place, str]) -> None:
    place, consultation = shared
    one, other = place.person(consultation), place.person(consultation)
    walk(one, lambda _name: "one", until="check")
    walk(other, lambda _name: "other", until="check")

    one.press("delete")

    assert step_of(other.open("/back-to-questions")) == "check"
    (document,) = place.sent_by(lambda: other.press("send"), consultation)
    assert "other" in document["answers"].values()


@pytest.mark.in_turn(2)
@pytest.mark.requirement("R89")
def test_r89_one_device_sends_for_as_many_people_as_hold_it(shared: tuple[Place, str]) -> None:
    """No count of a device, no mark left on it: the facilitator's process is the only control."""
    place, consultation = shared
    tablet = Person(place.demo.base, {"User-Agent": "The tablet of the group"})

    def everybody() -> None:
        for number in range(4):
            tablet.start(place.code(consultation))
            walk(tablet, f"person {number} in {{}}".format)
            tablet.open(clears(tablet.seen)[1])
            assert tablet.cookies == {}

    documents = place.sent_by(everybody, consultation)

    assert len(documents) == 4
    said = sorted(str(value) for each in documents for value in each["answers"].values())
    assert all(any(f"person {number} in" in value for value in said) for number in range(4))
