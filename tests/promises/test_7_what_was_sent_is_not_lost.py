"""Promise 7: what was sent is not lost, through a crash, a second press, a database that waits."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.place import SAMPLES, Place, code_on, sample_surveys
from tests.server import running_demo
from tests.walks import step_of, walk

from .crashing import kill_all


def test_whoever_saw_sent_is_stored_although_the_power_goes(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    surveys = sample_surveys(tmp_path)
    with running_demo(first, surveys=surveys) as demo:
        place = Place(demo)
        waiting = place.person()
        walk(waiting, lambda _name: "unsent words", until="check")
        person = place.person()
        walk(person, lambda _name: "words that were sent")
        assert person.seen.path == "/sent"
        kill_all(demo)

    drafts = {"HEARD_DRAFTS_URL": demo.env["HEARD_DRAFTS_URL"]}
    with running_demo(second, surveys=surveys, instance=demo.instance, env=drafts) as again:
        place = Place(again)
        (sent,) = place.documents()
        waiting.host = urlsplit(again.base).netloc  # the same site, at another port
        waiting.open("/back-to-questions")
        (kept,) = place.sent_by(lambda: walk(waiting))

    assert "words that were sent" in sent["answers"].values()
    assert "unsent words" in kept["answers"].values()


@pytest.mark.requirement("R35")
def test_a_second_press_sends_nothing_twice_and_shows_the_same_code(place: Place) -> None:  # R35
    person = place.person()
    walk(person, until="check")
    path, fields = person.seen.path, [*person.seen.form.fields, ("action", "send")]
    codes: list[str] = []

    def press_three_times() -> None:
        codes.extend(code_on(person.post(path, fields)) for _ in range(3))

    assert len(place.sent_by(press_three_times)) == 1
    assert len(set(codes)) == 1
    assert codes[0].count(" ") == 5


@pytest.mark.parametrize("consultation", SAMPLES)
@pytest.mark.requirement("R34")
def test_a_change_of_mind_at_the_end_is_what_is_sent(place: Place, consultation: str) -> None:
    person = place.person(consultation)
    walk(person, lambda _name: "first words", until="check")
    removed = next(v for _, v, _ in person.seen.form.buttons if v.startswith("remove:"))
    person.press(removed)

    (document,) = place.sent_by(lambda: person.press("send"), consultation)

    assert removed.partition(":")[2] not in document["answers"]
    assert "first words" in document["answers"].values()


@pytest.mark.requirement("R28")
def test_going_back_all_the_way_and_forth_again_loses_nothing(place: Place) -> None:  # R28
    person = place.person()
    walk(person, lambda name: f"words for {name}", until="check")
    before = place.draft_of(person).answers

    while step_of(person.seen) != "page:online_life":
        person.press("back")
    assert place.draft_of(person).answers == before
    for number in range(int(person.seen.path.rpartition("/")[2]), 30):
        person.open(f"/page/{number}")

    assert place.draft_of(person).answers == before
    assert len(place.sent_by(lambda: person.press("send"))) == 1
