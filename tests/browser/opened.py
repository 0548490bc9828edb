"""The consultations that the demo of the browser tests has open."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.server import ROOT

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
    surveys = folder / "surveys"
    shutil.copytree(ROOT / "surveys" / "support", surveys / "support")
    for name in (*SAMPLES, TOLD):
        shutil.copy(ROOT / "surveys" / f"{name}.yaml", surveys)
    with (surveys / f"{RETURNING}.yaml").open("a", encoding="utf-8") as file:
        file.write("resume: true\n")
    write_every_kind(surveys)
    return surveys
