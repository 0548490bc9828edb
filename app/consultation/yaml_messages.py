"""What a YAML parser complains about, in plain words and at the place to look at."""

from __future__ import annotations

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

_INDENT = "Put lines that belong together at the same depth, with spaces."
_QUOTES = "Put a text that holds “: ” or “ #”, or starts with a sign, in double quotes."

_SAID = (
    ("mapping values are not allowed", f"This line does not fit. {_QUOTES} {_INDENT}"),
    ("unexpected end of stream", "A quotation mark opens here and never closes. Close it."),
    ("unknown escape character", "In double quotes a \\ is special. Write \\\\, or leave it out."),
    ("that cannot start any token", f"A text cannot start with this sign. {_QUOTES}"),
    ("could not find expected ':'", "A key needs a colon and a space behind it: “key: text”."),
    ("expected ',' or ']'", "A list that opens with [ here has no , or ] where one is needed."),
    ("expected ',' or '}'", "What opens with { here has no , or } where one is needed."),
    ("expected <block end>", f"This line is indented differently from the lines before. {_INDENT}"),
    ("sequence entries are not allowed", f"A “- ” cannot stand here. {_INDENT}"),
    ("block sequence entries", f"A “- ” cannot stand here. {_INDENT}"),
    ("expected the node content", "Something is missing before this sign. Put texts in quotes."),
    ("did not find expected", f"Something is missing before this. {_INDENT} {_QUOTES}"),
    ("undefined alias", "Aliases (*) are not used here. Write the text in full, or in quotes."),
    ("document start", "Only one document fits in a file: remove the line ---."),
)
_AT_THE_START = ("unexpected end of stream", "expected ',' or", "could not find expected ':'")
"""Problems that are told where a mark, a bracket or a key begins, not where the file ends."""


def explain_yaml_error(error: Exception, text: str) -> tuple[int, int, str]:
    """Return line, column (from 1) and a message for an error of the YAML parser in `text`."""
    if isinstance(error, ReaderError):
        line, column = _line_and_column(text, error.position)
        sign = f"U+{ord(text[error.position]):04X}" if error.position < len(text) else "a sign"
        return line, column, f"There is a sign here that no text may hold ({sign}). Delete it."
    if not isinstance(error, MarkedYAMLError):
        first = str(error).splitlines()[0] if str(error) else "it cannot be read"
        return 1, 1, f"This is not YAML: {first}. {_INDENT}"
    problem = (error.problem or "").strip()
    at_start = any(part in problem for part in _AT_THE_START)
    mark = (at_start and error.context_mark) or error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    said = next((words for part, words in _SAID if part in problem), "")
    return line, column, said or f"This is not YAML: {problem}. {_INDENT} {_QUOTES}"


def _line_and_column(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
