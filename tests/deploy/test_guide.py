"""Every command, file and target in docs/deploy.md exists."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator

import click
import pytest

from app.commands import main
from tests.server import ROOT

GUIDE = ROOT / "docs" / "deploy.md"
TEXT = GUIDE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def lines() -> Iterator[str]:
    """Each line of each block, those of two lines as one."""
    for block in BLOCKS:
        yield from block.replace("\\\n", " ").splitlines()


def commands_of_heard() -> list[str]:
    """What the guide and the units tell Heard to do."""
    units = (ROOT / "deploy").glob("*.service")
    started = [
        found
        for unit in units
        for found in re.findall(
            r"^Exec\w+=/opt/heard/\.venv/bin/(heard .+)$",
            unit.read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    ]
    spoken = re.findall(r"`(heard [^`]+)`", TEXT)
    return sorted({*(line for line in lines() if line.startswith("heard ")), *started, *spoken})


@pytest.mark.parametrize("line", commands_of_heard())
def test_each_command_of_heard_is_one(line: str) -> None:
    command: click.Command = main
    words = shlex.split(line)[1:]
    with click.Context(main) as context:
        while isinstance(command, click.Group):
            found = command.get_command(context, words.pop(0))
            assert found, line
            command = found
    known = {name for option in command.params for name in option.opts}
    assert {word for word in words if word.startswith("-")} <= known, line


def test_each_file_that_is_copied_or_linked_is_there() -> None:
    named = set(re.findall(r"/opt/heard/((?!\.venv)[\w./-]+)", TEXT))
    named |= {f"docs/{link}" for link in re.findall(r"\]\(([^)#:]+)\)", TEXT)}

    assert len(named) > 8
    for name in named:
        assert (ROOT / name).exists(), name
    for path in (ROOT / "deploy").iterdir():
        assert path.name in TEXT, f"{path.name} is not in the guide"


def test_each_target_of_make_is_one() -> None:
    targets = [shlex.split(line)[3] for line in lines() if line.startswith("make ")]

    assert targets
    for target in targets:
        subprocess.run(["make", "-n", target], cwd=ROOT, check=True, capture_output=True)
