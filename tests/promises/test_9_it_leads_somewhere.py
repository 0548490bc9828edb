"""Promise 9: it leads somewhere. Who listens, what they promised, by when, and "late" in public."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest
from babel.dates import format_date

from tests.person import Page, Person
from tests.place import SAMPLES, Place, sample_surveys
from tests.server import ROOT, running_demo
from tests.walks import walk

LANGUAGES = [("internet-safer", language) for language in ("en", "fr", "ar")]
LANGUAGES += [("survivors-perspectives", language) for language in ("en", "es")]


def told(day: dt.date, language: str) -> str:
    return format_date(day, format="long", locale=language)


@pytest.mark.parametrize(("consultation", "language"), LANGUAGES)
@pytest.mark.requirement("R2", "R98")
def test_the_first_page_says_who_listens_what_they_promised_and_by_when(
    place: Place, consultation: str, language: str
) -> None:  # R98
    page = place.person(consultation, language).seen
    doors = place.definition(consultation).participation
    assert doors is not None
    assert doors.audience is not None
    assert doors.influence is not None

    shown = unescape(page.body)
    for text in (
        doors.audience.who,
        doors.audience.promise,
        doors.influence.can_change,
        doors.influence.cannot_change,
        doors.space,
        doors.voice,
    ):
        assert text is not None
        assert text[language] in shown
    assert told(doors.audience.reply_by, language) in shown


@pytest.mark.parametrize(("consultation", "language"), LANGUAGES)
@pytest.mark.requirement("R91")
def test_the_page_after_sending_says_what_happens_next_and_by_when(
    place: Place, consultation: str, language: str
) -> None:  # R91
    person = place.person(consultation, language)
    walk(person, empty=True)
    definition = place.definition(consultation)

    shown = unescape(person.seen.body)
    assert definition.thanks.what_happens_next[language] in shown
    assert told(definition.dates.results_by, language) in shown


@pytest.mark.parametrize(("consultation", "language"), LANGUAGES)
@pytest.mark.requirement("R93")
def test_the_results_page_is_there_from_the_first_day_for_everybody(
    place: Place, consultation: str, language: str
) -> None:  # R93
    definition = place.definition(consultation)
    for code in place.demo.codes(consultation)[:2]:
        page = Person(place.demo.base).open(f"/results/{code}?language={language}")

        shown = unescape(page.body)
        assert page.status == 200
        assert told(definition.dates.results_by, language) in shown
        assert definition.participation is not None
        assert definition.participation.audience is not None
        assert definition.participation.audience.who[language] in shown


def test_a_code_of_nothing_leads_to_no_results(place: Place) -> None:
    page = Person(place.demo.base).open("/results/nocode")

    assert page.status == 404
    assert page.body == Person(place.demo.base).open("/").body


DUE = dt.date(2027, 6, 30)
"""By when both samples promise something: results and a reply, and one change of an outcome."""
TOLD = "she-leads"
"""The sample that shows outcomes in every state."""


def on_a_day(folder: Path, day: dt.date) -> Iterator[Place]:
    """A server of its own for which it is that day."""
    surveys = sample_surveys(folder)
    shutil.copy(ROOT / "surveys" / f"{TOLD}.yaml", surveys)
    with running_demo(folder, surveys=surveys, today=day) as demo:
        yield Place(demo)


@pytest.fixture(scope="module")
def on_the_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The last day of the promises."""
    yield from on_a_day(tmp_path_factory.mktemp("on-the-day"), DUE)


