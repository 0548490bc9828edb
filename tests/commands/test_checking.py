"""`heard check`, and the gate of `heard start`."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.commands import main
from app.commands.opening import start
from app.commands.surroundings import look_around
from app.consultation.checker import RULES
from app.sealing import KeyCost, write_key_pair
from tests.complete import COMPLETE, with_blocks
from tests.consultation.checker.test_rules import HERE, read_page

ROOT = Path(__file__).parents[2]
TODAY = dt.datetime.now(dt.UTC).date()
OPEN = COMPLETE.replace("2027-", "2099-").replace("2028-", "2100-")
"""The complete consultation, which closes long after this test runs."""

LINES = f"""\
country: GB
services:
  - name: A line
    kind: general
    for: [anyone]
    phones: ["0800 1111"]
    hours: always
    languages: [en]
    cost: free
    anonymous: "yes"
    source: Its own website
    seen: {TODAY}
    checked: {{by: A. Rivera, date: {TODAY}}}
"""
GLOBAL = f"""\
services:
  - name: A directory
    kind: general
    for: [anyone]
    url: https://directory.example.net
    source: Its own website
    seen: {TODAY}
"""


@pytest.fixture
def surveys(tmp_path: Path) -> Path:
    """A folder with one consultation that may open, and the researchers' key."""
    return ready_surveys(tmp_path)


def ready_surveys(place: Path) -> Path:
    """Make such a folder inside `place`."""
    folder = place / "surveys"
    (folder / "support").mkdir(parents=True)
    (folder / "example.yaml").write_text(OPEN.replace("example-easy", "example"))
    (folder / "support" / "gb.yaml").write_text(LINES)
    (folder / "support" / "global.yaml").write_text(GLOBAL)
    (folder / "keys").mkdir()
    write_key_pair(folder / "keys", "research-team", "kettle orbit violin", KeyCost(8, 1, 1))
    return folder


def heard(surveys: Path, *words: str | Path) -> Result:
    environment = {
        "HEARD_SURVEYS": str(surveys),
        "HEARD_INSTANCE": str(surveys.parent / "instance"),
        "HEARD_DRAFTS_URL": f"sqlite:///{surveys.parent / 'drafts.sqlite3'}",
    }
    return CliRunner().invoke(main, [str(word) for word in words], env=environment)


def spoil(surveys: Path, snippet: str) -> Path:
    path = surveys / "example.yaml"
    path.write_text(with_blocks(snippet, path.read_text()))
    return path


def test_a_clean_file_says_so(surveys: Path) -> None:
    done = heard(surveys, "check")

    assert done.exit_code == 0, done.output
    assert done.output == "1 of 1 ready.\n"


def test_a_finding_is_told_with_place_level_rule_and_page(surveys: Path) -> None:
    path = spoil(surveys, "public_name: Questions on abuse\n")
    line = path.read_text().splitlines().index("public_name: Questions on abuse") + 1

    done = heard(surveys, "check", path)

    assert done.exit_code == 1
    first, second, last = done.output.splitlines()
    assert first.startswith(f"{path}:{line}:14: gate neutral-outside: “abuse”")
    assert "docs/rules/neutral-outside.md" in second
    assert last == "0 of 1 ready: 1 at the gate."


def test_advice_alone_is_no_failure(surveys: Path) -> None:
    done = heard(surveys, "check", spoil(surveys, "easy_version: not-there\n"))

    assert done.exit_code == 0
    assert " advice easy-version: " in done.output


def test_an_error_is_a_failure(surveys: Path) -> None:
    done = heard(surveys, "check", spoil(surveys, "minutes: ten\n"))

    assert done.exit_code == 1
    assert " error value: " in done.output


def test_what_is_silenced_is_still_told(surveys: Path) -> None:
    reason = "    reason: The name of our town has this word in it, sadly.\n"
    snippet = f"public_name: Safe Harbour\nsilenced:\n  - rule: neutral-outside\n{reason}"

    done = heard(surveys, "check", spoil(surveys, snippet))

    assert done.exit_code == 0
    assert "neutral-outside" in done.output
    assert "(silenced in the file)" in done.output


def test_json_for_programs(surveys: Path) -> None:
    path = spoil(surveys, "public_name: Questions on abuse\n")

    done = heard(surveys, "check", path, "--format", "json")

    (found,) = json.loads(done.output)["findings"]
    assert done.exit_code == 1
    assert (found["file"], found["level"]) == (str(path), "gate")
    assert (found["rule"], found["column"]) == ("neutral-outside", 14)
    assert (ROOT / found["docs"]).is_file()


def test_annotations_for_github(surveys: Path) -> None:
    path = spoil(surveys, "public_name: 100% abuse\neasy_version: not-there\n")

    advice, gate = sorted(heard(surveys, "check", path, "--format", "github").output.splitlines())[
        ::-1
    ]

    assert re.match(rf"::error file={path},line=\d+,col=14,title=gate neutral-outside::“", gate)
    assert advice.startswith(f"::notice file={path},line=")
    assert "\n" not in gate


