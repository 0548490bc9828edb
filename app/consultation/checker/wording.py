"""Words that promise too much, blame, or hurt: R4 and section 5 of the practice report."""

from __future__ import annotations

from collections.abc import Iterator

from .registry import Spot, rule
from .sheet import Sheet
from .word_lists import find_words


@rule("promises", "gate", "R4", "Nothing is promised that no software can keep.", firm=True)
def _promises(sheet: Sheet) -> Iterator[Spot]:
    for passage in sheet.read_by_people:
        found = find_words("promises", passage.language, passage.text)
        if found:
            yield (
                passage.path,
                f"“{', '.join(found)}” is more than anybody can promise. Say what is done: We do "
                "not ask who you are.",
            )


@rule("blaming-question", "gate", "Practice 5", "No question puts the blame on who was harmed.")
def _blaming(sheet: Sheet) -> Iterator[Spot]:
    for one in sheet.asked:
        for passage in sheet.words_of(one):
            found = find_words("blaming", passage.language, passage.text)
            if found:
                yield (
                    passage.path,
                    f"“{', '.join(found)}” sounds like blame. Ask what made it easier or harder.",
                )


@rule("naming-people", "advice", "Practice 5", "People are named as they name themselves.")
def _naming(sheet: Sheet) -> Iterator[Spot]:
    for passage in sheet.read_by_people:
        found = find_words("naming", passage.language, passage.text)
        if found:
            yield (
                passage.path,
                f"“{', '.join(found)}” is a name that people did not choose. Write “people who "
                "went through this”, or “sexual abuse material”.",
            )
