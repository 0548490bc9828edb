"""How fast sealed responses become a data set, beside opening the same envelopes and nothing else.

Responses to internet-safer, with all that people answer, are made and sealed. A process for each
core opens them: once bare (HPKE and the body, thrown away), once as `heard unseal --format
csv,parquet` does it. Memory is the most that the command and its processes had, added up.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from app.consultation import Definition, choices_of, load_definition_file
from app.consultation.questions import AnyQuestion
from app.research import open_bundle, write_bundle
from app.sealing import PrivateKey, open_envelope, seal
from tests.server import ROOT

from .keeping import kept

SIZES: Final = (10_000, 100_000)
KEY: Final = PrivateKey.from_seed(bytes(range(32)))
_BATCH: Final = 250
_WORDS: Final = (
    "I told a teacher and she listened. It helped a lot.",
    "They should answer faster, and in my language.",
    "تحدثت مع صديقتي عن ذلك، وساعدتني كثيرًا.",
    "साथीसँग कुरा गरेँ, अनि राम्रो लाग्यो।",
    "Nothing",
)
_CONTACT: Final = "write me on @some_one or 07700 900123"
_CONTACTS: Final = 200  # one text in so many holds a contact: people were asked to take them out

MEASURED: Final = """
import json, re, sys, time
from pathlib import Path
from app.research import Wanted, Workers, open_bundle, unseal
from app.sealing import PrivateKey

if __name__ == "__main__":
    path, folder, seed, cores = sys.argv[1:]
    key, begun = PrivateKey.from_seed(bytes.fromhex(seed)), time.perf_counter()
    with open_bundle(Path(path)) as bundle:
        wanted = Wanted(("csv", "parquet"), workers=Workers(int(cores)))
        rows = unseal([bundle], key, Path(folder), wanted=wanted).rows
    took = time.perf_counter() - begun
    own = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
    print(json.dumps({"rows": rows, "seconds": took, "kib": int(own)}))
"""


def _answer(question: AnyQuestion, dice: random.Random) -> Any:
    names = [choice.name for choice in choices_of(question)]
    match question.type:
        case "select_one":
            return dice.choice(names)
        case "select_multiple":
            return [name for name in names if dice.random() < 0.4]
        case "rank":
            return dice.sample(names, dice.randint(1, len(names)))
        case "matrix":
            return {row.name: dice.choice(names) for row in question.rows}
        case "scale":
            return dice.choice(list(question.points))
        case "text":
            return _CONTACT if dice.randrange(_CONTACTS) == 0 else dice.choice(_WORDS)
    raise AssertionError(question.type)


def _document(definition: Definition, dice: random.Random) -> bytes:
    answers = {q.name: _answer(q, dice) for q in definition.asked if dice.random() < 0.85}
    content = {
        "format": 1,
        "consultation": definition.consultation,
        "version": definition.version,
        "definition": definition.digest,
        "language": dice.choice(definition.languages),
        "collector": None,
        "consent": ["take_part", "quotes"] if dice.random() < 0.5 else ["take_part"],
        "answers": answers,
        "not_shown": [],
        "declined": [],
        "ended": "complete",
    }
    return json.dumps(content, ensure_ascii=False).encode()


def _sealed(numbers: range) -> list[tuple[bytes, bytes]]:
    definition = load_definition_file(ROOT / "surveys" / "internet-safer.yaml")
    dice, recipient = random.Random(numbers.start), KEY.public_key("research team")  # noqa: S311
    return [
        (os.urandom(16), seal(_document(definition, dice), definition.consultation, [recipient]))
        for _ in numbers
    ]


def _open_bare(work: tuple[str, list[bytes]]) -> int:
    consultation, envelopes = work
    return sum(len(open_envelope(each, consultation, KEY)) > 0 for each in envelopes)


def _make(path: Path, size: int, pool: ProcessPoolExecutor) -> None:
    definition = load_definition_file(ROOT / "surveys" / "internet-safer.yaml")
    published = (definition.digest, definition.consultation, 1, definition.canonical_json())
    parts = [range(start, min(start + _BATCH, size)) for start in range(0, size, _BATCH)]
    rows = (row for part in pool.map(_sealed, parts) for row in part)
    write_bundle(path, [published], rows)


def _lists(envelopes: Iterable[bytes]) -> Iterator[list[bytes]]:
    stream = iter(envelopes)
    while some := list(islice(stream, _BATCH)):
        yield some


def _bare(path: Path, pool: ProcessPoolExecutor) -> float:
    """Responses a second, of envelopes that are in memory already."""
    with open_bundle(path) as bundle:
        some = islice((envelope for _, envelope in bundle.rows()), SIZES[0])
        work = [(bundle.consultation, envelopes) for envelopes in _lists(some)]
    begun = time.perf_counter()
    opened = sum(pool.map(_open_bare, work))
    return opened / (time.perf_counter() - begun)


def _unsealed(path: Path, folder: Path, cores: int) -> dict[str, float]:
    script = folder.with_suffix(".py")
    script.write_text(MEASURED, encoding="utf-8")
    command = [sys.executable, str(script), str(path), str(folder), KEY.seed.hex(), str(cores)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    seen: dict[str, int] = {}
    # Watched from here: a thread in the command itself would make it start its processes anew.
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as started:
        while started.poll() is None:
            for child in _children(started.pid):
                seen[child] = max(seen.get(child, 0), _most(child))
            time.sleep(0.2)
        assert started.stdout is not None
        measured: dict[str, float] = json.loads(started.stdout.read())
    return measured | {"kib": measured["kib"] + sum(seen.values())}


def _children(process: int) -> list[str]:
    try:
        tasks = list(Path(f"/proc/{process}/task").glob("*/children"))
        return [child for task in tasks for child in task.read_text().split()]
    except OSError:  # it ended meanwhile
        return []


def _most(process: str) -> int:
    """The most memory that it ever had, in KiB."""
    try:
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) if found else 0


def main() -> None:
    """Measure at both sizes and print a table."""
    cores = os.cpu_count() or 1
    table = Table(title=f"heard unseal --format csv,parquet on {cores} cores", title_justify="left")
    for column in ("responses", "a second", "bare opening", "ratio", "peak memory"):
        table.add_column(column, justify="right")
    with (
        kept("unsealing") as console,
        tempfile.TemporaryDirectory() as place,
        ProcessPoolExecutor(cores, get_context("spawn")) as pool,
    ):
        for size in SIZES:
            path = Path(place, f"{size}.heard")
            _make(path, size, pool)
            before = _bare(path, pool)
            done = _unsealed(path, Path(place, f"set-{size}"), cores)
            bare = (before + _bare(path, pool)) / 2
            assert done["rows"] == size
            speed = done["rows"] / done["seconds"]
            table.add_row(
                f"{size:,}",
                f"{speed:,.0f}",
                f"{bare:,.0f}",
                f"{speed / bare:.0%}",
                f"{done['kib'] / 1024:,.0f} MiB",
            )
        console.print(table)


if __name__ == "__main__":
    main()
