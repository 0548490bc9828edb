"""A pair of key files on disk: written whole, proven, private, and never over another file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from app.sealing.envelope import open_envelope, seal
from app.sealing.errors import KeyFileError, SealError
from app.sealing.keyfiles import (
    DEFAULT_COST,
    KeyCost,
    describe_key_file,
    lock_private_key,
    public_key_from_text,
    public_key_to_text,
    unlock_private_key,
)
from app.sealing.keys import PrivateKey, check_name

LONGEST_KEY_FILE: Final = 16 * 1024  # bytes; a real one has under 3 KiB

_NOT_IN_FILE_NAMES: Final = frozenset('/\\:*?"<>|')
_OWNER_ONLY: Final = 0o600
_ANYONE_READS: Final = 0o644


def write_key_pair(
    folder: Path, name: str, passphrase: str, cost: KeyCost = DEFAULT_COST
) -> tuple[Path, Path]:
    """Make a key and write NAME.key (mode 0600) and NAME.pub into a folder that exists.

    Before the files get their names, what was written is read back and has to open a test seal.
    The strength of the passphrase is for the caller to judge.
    Returns the two paths. Raises KeyFileError, and leaves nothing behind, if a file of either
    name exists, the name cannot be used, or the disk refuses.
    """
    private_path, public_path = free_pair_paths(folder, name)
    key = PrivateKey.generate()
    private_text = lock_private_key(key, passphrase, name, cost)
    public_text = public_key_to_text(key.public_key(name))
    try:
        with (
            _held(private_path),
            _held(public_path),
            TemporaryDirectory(dir=folder, prefix=".heard-") as beside,
        ):
            private_draft, public_draft = Path(beside, "key"), Path(beside, "pub")
            _write(private_draft, private_text.encode(), _OWNER_ONLY)
            _write(public_draft, public_text.encode(), _ANYONE_READS)
            prove_key_pair(private_draft, public_draft, passphrase)
            private_draft.replace(private_path)
            public_draft.replace(public_path)
            _settle(folder)
    except OSError as error:
        raise KeyFileError(
            f"Could not write a key in {folder}: {error.strerror}. Choose another folder."
        ) from None
    return private_path, public_path


def free_pair_paths(folder: Path, name: str) -> tuple[Path, Path]:
    """Return where the .key and the .pub file of this name go.

    Raises KeyFileError if a file is there already or the name cannot be a file's.
    """
    check_name(name)
    if name.startswith(".") or _NOT_IN_FILE_NAMES & set(name):
        raise KeyFileError(
            f"{name!r} cannot be the name of a file. Use letters, digits, spaces and hyphens."
        )
    paths = folder / f"{name}.key", folder / f"{name}.pub"
    for path in paths:
        if os.path.lexists(path):
            raise _exists_already(path)
    return paths


def read_key_file(path: Path) -> str:
    """Return the text of a .pub or .key file; raises KeyFileError if it cannot be one."""
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST_KEY_FILE + 1)
    except OSError as error:
        raise KeyFileError(f"Could not read {path}: {error.strerror}.") from None
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = ""
    if not text or len(content) > LONGEST_KEY_FILE:
        raise KeyFileError(
            f"{path} is not a key file of Heard. "
            "A public key file ends in .pub, a private one in .key."
        )
    return text


def prove_key_pair(private_path: Path, public_path: Path, passphrase: str) -> None:
    """Seal to a .pub file and open with its .key file, both as they are on the disk.

    Raises KeyFileError if they do not belong together.
    """
    public = public_key_from_text(read_key_file(public_path))
    private = unlock_private_key(read_key_file(private_path), passphrase)
    try:
        open_envelope(seal(b"", "test-seal", [public]), "test-seal", private)
    except SealError:
        raise KeyFileError("This key did not open a test seal. Do not use it.") from None


def write_new_file(path: Path, content: bytes, *, secret: bool) -> None:
    """Write a whole file that is not there yet; a secret one only its owner can read.

    Raises KeyFileError if there is a file of this name or the disk refuses.
    """
    try:
        with _held(path), TemporaryDirectory(dir=path.parent, prefix=".heard-") as beside:
            draft = Path(beside, "file")
            _write(draft, content, _OWNER_ONLY if secret else _ANYONE_READS)
            draft.replace(path)
            _settle(path.parent)
    except OSError as error:
        raise KeyFileError(f"Could not write {path}: {error.strerror}.") from None


def change_passphrase(path: Path, old: str, new: str, cost: KeyCost = DEFAULT_COST) -> None:
    """Put a .key file under another passphrase, at today's cost of guessing.

    What was written has to open with the new passphrase before it takes the place of the file; if
    anything goes wrong, the file is as it was. Copies elsewhere keep the old passphrase.
    Raises KeyFileError.
    """
    text = read_key_file(path)
    key = unlock_private_key(text, old)
    locked = lock_private_key(key, new, describe_key_file(text).name, cost)
    try:
        with TemporaryDirectory(dir=path.parent, prefix=".heard-") as beside:
            draft = Path(beside, "key")
            _write(draft, locked.encode(), _OWNER_ONLY)
            if unlock_private_key(read_key_file(draft), new).seed != key.seed:
                raise KeyFileError("What was written does not open. The file is as it was.")
            draft.replace(path)
            _settle(path.parent)
    except OSError as error:
        raise KeyFileError(f"Could not write {path}: {error.strerror}.") from None


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Hold a file name that nobody has, and let go of it if what follows fails.

    An empty file holds it, to be replaced: so nothing is overwritten and nothing is half written,
    on file systems without hard links too (a researcher's USB stick).
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))
    except FileExistsError:
        raise _exists_already(path) from None
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _write(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _settle(folder: Path) -> None:
    """Have the new names on the disk before anybody is told that they are there."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _exists_already(path: Path) -> KeyFileError:
    return KeyFileError(
        f"{path} exists already, and a key is never overwritten. "
        "Choose another name or another folder."
    )
