"""What each ready-made consultation is for, and how the newer parts of the language serve it."""

from __future__ import annotations

import re

import pytest

from app.consultation import (
    Definition,
    choices_of,
    evaluate,
    load_definition_file,
    parse_expression,
)
from app.consultation.questions import Scale
from app.consultation.references import PIPED

from .reading import NAMES, SURVEYS, demographics, sentences, texts

READY_MADE = [
    *("children-know-better", "childrens-insights", "frontline-workers"),
    *("safe-internet-easy", "she-leads"),
]
NINE_COUNTRIES = [
    *("uganda", "ethiopia", "kenya", "ghana", "mali", "sierra_leone", "liberia"),
    *("lebanon", "jordan"),
]


def load(name: str) -> Definition:
    return load_definition_file(SURVEYS / f"{name}.yaml")


@pytest.fixture(scope="module", params=READY_MADE)
def ready(request: pytest.FixtureRequest) -> Definition:
    return load(request.param)


@pytest.fixture(scope="module")
def all_samples() -> list[Definition]:
    return [load(name) for name in NAMES]


@pytest.fixture(scope="module")
def easy() -> Definition:
    return load("safe-internet-easy")


def test_each_asks_8_to_15_questions(ready: Definition) -> None:
    assert 8 <= len(list(ready.asked)) <= 15


def test_the_duties_are_plainly_examples(ready: Definition) -> None:
    duties = ready.duties
    assert duties is not None
    assert duties.ethics is not None
    assert duties.data_protection is not None
    assert duties.safeguarding is not None
    assert duties.safeguarding.law is not None
    assert duties.pilot is not None

    said = [
        *(duties.why_ask, duties.ethics.body, duties.ethics.reference),
        *(duties.data_protection.reference, duties.safeguarding.lead, duties.safeguarding.deputy),
        *(*duties.safeguarding.law.values(), duties.pilot.changed),
    ]
    assert ready.demo
    assert all(text and text.startswith("Example: ") for text in said)
    assert "not a real approval" in (duties.ethics.reference or "")


def test_every_file_asks_for_native_speakers_before_real_use() -> None:
    for name in NAMES:
        head = (SURVEYS / f"{name}.yaml").read_text(encoding="utf-8").split("consultation: ")[0]
        told = " ".join(line.removeprefix("#").strip() for line in head.splitlines())

        assert "a native speaker has to review" in told, name
        assert "not a real approval" in told, name


def test_the_newer_parts_of_the_language_are_used(all_samples: list[Definition]) -> None:
    questions = [question for sample in all_samples for question in sample.questions.values()]
    choices = [choice for question in questions for choice in choices_of(question)]

    assert any(getattr(question, "faces", False) for question in questions)
    assert {q.type for q in questions if getattr(q, "randomize", False)} >= {
        *("select_multiple", "rank")
    }
    assert any(question.constraint for question in questions)
    assert any(choice.relevant for choice in choices)
    assert any(page.relevant for sample in all_samples for page in sample.pages)
    assert any(PIPED.search(words) for q in questions for words in q.label.values())


def test_no_question_takes_up_an_answer_that_was_not_given(ready: Definition) -> None:
    for page in ready.pages:
        for question in page.questions:
            named = {name for text in question.label.values() for name in PIPED.findall(text)}
            if not named:
                continue
            for language, text in question.label.items():
                assert set(PIPED.findall(text)) == named, (question.name, language)
            shown = page.relevant or question.relevant
            assert shown is not None, question.name
            assert evaluate(parse_expression(shown), {}) is False, question.name


def test_each_branch_opens_for_some_answer(ready: Definition) -> None:
    first = {
        question.name: (
            [choice.name for choice in question.choices if not choice.exclusive]
            if question.type == "select_multiple"
            else question.choices[0].name
        )
        for question in ready.asked
        if question.type in ("select_one", "select_multiple")
    }

    for page in ready.pages:
        if page.relevant:
            assert evaluate(parse_expression(page.relevant), first) is True, page.name


