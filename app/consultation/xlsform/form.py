"""What is known of a form while its questions are carried over."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from ..expressions import Tree
from ..skeleton import TO_TRANSLATE, TO_WRITE
from .choices import ChoiceList
from .conditions import NotOurs, Scope, Subject, Translated, own_tree, translate, translate_tree
from .field_conditions import Unreadable, names_in, read_condition
from .names import Names, name_from
from .piping import replace_names
from .remarks import Remarks
from .survey_tree import named
from .tables import Languages, Row, Table, in_order, shortened

_ADMITTED_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9_-]+)*\.[a-z0-9]{2,4}")


GAP = "…"
"""What stands in a text where a form shows an answer that Heard does not show."""


RENAMED = "names have small letters, digits and single _, and no two are the same."


class Text(dict[str, str]):
    """A text by language, told apart from other mappings when YAML is written."""


class LeftOut(Exception):
    """A question cannot be carried; says why, and what to do."""

    def __init__(self, why: str, todo: str = "") -> None:
        super().__init__(why)
        self.why, self.todo = why, todo


@dataclass
class Question:
    """A question of the definition, and the row that it came from."""

    row: Row
    keys: dict[str, Any]
    list_name: str = ""
    """The form's choice list, which other questions may use too."""


@dataclass
class Page:
    """A page of the definition, and the row of its group if it has one."""

    row: Row | None
    keys: dict[str, Any]
    questions: list[Question] = field(default_factory=list)


