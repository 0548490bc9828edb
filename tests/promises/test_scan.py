"""The scan finds what it has to find: a value planted in each kind of place and in each form."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import brotli
import pytest

from .scan import Marked, MarkedBytes, search

WORDS = Marked("what was typed", "zq7 Wörter & ‎كلمات")
ADDRESS = Marked("where it came from", "127.0.7.19")
VALUES = (WORDS, ADDRESS)

RAW = WORDS.value.encode()
FORMS: dict[str, bytes] = {
    "plain": RAW,
    "in capitals": "ZQ7 WÖRTER & ‎كلمات".encode().replace("Ö".encode(), "ö".encode()),
    "for an address": quote(WORDS.value, safe="").encode(),
    "for an address, small": quote(WORDS.value, safe="").lower().encode(),
    "as a form field": quote_plus(WORDS.value).encode(),
    "every byte with a percent sign": "".join(f"%{b:02X}" for b in RAW).encode(),
    "JSON": json.dumps({"answer": WORDS.value}).encode(),
    "JSON in JSON": json.dumps(json.dumps({"answer": "zq7 plain"})).encode(),
    "base64": base64.b64encode(RAW),
    "base64 after one byte": base64.b64encode(b"x" + RAW + b"tail"),
    "base64 after two bytes": base64.b64encode(b"xy" + RAW),
    "base64 after three bytes": base64.b64encode(b"xyz" + RAW + b"t"),
    "base64 for addresses": base64.urlsafe_b64encode(b"x" + RAW),
    "base32": base64.b32encode(RAW),
    "hex": RAW.hex().encode(),
    "HEX": RAW.hex().upper().encode(),
    "hex with colons": RAW.hex(":").encode(),
    "UTF-16": WORDS.value.encode("utf-16"),
    "UTF-16, big end first": WORDS.value.encode("utf-16-be"),
    "UTF-32": WORDS.value.encode("utf-32"),
    "backwards": WORDS.value[::-1].encode(),
    "gzip": gzip.compress(b"before " + RAW),
    "gzip after other bytes": b"a page of zeros" + gzip.compress(RAW),
    "gzip of base64": gzip.compress(base64.b64encode(RAW)),
    "gzip of gzip": gzip.compress(gzip.compress(RAW)),
    "gzip in base64": base64.b64encode(gzip.compress(RAW)),
    "zlib": zlib.compress(RAW),
    "brotli": brotli.compress(RAW),  # type: ignore[no-untyped-call]
    "md5": hashlib.md5(RAW, usedforsecurity=False).hexdigest().encode(),
    "sha256 of an address": hashlib.sha256(b"127.0.7.19").hexdigest().encode(),
    "sha256 of an address, bytes": hashlib.sha256(b"127.0.7.19").digest(),
    "sha256 of an address, base64": base64.b64encode(hashlib.sha256(b"127.0.7.19").digest()),
    "address": b"client 127.0.7.19 port 4",
    "address in IPv6": b"::ffff:127.0.7.19",
    "address as a number": b"2130708243",
    "address with dashes": b"127-0-7-19",
    "address in hex": b"7f000713",
}


def in_a_log(folder: Path, data: bytes) -> None:
    (folder / "logs").mkdir()
    with (folder / "logs" / "heard.log").open("ab") as log:
        log.write(b"INFO ready\nWARNING sent: " + data + b"\nINFO stopped\n")


def in_the_captured_output(folder: Path, data: bytes) -> None:
    (folder / "output.txt").write_bytes(b"Open http://127.0.0.1:8000\n" + data)


def in_a_deep_folder(folder: Path, data: bytes) -> None:
    deep = folder / "tmp" / "a" / ".hidden"
    deep.mkdir(parents=True)
    (deep / "upload").write_bytes(data)


def database(folder: Path, *pragmas: str) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "heard.sqlite3", isolation_level=None)
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute("CREATE TABLE kept (id BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
    return connection


def in_a_row(folder: Path, data: bytes) -> None:
    connection = database(folder)
    connection.execute("INSERT INTO kept VALUES (?, ?)", (b"1", os.urandom(300) + data))
    connection.close()


def in_a_long_row_cut_by_pages(folder: Path, data: bytes) -> None:
    """The value is whole in no place of the file: one half is at the end of a page."""
    connection = database(folder, "page_size=512")
    for before in range(300, 1500, 4):
        connection.execute("DELETE FROM kept")
        connection.execute("VACUUM")
        value = bytes(before) + data + bytes(600)
        connection.execute("INSERT INTO kept VALUES (?, ?)", (b"long", value))
        if data not in (folder / "heard.sqlite3").read_bytes():
            break
    else:
        raise AssertionError("never cut")
    connection.close()


def in_a_deleted_row(folder: Path, data: bytes) -> None:
    connection = database(folder, "secure_delete=OFF")
    connection.execute("INSERT INTO kept VALUES (?, ?)", (b"1", b"before" + data))
    connection.execute("DELETE FROM kept")
    connection.close()


def in_the_write_ahead_log(folder: Path, data: bytes) -> None:
    """Of a process that was killed before it copied its log into the database."""
    script = (
        "import os, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA journal_mode=WAL').fetchall()\n"
        "c.execute('CREATE TABLE kept (value BLOB)')\n"
        "c.execute('INSERT INTO kept VALUES (?)', (bytes.fromhex(sys.argv[2]),))\n"
        "c.execute('DELETE FROM kept')\n"
        "os._exit(0)\n"
    )
    command = [sys.executable, "-c", script, str(folder / "heard.sqlite3"), data.hex()]
    subprocess.run(command, check=True)
    assert (folder / "heard.sqlite3-wal").stat().st_size


def in_the_name_of_a_table(folder: Path, data: bytes) -> None:
    connection = database(folder)
    connection.execute(f'CREATE TABLE "of {data.decode("latin-1")}" (a)'.replace("\x00", ""))
    connection.close()


PLACES: tuple[Callable[[Path, bytes], None], ...] = (
    in_a_log,
    in_the_captured_output,
    in_a_deep_folder,
    in_a_row,
    in_a_long_row_cut_by_pages,
    in_a_deleted_row,
    in_the_write_ahead_log,
)


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS)
def test_a_value_is_found_in_each_form(tmp_path: Path, data: bytes) -> None:
    in_a_log(tmp_path, data)

    values = (*VALUES, Marked("a short one", "zq7 plain"))
    assert {found.place.split(",")[0] for found in search(tmp_path, values)} == {"logs/heard.log"}


@pytest.mark.parametrize("plant", PLACES, ids=lambda place: place.__name__)
@pytest.mark.parametrize("form", ["plain", "base64 after one byte", "gzip", "HEX"])
def test_a_value_is_found_in_each_place(
    tmp_path: Path, plant: Callable[[Path, bytes], None], form: str
) -> None:
    plant(tmp_path, FORMS[form])

    assert {found.name for found in search(tmp_path, VALUES)} == {WORDS.name}


def test_a_value_is_found_in_a_schema(tmp_path: Path) -> None:
    in_the_name_of_a_table(tmp_path, b"127.0.7.19")

    assert {found.name for found in search(tmp_path, VALUES)} == {ADDRESS.name}


@pytest.mark.parametrize("name", ["127.0.7.19.txt", "log-7f000713", "MTI3LjAuNy4xOQ"])
def test_a_value_is_found_in_the_name_of_a_file_or_a_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()

    assert {found.name for found in search(tmp_path, VALUES)} == {ADDRESS.name}


@pytest.mark.parametrize("where", ["environment", "arguments", "a deleted file"])
def test_a_value_is_found_in_a_running_process(tmp_path: Path, where: str) -> None:
    script = (
        "import os, sys, tempfile\n"
        "f = tempfile.TemporaryFile()\n"
        "f.write(sys.stdin.buffer.readline()); f.flush()\n"
        "print('ready', flush=True); sys.stdin.read()\n"
    )
    value = ADDRESS.value
    process = subprocess.Popen(
        [sys.executable, "-c", script, value if where == "arguments" else ""],
        env={**os.environ, "NOTE": value if where == "environment" else ""},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(value.encode() + b"\n" if where == "a deleted file" else b"\n")
    process.stdin.flush()
    process.stdout.readline()

    found = search(tmp_path, VALUES, [process.pid])

    process.communicate()
    assert {one.name for one in found} == {ADDRESS.name}


def test_a_key_is_found_as_bytes_and_as_the_cookie_that_carries_it(tmp_path: Path) -> None:
    key = os.urandom(32)
    cookie = base64.urlsafe_b64encode(key).rstrip(b"=")
    (tmp_path / "raw").write_bytes(b"..." + key + b"...")
    (tmp_path / "cookie").write_bytes(b"q=" + cookie + b"; Path=/")

    found = search(tmp_path, [MarkedBytes("key", key)])

    assert {one.place for one in found} == {"raw", "cookie"}


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    for plant in PLACES:
        place = tmp_path / plant.__name__
        place.mkdir()
        plant(place, b"zq8 words, 127.0.7.18, " + gzip.compress(os.urandom(200)))
    (tmp_path / "noise").write_bytes(os.urandom(500_000))

    assert search(tmp_path, VALUES, [os.getpid()]) == []
