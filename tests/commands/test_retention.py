"""The day on which answers are deleted: what is told before, what stays after (R97)."""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app import create_app
from app.commands.clock import Watch
from app.commands.database import sweep_on
from app.commands.retention import delete_what_is_due
from app.consultation import definition_from_json
from app.research import open_bundle
from app.sealing import kept_signing_key
from app.storage import Storage, StoredDefinition, StoredResponse, open_storage, upgrade
from config import Config, read_config
from tests.definitions import SMALLEST, load
from tests.storage.conftest import bytes_in
from tests.storage.test_files import MARK, marked

from .test_bundles import ROOT, heard
from .test_checking import heard as heard_with
from .test_checking import ready_surveys

pytestmark = pytest.mark.requirement("R97")

TODAY = dt.datetime.now(dt.UTC).date()
NAME = "small"


def in_days(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def urls(folder: Path) -> tuple[str, str]:
    first, second = (folder / "instance" / name for name in ("heard.sqlite3", "d.sqlite3"))
    return f"sqlite:///{first}", f"sqlite:///{second}"


def started(folder: Path, day: dt.date, version: int = 1, more: str = "") -> Storage:
    """An instance with a consultation whose answers are deleted by a day."""
    upgrade(*urls(folder))
    storage = open_storage(*urls(folder))
    text = SMALLEST.replace("version: 1", f"version: {version}")
    for name in ("2099-01-01", "2099-02-01", "2099-03-01"):
        text = text.replace(name, day.isoformat())
    definition = load(text + more)
    stored = StoredDefinition(definition.digest, NAME, version, definition.canonical_json())
    storage.publish(stored, ["key"], {"bc2df3": None})
    return storage


def send(storage: Storage, count: int) -> None:
    for _ in range(count):
        response = StoredResponse(os.urandom(16), marked(5335), os.urandom(32))
        storage.keep_response(NAME, response)


def config_of(folder: Path) -> Config:
    return read_config({}, instance=folder / "instance")


def record_of(folder: Path) -> dict[str, Any]:
    heard(folder, "deletions", NAME, "-o", folder / "record.json")
    found: dict[str, Any] = json.loads((folder / "record.json").read_text())
    return found


class TestTheDay:
    @pytest.mark.parametrize(("days", "left"), [(1, 12), (0, 0), (-3, 0)])
    def test_they_are_there_until_it_comes_and_gone_from_then_on(
        self, tmp_path: Path, days: int, left: int
    ) -> None:
        storage = started(tmp_path, in_days(days))
        send(storage, 12)

        done = heard(tmp_path, "sweep")

        assert done.exit_code == 0, done.output
        assert storage.count(NAME) == left
        assert (f"The answers of {NAME} are deleted" in done.output) == (left == 0)
        assert (MARK in bytes_in(tmp_path / "instance")) == (left > 0)

    @pytest.mark.parametrize(("jump", "left"), [(0, 0), (1800, 0), (86400, 12), (-86400, 12)])
    def test_a_clock_that_was_set_meanwhile_deletes_nothing(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], jump: int, left: int
    ) -> None:
        """Whoever starts the server again, or sweeps by hand, has looked at the clock."""
        storage, wall, waits = (
            started(tmp_path, in_days(0)),
            [1_000_000.0],
            iter([False, False, True]),
        )
        send(storage, 12)
        watch = Watch(lambda: wall[0], lambda: 0.0)
        wall[0] += jump

        sweep_on(storage, config_of(tmp_path), 300, lambda _seconds: next(waits), watch)

        assert storage.count(NAME) == left
        assert capsys.readouterr().err.count("The clock of this machine") == (left > 0)

    def test_a_watch_goes_as_this_machine_does(self) -> None:
        assert not Watch().has_jumped()

    def test_every_day_of_a_month_by_a_clock_of_its_own(self, tmp_path: Path) -> None:
        storage = started(tmp_path, in_days(20))
        send(storage, 3)
        config = config_of(tmp_path)

        done = {day: delete_what_is_due(storage, config, in_days(day)) for day in range(30)}

        assert [day for day, names in done.items() if names] == [20]
        assert done[20] == [NAME]

    def test_the_earliest_promise_holds_for_all(self, tmp_path: Path) -> None:
        started(tmp_path, in_days(-1))
        storage = started(tmp_path, in_days(90), version=2)
        send(storage, 2)

        heard(tmp_path, "sweep")

        assert storage.count(NAME) == 0

    def test_an_example_has_no_days(self, tmp_path: Path) -> None:
        storage = started(tmp_path, in_days(-400), more="demo: true\n")
        send(storage, 2)

        heard(tmp_path, "sweep")

        assert storage.count(NAME) == 2


