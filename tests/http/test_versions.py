"""A consultation that changes, pauses or ends, and a draft that waits, while somebody answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from math import ceil
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.commands import main
from app.commands.database import IDLE_SWEEPS, SECONDS_IDLE, SWEEP_SECONDS
from app.commands.opening import publish
from app.consultation import Definition, load_definition
from app.storage import open_storage
from config import read_config
from tests.person import Page, Person
from tests.place import SAMPLES, Place, key_of, sample_surveys
from tests.server import running_demo
from tests.walks import step_of, walk

FIRST = "What do you use the internet for?"
SECOND = "What do you do online, these days?"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server of this module's own, whose consultations change."""
    folder = tmp_path_factory.mktemp("versions")
    with running_demo(folder, surveys=sample_surveys(folder)) as demo:
        yield Place(demo)


def settings(place: Place) -> dict[str, str]:
    return {name: value for name, value in place.demo.env.items() if name.startswith("HEARD_")}


def publish_version(place: Place, text: str) -> Definition:
    """What `heard start` does once the checker has nothing against a file."""
    config = read_config(settings(place))
    storage = open_storage(config.database_url, config.drafts_url)
    definition = load_definition(text, "edited.yaml")
    publish(storage, definition, [place.key.public_key("researcher")])
    storage.close()
    return definition


def text_of(place: Place, consultation: str = SAMPLES[0]) -> str:
    return (place.demo.surveys / f"{consultation}.yaml").read_text(encoding="utf-8")


def sweep(place: Place, times: int) -> None:
    """Let the time pass in which nobody presses anything: so many sweeps of five minutes."""
    config = read_config(settings(place))
    with closing(open_storage(config.database_url, config.drafts_url)) as storage:
        for _ in range(times):
            storage.age_drafts(IDLE_SWEEPS)


def test_whoever_began_goes_on_with_the_version_they_began(place: Place) -> None:
    first = place.definition(SAMPLES[0])
    early = place.person()
    walk(early, lambda _name: "early words", until="page:online_life")
    assert FIRST in early.seen.body

    text = text_of(place).replace("version: 1", "version: 2").replace(FIRST, SECOND)
    second = publish_version(place, text.replace("name: one_change", "name: one_thing"))
    late = place.person()
    walk(late, lambda _name: "late words", until="page:online_life")

    assert SECOND in late.seen.body
    assert FIRST in early.open("/back-to-questions").body
    (of_early,) = place.sent_by(lambda: walk(early, lambda _name: "early words"))
    (of_late,) = place.sent_by(lambda: walk(late, lambda _name: "late words"))
    assert (of_early["version"], of_early["definition"]) == (1, first.digest)
    assert (of_late["version"], of_late["definition"]) == (2, second.digest)
    assert first.digest != second.digest
    assert "one_change" in of_early["answers"]
    assert "one_thing" in of_late["answers"]


def test_the_bundle_holds_every_version_that_was_answered(place: Place, tmp_path: Path) -> None:
    bundle, table = tmp_path / "answers.heard", tmp_path / "table"

    assert place.demo.heard("export", SAMPLES[0], "-o", str(bundle)).returncode == 0
    assert place.demo.heard("verify", str(bundle)).returncode == 0
    opened = place.demo.heard(
        *("unseal", str(bundle), "--key", str(place.demo.key), "-o", str(table)),
        HEARD_PASSPHRASE="demo",
    )

    assert opened.returncode == 0, opened.stderr
    written = "".join(path.read_text("utf-8") for path in table.rglob("*") if path.is_file())
    assert "early words" in written
    assert "late words" in written


def test_a_version_that_was_changed_without_a_new_number_is_refused(place: Place) -> None:
    storage_before = place.rows()
    with pytest.raises(Exception, match="version"):
        publish_version(place, text_of(place).replace(FIRST, "Something else?"))
    assert place.rows() == storage_before


