"""`heard export`, `verify` and `unseal`, from a real instance to a table."""

from __future__ import annotations

import csv
import json
import os
import pty
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.commands import main
from app.consultation import Definition
from app.research import Stopped, open_bundle, write_bundle
from app.research import unseal as unseal_bundles
from app.research.workers import FEWEST
from app.sealing import (
    KeyCost,
    PublicKey,
    public_key_from_text,
    seal,
    unlock_private_key,
    write_key_pair,
)
from app.storage import Storage, StoredDefinition, StoredResponse, open_storage, upgrade
from tests.research.conftest import make_definition, make_document

PASSPHRASE = "kettle orbit violin meadow"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A researcher's and a server's files, side by side: asha.key, asha.pub, passphrase."""
    write_key_pair(tmp_path, "asha", PASSPHRASE, KeyCost(8, 1, 1))
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    return tmp_path


@pytest.fixture
def definition() -> Definition:
    return make_definition([{"name": "words", "type": "text"}])


@pytest.fixture
def storage(folder: Path, definition: Definition) -> Storage:
    """The instance's storage, with the consultation started."""
    urls = [f"sqlite:///{folder / 'instance' / name}" for name in ("heard.sqlite3", "d.sqlite3")]
    upgrade(*urls)
    opened = open_storage(*urls)
    published = StoredDefinition(
        definition.digest, definition.consultation, definition.version, definition.canonical_json()
    )
    opened.publish(published, [(folder / "asha.pub").read_text()], {"tree": None})
    return opened


def send(storage: Storage, definition: Definition, folder: Path, words: str) -> StoredResponse:
    document = make_document(definition, answers={"words": words})
    key: PublicKey = public_key_from_text((folder / "asha.pub").read_text())
    envelope = seal(document, definition.consultation, [key])
    response = StoredResponse(os.urandom(16), envelope, os.urandom(32))
    storage.keep_response(definition.consultation, response)
    return response


def heard(folder: Path, *arguments: str | Path, typed: str = "") -> Result:
    environment = {
        "HEARD_INSTANCE": str(folder / "instance"),
        "HEARD_DRAFTS_URL": f"sqlite:///{folder / 'instance' / 'd.sqlite3'}",
        "HEARD_PASSPHRASE": None,
    }
    return CliRunner().invoke(main, [str(part) for part in arguments], typed, environment)


TOGETHER = ("--with-text", "--reason", "to see the order of the rows")


def unseal(folder: Path, *arguments: str | Path, output: str = "set") -> Result:
    fixed = ("--key", folder / "asha.key", "--passphrase-file", folder / "passphrase")
    return heard(folder, "unseal", *arguments, *fixed, "-o", folder / output)


def words_in(folder: Path) -> list[str]:
    with (folder / "texts.csv").open(encoding="utf-8-sig", newline="") as file:
        return sorted(row["text"] for row in csv.DictReader(file))


