"""Promise 1: nothing identifies. No address, no browser, no time, no order, no exact length."""

from __future__ import annotations

import re
import shutil
import sqlite3
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from app.sealing import draft_id, open_envelope
from tests.place import unlocked
from tests.server import ROOT

from .rows import response_ids
from .scan import is_database, search, values_in
from .story import ARRIVALS, CONSULTATION, Story, tell_and_search

ORDER_BOUND = 0.75
"""The rank correlation of 30 random places with their order passes this twice in a million."""
PAGE_BYTES = 65536


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return tell_and_search(tmp_path_factory.mktemp("scan"))


def databases(story: Story) -> list[Path]:
    return [path for path in story.folder.rglob("*") if path.is_file() and is_database(path)]


# The scan


@pytest.mark.requirement("R56", "R86")
def test_while_the_server_runs_no_mark_is_anywhere(story: Story) -> None:
    assert story.found_while_running == []


@pytest.mark.requirement("R86")
def test_after_it_stopped_no_mark_is_in_any_byte_it_left(story: Story) -> None:
    assert story.found_afterwards == []
    assert len(story.marks) > 250


@pytest.mark.requirement("R86")
def test_a_backup_was_searched_too_and_holds_what_was_sent_and_no_draft(story: Story) -> None:
    restored = story.folder / "restored" / "heard.sqlite3"
    assert response_ids(restored) == response_ids(story.database)
    plain, sealed = ((story.folder / f"{name}.backup").read_bytes() for name in ("plain", "sealed"))
    with closing(sqlite3.connect(story.folder / "drafts" / "drafts.sqlite3")) as connection:
        drafts = [bytes(one) for (one,) in connection.execute("SELECT id FROM draft")]
    assert drafts
    assert all(one in plain and one not in sealed for one in story.arrivals)
    assert not [one for one in drafts if one in plain]


def test_nothing_goes_on_running(story: Story) -> None:
    assert story.left_running == []


def test_what_was_typed_did_arrive_and_opens_with_the_researchers_key(story: Story) -> None:
    """Otherwise the scan would prove nothing."""
    key = unlocked(story.key.read_text(encoding="utf-8"))
    with closing(sqlite3.connect(story.database)) as connection:
        envelopes = connection.execute("SELECT envelope FROM response").fetchall()

    documents = b"\n".join(open_envelope(bytes(e), CONSULTATION, key) for (e,) in envelopes)

    typed = {name: words for name, words in story.typed.items() if name.startswith("sender")}
    assert len(typed) >= 2
    for words in typed.values():
        assert words.encode() in documents
    withdrawn = {name: words for name, words in story.typed.items() if name.startswith("taker")}
    assert len(withdrawn) >= 2
    for words in withdrawn.values():
        assert words.encode() not in documents


@pytest.mark.parametrize("place", ["a log line", "a row", "a draft in the clear", "the output"])
def test_one_planted_mark_would_be_found(story: Story, tmp_path: Path, place: str) -> None:
    left = tmp_path / "left"
    shutil.copytree(story.folder, left)
    mark = story.marks[0]
    assert isinstance(getattr(mark, "value", None), str)
    value = str(mark.value)
    if place == "a log line":
        (left / "instance" / "heard.log").write_text(f"WARNING app: {value}\n")
    elif place == "the output":
        with next(left.glob("output-*")).open("a") as output:
            output.write(f"127.0.0.1 - GET / {value}\n")
    elif place == "a row":
        with closing(sqlite3.connect(left / "instance" / "heard.sqlite3")) as connection:
            connection.execute(
                "UPDATE response SET envelope = CAST(envelope || ? AS BLOB)", (value.encode(),)
            )
            connection.commit()
    else:
        with closing(sqlite3.connect(left / "drafts" / "drafts.sqlite3")) as connection:
            connection.execute("INSERT INTO draft VALUES (?, ?, 0)", (bytes(32), value.encode()))
            connection.commit()

    assert {found.name for found in search(left, story.marks)} == {mark.name}


# Times


TIME = re.compile(
    r"(?<!\w)\d{1,2}:\d\d(:\d\d)?(?!\w)"
    r"|\b(19|20)\d\d-?(0\d|1[012])-?([0-2]\d|3[01])"
    r"|\b\d{1,2}[./](\d{1,2}|[A-Z][a-z]{2})[./](19|20)?\d\d\b"
    r"|\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d"
    r"|\b1[5-9]\d{8}(\d{3})?\b|\b2[01]\d{8}\b"
)
ADDRESS = re.compile(r"\b\d{1,3}(\.\d{1,3}){3}\b|\[?[0-9a-f]*:[0-9a-f:]+:[0-9a-f]+\]?")