class TestTheRecord:
    def test_it_says_how_many_and_is_signed(self, tmp_path: Path) -> None:
        storage = started(tmp_path, in_days(-2))
        send(storage, 12)
        storage.kept_drafts.write(b"k" * 32, NAME, b"locked")
        heard(tmp_path, "export", NAME, "-o", tmp_path / "a.heard", "--purpose", "first look")
        heard(tmp_path, "sweep")

        statement = record_of(tmp_path)["statement"]

        assert statement == {
            "kind": "heard deletion record",
            "format": 1,
            "consultation": NAME,
            "versions": [1],
            "responses": 12,
            "kept_drafts": 1,
            "promised": in_days(-2).isoformat(),
            "deleted": TODAY.isoformat(),
            "bundles": [
                {"bundle": "a.heard", "purpose": "first look", "responses": "10 to 19"},
            ],
        }

    def test_anybody_can_check_it_with_the_fingerprint(self, tmp_path: Path) -> None:
        started(tmp_path, in_days(-2))
        heard(tmp_path, "sweep")
        record_of(tmp_path)
        key = kept_signing_key(tmp_path / "instance" / "signing-key")

        checked = heard(tmp_path / "elsewhere", "verify", tmp_path / "record.json")
        as_json = heard(tmp_path, "verify", tmp_path / "record.json", "--json")

        assert checked.exit_code == 0, checked.output
        assert "nothing in it was changed" in checked.output
        assert key.fingerprint in checked.output
        assert json.loads(as_json.output)["signed_by"] == key.fingerprint

    def test_a_changed_one_is_found_out(self, tmp_path: Path) -> None:
        storage = started(tmp_path, in_days(-2))
        send(storage, 12)
        heard(tmp_path, "sweep")
        record_of(tmp_path)
        path = tmp_path / "record.json"
        path.write_text(path.read_text().replace('"responses": 12', '"responses": 11'))

        checked = heard(tmp_path, "verify", path)

        assert checked.exit_code == 1
        assert "changed after it was signed" in checked.output

    def test_one_that_was_changed_in_the_database_is_told(self, tmp_path: Path) -> None:
        storage = started(tmp_path, in_days(-2))
        send(storage, 12)
        heard(tmp_path, "sweep")
        database = sqlite3.connect(tmp_path / "instance" / "heard.sqlite3")
        change = "UPDATE deletion SET document = replace(document, ': 12', ': 11')"
        with database:
            assert database.execute(change).rowcount == 1
        database.close()

        listed = heard(tmp_path, "deletions")

        assert listed.exit_code == 1
        assert "was changed in the database: do not rely on it" in listed.output
        assert heard(tmp_path, "status").exit_code == 0

    def test_it_is_made_once_and_again_for_what_a_backup_brings_back(self, tmp_path: Path) -> None:
        storage = started(tmp_path, in_days(-2))
        send(storage, 5)
        heard(tmp_path, "sweep")
        assert "deleted" not in heard(tmp_path, "sweep").output
        assert len(storage.retention.deletions(NAME)) == 1
        send(storage, 1)

        assert "are deleted" in heard(tmp_path, "sweep").output

        assert len(storage.retention.deletions(NAME)) == 2
        assert storage.count(NAME) == 0

    def test_a_file_is_never_overwritten(self, tmp_path: Path) -> None:
        started(tmp_path, in_days(-2))
        heard(tmp_path, "sweep")
        (tmp_path / "taken").write_text("mine")

        done = heard(tmp_path, "deletions", NAME, "-o", tmp_path / "taken")

        assert done.exit_code == 2
        assert (tmp_path / "taken").read_text() == "mine"

    def test_a_broken_key_deletes_nothing_and_says_what_to_do(self, tmp_path: Path) -> None:
        storage = started(tmp_path, in_days(-2))
        send(storage, 5)
        (tmp_path / "instance" / "signing-key").write_text("broken")

        done = heard(tmp_path, "sweep")

        assert done.exit_code == 2
        assert "is not a key for signing" in done.output
        assert storage.count(NAME) == 5


