"""Broken definitions: the samples with one thing wrong, and what has to be said about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.consultation.yaml_source import Source, read_yaml

SURVEYS = Path(__file__).parents[2] / "surveys"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(SURVEYS.glob("*.yaml"))}

KEYS = frozenset(
    {
        *("consultation", "version", "languages", "title", "organisation", "contact"),
        *("about", "minutes", "audience", "from_age", "dates", "opens"),
        *("closes", "exit_to", "access", "sealed_to", "support", "countries"),
        *("consent", "model", "statements", "label", "optional", "duties"),
        *("why_ask", "ethics", "reference", "safeguarding", "deputy", "pilot"),
        *("reviewers", "changed", "participation", "space", "promise", "reply_by"),
        *("influence", "can_change", "topics", "choice_lists", "pages", "name"),
        *("content_warning", "relevant", "questions", "type", "choices", "exclusive"),
        *("hint", "lines", "max_length", "rows", "labels", "prefer_not_to_say"),
        *("thanks", "what_happens_next", "collectors", "assent"),
    }
)


@dataclass(frozen=True)
class Broken:
    """A text, and the rules of which one has to be found in its line (and column, if known)."""

    name: str
    text: str
    rules: tuple[str, ...]
    line: int
    column: int = 0
    says: str = ""


def all_broken() -> Iterator[Broken]:
    """Every broken definition, sample by sample."""
    for sample, text in TEXTS.items():
        source = read_yaml(text, f"{sample}.yaml")
        yield from spread(misspelt_keys(sample, text, source), 8)
        yield from spread(doubled_keys(sample, text, source), 2)
        yield from spread(emptied_keys(sample, text, source), 2)
        yield from spread(lost_first_language(sample, text), 2)
        yield from spread(lost_language(sample, text), 2)
        for kind, changes in _CHANGES.items():
            yield from spread(changed(sample, text, kind, changes), 1)
    yield from traps("internet-safer", TEXTS["internet-safer"])


def spread(broken: Iterator[Broken], count: int) -> list[Broken]:
    """At most `count` of them, from the beginning of the file to its end."""
    all_of_them = list(broken)
    if len(all_of_them) <= count or count == 1:
        return all_of_them[-count:]
    return [all_of_them[i * (len(all_of_them) - 1) // (count - 1)] for i in range(count)]


def _replaced(text: str, line: int, column: int, old: str, new: str) -> str:
    lines = text.splitlines(keepends=True)
    head, tail = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
    assert tail.startswith(old), (tail, old)
    lines[line - 1] = head + new + tail[len(old) :]
    return "".join(lines)


def misspelt_keys(sample: str, text: str, source: Source) -> Iterator[Broken]:
    """A key with two letters in the wrong order."""
    for path, (line, column) in source.keys.items():
        key = str(path[-1])
        if key not in KEYS or key[0] == key[1]:
            continue
        wrong = key[1] + key[0] + key[2:]
        broken = _replaced(text, line, column, f"{key}:", f"{wrong}:")
        where = ".".join(map(str, path))
        yield Broken(f"{sample} {where}", broken, ("unknown-key",), line, column, f"“{key}”")


def doubled_keys(sample: str, text: str, source: Source) -> Iterator[Broken]:
    """A top-level key that stands twice."""
    for path, (line, column) in source.keys.items():
        if len(path) == 1:
            broken = f"{text}\n{path[0]}: again\n"
            last = broken.count("\n")
            says = f"line {line}"
            yield Broken(
                f"{sample} {path[0]} twice", broken, ("duplicate-key",), last, column, says
            )


def emptied_keys(sample: str, text: str, source: Source) -> Iterator[Broken]:
    """A key with nothing behind it."""
    for path, (line, column) in source.keys.items():
        key = str(path[-1])
        value = text.splitlines()[line - 1][column - 1 + len(key) + 1 :]
        is_needed = key in {"minutes", "exit_to", "version", "contact", "model"}
        if is_needed and value.strip() and "}" not in value:
            broken = _replaced(text, line, column, f"{key}:{value}", f"{key}:")
            rules = ("missing-key", "consent-model")
            yield Broken(f"{sample} {key} empty", broken, rules, line, column, f"“{key}”")


def lost_first_language(sample: str, text: str) -> Iterator[Broken]:
    """A text without the first language."""
    for match in re.finditer(r"label: \{en: \"[^\"]*\", (?=[a-z]{2}: )", text):
        line = text.count("\n", 0, match.start()) + 1
        broken = text[: match.start()] + "label: {" + text[match.end() :]
        yield Broken(f"{sample} no en in {line}", broken, ("text-missing",), line)


def lost_language(sample: str, text: str) -> Iterator[Broken]:
    """A text without its last language: a gate, not an error."""
    for match in re.finditer(r", [a-z]{2}: \"[^\"]*\"(?=\})", text):
        line = text.count("\n", 0, match.start()) + 1
        broken = text[: match.start()] + text[match.end() :]
        says = match[0][2:4]
        yield Broken(
            f"{sample} no {says} in {line}", broken, ("incomplete-language",), line, 0, says
        )


_CHANGES: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {
    "a number in words": [(r"(?<=\bminutes: )\d+", "ten", ("value",))],
    "an age in words": [(r"(?<=from_age: )\d+", "thirteen", ("value",))],
    "a negative number": [(r"(?<=max_length: )\d+", "-5", ("value",))],
    "a day that is none": [(r"(?<=closes: )\d{4}-\d\d-\d\d", "2027-02-30", ("value",))],
    "a day as people write it": [(r"(?<=delete_by: )\d{4}-\d\d-\d\d", "28.03.2028", ("value",))],
    "a truth in words": [(r"(?<=exclusive: )true", "perhaps", ("value",))],
    "neither true nor false": [(r"(?<=optional: )true", "012", ("value",))],
    "a type that is none": [(r"(?<=type: )select_one\b", "selectone", ("question-type",))],
    "a type of another form": [
        (r"(?<=type: )select_one\b", "select_one yes_no", ("question-type",))
    ],
    "a type that identifies": [(r"(?<=type: )text\b", "email", ("identifying-type",))],
    "a list in place of a text": [(r"(?<=exit_to: )\S+", "[a, b]", ("value",))],
    "keys in place of a text": [(r"(?<=model: )\w+", "{a: b}", ("consent-model",))],
    "a text in place of a list": [(r"(?<=topics: )\[\w+\]", "storms", ("value",))],
    "a text in place of keys": [(r"(?<=\nsupport:)(\n  .*)+", " here", ("value",))],
    "a name with capitals": [(r"(?<=  - name: )[a-z]\w+(?=\n    title)", "My-Page", ("value",))],
    "an unknown topic": [(r"(?<=topics: \[)\w+", "no_such_topic", ("unknown-topic",))],
    "an unknown list": [(r"(?<=choices: )[a-z]\w+", "no_such_list", ("choice-list",))],
    "an unknown question": [(r"(?<=relevant: )\$\{\w+\}", "${no_such_question}", ("reference",))],
    "a question that comes later": [
        (r"(?<=relevant: )\$\{\w+\}", "${one_change}", ("reference",)),
        (r"(?<=relevant: )\$\{\w+\}", "${last_words}", ("reference",)),
    ],
    "an unknown choice": [
        (r"(?<=\} = )'\w+'|(?<=\} != )'\w+'", "'no_such_choice'", ("comparison",))
    ],
    "two equals signs": [(r"(?<=relevant: \$\{)(\w+)\} =", "x} ==", ("expression",))],
    "a bracket that stays open": [(r"(?<=relevant: )(?=\$)", "not(", ("expression",))],
    "a required question": [
        (r"(?<=\n)(?= {8}type: select_one)", "        required: true\n", ("required",))
    ],
    "a country in words": [(r"(?<=countries: \[)[A-Z]{2}", "Nepal", ("value",))],
    "a language that nobody speaks": [(r"(?<=languages: \[)[a-z]{2}", "qq", ("language-tag",))],
    "an exit without https": [(r"(?<=exit_to: )https", "http", ("value",))],
    "a day before the day before": [
        (r"(?<=results_by: )\d{4}(?=-\d\d-\d\d, delete)", "2026", ("date-order",))
    ],
    "no choice to choose from": [(r"(?<= {8}choices:)(\n {10}- .*)+", " []", ("value",))],
    "text where a tag belongs": [(r"(?<=minutes: )\d+", "!!int 5", ("plain-yaml",))],
    "an anchor": [(r"(?<=minutes: )\d+", "&m 5", ("plain-yaml",))],
    "an alias": [(r"(?<=minutes: )\d+", "*m", ("plain-yaml",))],
}
"""What stands in a sample, what stands there instead, and the rules one of which says so."""


def changed(
    sample: str, text: str, kind: str, changes: list[tuple[str, str, tuple[str, ...]]]
) -> Iterator[Broken]:
    """The sample with one of its places changed."""
    for pattern, new, rules in changes:
        if new.startswith("${") and new[2:-1] not in text and "no_such" not in new:
            continue
        for match in re.finditer(pattern, text):
            broken = text[: match.start()] + new + text[match.end() :]
            line = text.count("\n", 0, match.start()) + 1
            yield Broken(f"{sample} {kind} in {line}", broken, rules, line)


def traps(sample: str, text: str) -> Iterator[Broken]:
    """What makes a YAML reader guess, run or burst."""
    end = text.count("\n") + 1
    laughs = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 10))
    for name, more, rule, line in (
        ("a tab", "\tx: y\n", "yaml", end),
        ("a billion laughs", f"l0: &l0 lol\n{laughs}", "plain-yaml", end),
        ("deep nesting", f"x: {'[' * 5000}\n", "plain-yaml", end),
        ("a second document", "---\nx: y\n", "plain-yaml", end),
        ("a quotation mark that stays open", 'x: "never closed\n', "yaml", end),
        ("a bracket that stays open", "x: [1, 2\n", "yaml", end),
        ("a key without a space", "x:y\n", "yaml", end),
        ("a wrong indent", "  x: y\n", "yaml", end),
        ("a control character", "x: a\x07b\n", "yaml", end),
        ("a sign that begins nothing", "x: @home\n", "yaml", end),
        ("a merge key", "<<: {x: y}\n", "unknown-key", end),
        ("a Python object", "x: !!python/object:os.system y\n", "plain-yaml", end),
        ("a key that is a list", "? [a, b]\n: c\n", "plain-yaml", end),
        ("very many entries", "x: [" + "a, " * 40_000 + "]\n", "plain-yaml", end),
        ("a mebibyte", f"# {'x' * 1024 * 1024}\n", "plain-yaml", 1),
    ):
        yield Broken(f"{sample} {name}", text + more, (rule,), line)
