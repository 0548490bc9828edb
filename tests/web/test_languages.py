from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, render_template_string
from markupsafe import Markup

from app.web.languages import (
    choose_language,
    current_language,
    direction,
    init_languages,
    interface_language,
    language_name,
    speaking,
)
from app.web.spoken import LANGUAGES


@pytest.mark.parametrize(
    ("tag", "way"),
    [
        ("en", "ltr"),
        ("ar", "rtl"),
        ("fa", "rtl"),
        ("ur-PK", "rtl"),
        ("ne", "ltr"),
        ("bn", "ltr"),
        ("pa", "ltr"),
        ("pa-PK", "rtl"),
        ("pa-Arab", "rtl"),
        ("az-Latn", "ltr"),
        ("rhg", "rtl"),
        ("ckb", "rtl"),
        ("qqq", "ltr"),
    ],
)
def test_direction_follows_the_script(tag: str, way: str) -> None:
    assert direction(tag) == way


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("en", "English"),
        ("fr", "Français"),
        ("es", "Español"),
        ("ar", "العربية"),
        ("ne", "नेपाली"),
        ("bn", "বাংলা"),
        ("qqq", "qqq"),
        ("not a tag", "not a tag"),
    ],
)
def test_a_language_is_named_in_its_own_script(tag: str, name: str) -> None:
    assert language_name(tag) == name


@pytest.mark.parametrize(
    ("tag", "interface"), [("ar", "ar"), ("ar-LB", "ar"), ("ne", "ne"), ("si", "en")]
)
def test_a_text_in_any_language_has_an_interface(tag: str, interface: str) -> None:
    assert interface_language(tag) == interface


def test_a_person_who_chose_is_given_what_they_chose() -> None:
    assert choose_language(["en", "ne"], "ne", None) == "ne"
    assert choose_language(["bn", "ne"], "xx", None) == "bn"


@pytest.fixture
def translations(tmp_path: Path) -> Path:
    for tag, word in (("fr", "Bonjour"), ("ar", "مرحبا")):
        catalog = Catalog(locale=tag)
        catalog.add("Hello", word)
        catalog.add("%(name)s: 100%%", f"{word} %(name)s 100%%")
        catalog.add(("%(num)d <day>", "%(num)d <days>"), (f"{word} %(num)d",) * 6)
        folder = tmp_path / tag / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "messages.mo").open("wb") as file:
            write_mo(file, catalog)
    return tmp_path


PAGE = "{{ language }} {{ direction }} {{ _('Hello') }}"


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        (("", "", None), "en ltr Hello"),
        (("", "fr-CA, en;q=0.5", None), "fr ltr Bonjour"),
        (("", "de, xx;q=0.4", None), "en ltr Hello"),
        (("", "fr;q=0, ar;q=0.1", None), "ar rtl مرحبا"),
        (("?language=ar", "fr", None), "ar rtl مرحبا"),
        (("?language=ar", "fr", "fr"), "ar rtl مرحبا"),
        (("?language=xx", "fr", None), "fr ltr Bonjour"),
        (("", "fr", "ar"), "ar rtl مرحبا"),
        (("", "fr", "si"), "en ltr Hello"),
    ],
)
def test_a_page_speaks_the_language_that_was_asked_for(
    app: Flask, translations: Path, asked: tuple[str, str, str | None], page: str
) -> None:
    query, accepted, remembered = asked
    init_languages(app, translations, chosen=lambda: remembered)
    app.add_url_rule("/", view_func=lambda: render_template_string(PAGE), endpoint="page")
    response = app.test_client().get(f"/{query}", headers={"Accept-Language": accepted})
    assert response.text == page


def test_a_page_in_a_consultations_language_says_so_itself(app: Flask, translations: Path) -> None:
    init_languages(app, translations)
    with app.test_request_context("/?language=fr"):
        assert render_template_string(PAGE, language="ur", direction="rtl") == "ur rtl Bonjour"
        assert current_language() == "fr"


def test_speaking_another_language_ends_where_it_ends(app: Flask, translations: Path) -> None:
    init_languages(app, translations)

    def said() -> str:
        return render_template_string("{{ _('Hello') }}")

    with app.test_request_context("/?language=fr"):
        with speaking("ar"):
            assert said() == "مرحبا"
            with speaking("ne-NP"):
                assert said() == "Hello"
            assert said() == "مرحبا"
        assert said() == "Bonjour"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ _('%(name)s: 100%%', name=name) }}", "Bonjour &lt;b&gt; 100%"),
        ("{{ _('%(name)s: 100%%', name=marked) }}", "Bonjour <i> 100%"),
        ("{{ _('100%%') }}", "100%"),
        ("{{ _('<p>') }}", "<p>"),
        ("{{ ngettext('%(num)d <day>', '%(num)d <days>', 1) }}", "Bonjour 1"),
        ("{{ ngettext('%(num)d hour', '%(num)d hours', 1) }}", "1 hour"),
        (
            "{{ ngettext('%(num)d hour, %(n)s', '%(num)d hours, %(n)s', 2, n=name) }}",
            "2 hours, &lt;b&gt;",
        ),
    ],
)
def test_what_stands_in_a_sentence_is_escaped_and_the_sentence_is_not(
    app: Flask, translations: Path, template: str, said: str
) -> None:
    init_languages(app, translations)
    with app.test_request_context("/?language=fr"):
        for name in ("<b>", "other", "<b>"):
            page = render_template_string(template, name=name, marked=Markup("<i>"))
        assert page == said


def test_outside_a_request_the_first_language_is_spoken(app: Flask, translations: Path) -> None:
    init_languages(app, translations)
    with app.app_context():
        assert current_language() == LANGUAGES[0]
