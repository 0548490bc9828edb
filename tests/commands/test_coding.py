"""`heard code` as somebody at a terminal meets it: stopping, going on, wrong keys, two people."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.commands import main
from app.commands.coding_screen import BATCH, chosen_themes
from app.research.coding import load_themes
from tests.research.coding.texts import THEMES, WARNING, coding_in, table_in, write_texts
from tests.terminal import Terminal

ROOT = Path(__file__).parents[2]
LAST_LINE = "p pause · q stop for now\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a data set of 23 texts, and themes."""
    (tmp_path / "themes.yaml").write_text(THEMES, encoding="utf-8")
    texts = [f"Text number {number}." for number in range(21)]
    texts += ["I was waiting for weeks.", "मलाई भरोसा छैन।"]
    write_texts(tmp_path / "set", {"why": texts})
    return tmp_path


def terminal(place: Path, coder: str, *more: str) -> Terminal:
    command: list[str | Path] = [sys.executable, "-m", "app.commands", "code", place / "set"]
    command += ["--themes", place / "themes.yaml", "--coder", coder, *more]
    return Terminal(command, {**os.environ, "PYTHONPATH": str(ROOT)})


def typed(place: Path, keys: str, *more: str, coder: str = "asha") -> Result:
    """The same without a terminal: keys with a line each."""
    words = ["code", str(place / "set"), "--themes", str(place / "themes.yaml")]
    lines = keys.replace(" / ", "\n") + "\n"
    return CliRunner().invoke(main, [*words, "--coder", coder, *more], lines)


class TestAtATerminal:
    def test_r97_a_warning_a_batch_of_twenty_a_pause_and_everything_kept(self, place: Path) -> None:
        with terminal(place, "asha") as person:
            begun = person.sees("q stop > ")
            assert "Some of it may be hard to read." in begun
            assert "tell somebody you trust" in begun
            assert f"Content warning: {WARNING}" in begun
            assert "Texts 1 to 20 of 23." in begun
            assert "Text number 0." not in begun
            person.types("")
            for number in range(BATCH):
                assert f"Text number {number}." in person.sees(LAST_LINE)
                person.types("1")
            paused = person.sees("q stop > ")
            assert "Time for a pause." in paused
            assert WARNING in paused
            person.types("")
            person.sees(LAST_LINE)
            person.types("1 3")
            shown = person.sees(LAST_LINE)
            assert "The word “wait” may point to 1. You decide." in shown
            person.types("n")
            assert "मलाई भरोसा छैन।" in person.sees(LAST_LINE)
            person.types("trust")
            assert person.ends() == 0

        assert "why is settled" in person.shown
        counts = coding_in(place / "set")["questions"]["why"]["counts"]
        assert counts == {"speed": 21, "trust": 1, "place": 1}

    def test_ctrl_c_in_the_middle_and_coming_back(self, place: Path) -> None:
        with terminal(place, "asha") as person:
            person.sees("q stop > ")
            person.types("")
            for _ in range(3):
                person.sees(LAST_LINE)
                person.types("2")
            assert "Text number 3." in person.sees(LAST_LINE)
            person.presses_ctrl_c()
            assert person.ends() == 0
        assert "What you decided is kept. Go on with the same command." in person.shown
        assert "You have decided about 3 of 23 texts." in person.shown
        assert "Traceback" not in person.shown

        with terminal(place, "asha") as person:
            assert "Texts 1 to 20 of 20." in person.sees("q stop > ")
            person.types("")
            assert "Text number 3." in person.sees(LAST_LINE)
            person.types("q")
            assert person.ends() == 0

    def test_a_machine_that_is_switched_off_loses_no_decision(self, place: Path) -> None:
        with terminal(place, "asha") as person:
            person.sees("q stop > ")
            person.types("")
            for number in range(4):
                person.sees(f"Text number {number}.")
                person.sees(LAST_LINE)
                person.types("3")
            person.sees("Text number 4.")
            person.dies()

        assert "You have decided about 4 of 23 texts." in typed(place, "q").output


