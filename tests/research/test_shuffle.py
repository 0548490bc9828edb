"""The order of records says nothing of the one before, and the disk nothing of either."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, permutations
from math import factorial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.research.shuffle import Ends, Heaps, heaps_for, in_random_order
from app.sealing import ScratchKey, SealError

HEAPS = 4


def mixed(folder: Path, parts: list[list[list[bytes]]], heaps: int = HEAPS) -> list[bytes]:
    """The records of some processes, each with its batches, in random order."""
    key, files = ScratchKey(), dict[Path, Ends]()
    for number, batches in enumerate(parts):
        writer = Heaps(folder / f"{number}", key, heaps)
        for batch in batches:
            files[writer.path] = writer.add(batch)
        writer.close()
    found = list(in_random_order(files, key))
    for number in range(len(parts)):
        (folder / f"{number}").unlink()
    return found


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.lists(st.binary(max_size=2000), max_size=20), min_size=1, max_size=4)),
    st.sampled_from([1, 2, 16, 256]),
)
def test_each_record_comes_once_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[list[bytes]]], heaps: int
) -> None:
    found = mixed(tmp_path_factory.mktemp("mixed"), parts, heaps)

    assert Counter(found) == Counter(each for part in parts for some in part for each in some)


def test_every_order_is_as_likely(tmp_path: Path) -> None:
    """Of records in two files, two batches and several heaps; a chi-square with 23 degrees."""
    records, times = [b"a", b"b", b"c", b"d"], 2_400
    seen = Counter(
        tuple(mixed(tmp_path, [[records[:1], records[1:3]], [records[3:]]])) for _ in range(times)
    )

    assert set(seen) <= set(permutations(records))
    expected = times / factorial(len(records))
    apart = sum((seen[order] - expected) ** 2 / expected for order in permutations(records))
    # Once in a million times more than 71.1, if every order is as likely (scipy.stats.chi2.isf).
    assert apart < 71.1


def test_the_order_of_many_is_another_each_time(tmp_path: Path) -> None:
    records = [number.to_bytes(4) for number in range(5_000)]
    parts = [[records[:700], records[700:3_000]], [records[3_000:]]]

    one, two = (mixed(tmp_path, parts, heaps_for(len(records))) for _ in range(2))

    assert one != two
    assert records not in (one, two)
    # Of two neighbours either comes first: 2,500 times, give or take seven deviations of 20.4.
    place = {record: at for at, record in enumerate(one)}
    ahead = sum(place[this] < place[that] for this, that in pairwise(records))
    assert 2_350 < ahead < 2_650


def test_heaps_are_a_power_of_two_and_stay_small() -> None:
    numbers = [heaps_for(records) for records in (0, 999, 1_000, 10_000, 100_000, 10**9)]

    assert numbers == [1, 1, 2, 16, 128, 256]


def test_the_disk_shows_no_record_and_hardly_a_length(tmp_path: Path) -> None:
    key, secrets = ScratchKey(), [b"unmistakable words %d" % number for number in range(50)]
    for name, records in (("long", secrets), ("short", [b"x"] * 50)):
        writer = Heaps(tmp_path / name, key, HEAPS)
        writer.add(records)
        writer.close()

    content = (tmp_path / "long").read_bytes()
    assert (tmp_path / "long").stat().st_mode & 0o777 == 0o600
    assert not any(words in content for words in (b"unmistakable", b"words", key.secret))
    # Noise: each byte about as often as any other, and nothing left to compress.
    assert len(Counter(content)) == 256
    assert max(Counter(content).values()) < 4 * len(content) / 256
    assert (len(content) - HEAPS * 28) % 1024 == 0


def test_with_another_key_nothing_is_read(tmp_path: Path) -> None:
    writer = Heaps(tmp_path / "heaps", ScratchKey(), HEAPS)
    files = {writer.path: writer.add([b"a", b"b"])}
    writer.close()

    with pytest.raises(SealError):
        list(in_random_order(files, ScratchKey()))
