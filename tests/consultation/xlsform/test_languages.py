"""Languages, however their columns are headed."""

from __future__ import annotations

import pytest

from app.consultation.xlsform.languages import guess, heading_of, tag_of

WRITTEN = {
    **{"en": "en", "English": "en", "english": "en", "English (en)": "en", "eng": "en"},
    **{"EN": "en", "English(en)": "en", "english-en": "en", "Français": "fr", "french": "fr"},
    **{
        "Español (es)": "es",
        "Spanish (Latin America)": "es",
        "العربية (ar)": "ar",
        "العربية": "ar",
    },
    **{"नेपाली": "ne", "Nepali": "ne", "Bangla": "bn", "Kiswahili": "sw", "swa": "sw"},
    **{"pt_BR": "pt-BR", "Portuguese (pt-BR)": "pt-BR", "Chinese (zh-Hant)": "zh-Hant"},
    **{"Dari (prs)": "fa-AF", "Haitian Creole (ht)": "ht", "deutsch": "de", "Arabe": "ar"},
}


@pytest.mark.parametrize("written", WRITTEN)
def test_a_language_is_understood(written: str) -> None:
    assert tag_of(written) == WRITTEN[written]


@pytest.mark.parametrize("written", ["", "Local language", "Klingonese", "label", "default"])
def test_no_language_is_made_up(written: str) -> None:
    assert tag_of(written) is None


@pytest.mark.parametrize("tag", ["en", "ar", "pt-BR", "zh-Hant", "sw", "ne"])
def test_a_heading_is_read_back(tag: str) -> None:
    assert tag_of(heading_of(tag)) == tag


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Wie sind Sie auf die Seite gekommen, und was ist die Frage?", "de"),
        ("¿Cómo se llama el lugar para las personas que ayuda?", "es"),
        ("तपाईंलाई कस्तो छ", "ne"),
        ("ما رأيك", "ar"),
        ("What do you think of the place?", "en"),
        ("Q1", "en"),
    ],
)
def test_a_language_is_guessed_from_common_words(text: str, tag: str) -> None:
    assert guess([text]) == tag
