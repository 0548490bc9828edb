"""Keys that several people hold, from the commands: sheets of words, another passphrase, other
keys for a bundle."""

from __future__ import annotations

import itertools
import os
import stat
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner, Result

from app.commands import main
from app.consultation import Definition
from app.research import write_bundle
from app.sealing import (
    KeyCost,
    public_key_from_text,
    seal,
    split_key,
    unlock_private_key,
    write_key_pair,
)
from tests.research.conftest import make_definition, make_document

PASSPHRASE = "kettle orbit violin meadow"
OTHER = "lantern pebble quartz river"


def heard(*arguments: str | Path, typed: str = "", **settings: str) -> Result:
    environment: dict[str, str | None] = {"HEARD_PASSPHRASE": None, **settings}
    return CliRunner().invoke(main, [str(part) for part in arguments], typed, environment)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_key_pair(tmp_path, "asha", PASSPHRASE, KeyCost(8, 1, 1))
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    (tmp_path / "other").write_text(OTHER + "\n")
    return tmp_path


@pytest.fixture
def definition() -> Definition:
    return make_definition([{"name": "words", "type": "text"}])


def bundle(folder: Path, definition: Definition, public: Path, count: int = 4) -> Path:
    """A bundle of responses sealed to one key."""
    key = public_key_from_text(public.read_text())
    path = folder / f"for-{public.stem}.heard"
    published = (
        definition.digest,
        definition.consultation,
        definition.version,
        definition.canonical_json(),
    )
    rows = [
        (
            os.urandom(16),
            seal(
                make_document(definition, answers={"words": f"answer {n}"}),
                definition.consultation,
                [key],
            ),
        )
        for n in range(count)
    ]
    write_bundle(path, [published], sorted(rows))
    return path


def shares_of(folder: Path, numbers: tuple[int, ...], name: str = "team") -> list[str | Path]:
    given: list[str | Path] = []
    for number in numbers:
        given += ["--share", folder / f"{name}-sheet-{number}-of-5.txt"]
    return given


@pytest.fixture
def team(folder: Path) -> Path:
    """A key of five sheets, three of which open it; it was never written whole."""
    options = ("--threshold", "3", "--shares", "5", "--format", "txt")
    made = heard("keys", "new", "--name", "team", "-o", folder, *options)
    assert made.exit_code == 0, made.output
    return folder


