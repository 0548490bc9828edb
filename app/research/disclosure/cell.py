"""How one count of people is called: whose, of what, which answer, and by what it is crossed."""

from __future__ import annotations

from typing import Final, NamedTuple

from app.research.missing import Missing

EVERYBODY: Final = "*"
ANSWERED: Final = "*answered"
NO_ANSWER: Final = "*no answer"
WHOLE: Final = ""
REASONS: Final = tuple(f"*{reason.name.lower()}" for reason in Missing)


class Cell(NamedTuple):
    """One count of people.

    Attributes:
        collector: whose people; empty for everybody together, as is that of the common link: see
            `scope`.
        table: the name of what was asked; empty for all who took part.
        row: an answer, or one of the words above that begin with a star.
        by: what the table is crossed with; empty when it is not.
        value: which answer of that.
    """

    collector: str
    table: str
    row: str
    by: str = ""
    value: str = ""


def said(name: str) -> str:
    """The row of an answer."""
    return f"={name}"


def unsaid(name: str) -> str:
    """The row of those who were offered an answer and did not choose it."""
    return f"!{name}"


def could_say(name: str) -> str:
    """The row of those who answered and were offered this answer."""
    return f"?{name}"


def could_not_say(name: str) -> str:
    """The row of those who answered and were not offered this answer."""
    return f"-{name}"


def scope(collector: str) -> str:
    """How the people of a collector are called in a cell; the common link has an empty name."""
    return f"by {collector}"


def theme_cell(question: str, row: str) -> Cell:
    """The cell of a theme of a question's texts, or of how many texts were sorted."""
    return Cell(WHOLE, f"{question} themes", row)
