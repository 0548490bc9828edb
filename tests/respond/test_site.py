"""Which languages people are offered."""

from __future__ import annotations

import pytest

from app.consultation import definition_from_json
from app.respond.site import languages_of
from tests.definitions import SMALLEST, load

IN_TWO = SMALLEST.replace("[en]", "[en, fr]")


def texts_in_french(text: str) -> str:
    """Every text in two languages."""
    lines = text.replace("A title", "{en: A title, fr: Titre}")
    lines = lines.replace("public_name: Questions", "public_name: {en: Questions, fr: Questions}")
    lines = lines.replace("name: Somebody,", "name: {en: Somebody, fr: Quelqu'un},")
    lines = lines.replace("about: Who asks, and", "about:\n  fr: Qui demande.\n  en: Who asks,")
    for words in ("I want to answer", "My words may be quoted", "We read it.", "Red", "Blue"):
        lines = lines.replace(f": {words}", f": {{en: {words}, fr: Oui}}")
    return lines.replace("Which colour?", "{en: Which colour?, fr: Quelle couleur ?}")


@pytest.mark.parametrize("gap", ["fr: Titre", "fr: Quelle couleur ?", "fr: Qui demande."])
@pytest.mark.requirement("R75")
def test_a_language_that_lacks_a_text_is_not_offered(gap: str) -> None:  # R75
    whole = texts_in_french(IN_TWO)

    assert languages_of(load(whole)) == ["en", "fr"]
    assert languages_of(load(whole.replace(gap, "fr: ' '"))) == ["en"]


def test_a_language_without_heards_own_sentences_is_not_offered() -> None:
    definition = load(texts_in_french(IN_TWO).replace("fr:", "ko:").replace("en, fr", "en, ko"))

    assert definition.complete_languages == ["en", "ko"]
    assert languages_of(definition) == ["en"]


def test_what_is_missing_is_read_in_the_first_language_after_publishing_too() -> None:
    text = SMALLEST.replace("[en]", "[fr, ar]").replace("A title", "{fr: Titre, ar: عنوان}")

    kept = definition_from_json(load(text).canonical_json())

    assert next(iter(kept.title)) == "fr"
    assert kept.digest == load(text).digest
