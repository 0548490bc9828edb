"""All reports of one run: they are protected together, because they are read together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.research.disclosure import Rules
from app.research.disclosure.asked import COLLECTOR, Asked, all_asked
from app.research.disclosure.cell import scope
from app.research.disclosure.counting import Counted, count_all
from app.research.opened import OpenedDataSet

from .blocks import Document
from .content import make_document
from .setting import Setting
from .shares import Sentences


@dataclass(frozen=True)
class Made:
    """The reports of one run.

    Attributes:
        everybody: the report about everybody.
        collectors: the report of each collector, by its name in the data; the common link has an
            empty name.
        counted: what all of them were made from, and what is hidden.
    """

    everybody: Document
    collectors: dict[str, Document]
    counted: Counted


def make_reports(
    data: OpenedDataSet,
    rules: Rules,
    words: Sentences,
    *,
    threshold: int,
    each_collector: bool = False,
) -> Made:
    """Return the reports of a data set.

    Args:
        data: what `open_data_set` read.
        rules: what to cross and what to make coarser.
        words: Heard's own sentences in the language of the reports.
        threshold: the smallest group, at least `FLOOR`.
        each_collector: whether each collector has a report of its own.

    Raises:
        RulesError: a rule does not fit the data set.
        DataSetError: a cell of the table is not what the codebook says.
        ValueError: the threshold is under the floor.
    """
    asked = all_asked(data, rules)
    counted = count_all(
        asked,
        by=rules.by,
        each_collector=each_collector or rules.weigh is not None,
        coding=data.coding,
        threshold=threshold,
    )
    setting = Setting(
        counted,
        asked,
        data.codebook,
        data.coding,
        rules,
        words,
        each_collector=each_collector,
    )
    names = _collectors(asked) if each_collector else []
    return Made(
        make_document(setting),
        {n: make_document(replace(setting, place=scope(n), collector=n)) for n in names},
        counted,
    )


def _collectors(asked: Sequence[Asked]) -> list[str]:
    came = next(one for one in asked if one.name == COLLECTOR)
    return [answer.name for answer in came.answers]
