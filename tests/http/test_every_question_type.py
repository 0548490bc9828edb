"""Each type of question, from the YAML file through the pages to the researcher's table."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.definitions import HEAD
from tests.person import Person
from tests.place import write_surveys
from tests.server import Demo, running_demo

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010100000000376ef9240000000a49444154789c6360"
    "000000020001"
) + bytes.fromhex("e221bc330000000049454e44ae426082")

PAGES = """\
pages:
  - name: numbers
    questions:
      - {name: people, type: integer, label: How many people?, from: 0, to: 20}
      - {name: price, type: decimal, label: What did it cost?, prefer_not_to_say: true}
      - name: age_first
        type: integer
        label: At what age first?
        constraint: ". >= 5 and . <= 25"
        constraint_message: Please write an age from 5 to 25, or skip it.
  - name: places
    questions:
      - {name: when, type: date, precision: month, label: When?}
      - {name: born_in, type: country, label: Which country?}
      - name: app
        type: select_one
        label: Which app?
        randomize: true
        choices:
          - {name: chat, label: Chat}
          - {name: video, label: Video}
          - {name: games, label: Games}
          - {name: maps, label: Maps}
          - {name: none, label: None of these, exclusive: true}
  - name: about_it
    questions:
      - name: feeling
        type: scale
        label: How is ${app} for you?
        from: 1
        to: 3
        faces: true
        labels: {"1": Bad, "2": So so, "3": Good}
      - name: help
        type: select_multiple
        label: What would help in ${app}?
        choices:
          - {name: button, label: A button}
          - {name: moderator, label: A moderator, relevant: "${app} = 'chat'"}
          - {name: pause, label: A pause, relevant: "${app} = 'games'"}
      - name: picture
        type: select_one
        label: Which sign is clear?
        image: {file: signs.png, alt: Two signs side by side}
        audio: {file: signs.ogg, transcript: A voice says left or right}
        choices: [{name: left, label: Left}, {name: right, label: Right}]
  - name: order
    questions:
      - name: first_things
        type: rank
        label: What comes first?
        prefer_not_to_say: true
        choices: [{name: a, label: A}, {name: b, label: B}, {name: c, label: C}]
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("types")
    surveys = write_surveys(folder, small=HEAD + PAGES)
    (surveys / "media").mkdir()
    (surveys / "media" / "signs.png").write_bytes(PIXEL)
    (surveys / "media" / "signs.ogg").write_bytes(b"OggS")
    (surveys / "media" / "other.png").write_bytes(PIXEL)
    with running_demo(folder, surveys=surveys) as running:
        yield running


def begin(demo: Demo) -> Person:
    person = Person(demo.base)
    person.start(demo.codes("small")[0])
    for _ in range(2):
        person.press("continue")
    person.press("continue", {"take_part": "yes"})
    return person


