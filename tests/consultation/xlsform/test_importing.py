"""What becomes of a form: each dialect of the field, made in the test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.consultation.questions import AnyQuestion
from app.consultation.xlsform import FormError, Imported, gathered, import_form

from .making import YES_NO, Cell, Rows, imported, imported_survey, told

HEAD = ["type", "name", "label"]


def question(found: Imported, name: str) -> Any:
    """A question of the definition, which has to load."""
    assert found.findings == ()
    assert found.definition is not None
    return found.definition.questions[name]


def pages(found: Imported) -> list[list[str]]:
    """The names of the questions on each page."""
    assert found.definition is not None
    return [[one.name for one in page.questions] for page in found.definition.pages]


# Languages


def test_each_way_to_head_a_language_is_understood(tmp_path: Path) -> None:
    head = ["type", "name", "label::English (en)", "label::sw", "label:french", "hint::French"]
    found = imported_survey(
        tmp_path, [head, ["text", "a", "Why?", "Kwa nini?", "Pourquoi ?", "Ici"]]
    )
    assert found.languages == ("en", "sw", "fr")
    assert question(found, "a").label == {"en": "Why?", "sw": "Kwa nini?", "fr": "Pourquoi ?"}


def test_a_half_filled_language_is_kept_and_counted(tmp_path: Path) -> None:
    # Given French for one question of two
    head = ["type", "name", "label::English (en)", "label::French (fr)"]
    survey: Rows = [head, ["text", "a", "Why?", "Pourquoi ?"], ["text", "b", "How?", None]]
    found = imported_survey(tmp_path, survey)
    # Then French stays, the gap is marked, counted and listed
    assert found.languages == ("en", "fr")
    assert question(found, "b").label["fr"] == "TO TRANSLATE: How?"
    assert found.to_translate == {"fr": 1}
    assert "label in fr" in told(found, 3)


def test_the_default_language_comes_first_and_takes_plain_columns(tmp_path: Path) -> None:
    survey: Rows = [["type", "name", "label::English (en)", "label"], ["text", "a", "Why?", "¿?é"]]
    said: Rows = [["form_title", "default_language"], ["Título", "Español"]]
    found = imported_survey(tmp_path, survey, settings=said)
    assert found.languages == ("es", "en")
    assert question(found, "a").label == {"es": "¿?é", "en": "Why?"}


def test_a_language_can_be_said_by_the_person(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {"survey": [HEAD, ["text", "a", "Unayo?"]]}
    assert imported(tmp_path, sheets, language="Swahili").languages == ("sw",)
    with pytest.raises(FormError, match="not a language"):
        imported(tmp_path, sheets, language="nonsense")


def test_a_language_nobody_knows_is_listed(tmp_path: Path) -> None:
    survey: Rows = [[*HEAD, "label::Local language"], ["text", "a", "Why?", "Qatlh?"]]
    found = imported_survey(tmp_path, survey)
    assert found.languages == ("en",)
    assert "Local language" in told(found)


def test_of_two_columns_of_one_name_the_first_counts(tmp_path: Path) -> None:
    survey: Rows = [[*HEAD, "label"], ["text", "a", "One", "Two"], ["text", "b", None, "Only"]]
    found = imported_survey(tmp_path, survey)
    assert question(found, "a").label["en"] == "One"
    assert question(found, "b").label["en"] == "Only"
    assert "says “Two”" in told(found, 2)


# Types and columns

IDENTIFYING = [
    *("geopoint", "geotrace", "geoshape", "start-geopoint", "image", "audio", "video", "file"),
    *("barcode", "phonenumber", "email", "deviceid", "subscriberid", "simserial", "username"),
    *("start", "end", "today", "audit", "background-audio", "photo", "imei", "caseid"),
]


@pytest.mark.parametrize("kind", IDENTIFYING)
def test_what_would_tell_who_somebody_is_is_refused(kind: str, tmp_path: Path) -> None:
    survey: Rows = [HEAD, [kind, "secret", "Where or who?"], ["text", "a", "Why?"]]
    found = imported_survey(tmp_path, survey)
    assert pages(found) == [["a"]]
    assert "left_out" in told(found, 2)
    assert "“secret”" in told(found, 2)


def test_a_date_loses_its_day_and_a_birthday_is_refused(tmp_path: Path) -> None:
    survey: Rows = [
        [*HEAD, "appearance"],
        *(["date", "moved", "When?"], ["date", "year_of", "Which year?", "year"]),
        *(["dateTime", "both", "When?"], ["time", "hour", "What time?"]),
        ["date", "dob", "Fecha de nacimiento"],
    ]
    found = imported_survey(tmp_path, survey)
    assert question(found, "moved").precision == "month"
    assert question(found, "year_of").precision == "year"
    assert question(found, "both").type == "date"
    assert question(found, "hour").type == "text"
    assert "date of birth" in told(found, 6)


def test_a_range_and_a_likert_become_scales(tmp_path: Path) -> None:
    survey: Rows = [
        [*HEAD, "parameters", "appearance"],
        ["range", "ten", "How much?", "start=0;end=10;step=1"],
        ["range", "hundred", "How many?", "start=0 end=100 step=5"],
        ["range", "half", "How much?", "start=0 end=5 step=0.5"],
        ["select_one five", "liked", "Liked?", None, "likert"],
        ["range", "named", "Named?", "start=1 end=3 tick_labelset=ends"],
    ]
    five: list[list[Cell]] = [["five", number, word] for number, word in enumerate("abcde", 1)]
    choices: Rows = [["list_name", "name", "label"], *five, ["ends", 1, "low"], ["ends", 3, "high"]]
    found = imported_survey(tmp_path, survey, choices)
    assert (question(found, "ten").from_, question(found, "ten").to) == (0, 10)
    assert question(found, "ten").labels["10"]["en"].startswith("TO WRITE")
    assert (question(found, "hundred").type, question(found, "hundred").to) == ("integer", 100)
    assert question(found, "half").type == "decimal"
    assert question(found, "liked").labels["2"] == {"en": "b"}
    assert question(found, "named").labels == {"1": {"en": "low"}, "3": {"en": "high"}}


def test_what_is_only_shown_becomes_a_note(tmp_path: Path) -> None:
    survey: Rows = [
        [*HEAD, "read_only", "calculation"],
        *(["acknowledge", "ok", "Please read"], ["text", "fixed", "Fixed", "yes"]),
        *(["text", "sum", "You are", "yes", "1+1"], ["note", "empty", None]),
        ["text", "a", "Why?"],
    ]
    found = imported_survey(tmp_path, survey)
    assert [question(found, name).type for name in ("ok", "fixed")] == ["note", "note"]
    assert pages(found) == [["ok", "fixed", "a"]]
    assert "works nothing out" in told(found, 4)
    assert "without words" in told(found, 5)


COLUMNS = {
    "required": ("yes", "can skip"),
    "required_message": ("Please!", "R36"),
    "appearance": ("minimal", "minimal"),
    "guidance_hint": ("Ask slowly", "Ask slowly"),
    "default": ("12", "the person's own"),
    "calculation": ("1 + 1", "works nothing out"),
    "trigger": ("${b}", "calculation"),
    "media::video": ("film.mp4", "film.mp4"),
    "save_to": ("name", "no list of people"),
    "parameters": ("max-pixels=3 seed=4", "seed=4"),
    "Column 7": ("x", "Column 7"),
    "$given_name": ("x", "$given_name"),
    "": ("x", "column D"),
}


@pytest.mark.parametrize("heading", COLUMNS)
def test_no_cell_is_dropped_silently(heading: str, tmp_path: Path) -> None:
    cell, word = COLUMNS[heading]
    found = imported_survey(tmp_path, [[*HEAD, heading], ["text", "a", "Why?", cell]])
    assert question(found, "a").type == "text"
    assert word in told(found, 2)
    assert (
        cell not in {"yes"} and word in found.yaml.replace("\n#  ", "")
    ) or heading == "required"


def test_required_no_is_nothing_to_tell(tmp_path: Path) -> None:
    survey: Rows = [[*HEAD, "required"], ["text", "a", "Why?", "no"], ["text", "b", "B?", False]]
    assert "required" not in told(imported_survey(tmp_path, survey))


def test_pictures_and_sounds_are_carried_with_words_to_write(tmp_path: Path) -> None:
    survey: Rows = [
        [*HEAD, "media::image", "media::audio"],
        ["text", "a", "Why?", "My pic.PNG", "b.mp3"],
    ]
    asked = question(found := imported_survey(tmp_path, survey), "a")
    assert asked.image.file == "My-pic.png"
    assert asked.image.alt["en"].startswith("TO WRITE")
    assert asked.audio.file == "b.mp3"
    assert "surveys/media/My-pic.png" in told(found, 2)


def test_html_is_taken_out_of_texts(tmp_path: Path) -> None:
    survey: Rows = [HEAD, ["text", "a", "<b>Why</b>&nbsp;is 1 < 2?<br/>Tell"]]
    found = imported_survey(tmp_path, survey)
    assert question(found, "a").label["en"] == "Why\u00a0is 1 < 2?\nTell"
    assert "HTML" in told(found, 2)


def test_a_switched_off_row_is_listed(tmp_path: Path) -> None:
    survey: Rows = [
        [*HEAD, "disabled"],
        ["text", "off", "Off?", "yes"],
        ["text", "a", "Why?", None],
    ]
    found = imported_survey(tmp_path, survey)
    assert pages(found) == [["a"]]
    assert "switched off" in told(found, 2)


def test_rows_that_say_too_little_are_listed_or_filled(tmp_path: Path) -> None:
    survey: Rows = [
        HEAD,
        *([None, "x", "No type"], ["weird", "y", "Y"], ["text", None, "No name"]),
        *(["text", "silent", None], ["slect_one yes_no", "near", "Near?"]),
    ]
    found = imported_survey(tmp_path, survey)
    assert pages(found) == [["no_name", "silent", "near"]]
    assert "no type" in told(found, 2)
    assert "no type “weird”" in told(found, 3)
    assert question(found, "silent").label["en"].startswith("TO WRITE")
    assert "taken for select_one" in told(found, 6)


# Names


def test_names_change_everywhere_and_are_listed(tmp_path: Path) -> None:
    # Given names that the language does not admit, and conditions and texts that use them
    survey: Rows = [
        [*HEAD, "relevant"],
        ["select_one L", "Q.1-a", "First?"],
        ["text", "q_1_a", "Second, after ${Q.1-a}?", "${Q.1-a} = 'Yes, A' or ${Q.1-a} = '-888'"],
        ["text", "action", "Third?", "${q_1_a} = 'x'"],
        ["text", "take_part", "Fourth?", "${action} != ''"],
        ["text", "x" * 50, "Fifth?"],
    ]
    choices: Rows = [["list_name", "name", "label"], ["L", "Yes, A", "Yes"], ["L", -888, "No"]]
    found = imported_survey(tmp_path, survey, choices)
    # Then each has one admitted name, wherever it stands
    names = ["q_1_a", "q_1_a_2", "action_2", "take_part_2", "x" * 40]
    assert [name for page in pages(found) for name in page] == names
    second = question(found, "q_1_a_2")
    assert second.relevant == "${q_1_a} = 'yes_a' or ${q_1_a} = 'minus_888'"
    assert second.label["en"] == "Second, after ${q_1_a}?"
    assert question(found, "action_2").relevant == "${q_1_a_2} = 'x'"
    assert question(found, "take_part_2").relevant == "answered(${action_2})"
    # And each change is listed
    assert "“Q.1-a” is “q_1_a” now" in told(found, 2)
    assert "“-888” is “minus_888” now" in told(found, 3, "choices")


# Choices


def test_a_cascade_becomes_relevant_on_the_choices(tmp_path: Path) -> None:
    survey: Rows = [
        [*HEAD, "choice_filter"],
        ["select_one region", "region", "Region?"],
        ["select_one town", "town", "Town?", "region=${region}"],
        ["select_one street", "street", "Street?", "pulldata('x', region) = 1"],
    ]
    choices: Rows = [
        ["list_name", "name", "label", "region", "zone"],
        *(["region", "n", "North"], ["region", "s", "South"]),
        *(["town", "a", "A", "n"], ["town", "b", "B", "s", "far"], ["town", "c", "C", "nowhere"]),
        *(["street", "d", "D", "n"], ["street", "e", "E", "s"]),
    ]
    found = imported_survey(tmp_path, survey, choices)
    shown = {choice.name: choice.relevant for choice in question(found, "town").choices}
    assert shown == {"a": "${region} = 'n'", "b": "${region} = 's'"}
    assert "never shows it" in told(found, 6, "choices")
    assert "no choice filter uses it" in told(found, 5, "choices")
    assert "choice filter" in told(found, 4)
    # The choices depend on an answer, so they stand on a later page.
    assert pages(found)[0] == ["region"]


def test_or_other_adds_a_choice_and_a_box(tmp_path: Path) -> None:
    survey: Rows = [HEAD, ["select_multiple yes_no or_other", "a", "Which?"]]
    found = imported_survey(tmp_path, survey)
    assert [choice.name for choice in question(found, "a").choices] == ["yes", "no", "other"]
    assert question(found, "a_other").relevant == "selected(${a}, 'other')"
    assert "or_other" in told(found, 2)


def test_an_idiom_makes_a_choice_exclusive(tmp_path: Path) -> None:
    survey: Rows = [
        [*HEAD, "constraint", "constraint_message"],
        *(
            ["select_multiple yes_no", name, "Which?", constraint, "Choose again"]
            for name, constraint in (
                ("a", "not(selected(., 'no') and count-selected(.) > 1)"),
                ("b", "count-selected(.) <= 2 and not(count-selected(.)>=2 and selected(.,'no'))"),
            )
        ),
    ]
    found = imported_survey(tmp_path, survey)
    for name, constraint in (("a", None), ("b", "count_selected(.) <= 2")):
        asked = question(found, name)
        assert [choice.exclusive for choice in asked.choices] == [False, True]
        assert asked.constraint == constraint


def test_prefer_not_to_say_becomes_a_key(tmp_path: Path) -> None:
    choices: Rows = [*YES_NO, ["yes_no", "prefer_not_to_say", "I'd rather not"]]
    found = imported_survey(tmp_path, [HEAD, ["select_one yes_no", "a", "A?"]], choices)
    assert question(found, "a").prefer_not_to_say
    assert len(question(found, "a").choices) == 2


def test_lists_that_are_too_short_or_missing_are_listed(tmp_path: Path) -> None:
    survey: Rows = [
        HEAD,
        *(["select_one one", "consent", "Do you agree?"], ["select_one yes_noo", "b", "B?"]),
        *(["select_one", "c", "C?"], ["text", "d", "D?"]),
    ]
    found = imported_survey(tmp_path, survey, [*YES_NO, ["one", "yes", "I agree"]])
    assert pages(found) == [["d"]]
    assert "under consent" in told(found, 2)
    assert "Did you mean “yes_no”" in told(found, 3)
    assert "names no choice list" in told(found, 4)
    assert "no question uses it" in told(found, 2, "choices")


def test_a_long_list_is_countries_or_words(tmp_path: Path) -> None:
    names = [n for code, n in Locale("en").territories.items() if len(str(code)) == 2][:90]
    choices: Rows = [
        ["list_name", "name", "label"],
        *(["land", f"c{number}", name] for number, name in enumerate(names)),
        *(["village", f"v{number}", f"Village {number}"] for number in range(61)),
    ]
    survey: Rows = [
        [*HEAD, "relevant"],
        *(["select_one land", "land", "Land?"], ["select_one village", "village", "Village?"]),
        ["text", "why", "Why?", "${land} = 'c0'"],
    ]
    found = imported_survey(tmp_path, survey, choices)
    assert question(found, "land").type == "country"
    assert question(found, "why").relevant.startswith("${land} = '")
    assert question(found, "village").type == "text"
    assert "61 choices" in told(found, 3)


def test_choices_without_a_list_belong_to_the_one_above(tmp_path: Path) -> None:
    choices: Rows = [["list_name", "name", "label"], ["l", "a", "A"], [None, "b", "B"]]
    found = imported_survey(tmp_path, [HEAD, ["select_one l", "q", "Q?"]], choices)
    assert len(question(found, "q").choices) == 2
    assert "above" in told(found, 3, "choices")


# Pages


def test_a_group_is_a_page_and_the_rest_comes_by_threes(tmp_path: Path) -> None:
    survey: Rows = [
        [*HEAD, "relevant"],
        *(["text", f"a{number}", "?"] for number in range(4)),
        *(["text", "b", "?", "${a3} = 'x'"], ["begin_group", "outer", "Outer", "${a0} = 'y'"]),
        *(["text", "c", "?"], ["begin group", "inner", "Inner", "${c} = 'z'"], ["text", "d", "?"]),
        *(["end group"], ["text", "e", "?"], ["end_group"], ["text", "f", "?"]),
    ]
    found = imported_survey(tmp_path, survey)
    assert pages(found) == [["a0", "a1", "a2"], ["a3"], ["b"], ["c"], ["d"], ["e"], ["f"]]
    assert found.definition is not None
    outer, inner, again = found.definition.pages[3:6]
    assert (outer.title, outer.relevant) == ({"en": "Outer"}, "${a0} = 'y'")
    assert (inner.title, inner.relevant) == ({"en": "Inner"}, "${a0} = 'y' and ${c} = 'z'")
    assert (again.name, again.relevant) == ("outer_2", "${a0} = 'y'")


def test_a_repeat_is_asked_once(tmp_path: Path) -> None:
    survey: Rows = [
        [*HEAD, "relevant", "repeat_count"],
        *(["begin_repeat", "people", "Person", None, "3"], ["text", "a", "Who?"], ["end repeat"]),
        ["text", "b", "How?", "count(${people}) > 1"],
    ]
    found = imported_survey(tmp_path, survey)
    assert pages(found) == [["a"], ["b"]]
    assert "asked once" in told(found, 2)
    assert "count()" in told(found, 5)


def test_groups_that_do_not_match_do_no_harm(tmp_path: Path) -> None:
    survey: Rows = [
        HEAD,
        *(["end_group"], ["begin_group", "a", "A"], ["text", "q", "?"], ["end", None, None]),
        *(["text", "r", "?"], ["begin_group", "b", "B"], ["text", "s", "?"]),
    ]
    found = imported_survey(tmp_path, survey)
    assert pages(found) == [["q"], ["r"], ["s"]]
    assert "no group is open" in told(found, 2)
    assert "not closed" in told(found, 7)


def test_a_long_page_is_pointed_out(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["text", f"a{number}", "?"] for number in range(5)]
    found = imported_survey(tmp_path, [HEAD, ["begin_group", "g", "G"], *rows, ["end_group"]])
    assert "has 5 questions" in told(found, 2)


# Tables

FIVES: list[list[Cell]] = [["five", number, word] for number, word in enumerate("abcde", 1)]
FIVE: Rows = [*YES_NO, *FIVES]


def test_a_table_list_becomes_a_matrix(tmp_path: Path) -> None:
    survey: Rows = [
        [*HEAD, "appearance", "relevant", "required"],
        *(["begin_group", "t", "Rate", "table-list", "${x} = 'y'"], ["note", "n", "Think."]),
        *(["select_one five", "r1", "One", None, None, "yes"], ["select_one five", "R.2", "Two"]),
        ["end_group"],
    ]
    survey = [survey[0], ["text", "x", "X?"], *survey[1:]]
    found = imported_survey(tmp_path, survey, FIVE)
    matrix = question(found, "t")
    assert [row.name for row in matrix.rows] == ["r1", "r_2"]
    assert matrix.relevant == "${x} = 'y'"
    assert matrix.label == {"en": "Rate"}
    assert question(found, "n").type == "note"


def test_rows_that_a_condition_looks_at_stay_questions(tmp_path: Path) -> None:
    survey: Rows = [
        [*HEAD, "appearance", "relevant"],
        *(["begin_group", "t", "Rate", "table-list"], ["select_one five", "r1", "One"]),
        *(["select_one five", "r2", "Two"], ["end_group"], ["text", "x", "?", None, "${r1} = 3"]),
    ]
    found = imported_survey(tmp_path, survey, FIVE)
    assert question(found, "r1").type == "select_one"
    assert question(found, "x").relevant == "${r1} = '3'"
    assert question(found, "t").label == {"en": "Rate"}


def test_rows_without_labels_of_their_choices_become_matrices(tmp_path: Path) -> None:
    survey: Rows = [
        [*HEAD, "appearance", "relevant"],
        *(["text", "x", "X?"], ["begin_group", "g", "G"]),
        ["select_one five", "head", "How often?", "label"],
        ["select_one five", "r1", "One", "list-nolabel", "${x} = 'y'"],
        ["select_one five", "r2", "Two", "list-nolabel", "${x} = 'y'"],
        ["select_one five", "r3", "Three", "list-nolabel"],
        ["end_group"],
    ]
    found = imported_survey(tmp_path, survey, FIVE)
    assert [row.name for row in question(found, "head").rows] == ["r1", "r2"]
    assert question(found, "head").relevant == "${x} = 'y'"
    assert [row.name for row in question(found, "head_2").rows] == ["r3"]


def test_kobo_matrices_scores_and_ranks_are_read(tmp_path: Path) -> None:
    head = [*HEAD, "kobo--matrix_list", "kobo--score-choices", "kobo--rank-items"]
    survey: Rows = [
        head,
        ["begin_kobomatrix", "m", "Your fruit", "fruit"],
        *(["select_one yes_no", "m_good", "Is it good?"], ["integer", "m_many", "How many?"]),
        *(["end_kobomatrix"], ["begin_score", "s", "Rate", None, "yes_no"]),
        *(["score__row", "s1", "One"], ["score__row", "s2", "Two"], ["end_score"]),
        ["begin_rank", "r", "Order", None, None, "fruit"],
        *(["rank__level", "r1", "1st"], ["rank__level", "r2", "2nd"], ["end_rank"]),
        ["begin_kobomatrix", "lost", "?", "nowhere"],
        *(["text", "lost_1", "?"], ["end_kobomatrix"]),
    ]
    choices: Rows = [*YES_NO, ["fruit", "apple", "Apples"], ["fruit", "pear", "Pears"]]
    found = imported_survey(tmp_path, survey, choices)
    matrix = question(found, "m_good")
    assert [row.name for row in matrix.rows] == ["apple", "pear"]
    assert matrix.label == {"en": "Your fruit: Is it good?"}
    assert question(found, "m_many_pear").label == {"en": "Pears: How many?"}
    assert [row.name for row in question(found, "s").rows] == ["s1", "s2"]
    assert [choice.name for choice in question(found, "r").choices] == ["apple", "pear"]
    assert "“nowhere”" in told(found, 14)
    assert "part of" in told(found, 15)


# Other programs


def test_surveycto_is_read(tmp_path: Path) -> None:
    survey: Rows = [
        ["type", "name", "label:english", "relevance", "constraint message", "constraint"],
        *(["start", "starttime"], ["text audit", "ta"], ["calculate_here", "now"]),
        *(["begin group", "g", "Part one"], ["select_one yn", "a", "Good?"]),
        ["integer", "n", "How many?", "${a} = 1", "Too many", ". < 9"],
        ["end group"],
    ]
    choices: Rows = [["list_name", "value", "label:english"], ["yn", 1, "Yes"], ["yn", -888, "No"]]
    found = imported_survey(tmp_path, survey, choices)
    asked: AnyQuestion = question(found, "n")
    assert asked.relevant == "${a} = '1'"
    assert (asked.constraint, asked.constraint_message) == (". < 9", {"en": "Too many"})


def test_buttons_drawn_for_a_text_become_choices(tmp_path: Path) -> None:
    survey: Rows = [
        [*HEAD, "appearance", "constraint"],
        ["text", "a", "How often?", "custom-clickable-svg", ".='0' or .='1' or .='-888'"],
    ]
    asked = question(imported_survey(tmp_path, survey), "a")
    assert [choice.name for choice in asked.choices] == ["0", "1", "minus_888"]
    assert asked.choices[0].label["en"].startswith("TO WRITE")


def test_formr_is_read(tmp_path: Path) -> None:
    survey: Rows = [
        ["type", "name", "label", "showif", "choice1", "choice2", "optional", "class"],
        ["mc", "sex", "Sex?", None, "Male", "Female", "*", "left"],
        *(["number 1,100,1", "age", "Age?"], ["submit", "go", "Go on"]),
        ["mc_multiple_button", "many", "Which?", "form$sex == 2 & age > 3", "a", "b"],
        ["rating_button 1,5", "rate", "How good?", "many %contains% '1'", "bad", "good"],
        *(["textarea", "text", "Why?"], ["check", "c", "I agree"]),
    ]
    found = imported_survey(tmp_path, survey)
    assert [choice.label["en"] for choice in question(found, "sex").choices] == ["Male", "Female"]
    assert (question(found, "age").from_, question(found, "age").to) == (1, 100)
    assert question(found, "many").relevant == "${sex} = '2' and ${age} > 3"
    assert question(found, "rate").labels == {"1": {"en": "bad"}, "5": {"en": "good"}}
    assert question(found, "text").lines > 1
    assert pages(found)[0] == ["sex", "age"]
    assert "one box" in told(found, 8)


# The file as a whole


def test_what_a_form_cannot_know_is_plainly_marked(tmp_path: Path) -> None:
    head = ["type", "name", "label::English (en)", "label::French (fr)"]
    found = imported_survey(tmp_path, [head, ["text", "a", "Why?", "Pourquoi ?"]])
    definition = found.definition
    assert definition is not None
    participation = definition.participation
    assert participation is not None
    for text in (
        *(definition.title, definition.about, definition.organisation.name),
        *(definition.thanks.what_happens_next, definition.consent.statements[0].label),
        *(participation.space, participation.audience.promise),
    ):
        assert set(text) == {"en", "fr"}
        assert all(words.startswith("TO WRITE: ") for words in text.values())
    for key in ("minutes", "audience", "exit_to", "model", "countries", "opens"):
        assert f"{key}:" in found.yaml
    marked = [line for line in found.yaml.splitlines() if "# TO WRITE" in line]
    assert len(marked) >= 7


def test_remarks_stand_at_the_top_of_the_file(tmp_path: Path) -> None:
    survey: Rows = [[*HEAD, "required"], *(["text", f"a{n}", "?", "yes"] for n in range(4))]
    found = imported_survey(tmp_path, [*survey, ["geopoint", "place", "Where?"]])
    top = found.yaml.partition("\nconsultation:")[0]
    assert "survey, rows 2 to 5: required" in top
    assert "survey, row 6: geopoint (“place”)" in top
    (line,) = [one for one in gathered(found.remarks, "changed") if one.remark.what == "required"]
    assert line.rows == (2, 3, 4, 5)


def test_a_label_cannot_break_out_of_a_comment(tmp_path: Path) -> None:
    survey: Rows = [HEAD, ["geopoint", "x\nconsultation: evil\u2028y", "?"], ["text", "a", "A?"]]
    found = imported_survey(tmp_path, survey)
    assert found.definition is not None
    assert found.definition.consultation == "form"


def test_what_the_loader_refuses_is_taken_out_and_listed(tmp_path: Path) -> None:
    # Given a comparison that only the loader's type check finds wrong
    survey: Rows = [
        [*HEAD, "relevant"],
        *(["text", "a", "A?"], ["integer", "b", "B?"], ["text", "c", "C?", "${a} > ${b}"]),
    ]
    found = imported_survey(tmp_path, survey)
    assert question(found, "c").relevant is None
    assert "not a number" in told(found, 4)


CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        [
            *("text", "select_one l", "begin_group", "end_group", "note", "range", "calculate"),
            *("begin_repeat", "rank l", "select_multiple l or_other", "begin_kobomatrix", "${a}"),
            *(
                "a",
                "${b} = 'x'",
                "yes",
                "label",
                "list-nolabel",
                "table-list",
                "l",
                "start=1 end=99",
            ),
        ]
    ),
    st.text(max_size=12).filter(lambda text: all(sign >= " " for sign in text)),
)
HEADINGS = [
    *("type", "name", "label", "hint", "relevant", "constraint", "appearance", "parameters"),
    *("choice_filter", "label::fr", "media::image", "kobo--matrix_list"),
]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(CELLS, max_size=len(HEADINGS)), max_size=8))
def test_no_form_breaks_the_import(tmp_path: Path, rows: list[list[Cell]]) -> None:
    choices: Rows = [["list_name", "name", "label"], ["l", "a", "A"], ["l", "b b", "B"]]
    survey: Rows = [HEADINGS, ["text", "always", "There?"], *rows]
    found = imported_survey(tmp_path, survey, choices)
    assert found.findings == ()
    assert found.definition is not None


def test_a_title_shows_no_answer(tmp_path: Path) -> None:
    survey: Rows = [
        HEAD,
        *(["select_one yes_no", "a", "A?"], ["begin_group", "g", "More about ${a}"]),
        *(["text", "b", "Why ${a}, and not ${c}?"], ["end_group"]),
    ]
    found = imported_survey(tmp_path, survey)
    assert found.definition is not None
    assert found.definition.pages[1].title == {"en": "More about …"}
    assert question(found, "b").label == {"en": "Why ${a}, and not …?"}
    assert "${c}" in told(found, 4)


def test_a_form_that_is_too_long_says_so(tmp_path: Path) -> None:
    rows = [["text", f"a{number}", "x" * 3000] for number in range(400)]
    found = imported_survey(tmp_path, [HEAD, *rows])
    assert found.definition is None
    assert "several forms" in told(found, sheet="form.xlsx")


def test_an_external_list_of_the_workbook_is_found(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "survey": [HEAD, ["select_one_external towns", "a", "A?"]],
        "external_choices": [
            ["list_name", "name", "label"],
            ["towns", "x", "X"],
            ["towns", "y", "Y"],
        ],
    }
    assert len(question(imported(tmp_path, sheets), "a").choices) == 2


def test_an_import_is_the_same_each_time(tmp_path: Path) -> None:
    (tmp_path / "survey.csv").write_text("type,name,label\nselect_one l,A,?\n")
    (tmp_path / "choices.csv").write_text("list_name,name,label\nl,X,x\nl,Y,y\n")
    assert import_form(tmp_path).yaml == import_form(tmp_path).yaml
