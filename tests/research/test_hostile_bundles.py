"""Bundles that somebody made to do harm, or that were damaged on the way."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from app.consultation import Definition
from app.research import BundleError, open_bundle, unseal, verify_bundle

from .conftest import KEY, Table, bundle_of, make_document, sealed

Change = Callable[[sqlite3.Connection], object]


def changed(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA writable_schema=ON")
    for statement in statements:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER harm AFTER INSERT ON response BEGIN DELETE FROM response; END",
        "CREATE VIEW harm AS SELECT load_extension('harm')",
        "CREATE TABLE more (a)",
        "CREATE INDEX harm ON response (hex(envelope))",
        "CREATE VIRTUAL TABLE harm USING fts5(words)",
        "ALTER TABLE response ADD COLUMN arrived TEXT",
        "ALTER TABLE response ADD COLUMN harm AS (load_extension('harm')) VIRTUAL",
        "ALTER TABLE response RENAME COLUMN envelope TO harm",
        "CREATE TRIGGER harm BEFORE DELETE ON manifest BEGIN SELECT writefile('harm', 'x'); END",
        "DROP TABLE definition",
        "UPDATE sqlite_schema SET sql = sql || ' ' WHERE name = 'response'",
        "UPDATE sqlite_schema SET sql = 'CREATE VIEW response AS SELECT randomblob(16) id, "
        "randomblob(9) envelope', type = 'view', rootpage = 0 WHERE name = 'response'",
        "UPDATE sqlite_schema SET sql = 'nonsense' WHERE name = 'response'",
    ],
)
def test_other_tables_than_a_bundles_are_refused(bundle_path: Path, statement: str) -> None:
    changed(bundle_path, statement)

    with pytest.raises(BundleError):
        open_bundle(bundle_path)
    assert len(verify_bundle(bundle_path).findings) == 1


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("PRAGMA application_id=1", "not a bundle of Heard"),
        ("PRAGMA user_version=2", "format 2, and this Heard reads format 1"),
        ("DELETE FROM manifest", "does not say what is in it"),
        ("INSERT INTO manifest VALUES ('another', 5, 'sha256:')", "does not say what is in it"),
        ("UPDATE manifest SET count = 'five'", "does not say what is in it"),
        ("UPDATE manifest SET consultation = x'00ff'", "does not say what is in it"),
        ("UPDATE manifest SET consultation = char(27) || '[2J'", "does not say what is in it"),
        ("UPDATE manifest SET digest = char(27) || '[2J'", "does not say what is in it"),
        ("UPDATE definition SET document = x'00'", "definitions that Heard did not write"),
        ("UPDATE definition SET document = zeroblob(5000000)", "damaged or not a bundle"),
    ],
)
def test_a_bundle_that_lies_about_itself_is_refused(
    bundle_path: Path, statement: str, message: str
) -> None:
    changed(bundle_path, statement)

    with pytest.raises(BundleError, match=message):
        open_bundle(bundle_path)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("DELETE FROM response WHERE id = (SELECT min(id) FROM response)", "should hold 5"),
        ("UPDATE manifest SET count = 6", "should hold 6 responses, and it holds 5"),
        (
            "UPDATE manifest SET digest = 'sha256:' || lower(hex(zeroblob(32)))",
            "something in the file was changed",
        ),
        ("UPDATE response SET envelope = x'00'", "not have the form of an envelope: 5"),
        ("UPDATE response SET envelope = 'HEARD'", "form of an envelope: 5"),
        ("UPDATE response SET envelope = CAST('HEARD' AS BLOB)", "form of an envelope: 5"),
        ("INSERT INTO response VALUES (x'01', x'02')", "id is not 16 bytes long: 1"),
        ("INSERT INTO response VALUES ('sixteen letters.', x'02')", "id is not 16 bytes long: 1"),
        ("UPDATE definition SET document = document || ' '", "does not match its digest"),
        ("UPDATE definition SET version = 7", "belongs to another consultation or version"),
        ("UPDATE manifest SET consultation = 'another'", "belongs to another consultation"),
    ],
)
def test_changed_content_is_found(bundle_path: Path, statement: str, finding: str) -> None:
    assert verify_bundle(bundle_path).findings == []
    changed(bundle_path, statement)

    assert finding in " ".join(verify_bundle(bundle_path).findings)


@pytest.mark.parametrize("change", [b"", b"?", bytes(4096), bytes(4095)])
def test_only_the_lengths_of_envelopes_are_taken(bundle_path: Path, change: bytes) -> None:
    """4096 more make the length of the next class; and none is the control."""
    connection = sqlite3.connect(bundle_path)
    with connection:
        for response_id, envelope in connection.execute("SELECT * FROM response").fetchall():
            update = "UPDATE response SET envelope = ? WHERE id = ?"
            connection.execute(update, (envelope + change, response_id))
    connection.close()

    findings = " ".join(verify_bundle(bundle_path).findings)

    assert ("form of an envelope: 5" in findings) == (len(change) not in (0, 4096))


def test_a_damaged_part_that_no_row_uses_is_found(bundle_path: Path) -> None:
    """Byte 39 counts the free pages (sqlite.org/fileformat2.html, "The Database Header")."""
    content = bytearray(bundle_path.read_bytes())
    content[39] += 1
    bundle_path.write_bytes(content)

    assert "pages do not fit together" in verify_bundle(bundle_path).findings[0]


@pytest.mark.parametrize("page", ["definition", "manifest", "response", "nowhere"])
@pytest.mark.parametrize("table", ["definition", "manifest", "response"])
def test_tables_that_lead_to_each_others_pages_are_refused_or_found(
    bundle_path: Path, table: str, page: str
) -> None:
    """Two tables on one page, a table on its schema's, or on a page that is not there."""
    there = f"(SELECT rootpage FROM sqlite_schema WHERE name = '{page}')"  # noqa: S608
    root = "99999" if page == "nowhere" else there
    if table == page:
        root = "1"
    update = f"UPDATE sqlite_schema SET rootpage = {root} WHERE name = '{table}'"  # noqa: S608
    changed(bundle_path, update)

    assert verify_bundle(bundle_path).findings != []