def table(demo: Demo, folder: Path) -> list[dict[str, str]]:
    """The researcher's table of everything sent so far."""
    bundle = folder / "small.heard"
    exported = demo.heard("export", "small", "-o", str(bundle))
    assert exported.returncode == 0, exported.stderr
    opened = demo.heard(
        *("unseal", str(bundle), "--key", str(demo.key), "-o", str(folder / "data")),
        HEARD_PASSPHRASE="demo",
    )
    assert opened.returncode == 0, opened.stderr
    with (folder / "data" / "responses.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_type_arrives_as_it_was_answered(demo: Demo, tmp_path: Path) -> None:
    person = begin(demo)
    person.press("continue", {"people": "4", "price": "3,50", "age_first": "12"})
    person.press(
        "continue",
        {"when__month": "2", "when__year": "2024", "born_in": "NP", "app": "games"},
    )
    assert "How is Games for you?" in person.seen.words
    assert person.seen.form.boxes["help"] == ["button", "pause"]
    person.press("continue", {"feeling": "3", "help": ["button", "pause"], "picture": "right"})
    places = {"first_things__a": "2", "first_things__b": "1", "first_things__c": ""}
    person.press("continue", places)
    assert "What would help in Games?" in person.seen.words
    person.press("send")
    rows = [row for row in table(demo, tmp_path) if row["people"] == "4"]
    assert len(rows) == 1
    expected = {
        **{"people": "4", "price": "3.50", "age_first": "12", "when": "2024-02"},
        **{"born_in": "NP", "app": "games", "feeling": "3", "picture": "right"},
        **{"help__button": "1", "help__pause": "1"},
        **{"first_things__1": "b", "first_things__2": "a", "ended": "complete"},
    }
    assert {name: rows[0][name] for name in expected} == expected


@pytest.mark.requirement("R36")
def test_a_constraint_asks_once_more_and_never_holds_anyone(demo: Demo) -> None:
    person = begin(demo)
    person.press("continue", {"age_first": "99"})
    assert "Please write an age from 5 to 25" in person.seen.words
    assert dict(person.seen.form.fields)["age_first"] == "99"
    person.press("skip")
    assert dict(person.seen.form.fields)["step"] == "page:places"


@pytest.mark.parametrize("typed", ["four", "1e400", "12.5", "٣x", "9" * 400])
def test_what_is_no_number_stays_in_the_box(demo: Demo, typed: str) -> None:
    person = begin(demo)
    person.press("continue", {"people": typed})
    fields = dict(person.seen.form.fields)
    assert fields["step"] == "page:numbers"
    assert typed.startswith(fields["people"])
    assert fields["people"]


def test_a_choice_that_no_longer_fits_is_not_sent(demo: Demo, tmp_path: Path) -> None:
    person = begin(demo)
    person.press("continue", {"people": "7"})
    person.press("continue", {"app": "games"})
    person.press("continue", {"help": ["button", "pause"]})
    person.press("back")
    person.press("back")
    person.press("continue", {"app": "chat"})
    person.press("continue")
    person.press("skip")
    person.press("send")
    (row,) = [row for row in table(demo, tmp_path) if row["people"] == "7"]
    assert row["app"] == "chat"
    assert row["help__button"] == "1"
    assert row["help__pause"] not in ("0", "1")


def test_random_order_is_stable_for_one_person_and_differs_between_people(demo: Demo) -> None:
    orders = set()
    for _ in range(12):
        person = begin(demo)
        person.press("continue")
        order = tuple(person.seen.form.boxes["app"])
        person.press("back")
        person.press("continue")
        assert tuple(person.seen.form.boxes["app"]) == order
        assert order[-1] == "none"
        orders.add(order)
    assert len(orders) > 1


@pytest.mark.requirement("R38")
def test_prefer_not_to_say_has_a_box_where_there_is_no_list(demo: Demo, tmp_path: Path) -> None:
    person = begin(demo)
    person.press("continue", {"people": "9", "price__prefer_not_to_say": "prefer_not_to_say"})
    for _ in range(2):
        person.press("skip")
    declined = {"first_things__prefer_not_to_say": "prefer_not_to_say"}
    person.press("continue", declined)
    person.press("send")
    (row,) = [row for row in table(demo, tmp_path) if row["people"] == "9"]
    assert row["price"] == "-999999998"  # a number without limits: docs/decisions/data-set-codes.md
    assert row["first_things__1"] == "98"
    assert row["feeling"] == "97"


@pytest.mark.requirement("R24")
def test_a_picture_comes_only_when_it_is_asked_for(demo: Demo) -> None:
    person = begin(demo)
    person.press("continue")
    person.press("continue", {"app": "maps"})
    assert "<img" not in person.seen.body
    assert "<audio" not in person.seen.body
    assert "Two signs side by side" in person.seen.words
    assert "A voice says left or right" in person.seen.words
    person.press("show:picture", {"feeling": "2"})
    assert '<img src="/media/signs.png" alt="Two signs side by side">' in person.seen.body
    assert ("feeling", "2") in person.seen.form.fields
    assert person.request("GET", "/media/signs.png").headers["Content-Type"] == "image/png"
    assert person.request("GET", "/media/signs.png").headers["Cache-Control"] == "no-store"


def test_only_media_of_the_definition_are_given_and_only_in_a_session(demo: Demo) -> None:
    person = begin(demo)
    for path in ("other.png", "../small.yaml", "..%2Fsmall.yaml", "%2e%2e/small.yaml"):
        assert person.request("GET", f"/media/{path}").status == 404, path
    stranger = Person(demo.base)
    assert "image" not in stranger.request("GET", "/media/signs.png").headers["Content-Type"]