KILLED = """\
import os, sys
from app.commands import retention
sign = retention.sign_statement
def stop(*words): os._exit(9)
retention.sign_statement = stop
from app.commands import main
main(["sweep", "--instance", sys.argv[1]])
"""


def test_a_machine_that_stops_in_the_middle_loses_nothing_and_the_next_sweep_does_it(
    tmp_path: Path,
) -> None:
    storage = started(tmp_path, in_days(-2))
    send(storage, 5)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HEARD_DRAFTS_URL": urls(tmp_path)[1]}

    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "instance")], env=environment, check=False
    )

    assert killed.returncode == 9
    assert storage.count(NAME) == 5
    assert heard(tmp_path, "sweep").exit_code == 0
    assert storage.count(NAME) == 0
    assert len(storage.retention.deletions(NAME)) == 1
    assert MARK not in bytes_in(tmp_path / "instance")


class TestWhatIsToldBefore:
    @pytest.mark.parametrize(
        ("days", "said"), [(31, None), (30, "in 30 days"), (1, "in 1 day"), (0, "had to be")]
    )
    def test_status_warns(self, tmp_path: Path, days: int, said: str | None) -> None:
        started(tmp_path, in_days(days))

        shown = heard(tmp_path, "status").output
        (row,) = json.loads(heard(tmp_path, "status", "--json").output)

        assert said in shown if said else "answers" not in shown
        assert row["delete_by"] == in_days(days).isoformat()
        assert row["days_left"] == days

    def test_status_says_that_they_were_deleted(self, tmp_path: Path) -> None:
        started(tmp_path, in_days(-1))
        heard(tmp_path, "sweep")

        assert f"its answers were deleted on {TODAY}" in heard(tmp_path, "status").output