@pytest.mark.parametrize(
    "text",
    [
        *("at 12:05", "2026-11-21T10:00", "20261121", "21/Nov/2026", "21.11.2026", "Nov 21"),
        *("1795255200", "1795255200123"),
    ],
)
def test_a_time_would_be_recognised(text: str) -> None:
    assert TIME.search(text)


@pytest.mark.requirement("R86")
def test_no_line_that_the_server_printed_tells_a_time_or_an_address(story: Story) -> None:
    """What it prints before anybody comes names its own address; afterwards it prints no line
    for a request, and for an error nothing but its kind and its place in the code."""
    assert story.printed.startswith(story.printed_at_start)
    later = story.printed.removeprefix(story.printed_at_start)

    for line in later.splitlines():
        assert not TIME.search(line), line
        assert not ADDRESS.search(line), line
        assert re.fullmatch(r"(WARNING|ERROR|INFO|CRITICAL) [\w.]+: .*", line), line
        assert "/page" not in line


def test_no_file_and_no_folder_is_named_after_a_time(story: Story) -> None:
    names = [path.name for path in story.folder.rglob("*")]

    assert "heard.sqlite3" in names
    for name in names:
        assert not TIME.search(name), name
        assert not re.search(r"\d{6}", re.sub(r"^output-\d+", "", name)), name


@pytest.mark.requirement("R86")
def test_no_value_of_any_database_is_a_time(story: Story) -> None:
    """Outside what is public: when a consultation closes, and by when something changes."""
    public = {("definition", "document"), ("reply", "document"), ("sqlite_schema", "sql")}
    looked_at = 0
    for path in databases(story):
        for table, column, value in values_in(path):
            if (table, column) in public:
                continue
            looked_at += 1
            if isinstance(value, (int, float)):
                assert abs(value) < 10**6 or column == "rootpage", (table, column, value)
            elif isinstance(value, str):
                assert not TIME.search(value), (table, column, value)
    assert looked_at > 4 * ARRIVALS


TELLING = frozenset(
    {
        *("time", "date", "stamp", "timestamp", "clock", "created", "updated", "modified", "at"),
        *("received", "sent", "when", "day", "hour", "week", "month", "year", "seq", "sequence"),
        *("order", "number", "no", "count", "rank", "serial", "position", "revision", "ip", "addr"),
        *(
            "address",
            "agent",
            "referer",
            "referrer",
            "host",
            "device",
            "session",
            "browser",
            "user",
        ),
        *("language", "country", "fingerprint", "email", "phone", "length", "size", "collector"),
    }
)


@pytest.mark.requirement("R86", "R89")
def test_no_column_of_what_people_leave_is_a_time_an_order_or_a_trace(story: Story) -> None:
    for path in databases(story):
        for table, column, declared in columns(path):
            if rows_grow_with_people(path, table):
                assert not TELLING & set(column.lower().split("_")), (table, column)
                assert not re.search("date|time", declared.lower()), (table, column, declared)