class TestTheWholeWay:
    def test_what_people_sent_is_what_the_researcher_reads(
        self, folder: Path, storage: Storage, definition: Definition
    ) -> None:
        for number in range(5):
            send(storage, definition, folder, f"answer {number}")
        bundle = folder / "answers.heard"

        exported = heard(folder, "export", "internet-safer", "-o", bundle)
        verified = heard(folder, "verify", bundle)
        opened = unseal(folder, bundle, "--format", "csv")

        assert [exported.exit_code, verified.exit_code, opened.exit_code] == [0, 0, 0]
        with open_bundle(bundle) as read:
            digest = read.manifest.digest
        assert digest in exported.output
        assert digest in verified.output
        assert words_in(folder / "set") == [f"answer {number}" for number in range(5)]
        assert PASSPHRASE not in opened.output

    def test_a_second_export_brings_what_came_since(
        self, folder: Path, storage: Storage, definition: Definition
    ) -> None:
        first = send(storage, definition, folder, "first")
        heard(folder, "export", "internet-safer", "-o", folder / "a.heard")
        send(storage, definition, folder, "second")
        storage.withdraw({"internet-safer": first.withdrawal_tag})
        heard(folder, "export", "internet-safer", "-o", folder / "b.heard")

        assert unseal(folder, folder / "b.heard", output="new").exit_code == 0
        both = unseal(folder, folder / "a.heard", folder / "b.heard", output="both")

        assert both.exit_code == 0
        assert words_in(folder / "new") == ["second"]
        assert words_in(folder / "both") == ["first", "second"]

    def test_people_go_on_sending_while_it_runs(
        self, folder: Path, storage: Storage, definition: Definition
    ) -> None:
        sent = [send(storage, definition, folder, f"answer {number}") for number in range(20)]
        code = """
import os, sys
from app.storage import StoredResponse, open_storage
storage = open_storage(sys.argv[1], sys.argv[2])
for _ in range(60):
    response = StoredResponse(os.urandom(16), b"HEARD", os.urandom(32))
    assert storage.keep_response("internet-safer", response)
"""
        urls = [f"sqlite:///{folder / 'instance' / n}" for n in ("heard.sqlite3", "d.sqlite3")]
        sender = subprocess.Popen(
            [sys.executable, "-c", code, *urls], env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        number = 0
        while sender.poll() is None or number == 0:
            number += 1
            exported = heard(folder, "export", "internet-safer", "-o", folder / f"{number}.heard")
            assert exported.exit_code == 0, exported.output
            with open_bundle(folder / f"{number}.heard") as bundle:
                assert {each.id for each in sent} <= set(bundle.ids())

        assert sender.returncode == 0
        assert storage.count("internet-safer") == 80


class TestExport:
    def test_it_prints_json_for_a_program(self, folder: Path, storage: Storage) -> None:
        result = heard(folder, "export", "internet-safer", "-o", folder / "a.heard", "--json")

        read = json.loads(result.stdout)
        assert (read["consultation"], read["count"]) == ("internet-safer", 0)
        assert read["digest"].startswith("sha256:")

    def test_an_unknown_consultation_is_refused(self, folder: Path, storage: Storage) -> None:
        result = heard(folder, "export", "nothing", "-o", folder / "a.heard")

        assert result.exit_code == 2
        assert "never started" in result.output
        assert not (folder / "a.heard").exists()

    def test_a_file_that_is_there_is_refused(self, folder: Path, storage: Storage) -> None:
        (folder / "a.heard").write_text("mine")

        result = heard(folder, "export", "internet-safer", "-o", folder / "a.heard")

        assert result.exit_code == 2
        assert "never overwritten" in result.output
        assert (folder / "a.heard").read_text() == "mine"

    def test_a_storage_that_fails_is_told(self, folder: Path, storage: Storage) -> None:
        (folder / "instance" / "heard.sqlite3").write_bytes(b"not a database" * 100)

        result = heard(folder, "export", "internet-safer", "-o", folder / "a.heard")

        assert result.exit_code == 2
        assert "HEARD_DATABASE_URL) is damaged" in result.output


class TestVerify:
    @pytest.fixture
    def bundle(self, folder: Path, storage: Storage, definition: Definition) -> Path:
        send(storage, definition, folder, "words")
        heard(folder, "export", "internet-safer", "-o", folder / "a.heard")
        return folder / "a.heard"

    def test_a_changed_byte_is_a_finding(self, folder: Path, bundle: Path) -> None:
        with open_bundle(bundle) as opened:
            _, envelope = next(opened.rows())
        content = bytearray(bundle.read_bytes())
        content[content.index(envelope) + 3000] ^= 1
        bundle.write_bytes(content)

        result = heard(folder, "verify", bundle)
        as_json = heard(folder, "verify", bundle, "--json")

        assert result.exit_code == as_json.exit_code == 1
        assert "something in the file was changed" in result.output
        assert len(json.loads(as_json.stdout)["findings"]) == 1

    @pytest.mark.parametrize("content", [None, b"", b"hello" * 1000])
    def test_what_is_no_bundle_is_a_finding(self, folder: Path, content: bytes | None) -> None:
        if content is not None:
            (folder / "a.heard").write_bytes(content)

        result = heard(folder, "verify", folder / "a.heard")

        assert result.exit_code == 1
        assert "a.heard" in result.output
        assert "Traceback" not in result.output


class TestUnseal:
    @pytest.fixture
    def bundle(self, folder: Path, storage: Storage, definition: Definition) -> Path:
        send(storage, definition, folder, "words")
        heard(folder, "export", "internet-safer", "-o", folder / "a.heard")
        return folder / "a.heard"

    def test_what_does_not_open_is_a_finding(
        self, folder: Path, bundle: Path, storage: Storage
    ) -> None:
        strange = StoredResponse(os.urandom(16), b"HEARD", os.urandom(32))
        storage.keep_response("internet-safer", strange)
        heard(folder, "export", "internet-safer", "-o", folder / "b.heard")

        result = unseal(folder, folder / "b.heard")
        as_json = unseal(folder, folder / "b.heard", "--json", output="again")

        assert result.exit_code == as_json.exit_code == 1
        assert "Left out: 1 (does not open with this key)" in result.output
        assert json.loads(as_json.stdout)["rows"] == 1
        assert words_in(folder / "set") == ["words"]

    def test_the_passphrase_is_asked_for(self, folder: Path, bundle: Path) -> None:
        arguments = ("unseal", bundle, "--key", folder / "asha.key", "-o", folder / "set")

        assert heard(folder, *arguments, typed=PASSPHRASE + "\n").exit_code == 0

    def test_a_wrong_passphrase_is_refused_and_makes_nothing(
        self, folder: Path, bundle: Path
    ) -> None:
        (folder / "passphrase").write_text("not this one at all\n")

        result = unseal(folder, bundle)

        assert result.exit_code == 2
        assert not (folder / "set").exists()

    def test_a_full_folder_is_refused(self, folder: Path, bundle: Path) -> None:
        result = unseal(folder, bundle, output=".")

        assert result.exit_code == 2
        assert "not empty" in result.output

    def test_a_key_that_is_not_there_says_what_to_name(self, folder: Path, bundle: Path) -> None:
        result = heard(folder, "unseal", bundle, "--key", folder / "nokey", "-o", folder / "set")

        assert result.exit_code == 2
        assert "nokey" in result.output
        assert "the .key file that heard keys new wrote" in result.output

    def test_of_so_few_it_warns_and_goes_on(
        self, folder: Path, bundle: Path, storage: Storage, definition: Definition
    ) -> None:
        for number in range(4):
            result = unseal(folder, bundle, output=f"set-{number}")
            counted = "1 response of" if number == 0 else f"{number + 1} responses of"
            assert result.exit_code == 0
            assert counted in result.stdout
            assert "fewer than 5 people tells about each of them" in result.stderr
            send(storage, definition, folder, "words")
            bundle = folder / f"{number}.heard"
            heard(folder, "export", "internet-safer", "-o", bundle)

        assert unseal(folder, bundle).stderr == ""

    def test_a_public_key_or_no_bundle_is_refused(self, folder: Path, bundle: Path) -> None:
        public = heard(folder, "unseal", bundle, "--key", folder / "asha.pub", "-o", folder / "s",
                       "--passphrase-file", folder / "passphrase")  # fmt: skip

        assert public.exit_code == 2
        assert unseal(folder, folder / "asha.pub").exit_code == 2
        assert unseal(folder, folder / "nothing.heard").exit_code == 2


@pytest.fixture
def many(folder: Path, definition: Definition) -> Path:
    """So many responses that several processes open them."""
    key = public_key_from_text((folder / "asha.pub").read_text())
    digest, name = definition.digest, definition.consultation
    document = make_document(definition, answers={"words": "unmistakable"})
    rows = ((os.urandom(16), seal(document, name, [key])) for _ in range(FEWEST + 1))
    published = (digest, name, definition.version, definition.canonical_json())
    write_bundle(folder / "many.heard", [published], rows)
    return folder / "many.heard"


def test_what_other_programs_changed_meanwhile_is_told(
    folder: Path, many: Path, definition: Definition
) -> None:
    key = unlock_private_key((folder / "asha.key").read_text(), PASSPHRASE)

    def changing(ids: Iterator[bytes], _total: int) -> Iterator[bytes]:
        yield from ids
        for scratch in folder.glob(".set-*/.rows-*"):
            content = scratch.read_bytes()
            scratch.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    with open_bundle(many) as bundle, pytest.raises(Stopped, match="changed by something else"):
        unseal_bundles([bundle], key, folder / "set", changing)

    assert not list(folder.glob("*set*"))


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        pytest.param(".set-*", signal.SIGINT, marks=pytest.mark.thorough),
        (".set-*/.rows-*", signal.SIGINT),
        pytest.param(".set-*/.rows-*", signal.SIGTERM, marks=pytest.mark.thorough),
        (".set-*/responses.csv", signal.SIGHUP),
        pytest.param(".set-*/texts.csv", signal.SIGINT, marks=pytest.mark.thorough),
    ],
)
def test_whenever_it_is_stopped_nothing_stays(
    folder: Path, many: Path, shown: str, number: signal.Signals
) -> None:
    """To the whole group, as a terminal sends it, and twice."""
    fixed = ("--key", folder / "asha.key", "--passphrase-file", folder / "passphrase")
    arguments = ("unseal", many, *fixed, "-o", folder / "set")
    command = [sys.executable, "-m", "app.commands", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, text=True, process_group=0
    ) as started:
        while not list(folder.glob(shown)):
            assert started.poll() is None
            time.sleep(0.001)
        os.killpg(started.pid, number)
        os.killpg(started.pid, number)
        _, told = started.communicate()

    assert started.returncode == 128 + number
    assert told == "Stopped. What was half made is deleted.\n"
    assert not list(folder.glob("*set*"))