class TestSheets:
    def test_any_three_of_five_people_open_a_bundle(
        self, team: Path, definition: Definition
    ) -> None:
        answers = bundle(team, definition, team / "team.pub")
        for number, three in enumerate(itertools.combinations(range(1, 6), 3)):
            output = team / f"set-{number}"

            done = heard("unseal", answers, *shares_of(team, three), "-o", output)

            assert done.exit_code == 0, done.output
            assert "answer 3" in (output / "texts.csv").read_text(encoding="utf-8-sig")

    def test_two_people_do_not(self, team: Path, definition: Definition) -> None:
        answers = bundle(team, definition, team / "team.pub")
        for two in itertools.combinations(range(1, 6), 2):
            done = heard("unseal", answers, *shares_of(team, two), "-o", team / "set")

            assert done.exit_code == 2
            assert "Ask for one more" in done.stderr
            assert not (team / "set").exists()

    def test_a_wrong_word_is_named(self, team: Path) -> None:
        sheet = team / "team-sheet-2-of-5.txt"
        lines = sheet.read_text().splitlines()
        word = lines[3 + 6].split()[1]
        lines[3 + 6] = f"7 {word[:4]}x"
        sheet.write_text("\n".join(lines))

        done = heard("keys", "join", *shares_of(team, (1, 2, 3)))

        assert done.exit_code == 2
        assert f"Sheet 2, word 7: “{word[:4]}x” is not a word of the list. Is it “{word}”?" in (
            done.stderr
        )

    def test_no_file_holds_the_whole_key_and_sheets_are_their_owners_alone(
        self, team: Path
    ) -> None:
        assert not (team / "team.key").exists()
        sheets = sorted(team.glob("team-sheet-*.txt"))
        assert len(sheets) == 5
        assert {stat.S_IMODE(sheet.stat().st_mode) for sheet in sheets} == {0o600}

    def test_joining_proves_the_sheets_and_writes_nothing(self, team: Path) -> None:
        before = sorted(team.iterdir())
        fingerprint = public_key_from_text((team / "team.pub").read_text()).fingerprint

        done = heard("keys", "join", *shares_of(team, (5, 1, 4)))

        assert done.exit_code == 0, done.output
        assert fingerprint in done.output
        assert sorted(team.iterdir()) == before

    def test_words_that_are_typed_are_asked_for_again_when_one_is_wrong(self, team: Path) -> None:
        words = [
            " ".join(
                line.split()[1]
                for line in (team / f"team-sheet-{number}-of-5.txt").read_text().splitlines()
                if not line.startswith("#")
            )
            for number in (1, 2, 3)
        ]
        wrong = words[1].split()
        wrong[4] = "zzzz"
        slip = " ".join(wrong)

        done = heard("keys", "join", typed="\n".join(["3", words[0], slip, words[1], words[2]]))

        assert done.exit_code == 0, done.output
        assert "Sheet 2, word 5" in done.stderr

    def test_a_key_that_is_there_is_split_and_stays(self, folder: Path) -> None:
        private = unlock_private_key((folder / "asha.key").read_text(), PASSPHRASE)
        options = ("--threshold", "2", "--shares", "5", "--format", "txt", "-o", folder)

        done = heard(
            "keys", "split", folder / "asha.key", *options,
            "--passphrase-file", folder / "passphrase",
        )  # fmt: skip
        joined = heard("keys", "join", *shares_of(folder, (2, 4), "asha"))

        assert [done.exit_code, joined.exit_code] == [0, 0], done.output
        assert private.public_key("x").fingerprint in joined.output
        assert "still opens everything alone" in done.output
        assert private.seed.hex() not in done.output

    def test_a_sheet_to_print_holds_its_words_on_one_page(self, folder: Path) -> None:
        options = ("--threshold", "2", "--shares", "3", "-o", folder)

        done = heard("keys", "new", "--name", "Equipo Asha", *options)

        assert done.exit_code == 0, done.output
        for number in (1, 2, 3):
            pages = pypdf.PdfReader(folder / f"Equipo Asha-sheet-{number}-of-3.pdf").pages
            assert len(pages) == 1
            text = pages[0].extract_text()
            assert f"Sheet {number} of 3" in text
            assert "33" in text

    def test_nothing_is_written_over_and_nothing_half_stays(self, folder: Path) -> None:
        (folder / "team-sheet-3-of-4.txt").write_text("mine")
        options = ("--threshold", "2", "--shares", "4", "--format", "txt", "-o", folder)

        done = heard("keys", "new", "--name", "team", *options)

        assert done.exit_code == 2
        assert "exists already" in done.stderr
        assert (folder / "team-sheet-3-of-4.txt").read_text() == "mine"
        assert not (folder / "team-sheet-1-of-4.txt").exists()
        assert not (folder / "team.pub").exists()

    @pytest.mark.parametrize("options", [("--shares", "3"), ("--threshold", "2")])
    def test_half_a_wish_is_wrong_use(self, folder: Path, options: tuple[str, str]) -> None:
        assert heard("keys", "new", "-o", folder, *options).exit_code == 2

    def test_one_of_one_is_no_sharing(self, folder: Path) -> None:
        done = heard("keys", "new", "-o", folder, "--threshold", "1", "--shares", "1")

        assert done.exit_code == 2
        assert "1 of 1 is not possible" in done.stderr

    def test_a_key_and_sheets_together_are_wrong_use(
        self, team: Path, definition: Definition
    ) -> None:
        answers = bundle(team, definition, team / "team.pub")
        given = ("--key", team / "asha.key", *shares_of(team, (1, 2, 3)))

        assert heard("unseal", answers, *given, "-o", team / "set").exit_code == 2
        assert heard("unseal", answers, "-o", team / "set").exit_code == 2