class TestKeys:
    @pytest.mark.parametrize("key", ["9", "0 1", "x", "1,2,banana", "-1", "1.", "²"])
    def test_a_wrong_key_is_told_and_changes_nothing(self, place: Path, key: str) -> None:
        done = typed(place, f" / {key} / q")

        assert done.exit_code == 0, done.output
        assert "Write numbers from 1 to 3, or ? for help." in done.output
        assert "You have decided about 0 of 23 texts." in done.output

    def test_enter_alone_chooses_nothing(self, place: Path) -> None:
        done = typed(place, " /  / q")

        assert "Nothing was chosen." in done.output
        assert "You have decided about 0 of 23" in done.output

    def test_undo_goes_back_and_the_other_decision_counts(self, place: Path) -> None:
        done = typed(place, " / 1 / 1 / u / 2 / q")

        assert "taken back" in done.output
        rows = {row["id"]: row for row in table_in(place / "set")}
        assert rows["why-0"]["theme__speed"] == "1"
        assert (rows["why-1"]["theme__speed"], rows["why-1"]["theme__trust"]) == ("0", "1")

    def test_undo_alone_takes_the_decision_back(self, place: Path) -> None:
        done = typed(place, " / 1 / u / q")

        assert "You have decided about 0 of 23 texts." in done.output

    def test_undo_at_the_first_text_says_so(self, place: Path) -> None:
        assert "nothing to undo before it" in typed(place, " / u / q").output

    def test_what_is_left_for_later_comes_once_more_at_the_end(self, tmp_path: Path) -> None:
        (tmp_path / "themes.yaml").write_text(THEMES, encoding="utf-8")
        write_texts(tmp_path / "set", {"why": ["first", "second"]})

        done = typed(tmp_path, " / l / 1 /  / l")

        order = [line for line in done.output.splitlines() if line in ("first", "second")]
        assert order == ["first", "second", "first"]
        assert "You have decided about 1 of 2 texts." in done.output
        assert "first" in typed(tmp_path, " / q").output

    def test_a_batch_can_be_left_for_another_day(self, place: Path) -> None:
        done = typed(place, "s /  / 1 / 1 / 1")

        assert "You have decided about 3 of 23 texts." in done.output
        assert "Text number 0." not in done.output

    def test_what_the_themes_mean(self, place: Path) -> None:
        done = typed(place, " / ? /  / 1 / q")

        assert "Whether adults believe what is told." in done.output
        assert "When: Also when somebody says that nobody listened." in done.output
        assert done.output.count("Text number 0.") == 2

    def test_a_pause_at_any_moment(self, place: Path) -> None:
        done = typed(place, " / p /  / 1 / q")

        assert "Nobody waits for you." in done.output
        assert "You have decided about 1 of 23 texts." in done.output

    def test_a_text_cannot_move_the_cursor_nor_colour_anything(self, tmp_path: Path) -> None:
        (tmp_path / "themes.yaml").write_text(THEMES, encoding="utf-8")
        write_texts(tmp_path / "set", {"why": ["one\x1b[2Jtwo [red]three[/red]\x07"]})

        done = typed(tmp_path, " / q")

        assert "one[2Jtwo [red]three[/red]\n" in done.output

    def test_when_all_is_done_nothing_is_shown_again(self, tmp_path: Path) -> None:
        (tmp_path / "themes.yaml").write_text(THEMES, encoding="utf-8")
        write_texts(tmp_path / "set", {"why": ["first"]})
        typed(tmp_path, " / 1")

        again = typed(tmp_path, "")

        assert "first" not in again.output
        assert "why is settled" in again.output

    def test_a_new_theme_asks_again_and_keeps_what_was(self, tmp_path: Path) -> None:
        themes = tmp_path / "themes.yaml"
        themes.write_text(THEMES, encoding="utf-8")
        write_texts(tmp_path / "set", {"why": ["first"]})
        typed(tmp_path, " / 1 2")
        themes.write_text(THEMES + "  - {name: cost, label: Cost, definition: Money.}\n")

        done = typed(tmp_path, " / =")

        assert "You had: How quickly somebody answers, Being believed." in done.output
        assert coding_in(tmp_path / "set")["questions"]["why"]["counts"] == {
            "speed": 1,
            "trust": 1,
            "place": 0,
            "cost": 0,
        }

    def test_numbers_and_names_can_be_mixed(self, place: Path) -> None:
        themes = load_themes(place / "themes.yaml").themes

        assert chosen_themes("3, trust;3", themes) == (("place", "trust"), "")


