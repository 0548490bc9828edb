"""What stands around a definition, as the plain data that the checker asks for."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

from app.consultation import Finding
from app.consultation.checker import CountrySupport, Listing, Surroundings
from app.support import Directory, DirectoryErrors, Service, load_directory
from config import ROOT

TRANSLATIONS = ROOT / "app" / "translations"
SOURCE_LANGUAGE = "en"
WAITS = "native speaker has to review"
"""What the head of a catalogue says until somebody has reviewed it."""
HEAD_BYTES = 1000


def surveys_folder() -> Path:
    """The folder of the consultations: `HEARD_SURVEYS`, else the one beside the program."""
    return Path(os.environ.get("HEARD_SURVEYS") or ROOT / "surveys")


def look_around(folder: Path, today: dt.date) -> tuple[Surroundings, list[Finding]]:
    """Return what stands around the definitions in `folder`, and what is wrong with it.

    Support services come from the folder's own `support/`, else from the consultations' folder.
    """
    support: dict[str, CountrySupport] | None = None
    findings: list[Finding] = []
    services = folder / "support"
    services = services if services.is_dir() else surveys_folder() / "support"
    try:
        support = _support(load_directory(services), services, today)
    except DirectoryErrors as error:
        findings = [_located(problem) for problem in error.problems]
    except OSError as error:
        message = f"The support directory cannot be read: {error.strerror}."
        findings = [Finding(str(services), 1, 1, message, rule="support-file")]
    media = folder / "media"
    files = (path for path in media.rglob("*") if path.is_file())
    around = Surroundings(
        today=today,
        support=support,
        interface=frozenset({SOURCE_LANGUAGE, *_catalogues()}),
        unreviewed=frozenset(tag for tag, path in _catalogues().items() if _waits(path)),
        consultations=frozenset(path.stem for path in folder.glob("*.yaml")),
        media=frozenset(path.relative_to(media).as_posix() for path in files),
    )
    return around, findings


def _catalogues() -> dict[str, Path]:
    """The catalogue of each language; a test holds every one of them complete."""
    paths = TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")
    return {path.parent.parent.name.replace("_", "-"): path for path in paths}


def _waits(catalogue: Path) -> bool:
    with catalogue.open("rb") as file:
        return WAITS.encode() in file.read(HEAD_BYTES)


def _support(directory: Directory, folder: Path, today: dt.date) -> dict[str, CountrySupport]:
    return {
        code: CountrySupport(
            file=str(folder / f"{code.lower()}.yaml"),
            listings=tuple(_listing(service, today) for service in directory.services_in(code)),
            none_known=not directory.services_in(code),
        )
        for code in directory.countries
    }


def _listing(service: Service, today: dt.date) -> Listing:
    links = (*service.tel_links, *service.sms_links, *service.whatsapp_links)
    return Listing(
        name=service.name,
        ages=service.age_spans,
        checked_on=service.checked.date if service.checked else None,
        hidden=service.is_hidden(today),
        unknown=tuple(_unknown(service)),
        dialled=tuple((link.shown, link.href) for link in links),
    )


def _unknown(service: Service) -> Iterator[str]:
    if service.hours is None:
        yield "hours"
    if not service.languages and not service.more_languages:
        yield "languages"
    if service.cost is None:
        yield "cost"
    if service.anonymous is None:
        yield "if a name is asked"


def _located(problem: str) -> Finding:
    """A finding from a line `file:line:column: message` of the support directory."""
    place, _, message = problem.partition(": ")
    file, line, column = place.rsplit(":", 2)
    return Finding(file, int(line), int(column), message, rule="support-file")
