"""Envelopes cross between this implementation and a second one, in JavaScript on other libraries.

It runs where Node is; pytest's first lines say when it is not there.
"""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.sealing import PrivateKey, SealError, open_envelope, seal

SECOND = Path(__file__).parent / "second"
CONSULTATION = "internet-safer"
DOCUMENTS = [b"", b"{}", "नमस्ते مرحبا".encode() * 20, b"x" * 4095, b"x" * 4096, b"y" * 30_000]
NODE = shutil.which("node") and shutil.which("npm")


class Second:
    """The second implementation, running."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ask(self, **wish: object) -> dict[str, str]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(wish) + "\n")
        self.process.stdin.flush()
        answer: dict[str, str] = json.loads(self.process.stdout.readline())
        return answer


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Second]:
    folder = tmp_path_factory.mktemp("second")
    for name in ("package.json", "package-lock.json", "envelope.mjs"):
        shutil.copy(SECOND / name, folder)
    done = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with subprocess.Popen(
        ["node", "envelope.mjs"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Second(process)
        process.terminate()


@pytest.fixture(scope="module")
def keys() -> list[PrivateKey]:
    return [PrivateKey.generate() for _ in range(3)]


def raw(key: PrivateKey) -> str:
    return key.public_key("researcher").raw.hex()


if NODE:

    @pytest.mark.parametrize("document", DOCUMENTS, ids=len)
    def test_what_they_seal_opens_here(
        second: Second, keys: list[PrivateKey], document: bytes
    ) -> None:
        made = second.ask(
            do="seal",
            publicKeys=[raw(key) for key in keys],
            consultation=CONSULTATION,
            document=document.hex(),
        )

        envelope = bytes.fromhex(made["done"])
        assert [open_envelope(envelope, CONSULTATION, key) for key in keys] == [document] * 3
        with pytest.raises(SealError):
            open_envelope(envelope, "another", keys[0])

    @pytest.mark.parametrize("document", DOCUMENTS, ids=len)
    def test_what_is_sealed_here_opens_there(
        second: Second, keys: list[PrivateKey], document: bytes
    ) -> None:
        envelope = seal(document, CONSULTATION, [key.public_key("r") for key in keys])
        for key in keys:
            wish = {"seed": key.seed.hex(), "publicKey": raw(key), "envelope": envelope.hex()}

            assert second.ask(do="open", consultation=CONSULTATION, **wish) == {
                "done": document.hex()
            }
            assert "refused" in second.ask(do="open", consultation="another", **wish)

    def test_neither_opens_what_was_changed(second: Second, keys: list[PrivateKey]) -> None:
        key = keys[0]
        envelope = bytearray(seal(b"{}", CONSULTATION, [key.public_key("r")]))
        for _ in range(40):
            place, other = secrets.randbelow(len(envelope)), 1 + secrets.randbelow(255)
            changed = bytes(envelope[:place]) + bytes([envelope[place] ^ other])
            changed += bytes(envelope[place + 1 :])
            wish = {"seed": key.seed.hex(), "publicKey": raw(key), "envelope": changed.hex()}

            assert "refused" in second.ask(do="open", consultation=CONSULTATION, **wish), place
            with pytest.raises(SealError):
                open_envelope(changed, CONSULTATION, key)
