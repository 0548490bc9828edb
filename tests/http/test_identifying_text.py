"""The question about words that could show who somebody is, as the server asks it (R72)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.definitions import HEAD
from tests.person import Person
from tests.place import write_surveys
from tests.server import Demo, running_demo

pytestmark = pytest.mark.requirement("R72")

PAGES = """\
pages:
  - name: words
    questions:
      - {name: idea, type: text, label: Your idea?}
      - {name: more, type: text, lines: 1, label: And more?}
      - {name: days, type: integer, label: How many days?}
  - name: end
    questions:
      - {name: wish, type: text, label: One wish?}
"""
NUMBER, HANDLE = "Call 07700 900123 at night", "I am @somebody_else"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("words")
    with running_demo(folder, surveys=write_surveys(folder, small=HEAD + PAGES)) as running:
        yield running


@pytest.fixture
def person(demo: Demo) -> Person:
    """Somebody on the first page of questions."""
    person = Person(demo.base)
    person.start(demo.codes("small")[0])
    for _ in range(2):
        person.press("continue")
    person.press("continue", {"take_part": "yes"})
    assert step(person) == "page:words"
    return person


def step(person: Person) -> str:
    return dict(person.seen.form.fields)["step"]


def typed(person: Person, name: str) -> str:
    return dict(person.seen.form.fields)[name]


def marks(person: Person) -> list[str]:
    return re.findall(r"<mark>(.*?)</mark>", person.seen.body)


def asking(person: Person) -> list[str]:
    return [value for name, value in person.seen.form.fields if name == "asking"]


def test_r72_it_is_asked_once_with_the_piece_marked(person: Person) -> None:
    person.press("continue", {"idea": NUMBER})

    assert (step(person), marks(person), typed(person, "idea")) == (
        *("page:words", ["07700 900123"], NUMBER),
    )
    assert {"take_out:idea", "leave_in:idea"} <= {
        value for _n, value, _a in person.seen.form.buttons
    }
    assert "#idea" in person.seen.links  # to change it oneself: the box is one press away


@pytest.mark.parametrize("button", ["continue", "leave_in:idea", "skip"])
def test_r72_it_is_no_block(person: Person, button: str) -> None:
    person.press("continue", {"idea": NUMBER})
    person.press(button)
    assert step(person) == "page:end"

    person.press("back")
    assert typed(person, "idea") == ("" if button == "skip" else NUMBER)
    assert marks(person) == []


def test_r72_taking_it_out_leaves_the_other_words_and_shows_them(person: Person) -> None:
    person.press("continue", {"idea": NUMBER, "days": "3"})
    person.press("take_out:idea")

    assert step(person) == "page:words"
    assert typed(person, "idea") == "Call […] at night"
    assert typed(person, "days") == "3"
    assert marks(person) == []
    assert "Taken out." in person.seen.words

    person.press("continue")
    person.press("continue")
    assert step(person) == "check"
    assert "Call […] at night" in person.seen.words
    assert "900123" not in person.seen.body


def test_r72_words_changed_at_the_same_time_are_taken_out_too(person: Person) -> None:
    person.press("continue", {"idea": NUMBER})
    person.press("take_out:idea", {"idea": "Call 07700 900123 or 07700 900456"})

    assert typed(person, "idea") == "Call […] or […]"


def test_r72_each_text_is_asked_about_by_itself(person: Person) -> None:
    person.press("continue", {"idea": NUMBER, "more": HANDLE})
    assert asking(person) == ["idea", "more"]

    person.press("leave_in:idea")
    assert (step(person), asking(person)) == ("page:words", ["more"])
    assert marks(person) == ["@somebody_else"]

    person.press("take_out:more")
    assert (asking(person), typed(person, "more")) == ([], "I am […]")
    assert typed(person, "idea") == NUMBER

    person.press("continue")
    assert step(person) == "page:end"


def test_r72_a_question_is_asked_about_once_whatever_is_written_later(person: Person) -> None:
    person.press("continue", {"idea": NUMBER})
    person.press("continue", {"idea": f"{NUMBER}, or write to ama@example.org"})

    assert step(person) == "page:end"


def test_r72_nothing_is_asked_where_the_pages_own_script_asks(person: Person) -> None:
    """The field says that the script runs, whatever is typed: no signal about the words."""
    assert typed(person, "asked_by") == "server"

    person.press("continue", {"idea": NUMBER, "asked_by": "page"})

    assert step(person) == "page:end"


def test_r72_the_number_of_a_helpline_is_nobodys_own(person: Person) -> None:
    person.press("continue", {"idea": "I called 0800 1111, and www.childline.org.uk"})

    assert step(person) == "page:end"


def test_a_mistake_elsewhere_on_the_page_is_not_lost_when_words_are_taken_out(
    person: Person,
) -> None:
    person.press("continue", {"idea": NUMBER})
    person.press("take_out:idea", {"days": "some"})

    assert typed(person, "idea") == "Call […] at night"
    assert typed(person, "days") == "some"
    assert 'id="days-errors"' in person.seen.body


def test_far_too_long_words_stay_whole_when_pieces_are_to_be_taken_out(person: Person) -> None:
    person.press("continue", {"idea": NUMBER})
    long = f"{NUMBER} {'word ' * 3000}end"
    person.press("take_out:idea", {"idea": long})

    assert typed(person, "idea") == long


@pytest.mark.parametrize("button", ["take_out:wish", "take_out:days", "take_out:", "leave_in:no"])
def test_a_name_that_is_not_a_text_of_this_page_changes_nothing(
    person: Person, button: str
) -> None:
    fields = [(k, v) for k, v in person.seen.form.fields if k != "action"]
    person.post(person.seen.path, [*fields, ("days", "12"), ("action", button)])

    assert step(person) == "page:end"


@pytest.mark.requirement("R69")
def test_r69_r72_each_box_has_both_sentences_beside_it(person: Person) -> None:
    for name in ("idea", "more"):
        beside = re.search(
            rf'<p class="limits" id="{name}-limits">(.*?)</p>', person.seen.body, re.S
        )
        assert beside is not None
        assert "We do not read this right away and we cannot see who you are." in beside[1]
        for word in ("names", "places", "schools", "phone numbers", "account names"):
            assert word in beside[1]
        box = re.search(rf'<(?:textarea|input)[^>]* id="{name}"[^>]*>', person.seen.body)
        assert box is not None
        assert f"{name}-limits" in box[0]


def test_enter_in_a_box_goes_on_and_takes_nothing_out(person: Person) -> None:
    """Enter presses the first button of a form in a browser: one that only goes on."""
    person.press("continue", {"more": HANDLE})

    assert person.seen.form.buttons[0] == ("", "", "")
    person.press()
    assert step(person) == "page:end"
    person.press("back")
    assert typed(person, "more") == HANDLE
