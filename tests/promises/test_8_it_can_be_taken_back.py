"""Promise 8: what was sent can be taken back, with a code that only the person holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.person import Page, Person
from tests.place import SAMPLES, Place, code_on, sample_surveys
from tests.server import running_demo
from tests.walks import walk

from .scan import Marked, search


def send(place: Place, consultation: str = SAMPLES[0]) -> str:
    """Send a response; the code that was shown."""
    person = place.person(consultation)
    walk(person)
    return code_on(person.seen)


def take_back(place: Place, code: str) -> Page:
    """What somebody without any session is answered."""
    return Person(place.demo.base).post("/withdraw", [("code", code)])


@pytest.mark.parametrize("consultation", SAMPLES)
@pytest.mark.requirement("R92")
def test_the_code_deletes_this_response_and_no_other(place: Place, consultation: str) -> None:
    send(place, consultation)
    before = place.rows(consultation)
    code = send(place, consultation)
    assert len(place.rows(consultation)) == len(before) + 1

    answer = take_back(place, code)

    assert answer.status == 200
    assert place.rows(consultation) == before
    assert answer.forms == []
    assert code not in answer.body


@pytest.mark.parametrize(
    "typed",
    [
        str.upper,
        lambda code: code.replace(" ", "-"),
        lambda code: code.replace(" ", ""),
        lambda code: "  " + code.replace(" ", "\n") + " . ",
        str.title,
    ],
    ids=["capitals", "hyphens", "in one", "lines", "titles"],
)
def test_the_code_is_read_as_people_type_it(place: Place, typed: Callable[[str], str]) -> None:
    before = place.rows()
    code = send(place)

    take_back(place, typed(code))

    assert place.rows() == before


@pytest.mark.parametrize(
    "wrong",
    ["", " ", "six words that nobody ever got", "' OR 1=1 --", "x" * 10_000, "\x00", "🌧" * 6],
)
def test_a_wrong_code_deletes_nothing_and_can_be_typed_again(place: Place, wrong: str) -> None:
    code = send(place)
    before = place.rows()

    answer = take_back(place, wrong)

    assert answer.status == 200
    assert place.rows() == before
    (form,) = [form for form in answer.forms if form.method == "post"]
    assert "code" in dict(form.fields)
    take_back(place, code)


def test_words_of_the_code_in_another_order_are_another_code(place: Place) -> None:
    code = send(place)
    before = place.rows()

    take_back(place, " ".join(reversed(code.split())))
    take_back(place, code.rsplit(" ", 1)[0])

    assert place.rows() == before
    take_back(place, code)


def test_the_code_works_once(place: Place) -> None:
    code = send(place)
    first, second = take_back(place, code), take_back(place, code)

    assert first.forms == []
    assert second.forms != []


@pytest.mark.requirement("R91", "R92")
def test_the_code_is_shown_once_and_not_again(place: Place) -> None:  # R91
    person = place.person()
    walk(person)
    code = code_on(person.seen)

    again = person.open("/sent")

    assert code not in again.body
    assert person.cookies == {}
    assert person.open("/sent").body == Person(place.demo.base).open("/").body
    take_back(place, code)


def test_a_code_is_nobody_elses(place: Place) -> None:
    codes = [send(place) for _ in range(3)]

    assert len(set(codes)) == 3
    for code in codes:
        take_back(place, code)


@pytest.mark.requirement("R92")
def test_what_was_taken_back_is_in_no_byte_of_the_server(place: Place) -> None:
    before = place.rows()
    code = send(place)
    ((one, envelope),) = place.rows().items() - before.items()
    pieces = [envelope[start : start + 64].hex() for start in (8, 2000, 5000)]
    marks = [Marked(f"piece {number}", piece) for number, piece in enumerate(pieces)]

    take_back(place, code)

    folder = place.demo.instance
    left = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert one not in left
    for piece in pieces:
        assert bytes.fromhex(piece) not in left
    assert search(folder, marks) == []


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A consultation whose last day for taking back is over."""
    folder = tmp_path_factory.mktemp("late")
    surveys = sample_surveys(folder)
    path = surveys / f"{SAMPLES[0]}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("delete_by:", "withdraw_until: 2020-01-01, delete_by:"), "utf-8")
    with running_demo(folder, surveys=surveys) as demo:
        yield Place(demo)


@pytest.mark.requirement("R92")
def test_after_the_last_day_it_is_said_that_it_is_too_late(late: Place) -> None:  # R92
    code = send(late)
    before = late.rows()

    answer, unknown = take_back(late, code), take_back(late, "six words that nobody ever got")

    assert answer.status == 200
    assert late.rows() == before
    assert answer.words != unknown.words


def test_the_last_day_of_one_consultation_is_not_that_of_another(late: Place) -> None:
    before = late.rows(SAMPLES[1])
    code = send(late, SAMPLES[1])

    take_back(late, code)

    assert late.rows(SAMPLES[1]) == before
