"""From sealed responses to a table, with real keys all the way."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.consultation import Definition
from app.research import (
    BundleError,
    DataSet,
    FolderTaken,
    Wanted,
    count_missing,
    only_in_one,
    open_bundle,
    restore_cell,
    unseal,
)
from app.research.missing import MEANINGS, Missing
from app.sealing import PrivateKey, seal

from . import sent
from .conftest import (
    CONSULTATION,
    KEY,
    RECIPIENT,
    Table,
    bundle_of,
    labelled,
    make_definition,
    make_document,
    sealed,
)

TOGETHER = Wanted(with_text="to see that every word comes back")
WORDS = make_definition([{"name": "words", "type": "text"}])


def unsealed(folder: Path, *paths: Path, key: PrivateKey = KEY) -> tuple[DataSet, Table]:
    with ExitStack() as stack:
        bundles = [stack.enter_context(open_bundle(path)) for path in paths]
        written = unseal(bundles, key, folder, wanted=TOGETHER)
    return written, Table.in_folder(folder)


def with_words(words: str, definition: Definition = WORDS) -> tuple[bytes, bytes]:
    return sealed(make_document(definition, answers={"words": words}))


class TestTheTable:
    def test_every_response_is_one_row(self, tmp_path: Path) -> None:
        said = [f"answer {number}" for number in range(40)]
        bundle_of(tmp_path / "a.heard", [WORDS], map(with_words, said))

        written, table = unsealed(tmp_path / "set", tmp_path / "a.heard")

        assert written.rows == table.codebook["rows"] == 40
        assert sorted(table.column("words")) == sorted(said)
        assert table.header == [each["column"] for each in table.codebook["columns"]]
        assert written.not_opened == {}
        assert {each.name for each in (tmp_path / "set").iterdir()} == set(written.files)
        assert set(written.files) == {
            *("codebook.html", "codebook.json", "codebook.xml", "datapackage.json"),
            *("quotes.csv", "read.R", "read.do", "responses.csv", "texts.csv", "texts.html"),
        }

    def test_rows_are_in_another_order_than_ids_each_time(self, tmp_path: Path) -> None:
        rows = sorted(with_words(f"{number:02}") for number in range(30))
        by_id = [(each[0], f"{number:02}") for number, each in enumerate(rows)]
        resealed = [
            (each, sealed(make_document(WORDS, answers={"words": words}))[1])
            for each, words in by_id
        ]
        bundle_of(tmp_path / "a.heard", [WORDS], resealed)

        orders = [
            unsealed(tmp_path / name, tmp_path / "a.heard")[1].column("words")
            for name in ("one", "two")
        ]

        assert orders[0] != orders[1]
        assert [f"{number:02}" for number in range(30)] not in orders

    def test_the_file_is_what_the_codebook_says(self, tmp_path: Path) -> None:
        bundle_of(tmp_path / "a.heard", [WORDS], [with_words('a "word",\nनमस्ते')])
        unsealed(tmp_path / "set", tmp_path / "a.heard")

        content = (tmp_path / "set" / "responses.csv").read_bytes()

        assert content.startswith(b"\xef\xbb\xbfversion,language,collector,ended,")
        assert content.endswith('"a ""word"",\nनमस्ते"\r\n'.encode())
        assert content.count(b"\r\n") == 2

    def test_only_the_owner_can_read_it(self, tmp_path: Path) -> None:
        bundle_of(tmp_path / "a.heard", [WORDS], [with_words("a"), (bytes(16), b"HEARD")])
        unsealed(tmp_path / "set", tmp_path / "a.heard")

        assert (tmp_path / "set").stat().st_mode & 0o777 == 0o700
        modes = {each.stat().st_mode & 0o777 for each in (tmp_path / "set").iterdir()}
        assert modes == {0o600}

    def test_a_folder_with_something_in_it_is_refused(self, tmp_path: Path) -> None:
        bundle_of(tmp_path / "a.heard", [WORDS], [])
        (tmp_path / "set").mkdir()
        (tmp_path / "set" / "kept").write_text("mine")

        with pytest.raises(FolderTaken, match="Name a new folder"):
            unsealed(tmp_path / "set", tmp_path / "a.heard")
        with pytest.raises(FolderTaken):
            unsealed(tmp_path / "a.heard", tmp_path / "a.heard")

        assert (tmp_path / "set" / "kept").read_text() == "mine"

    def test_an_empty_folder_is_taken_and_closed_to_others(self, tmp_path: Path) -> None:
        bundle_of(tmp_path / "a.heard", [WORDS], [])
        (tmp_path / "set").mkdir(mode=0o755)

        unsealed(tmp_path / "set", tmp_path / "a.heard")

        assert (tmp_path / "set").stat().st_mode & 0o777 == 0o700

    def test_a_stop_leaves_nothing_behind(self, tmp_path: Path) -> None:
        bundle_of(tmp_path / "a.heard", [WORDS], [with_words("a") for _ in range(5)])

        def stop(ids: Iterator[bytes], _total: int) -> Iterator[bytes]:
            yield next(ids)
            raise KeyboardInterrupt

        with open_bundle(tmp_path / "a.heard") as bundle, pytest.raises(KeyboardInterrupt):
            unseal([bundle], KEY, tmp_path / "set", stop)

        assert [each.name for each in tmp_path.iterdir()] == ["a.heard"]

    def test_the_disk_shows_neither_answers_nor_ids_while_it_is_made(self, tmp_path: Path) -> None:
        bundle_of(tmp_path / "a.heard", [WORDS], [with_words("unmistakable") for _ in range(600)])
        seen: dict[str, bytes] = {}

        def look(ids: Iterator[bytes], _total: int) -> Iterator[bytes]:
            for number, each in enumerate(ids):
                if number == 599:
                    files = next(tmp_path.glob(".set-*")).iterdir()
                    seen.update((file.name, file.read_bytes()) for file in files)
                yield each

        with open_bundle(tmp_path / "a.heard") as bundle:
            given = list(bundle.ids())
            unseal([bundle], KEY, tmp_path / "set", look, TOGETHER)

        assert sum(map(len, seen.values())) > 500 * len("unmistakable")
        for content in seen.values():
            assert not any(each in content or each.hex().encode() in content for each in given)
            assert b"unmistakable" not in content
            assert KEY.seed not in content


class TestWhatDoesNotOpen:
    def test_it_is_counted_and_stops_nothing(self, tmp_path: Path) -> None:
        other = PrivateKey.generate().public_key("somebody else")
        document = make_document(WORDS, answers={"words": "seen"})
        rows = [
            sealed(document),
            sealed(document),
            (bytes(15) + b"1", seal(document, CONSULTATION, [other])),
            (bytes(15) + b"2", seal(document, "another-consultation", [RECIPIENT])),
            (bytes(15) + b"3", b"HEARD"),
            sealed(b"no document"),
            sealed(make_document(WORDS, answers={"words": 5})),
            sealed(make_document(make_definition([{"name": "x", "type": "text"}]))),
        ]
        bundle_of(tmp_path / "a.heard", [WORDS], rows)

        written, table = unsealed(tmp_path / "set", tmp_path / "a.heard")

        assert table.column("words") == ["seen", "seen"]
        assert table.codebook["rows"] == 2
        assert table.not_opened["not_opened"] == 6
        assert sorted(table.not_opened["reasons"].values()) == [3, 3]
        assert written.not_opened == table.not_opened["reasons"]

    def test_it_is_told_without_ids(self, tmp_path: Path) -> None:
        row = (b"sixteen letters.", b"HEARD")
        bundle_of(tmp_path / "a.heard", [WORDS], [row])

        unsealed(tmp_path / "set", tmp_path / "a.heard")

        text = (tmp_path / "set" / "not_opened.json").read_text()
        assert "sixteen" not in text
        assert row[0].hex() not in text

    def test_with_another_key_nothing_opens(self, tmp_path: Path) -> None:
        bundle_of(tmp_path / "a.heard", [WORDS], [with_words("a") for _ in range(3)])

        written, table = unsealed(tmp_path / "set", tmp_path / "a.heard", key=PrivateKey.generate())

        assert (written.rows, table.rows) == (0, [])
        assert written.not_opened == {"does not open with this key": 3}


class TestSeveralBundles:
    def test_they_merge_by_id(self, tmp_path: Path) -> None:
        rows = [with_words(f"answer {number}") for number in range(9)]
        bundle_of(tmp_path / "a.heard", [WORDS], rows[:6])
        bundle_of(tmp_path / "b.heard", [WORDS], rows[3:])

        written, table = unsealed(
            tmp_path / "set", tmp_path / "a.heard", tmp_path / "b.heard", tmp_path / "a.heard"
        )

        assert written.rows == 9
        assert Counter(table.column("words")) == Counter(f"answer {number}" for number in range(9))

    def test_a_copy_that_does_not_open_gives_way_to_one_that_does(self, tmp_path: Path) -> None:
        row = with_words("heard")
        bundle_of(tmp_path / "a.heard", [WORDS], [(row[0], row[1][:-1] + b"?")])
        bundle_of(tmp_path / "b.heard", [WORDS], [row])

        written, table = unsealed(tmp_path / "set", tmp_path / "a.heard", tmp_path / "b.heard")

        assert table.column("words") == ["heard"]
        assert written.not_opened == {}

    def test_each_brings_the_versions_it_knows(self, tmp_path: Path) -> None:
        later = make_definition(
            [{"name": "words", "type": "text"}, {"name": "more", "type": "text"}], version=2
        )
        bundle_of(tmp_path / "a.heard", [WORDS], [with_words("early")])
        bundle_of(tmp_path / "b.heard", [WORDS, later], [with_words("late", later)])

        written, table = unsealed(tmp_path / "set", tmp_path / "a.heard", tmp_path / "b.heard")

        assert written.versions == (1, 2)
        found = {row["words"]: (row["version"], row["more"]) for row in table.rows}
        assert found == {"early": ("1", "95"), "late": ("2", "97")}

    def test_different_consultations_are_refused(self, tmp_path: Path) -> None:
        other = make_definition([{"name": "a", "type": "text"}], consultation="other")
        bundle_of(tmp_path / "a.heard", [WORDS], [])
        bundle_of(tmp_path / "b.heard", [other], [])

        with pytest.raises(BundleError, match="several consultations: internet-safer, other"):
            unsealed(tmp_path / "set", tmp_path / "a.heard", tmp_path / "b.heard")

    def test_one_version_with_two_contents_is_refused(self, tmp_path: Path) -> None:
        bundle_of(tmp_path / "a.heard", [WORDS], [])
        bundle_of(
            tmp_path / "b.heard", [make_definition([{"name": "words", "type": "country"}])], []
        )

        with pytest.raises(BundleError, match="both version 1"):
            unsealed(tmp_path / "set", tmp_path / "a.heard", tmp_path / "b.heard")

        assert not (tmp_path / "set").exists()


@pytest.mark.requirement("R92")
class TestTakenBack:
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
    def test_what_a_later_bundle_has_no_longer_is_counted(
        self, tmp_path_factory: pytest.TempPathFactory, early: set[int], late: set[int]
    ) -> None:
        folder = tmp_path_factory.mktemp("taken")
        for name, numbers in (("early", early), ("late", late)):
            rows = [(number.to_bytes(16), b"HEARD") for number in numbers]
            bundle_of(folder / f"{name}.heard", [WORDS], rows)

        with open_bundle(folder / "early.heard") as one, open_bundle(folder / "late.heard") as two:
            assert count_missing(one, two) == (len(early - late), len(early & late))
            found = {(each.path.stem, each.responses) for each in only_in_one([one, two])}

        expected = {("early", len(early - late)), ("late", len(late - early))}
        assert found == ({each for each in expected if each[1]} if early & late else set())


class TestCells:
    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        st.lists(
            st.text(max_size=30)
            | st.sampled_from(["97", "'97", "=1+1", "'", "-5", "a\r\nb", " =x", '"', ",", "\t"]),
            max_size=12,
        )
    )
    def test_whatever_was_typed_can_be_restored(
        self, tmp_path_factory: pytest.TempPathFactory, said: list[str]
    ) -> None:
        folder = tmp_path_factory.mktemp("typed")
        bundle_of(folder / "a.heard", [WORDS], map(with_words, said))

        _, table = unsealed(folder / "set", folder / "a.heard")

        cells = table.column("words")
        missing = table.about("words")["missing"]
        assert not set(cells) & set(missing)
        assert sorted(restore_cell(cell) for cell in cells) == sorted(said)

    def test_a_typed_code_and_a_skipped_question_differ(self, tmp_path: Path) -> None:
        rows = [with_words("97"), with_words("'97"), sealed(make_document(WORDS))]
        bundle_of(tmp_path / "a.heard", [WORDS], rows)

        _, table = unsealed(tmp_path / "set", tmp_path / "a.heard")

        assert sorted(table.column("words")) == ["''97", "'97", "97"]
        assert table.about("words")["missing"]["97"] == MEANINGS[Missing.SKIPPED]

    def test_numbers_stay_numbers_and_never_meet_a_code(self, tmp_path: Path) -> None:
        numbers = make_definition(
            [
                {"name": "any", "type": "decimal"},
                {"name": "age", "type": "integer", "from": 0, "to": 120},
            ]
        )
        rows = [
            sealed(make_document(numbers, answers={"any": any_, "age": age}))
            for any_, age in (
                ("-5.50", 97),
                ("-999999997", 99),
                ("-999999997.0", 12),
                # Out of range: the server never sends it, but anybody can seal it.
                ("0", 997),
            )
        ]
        bundle_of(tmp_path / "a.heard", [numbers], rows)

        _, table = unsealed(tmp_path / "set", tmp_path / "a.heard")

        cells = {(row["any"], row["age"]) for row in table.rows}
        assert cells == {
            ("-5.50", "97"),
            ("'-999999997", "99"),
            ("'-999999997.0", "12"),
            ("0", "'997"),
        }


def test_columns_of_the_table_are_explained_in_every_language(tmp_path: Path) -> None:
    labels = {"0": {"en": "never", "fr": "jamais"}, "4": {"en": "always", "fr": "toujours"}}
    definition = make_definition(
        [
            {
                "name": "told",
                "type": "select_one",
                "choices": ["yes", "no"],
                "hint": labelled("hint"),
            },
            {"name": "places", "type": "select_multiple", "choices": ["games", "chat"]},
            {"name": "heard", "type": "matrix", "rows": ["adults"], "choices": ["1", "2"]},
            {"name": "first", "type": "rank", "choices": ["a", "b"]},
            {"name": "safe", "type": "scale", "from": 0, "to": 4, "labels": labels},
            {"name": "since", "type": "date", "precision": "month"},
        ]
    )
    earlier = make_definition(
        [
            {
                "name": "told",
                "type": "select_one",
                "choices": ["no", "maybe"],
                "label": {"en": "Old"},
            }
        ],
        version=2,
    )
    oldest = make_definition(
        [{"name": "told", "type": "select_one", "choices": ["no"] * 2, "label": {"en": "Old"}}]
    )
    newest = definition.model_copy(update={"version": 3})
    bundle_of(tmp_path / "a.heard", [oldest, newest, earlier], [])

    _, table = unsealed(tmp_path / "set", tmp_path / "a.heard")

    told = table.about("told")
    assert told["label"] == {"en": "told in English", "fr": "told en français"}
    assert told["hint"]["fr"] == "hint en français"
    assert [each["name"] for each in told["choices"]] == ["yes", "no", "maybe"]
    assert told["choices"][0]["label"]["fr"] == "yes en français"
    assert told["versions"] == [1, 2, 3]
    assert told["earlier_wordings"] == [{"versions": [1, 2], "label": {"en": "Old"}}]
    assert told["missing"] == {
        "95": "not asked in this version",
        "96": "not reached: the person stopped before it",
        "97": "skipped: it was shown and left open",
        "98": "prefer not to say",
        "99": "not shown: it did not concern this person, or was left out",
    }
    games = table.about("places__games")
    assert games["question"] == "places"
    assert games["choice_label"] == {"en": "games in English", "fr": "games en français"}
    assert games["values"] == {"1": "chosen", "0": "not chosen"}
    assert table.about("heard__adults")["row_label"]["en"] == "adults in English"
    assert table.about("first__2")["place"] == 2
    assert table.about("safe")["labels"]["4"]["fr"] == "toujours"
    assert table.about("since")["form"] == "YYYY-MM or YYYY"
    assert table.about("consent__quotes")["label"]["fr"] == "quotes en français"
    assert [each["version"] for each in table.codebook["versions"]] == [1, 2, 3]


def test_a_whole_consultation_comes_through(tmp_path: Path) -> None:
    """Random answers to every type of question: each cell is the answer or its reason."""
    dice = random.Random(7)  # noqa: S311 - a test that repeats
    definition = make_definition(
        [{"name": "told", "type": "select_one", "choices": ["yes", "no"]}],
        [{"name": "places", "type": "select_multiple", "choices": ["games", "chat", "97"]}],
        [{"name": "age", "type": "integer", "from": 0, "to": 99}],
        [{"name": "words", "type": "text"}],
    )

    def answer(number: int) -> dict[str, Any]:
        possible: dict[str, Any] = {
            "told": dice.choice(["yes", "no"]),
            "places": [n for n in ("games", "chat", "97") if dice.random() < 0.5],
            "age": dice.randrange(100),
            "words": f"number {number}",
        }
        return {"words": possible["words"]} | {
            name: value for name, value in possible.items() if dice.random() < 0.6
        }

    given_answers = [answer(number) for number in range(200)]
    rows = (sealed(make_document(definition, answers=each)) for each in given_answers)
    bundle_of(tmp_path / "a.heard", [definition], rows)

    _, table = unsealed(tmp_path / "set", tmp_path / "a.heard")

    found = {row["words"]: row for row in table.rows}
    assert len(found) == 200
    for each in given_answers:
        row = found[each["words"]]
        assert row["told"] == each.get("told", "97")
        assert row["age"] == str(each.get("age", "997"))
        for choice in ("games", "chat", "97"):
            expected = str(int(choice in each["places"])) if "places" in each else "97"
            assert row[f"places__{choice}"] == expected


def test_the_codebook_is_json_any_program_reads(tmp_path: Path) -> None:
    bundle_of(tmp_path / "a.heard", [WORDS], [])
    unsealed(tmp_path / "set", tmp_path / "a.heard")

    text = (tmp_path / "set" / "codebook.json").read_text(encoding="utf-8")

    assert json.loads(text)["file"]["name"] == "responses.csv"
    assert "\\u" not in text


SAME: Final = {
    "quotes.csv": "d954ff2c0f2f4cde",
    "responses.csv": "a92ab309bc6d0674",
    "texts.csv": "6a1586db27ea1290",
    "texts.html": "469eb3e599e47a04",
}
"""How the SHA-256 of each file begins, without its style and its lines sorted, as when they
were made one by one."""
MANY_WORDS: Final = (
    "Nobody listened.",
    "=1+1",
    'She said "no", then\nwrote to me@example.org or +977 98-1234567.',
    "\u200b-2",
    "तिमीलाई <b>थाहा</b> छ?",
    "لا أعرف، ربما",
    "97",
    "'quoted'",
    "-5",
)


def test_the_files_of_the_same_responses_stay_the_same(tmp_path: Path) -> None:
    """Whoever compares two openings of one bundle sees no change that people did not make."""
    key, dice = PrivateKey.from_seed(bytes(range(32))), random.Random(1)  # noqa: S311
    rows = []
    for number in range(60):
        answers: dict[str, Any] = {
            "told": dice.choice(["yes", "no", "96"]),
            "places": dice.sample(["games", "chat", "1"], dice.randint(0, 3)),
            "heard": {"adults": dice.choice("12")},
            "first": dice.sample("abc", dice.randint(1, 3)),
            "safe": dice.randint(0, 10),
            "age": dice.choice([-3, 0, 97, 996, 10**20]),
            "hours": dice.choice(["0.25", "-3.5", "97"]),
            "words": MANY_WORDS[number % len(MANY_WORDS)],
        }
        for left_out in dice.sample(list(answers), 2):
            del answers[left_out]
        document = make_document(
            sent.FIRST,
            answers=answers,
            collector=dice.choice([None, "nepal"]),
            consent=dice.choice([["take_part"], ["take_part", "quotes"]]),
            declined=["since"] if number % 5 == 0 else [],
            not_shown=["with"] if number % 7 == 0 else [],
            ended="stopped" if number % 11 == 0 else "complete",
            reached="page_2" if number % 11 == 0 else None,
        )
        recipient = key.public_key("research team")
        rows.append((number.to_bytes(16), seal(document, CONSULTATION, [recipient])))
    bundle_of(tmp_path / "a.heard", [sent.FIRST], rows)

    with open_bundle(tmp_path / "a.heard") as bundle:
        unseal([bundle], key, tmp_path / "set")

    whole = {name: (tmp_path / "set" / name).read_bytes() for name in SAME}
    found = {name: text.rpartition(b"</style>")[2].splitlines() for name, text in whole.items()}
    assert {
        name: hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()[:16]
        for name, lines in found.items()
    } == SAME