def test_a_header_that_promises_far_more_pages_is_refused_or_found(bundle_path: Path) -> None:
    """Bytes 28 to 31 say how many pages the file has."""
    content = bytearray(bundle_path.read_bytes())
    content[28:32] = b"\x7f\xff\xff\xff"
    bundle_path.write_bytes(content)

    assert verify_bundle(bundle_path).findings != []


def test_a_definition_that_was_changed_explains_no_answers(
    bundle_path: Path, tmp_path: Path
) -> None:
    changed(bundle_path, "UPDATE definition SET document = replace(document, 'told', 'kept')")

    with open_bundle(bundle_path) as bundle, pytest.raises(BundleError, match="No definition"):
        unseal([bundle], KEY, tmp_path / "set")


def test_damage_is_counted_and_stops_nothing(tmp_path: Path, definition: Definition) -> None:
    """SQLite may meet the damaged row while it looks for another one, which then counts too."""
    long = make_document(definition, answers={"words": "x" * 100_000})
    rows = [sealed(long), *(sealed(make_document(definition)) for _ in range(3))]
    path = tmp_path / "long.heard"
    bundle_of(path, [definition], rows)
    content = bytearray(path.read_bytes())
    # Its second page begins with the number of the third: now of one that is not there.
    second = content.index(rows[0][1][30_000:30_100]) // 65536 * 65536
    content[second : second + 4] = b"\x7f\xff\xff\xff"
    path.write_bytes(content)

    with open_bundle(path) as bundle:
        written = unseal([bundle], KEY, tmp_path / "set")

    assert list(written.not_opened) == ["stands in a damaged part of the file"]
    assert written.rows + sum(written.not_opened.values()) == 4


@pytest.mark.parametrize(("place", "now"), [(1, 0), (0, 3), (3, 0)])
def test_an_id_that_is_out_of_its_order_counts_once(
    tmp_path: Path, definition: Definition, place: int, now: int
) -> None:
    ids = [bytes([number]) * 16 for number in range(1, 5)]
    path = tmp_path / "order.heard"
    bundle_of(path, [definition], [(each, sealed(make_document(definition))[1]) for each in ids])
    path.write_bytes(path.read_bytes().replace(ids[place], ids[now]))

    with open_bundle(path) as one, open_bundle(path) as again:
        alone = unseal([one], KEY, tmp_path / "alone")
        twice = unseal([one, again], KEY, tmp_path / "twice")

    assert "stands in a damaged part of the file" in alone.not_opened
    assert 1 <= alone.rows == twice.rows
    assert alone.rows + sum(alone.not_opened.values()) == 4


def test_an_id_that_is_out_of_its_order_is_whole_in_another_copy(
    tmp_path: Path, definition: Definition
) -> None:
    ids = [bytes([number]) * 16 for number in range(1, 5)]
    rows = [(each, sealed(make_document(definition))[1]) for each in ids]
    bundle_of(tmp_path / "whole.heard", [definition], rows)
    content = (tmp_path / "whole.heard").read_bytes()
    # The second and third change places: the second is out of its order, and stands elsewhere.
    swapped = content.replace(ids[1], b"-" * 16).replace(ids[2], ids[1]).replace(b"-" * 16, ids[2])
    (tmp_path / "damaged.heard").write_bytes(swapped)

    with (
        open_bundle(tmp_path / "damaged.heard") as one,
        open_bundle(tmp_path / "whole.heard") as two,
    ):
        written = unseal([one, two], KEY, tmp_path / "set")

    assert written.rows == 4
    assert written.not_opened == {}


