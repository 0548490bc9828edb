"""Nobody, where it is hidden how many answered: beside hidden numbers it would tell the rest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from app.research.disclosure.asked import COLLECTOR, Answer, Asked
from app.research.disclosure.cell import ANSWERED, WHOLE, Cell, could_say, said
from app.research.disclosure.counting import Counted, count_all


def asked(name: str, answers: Sequence[str], given: Sequence[str], several: bool = False) -> Asked:
    """A question that everybody answered; with several answers the first was always offered."""
    everybody = np.ones(len(given), np.bool_)
    return Asked(
        name=name,
        question="" if name == COLLECTOR else name,
        type="select_one",
        label={},
        row_label={},
        answers=tuple(Answer(each, {}) for each in answers),
        chosen=tuple(
            np.array([each in (one.split() or [""]) for one in given]) for each in answers
        ),
        offered=(everybody,) * len(answers),
        missing=np.zeros(len(given), np.int8),
        several=several,
    )


def counted_by_age(told: Sequence[str], several: bool = False) -> Counted:
    """60 young people who said everything, and these older ones."""
    answers = ("yes", "no", "unsure")
    given = [*(answers[i % 3] for i in range(60)), *told]
    ages = ["young"] * 60 + ["older"] * len(told)
    return count_all(
        [
            asked(COLLECTOR, [""], [""] * len(given)),
            asked("told", answers, given, several),
            asked("age", ("young", "older"), ages),
        ],
        by=["age"],
    )


def column(counted: Counted, age: str) -> list[int | None]:
    cell = Cell(WHOLE, "told", ANSWERED, "age", age)
    rows = (ANSWERED, said("yes"), said("no"), said("unsure"))
    return [counted.printable(cell._replace(row=row)) for row in rows]


@pytest.mark.requirement("R97")
@pytest.mark.parametrize("several", [False, True])
def test_five_who_all_said_the_same_have_no_number_at_all(several: bool) -> None:
    counted = counted_by_age(["yes"] * 5, several)

    assert column(counted, "older") == [None] * 4
    base = Cell(WHOLE, "told", could_say("no"), "age", "older")
    if several:
        assert counted.printable(base) is None


def test_nobody_of_many_is_printed() -> None:
    assert column(counted_by_age(["yes"] * 40), "older") == [40, 40, 0, 0]


def test_what_is_hidden_is_counted_with_its_noughts() -> None:
    counted = counted_by_age(["yes"] * 5)

    shown = sum(counted.printable(cell) is not None for cell in counted.counts)
    assert counted.hidden_cells == len(counted.counts) - shown
    assert counted.counts[Cell(WHOLE, "told", said("no"), "age", "older")] == 0
