from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from app.commands.passphrase import passphrase_file_option, read_passphrase, refuse_weak
from app.commands.refusal import Refusal


@click.command()
@passphrase_file_option
@click.option("--twice", is_flag=True)
def ask(passphrase_file: Path | None, twice: bool) -> None:
    click.echo(f"<{read_passphrase(passphrase_file, twice=twice)}>")


def run(*arguments: str | Path, typed: str = "", environment: str | None = None) -> Result:
    settings = {"HEARD_PASSPHRASE": environment}
    return CliRunner().invoke(ask, [str(part) for part in arguments], typed, settings)


@pytest.mark.parametrize(
    ("content", "passphrase"),
    [
        (b"correct horse\n", "correct horse"),
        (b"correct horse", "correct horse"),
        (b"correct horse\r\n", "correct horse"),
        (b"\xef\xbb\xbfcorrect horse\n", "correct horse"),
        (b"  spaces are kept  \n", "  spaces are kept  "),
        ("clé नमस्ते\n".encode(), "clé नमस्ते"),
    ],
)
def test_a_file_gives_its_one_line(tmp_path: Path, content: bytes, passphrase: str) -> None:
    file = tmp_path / "passphrase"
    file.write_bytes(content)

    assert run("--passphrase-file", file).stdout == f"<{passphrase}>\n"


@pytest.mark.parametrize("content", [b"", b"\n", b"one\ntwo\n", b"\xff\xfe", b"a" * 4097])
def test_a_file_that_holds_anything_else_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "passphrase"
    file.write_bytes(content)

    result = run("--passphrase-file", file)

    assert result.exit_code == 2
    assert "on one line" in result.stderr


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    result = run("--passphrase-file", tmp_path / "missing")

    assert result.exit_code == 2
    assert "missing" in result.stderr


def test_the_file_comes_before_the_environment_and_that_before_the_keyboard(
    tmp_path: Path,
) -> None:
    file = tmp_path / "passphrase"
    file.write_text("from the file")

    assert "from the file" in run("--passphrase-file", file, environment="from outside").stdout
    assert "from outside" in run(environment="from outside", typed="typed\n").stdout
    assert "<typed>" in run(typed="typed\n").stdout


def test_what_is_typed_is_not_shown_and_the_question_is_no_output() -> None:
    result = run(typed="typed\n")

    assert result.stdout == "<typed>\n"
    assert "typed" not in result.stderr


def test_twice_means_until_both_are_the_same() -> None:
    assert run("--twice", typed="one\ntwo\nthree\nthree\n").stdout == "<three>\n"


def test_the_end_of_the_input_is_a_refusal_that_says_what_to_do() -> None:
    result = run(typed="")

    assert result.exit_code == 2
    assert "HEARD_PASSPHRASE" in result.stderr


@pytest.mark.parametrize(
    "weak", ["", "a", "elevenchars", "aaaaaaaaaaaaaaaaaaaaaaaa", "abcabcabcabcabc"]
)
def test_weak_ones_are_refused(weak: str) -> None:
    with pytest.raises(Refusal):
        refuse_weak(weak)


@pytest.mark.parametrize(
    "strong", ["twelve chars", "kettle orbit violin meadow", "पानी किताब चाँद सड़क"]
)
def test_others_are_taken(strong: str) -> None:
    refuse_weak(strong)
