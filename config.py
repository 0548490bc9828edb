"""Configuration, read from the environment (prefix `HEARD_`), with defaults that are safe."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import difflib
import hashlib
import os
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made in it, mode 0700
SECRET_BYTES = 32
ONION_LETTERS = 56

KNOWN_NAMES = (
    "HEARD_INSTANCE",
    "HEARD_DATABASE_URL",
    "HEARD_DRAFTS_URL",
    "HEARD_SURVEYS",
    "HEARD_SECRET_KEY",
    "HEARD_EXIT_TO",
    "HEARD_HTTPS",
    "HEARD_KIOSK",
    "HEARD_PROXIES",
    "HEARD_ONION",
    "HEARD_METRICS",
    "HEARD_PASSPHRASE",
)

ON = ("1", "on", "true", "yes")
OFF = ("", "0", "off", "false", "no")

DEFAULT_EXIT = "https://www.bbc.co.uk/weather"
"""Where exit leads when no consultation says: plain, fast, and nothing personal on it (R54)."""


class ConfigurationError(Exception):
    """The environment says something that Heard cannot follow; the message says what to change."""


@dataclass(frozen=True)
class Config:
    """Where things are, and how people reach the site.

    `exit_to`, when it is not empty, is used for everybody in place of the definitions' own
    address: an operator knows which sites are blocked in the country (R54). `https` says that
    people reach the site over HTTPS, perhaps through a proxy. `kiosk` says that every device
    here is passed around with a worker in the room, whatever a definition says of its `session`.
    `proxies` is how many web servers stand in front that each write into `X-Forwarded-For`, for
    limits; 0 when none does (docs/decisions/rate-limits.md). `onion` is the address of the same
    site as an onion service, without a slash at its end; empty when there is none. `metrics` is the
    file for a watching program, if there is one (docs/decisions/watching.md).
    `demo` lists the sample consultations on the front page; only there `today` may be another day
    than it is, to show what people will see when a promise is late.
    """

    instance: Path
    database_url: str
    drafts_url: str
    surveys: Path
    secret_key: str
    exit_to: str = ""
    https: bool = False
    kiosk: bool = False
    proxies: int = 0
    onion: str = ""
    metrics: Path | None = None
    demo: bool = False
    today: dt.date | None = None


def read_config(
    environ: Mapping[str, str] | None = None,
    *,
    instance: Path | None = None,
    demo: bool = False,
) -> Config:
    """Return the configuration that the environment describes; makes the instance folder.

    Args:
        environ: names and values, by default the process's own environment.
        instance: a folder that stands above `HEARD_INSTANCE`.
        demo: whether the front page lists the consultations.

    Raises:
        ConfigurationError: an unknown `HEARD_` name, a switch that is neither on nor off, a count
            that is none, an onion address that is none, or a folder that cannot be made.
    """
    given = dict(os.environ if environ is None else environ)
    _refuse_unknown(given)
    folder = (instance or Path(given.get("HEARD_INSTANCE") or "instance")).resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret_key = given.get("HEARD_SECRET_KEY") or _kept_secret(folder)
        drafts_url = given.get("HEARD_DRAFTS_URL") or _default_drafts(folder)
    except OSError as error:
        raise ConfigurationError(
            f"{error.filename}: {error.strerror}. It has to belong to the user who runs Heard, on "
            "a disk with room. Or choose a folder that can be written to with HEARD_INSTANCE."
        ) from None
    return Config(
        instance=folder,
        database_url=given.get("HEARD_DATABASE_URL") or f"sqlite:///{folder / 'heard.sqlite3'}",
        drafts_url=drafts_url,
        surveys=Path(given.get("HEARD_SURVEYS") or ROOT / "surveys").resolve(),
        secret_key=secret_key,
        exit_to=given.get("HEARD_EXIT_TO", ""),
        https=_switch(given, "HEARD_HTTPS"),
        kiosk=_switch(given, "HEARD_KIOSK"),
        proxies=_count(given, "HEARD_PROXIES"),
        onion=_onion(given),
        metrics=_metrics(given),
        demo=demo,
    )


def _refuse_unknown(given: Mapping[str, str]) -> None:
    for name in given:
        if not name.startswith("HEARD_") or name in KNOWN_NAMES:
            continue
        near = difflib.get_close_matches(name, KNOWN_NAMES, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Known names: {', '.join(KNOWN_NAMES)}."
        raise ConfigurationError(f"{name} is not a setting of Heard. {hint}")


def _switch(given: Mapping[str, str], name: str) -> bool:
    """Whether a setting is switched on; a word that says neither is never taken for one."""
    word = given.get(name, "").strip().lower()
    if word not in (*ON, *OFF):
        raise ConfigurationError(f"{name} says “{given[name]}”. Write on or off.")
    return word in ON


def _count(given: Mapping[str, str], name: str) -> int:
    """A small number; nothing is 0."""
    word = given.get(name, "").strip()
    if word and not (len(word) == 1 and word in "0123456789"):
        raise ConfigurationError(f"{name} says “{given[name]}”. Write a number from 0 to 9.")
    return int(word or 0)


def _metrics(given: Mapping[str, str]) -> Path | None:
    """The file for a watching program, in a folder that is there."""
    word = given.get("HEARD_METRICS", "").strip()
    if not word:
        return None
    path = Path(word)
    if not path.is_absolute() or not path.parent.is_dir() or path.is_dir():
        raise ConfigurationError(
            f"HEARD_METRICS says “{word}”. Write the whole name of a file in a folder that is "
            "there, such as /var/lib/prometheus/node-exporter/heard.prom."
        )
    return path


def _onion(given: Mapping[str, str]) -> str:
    """The address of an onion service, without a slash at its end (Tor's rend-spec-v3 §6)."""
    word = given.get("HEARD_ONION", "").strip().removesuffix("/")
    name = word.removeprefix("https://").removeprefix("http://")
    if word and (name == word or not _is_onion(name)):
        raise ConfigurationError(
            f"HEARD_ONION says “{word}”. Write http:// and the name that Tor wrote into the file "
            "hostname, such as http://(56 letters and digits).onion."
        )
    return word


def _is_onion(name: str) -> bool:
    """Whether a name is an onion service's: a public key, its checksum and the version 3."""
    label = name.removesuffix(".onion")
    if label == name or len(label) != ONION_LETTERS or label != label.lower():
        return False
    try:
        decoded = base64.b32decode(label.upper())
    except binascii.Error:
        return False
    key, checksum, version = decoded[:32], decoded[32:34], decoded[34:]
    expected = hashlib.sha3_256(b".onion checksum" + key + version).digest()[:2]
    return version == b"\x03" and checksum == expected


def _kept_secret(folder: Path) -> str:
    """The secret that signs form tokens: made once, readable by the owner alone."""
    path = folder / "secret-key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _written_secret(path) or _kept_secret(folder)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        secret = secrets.token_hex(SECRET_BYTES)
        file.write(secret)
    return secret


def _written_secret(path: Path) -> str:
    """The secret that another process wrote or is writing; "" when nobody ever finished it."""
    for _ in range(50):
        with suppress(FileNotFoundError):
            written = path.read_text(encoding="ascii").strip()
            if written:
                return written
        time.sleep(0.02)
    # A full disk or a crash left an empty file: every form would be refused for ever.
    path.unlink(missing_ok=True)
    return ""


def _default_drafts(folder: Path) -> str:
    """Drafts stand in memory where there is a tmpfs, so that no disk ever holds them."""
    if SHARED_MEMORY.is_dir() and os.access(SHARED_MEMORY, os.W_OK):
        mark = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        memory = SHARED_MEMORY / f"heard-{os.getuid()}-{mark}"
        memory.mkdir(mode=0o700, exist_ok=True)
        if memory.stat().st_uid == os.getuid() and not memory.is_symlink():
            return f"sqlite:///{memory / 'drafts.sqlite3'}"
    return f"sqlite:///{folder / 'drafts.sqlite3'}"