def columns(path: Path) -> Iterator[tuple[str, str, str]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        for (table,) in tables.fetchall():
            for row in connection.execute(f'PRAGMA table_info("{table}")').fetchall():
                yield table, row[1], row[2]


def rows_grow_with_people(path: Path, table: str) -> bool:
    """Whether a table holds at least one row for each of the thirty who arrived."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        (count,) = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608
    return bool(count >= ARRIVALS)


def test_the_tables_that_grow_with_people_have_no_hidden_number_of_a_row(story: Story) -> None:
    growing = set()
    for path in databases(story):
        for table in {table for table, _, _ in columns(path)}:
            assert table != "sqlite_sequence", "a table counts its rows"
            if not rows_grow_with_people(path, table):
                continue
            growing.add(table)
            with (
                closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection,
                pytest.raises(sqlite3.OperationalError, match="rowid"),
            ):
                connection.execute(f'SELECT rowid FROM "{table}"')  # noqa: S608
    assert {"response", "draft"} <= growing


# Order


def spearman(values: Sequence[Any]) -> float:
    """The rank correlation of values with the order they are given in; 0 when all are equal."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    ranks: list[float] = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            ranks[place] = (start + end - 1) / 2
        start = end
    middle = (len(values) - 1) / 2
    spread = sum((rank - middle) ** 2 for rank in ranks) ** 0.5
    even = sum((place - middle) ** 2 for place in range(len(values))) ** 0.5
    together = sum((rank - middle) * (place - middle) for place, rank in enumerate(ranks))
    return together / (spread * even) if spread else 0.0


def test_the_measure_of_order_sees_order() -> None:
    assert spearman(range(30)) == pytest.approx(1)
    assert spearman([-number for number in range(30)]) == pytest.approx(-1)
    assert spearman([number // 4 for number in range(30)]) > 0.95
    assert spearman([7] * 30) == 0
    assert abs(spearman([5, 1, 4, 2, 3])) < 0.5


def kendall_within(groups: Sequence[Sequence[int]]) -> float:
    """Of all pairs inside the groups: how many more stand in their order than against it."""
    pairs = [one < other for group in groups for one, other in combinations(group, 2)]
    return (2 * sum(pairs) - len(pairs)) / len(pairs)


def test_the_measure_of_order_within_pages_sees_order() -> None:
    assert kendall_within([[1, 2, 3], [7, 8, 9]]) == 1
    assert kendall_within([[9, 8, 7], [3, 2, 1]]) == -1
    assert kendall_within([[1, 2], [9, 8]]) == 0


@pytest.fixture(scope="module")
def swept(story: Story, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what was left, after `heard sweep`."""
    from click.testing import CliRunner  # noqa: PLC0415

    from app.commands import main  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("swept") / "left"
    shutil.copytree(story.folder, folder)
    environment = {
        "HEARD_DRAFTS_URL": f"sqlite:///{folder / 'drafts' / 'drafts.sqlite3'}",
        "HEARD_SURVEYS": str(ROOT / "surveys"),
    }
    command = ["sweep", "--instance", str(folder / "instance")]
    assert CliRunner().invoke(main, command, env=environment).exit_code == 0
    return folder


def rows(story: Story) -> list[tuple[bytes, bytes, bytes]]:
    """Id, tag and envelope of the thirty responses, in the order in which they arrived."""
    with closing(sqlite3.connect(story.database)) as connection:
        found = {
            bytes(row[0]): (bytes(row[0]), bytes(row[1]), bytes(row[2]))
            for row in connection.execute("SELECT id, withdrawal_tag, envelope FROM response")
        }
    return [found[one] for one in story.arrivals]


STATISTICS: dict[str, Callable[[tuple[bytes, bytes, bytes]], object]] = {
    "the id": lambda row: row[0],
    "the withdrawal tag": lambda row: row[1],
    "the envelope": lambda row: row[2],
    "the end of the envelope": lambda row: row[2][::-1],
    "the length": lambda row: len(row[2]),
}


@pytest.mark.parametrize("of", STATISTICS.values(), ids=STATISTICS)
def test_no_part_of_a_row_tells_who_came_first(
    story: Story, of: Callable[[tuple[bytes, bytes, bytes]], object]
) -> None:
    assert abs(spearman([of(row) for row in rows(story)])) < ORDER_BOUND


def test_no_number_anywhere_in_a_row_grows_with_the_order_of_arrival(story: Story) -> None:
    """A counter or a clock at any place, whichever end first, would run with the order."""
    whole = [b"".join(row) for row in rows(story)]
    assert len({len(row) for row in whole}) == 1
    for place in range(len(whole[0]) - 8):
        for shape in (">Q", "<Q"):
            numbers = [struct.unpack_from(shape, row, place)[0] for row in whole]
            assert abs(spearman(numbers)) < 0.95, (place, shape)


def test_the_table_is_in_no_order_of_arrival(story: Story) -> None:
    with closing(sqlite3.connect(story.database)) as connection:
        listed = [bytes(one) for (one,) in connection.execute("SELECT id FROM response")]

    assert abs(spearman([listed.index(one) for one in story.arrivals])) < ORDER_BOUND


def every_offset(image: bytes, value: bytes) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(value), image)]


def test_after_a_sweep_the_file_is_in_no_order_of_arrival(story: Story, swept: Path) -> None:
    image = (swept / "instance" / "heard.sqlite3").read_bytes()

    for part in (0, 1, 2):
        found = [every_offset(image, row[part]) for row in rows(story)]
        # An id stands in the table and in an index; a copy anywhere else would be a trace.
        for offsets in zip(*found, strict=True):
            assert abs(spearman(offsets)) < ORDER_BOUND, part
            # A page is filled from its end: within each, the order of writing would show.
            pages = {offset // PAGE_BYTES for offset in offsets}
            groups = [[o for o in offsets if o // PAGE_BYTES == page] for page in pages]
            assert abs(kendall_within(groups)) < 0.65, part


def test_after_a_sweep_the_drafts_are_in_no_order_of_arrival(story: Story, swept: Path) -> None:
    image = (swept / "drafts" / "drafts.sqlite3").read_bytes()

    offsets = [image.index(draft_id(key)) for key in story.draft_keys[-ARRIVALS:]]
    assert abs(spearman(offsets)) < ORDER_BOUND