@pytest.mark.parametrize("how", ["pause", "end"])
def test_while_a_consultation_is_closed_nothing_is_sent_and_nothing_is_lost(
    place: Place, how: str
) -> None:
    consultation = SAMPLES[1]
    writing, checking = place.person(consultation), place.person(consultation)
    last = place.definition(consultation).pages[-1].name
    walk(writing, lambda name: f"words for {name}", until=f"page:{last}")
    walk(checking, lambda name: f"words for {name}", until="check")
    before = place.draft_of(checking).answers
    config = read_config(settings(place))
    storage = open_storage(config.database_url, config.drafts_url)

    assert place.demo.heard(how, consultation).returncode == 0
    try:
        nothing = place.sent_by(lambda: checking.press("send"), consultation)
        assert nothing == []
        assert step_of(checking.seen) == "check"
        assert 'role="alert"' in checking.seen.body
        assert place.draft_of(checking).answers == before
        page = step_of(writing.seen)
        nothing = place.sent_by(lambda: writing.press("send"), consultation)
        assert nothing == []
        assert step_of(writing.seen) == page
        assert 'role="alert"' in writing.seen.body
        newcomer = Person(place.demo.base)
        newcomer.start(place.code(consultation))
        assert step_of(newcomer.seen) == ""
        assert newcomer.cookies == {}
        assert 'role="status"' in newcomer.seen.body
    finally:
        storage.set_state(consultation, "open")
        storage.close()

    (first,) = place.sent_by(lambda: checking.press("send"), consultation)
    (second,) = place.sent_by(lambda: writing.press("send"), consultation)
    assert (first["ended"], second["ended"]) == ("complete", "stopped")
    assert first["answers"] == before


WAYS_TO_SAY_I_AM_HERE: list[Callable[[Person], Page]] = [
    lambda person: person.open("/back-to-questions"),
    lambda person: person.press("back"),
    lambda person: person.press("continue"),
    lambda person: person.open("/pause"),
    lambda person: person.open("/support"),
    lambda person: person.open("/"),
]


@pytest.mark.requirement("R30")
def test_a_draft_waits_for_over_an_hour_and_every_press_starts_the_hour_again(
    place: Place,
) -> None:  # R30
    person = place.person()
    walk(person, lambda _name: "words that wait", until="page:last_page")

    for act in [*WAYS_TO_SAY_I_AM_HERE, *WAYS_TO_SAY_I_AM_HERE]:
        sweep(place, IDLE_SWEEPS)
        assert act(person).status == 200
        assert "words that wait" in place.draft_of(person).answers.values()


def test_r30_however_often_somebody_sweeps_the_hour_is_no_shorter() -> None:
    for seconds in range(SWEEP_SECONDS, 3601):
        assert ceil(SECONDS_IDLE / seconds) * seconds > 3600
    assert ceil(SECONDS_IDLE / SWEEP_SECONDS) == IDLE_SWEEPS
    refused = CliRunner().invoke(main, ["sweep", "--every", str(SWEEP_SECONDS - 1)])
    assert refused.exit_code == 2


@pytest.mark.requirement("R30")
def test_after_that_it_is_deleted_and_the_next_press_says_so_kindly(place: Place) -> None:
    person = place.person()
    walk(person, lambda _name: "words that wait", until="page:last_page")
    key, fields = key_of(person), person.seen.form.fields

    sweep(place, IDLE_SWEEPS + 1)
    page = person.post(person.seen.path, [*fields, ("one_change", "too late")])

    assert place.draft_row(key) is None
    assert page.status == 200
    assert step_of(page) == ""
    assert 'role="status"' in page.body
    assert person.open("/").status == 200
    assert person.cookies == {}
    assert person.open("/page/3").body == Person(place.demo.base).open("/").body
    assert step_of(person.start(place.code())) == "about"


def test_what_is_left_after_sending_goes_too(place: Place) -> None:
    person = place.person()
    walk(person)
    key = key_of(person)
    assert place.draft_row(key) is not None

    sweep(place, IDLE_SWEEPS + 1)

    assert place.draft_row(key) is None


def test_the_operator_sees_how_many_answered_as_a_band_only(place: Place) -> None:
    done = CliRunner().invoke(main, ["status", "--json"], env=settings(place))
    told = json.loads(done.output)

    assert {one["consultation"] for one in told} == set(SAMPLES)
    assert all(one["responses"] == "under 10" for one in told)
