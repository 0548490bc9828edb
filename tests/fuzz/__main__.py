"""`make fuzz`: look for bytes that break something, for a set time for each target.

With atheris, guided by which code the bytes reach; without it, by hypothesis alone, and it says so.
Exit status 1 when something was found; the bytes are then in `corpus/`, and `make test` is red.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings

from .corpus import CORPUS, found_for, keep
from .mutations import nearly
from .samples import SAMPLES
from .targets import TARGETS

ROOT = Path(__file__).parents[2]
SEEN = ROOT / "build" / "fuzz"
"""What reached new code, kept from one run to the next; it may be deleted."""
HANGS_AFTER = 20
"""Seconds for one input, far beyond what any takes."""
MOST_MEGABYTES = 2048
LONGEST = {"bundles": 300_000, "envelopes": 20_000, "forms": 20_000}
LONG = 4096
AT_ONCE = 200


def main() -> int:
    """Look at each target; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--target", choices=sorted(TARGETS), action="append")
    asked = parser.parse_args()
    guided = importlib.util.find_spec("atheris") is not None
    if not guided:
        print("atheris is not here: hypothesis changes samples, and nothing leads it to new code.")
    broken = 0
    for name in asked.target or TARGETS:
        look = _guided if guided else _unguided
        found = look(name, asked.seconds)
        print(f"{name}: {'broke, see ' + str(found) if found else 'held'}", flush=True)
        broken += found is not None
    return int(broken > 0)


def _guided(name: str, seconds: int) -> Path | None:
    seen = SEEN / name
    seen.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for number, sample in enumerate(SAMPLES[name]()):
            (Path(scratch) / str(number)).write_bytes(sample)
        broken = Path(scratch) / "broken"
        broken.mkdir()
        (CORPUS / name).mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "tests.fuzz.guided", name]
        command += [str(seen), scratch, str(CORPUS / name), f"-max_total_time={seconds}"]
        command += [f"-timeout={HANGS_AFTER}", f"-rss_limit_mb={MOST_MEGABYTES}"]
        command += [f"-max_len={LONGEST.get(name, LONG)}", f"-artifact_prefix={broken}/"]
        command += ["-print_final_stats=1"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        told = (done.stdout + done.stderr).splitlines()
        counted = [line for line in told if "number_of_executed_units" in line]
        print(*(line.split()[-1] + " inputs" for line in counted), end=" ")
        if done.returncode == 0:
            return None
        print("\n".join(told[-40:]))
        artifacts = sorted(broken.iterdir())
        if not artifacts:
            raise RuntimeError(f"{name}: it ended without a finding, with {done.returncode}")
        found = keep(name, artifacts[0].read_bytes())
        shutil.rmtree(seen)  # it may hold the same bytes, and would stop there again
        return found


def _unguided(name: str, seconds: int) -> Path | None:
    """Hypothesis, again and again until the time is over; no bytes that hang are stopped."""
    last = b""
    samples = [*SAMPLES[name](), *(path.read_bytes() for path in found_for(name))]

    @settings(
        max_examples=AT_ONCE,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=nearly(samples))
    def look(data: bytes) -> None:
        nonlocal last
        last = data
        TARGETS[name](data)

    end = time.monotonic() + seconds
    rounds = 0
    while time.monotonic() < end:
        try:
            look()
        except Exception:  # whatever it is, it is a finding
            traceback.print_exc()
            return keep(name, last)
        rounds += 1
    print(rounds * AT_ONCE, "inputs", end=" ")
    return None


if __name__ == "__main__":
    sys.exit(main())
