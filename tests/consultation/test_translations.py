"""Definition to PO and back: nothing is lost, and nothing else in the file changes."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.consultation import load_definition
from app.consultation.loader import read_definition
from app.consultation.translations import (
    NotTranslations,
    Translated,
    TranslationsDoNotFit,
    catalog_from_po,
    catalog_to_po,
    consultation_of,
    export_catalog,
    import_catalog,
    translatable,
)
from app.consultation.yaml_edits import write_texts
from app.consultation.yaml_source import read_yaml
from tests.definitions import BRANCHING, SMALLEST

SURVEYS = Path(__file__).parents[2] / "surveys"
SAMPLES = sorted(SURVEYS.glob("*.yaml"))
MADE = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)

WRITTEN = """\
# A file as a facilitator writes it.
consultation: small
version: 1  # raise it
languages:
  - en  # the first
title: "A title: with “quotes”, # and a colon"   # keep me
public_name: >-
  Questions
  folded
organisation: {name: Somebody, contact: somebody@example.org}  # in braces
about: |  # a note behind the bar
  Who asks.

  - a list

# between two keys

minutes: 5
audience: {from_age: 13, to_age: 24}
dates: {opens: 2020-01-01, closes: 2099-01-01, results_by: 2099-02-01, delete_by: 2099-03-01}
exit_to: https://weather.example/
support: {countries: [GB]}
consent:
  model: young_person_alone
  statements:
  - {name: take_part, label: I want to answer,}
  - name: quotes
    optional: true
    label:  # on the next line
      My words
      may be quoted
choice_lists:
  agree:
    - {name: "yes", label: {en: "Yes"}}
    - name: "no"
      label:
        en: No, thank you  # the end of a block
pages:
  - name: first
    questions:
      - name: colour
        type: select_one
        label: "Which
          colour?"
        hint: |2
            Indented by two.
          Then not.
        choices: agree
      - name: other
        type: select_one
        label:
          en: |
            After ${colour},

            which?


        # a comment after empty lines
        choices: agree
