from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.commands.keys import keys
from app.sealing import KeyCost, public_key_from_text, unlock_private_key, write_key_pair

PASSPHRASE = "kettle orbit violin meadow"


def run(*arguments: str | Path, typed: str = "", **environment: str) -> Result:
    settings = {"HEARD_PASSPHRASE": None, **environment}
    return CliRunner().invoke(keys, [str(part) for part in arguments], typed, settings)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return write_key_pair(tmp_path, "asha", PASSPHRASE, KeyCost(8, 1, 1))


class TestNew:
    def test_it_asks_twice_and_writes_a_pair_that_works(self, tmp_path: Path) -> None:
        """Given a slip at the first typing, then it asks again and uses what was typed twice."""
        typed = f"kettle orbit violin meadoww\n{PASSPHRASE}\n{PASSPHRASE}\n{PASSPHRASE}\n"

        result = run("new", "--name", "Asha R", "-o", tmp_path, typed=typed)

        assert result.exit_code == 0, result.output
        public = public_key_from_text((tmp_path / "Asha R.pub").read_text())
        private = unlock_private_key((tmp_path / "Asha R.key").read_text(), PASSPHRASE)
        assert private.key_id == public.key_id
        assert stat.S_IMODE((tmp_path / "Asha R.key").stat().st_mode) == 0o600
        assert public.fingerprint in result.stdout
        assert "Asha R.key" in result.stdout
        assert "Asha R.pub" in result.stdout
        assert PASSPHRASE not in result.output
        assert private.seed.hex() not in result.output

    def test_nothing_is_asked_when_a_file_is_there_already(
        self, tmp_path: Path, pair: tuple[Path, Path]
    ) -> None:
        before = [path.read_bytes() for path in pair]

        result = run("new", "--name", "asha", "-o", tmp_path)

        assert result.exit_code == 2
        assert "asha.key exists already" in result.stderr
        assert "Passphrase" not in result.stderr
        assert [path.read_bytes() for path in pair] == before

    @pytest.mark.parametrize("weak", ["short one", "aaaaaaaaaaaaaaaa", "ababababababab"])
    def test_a_passphrase_that_is_easily_guessed_is_refused(
        self, tmp_path: Path, weak: str
    ) -> None:
        result = run("new", "-o", tmp_path, HEARD_PASSPHRASE=weak)

        assert result.exit_code == 2
        assert "at least 12 characters" in result.stderr
        assert weak not in result.output
        assert list(tmp_path.iterdir()) == []

    def test_without_a_passphrase_it_says_how_to_give_one(self, tmp_path: Path) -> None:
        result = run("new", "-o", tmp_path)

        assert result.exit_code == 2
        assert "--passphrase-file" in result.stderr
        assert list(tmp_path.iterdir()) == []

    def test_a_name_that_leads_elsewhere_is_refused(self, tmp_path: Path) -> None:
        result = run("new", "--name", "../asha", "-o", tmp_path)

        assert result.exit_code == 2
        assert "../asha" in result.stderr

    def test_a_folder_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        result = run("new", "-o", tmp_path / "nowhere")

        assert result.exit_code == 2
        assert "nowhere" in result.stderr


class TestShow:
    @pytest.mark.parametrize("kind", ["private", "public"])
    def test_either_file_shows_name_and_fingerprint(
        self, pair: tuple[Path, Path], kind: str
    ) -> None:
        key = public_key_from_text(pair[1].read_text())

        result = run("show", pair[kind == "public"])
        as_json = run("show", pair[kind == "public"], "--json")

        assert result.exit_code == as_json.exit_code == 0
        assert "asha" in result.stdout
        assert key.fingerprint in result.stdout
        assert json.loads(as_json.stdout) == {
            "kind": kind,
            "name": "asha",
            "fingerprint": key.fingerprint,
        }

    def test_a_file_that_is_no_key_is_refused(self, tmp_path: Path) -> None:
        other = tmp_path / "notes.pub"
        other.write_text("dear diary")

        for path in (other, tmp_path / "missing.pub"):
            result = run("show", path)
            assert result.exit_code == 2
            assert result.stdout == ""
            assert result.stderr.startswith("Error: ")
