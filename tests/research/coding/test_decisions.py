"""What was decided is kept at once, through a crash, and joined as two coders mean it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.research.coding import (
    Coding,
    Decision,
    DecisionLog,
    TextsError,
    check_coder,
    load_themes,
    read_texts,
    write_coding,
)

from .texts import THEMES, coding_in, table_in, write_texts

NAMES = frozenset({"speed", "trust", "place"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "themes.yaml").write_text(THEMES, encoding="utf-8")
    return write_texts(tmp_path / "set", {"why": ["a", "b", "c"], "how": ["d"]})


def coding_of(folder: Path, *coders: str, themes: str = "") -> Coding:
    path = folder.parent / "themes.yaml"
    path.write_text(THEMES + themes, encoding="utf-8")
    logs = [DecisionLog.of(folder, coder) for coder in coders]
    return Coding(read_texts(folder), load_themes(path), logs, DecisionLog.resolved(folder))


def decide(folder: Path, coder: str, *themes: str, key: tuple[str, str]) -> None:
    DecisionLog.of(folder, coder).write(key, Decision(tuple(sorted(themes)), NAMES))


class TestTheLog:
    def test_it_is_for_its_owner_alone(self, folder: Path) -> None:
        decide(folder, "asha", "speed", key=("why", "why-0"))

        assert (folder / "coding").stat().st_mode & 0o777 == 0o700
        assert (folder / "coding" / "coder-asha.jsonl").stat().st_mode & 0o777 == 0o600

    def test_the_last_decision_counts(self, folder: Path) -> None:
        decide(folder, "asha", "speed", key=("why", "why-0"))
        decide(folder, "asha", key=("why", "why-0"))

        found = DecisionLog.of(folder, "Asha").get(("why", "why-0"))

        assert found == Decision((), NAMES)

    def test_a_line_that_was_cut_off_takes_nothing_with_it(self, folder: Path) -> None:
        decide(folder, "asha", "speed", key=("why", "why-0"))
        path = folder / "coding" / "coder-asha.jsonl"
        whole = path.read_bytes()
        for cut in range(1, len(whole)):
            path.write_bytes(whole + whole[:cut])
            log = DecisionLog.of(folder, "asha")
            assert log.get(("why", "why-0")) is not None
            assert path.read_bytes() == whole

    @pytest.mark.parametrize("line", ["{}", "[]", "nothing", '{"id": 1}', "[" * 9999])
    def test_a_line_that_was_changed_is_told_with_its_number(self, folder: Path, line: str) -> None:
        decide(folder, "asha", "speed", key=("why", "why-0"))
        path = folder / "coding" / "coder-asha.jsonl"
        path.write_text(path.read_text() + line + "\n")

        with pytest.raises(TextsError, match="line 2"):
            DecisionLog.of(folder, "asha")

    def test_a_third_coder_is_refused(self, folder: Path) -> None:
        for coder in ("asha", "bina"):
            decide(folder, coder, key=("why", "why-0"))

        with pytest.raises(TextsError, match="asha, bina"):
            DecisionLog.of(folder, "clara")

    @pytest.mark.parametrize("name", ["", " ", "../x", "a b", "a.b", "x" * 41, "-"])
    def test_a_name_that_is_no_file_name_is_refused(self, name: str) -> None:
        with pytest.raises(TextsError):
            check_coder(name)

    def test_names_in_every_script_do(self) -> None:
        assert check_coder(" Zoë-2 ") == "zoë-2"


class TestOneCoder:
    def test_a_question_is_settled_when_each_text_is(self, folder: Path) -> None:
        decide(folder, "asha", "speed", "trust", key=("why", "why-0"))
        decide(folder, "asha", "trust", key=("why", "why-1"))
        assert write_coding(folder, coding_of(folder, "asha")) == []
        assert coding_in(folder) == {"format": 1, "questions": {}}
        decide(folder, "asha", key=("why", "why-2"))

        assert write_coding(folder, coding_of(folder, "asha")) == ["why"]

        assert coding_in(folder)["questions"]["why"] == {
            "themes": [
                {"name": "speed", "label": "How quickly somebody answers"},
                {"name": "trust", "label": "Being believed"},
                {"name": "place", "label": "Where it can be told"},
            ],
            "texts": 3,
            "counts": {"speed": 1, "trust": 2, "place": 0},
            "kappa": {"speed": None, "trust": None, "place": None},
        }
        assert (folder / "coding.json").stat().st_mode & 0o777 == 0o600

    def test_the_table_has_a_row_for_each_text_and_no_words(self, folder: Path) -> None:
        decide(folder, "asha", "speed", key=("why", "why-0"))
        write_coding(folder, coding_of(folder, "asha"))

        rows = {row["id"]: row for row in table_in(folder)}

        assert rows["why-0"] == {
            "id": "why-0",
            "question": "why",
            "settled_by": "one coder",
            "theme__speed": "1",
            "theme__trust": "0",
            "theme__place": "0",
        }
        assert rows["why-1"]["settled_by"] == rows["why-1"]["theme__speed"] == ""
        assert len(rows) == 4

    def test_a_new_theme_brings_every_text_back(self, folder: Path) -> None:
        decide(folder, "asha", "speed", key=("how", "how-0"))
        assert write_coding(folder, coding_of(folder, "asha")) == ["how"]

        more = "  - {name: cost, label: Cost, definition: Money.}\n"
        assert write_coding(folder, coding_of(folder, "asha", themes=more)) == []

    def test_questions_that_the_themes_are_not_for_stay(self, folder: Path) -> None:
        decide(folder, "asha", "speed", key=("how", "how-0"))
        write_coding(folder, coding_of(folder, "asha"))
        before = coding_in(folder)["questions"]["how"]
        path = folder.parent / "themes.yaml"
        one = "themes: [{name: age, label: Age, definition: Age., questions: [why]}]\n"
        path.write_text(one, encoding="utf-8")
        log = DecisionLog.of(folder, "asha")

        write_coding(
            folder,
            Coding(read_texts(folder), load_themes(path), [log], DecisionLog.resolved(folder)),
        )

        assert coding_in(folder)["questions"]["how"] == before


class TestTwoCoders:
    def test_what_both_say_is_settled_and_what_they_do_not_waits(self, folder: Path) -> None:
        for coder, last in (("asha", ["speed"]), ("bina", ["trust"])):
            decide(folder, coder, "speed", key=("why", "why-0"))
            decide(folder, coder, key=("why", "why-1"))
            decide(folder, coder, *last, key=("why", "why-2"))
        coding = coding_of(folder, "asha", "bina")
        assert write_coding(folder, coding) == []
        assert coding.differs(("why", "why-2"))

        key = ("why", "why-2")
        coding.resolved.write(key, coding.resolution(key, ("speed", "trust")))

        assert write_coding(folder, coding) == ["why"]
        entry = coding_in(folder)["questions"]["why"]
        assert entry["counts"] == {"speed": 2, "trust": 1, "place": 0}
        # speed: both 1, first alone 1, neither 1: (2/3 - 4/9) / (5/9) = 0.4.
        assert entry["kappa"] == {"speed": 0.4, "trust": 0.0, "place": None}
        rows = {row["id"]: row["settled_by"] for row in table_in(folder)}
        assert rows["why-0"] == "both coders"
        assert rows["why-2"] == "resolved"

    def test_a_decision_changed_afterwards_is_not_covered_by_what_was_resolved(
        self, folder: Path
    ) -> None:
        key = ("how", "how-0")
        decide(folder, "asha", "speed", key=key)
        decide(folder, "bina", "trust", key=key)
        coding = coding_of(folder, "asha", "bina")
        coding.resolved.write(key, coding.resolution(key, ("speed",)))
        assert coding.final(key) == ("speed",)

        decide(folder, "bina", "place", key=key)

        assert coding_of(folder, "asha", "bina").differs(key)

    def test_the_second_may_code_a_part(self, folder: Path) -> None:
        for number, theme in enumerate(("speed", "trust", "place")):
            decide(folder, "asha", theme, key=("why", f"why-{number}"))
        decide(folder, "bina", "speed", key=("why", "why-0"))
        coding = coding_of(folder, "asha", "bina")

        assert write_coding(folder, coding) == ["why"]

        (question,) = [each for each in coding.questions if each.name == "why"]
        assert {each.texts for each in coding.agreement(question).values()} == {1}


class TestTheTexts:
    def test_marks_are_taken_away_and_the_warning_is_read(self, tmp_path: Path) -> None:
        folder = write_texts(tmp_path / "set", {"why": ["'=1+1", "''quoted"]})

        (question,) = read_texts(folder)

        assert [each.text for each in question.texts] == ["=1+1", "'quoted"]
        assert question.label == "What about why?"
        assert question.content_warning == "The next question is about being hurt online."

    @pytest.mark.parametrize(
        "content", ["", "id;question;text\n", "id,question,text\n1,2\n", "id,question,text\n" * 2]
    )
    def test_a_file_that_a_spreadsheet_saved_is_told(self, tmp_path: Path, content: str) -> None:
        folder = write_texts(tmp_path / "set", {"why": ["a"]})
        (folder / "texts.csv").write_text(content + "a,why,b\na,why,b\n" * bool(content))

        with pytest.raises(TextsError, match="as heard unseal wrote it"):
            read_texts(folder)

    @pytest.mark.parametrize("content", ["", "{}", "[]", '{"texts": [1]}', '{"texts": [{}]}'])
    def test_a_codebook_that_says_nothing_of_texts_is_told(
        self, tmp_path: Path, content: str
    ) -> None:
        folder = write_texts(tmp_path / "set", {"why": ["a"]})
        (folder / "codebook.json").write_text(content)

        with pytest.raises(TextsError, match="does not describe the texts"):
            read_texts(folder)

    def test_a_folder_without_texts_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(TextsError, match="Name the folder that heard unseal made"):
            read_texts(tmp_path)