@pytest.mark.parametrize("name", ["nothing.yaml", "empty"])
def test_a_path_without_a_consultation_is_wrong_use(surveys: Path, name: str) -> None:
    (surveys / "empty").mkdir()

    done = heard(surveys, "check", surveys / name)

    assert done.exit_code == 2
    assert name in done.output


def test_files_are_named_as_one_types_them_here(
    surveys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(surveys, "minutes: ten\n")
    monkeypatch.chdir(surveys.parent)

    assert heard(surveys, "check").output.startswith("surveys/example.yaml:")


@pytest.mark.parametrize("good", [False, True])
def test_a_support_file_that_cannot_be_read(surveys: Path, good: bool) -> None:
    page = read_page("support-file")
    text = page.good if good else page.bad
    (surveys / "support" / "np.yaml").write_text(text)

    _, findings = look_around(surveys, TODAY)

    marked = [number for number, line in enumerate(text.splitlines(), 1) if HERE in line]
    assert [finding.line for finding in findings] == ([] if good else marked)
    assert {finding.rule for finding in findings} <= {"support-file"}
    assert heard(surveys, "check").exit_code == (0 if good else 1)


def test_the_directory_is_taken_as_it_stands(surveys: Path) -> None:
    """R60 to R63 look at the support directory's own words for what it does not say."""
    bare = LINES.replace("    hours: always\n    languages: [en]\n    cost: free\n", "")
    bare = bare.replace('    anonymous: "yes"\n', "").replace("for: [anyone]", "for: [children]")
    bare = re.sub(r"    checked: .*\n", "", bare)
    (surveys / "support" / "gb.yaml").write_text(bare)

    around, findings = look_around(surveys, TODAY)

    assert findings == []
    assert around.support is not None
    (listing,) = around.support["GB"].listings
    assert listing.unknown == ("hours", "languages", "cost", "if a name is asked")
    assert listing.dialled == (("0800 1111", "tel:08001111"),)
    assert listing.checked_on is None
    found = json.loads(heard(surveys, "check", "--format", "json").output)["findings"]
    assert {each["rule"] for each in found} == {
        *("support-details", "support-checked", "support-for-all")
    }


def test_start_opens_what_has_no_finding(surveys: Path) -> None:
    done = heard(surveys, "start", "example")

    assert done.exit_code == 0, done.output
    assert "example version 1 is open." in done.output


def test_start_refuses_and_names_each_finding(surveys: Path) -> None:
    spoil(surveys, "public_name: Questions on abuse\nexit_to: https://ecpat.example.net\n")

    done = heard(surveys, "start", "example")

    assert done.exit_code == 1
    assert " gate neutral-outside: " in done.output
    assert " gate neutral-exit: " in done.output
    assert "No consultation was started yet" in heard(surveys, "status").output


def test_start_has_no_way_around_the_gate() -> None:
    assert {name for each in start.params for name in each.opts} == {"consultation", "--instance"}


@pytest.mark.parametrize(("said", "status"), [("session: group\n", 1), ("", 2)])
def test_r71_start_refuses_a_group_without_limits(
    surveys: Path, said: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said by the consultation, or by a server that is for shared devices."""
    if said:
        spoil(surveys, said)
    else:
        monkeypatch.setenv("HEARD_KIOSK", "on")
    refused = heard(surveys, "start", "example")
    assert refused.exit_code == status
    assert "limits" in refused.output

    spoil(surveys, "limits: If you tell the worker that you are in danger, the worker helps.\n")
    done = heard(surveys, "start", "example")

    assert done.exit_code == 0, done.output
    assert "docs/group-sessions.md" in done.output


def test_start_refuses_an_example(surveys: Path) -> None:
    spoil(surveys, "demo: true\n")

    done = heard(surveys, "start", "example")

    assert done.exit_code == 1
    assert "demo: true" in done.output


def test_start_refuses_when_nobody_called_the_lines(surveys: Path) -> None:
    gb = surveys / "support" / "gb.yaml"
    gb.write_text(re.sub(r"    checked: .*\n", "", gb.read_text()))

    done = heard(surveys, "start", "example")

    assert done.exit_code == 1
    assert " gate support-checked: " in done.output


def test_all_samples_are_checked_in_under_two_seconds() -> None:
    """Of processor time, and without the web server, the keys or the database."""
    program = (
        "import sys, time\n"
        "from app.commands import main\n"
        "main(['check'], standalone_mode=False)\n"
        "heavy = {'flask', 'sqlalchemy', 'cryptography'} & set(sys.modules)\n"
        "print('TOOK', time.process_time(), *heavy)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("HEARD_")},
        capture_output=True,
        text=True,
        check=False,
    )

    _, took, *heavy = done.stdout.splitlines()[-1].split()
    assert heavy == []
    assert float(took) < 2, took


def test_every_finding_of_the_samples_has_a_page() -> None:
    done = CliRunner().invoke(main, ["check", str(ROOT / "surveys"), "--format", "json"])

    for found in json.loads(done.output)["findings"]:
        assert found["rule"] in RULES
        assert (ROOT / found["docs"]).is_file()
