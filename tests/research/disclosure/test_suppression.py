"""What a report hides, against somebody who solves everything that it prints."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from app.research.disclosure import Publication, Sum, possible_range, suppress

Counts = dict[tuple[str, ...], int]
COUNTRIES = ("AL", "BA", "CO", "MD", "MX", "PE")
ALL = "all"


def crossing(cells: Counts) -> Publication[tuple[str, ...]]:
    """Every count of a table of any dimension with every margin, and every sum among them."""
    size = len(next(iter(cells)))
    values = [sorted({key[i] for key in cells}) for i in range(size)]
    counts: Counts = {}
    sums = []
    for key in product(*([*each, ALL] for each in values)):
        counts[key] = sum(
            count
            for cell, count in cells.items()
            if all(wanted in (ALL, got) for wanted, got in zip(key, cell, strict=True))
        )
        for i, wanted in enumerate(key):
            if wanted == ALL:
                parts = tuple((*key[:i], value, *key[i + 1 :]) for value in values[i])
                sums.append(Sum(key, parts))
    return Publication(counts, sums)


def solve(
    printed: dict[tuple[str, ...], int | None], wanted: tuple[str, ...]
) -> tuple[float, float]:
    """An attacker with the printed tables alone: what could stand in a cell marked None?

    Written apart from the product: one unknown for each cell without `ALL`, and one equation for
    each count that is printed.
    """
    inner = [key for key in printed if ALL not in key]
    place = {key: i for i, key in enumerate(inner)}

    def row(key: tuple[str, ...]) -> np.ndarray:
        line = np.zeros(len(inner))
        for cell in inner:
            if all(each in (ALL, got) for each, got in zip(key, cell, strict=True)):
                line[place[cell]] = 1
        return line

    known = [(row(key), count) for key, count in printed.items() if count is not None]
    matrix, right = np.array([k[0] for k in known]), np.array([k[1] for k in known])
    ends = []
    for sign in (1, -1):
        solved = linprog(
            sign * row(wanted), A_eq=matrix if known else None, b_eq=right if known else None
        )
        ends.append(sign * float(solved.fun or 0) if solved.status == 0 else sign * -np.inf)
    return ends[0], ends[1]


def printed_of(
    publication: Publication[tuple[str, ...]], threshold: int
) -> dict[tuple[str, ...], int | None]:
    hidden = suppress(publication, threshold)
    return {key: None if key in hidden else n for key, n in publication.counts.items()}


def tables(rows: int, columns: int, most: int) -> st.SearchStrategy[Counts]:
    keys = [(f"r{r}", f"c{c}") for r in range(rows) for c in range(columns)]
    return st.lists(st.integers(0, most), min_size=len(keys), max_size=len(keys)).map(
        lambda counts: dict(zip(keys, counts, strict=True))
    )


@settings(max_examples=60)
@given(
    st.tuples(st.integers(1, 5), st.integers(1, 4)).flatmap(lambda s: tables(*s, most=40)),
    st.sampled_from([5, 10]),
)
def test_r97_no_hidden_count_of_a_crossing_can_be_worked_out(cells: Counts, threshold: int) -> None:
    printed = printed_of(crossing(cells), threshold)

    for key, count in printed.items():
        if count is None:
            least, most = solve(printed, key)
            assert most - least >= threshold - 1e-6, (key, least, most)
        else:
            assert count == 0 or count >= threshold


@settings(max_examples=15)
@given(st.lists(st.integers(0, 30), min_size=18, max_size=18))
def test_r97_the_whole_minus_the_countries_reveals_no_country(counts: list[int]) -> None:
    answers = ("yes", "no", "skipped")
    keys = list(product(COUNTRIES, answers))
    printed = printed_of(crossing(dict(zip(keys, counts, strict=True))), 10)

    for key, count in printed.items():
        if count is None:
            least, most = solve(printed, key)
            assert most - least >= 10 - 1e-6


def test_one_small_country_hides_a_second_one_of_the_smallest() -> None:
    cells: Counts = {(country, "yes"): 40 + 10 * i for i, country in enumerate(COUNTRIES)}
    cells["CO", "yes"] = 3

    hidden = suppress(crossing(cells), 10)

    assert {key[0] for key in hidden} == {"CO", "AL"}


def test_what_needs_no_hiding_is_printed_whole() -> None:
    cells: Counts = {(country, answer): 25 for country in COUNTRIES for answer in ("yes", "no")}

    assert suppress(crossing(cells), 10) == frozenset()


def test_nobody_is_a_count_that_is_printed() -> None:
    assert suppress(crossing({("a",): 0, ("b",): 50}), 10) == frozenset()


def test_a_handful_of_people_is_hidden_altogether() -> None:
    publication = crossing({("a",): 2, ("b",): 3})

    assert suppress(publication, 10) == frozenset(publication.counts)


def test_two_crossings_of_one_question_are_protected_together() -> None:
    """Each alone looks safe: the margin that they share ties them."""
    counts = {
        **{f"q={q}": 30 for q in "yn"},
        "total": 60,
        "q=y,age=1": 3, "q=y,age=2": 27, "q=n,age=1": 20, "q=n,age=2": 10,
        "age=1": 23, "age=2": 37,
        "q=y,place=1": 15, "q=y,place=2": 15, "q=n,place=1": 16, "q=n,place=2": 14,
        "place=1": 31, "place=2": 29,
    }  # fmt: skip
    sums = [Sum("total", ("q=y", "q=n"))]
    for other in ("age", "place"):
        sums.append(Sum("total", (f"{other}=1", f"{other}=2")))
        sums += [Sum(f"q={q}", (f"q={q},{other}=1", f"q={q},{other}=2")) for q in "yn"]
        sums += [Sum(f"{other}={v}", tuple(f"q={q},{other}={v}" for q in "yn")) for v in "12"]
    publication = Publication(counts, sums)

    hidden = suppress(publication, 10)

    assert "q=y,age=1" in hidden
    for cell in hidden:
        least, most = possible_range(publication, hidden, cell)
        assert most - least >= 10 - 1e-6


def _small_tables() -> Iterator[Counts]:
    for a, b, c, d in product((0, 3, 8), repeat=4):
        yield {("r", "x"): a, ("r", "y"): b, ("s", "x"): c, ("s", "y"): d}


@pytest.mark.thorough
@pytest.mark.parametrize("threshold", [5])
def test_in_whole_people_too_each_hidden_count_stays_uncertain(threshold: int) -> None:
    """Tried by brute force: every table of whole numbers that fits what is printed."""
    for cells in _small_tables():
        publication = crossing(cells)
        printed = printed_of(publication, threshold)
        hidden = [key for key, count in printed.items() if count is None]
        if not hidden or printed[ALL, ALL] is None:
            continue
        most = sum(cells.values())
        seen: dict[tuple[str, ...], set[int]] = {key: set() for key in hidden}
        for a, b, c in product(range(most + 1), repeat=3):
            rest = most - a - b - c
            if rest < 0:
                continue
            guess = crossing(dict(zip(cells, (a, b, c, rest), strict=True))).counts
            if all(n is None or guess[key] == n for key, n in printed.items()):
                for key in hidden:
                    seen[key].add(guess[key])
        for key, values in seen.items():
            assert max(values) - min(values) >= threshold, (cells, key, values)


@pytest.mark.parametrize("threshold", [0, 1, 4])
def test_a_threshold_under_five_is_refused(threshold: int) -> None:
    with pytest.raises(ValueError, match="at least 5"):
        suppress(crossing({("a",): 3}), threshold)


def test_counts_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="not the sum"):
        Publication({"a": 1, "b": 2, "all": 4}, [Sum("all", ("a", "b"))])
