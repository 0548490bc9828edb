"""The consultations that the demo of the browser tests has open."""

from __future__ import annotations

from pathlib import Path

from tests.place import write_surveys

from .every_kind import write_every_kind
from .tour import TOLD

SAMPLES = ("internet-safer", "survivors-perspectives", "children-know-better")
RETURNING = "internet-safer"


def write_consultations(folder: Path) -> Path:
    """Write the samples that are answered, one with outcomes, one with every kind of question.

    `RETURNING` lets people keep their answers and come back, which no sample does.

    Args:
        folder: where the folder of consultations is made; its path is returned.
    """
    surveys = write_surveys(folder, *SAMPLES, TOLD)
    with (surveys / f"{RETURNING}.yaml").open("a", encoding="utf-8") as file:
        file.write("resume: true\n")
    write_every_kind(surveys)
    return surveys