class TestTwoPeople:
    @pytest.fixture
    def place(self, tmp_path: Path) -> Path:
        (tmp_path / "themes.yaml").write_text(THEMES, encoding="utf-8")
        write_texts(tmp_path / "set", {"why": ["first", "second", "third"]}, warning=None)
        return tmp_path

    def test_neither_sees_what_the_other_did(self, place: Path) -> None:
        typed(place, " / 1 / 2 / 3", coder="asha")

        same = typed(place, " / 1 / q", coder="Bina")
        (place / "set" / "coding" / "coder-bina.jsonl").unlink()
        other = typed(place, " / 2 / q", coder="Bina")

        assert same.output.replace("> 1\n", "> 2\n") == other.output
        assert "asha" not in same.output

    def test_how_far_they_agree_and_what_is_resolved(self, place: Path) -> None:
        typed(place, " / 1 / 2 / 3", coder="asha")
        both = typed(place, " / 1 / 2 / 1", coder="bina")
        assert "1 text was seen differently" in both.output
        assert coding_in(place / "set")["questions"] == {}

        done = typed(place, " / 1 3", "--resolve", coder="bina")

        assert "third" in done.output
        assert "second" not in done.output
        seen = "One of you saw: How quickly somebody answers. The other: Where it can be told."
        assert seen in done.output
        # speed: both in 1, the second alone in 1, neither in 1: 2 of 3, and (2/3-4/9)/(5/9).
        assert "  How quickly somebody answers: 67% (2 of 3), kappa 0.40" in done.output
        assert "  Being believed: 100% (3 of 3), kappa 1.00" in done.output
        assert "  Where it can be told: 67% (2 of 3), kappa 0.00" in done.output
        entry = coding_in(place / "set")["questions"]["why"]
        assert entry["counts"] == {"speed": 2, "trust": 1, "place": 1}
        assert entry["kappa"] == {"speed": 0.4, "trust": 1.0, "place": 0.0}

    def test_alone_there_is_nothing_to_resolve(self, place: Path) -> None:
        typed(place, " / 1 / q")

        done = typed(place, "", "--resolve")

        assert done.exit_code == 2
        assert "Only one person has sorted texts" in done.output

    def test_a_third_is_refused(self, place: Path) -> None:
        for coder in ("asha", "bina"):
            typed(place, " / 1 / q", coder=coder)

        done = typed(place, "", coder="clara")

        assert done.exit_code == 2
        assert "asha, bina" in done.output


class TestWrongUse:
    def test_themes_that_cannot_be_read_are_told_with_their_line(self, place: Path) -> None:
        (place / "themes.yaml").write_text("themes:\n  - {name: a, label: A}\n")

        done = typed(place, "")

        assert done.exit_code == 2
        assert f"{place / 'themes.yaml'}:2:" in done.output
        assert "Add “definition: …”" in done.output

    def test_a_question_that_is_not_there_is_told(self, place: Path) -> None:
        text = THEMES + "    questions: [whi]\n"
        (place / "themes.yaml").write_text(text, encoding="utf-8")

        done = typed(place, "")

        assert done.exit_code == 2
        assert "Did you mean “why”?" in done.output

    def test_a_folder_that_is_no_data_set_is_told(self, place: Path) -> None:
        (place / "set" / "texts.csv").unlink()

        done = typed(place, "")

        assert done.exit_code == 2
        assert "Name the folder that heard unseal made" in done.output
        assert not (place / "set" / "coding").exists()

    def test_a_file_of_themes_that_is_not_there_is_told(self, place: Path) -> None:
        (place / "themes.yaml").unlink()

        done = typed(place, "")

        assert done.exit_code == 2
        assert "themes.yaml: No such file" in done.output
