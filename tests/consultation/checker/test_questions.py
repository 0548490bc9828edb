"""How questions are asked: what they may not ask for, in several languages."""

from __future__ import annotations

import pytest

from app.consultation.checker import Surroundings
from tests.complete import COMPLETE, TODAY, check, with_blocks

LANGUAGES = ("fr", "es", "ar", "pt", "sw", "ne", "bn")


def rules(question: str, language: str = "en", more: str = "") -> set[str]:
    """The rules that find something in one question, in a consultation of one language."""
    text = with_blocks(
        f"{more}languages: [{language}]\npages:\n  - name: first\n    questions:\n"
        f"      - {{name: asked, {question}}}\n",
        COMPLETE,
    )
    checked = check(text, Surroundings(TODAY))
    assert checked.definition is not None, checked.findings
    return {finding.rule for finding in checked.findings}


@pytest.mark.parametrize(
    ("label", "language"),
    [
        ("In your own words, describe what happened when you could not say no.", "en"),
        ("Without naming anyone, tell us what happened to you.", "en"),
        ("Raconte-nous ce qui s'est passé.", "fr"),
        ("Cuéntanos lo que te pasó.", "es"),
        ("أخبرنا بما حدث لك", "ar"),
        ("Conte o que aconteceu com você.", "pt"),
        ("Tafadhali eleza kilichotokea.", "sw"),
        ("तपाईंलाई के भयो?", "ne"),
        ("তোমার সাথে কী হয়েছিল?", "bn"),
    ],
)
@pytest.mark.requirement("R23")
def test_nobody_is_asked_for_their_story(label: str, language: str) -> None:
    assert "account-of-abuse" in rules(f'type: text, label: "{label}"', language)


@pytest.mark.parametrize(
    "label",
    [
        "What should change so that nobody has to tell their story twice?",
        "What happened after you asked for help?",
        "What helped, and what made it harder?",
    ],
)
def test_what_helped_may_be_asked(label: str) -> None:
    assert "account-of-abuse" not in rules(f'type: text, label: "{label}"')


def test_a_hint_may_say_what_nobody_has_to_tell() -> None:
    told = 'type: text, label: What helped?, hint: "You do not have to describe what happened."'
    asked = 'type: text, label: What helped?, hint: "Please describe what happened."'

    assert "account-of-abuse" not in rules(told)
    assert "account-of-abuse" in rules(asked)


def test_an_ethics_body_may_allow_one_question_by_name() -> None:
    question = "type: text, label: Please describe what happened."
    allowed = "duties: {ethics: {accounts: [{question: asked, reference: 2026-118 section 4}]}}\n"
    of_another = allowed.replace("question: asked", "question: other")

    assert "account-of-abuse" not in rules(question, more=allowed)
    assert "account-of-abuse" in rules(question, more=of_another)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("type: integer, label: How old are you?", True),
        ("type: decimal, label: What is your age?", True),
        ("type: integer, label: How many people your age are in the group?", False),
        ('type: select_one, label: Your age?, choices: [{name: a, label: "13 years"}, *]', True),
        ('type: select_one, label: Your age?, choices: [{name: a, label: "13 to 13"}, *]', True),
        ('type: select_one, label: Your age?, choices: [{name: a, label: "13 to 14"}, *]', False),
        ('type: select_one, label: Your age?, choices: [{name: a, label: "45+"}, *]', False),
        ('type: select_one, label: Your age?, choices: [{name: a, label: "45 or more"}, *]', False),
        ('type: select_one, label: Which bus?, choices: [{name: a, label: "13"}, *]', False),
    ],
)
@pytest.mark.requirement("R17")
def test_age_is_asked_in_bands(question: str, found: bool) -> None:
    other = "{name: b, label: 15 to 17}"

    assert ("exact-age" in rules(question.replace("*", other))) == found


def test_age_bands_in_other_digits() -> None:
    choices = '[{name: a, label: "١٣"}, {name: b, label: "من ١٤ إلى ١٧"}]'

    assert "exact-age" in rules(f"type: select_one, label: كم عمرك؟, choices: {choices}", "ar")


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("type: text, label: What is your full name?", True),
        ("type: integer, label: What is your phone number?", True),
        ('type: text, label: "Quel est ton prénom ?"', False),
        (
            "type: text, label: What would be better?, hint: Please do not write your name.",
            False,
        ),
        ("type: text, label: Where?, hint: Write the name of your school.", True),
        (
            "type: select_one, label: Would you give your name?, "
            'choices: [{name: "yes", label: "Yes"}, {name: "no", label: "No"}]',
            False,
        ),
    ],
)
@pytest.mark.requirement("R72")
def test_nothing_identifying_is_asked(question: str, found: bool) -> None:
    assert ("identifying-question" in rules(question)) == found


@pytest.mark.parametrize(
    ("label", "language"),
    [
        ("Quel est ton prénom ?", "fr"),
        ("¿Cómo te llamas?", "es"),
        ("ما اسمك؟", "ar"),
        ("Qual é o seu nome?", "pt"),
        ("Jina lako ni nani?", "sw"),
        ("तपाईंको नाम के हो?", "ne"),
        ("আপনার নাম কী?", "bn"),
    ],
)
def test_nothing_identifying_is_asked_in_any_language(label: str, language: str) -> None:
    assert "identifying-question" in rules(f'type: text, label: "{label}"', language)


def test_in_bengali_the_not_comes_last() -> None:
    question = 'type: text, label: "কী বদলানো দরকার?", hint: "তোমার নাম লিখো না।"'

    assert "identifying-question" not in rules(question, "bn")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_consultation_may_be_in_that_language_alone(language: str) -> None:
    assert "word-lists" not in rules("type: text, label: A", language)
