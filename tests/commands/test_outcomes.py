"""`heard outcomes`: what is due, what is late, and what people are told."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.test_checking import heard, ready_surveys, spoil
from tests.paper.reading import read
from tests.research.coding.texts import write_texts

TODAY = dt.datetime.now(dt.UTC).date()
PAST, TO_COME = TODAY - dt.timedelta(days=2), TODAY + dt.timedelta(days=400)
OUTCOMES = f"""\
outcomes:
  - heard: The park is dark.
    child_version: You said the park is dark. We asked for lights.
    change: The park gets lights.
    by: {TO_COME}
    state: sent
  - heard: Buses are late.
    child_version: You said buses are late. We asked for more buses.
    change: There are more buses.
    by: {PAST}
    state: answered
  - {{heard: A thought that nobody approved, state: draft}}
"""


@pytest.fixture
def surveys(tmp_path: Path) -> Path:
    """A folder with one consultation, which is open."""
    folder = ready_surveys(tmp_path)
    assert heard(folder, "start", "example").exit_code == 0
    return folder


def told(surveys: Path) -> str:
    """What people can read of it, as it is kept."""
    with closing(sqlite3.connect(surveys.parent / "instance" / "heard.sqlite3")) as connection:
        return str(connection.execute("SELECT document FROM reply").fetchone()[0])


@pytest.mark.requirement("R93")
def test_what_is_late_stands_first_and_a_draft_is_marked(surveys: Path) -> None:
    spoil(surveys, OUTCOMES)

    done = heard(surveys, "outcomes", "example")

    assert done.exit_code == 0, done.output
    late, due, draft, reply, older = done.output.splitlines()
    assert late == f"LATE, due by {PAST}: Buses are late. (answered)"
    assert due == f"by {TO_COME}: The park is dark. (sent)"
    assert draft == "A thought that nobody approved (draft)"
    assert "not everything is answered" in reply
    assert "heard outcomes example --publish" in older
    assert told(surveys) == "{}"


def test_with_nothing_told_it_says_by_when_it_was_promised(surveys: Path) -> None:
    nothing, reply = heard(surveys, "outcomes", "example").output.splitlines()

    assert nothing == "nothing is told yet; promised by 2099-06-30."
    assert "promised by 2099-06-30" in reply


def test_programs_read_json(surveys: Path) -> None:
    spoil(surveys, OUTCOMES)

    rows = json.loads(heard(surveys, "outcomes", "example", "--json").output)

    assert [(row["state"], row["late"], row["by"]) for row in rows] == [
        ("sent", False, TO_COME.isoformat()),
        ("answered", True, PAST.isoformat()),
        ("draft", False, None),
    ]


def test_what_is_published_is_all_but_drafts(surveys: Path) -> None:
    spoil(surveys, OUTCOMES)

    done = heard(surveys, "outcomes", "example", "--publish")

    assert done.exit_code == 0, done.output
    assert "older" not in done.output
    assert "The park gets lights." in told(surveys)
    assert "nobody approved" not in told(surveys)


def test_r94_nothing_is_published_before_children_can_read_it(surveys: Path) -> None:
    line = "    child_version: You said buses are late. We asked for more buses.\n"
    path = spoil(surveys, OUTCOMES.replace(line, ""))
    number = path.read_text().splitlines().index("  - heard: Buses are late.") + 1

    done = heard(surveys, "outcomes", "example", "--publish")

    assert done.exit_code == 1
    assert f"{path}:{number}:5: gate outcome-for-children: " in done.output
    assert told(surveys) == "{}"


def test_r93_what_came_of_it_is_told_although_the_consultation_could_not_open_any_more(
    surveys: Path,
) -> None:
    path = spoil(surveys, OUTCOMES)
    path.write_text(
        path.read_text().replace(
            "opens: 2026-11-01, closes: 2099-03-31", "opens: 2020-11-01, closes: 2021-03-31"
        )
    )
    assert heard(surveys, "start", "example").exit_code == 1

    done = heard(surveys, "outcomes", "example", "--publish")

    assert done.exit_code == 0, done.output
    assert "The park gets lights." in told(surveys)


def test_what_is_closed_for_good_is_not_opened_again_and_can_still_be_told_of(
    surveys: Path,
) -> None:
    spoil(surveys, OUTCOMES)
    heard(surveys, "end", "example")

    again = heard(surveys, "start", "example")
    published = heard(surveys, "outcomes", "example", "--publish")

    assert again.exit_code == 2
    assert "heard outcomes example" in again.output
    assert "ended" in heard(surveys, "status").output
    assert published.exit_code == 0
    assert "The park gets lights." in told(surveys)


def test_what_was_never_started_has_no_page_to_tell_it_on(tmp_path: Path) -> None:
    surveys = ready_surveys(tmp_path)
    spoil(surveys, OUTCOMES)

    done = heard(surveys, "outcomes", "example", "--publish")

    assert done.exit_code == 2
    assert "never started" in done.output


class TestThePdf:
    @pytest.mark.requirement("R93")
    def test_it_is_written_without_a_server(self, tmp_path: Path) -> None:
        surveys = ready_surveys(tmp_path)
        spoil(surveys, OUTCOMES)

        done = heard(surveys, "outcomes", "example", "--pdf", tmp_path / "told.pdf")

        assert done.exit_code == 0, done.output
        pages = read((tmp_path / "told.pdf").read_bytes())
        assert any(page.shows("The park gets lights.") for page in pages)
        assert not any(page.shows("nobody approved") for page in pages)
        assert not (tmp_path / "instance").exists()

    def test_what_is_not_approved_is_not_printed(self, surveys: Path) -> None:
        spoil(surveys, OUTCOMES.replace("The park is dark.", "Three of you fear the park.", 1))

        done = heard(surveys, "outcomes", "example", "--pdf", surveys / "told.pdf")

        assert done.exit_code == 1
        assert "gate outcome-numbers" in done.output
        assert not (surveys / "told.pdf").exists()

    def test_drafts_alone_give_no_pdf(self, surveys: Path) -> None:
        spoil(surveys, "outcomes: [{heard: A thought, state: draft}]\n")

        done = heard(surveys, "outcomes", "example", "--pdf", surveys / "told.pdf")

        assert done.exit_code == 2
        assert "Everything is a draft yet." in done.output

    def test_a_file_is_never_overwritten(self, surveys: Path) -> None:
        spoil(surveys, OUTCOMES)
        (surveys / "told.pdf").write_text("mine")

        done = heard(surveys, "outcomes", "example", "--pdf", surveys / "told.pdf")

        assert done.exit_code == 2
        assert (surveys / "told.pdf").read_text() == "mine"

    def test_another_language_is_refused(self, surveys: Path) -> None:
        spoil(surveys, OUTCOMES)
        pdf = ("--pdf", surveys / "told.pdf", "--language", "xx")

        done = heard(surveys, "outcomes", "example", *pdf)

        assert done.exit_code == 2
        assert "Choose one of: en." in done.output


@pytest.mark.requirement("R97")
def test_nothing_with_a_number_of_few_people_is_published(surveys: Path) -> None:
    spoil(surveys, OUTCOMES.replace("Buses are late.", "4 of you wait for buses.", 1))

    done = heard(surveys, "outcomes", "example", "--publish")

    assert done.exit_code == 1
    assert "gate outcome-numbers: “4” may be fewer than ten people" in done.output
    assert told(surveys) == "{}"


@pytest.mark.requirement("R97")
class TestAgainstWhatPeopleWrote:
    def test_an_outcome_in_somebodys_words_is_found(self, tmp_path: Path) -> None:
        surveys = ready_surveys(tmp_path)
        spoil(surveys, OUTCOMES)
        texts = write_texts(tmp_path / "set", {"why": ["I think the park is dark.", "Park gets."]})

        done = heard(surveys, "outcomes", "example", "--against", texts)

        assert done.exit_code == 0, done.output
        texts = write_texts(tmp_path / "same", {"why": ["The park is dark!"]})
        done = heard(surveys, "outcomes", "example", "--against", texts)
        assert done.exit_code == 1
        assert "outcome 1, heard (en): “the park is dark” is what a person wrote." in done.output
        assert "outcome 1, child_version (en)" in done.output
        assert not (tmp_path / "instance").exists()

    @pytest.mark.parametrize("also", [["--publish"], ["--pdf", "reply.pdf"]])
    def test_looking_goes_alone(self, surveys: Path, tmp_path: Path, also: list[str]) -> None:
        """So that nobody believes that something was published or printed after it."""
        texts = write_texts(tmp_path / "set", {"why": ["The park is dark."]})

        done = heard(surveys, "outcomes", "example", "--against", texts, *also)

        assert done.exit_code == 2
        assert "First look, then publish or print" in done.output

    def test_a_folder_without_texts_is_told(self, surveys: Path, tmp_path: Path) -> None:
        done = heard(surveys, "outcomes", "example", "--against", tmp_path)

        assert done.exit_code == 2
        assert "Name the folder that heard unseal made" in done.output