thanks:
  what_happens_next: |
    We read it."""
"""Every way to write a text that people use, comments at each, no line break at the end."""


def to_po(text: str, language: str) -> Catalog:
    """Export a file, through the bytes of a PO file."""
    definition, source = read_definition(text, "small.yaml")
    return catalog_from_po(catalog_to_po(export_catalog(definition, source, language, MADE)))


def translated(text: str, language: str = "sw", *, say: str = "[{}]") -> Catalog:
    """A PO file of a text in which a translator has translated everything."""
    catalog = to_po(text, language)
    for message in catalog:
        if message.id:
            message.string = say.format(message.id)
    return catalog


def bring_back(text: str, catalog: Catalog) -> Translated:
    return import_catalog(text, "small.yaml", catalog_from_po(catalog_to_po(catalog)))


def comments(text: str) -> list[str]:
    return [line[line.index("#") :] for line in text.splitlines() if re.search(r"(^|\s)#", line)]


def stripped(text: str, language: str) -> str:
    """A file as it was before anybody translated it, written anew as JSON, which is YAML."""
    tree = read_yaml(text, "small.yaml").tree
    for each in translatable(*read_definition(text, "small.yaml")):
        node = tree
        for key in each.path:
            node = node[key]
        if isinstance(node, dict):
            node.pop(language, None)
    tree["languages"].remove(language)
    return json.dumps(tree, ensure_ascii=False, indent=1)


@pytest.mark.in_turn(3)
@pytest.mark.parametrize(
    ("sample", "language"),
    [
        pytest.param(path, tag, id=f"{path.stem}-{tag}")
        for path in SAMPLES
        for tag in load_definition(path.read_text("utf-8"), path.name).languages[1:]
    ],
)
def test_definition_to_po_to_definition(sample: Path, language: str) -> None:
    text = sample.read_text("utf-8")
    before = load_definition(text, sample.name)
    catalog = to_po(text, language)

    assert import_catalog(text, sample.name, catalog).text == text
    done = import_catalog(stripped(text, language), sample.name, catalog)
    after = load_definition(done.text, sample.name)

    order = {"languages": before.languages}
    assert after.model_copy(update=order).digest == before.digest
    assert set(after.languages) == set(before.languages)
    assert done.is_new
    assert done.missing == []


@pytest.mark.in_turn(3)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_new_language_changes_nothing_else_in_a_sample(sample: Path) -> None:
    text = sample.read_text("utf-8")
    done = bring_back(text, translated(text))

    taken_out = load_definition(stripped(done.text, "sw"), sample.name)
    assert taken_out.digest == load_definition(text, sample.name).digest
    assert comments(done.text) == comments(text)
    assert done.missing == []
    assert bring_back(done.text, translated(text)).text == done.text
    assert catalog_to_po(to_po(done.text, "sw")) == catalog_to_po(translated(text))


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("say", ["[{}]", "One\nand {}", "{}\n", "# {}: x"])
def test_every_way_to_write_a_text(say: str, line_break: str) -> None:
    text = WRITTEN.replace("\n", line_break)
    done = bring_back(text, translated(text, say=say))

    assert done.missing == []
    definition = load_definition(done.text, "small.yaml")
    for each in translatable(*read_definition(done.text, "small.yaml")):
        assert each.words["sw"] == say.format(each.words["en"]), each.context
    assert definition.languages == ["en", "sw"]
    kept = [line.strip() for line in WRITTEN.splitlines() if "#" in line]
    assert [note for note in map(str.strip, comments(WRITTEN)) if note not in done.text] == []
    assert len(kept) > 6
    assert done.text.count("\r\n") == (done.text.count("\n") if line_break == "\r\n" else 0)


def test_what_a_facilitator_sees_afterwards() -> None:
    done = bring_back(WRITTEN, translated(WRITTEN))

    assert 'organisation: {name: {en: Somebody, sw: "[Somebody]"}, contact:' in done.text
    assert "  - en  # the first\n  - sw\n" in done.text
    assert (
        "title:\n"
        '  en: "A title: with “quotes”, # and a colon"   # keep me\n'
        '  sw: "[A title: with “quotes”, # and a colon]"\n'
    ) in done.text
    assert (
        "about:\n  en: |  # a note behind the bar\n    Who asks.\n\n    - a list\n"
        "  sw: |-\n    [Who asks.\n\n    - a list\n    ]\n\n# between two keys\n"
    ) in done.text
    assert '        en: No, thank you  # the end of a block\n        sw: "[No, thank you]"\n' in (
        done.text
    )


def test_a_translation_that_changed_is_written_over_the_old_one() -> None:
    once = bring_back(WRITTEN, translated(WRITTEN)).text
    twice = bring_back(once, translated(once, say="{}\nanew")).text
    thrice = bring_back(twice, translated(twice))

    assert thrice.written
    assert load_definition(thrice.text, "x").digest == load_definition(once, "x").digest
    assert comments(thrice.text) == comments(once)


def test_the_comment_of_a_block_that_is_replaced_stays() -> None:
    once = bring_back(WRITTEN, translated(WRITTEN, say="{}\nand")).text
    noted = once.replace("sw: |-", "sw: |-  # see the law", 1)
    assert noted != once

    for say in ("[{}]", "{}\nand more"):
        assert "# see the law" in bring_back(noted, translated(noted, say=say)).text


@pytest.mark.parametrize(
    "written", ["sw:", "sw:  # soon", "sw: ~", "sw: null", "sw: ''", "sw: |", "sw: old", "fr:"]
)
def test_a_place_that_was_prepared_is_filled(written: str) -> None:
    text = SMALLEST.replace("[en]", "[en, sw]")
    text = text.replace("title: A title", f"title:\n  en: A title\n  {written}\n")

    done = bring_back(text, translated(text))

    assert load_definition(done.text, "x").title == {"en": "A title", "sw": "[A title]"}
    assert done.text.count("sw:") == len(done.written)
    assert comments(done.text) == comments(text)


@pytest.mark.parametrize(
    "written", ["{en: A title, sw}", "{en: A title, sw: , }", "{fr: , en: A title}"]
)
def test_a_place_in_braces_is_filled(written: str) -> None:
    text = SMALLEST.replace("[en]", "[en, sw]").replace("title: A title", f"title: {written}")

    assert load_definition(bring_back(text, translated(text)).text, "x").title["sw"] == "[A title]"


WORDS = st.text(
    st.one_of(
        st.sampled_from("\"'\\:#-?|>{}[],&*!%@`~ \n\t\r\x85\u2028\u2029\ufeff\x00\x1b\u200f\u202e"),
        st.sampled_from("aéعربיתनेবা😀🏳️‍🌈"),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
).filter(lambda words: bool(words.strip()))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WORDS, st.sampled_from(["title", "public_name", "about"]), st.booleans())
def test_any_words_at_all(words: str, key: str, in_braces: bool) -> None:
    text = SMALLEST.replace("Which colour?", f"{{en: {key}}}" if in_braces else key)
    catalog = to_po(text, "ar")
    for message in catalog:
        if key in (message.id, message.context):
            message.string = words

    if "${" in words.replace(" ", ""):
        return
    done = bring_back(text, catalog)

    first, source = read_definition(done.text, "x")
    found = {each.context: each.words for each in translatable(first, source)}
    assert found[key]["ar"] == words
    assert found["pages/first/questions/colour/label"] == {"en": key, "ar": words}


def test_what_the_translator_is_told() -> None:
    text = BRANCHING.replace("Was it loud?", "Was it loud, after ${likes_rain}?")
    definition, source = read_definition(text, "small.yaml")
    catalog = export_catalog(definition, source, "pt-BR", MADE)
    notes = {str(m.context): "\n".join(m.auto_comments) for m in catalog if m.id}

    warning = notes["pages/thunder/content_warning"]
    assert "Page “thunder”" in warning
    assert "3 to 20 words" in warning
    label = notes["pages/thunder/questions/loud/label"]
    assert "choose one" in label
    assert "Keep ${likes_rain}: the chosen answer is put there: Do you like rain?" in label
    assert "Was it loud" in notes["pages/thunder/questions/loud/choices/yes/label"]
    assert "This one is for 3." in notes["pages/end/questions/snow/labels/3"]
    assert str(catalog.locale) == "pt_BR"
    assert consultation_of(catalog) == "small"


def test_names_of_texts_stay_when_pages_move() -> None:
    definition, source = read_definition(BRANCHING, "small.yaml")
    names = [each.context for each in translatable(definition, source)]
    assert len(names) == len(set(names))
    head, pages = BRANCHING.split("pages:\n")
    moved = f"{head}pages:\n  - name: new\n    questions: [{{name: n, type: note, label: N}}]\n"
    moved_definition, moved_source = read_definition(moved + pages, "small.yaml")
    moved_names = {each.context for each in translatable(moved_definition, moved_source)}
    assert set(names) == moved_names - {"pages/new/questions/n/label"}


def test_a_choice_list_is_translated_once() -> None:
    names = [each.context for each in translatable(*read_definition(WRITTEN, "small.yaml"))]

    assert names.count("choice_lists/agree/yes/label") == 1
    assert not any("choices" in name for name in names)


def test_half_done_is_written_and_the_rest_is_named() -> None:
    catalog = to_po(SMALLEST, "sw")
    messages = {message.context: message for message in catalog}
    messages["title"].string = "Kichwa"
    messages["about"].string = "Kuhusu"
    messages["about"].flags.add("fuzzy")
    messages["public_name"].string = "  "

    done = bring_back(SMALLEST, catalog)

    assert done.written == ["title"]
    assert done.unsure == ["about"]
    assert {"about", "public_name", "thanks/what_happens_next"} <= set(done.missing)
    assert "title" not in done.missing
    definition = load_definition(done.text, "x")
    assert definition.languages == ["en", "sw"]
    assert definition.complete_languages == ["en"]
    assert definition.title["sw"] == "Kichwa"


def test_what_stands_in_the_file_is_not_deleted_by_an_empty_msgstr() -> None:
    full = bring_back(SMALLEST, translated(SMALLEST)).text

    done = bring_back(full, to_po(SMALLEST, "sw"))

    assert done.text == full
    assert (done.written, done.missing) == ([], [])


def test_texts_that_changed_meanwhile_are_all_named() -> None:
    catalog = translated(SMALLEST)
    now = SMALLEST.replace("A title", "Another title").replace("label: Red", "label: Dark red")

    with pytest.raises(TranslationsDoNotFit) as caught:
        bring_back(now, catalog)

    first, second = caught.value.problems
    assert first.startswith("title: ")
    assert "“Another title”" in first
    assert "“A title”" in first
    assert second.startswith("pages/first/questions/colour/choices/red/label: ")


def test_texts_that_are_gone_are_named() -> None:
    with pytest.raises(TranslationsDoNotFit, match="colour/choices/blue/label” is not a text"):
        bring_back(SMALLEST.replace("name: blue", "name: green"), translated(SMALLEST))


PIPED = BRANCHING.replace("Was it loud?", "Was it loud, after ${likes_rain}?")


@pytest.mark.parametrize(
    "broken",
    ["", "${likes_ran}", "$ {likes_rain}", "${likes rain}", "${likes_rain", "{likes_rain}"],
)
def test_a_broken_placeholder_is_refused(broken: str) -> None:
    catalog = translated(PIPED)
    for message in catalog:
        message.string = str(message.string).replace("${likes_rain}", broken)

    with pytest.raises(TranslationsDoNotFit) as caught:
        bring_back(PIPED, catalog)

    (problem,) = caught.value.problems
    assert problem.startswith("pages/thunder/questions/loud/label: ")
    assert "${likes_rain}" in problem


def test_a_placeholder_that_nobody_asked_for_is_refused() -> None:
    with pytest.raises(TranslationsDoNotFit, match="no placeholder"):
        bring_back(SMALLEST, translated(SMALLEST, say="{} ${{colour}}"))


def test_spaces_inside_a_placeholder_do_no_harm() -> None:
    catalog = translated(PIPED)
    for message in catalog:
        message.string = str(message.string).replace("${likes_rain}", "${ likes_rain }")

    assert bring_back(PIPED, catalog).missing == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# only a comment\n",
        b"consultation: small\nversion: 1\n",
        b"PK\x03\x04\x14\x00\xff\xfe",
        b'"Language: sw\\n"\n',
        b'msgctxt "title"\n"more"\nmsgstr\n',
        b'msgid "a"\nmsgid_plural "b"\nmsgstr[x] "c"\n',
        b'msgid ""\nmsgstr "Content-Type: text/plain; charset=klingon\\n"\nmsgid "a"\nmsgstr "b"\n',
        'msgid "\xe9"\nmsgstr ""\n'.encode("latin-1"),
    ],
)
def test_what_is_no_po_file_is_refused(content: bytes) -> None:
    with pytest.raises(NotTranslations):
        catalog_from_po(content)


@pytest.mark.parametrize("head", ["", "Language: xx\\n", "Language: en\\n", "Language: \\n"])
def test_a_missing_or_wrong_language_is_refused(head: str) -> None:
    po = catalog_to_po(translated(SMALLEST)).replace(b"Language: sw\\n", head.encode())

    with pytest.raises(NotTranslations, match="Language: sw"):
        import_catalog(SMALLEST, "x", catalog_from_po(po))


def test_a_head_without_the_consultation_is_refused() -> None:
    po = catalog_to_po(translated(SMALLEST)).replace(b"small 1", b"PROJECT VERSION")

    with pytest.raises(NotTranslations, match="Project-Id-Version"):
        consultation_of(catalog_from_po(po))


@pytest.mark.parametrize(
    ("language", "said"), [("en", "first language"), ("klingon", "not a lang")]
)
def test_what_cannot_be_translated_to(language: str, said: str) -> None:
    with pytest.raises(NotTranslations, match=said):
        export_catalog(*read_definition(SMALLEST, "x"), language, MADE)


def test_languages_that_differ_only_in_spelling_are_one() -> None:
    text = bring_back(SMALLEST, translated(SMALLEST, "pt-BR")).text

    done = bring_back(text, translated(text, "pt-br", say="<{}>"))

    assert not done.is_new
    assert done.language == "pt-BR"


def test_files_of_other_editors_are_read() -> None:
    """Windows line breaks and a byte order mark."""
    po = catalog_to_po(translated(SMALLEST))
    po = b"\xef\xbb\xbf" + po.replace(b"\n", b"\r\n")

    assert import_catalog(SMALLEST, "x", catalog_from_po(po)).missing == []


def test_a_po_file_without_any_translation_adds_no_language() -> None:
    with pytest.raises(TranslationsDoNotFit, match="no translation"):
        bring_back(SMALLEST, to_po(SMALLEST, "sw"))


def test_edits_leave_the_rest_of_a_line_alone() -> None:
    text = "languages: [en]\na: {en: x, fr: y, } # c\nb: [1]\n"
    new = write_texts(text, {("a",): "z"}, language="sw", first="en", declare=True)
    assert new == 'languages: [en, sw]\na: {en: x, fr: y, sw: "z", } # c\nb: [1]\n'
