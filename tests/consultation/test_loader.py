"""What a facilitator is told about a file that cannot be used, and where."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.consultation import (
    Definition,
    DefinitionErrors,
    Finding,
    definition_from_json,
    load_definition,
    load_definition_file,
)
from app.consultation.model import AFTERWARDS
from tests.definitions import BRANCHING, SMALLEST, load

SAMPLES = sorted((Path(__file__).parents[2] / "surveys").glob("*.yaml"))
HERE = "▲"
"""Stands in a broken text at the place that the message has to name."""

# What is broken in the smallest consultation: its piece, what stands there instead (with the place
# of the finding), and the words of the file that the message has to speak of.
BROKEN: dict[str, tuple[str, str, tuple[str, ...]]] = {
    # keys
    "no id": ("consultation: small\n", f"{HERE}", ("consultation",)),
    "no pages": ("pages:", "# pages:", ()),
    "a misspelt key": ("minutes:", f"{HERE}minuts:", ("minuts", "minutes")),
    "a misspelt key inside": ("contact:", f"{HERE}contct:", ("contct", "contact")),
    "a misspelt key of a question": (
        "        type: select_one\n",
        f"        {HERE}hnt: Look\n        type: select_one\n",
        ("hnt", "hint"),
    ),
    "a key of another type of question": (
        "        type: select_one\n",
        f"        {HERE}lines: 5\n        type: select_one\n",
        ("lines",),
    ),
    "a required question": (
        "        type: select_one\n",
        f"        {HERE}required: true\n        type: select_one\n",
        ("required",),
    ),
    "a key without a value": ("about: Who asks, and what about.", f"{HERE}about: ", ("about",)),
    "text in place of keys": (
        "{from_age: 13, to_age: 24}",
        f"{HERE}young people",
        ("young people",),
    ),
    # values
    "an id with capitals": ("consultation: small", f"consultation: {HERE}Small", ("Small",)),
    "a version in words": ("version: 1", f"version: {HERE}first", ("first",)),
    "version nought": ("version: 1", f"version: {HERE}0", ("0",)),
    "no languages": ("languages: [en]", f"{HERE}languages: []", ()),
    "a language in place of a list": ("languages: [en]", f"languages: {HERE}en", ("en",)),
    "a language that nobody speaks": ("languages: [en]", f"languages: [{HERE}qq]", ("qq",)),
    "a date that is none": ("opens: 2020-01-01", f"opens: {HERE}2020-13-01", ("2020-13-01",)),
    "a date in another order": ("opens: 2020-01-01", f"opens: {HERE}01/02/2020", ("01/02/2020",)),
    "a number as a date": ("opens: 2020-01-01", f"opens: {HERE}20200101", ("20200101",)),
    "closing before opening": ("closes: 2099-01-01", f"closes: {HERE}2019-01-01", ("2019-01-01",)),
    "an exit over plain HTTP": ("https://weather", f"{HERE}http://weather", ("http://weather",)),
    "a country in words": ("[GB]", f"[{HERE}Ghana]", ("Ghana",)),
    "an age below the least": ("from_age: 13", f"from_age: {HERE}3", ("3",)),
    "ages the wrong way round": ("to_age: 24", f"to_age: {HERE}12", ()),
    "consent of no known kind": (
        "model: young_person_alone",
        f"model: {HERE}young_person",
        ("young_person", "young_person_alone"),
    ),
    "a truth value in words": ("optional: true", f"optional: {HERE}perhaps", ("perhaps",)),
    "nothing that has to be agreed to": (
        "{name: take_part,",
        "{name: take_part, optional: true,",
        (),
    ),
    # types
    "an unknown type": (
        "type: select_one",
        f"type: {HERE}select_won",
        ("select_won", "select_one"),
    ),
    "a type that identifies": ("type: select_one", f"type: {HERE}email", ("email",)),
    "a date of birth": ("type: select_one", f"type: {HERE}date_of_birth", ("date_of_birth",)),
    "no type": ("        type: select_one\n", "", ("type", "select_one")),
    # names
    "a name with a space": ("name: colour", f"name: {HERE}the colour", ("the colour",)),
    "a name that Heard uses": ("name: colour", f"name: {HERE}csrf_token", ("csrf_token",)),
    "a name of a consent statement": ("name: colour", f"name: {HERE}quotes", ("quotes",)),
    "a name with two underlines": ("name: colour", f"name: {HERE}my__colour", ()),
    "two choices of one name": ("name: blue", f"name: {HERE}red", ("red",)),
    "a choice that Heard offers by itself": (
        "choices: [{name: red",
        f"choices: [{{name: {HERE}prefer_not_to_say",
        ("prefer_not_to_say",),
    ),
    "one choice": (", {name: blue, label: Blue}", "", ()),
    "an unknown choice list": (
        "choices: [{name: red, label: Red}, {name: blue, label: Blue}]",
        f"choices: {HERE}colurs\nchoice_lists:\n  colours: [{{name: red, label: Red}}]",
        ("colurs", "colours"),
    ),
    # languages and topics
    "a text that lacks the first language": (
        "languages: [en]\ntitle: A title\n",
        f"languages: [en, fr]\n{HERE}title: {{fr: Un titre}}\n",
        ("en",),
    ),
    "a text in a language of nobody": (
        "title: A title",
        f"title: {{en: A title, eo: {HERE}Titolo}}",
        ("eo",),
    ),
    "an exit in a language of nobody": (
        "exit_to: https://weather.example/",
        f"exit_to: {{eo: {HERE}https://weather.example/, all: https://weather.example/}}",
        ("eo", "all"),
    ),
    "an exit for some without https": (
        "exit_to: https://weather.example/",
        f"exit_to: {{en: {HERE}http://weather.example/}}",
        ("https://",),
    ),
    "no exit at all": ("exit_to: https://weather.example/", "exit_to: {}", ("1",)),
    "an unknown topic": (
        "  - name: first\n",
        f"  - name: first\n    content_warning: Hard.\n    topics: [{HERE}storm]\n",
        ("storm",),
    ),
    "two topics of one name": (
        "pages:",
        f"topics: [{{name: a, label: A}}, {{name: {HERE}a, label: B}}]\npages:",
        ("a",),
    ),
    # consent
    "two statements of one name": (
        "    - {name: quotes,",
        f"    - {{name: {HERE}take_part,",
        ("take_part",),
    ),
    "a statement with a name that Heard uses": (
        "    - {name: quotes,",
        f"    - {{name: {HERE}action,",
        ("action",),
    ),
    "a language twice": ("languages: [en]", f"languages: [en, {HERE}en]", ("en",)),
    # expressions
    "a rule that cannot be read": (
        "        type: select_one\n",
        f"        relevant: {HERE}${{colour}} == 'red'\n        type: select_one\n",
        ("==",),
    ),
    "a rule about nothing": (
        "        type: select_one\n",
        f"        relevant: {HERE}answered(${{color}})\n        type: select_one\n",
        ("color",),
    ),
    "a rule about itself": (
        "        type: select_one\n",
        f"        relevant: {HERE}answered(${{colour}})\n        type: select_one\n",
        ("colour",),
    ),
}

# The same for the consultation that branches, whose rules look back at earlier answers.
BROKEN_RULES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "a choice that does not exist": (
        "${likes_rain} = 'yes'\n    questions:",
        f"{HERE}${{likes_rain}} = 'yess'\n    questions:",
        ("yess", "yes"),
    ),
    "a misspelt name": (
        "${likes_rain} = 'yes'\n    questions:",
        f"{HERE}${{like_rain}} = 'yes'\n    questions:",
        ("like_rain", "likes_rain"),
    ),
    "a look ahead": (
        "${likes_rain} = 'yes'\n    questions:",
        f"{HERE}selected(${{seasons}}, 'winter')\n    questions:",
        ("seasons",),
    ),
    "a look at a note": (
        "selected(${seasons}, 'winter') and",
        f"{HERE}answered(${{farewell}}) and",
        ("farewell",),
    ),
    "several answers compared with one": (
        "selected(${seasons}, 'winter') and",
        f"{HERE}${{seasons}} = 'winter' and",
        ("seasons", "selected"),
    ),
    "two pages of one name": ("- name: rain", f"- name: {HERE}start", ("start",)),
    "two questions of one name": ("{name: days,", f"{{name: {HERE}why_rain,", ("why_rain",)),
    "a scale that goes down": ("to: 3", f"to: {HERE}0", ()),
    "an end of a scale without words": ('{"1": Little, "3": Much}', '{"1": Little}', ("3",)),
    "a point that the scale has not": (
        '"3": Much}',
        f'"3": Much, "4": {HERE}More}}',
        ("4",),
    ),
}


def broken(whole: str, old: str, new: str) -> tuple[str, tuple[int, int] | None]:
    """The broken text, and the line and column that the finding has to have."""
    assert old in whole
    marked = whole.replace(old, new, 1)
    before, mark, _after = marked.partition(HERE)
    place = (before.count("\n") + 1, len(before) - before.rfind("\n")) if mark else None
    return marked.replace(HERE, ""), place


def findings(text: str) -> list[Finding]:
    with pytest.raises(DefinitionErrors) as told:
        load(text)
    return told.value.findings


@pytest.mark.parametrize(
    ("whole", "old", "new", "words"),
    [
        *(pytest.param(SMALLEST, *case, id=name) for name, case in BROKEN.items()),
        *(pytest.param(BRANCHING, *case, id=name) for name, case in BROKEN_RULES.items()),
    ],
)
def test_each_mistake_is_told_at_its_place(
    whole: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    text, place = broken(whole, old, new)

    found = findings(text)

    assert all(finding.file == "small.yaml" for finding in found)
    if place:
        assert place in [(finding.line, finding.column) for finding in found]
    told = [str(f) for f in found if place in (None, (f.line, f.column))]
    assert any(all(word in message for word in words) for message in told), told
    assert len(found) <= 2, "one mistake, and at most one that follows from it"


def test_a_finding_reads_as_file_line_column_and_a_sentence() -> None:
    text, place = broken(SMALLEST, "version: 1", f"version: {HERE}first")

    (found,) = findings(text)

    assert place is not None
    assert str(found).startswith(f"small.yaml:{place[0]}:{place[1]}: ")
    assert str(found).endswith(".")


def test_every_mistake_of_a_file_is_told_at_once_in_the_order_of_the_file() -> None:
    text = (
        SMALLEST.replace("version: 1", "version: one")
        .replace("minutes: 5", "minutes: five")
        .replace("type: select_one", "type: select_won")
    )

    found = findings(text)

    assert [finding.line for finding in found] == sorted(finding.line for finding in found)
    assert len(found) == 3


@pytest.mark.parametrize("text", ["", "\n# nothing\n", "- a\n- list", "a single text", "{}", "[]"])
def test_what_is_no_consultation_at_all_is_told_kindly(text: str) -> None:
    assert all(finding.line == 1 for finding in findings(text))


# YAML would read each of these as something else; here the definition's own types decide.
TRAPS = [
    "no",
    "yes",
    "off",
    "on",
    "null",
    "~",
    "012",
    "0x1F",
    "1_000",
    "12:30",
    "1e3",
    "2026-12-01",
]


@pytest.mark.parametrize("written", TRAPS)
def test_a_text_stays_the_text_that_was_written(written: str) -> None:
    if written in ("null", "~"):
        written = f'"{written}"'  # alone, these say that the key has no value

    definition = load(SMALLEST.replace("label: Red", f"label: {written}"))

    (question,) = definition.asked
    assert question.type == "select_one"
    assert question.choices[0].label == {"en": written.strip('"')}


@pytest.mark.parametrize("name", ["no", "on", "12", "012", "1_000"])
def test_a_choice_is_called_what_was_written(name: str) -> None:
    definition = load(SMALLEST.replace("name: red", f"name: {name}"))

    (question,) = definition.asked
    assert question.type == "select_one"
    assert question.choices[0].name == name


@pytest.mark.parametrize(
    ("written", "meant"), [("no", False), ("false", False), ("yes", True), ("on", True)]
)
def test_a_truth_value_can_be_written_as_people_write_it(written: str, meant: bool) -> None:
    definition = load(SMALLEST.replace("optional: true", f"optional: {written}"))

    assert definition.consent.statements[1].optional is meant


def test_a_plain_text_is_a_text_in_the_first_language() -> None:
    definition = load(SMALLEST.replace("languages: [en]", "languages: [fr]"))

    assert definition.title == {"fr": "A title"}


def test_a_named_choice_list_serves_several_questions() -> None:
    named = SMALLEST.replace(
        "choices: [{name: red, label: Red}, {name: blue, label: Blue}]", "choices: colours"
    )
    lists = "choice_lists:\n  colours: [{name: red, label: Red}, {name: blue, label: Blue}]\n"

    by_name, written_out = load(named + lists), load(SMALLEST)

    assert by_name.pages == written_out.pages


def test_a_file_that_an_old_editor_saved_is_read_or_explained(tmp_path: Path) -> None:
    with_mark, latin = tmp_path / "mark.yaml", tmp_path / "latin.yaml"
    with_mark.write_bytes(b"\xef\xbb\xbf" + SMALLEST.encode())
    latin.write_bytes(SMALLEST.replace("A title", "Une journée").encode("latin-1"))

    assert load_definition_file(with_mark).consultation == "small"
    with pytest.raises(DefinitionErrors, match="UTF-8"):
        load_definition_file(latin)


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_the_line_endings_of_every_system_are_the_same_definition(ending: str) -> None:
    assert load(SMALLEST.replace("\n", ending)).digest == load(SMALLEST).digest


def test_the_digest_is_of_the_meaning_and_not_of_the_spelling() -> None:
    other_order = SMALLEST.replace("version: 1\n", "") + "version: 01\n# a remark\n"
    both = SMALLEST.replace("languages: [en]", "languages: [en, fr]")
    english_first = both.replace("title: A title", "title: {en: A title, fr: Un titre}")
    french_first = both.replace("title: A title", "title: {fr: Un titre, en: A title}")
    other_meaning = SMALLEST.replace("Which colour?", "Which colour ?")

    assert load(other_order).digest == load(SMALLEST).digest
    assert load(other_meaning).digest != load(SMALLEST).digest
    assert load(english_first).digest == load(french_first).digest


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_definition_is_the_same_after_a_stay_in_storage(path: Path) -> None:
    definition = load_definition_file(path)

    again = definition_from_json(definition.canonical_json())

    told_later = {name: getattr(again, name) for name in AFTERWARDS}  # kept apart, see outcomes.py
    assert again == definition.model_copy(update=told_later)
    assert again.digest == definition.digest
    assert again.canonical_json() == definition.canonical_json()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_loaded_or_explained_and_never_a_crash(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(BRANCHING)))
    length = data.draw(st.integers(0, 40))
    put_in = data.draw(
        st.text(alphabet="abc:-[]{}#'\"&*!|>%@`,?\n  ${}=()<é\u2028\x00", max_size=12)
    )
    damaged = BRANCHING[:start] + put_in + BRANCHING[start + length :]

    try:
        assert isinstance(load_definition(damaged, "small.yaml"), Definition)
    except DefinitionErrors as error:
        lines = damaged.count("\n") + 1
        for finding in error.findings:
            assert 1 <= finding.line <= lines + 1
            assert finding.column >= 1
            assert finding.message
