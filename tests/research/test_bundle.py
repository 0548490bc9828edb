"""Bundles: written whole or not at all, taken up where they stopped, read row by row."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.consultation import Definition
from app.research import BundleError, open_bundle, verify_bundle, write_bundle

from .conftest import bundle_of, make_definition, make_document, sealed

PUBLISHED = [("sha256:one", "internet-safer", 1, "{}")]


def make_rows(number: int) -> list[tuple[bytes, bytes]]:
    return sorted((os.urandom(16), os.urandom(5335)) for _ in range(number))


def stopping_after(rows: list[tuple[bytes, bytes]], number: int) -> Iterator[tuple[bytes, bytes]]:
    yield from rows[:number]
    raise KeyboardInterrupt


class TestWriting:
    def test_what_is_written_is_read_back_in_order_of_the_ids(self, tmp_path: Path) -> None:
        rows = make_rows(30)

        manifest = write_bundle(tmp_path / "a.heard", PUBLISHED, reversed(rows))

        with open_bundle(tmp_path / "a.heard") as bundle:
            assert list(bundle.rows()) == rows
            assert list(bundle.ids()) == [row[0] for row in rows]
            assert bundle.envelope(rows[3][0]) == rows[3][1]
            assert bundle.envelope(os.urandom(16)) is None
            assert bundle.manifest == manifest
            assert [tuple(each) for each in bundle.definitions] == PUBLISHED
        assert (manifest.consultation, manifest.count) == ("internet-safer", 30)

    def test_the_file_names_its_kind_and_stands_alone(self, tmp_path: Path) -> None:
        write_bundle(tmp_path / "a.heard", PUBLISHED, make_rows(3))

        connection = sqlite3.connect(tmp_path / "a.heard")
        assert connection.execute("PRAGMA application_id").fetchone() == (0x48454152,)
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        connection.close()
        assert [path.name for path in tmp_path.iterdir()] == ["a.heard"]
        assert (tmp_path / "a.heard").stat().st_mode & 0o777 == 0o600

    def test_the_digest_is_the_one_that_is_documented(self, tmp_path: Path) -> None:
        rows = make_rows(3)
        manifest = write_bundle(tmp_path / "a.heard", PUBLISHED, rows)

        def sized(content: bytes) -> bytes:
            return len(content).to_bytes(8, "big") + content

        plain = b"heard/bundle/1\0" + sized(b"internet-safer") + (1).to_bytes(8, "big")
        plain += sized(b"sha256:one") + sized(b"{}")
        plain += b"".join(sized(part) for row in rows for part in row) + (3).to_bytes(8, "big")
        assert manifest.digest == "sha256:" + hashlib.sha256(plain).hexdigest()

    def test_no_responses_yet_is_a_bundle_too(self, tmp_path: Path) -> None:
        assert write_bundle(tmp_path / "a.heard", PUBLISHED, []).count == 0
        with open_bundle(tmp_path / "a.heard") as bundle:
            assert list(bundle.rows()) == []

    def test_a_finished_bundle_is_never_overwritten(self, tmp_path: Path) -> None:
        write_bundle(tmp_path / "a.heard", PUBLISHED, make_rows(3))
        before = (tmp_path / "a.heard").read_bytes()

        with pytest.raises(BundleError, match=r"exists already.*Choose another name"):
            write_bundle(tmp_path / "a.heard", PUBLISHED, make_rows(1))

        assert (tmp_path / "a.heard").read_bytes() == before

    def test_a_file_that_appears_meanwhile_is_not_overwritten(self, tmp_path: Path) -> None:
        def rows() -> Iterator[tuple[bytes, bytes]]:
            (tmp_path / "a.heard").write_text("somebody else's")
            yield from make_rows(1)

        with pytest.raises(BundleError, match="exists already"):
            write_bundle(tmp_path / "a.heard", PUBLISHED, rows())

        assert (tmp_path / "a.heard").read_text() == "somebody else's"

    @pytest.mark.parametrize("definitions", [[], [*PUBLISHED, ("sha256:two", "other", 1, "{}")]])
    def test_a_bundle_is_of_exactly_one_consultation(
        self, tmp_path: Path, definitions: list[tuple[str, str, int, str]]
    ) -> None:
        with pytest.raises(BundleError, match="one consultation"):
            write_bundle(tmp_path / "a.heard", definitions, [])

    def test_a_folder_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(BundleError, match="No such file or directory"):
            write_bundle(tmp_path / "nowhere" / "a.heard", PUBLISHED, [])


class TestStopping:
    @pytest.mark.parametrize("after", [0, 1, 499, 500, 1203])
    def test_a_stopped_export_goes_on(self, tmp_path: Path, after: int) -> None:
        rows = make_rows(1300)
        path = tmp_path / "a.heard"
        with pytest.raises(KeyboardInterrupt):
            write_bundle(path, PUBLISHED, stopping_after(rows, after))
        assert not path.exists()

        write_bundle(path, PUBLISHED, rows)

        with open_bundle(path) as bundle:
            assert list(bundle.rows()) == rows
        assert [each.name for each in tmp_path.iterdir()] == ["a.heard"]

    def test_what_was_written_is_not_written_again(self, tmp_path: Path) -> None:
        rows = make_rows(600)
        with pytest.raises(KeyboardInterrupt):
            write_bundle(tmp_path / "a.heard", PUBLISHED, stopping_after(rows, 600))
        with sqlite3.connect(tmp_path / "a.heard.part") as connection:
            kept = connection.execute("SELECT count(*) FROM response").fetchone()

        assert kept == (500,)

    def test_what_was_withdrawn_since_is_taken_out_and_what_came_is_added(
        self, tmp_path: Path
    ) -> None:
        rows = make_rows(1000)
        withdrawn, later = rows[7], make_rows(5)
        with pytest.raises(KeyboardInterrupt):
            write_bundle(tmp_path / "a.heard", PUBLISHED, stopping_after(rows, 900))
        rows.remove(withdrawn)

        manifest = write_bundle(tmp_path / "a.heard", PUBLISHED, sorted([*rows, *later]))

        assert manifest.count == 1004
        with open_bundle(tmp_path / "a.heard") as bundle:
            assert list(bundle.rows()) == sorted([*rows, *later])
        content = (tmp_path / "a.heard").read_bytes()
        assert withdrawn[0] not in content
        assert withdrawn[1][:500] not in content

    def test_a_bundle_that_was_resumed_does_not_show_it(self, tmp_path: Path) -> None:
        rows = make_rows(1000)
        with pytest.raises(KeyboardInterrupt):
            write_bundle(tmp_path / "a.heard", PUBLISHED, stopping_after(rows[::2], 500))
        write_bundle(tmp_path / "a.heard", PUBLISHED, rows)
        with pytest.raises(KeyboardInterrupt):
            write_bundle(tmp_path / "b.heard", PUBLISHED, stopping_after(rows[1::2], 500))
        write_bundle(tmp_path / "b.heard", PUBLISHED, rows)

        assert (tmp_path / "a.heard").read_bytes() == (tmp_path / "b.heard").read_bytes()

    def test_an_unfinished_bundle_is_not_opened(self, tmp_path: Path) -> None:
        with pytest.raises(KeyboardInterrupt):
            write_bundle(tmp_path / "a.heard", PUBLISHED, stopping_after(make_rows(600), 600))

        with pytest.raises(BundleError, match=r"not finished.*goes on where it stopped"):
            open_bundle(tmp_path / "a.heard.part")

    def test_an_unfinished_bundle_of_another_consultation_is_not_taken_up(
        self, tmp_path: Path
    ) -> None:
        with pytest.raises(KeyboardInterrupt):
            write_bundle(tmp_path / "a.heard", PUBLISHED, stopping_after(make_rows(600), 600))

        with pytest.raises(BundleError, match="begun for “internet-safer”"):
            write_bundle(tmp_path / "a.heard", [("sha256:x", "other", 1, "{}")], [])

    def test_two_exports_to_one_file_are_told_apart(self, tmp_path: Path) -> None:
        def rows() -> Iterator[tuple[bytes, bytes]]:
            with pytest.raises(BundleError, match="Another export"):
                write_bundle(tmp_path / "a.heard", PUBLISHED, [])
            yield from make_rows(1)

        assert write_bundle(tmp_path / "a.heard", PUBLISHED, rows()).count == 1

    def test_a_killed_export_goes_on(self, tmp_path: Path, definition: Definition) -> None:
        code = """
import os, sys
from pathlib import Path
from app.research import write_bundle
def rows():
    for number in range(10 ** 9):
        if number == 700: print("now", flush=True)
        yield number.to_bytes(16, "big"), os.urandom(5335)
write_bundle(Path(sys.argv[1]), [("sha256:one", "internet-safer", 1, "{}")], rows())
"""
        path = tmp_path / "a.heard"
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        with subprocess.Popen(
            [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, env=environment
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            child.send_signal(signal.SIGKILL)

        published = (definition.digest, "internet-safer", 1, definition.canonical_json())
        row = sealed(make_document(definition))
        write_bundle(path, [published], [row])

        assert verify_bundle(path).findings == []
        with open_bundle(path) as bundle:
            assert list(bundle.rows()) == [row]


def test_every_published_version_is_in_it(tmp_path: Path) -> None:
    versions = [make_definition([{"name": "a", "type": "text"}], version=n) for n in (1, 2)]
    bundle_of(tmp_path / "a.heard", versions, [])

    with open_bundle(tmp_path / "a.heard") as bundle:
        found = {each.version: each.document for each in bundle.definitions}

    assert found == {each.version: each.canonical_json() for each in versions}


def test_a_folder_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="is a folder"):
        open_bundle(tmp_path)
