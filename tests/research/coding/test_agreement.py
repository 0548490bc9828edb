"""Cohen's kappa against published examples, an independent program, and its laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.coding import Agreement, kappa

PUBLISHED = {
    # J. Sim, C. C. Wright, The Kappa Statistic in Reliability Studies, Physical Therapy 85 (2005),
    # 257-268: two clinicians and 39 patients.
    "Sim and Wright 2005": ((22, 2, 4, 11), 0.67),
    # A. J. Viera, J. M. Garrett, Understanding Interobserver Agreement: The Kappa Statistic,
    # Family Medicine 37 (2005), 360-363: two residents and 100 lectures.
    "Viera and Garrett 2005": ((15, 5, 10, 70), 0.57),
    # K. Gwet, Kappa Statistic is not Satisfactory for Assessing the Extent of Agreement Between
    # Raters (2002): the same agreement of 60 %, and two kappas.
    "Gwet 2002, first": ((45, 15, 25, 15), 0.13),
    "Gwet 2002, second": ((25, 35, 5, 35), 0.26),
}


@pytest.mark.parametrize("source", PUBLISHED)
def test_published_examples(source: str) -> None:
    cells, expected = PUBLISHED[source]
    found = kappa(*cells)

    assert found is not None
    assert round(found, 2) == expected


def test_by_hand() -> None:
    """50 texts: they agree on 35, so 0.7; by chance 0.5 x 0.6 + 0.5 x 0.4 = 0.5; 0.2 / 0.5."""
    assert kappa(20, 5, 10, 15) == 0.4


@pytest.mark.parametrize("cells", [(0, 0, 0, 0), (7, 0, 0, 0), (0, 0, 0, 7)])
def test_where_nothing_can_be_said_it_says_nothing(cells: tuple[int, int, int, int]) -> None:
    assert kappa(*cells) is None


CELLS = st.tuples(*[st.integers(0, 400)] * 4)


@given(CELLS)
def test_laws(cells: tuple[int, int, int, int]) -> None:
    both, first, second, neither = cells
    found = kappa(*cells)

    assert found == kappa(both, second, first, neither)  # whoever is called the first
    assert found == kappa(neither, first, second, both)  # of the theme, or of its absence
    if found is None:
        assert both + neither == sum(cells)
    else:
        assert -1 <= found <= 1
        assert (found == 1) == (first == second == 0)
        # Another way to write it: 2 (ad - bc) / ((a + b)(b + d) + (a + c)(c + d)).
        below = (both + first) * (first + neither) + (both + second) * (second + neither)
        assert found == pytest.approx(2 * (both * neither - first * second) / below)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=60))
def test_pairs_are_counted(pairs: list[tuple[bool, bool]]) -> None:
    found = Agreement.of(pairs)

    assert found.texts == len(pairs)
    assert found.agreed == sum(first == second for first, second in pairs)
