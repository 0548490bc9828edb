"""Choice lists of an exported form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..expressions import parse_expression
from ..model import Definition
from ..questions import PREFER_NOT_TO_SAY, Choice, Matrix, Rank, Scale, SelectMultiple, SelectOne
from .countries import countries_in
from .exported_cells import Cells, choice_media, words
from .spelling import Spelling, spelled

FILTER_COLUMN = "show_if"
ALWAYS = "always"
COUNTRIES = "countries"
RATHER_NOT = {
    **{"en": "I prefer not to say", "fr": "Je préfère ne pas le dire", "es": "Prefiero no decirlo"},
    **{"ar": "أفضّل عدم الإجابة", "pt": "Prefiro não dizer", "ne": "म भन्न चाहन्न"},
    **{"bn": "আমি বলতে চাই না", "sw": "Sipendi kusema"},
}
"""A choice of its own in XLSForm, which has no key for it."""


@dataclass(frozen=True)
class Listed:
    """A list in the sheet choices, and the choice filter of questions that use it."""

    name: str
    filter: str


class ExportedLists:
    """The sheet choices, filled while the survey is written."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._names: dict[tuple[object, ...], Listed] = {}
        self._taken = set(definition.choice_lists)
        self._rows: list[Cells] = []
        for name, choices in definition.choice_lists.items():
            self._names[repr(choices), False] = self._add(name, choices, silence=False)

    def rows(self) -> list[Cells]:
        """Every choice of every list."""
        return self._rows

    def of(self, question: SelectOne | SelectMultiple | Rank | Matrix) -> Listed:
        """The list of a question, shared with others that have the same choices."""
        silence = question.prefer_not_to_say and not isinstance(question, Rank)
        key = (repr(question.choices), silence)
        if key not in self._names:
            name = self._free(question.name)
            self._names[key] = self._add(name, question.choices, silence=silence)
        return self._names[key]

    def of_scale(self, scale: Scale) -> str:
        """The points of a scale as a list; a point without words has its number."""
        name = self._free(scale.name)
        for point in scale.points:
            label = scale.labels.get(str(point))
            said = label or dict.fromkeys(self.definition.languages, str(point))
            unlabelled = "" if label else "yes"
            self._put(name, str(point), {**words("label", said), "heard_unlabelled": unlabelled})
        if scale.prefer_not_to_say:
            self._put_silence(name, {})
        return name

    def countries(self) -> str:
        """Every country in every language."""
        if (COUNTRIES,) not in self._names:
            name = self._free(COUNTRIES)
            self._names[COUNTRIES,] = Listed(name, "")
            by_tag = {tag: countries_in(tag) for tag in self.definition.languages}
            for code in countries_in("en"):
                said = {tag: names[code] for tag, names in by_tag.items()}
                self._put(name, code, words("label", said))
        return self._names[COUNTRIES,].name

    def _free(self, name: str) -> str:
        while name in self._taken:
            name += "_list"
        self._taken.add(name)
        return name

    def _add(self, name: str, choices: Sequence[Choice], *, silence: bool) -> Listed:
        conditions = _conditions(choices)
        shown = {condition: str(number) for number, condition in enumerate(conditions, 1)}
        for choice in choices:
            cells = words("label", choice.label) | choice_media(choice.image, choice.audio)
            cells["heard_exclusive"] = "yes" if choice.exclusive else ""
            if conditions:
                cells[FILTER_COLUMN] = shown[choice.relevant] if choice.relevant else ALWAYS
            self._put(name, choice.name, cells)
        if silence:
            self._put_silence(name, {FILTER_COLUMN: ALWAYS} if conditions else {})
        return Listed(name, filter_of(choices))

    def _put_silence(self, name: str, cells: Cells) -> None:
        english = RATHER_NOT["en"]
        said = {tag: RATHER_NOT.get(tag, english) for tag in self.definition.languages}
        self._put(name, PREFER_NOT_TO_SAY, words("label", said) | cells)

    def _put(self, list_name: str, name: str, cells: Cells) -> None:
        self._rows.append({"list_name": list_name, "name": name, **cells})


def _conditions(choices: Sequence[Choice]) -> list[str]:
    return list(dict.fromkeys(choice.relevant for choice in choices if choice.relevant))


def filter_of(choices: Sequence[Choice]) -> str:
    """A choice filter that says for each row of a list when it is shown; "" when it always is."""
    conditions = _conditions(choices)
    if not conditions:
        return ""
    parts = [f"{FILTER_COLUMN} = '{ALWAYS}'"]
    for number, condition in enumerate(conditions, 1):
        said = spelled(parse_expression(condition), Spelling.XLSFORM)
        parts.append(f"({FILTER_COLUMN} = '{number}' and ({said}))")
    return " or ".join(parts)
