"""What a facilitator has to know before handing out sheets; in English, like all commands."""

from __future__ import annotations

from collections.abc import Iterator

from app.consultation import Definition, choices_of, text_in
from app.consultation.questions import AnyQuestion

from .branches import Branches
from .help_sheets import Help


def notes_for(
    definition: Definition, branches: Branches, help_: Help, language: str
) -> Iterator[str]:
    """Yield each note as a sentence or two.

    Args:
        definition: the consultation.
        branches: its questions as they are numbered on paper.
        help_: whom the help sheets list.
        language: the language of the sheets, for messages of constraints.
    """
    for name, number in branches.numbers.items():
        yield from _about(definition.questions[name], number, language)
    if branches.left_out:
        names = ", ".join(branches.left_out)
        yield f"Not printed, because nobody is to answer it: {names}."
    yield from _about_help(help_)


def _about(question: AnyQuestion, number: int, language: str) -> Iterator[str]:
    if getattr(question, "randomize", False):
        yield (
            f"Question {number}: on a screen each person sees the choices in an order of their "
            "own; on paper they stand in the order of the file."
        )
    if question.constraint:
        message = text_in(question.constraint_message, language)
        said = f" (“{message}”)" if message else ""
        yield (
            f"Question {number}: paper cannot check its constraint{said}. If people should know "
            "it beforehand, say it in the hint."
        )
    if any(holder.image or holder.audio for holder in (question, *choices_of(question))):
        yield f"Question {number}: its pictures and sounds are printed as words."


def _about_help(help_: Help) -> Iterator[str]:
    services = [service for listing in help_.listings for service in listing.services]
    uncalled = sum(service.checked is None for service in services)
    if uncalled:
        yield (
            f"{uncalled} of {len(services)} services on the help sheets were not yet called by "
            "anybody. A number on paper cannot be corrected: call each one first."
        )
    unknown = [listing.country for listing in help_.listings if listing.none_known]
    if unknown:
        yield f"No service for these people is known in: {', '.join(unknown)}. The sheets say so."