def test_three_at_most_means_three_at_most(ready: Definition) -> None:
    for question in ready.asked:
        if question.constraint is None:
            continue
        tree = parse_expression(question.constraint)
        names = [choice.name for choice in choices_of(question)]

        assert evaluate(tree, {question.name: names[:3]}, names[:3]) is True
        assert evaluate(tree, {question.name: names[:4]}, names[:4]) is False
        for language, hint in (question.hint or {}).items():
            assert re.search("[3৩३]", hint), (question.name, language)
        assert question.constraint_message


def test_faces_say_the_same_in_words(all_samples: list[Definition]) -> None:
    scales = [q for sample in all_samples for q in sample.asked if isinstance(q, Scale) and q.faces]

    assert len(scales) >= 6
    for scale in scales:
        assert set(scale.labels) == {str(point) for point in scale.points}, scale.name


def test_no_small_group_can_be_told_apart(ready: Definition) -> None:  # R8, R90
    combinations = len(ready.collectors) or 1
    for question in demographics(ready):
        combinations *= len(choices_of(question))

    assert ready.expected_responses is not None
    assert ready.expected_responses >= combinations * ready.smallest_group


def test_the_links_are_the_initiatives_own_countries() -> None:
    names = {name: [c.name for c in load(name).collectors] for name in READY_MADE}

    assert names["she-leads"] == NINE_COUNTRIES
    assert names["children-know-better"] == ["nepal", "bangladesh"]
    assert names["childrens-insights"] == []


def test_the_languages_are_the_initiatives_own() -> None:
    languages = {name: load(name).languages for name in READY_MADE}

    assert languages == {
        "children-know-better": ["en", "ne", "bn"],
        "childrens-insights": ["en"],
        "frontline-workers": ["en", "es"],
        "safe-internet-easy": ["en", "fr", "ar"],
        "she-leads": ["en", "fr", "ar"],
    }


@pytest.mark.requirement("R76")
def test_children_of_9_meet_short_sentences() -> None:  # R76
    long = [
        sentence
        for text in texts(load("childrens-insights"), "en")
        for sentence in sentences(text)
        if len(sentence.split()) > 16
    ]

    assert long == []


def test_71_children_in_groups_share_one_code() -> None:  # R8
    insights = load("childrens-insights")

    assert (insights.audience.from_age, insights.audience.to_age) == (9, 17)
    assert (insights.expected_responses, insights.access) == (71, "group_code")


def test_only_adults_are_asked_about_their_work() -> None:
    workers = load("frontline-workers")

    assert workers.audience.from_age == 18
    assert workers.consent.model == "adult"


@pytest.mark.requirement("R77")
def test_easy_read_asks_one_thing_at_a_time(easy: Definition) -> None:  # R77
    assert 8 <= len(easy.pages) <= 10
    assert all(len(page.questions) == 1 for page in easy.pages)
    scales = [question for question in easy.asked if isinstance(question, Scale)]
    assert len(scales) >= 3
    assert all(scale.faces and len(scale.points) == 3 for scale in scales)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.requirement("R76", "R77")
def test_easy_read_sentences_are_very_short(easy: Definition, language: str) -> None:
    long = [
        sentence
        for text in texts(easy, language)
        for sentence in sentences(text)
        if len(sentence.split()) > 12
    ]

    assert long == []


@pytest.mark.parametrize(
    ("language", "letters", "others"),
    [
        ("ne", "[\u0904-\u0939]", "[\u0980-\u09ff]"),
        # U+0964, the full stop of Nepali, is the full stop of Bengali too.
        ("bn", "[\u0985-\u09b9]", "[\u0900-\u0963\u0966-\u097f]"),
    ],
)
def test_nepali_and_bengali_keep_to_their_script(language: str, letters: str, others: str) -> None:
    for text in texts(load("children-know-better"), language):
        words = PIPED.sub("…", text)

        assert re.search(letters, words), text
        assert not re.search(others, words), text
        assert not re.search(r"[A-Za-z0-9.]", words), text
        assert not re.search(r"\s।", words), text
