"""The file that `heard backup` writes: an archive of three members, sealed or plain.

It is a tar archive, so that anybody can look into a plain one: `manifest.json`, in a sealed one
`signing-key`, and `responses.sqlite3`. No member has a time, an owner, or a name of anybody.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol, Self

from app.storage import Copied, Counted

KIND: Final = "heard backup"
FORMAT: Final = 1
PURPOSE: Final = "backup"
MANIFEST, SIGNING_KEY, COPY = "manifest.json", "signing-key", "responses.sqlite3"
PIECE: Final = 1024 * 1024
LONGEST: Final = {MANIFEST: 16 * 1024 * 1024, SIGNING_KEY: 1024}
"""Bytes of what is read into memory."""
OWNER_ONLY: Final = 0o600


class BackupError(Exception):
    """A file is no backup, or not a whole one; the message says what to do."""


class Readable(Protocol):
    """A file, or what opens a sealed one."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes; none at the end."""


class Writable(Protocol):
    """A file, or what seals one."""

    def write(self, content: bytes, /) -> int:
        """Take in the next bytes."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself: the SHA-256 of the copy inside, and what is in that."""

    digest: str
    copied: Copied

    @classmethod
    def of(cls, copy: Path, copied: Copied) -> Self:
        """The manifest of a copy."""
        return cls(digest_of(pieces_of(copy)), copied)

    def to_plain(self) -> dict[str, Any]:
        """As JSON has it."""
        consultations = {name: asdict(each) for name, each in self.copied.consultations.items()}
        return {
            **{"kind": KIND, "format": FORMAT, "digest": self.digest},
            **{"revision": self.copied.revision, "consultations": consultations},
        }

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Read a manifest; raises BackupError."""
        try:
            members: Mapping[str, Any] = json.loads(text)
            if members["kind"] != KIND:
                raise not_a_backup()
            if members["format"] != FORMAT:
                raise BackupError("A newer Heard made this backup. Update Heard and try again.")
            consultations = {
                str(name): Counted(int(each["responses"]), str(each["digest"]))
                for name, each in members["consultations"].items()
            }
            return cls(str(members["digest"]), Copied(str(members["revision"]), consultations))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
            raise not_a_backup() from None


@dataclass(frozen=True)
class Unpacked:
    """A backup that was read to its end: its manifest, where its copy lies, and its signing key."""

    manifest: Manifest
    copy: Path
    signing_key: bytes | None


def write_backup(file: Writable, manifest: Manifest, copy: Path, signing_key: bytes | None) -> None:
    """Write the archive, streamed. Raises OSError."""
    with tarfile.open(fileobj=file, mode="w|") as archive:  # type: ignore[call-overload]
        text = json.dumps(manifest.to_plain(), ensure_ascii=False, indent=2) + "\n"
        _add(archive, MANIFEST, text.encode())
        if signing_key is not None:
            _add(archive, SIGNING_KEY, signing_key)
        with copy.open("rb") as content:
            archive.addfile(_member(COPY, copy.stat().st_size), content)


def read_backup(file: Readable, folder: Path) -> Unpacked:
    """Read an archive to its end, and lay its copy into a folder of the caller's own.

    Args:
        file: what is read, from its beginning.
        folder: with room for the copy.

    Raises:
        BackupError: it is no backup, or not a whole one.
        OSError: the copy cannot be written.
        SealedFileError: from a file that opens a sealed one.
    """
    small: dict[str, bytes] = {}
    copy, digest = folder / COPY, None
    try:
        with tarfile.open(fileobj=file, mode="r|") as archive:  # type: ignore[call-overload]
            for member in archive:
                content = archive.extractfile(member) if member.isreg() else None
                known = member.name == COPY or member.size <= LONGEST.get(member.name, -1)
                if content is None or not known or digest or member.name in small:
                    raise not_a_backup()
                if member.name == COPY:
                    digest = _lay(content, copy)
                else:
                    small[member.name] = content.read()
        while file.read(PIECE):  # the end of a sealed file proves that it is whole
            pass
    except (tarfile.TarError, EOFError, UnicodeDecodeError):
        raise not_a_backup() from None
    manifest = Manifest.from_json(small.get(MANIFEST, b""))
    if digest != manifest.digest:
        raise BackupError(
            "This backup was changed, or a part of it is missing. Take another copy of it."
        )
    return Unpacked(manifest, copy, small.get(SIGNING_KEY))


def not_a_backup() -> BackupError:
    """What is said of every other file."""
    return BackupError("This is not a whole backup of Heard. Take another copy of it.")


def pieces_of(path: Path) -> Iterator[bytes]:
    """The content of a file, a megabyte at a time."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def digest_of(pieces: Iterable[bytes]) -> str:
    """SHA-256 as people compare it."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return f"sha256:{digest.hexdigest()}"


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, OWNER_ONLY
    return member


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    archive.addfile(_member(name, len(content)), io.BytesIO(content))


def _lay(content: Any, copy: Path) -> str:
    def kept(file: BinaryIO) -> Iterator[bytes]:
        while piece := content.read(PIECE):
            file.write(piece)
            yield piece

    with copy.open("xb") as file:
        copy.chmod(OWNER_ONLY)
        return digest_of(kept(file))