class TestPassphrase:
    def test_the_new_one_opens_and_the_old_one_does_not(self, folder: Path) -> None:
        before = unlock_private_key((folder / "asha.key").read_text(), PASSPHRASE)

        done = heard(
            "keys", "change-passphrase", folder / "asha.key",
            "--passphrase-file", folder / "passphrase",
            "--new-passphrase-file", folder / "other",
        )  # fmt: skip

        assert done.exit_code == 0, done.output
        text = (folder / "asha.key").read_text()
        assert unlock_private_key(text, OTHER).seed == before.seed
        with pytest.raises(Exception, match="does not open"):
            unlock_private_key(text, PASSPHRASE)
        assert stat.S_IMODE((folder / "asha.key").stat().st_mode) == 0o600

    @pytest.mark.parametrize("typed", ["wrong wrong wrong\n", f"{PASSPHRASE}\nshort\nshort\n"])
    def test_a_slip_leaves_the_file_as_it_was(self, folder: Path, typed: str) -> None:
        before = (folder / "asha.key").read_bytes()

        done = heard("keys", "change-passphrase", folder / "asha.key", typed=typed)

        assert done.exit_code == 2
        assert (folder / "asha.key").read_bytes() == before


class TestRewrap:
    def test_the_new_key_opens_the_new_bundle_and_the_old_one_does_not(
        self, folder: Path, definition: Definition
    ) -> None:
        write_key_pair(folder, "bina", OTHER, KeyCost(8, 1, 1))
        old = bundle(folder, definition, folder / "asha.pub")
        new = folder / "new.heard"
        key = ("--key", folder / "asha.key", "--passphrase-file", folder / "passphrase")

        done = heard("rewrap", old, *key, "--to", folder / "bina.pub", "-o", new)
        whole = heard("verify", new)
        opened = heard(
            "unseal", new, "--key", folder / "bina.key",
            "--passphrase-file", folder / "other", "-o", folder / "set",
        )  # fmt: skip
        shut = heard("unseal", new, *key, "-o", folder / "none")

        assert [done.exit_code, whole.exit_code, opened.exit_code] == [0, 0, 0], done.output
        assert "answer 3" in (folder / "set" / "texts.csv").read_text(encoding="utf-8-sig")
        assert shut.exit_code == 1
        assert "Left out: 4" in shut.output

    def test_what_the_key_does_not_open_goes_along_and_is_counted(
        self, folder: Path, definition: Definition
    ) -> None:
        write_key_pair(folder, "bina", OTHER, KeyCost(8, 1, 1))
        old = bundle(folder, definition, folder / "bina.pub", count=3)
        key = ("--key", folder / "asha.key", "--passphrase-file", folder / "passphrase")

        done = heard("rewrap", old, *key, "--to", folder / "asha.pub", "-o", folder / "n.heard")
        opened = heard(
            "unseal", folder / "n.heard", "--key", folder / "bina.key",
            "--passphrase-file", folder / "other", "-o", folder / "set",
        )  # fmt: skip

        assert done.exit_code == 1
        assert "did not open them: 3" in done.output
        assert opened.exit_code == 0

    def test_the_same_key_twice_is_refused_and_nothing_written(
        self, folder: Path, definition: Definition
    ) -> None:
        old = bundle(folder, definition, folder / "asha.pub")
        key = ("--key", folder / "asha.key", "--passphrase-file", folder / "passphrase")
        twice = ("--to", folder / "asha.pub", "--to", folder / "asha.pub")

        done = heard("rewrap", old, *key, *twice, "-o", folder / "new.heard")

        assert done.exit_code == 2
        assert "twice" in done.stderr
        assert not list(folder.glob("new.heard*"))


def test_a_split_key_is_never_printed(team: Path) -> None:
    key = unlock_private_key((team / "asha.key").read_text(), PASSPHRASE)
    sheets = split_key(key, 2, 2)
    for number, sheet in enumerate(sheets, 1):
        (team / f"s{number}.txt").write_text(sheet)

    done = heard("keys", "join", "--share", team / "s1.txt", "--share", team / "s2.txt")

    assert done.exit_code == 0
    assert sheets[0].split()[5] not in done.output.split()
    assert key.seed.hex() not in done.output