def test_a_definition_nobody_can_read_is_found(bundle_path: Path) -> None:
    changed(
        bundle_path,
        "UPDATE definition SET document = '{}', digest = "
        "'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'",
    )

    assert "cannot be read by this version of Heard" in verify_bundle(bundle_path).findings[0]


def test_a_truncated_bundle_is_refused_or_found(bundle_path: Path, tmp_path: Path) -> None:
    whole = bundle_path.read_bytes()
    for size in [0, 1, 100, 4096, *range(65536, len(whole), 65536), len(whole) - 1]:
        cut = tmp_path / "cut.heard"
        cut.write_bytes(whole[:size])

        assert verify_bundle(cut).findings != [], size


def test_a_changed_byte_is_found_wherever_it_counts(bundle_path: Path, tmp_path: Path) -> None:
    whole = bytearray(bundle_path.read_bytes())
    with open_bundle(bundle_path) as bundle:
        was = (bundle.manifest, bundle.definitions, list(bundle.rows()))
    dice, silent = random.Random(1), 0  # noqa: S311 - a test that repeats
    for _ in range(400):
        place = dice.randrange(len(whole))
        flipped = tmp_path / "flipped.heard"
        flipped.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        if verify_bundle(flipped).findings == []:
            # Space that no row uses: all that can be read is as it was.
            silent += 1
            with open_bundle(flipped) as bundle:
                assert (bundle.manifest, bundle.definitions, list(bundle.rows())) == was
    assert silent < 390


def test_every_changed_byte_of_an_envelope_is_found(bundle_path: Path) -> None:
    with open_bundle(bundle_path) as bundle:
        response_id, envelope = next(bundle.rows())
    for place in (0, 5, 6, 7, 100, len(envelope) // 2, len(envelope) - 1):
        spoilt = bytearray(envelope)
        spoilt[place] ^= 1
        connection = sqlite3.connect(bundle_path)
        with connection:
            update = "UPDATE response SET envelope = ? WHERE id = ?"
            connection.execute(update, (bytes(spoilt), response_id))
        connection.close()

        assert verify_bundle(bundle_path).findings != [], place


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + bytes(84)])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.heard").write_bytes(content)

    with pytest.raises(BundleError, match="not a bundle"):
        open_bundle(tmp_path / "a.heard")


def test_no_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "nothing.heard", "no file"), (tmp_path, "is a folder")):
        with pytest.raises(BundleError, match=why):
            open_bundle(path)


def test_a_journal_beside_a_bundle_is_not_played(bundle_path: Path, tmp_path: Path) -> None:
    """A hot journal would be written into the bundle, or a log read in place of it."""
    other = tmp_path / "other.heard"
    shutil.copy(bundle_path, other)
    connection = sqlite3.connect(other)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("UPDATE manifest SET count = 99")
    connection.commit()
    shutil.copy(tmp_path / "other.heard-wal", tmp_path / "five.heard-wal")
    connection.close()
    (tmp_path / "five.heard-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
    before = sorted((path.name, path.read_bytes()) for path in tmp_path.iterdir())

    assert verify_bundle(bundle_path).findings == []

    assert sorted((path.name, path.read_bytes()) for path in tmp_path.iterdir()) == before


def test_reading_a_bundle_cannot_change_it(bundle_path: Path) -> None:
    with open_bundle(bundle_path) as bundle, pytest.raises(sqlite3.OperationalError):
        bundle._connection.execute("DELETE FROM response")


def test_unusual_signs_in_the_path_are_no_settings(bundle_path: Path, tmp_path: Path) -> None:
    odd = tmp_path / "a?mode=rwc&immutable=0 #50%.heard"
    bundle_path.rename(odd)

    with open_bundle(odd) as bundle:
        assert bundle.manifest.count == 5


def test_rows_that_are_no_responses_do_not_stop_the_others(
    bundle_path: Path, tmp_path: Path
) -> None:
    changed(
        bundle_path,
        "INSERT INTO response VALUES (x'01', x'02')",
        "INSERT INTO response VALUES ('sixteen letters.', x'02')",
        "INSERT INTO response VALUES (zeroblob(16), 'text')",
        "UPDATE response SET envelope = x'00' WHERE id = (SELECT max(id) FROM response)",
    )

    with open_bundle(bundle_path) as bundle:
        written = unseal([bundle], KEY, tmp_path / "set")

    assert written.rows == 4
    assert Table.in_folder(tmp_path / "set").not_opened["not_opened"] == 4
