"""What people wrote, apart from everything else about them (R97)."""

from __future__ import annotations

import csv
import re
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from app.research import DataSet, Wanted, open_bundle, restore_cell, unseal
from app.sealing import PrivateKey, seal

from .conftest import CONSULTATION, KEY, Table, bundle_of, make_definition, make_document, sealed

pytestmark = pytest.mark.requirement("R97")

ASKED = make_definition(
    [
        {"name": "age", "type": "integer", "from": 0, "to": 90},
        {"name": "words", "type": "text"},
        {"name": "more", "type": "text"},
    ]
)


def opened(folder: Path, *paths: Path, key: PrivateKey = KEY, **wanted: Any) -> DataSet:
    with ExitStack() as stack:
        bundles = [stack.enter_context(open_bundle(path)) for path in paths]
        return unseal(bundles, key, folder, wanted=Wanted(**wanted))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def answered(words: str, *consent: str, **answers: Any) -> tuple[bytes, bytes]:
    given = {"words": words, **answers}
    return sealed(make_document(ASKED, answers=given, consent=["take_part", *consent]))


def test_texts_stand_apart_and_bring_nothing_else(tmp_path: Path) -> None:
    said = [f"text {number:02}" for number in range(40)]
    sent = [answered(text, age=number) for number, text in enumerate(said)]
    bundle_of(tmp_path / "a.heard", [ASKED], sent)

    written = opened(tmp_path / "set", tmp_path / "a.heard")

    table = Table.in_folder(tmp_path / "set")
    assert not {"words", "more"} & set(table.header)
    assert not {"words", "more"} & {each["column"] for each in table.codebook["columns"]}
    texts = rows_of(tmp_path / "set" / "texts.csv")
    assert all(list(row) == ["id", "question", "text"] for row in texts)
    assert sorted(row["text"] for row in texts) == said
    assert written.texts == 40
    counted = {each["question"]: each["count"] for each in table.codebook["texts"]}
    assert counted == {"words": 40, "more": 0}
    # The table was shuffled, and the texts by themselves again.
    assert [row["text"] for row in texts] != [said[int(age)] for age in table.column("age")]
    assert [row["text"] for row in texts] != said


def test_no_file_but_those_of_texts_holds_what_somebody_wrote(tmp_path: Path) -> None:
    bundle_of(tmp_path / "a.heard", [ASKED], [answered("unmistakable words", "quotes")])

    opened(tmp_path / "set", tmp_path / "a.heard")

    holding = {
        file.name for file in (tmp_path / "set").iterdir() if b"unmistakable" in file.read_bytes()
    }
    assert holding == {"texts.csv", "quotes.csv", "texts.html"}


def test_a_reason_joins_them_and_is_kept(tmp_path: Path) -> None:
    bundle_of(tmp_path / "a.heard", [ASKED], [answered("some words", age=14)])

    opened(tmp_path / "set", tmp_path / "a.heard", with_text="wording by age, agreed with ethics")

    table = Table.in_folder(tmp_path / "set")
    assert [(row["age"], row["words"]) for row in table.rows] == [("14", "some words")]
    assert table.codebook["with_text"] == "wording by age, agreed with ethics"


def test_only_what_may_be_quoted_is_in_quotes(tmp_path: Path) -> None:
    without = make_definition([{"name": "words", "type": "text"}], statements=["take_part"])
    later = without.model_copy(update={"version": 2})
    sent = [
        answered("quote me", "quotes", more="and this"),
        answered("not me"),
        sealed(make_document(later, answers={"words": "never asked"})),
    ]
    bundle_of(tmp_path / "a.heard", [ASKED, later], sent)

    opened(tmp_path / "set", tmp_path / "a.heard")

    quotes = rows_of(tmp_path / "set" / "quotes.csv")
    assert {row["text"] for row in quotes} == {"quote me", "and this"}
    assert list(quotes[0]) == ["id", "question", "text", "contact", "checked_by"]
    assert {row["checked_by"] for row in quotes} == {""}
    texts = {row["text"]: row["id"] for row in rows_of(tmp_path / "set" / "texts.csv")}
    assert all(texts[row["text"]] == row["id"] for row in quotes)


def test_contacts_are_marked_for_the_reader(tmp_path: Path) -> None:
    text = "write to amal@example.org or @amal_99, or 07700 900123, see www.example.net/amal"
    bundle_of(tmp_path / "a.heard", [ASKED], [answered(text, "quotes"), answered("fine", "quotes")])

    opened(tmp_path / "set", tmp_path / "a.heard")

    quotes = {row["text"]: row["contact"] for row in rows_of(tmp_path / "set" / "quotes.csv")}
    assert quotes["fine"] == ""
    assert quotes[text] == "amal@example.org | @amal_99 | 07700 900123 | www.example.net/amal"


def test_an_id_is_the_same_each_time_and_nobody_elses(tmp_path: Path) -> None:
    first, second = answered("same words", more="same words"), answered("same words")
    bundle_of(tmp_path / "a.heard", [ASKED], [first])
    bundle_of(tmp_path / "b.heard", [ASKED], [second, first])

    def ids(name: str, *paths: str, key: PrivateKey = KEY) -> set[tuple[str, str]]:
        opened(tmp_path / name, *(tmp_path / path for path in paths), key=key)
        return {(row["question"], row["id"]) for row in rows_of(tmp_path / name / "texts.csv")}

    alone, both = ids("one", "a.heard"), ids("two", "b.heard", "a.heard")

    assert alone < both
    assert len({name for _, name in both}) == len(both) == 3
    assert all(re.fullmatch(r"[bcdfghjkmnpqrstv]{16}", name) for _, name in both)
    assert not any(name in first[0].hex() for _, name in both)


def test_another_key_gives_other_ids(tmp_path: Path) -> None:
    other = PrivateKey.generate()
    document = make_document(ASKED, answers={"words": "text"})
    both = [KEY.public_key("one"), other.public_key("two")]
    bundle_of(tmp_path / "a.heard", [ASKED], [(bytes(16), seal(document, CONSULTATION, both))])

    for name, key in (("one", KEY), ("two", other)):
        opened(tmp_path / name, tmp_path / "a.heard", key=key)

    (one,), (two,) = (rows_of(tmp_path / name / "texts.csv") for name in ("one", "two"))
    assert one["text"] == two["text"]
    assert one["id"] != two["id"]


def test_a_text_that_could_run_or_looks_like_a_code_is_marked(tmp_path: Path) -> None:
    said = ["=1+1", "97", "'97", "plain", "@all", 'a,b\r\n"c"', "نص عربي", "नेपाली"]
    bundle_of(tmp_path / "a.heard", [ASKED], [answered(text, "quotes") for text in said])

    opened(tmp_path / "set", tmp_path / "a.heard")

    for name in ("texts.csv", "quotes.csv"):
        cells = [row["text"] for row in rows_of(tmp_path / "set" / name)]
        assert Counter(map(restore_cell, cells)) == Counter(said)
        assert not {"=1+1", "97", "@all"} & set(cells)


def test_a_consultation_without_writing_has_no_files_of_texts(tmp_path: Path) -> None:
    asked = make_definition([{"name": "age", "type": "integer"}])
    bundle_of(tmp_path / "a.heard", [asked], [sealed(make_document(asked))])

    opened(tmp_path / "set", tmp_path / "a.heard")

    assert not list((tmp_path / "set").glob("*texts*"))
    assert Table.in_folder(tmp_path / "set").codebook["texts"] == []
