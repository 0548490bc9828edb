"""Every ready-made consultation: complete, short, and in an order that goes easy, hard, easy."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import Counter

import pytest

from app.consultation import Definition, load_definition_file
from app.support import load_directory

from .reading import NAMES, SURVEYS, demographics, sentences, texts

ADULT = 18
LEGAL_WORDS = r"\b(perpetrator|exploitation|disclosure|offender|victim|allegation|testimony)s?\b"


@pytest.fixture(scope="module", params=NAMES)
def sample(request: pytest.FixtureRequest) -> Definition:
    return load_definition_file(SURVEYS / f"{request.param}.yaml")


@pytest.fixture(scope="module", params=["internet-safer", "safe-internet-easy", "she-leads"])
def french_and_arabic(request: pytest.FixtureRequest) -> Definition:
    return load_definition_file(SURVEYS / f"{request.param}.yaml")


@pytest.fixture(scope="module")
def safer() -> Definition:
    return load_definition_file(SURVEYS / "internet-safer.yaml")


@pytest.fixture(scope="module")
def survivors() -> Definition:
    return load_definition_file(SURVEYS / "survivors-perspectives.yaml")


def test_the_samples_can_be_answered_today(sample: Definition) -> None:
    assert sample.dates.opens <= dt.date(2026, 11, 21) < sample.dates.closes
    assert sample.dates.closes < sample.dates.results_by < sample.dates.delete_by
    assert sample.dates.closes.year == 2027
    assert sample.sealed_to == ["keys/research-team.pub"]


@pytest.mark.requirement("R75")
def test_each_language_has_every_text(sample: Definition) -> None:
    counts = {language: len(texts(sample, language)) for language in sample.languages}

    assert len(set(counts.values())) == 1, counts
    assert counts["en"] > 80


def test_the_samples_are_as_long_and_as_varied_as_they_should_be(
    safer: Definition, survivors: Definition
) -> None:
    types = Counter(question.type for question in safer.questions.values())

    assert 16 <= len(list(safer.asked)) <= 20
    assert 7 <= len(safer.pages) <= 9
    assert set(types) == {
        *("select_one", "select_multiple", "scale", "matrix", "rank", "text", "note")
    }
    assert 12 <= len(list(survivors.asked)) <= 16
    assert 6 <= len(survivors.pages) <= 8


@pytest.mark.requirement("R26")
def test_at_most_three_questions_a_page(sample: Definition) -> None:  # R26
    assert max(len(page.questions) for page in sample.pages) <= 3


@pytest.mark.requirement("R27")
def test_the_first_two_and_last_two_questions_are_not_sensitive(  # R27
    sample: Definition,
) -> None:
    asked = [(page, question) for page in sample.pages for question in page.asked]

    for page, question in (*asked[:2], *asked[-2:]):
        assert not page.topics, question.name
        assert page.content_warning is None, question.name


@pytest.mark.requirement("R19")
def test_hard_pages_say_so_in_3_to_20_words(sample: Definition) -> None:  # R19
    hard = [page for page in sample.pages if page.topics]

    assert len(hard) >= 2
    assert {topic for page in hard for topic in page.topics} == {t.name for t in sample.topics}
    for page in hard:
        assert page.content_warning is not None, page.name
        for language, warning in page.content_warning.items():
            assert 3 <= len(warning.split()) <= 20, (page.name, language)


def test_every_hard_question_offers_not_to_say(sample: Definition) -> None:
    for page in sample.pages:
        if page.topics:
            assert all(question.prefer_not_to_say for question in page.asked), page.name


def test_a_branch_leads_to_a_later_page(sample: Definition) -> None:
    branches = [(at, page) for at, page in enumerate(sample.pages) if page.relevant]

    assert 1 <= len(branches) <= 2
    for at, page in branches:
        named = re.findall(r"\$\{(\w+)\}", page.relevant or "")
        assert named
        earlier = {question.name for before in sample.pages[:at] for question in before.asked}
        assert set(named) <= earlier


def test_each_sample_has_an_exclusive_choice(sample: Definition) -> None:
    choices = [
        choice
        for question in sample.questions.values()
        if question.type == "select_multiple"
        for choice in question.choices
    ]

    assert any(choice.exclusive for choice in choices)
    assert not all(choice.exclusive for choice in choices)


@pytest.mark.requirement("R17", "R90")
def test_who_people_are_is_asked_last_with_a_reason_and_never_exactly(  # R17, R90
    sample: Definition,
) -> None:
    asked = list(sample.asked)
    about_people = demographics(sample)

    assert 1 <= len(about_people) <= 2
    assert asked[-len(about_people) :] == about_people
    assert all(question.prefer_not_to_say for question in about_people)
    for question in about_people:
        assert question.type == "select_one"
        bands = [re.findall(r"\d+", choice.name) for choice in question.choices]
        assert all(int(band[1]) - int(band[0]) >= 2 for band in bands if len(band) > 1)


def test_nearly_every_question_belongs_to_one_of_the_four_areas(sample: Definition) -> None:
    content = [question for question in sample.asked if not question.why]
    tagged = [q for q in content if q.area or sample.page_of[q.name].area]

    areas = {q.area or sample.page_of[q.name].area for q in tagged}
    assert len(tagged) / len(content) >= 0.9
    assert areas == {"reporting", "support", "information", "training"}


@pytest.mark.requirement("R76")
def test_english_sentences_have_at_most_20_words(sample: Definition) -> None:  # R76
    long = [s for text in texts(sample, "en") for s in sentences(text) if len(s.split()) > 20]

    assert long == []


@pytest.mark.requirement("R2")
def test_the_first_page_is_short(sample: Definition) -> None:  # R2
    assert len(sample.about["en"].split()) <= 150
    for paragraph in sample.about["en"].split("\n\n"):
        assert len(re.findall(r"[.?!](?:\s|$)", paragraph)) <= 3, paragraph


@pytest.mark.requirement("R78")
def test_young_people_meet_no_legal_words(sample: Definition) -> None:  # R78
    if sample.audience.from_age >= ADULT:
        return
    found = [t for t in texts(sample, "en") if re.search(LEGAL_WORDS, t, re.IGNORECASE)]

    assert found == []


@pytest.mark.requirement("R9")
def test_nothing_that_shows_outside_names_the_subject(sample: Definition) -> None:  # R9
    shown = [*sample.public_name.values(), *(c.name for c in sample.collectors)]

    assert sample.public_name["en"] == "Questions"
    assert not any(re.search(r"abus|surviv|sex|safe|child", name, re.I) for name in shown)


@pytest.mark.requirement("R11")
def test_taking_part_is_the_one_thing_consent_needs(sample: Definition) -> None:  # R11
    first, *others = sample.consent.statements

    assert (first.name, first.optional) == ("take_part", False)
    assert all(statement.optional for statement in others)
    assert "quotes" in {statement.name for statement in others}


def test_the_survivors_sample_has_a_link_for_each_country(survivors: Definition) -> None:
    assert [collector.name for collector in survivors.collectors] == [
        *("albania", "bosnia_herzegovina", "colombia", "mexico", "moldova", "peru")
    ]
    assert survivors.audience.from_age == 18
    assert sorted(survivors.support.countries) == ["AL", "BA", "CO", "MD", "MX", "PE"]


def test_the_directory_has_a_file_for_every_country_that_a_sample_names(  # R63
    sample: Definition,
) -> None:
    directory = load_directory(SURVEYS / "support")

    assert set(sample.support.countries) <= set(directory.countries)


def test_arabic_uses_its_own_marks(french_and_arabic: Definition) -> None:
    read = texts(french_and_arabic, "ar")

    assert not [text for text in read if re.search(r"[?,;]", text)]
    assert any("؟" in text for text in read)


def test_french_marks_do_not_stand_alone_on_a_line(french_and_arabic: Definition) -> None:
    pairs = [pair for text in texts(french_and_arabic, "fr") for pair in itertools.pairwise(text)]

    assert not [pair for pair in pairs if pair[0] == " " and pair[1] in "?!;:»"]
    assert ("\N{NO-BREAK SPACE}", "?") in pairs
