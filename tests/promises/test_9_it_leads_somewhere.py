"""Promise 9: it leads somewhere. Who listens, what they promised, by when, and "late" in public."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from html import unescape

import pytest
from babel.dates import format_date

from app.consultation import Definition
from tests.person import Person
from tests.place import SAMPLES, Place, sample_surveys
from tests.server import running_demo
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


@pytest.fixture(scope="module")
def overdue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The same consultation, with a promise that was to be kept yesterday."""
    folder = tmp_path_factory.mktemp("overdue")
    surveys = sample_surveys(folder)
    (surveys / f"{SAMPLES[1]}.yaml").unlink()
    path = surveys / f"{SAMPLES[0]}.yaml"
    yesterday = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)
    past = (
        f"{{opens: 2020-01-01, closes: 2020-02-01, results_by: {yesterday}, delete_by: 2099-01-01}}"
    )
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"^dates: .*$", f"dates: {past}", text, flags=re.MULTILINE), "utf-8")
    with running_demo(folder, surveys=surveys) as demo:
        yield Place(demo)


def due(definition: Definition) -> dt.date:
    return definition.dates.results_by


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.requirement("R93")
def test_a_promise_that_was_not_kept_is_late_in_public(
    place: Place, overdue: Place, language: str
) -> None:  # R93
    late = Person(overdue.demo.base).open(f"/results/{overdue.code()}?language={language}")
    in_time = Person(place.demo.base).open(f"/results/{place.code()}?language={language}")

    assert told(due(overdue.definition(SAMPLES[0])), language) in unescape(late.body)
    assert "<strong>" in late.body
    assert "<strong>" not in in_time.body