@dataclass
class Form:
    """The form's sheets, and what has become of its rows so far."""

    languages: Languages
    lists: dict[str, ChoiceList]
    remarks: Remarks
    exact: bool
    """Whether Heard exported the form, so that every sign of a text is meant."""
    choices_sheet: str
    mentioned: frozenset[str]
    """Names that some condition or text of the form looks at."""
    all_names: frozenset[str]
    question_names: Names
    external: Callable[[str], Table | None]
    """The table of a CSV file beside the form, by its name."""
    subjects: dict[str, Subject] = field(default_factory=dict)
    """Questions carried so far, by their names in the form."""
    gone: dict[str, str] = field(default_factory=dict)
    """Why questions are not carried, by their names in the form."""
    filters_used: set[str] = field(default_factory=set)
    """Columns of the choices that some choice filter looked at."""
    files_used: set[str] = field(default_factory=set)
    """Files beside the form, without their ending."""
    lists_used: set[str] = field(default_factory=set)
    """Choice lists that some question names."""

    def why_not(self, name: str) -> str:
        """Why a condition cannot look at `name`."""
        if name in self.gone:
            return f"“{name}” was left out"
        if name in self.all_names:
            return f"“{name}” is asked later"
        return f"there is no question “{name}”"

    def leave_out(self, row: Row, why: str, todo: str = "") -> None:
        """Say that a row is not carried."""
        kind = shortened(row.get("type"), 40)
        self.gone[row.get("name")] = why
        self.remarks.left_out(row.sheet, row.number, kind or "a row", why, todo, name=named(row))

    def changed(self, row: Row, what: str, why: str, todo: str = "", name: str = "") -> None:
        """Say that a row is carried in another shape."""
        self.remarks.changed(row.sheet, row.number, what, why, todo, name=name)

    def new_name(self, row: Row) -> str:
        """The name of a question in the definition; each is given once."""
        written = row.get("name")
        wished = name_from(written or shortened(row.first("label"), 30), f"question_{row.number}")
        given = self.question_names.give(wished)
        if given != written:
            shown = f"“{written}” is “{given}” now" if written else f"“{given}” is new"
            self.changed(row, "a name", RENAMED, name=shown)
        return given

    def text(self, row: Row, key: str, *, pipes: bool = True) -> Text | None:
        """A text of a row in every language; gaps are marked for the translator.

        Without `pipes`, no answer can be shown in it, as in the label of a choice.
        """
        found = row.text(key)
        if not any(words.strip() for words in found.values()):
            return None
        piped = {tag: self._piped(row, words, pipes) for tag, words in found.items()}
        return self.in_every_language(row, key, piped)

    def in_every_language(self, row: Row, key: str, text: Mapping[str, str]) -> Text:
        """`text` with its gaps filled from a language that it has; Heard's own stay open."""
        tags = self.languages.tags
        if self.exact:
            return Text(in_order(text, tags))
        source = next(words for words in text.values() if words.strip())
        missing = [tag for tag in tags if not text.get(tag, "").strip()]
        same_everywhere = not any(sign.isalpha() for sign in source)
        filled = dict(text)
        for tag in missing:
            filled[tag] = source if same_everywhere else f"{TO_TRANSLATE} {source}"
            if not same_everywhere:
                what, why = f"{key} in {tag}", "the form does not have it."
                todo = f"Search for “{TO_TRANSLATE}”."
                self.remarks.to_do(row.sheet, row.number, what, why, todo)
        return Text(in_order(filled, tags))

    def to_write(self, row: Row, what: str) -> Text:
        """A text that the form does not have, marked in every language."""
        why, todo = "the form does not have it.", f"Search for “{TO_WRITE}”."
        self.remarks.to_do(row.sheet, row.number, what, why, todo)
        return Text(dict.fromkeys(self.languages.tags, f"{TO_WRITE} {what}"))

    def _piped(self, row: Row, text: str, pipes: bool) -> str:
        """`${name}` shows again what was chosen in a select_one, and nothing else."""
        if self.exact or not names_in(text):
            return text

        def shown(name: str) -> str:
            subject = self.subjects.get(name)
            if subject and subject.type == "select_one" and pipes:
                return f"${{{subject.name}}}"
            self.remarks.left_out(
                row.sheet,
                row.number,
                f"${{{name}}} inside a text",
                "only a question can show again what was chosen in an earlier select_one.",
                f"There is “{GAP}” in its place: word the text so that it needs nothing there.",
            )
            return GAP

        return replace_names(text, shown)

    def scope(self, this: Subject | None = None, own_name: str = "") -> Scope:
        """What a condition can look at here."""
        return Scope(self.subjects, self.why_not, this, own_name)

    def condition(
        self, row: Row, source: str, scope: Scope, tree: Tree | None = None
    ) -> Translated:
        """`source` in the consultation language; what could not be said is listed.

        `tree` is what is still to be said of it.
        """
        found = self._own(source, tree)
        if found is None:
            found = translate(source, scope) if tree is None else translate_tree(tree, scope)
        if found.lost:
            part = "part of the condition" if found.tree else "the condition"
            self.remarks.left_out(
                row.sheet,
                row.number,
                f"{part} “{shortened(source, 160)}”",
                f"{'; '.join(dict.fromkeys(found.lost))}.",
                "Write it with what Heard has, or let everybody see the question.",
            )
        return found

    def _own(self, source: str, tree: Tree | None) -> Translated | None:
        """What Heard exported comes back as it was."""
        if not self.exact:
            return None
        try:
            return Translated(own_tree(tree or read_condition(source)))
        except (NotOurs, Unreadable):
            return None

    def media(self, row: Row) -> dict[str, Any]:
        """The keys `image` and `audio` of a row."""
        keys: dict[str, Any] = {}
        for key, words in (("image", "alt"), ("audio", "transcript")):
            files = list(dict.fromkeys(row.text(key).values()))
            if not files:
                continue
            file = media_file(files[0])
            what = f"the {key} “{shortened(files[0])}”"
            if not file:
                self.remarks.left_out(row.sheet, row.number, what, "its name has no ending.")
                continue
            if files[1:]:
                why = "a question has one for all languages; the first counts."
                self.remarks.left_out(row.sheet, row.number, f"“{', '.join(files[1:])}”", why)
            own = self.text(row, f"heard::{words}")
            keys[key] = {
                "file": file,
                words: own
                or self.to_write(row, f"what the {key} {'shows' if key == 'image' else 'says'}."),
            }
            if not self.exact:
                todo = f"Copy the file to surveys/media/{file}."
                self.changed(row, what, f"it is looked for in surveys/media, as {file}.", todo)
        return keys


def media_file(written: str) -> str:
    """A file's name that a definition admits; empty when it has no ending."""
    if _ADMITTED_FILE.fullmatch(written):
        return written
    path = PurePosixPath(written.replace("\\", "/"))
    ending = path.suffix.lower().lstrip(".")
    if not (ending.isascii() and ending.isalnum() and 2 <= len(ending) <= 4):  # noqa: PLR2004 - FileName
        return ""
    stem = "".join(
        sign if sign.isascii() and (sign.isalnum() or sign == "_") else "-" for sign in path.stem
    )
    return f"{stem.strip('-_') or 'file'}.{ending}"
