from __future__ import annotations

import pytest

from app.consultation import text_in
from app.consultation.texts import is_language_tag


def test_a_text_is_given_in_the_language_that_is_asked_for() -> None:
    text = {"en": "yes", "fr": "oui"}

    assert text_in(text, "fr") == "oui"


def test_a_text_that_lacks_a_language_is_given_in_its_first() -> None:
    assert text_in({"fr": "oui", "en": "yes"}, "ar") == "oui"
    assert text_in({"fr": "oui", "ar": ""}, "ar") == "oui"


@pytest.mark.parametrize("text", [None, {}])
def test_no_text_is_no_words(text: dict[str, str] | None) -> None:
    assert text_in(text, "en") == ""


@pytest.mark.parametrize("tag", ["en", "pt-BR", "zh-Hant", "sr-Latn-RS", "ne", "bn", "sw", "am"])
def test_languages_that_people_speak_are_known(tag: str) -> None:
    assert is_language_tag(tag)


@pytest.mark.parametrize("tag", ["", "e", "qq", "english", "en_GB", "../en", "en-", "12", "en GB"])
def test_what_is_no_language_is_told(tag: str) -> None:
    assert not is_language_tag(tag)
