"""The outlines of key pages, written down: what a screen reader has to be told of each.

They stand in `trees/`, one file for a consultation in a language. After a change that is meant,
`make outlines` writes them anew; the difference then shows what a person will hear.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.server import running_demo

from .browsers import Mode, open_browser
from .inspection import Inspection
from .opened import write_consultations
from .walking import Walker

EXIT = "http://localhost:9/"
"""Named on the safety page, as the neutral site of the tests is."""
FOLDER = Path(__file__).with_name("trees")
FRAME = (
    *("front", "about", "safety", "consent", "consent, nothing ticked", "leave_out", "check"),
    *("pause, on the way", "go on", "sent", "declined", "stopped", "refused"),
    *("unknown code", "withdraw, unknown code", "keep", "kept", "come back, unknown words"),
)
KEPT: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("internet-safer", "en"): (
        *FRAME,
        *("page:report_button", "page:report_button, error", "page:report_now"),
        *("warning:talking", "page:talking", "page:last_page", "page:last_page, notice"),
    ),
    ("internet-safer", "ar"): (
        *FRAME,
        *("page:report_button, error", "page:report_now", "warning:talking"),
        "page:last_page, notice",
    ),
    ("survivors-perspectives", "es"): (
        *("about", "consent", "leave_out", "warning:services_used", "page:services_used"),
        *("page:support_over_time", "check"),
    ),
    ("every-kind", "en"): (
        *("page:numbers", "page:places", "page:noisy", "page:signs", "page:order", "page:last"),
        "check",
    ),
}
"""Consultation and language, with the pages and states whose outlines are written down. Pages that
change with the calendar, such as the results, are not among them."""


def _file(consultation: str, language: str) -> Path:
    return FOLDER / f"{consultation}-{language}.txt"


def read_outlines(consultation: str, language: str) -> str:
    """The outlines written down for one tour, as text."""
    return _file(consultation, language).read_text(encoding="utf-8")


def kept_outlines(inspection: Inspection) -> str:
    """The outlines that a tour found, of those pages and states that are written down."""
    kept = KEPT[inspection.consultation, inspection.language]
    found = inspection.outlines
    return "\n\n".join("\n".join([f"# {state}", *found[state]]) for state in kept) + "\n"


def main() -> None:
    """Write the outlines anew; words on the command line choose, such as `internet-safer ar`."""
    wanted = set(sys.argv[1:])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running_demo(folder, surveys=write_consultations(folder), exit_to=EXIT) as demo:
            driver = open_browser(Mode("chromium", javascript=True), folder)
            try:
                for consultation, language in KEPT:
                    if wanted <= {consultation, language}:
                        person = Walker(driver, demo.base)
                        person.fresh_tab()
                        inspection = Inspection(person, demo, consultation, language)
                        inspection.listen()
                        _write(inspection)
            finally:
                driver.quit()


def _write(inspection: Inspection) -> None:
    file = _file(inspection.consultation, inspection.language)
    file.parent.mkdir(exist_ok=True)
    file.write_text(kept_outlines(inspection), encoding="utf-8")
    print(file)


if __name__ == "__main__":
    main()
