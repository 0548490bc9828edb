"""Ten times the responses do not take more memory: one measuring process for each number."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from app.research import open_bundle

from .conftest import KEY, bundle_of, make_definition, make_document, sealed

FEW, MANY = 2_000, 20_000
ALLOWED_GROWTH = 20_000  # KiB, while the bundle grows by 97,000 and the texts by 55,000

# Prints the most memory that the process ever had, in KiB. Not getrusage: its figure starts with
# that of the process that started this one.
MEASURE = """
import json, re, sys
from pathlib import Path
from app.research import open_bundle, unseal, verify_bundle, write_bundle
from app.sealing import PrivateKey

def most():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

path, folder, seed, number = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
before = most()
assert verify_bundle(path).findings == []
with open_bundle(path) as bundle:
    definitions = [tuple(each) for each in bundle.definitions]
    write_bundle(folder / "copy.heard", definitions, bundle.rows())
    written = unseal([bundle], PrivateKey.from_seed(bytes.fromhex(seed)), folder / "set")
assert written.rows == number, written
print(json.dumps({"before": before, "most": most()}))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measures as Linux counts")
@pytest.mark.thorough
def test_memory_does_not_grow_with_the_number_of_responses(tmp_path: Path) -> None:
    definition = make_definition(
        [{"name": f"words_{number}", "type": "text"} for number in range(10)]
    )
    document = make_document(
        definition, answers={f"words_{number}": "x" * 300 for number in range(10)}
    )
    bundle_of(tmp_path / "many.heard", [definition], (sealed(document) for _ in range(MANY)))
    with open_bundle(tmp_path / "many.heard") as bundle:
        bundle_of(tmp_path / "few.heard", [definition], islice(bundle.rows(), FEW))

    def measured(name: str, number: int) -> dict[str, int]:
        folder = tmp_path / f"{name}-out"
        folder.mkdir()
        arguments = [str(tmp_path / f"{name}.heard"), str(folder), KEY.seed.hex(), str(number)]
        output = subprocess.check_output(
            [sys.executable, "-c", MEASURE, *arguments],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        read: dict[str, int] = json.loads(output)
        return read

    few, many = measured("few", FEW), measured("many", MANY)

    print(f"{FEW} responses: {few}, {MANY} responses: {many} (KiB)")
    assert (tmp_path / "many-out" / "set" / "texts.csv").stat().st_size > 60_000_000
    assert many["most"] - few["most"] < ALLOWED_GROWTH