class TestExports:
    def test_each_is_listed_with_its_purpose_and_about_how_many(self, tmp_path: Path) -> None:
        storage = started(tmp_path, in_days(9))
        send(storage, 3)
        first = heard(tmp_path, "export", NAME, "-o", tmp_path / "a.heard")
        send(storage, 20)
        heard(tmp_path, "export", NAME, "-o", tmp_path / "b.heard", "--purpose", " a \n report ")

        shown = heard(tmp_path, "deletions").output

        assert "What it is for was not said" in first.output
        assert "  exported: a.heard, under 10 responses, for: not said" in shown
        assert "  exported: b.heard, 20 to 49 responses, for: a report" in shown

    def test_the_server_keeps_no_digest_of_a_bundle(self, tmp_path: Path) -> None:
        """With it, a thief would try which of the rows were there: those that came later."""
        storage = started(tmp_path, in_days(9))
        send(storage, 3)
        heard(tmp_path, "export", NAME, "-o", tmp_path / "a.heard")

        with open_bundle(tmp_path / "a.heard") as bundle:
            digest = bundle.manifest.digest.removeprefix("sha256:")
        left = bytes_in(tmp_path / "instance")
        assert digest.encode() not in left
        assert bytes.fromhex(digest) not in left

    def test_one_that_was_refused_is_not_listed_and_one_that_goes_on_is_listed_once(
        self, tmp_path: Path
    ) -> None:
        storage = started(tmp_path, in_days(9))
        (tmp_path / "taken.heard").write_text("mine")
        assert heard(tmp_path, "export", NAME, "-o", tmp_path / "taken.heard").exit_code == 2
        assert storage.retention.exported(NAME) == []
        heard(tmp_path, "export", NAME, "-o", tmp_path / "a.heard")
        (tmp_path / "a.heard").rename(tmp_path / "a.heard.part")

        assert heard(tmp_path, "export", NAME, "-o", tmp_path / "a.heard").exit_code == 0

        assert len(storage.retention.exported(NAME)) == 1

    def test_after_the_day_there_is_nothing_to_export(self, tmp_path: Path) -> None:
        started(tmp_path, in_days(-1))
        heard(tmp_path, "sweep")

        done = heard(tmp_path, "export", NAME, "-o", tmp_path / "late.heard")

        assert done.exit_code == 2
        assert f"were deleted on {TODAY}, as people were promised" in done.output
        assert not (tmp_path / "late.heard").exists()

    @pytest.mark.parametrize("typed", ["", " ", "x" * 201, "a\x1b[2Jb"])
    def test_a_purpose_that_cannot_be_kept_is_refused(self, tmp_path: Path, typed: str) -> None:
        started(tmp_path, in_days(9))

        done = heard(tmp_path, "export", NAME, "-o", tmp_path / "a.heard", "--purpose", typed)

        assert done.exit_code == 2
        assert "Say what the bundle is for" in done.output


def test_nobody_can_begin_after_it(tmp_path: Path) -> None:
    storage = started(tmp_path, in_days(-1))
    heard(tmp_path, "sweep")

    opened = storage.opened(NAME)

    assert opened is not None
    assert opened.state == "ended"
    definition = storage.definition(opened.digest)
    assert definition is not None  # the results page needs it
    assert definition_from_json(definition.document).consultation == NAME


def test_the_page_with_what_came_of_it_stays(tmp_path: Path) -> None:
    storage = started(tmp_path, in_days(-1))
    reply = {"outcomes": [{"heard": {"en": "Buses are late."}, "state": "answered"}]}
    storage.keep_reply(NAME, json.dumps(reply))
    heard(tmp_path, "sweep")

    page = create_app(config_of(tmp_path)).test_client().get("/results/bc2df3")

    assert page.status_code == 200
    assert "Buses are late." in page.text
    assert "We delete all answers by" not in page.text


class TestStarting:
    def test_the_fingerprint_is_told_while_people_compare_keys(self, tmp_path: Path) -> None:
        surveys = ready_surveys(tmp_path)

        started = heard_with(surveys, "start", "example")

        key = kept_signing_key(tmp_path / "instance" / "signing-key")
        assert "Answers are deleted on 2100-03-31." in started.output
        assert f"signed by {key.fingerprint}" in started.output
        assert key.fingerprint in heard_with(surveys, "deletions").output

    def test_a_later_day_than_people_were_promised_is_refused(self, tmp_path: Path) -> None:
        surveys = ready_surveys(tmp_path)
        heard_with(surveys, "start", "example")
        path = surveys / "example.yaml"
        for old, new in (("version: 1", "version: 2"), ("2100-03-31", "2101-01-01")):
            assert old in path.read_text()
            path.write_text(path.read_text().replace(old, new))

        refused = heard_with(surveys, "start", "example")

        assert refused.exit_code == 2
        assert "promised that answers are deleted by 2100-03-31" in refused.output
        assert json.loads(heard_with(surveys, "status", "--json").output)[0]["delete_by"] == (
            "2100-03-31"
        )