@pytest.fixture(scope="module")
def day_after(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The day after it."""
    yield from on_a_day(tmp_path_factory.mktemp("day-after"), DUE + dt.timedelta(days=1))


def results(place: Place, consultation: str, language: str = "en") -> Page:
    """The results page as somebody without any session sees it."""
    address = f"/results/{place.code(consultation)}?language={language}"
    return Person(place.demo.base).open(address)


def lateness(page: Page) -> list[str]:
    """The sentences that begin with the mark of what is late."""
    return [unescape(said) for said in re.findall(r"<mark>.*?</mark> *([^<]*)", page.body)]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_r93_a_promise_that_was_not_kept_is_late_in_public_the_day_after(
    on_the_day: Place, day_after: Place, language: str
) -> None:
    in_time = results(on_the_day, SAMPLES[0], language)
    late = results(day_after, SAMPLES[0], language)

    doors = day_after.definition(SAMPLES[0]).participation
    assert doors is not None
    assert doors.audience.reply_by == DUE == day_after.definition(SAMPLES[0]).dates.results_by
    assert lateness(in_time) == []
    assert len(lateness(late)) == 2
    assert all(told(DUE, language) in said for said in lateness(late))


def test_r93_a_change_that_is_not_done_is_late_in_public_the_day_after(
    on_the_day: Place, day_after: Place
) -> None:
    definition = day_after.definition(TOLD)
    due = [outcome for outcome in definition.reply.outcomes if outcome.by == DUE]
    before, after = results(on_the_day, TOLD), results(day_after, TOLD)

    assert [outcome.state for outcome in due] == ["answered"]
    assert len(lateness(after)) == len(lateness(before)) + len(due)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_r93_r94_everything_that_is_told_stands_there_and_the_version_for_children_first(
    on_the_day: Place, language: str
) -> None:
    definition = on_the_day.definition(TOLD)
    shown = unescape(results(on_the_day, TOLD, language).body)

    outcomes = definition.reply.outcomes
    for outcome in outcomes:
        for text in (outcome.heard, outcome.change, outcome.who, outcome.no_change, outcome.why):
            assert text is None or text[language] in shown
        assert outcome.by is None or told(outcome.by, language) in shown
    for_children = [
        outcome.child_version[language] for outcome in outcomes if outcome.child_version
    ]
    assert len(for_children) == len(outcomes) > 1
    first_for_adults = min(shown.index(outcome.heard[language]) for outcome in outcomes)
    assert all(shown.index(text) < first_for_adults for text in for_children)
    assert f'lang="{language}"' in shown[: shown.index("<head")]


def test_a_draft_is_shown_to_nobody(on_the_day: Place) -> None:
    definition = on_the_day.definition(TOLD)
    drafts = [outcome for outcome in definition.outcomes if outcome.state == "draft"]
    database = f"file:{on_the_day.demo.instance / 'heard.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(database, uri=True)) as connection:
        kept = "".join(line for line in connection.iterdump())

    assert drafts
    for draft in drafts:
        assert draft.heard["en"] not in unescape(results(on_the_day, TOLD).body)
        assert draft.heard["en"] not in kept
    assert definition.reply.outcomes[0].heard["en"] in kept


def test_every_one_of_the_four_areas_is_told_of_also_when_it_is_empty(on_the_day: Place) -> None:
    page = results(on_the_day, TOLD)

    headings = re.findall("<h3>(.*?)</h3>", page.body)
    assert len(headings) == 4
    empty = page.body.partition(headings[2])[2].partition("<h3>")[0]
    assert "<article" not in empty
    assert "There is nothing to tell about this yet." in empty


def test_an_area_of_which_nobody_was_asked_says_so(tmp_path: Path) -> None:
    surveys = sample_surveys(tmp_path)
    path = surveys / f"{SAMPLES[1]}.yaml"
    text = path.read_text(encoding="utf-8").replace("    area: training\n", "")
    outcome = "heard: x, state: sent, area: support, change: y, by: 2099-01-01"
    told_of = f"outcomes: [{{{outcome}}}]\nnobody_answered: [reporting]\n"
    path.write_text(text.replace("outcomes: []", told_of), "utf-8")

    with running_demo(tmp_path, surveys=surveys) as demo:
        page = results(Place(demo), SAMPLES[1])

    assert page.words.count("We did not ask about this.") == 1
    assert page.words.count("Nobody answered about this.") == 1
    assert page.words.count("There is nothing to tell about this yet.") == 1


def test_r92_the_page_says_until_when_answers_can_be_taken_back_and_where(
    on_the_day: Place, day_after: Place
) -> None:
    definition = on_the_day.definition(SAMPLES[0])
    assert definition.dates.last_withdrawal == DUE

    before, after = results(on_the_day, SAMPLES[0]), results(day_after, SAMPLES[0])

    assert "/withdraw?language=en" in before.links
    assert "/withdraw?language=en" not in after.links
    assert told(DUE, "en") in unescape(after.body)


def test_r98_what_a_version_changed_because_of_people_stands_there(tmp_path: Path) -> None:
    surveys = sample_surveys(tmp_path)
    path = surveys / f"{SAMPLES[1]}.yaml"
    changed = "version: 2\nchanges: [{version: 2, what: One question was hard. We made two of it.}]"
    text = path.read_text(encoding="utf-8").replace("version: 1", changed, 1)
    path.write_text(text, "utf-8")

    with running_demo(tmp_path, surveys=surveys) as demo:
        assert "We made two of it." in results(Place(demo), SAMPLES[1]).body


def test_r93_more_can_be_told_while_people_answer_and_after_the_end(tmp_path: Path) -> None:
    surveys = sample_surveys(tmp_path)
    path = surveys / f"{SAMPLES[0]}.yaml"
    with running_demo(tmp_path, surveys=surveys) as demo:
        place = Place(demo)
        writing = place.person()
        digest = place.definition(SAMPLES[0]).digest
        (response,) = place.sent_by(lambda: walk(place.person(), empty=True))

        assert tell(path, place, "Reports get no answer.").returncode == 0
        assert "Reports get no answer." in results(place, SAMPLES[0]).body
        (later,) = place.sent_by(lambda: walk(writing, empty=True))
        assert demo.heard("end", SAMPLES[0]).returncode == 0
        assert tell(path, place, "Reports get an answer now.").returncode == 0
        assert "Reports get an answer now." in results(place, SAMPLES[0]).body

    assert response["definition"] == later["definition"] == digest
    assert (response["version"], later["version"]) == (1, 1)


def tell(path: Path, place: Place, heard: str) -> subprocess.CompletedProcess[str]:
    """Write one outcome into the file, in its three languages, and publish it."""
    keys = ("heard", "child_version", "change")
    texts = ", ".join(f"{key}: {{en: {heard}, fr: {heard}, ar: {heard}}}" for key in keys)
    line = f"outcomes: [{{{texts}, by: 2099-01-01, state: sent}}]"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"^outcomes: .*$", line, text, flags=re.MULTILINE), "utf-8")
    return place.demo.heard("outcomes", SAMPLES[0], "--publish")


def test_the_page_after_sending_says_where_to_read_it(place: Place) -> None:
    person = place.person()
    walk(person, empty=True)
    assert "Read the results" in person.seen.words
    front = Person(place.demo.base)

    asking = front.open("/").links
    page = front.open(next(link for link in asking if link.startswith("/results")))

    (form,) = [form for form in page.forms if form.action == "/results"]
    found = front.open(f"/results?code=%20{place.code().upper()}&language=fr")
    assert form.method == "get"
    assert found.path == f"/results/{place.code()}?language=fr"
    assert found.status == 200
    assert front.cookies == {}


def test_a_code_of_nothing_is_asked_for_again(place: Place) -> None:
    page = Person(place.demo.base).open("/results?code=nocode")

    assert page.status == 200
    assert 'role="alert"' in page.body
    assert "nocode" in dict(page.forms[0].fields).values()