BAR = """
import time
from app.commands.progress import with_progress
for _ in with_progress(range({number}), {number}, "Opening"):
    time.sleep(0.05)
"""


class TestProgress:
    def shown(self, number: int) -> bytes:
        """What a terminal shows while so many steps of 50 ms are made."""
        ours, theirs = pty.openpty()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
        with subprocess.Popen(
            [sys.executable, "-c", BAR.format(number=number)],
            stdout=theirs,
            stderr=theirs,
            env=environment,
        ):
            os.close(theirs)
            output = b""
            while True:
                try:
                    output += os.read(ours, 4096)
                except OSError:  # the other end is closed
                    break
        os.close(ours)
        return output

    def test_a_terminal_shows_what_takes_longer_than_a_second(self) -> None:
        assert b"30/30" in self.shown(30)

    def test_what_is_quick_shows_nothing(self) -> None:
        assert b"Opening" not in self.shown(2)

    def test_a_file_or_another_program_gets_no_bar(self) -> None:
        code = BAR.format(number=25)
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        output = subprocess.check_output(
            [sys.executable, "-c", code], stderr=subprocess.STDOUT, env=environment
        )

        assert output == b""


def test_what_was_taken_back_is_said(
    folder: Path, storage: Storage, definition: Definition
) -> None:
    send(storage, definition, folder, "kept")
    gone = send(storage, definition, folder, "gone")
    heard(folder, "export", "internet-safer", "-o", folder / "a.heard")
    assert storage.withdraw({"internet-safer": gone.withdrawal_tag})
    heard(folder, "export", "internet-safer", "-o", folder / "b.heard")

    new = unseal(folder, folder / "b.heard", "--earlier", folder / "a.heard")
    both = unseal(folder, folder / "a.heard", folder / "b.heard", output="both")

    assert f"Taken back since {folder / 'a.heard'}: 1." in new.output
    assert words_in(folder / "set") == ["kept"]
    assert f"Only in {folder / 'a.heard'}, not in {folder / 'b.heard'}: 1." in both.output
    refused = unseal(
        folder, folder / "b.heard", folder / "a.heard", "--earlier", folder / "a.heard",
        output="more",
    )  # fmt: skip
    assert refused.exit_code == 2


@pytest.mark.parametrize(("file", "column"), [("responses.csv", "words"), ("texts.csv", "text")])
def test_the_order_of_arrival_is_not_in_the_files(
    folder: Path, storage: Storage, definition: Definition, file: str, column: str
) -> None:
    said = [f"{number:03}" for number in range(60)]
    random.shuffle(said)
    for words in said:
        send(storage, definition, folder, words)
    heard(folder, "export", "internet-safer", "-o", folder / "a.heard")
    unseal(folder, folder / "a.heard", *TOGETHER)

    with (folder / "set" / file).open(encoding="utf-8-sig", newline="") as opened:
        order = [row[column] for row in csv.DictReader(opened)]

    assert sorted(order) == sorted(said)
    assert order != said
