"""The directory of support services: loading its folder, and looking up a country."""

from __future__ import annotations

import datetime as dt
import difflib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .model import ADULT_AGE, CountryFile, Emergency, GlobalFile, Service
from .yaml_places import Path as NodePath
from .yaml_places import Place, YamlProblem, read_places

MAX_ENTRIES = 5
"""Entries shown at once, the emergency numbers counted as one: more is a wall (practice §3)."""

GLOBAL_FILE = "global.yaml"

_CHILD_FIRST = ("child", "abuse", "general")
_ADULT_FIRST = ("abuse", "general", "child")

FileModel = TypeVar("FileModel", CountryFile, GlobalFile)


class DirectoryErrors(Exception):
    """The folder cannot be used; `problems` are lines `file:line:column: what to do`."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Listing:
    """What one person is shown for one country.

    `none_known` is true when no visible service is known to be for people of their age: the page
    then says so and shows the global directories (R63).
    """

    country: str
    emergency: Emergency | None
    services: tuple[Service, ...]
    none_known: bool


class Directory:
    """Support services by country, and the directories that cover many countries."""

    def __init__(self, files: Iterable[CountryFile], global_services: Iterable[Service]) -> None:
        self._files = {file.country: file for file in files}
        self._global = tuple(global_services)

    @property
    def countries(self) -> tuple[str, ...]:
        """ISO 3166 codes of the countries that have a file, in order."""
        return tuple(sorted(self._files))

    def for_country(
        self, country: str, today: dt.date, from_age: int = 0, to_age: int | None = None
    ) -> Listing:
        """Return what to show in `country` to people from `from_age` to `to_age` years.

        The emergency numbers come first, then lines for children, for abuse, and for anyone; from
        18 years on, lines for children come last. Entries older than 24 months and entries whose
        ages turn these people away are left out. A country without a file gives an empty listing.
        """
        file = self._files.get(country)
        if file is None:
            return Listing(country, None, (), none_known=True)
        last_age = math.inf if to_age is None else to_age
        visible = [
            service
            for service in file.services
            if not service.is_hidden(today) and not service.turns_away(from_age, last_age)
        ]
        kinds = _ADULT_FIRST if from_age >= ADULT_AGE else _CHILD_FIRST
        visible.sort(key=lambda s: (not s.is_for(from_age, last_age), kinds.index(s.kind)))
        shown = MAX_ENTRIES - (file.emergency is not None)
        none_known = not any(service.is_for(from_age, last_age) for service in visible)
        return Listing(country, file.emergency, tuple(visible[:shown]), none_known)

    @cached_property
    def public_contacts(self) -> frozenset[str]:
        """Numbers and addresses of every service: to write one of them shows nobody's name."""
        services = (s for file in self._files.values() for s in file.services)
        return frozenset().union(*(s.contacts for s in (*services, *self._global)))

    def services_in(self, country: str) -> tuple[Service, ...]:
        """Every service in the file of `country`, hidden ones too, for whoever checks them."""
        file = self._files.get(country)
        return tuple(file.services) if file else ()

    def emergency_in(self, country: str) -> Emergency | None:
        """The emergency numbers of `country`."""
        file = self._files.get(country)
        return file.emergency if file else None

    def global_entries(self, today: dt.date | None = None) -> tuple[Service, ...]:
        """Directories that cover many countries; without those hidden on `today` if given."""
        return tuple(s for s in self._global if today is None or not s.is_hidden(today))


def load_directory(folder: Path) -> Directory:
    """Return the directory in `folder`: one file a country (`np.yaml`) and `global.yaml`.

    Raises `DirectoryErrors` with every problem of every file, and `OSError`.
    """
    problems: list[str] = []
    files: list[CountryFile] = []
    global_services: list[Service] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            if path.name == GLOBAL_FILE:
                global_services.extend(_load_file(path, GlobalFile).services)
            else:
                files.append(_load_file(path, CountryFile))
        except DirectoryErrors as error:
            problems.extend(error.problems)
    if not (folder / GLOBAL_FILE).exists():
        problems.append(
            f"{folder / GLOBAL_FILE}:1:1: This file is missing. Write it with the directories "
            "that cover many countries: they are shown where no line is known."
        )
    if problems:
        raise DirectoryErrors(problems)
    return Directory(files, global_services)


def _load_file(path: Path, model: type[FileModel]) -> FileModel:
    try:
        tree, places = read_places(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        message = f"{path}:1:1: Not UTF-8 text (byte {error.start}). Save it as UTF-8."
        raise DirectoryErrors([message]) from None
    except YamlProblem as problem:
        raise DirectoryErrors([_line(path, problem.place, str(problem))]) from None
    try:
        file = model.model_validate(tree if isinstance(tree, dict) else {})
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise DirectoryErrors(_explain(path, places, model, found)) from None
    if isinstance(file, CountryFile) and path.stem != file.country.lower():
        message = f"The file is called {path.name} but its country is {file.country}. Rename one."
        raise DirectoryErrors([_line(path, places.get(("country",), (1, 1)), message)])
    return file


def _explain(
    path: Path, places: dict[NodePath, Place], model: type[BaseModel], found: list[ErrorDetails]
) -> Iterator[str]:
    for details in found:
        location = tuple(details["loc"])
        place = next(places[node] for node in _upwards(location) if node in places)
        yield _line(path, place, _say(details, model))


def _upwards(location: NodePath) -> Iterator[NodePath]:
    for length in range(len(location), -1, -1):
        yield location[:length]


_PATTERNS = {
    "[A-Z]{2}": "Write the two capital letters of a country, such as NP.",
    "[0-9]([0-9 ()-]*": "Write the number in digits, as people read it: 0800 1111.",
    "[0-9]{4}-": "Write a date such as 2026-04-22, or a month such as 2025-06.",
    "mon|tue": "Write days such as mon-fri or sat.",
    "[01][0-9]": "Write a time such as 09:00.",
    "https?": "Write an address that starts with https:// or http://.",
    "@": "Write an e-mail address.",
}


def _say(details: ErrorDetails, model: type[BaseModel]) -> str:
    kind, context = details["type"], details.get("ctx", {})
    key = str(details["loc"][-1]) if details["loc"] else ""
    given = details["input"]
    got = f" It says “{given[:60]}”." if isinstance(given, str) and given else ""
    if kind == "missing":
        return f"“{key}” is missing here. Add a line “{key}: …”."
    if kind == "extra_forbidden":
        return f"“{key}” is not a key that belongs here.{_did_you_mean(key, model)}"
    if kind == "literal_error":
        return f"Write one of: {context.get('expected', '')}.{got}"
    if kind == "value_error":
        return str(context.get("error", details["msg"]))
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern", ""))
        said = (text for part, text in _PATTERNS.items() if part in pattern)
        return next(said, "This is not written as it should be.") + got
    return f"{details['msg']}.{got}"


def _did_you_mean(key: str, model: type[BaseModel]) -> str:
    fields = {**model.model_fields, **Service.model_fields, **Emergency.model_fields}
    known = [field.alias or name for name, field in fields.items()]
    near = difflib.get_close_matches(key, known, n=1)
    return f" Did you mean “{near[0]}”?" if near else ""


def _line(path: Path, place: Place, message: str) -> str:
    return f"{path}:{place[0]}:{place[1]}: {message}"
