"""From the text of a YAML file to a definition, or to messages that say what to write instead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from .findings import DefinitionErrors, Finding, Path, did_you_mean
from .model import Definition
from .model_messages import explain
from .structure import check_structure
from .texts import DEFAULT_LANGUAGE
from .yaml_source import Source, read_yaml


def load_definition(text: str, path: str) -> Definition:
    """Return the definition in `text`; `path` is the file's name in messages.

    Raises `DefinitionErrors` with every finding, each at its line and column.
    """
    return read_definition(text, path)[0]


def load_definition_file(path: FilePath) -> Definition:
    """Return the definition in the file at `path`; raises `DefinitionErrors`, `OSError`."""
    return read_definition_file(path)[0]


def read_definition(text: str, path: str) -> tuple[Definition, Source]:
    """Return the definition in `text` with its source, which knows the place of every node.

    Raises `DefinitionErrors` with every finding, each at its line and column.
    """
    source = read_yaml(text, path)
    if not isinstance(source.tree, dict):
        message = "A consultation starts with keys such as “consultation:” and “pages:”."
        raise DefinitionErrors([Finding(path, 1, 1, message, rule="yaml")])
    unresolved = dict(_resolve_choice_lists(source))
    languages = source.tree.get("languages")
    first = languages[0] if isinstance(languages, list) and languages else "en"
    try:
        definition = Definition.model_validate(source.tree, context={DEFAULT_LANGUAGE: first})
    except ValidationError as error:
        found = {explain(source, details) for details in error.errors(include_url=False)}
        unread = {source.place(path) for path in unresolved}
        told = {each for each in found if (each.line, each.column) not in unread}
        raise DefinitionErrors(told | set(unresolved.values())) from None
    findings = {
        source.finding(problem.path, problem.message, rule=problem.rule)
        for problem in check_structure(definition)
    }
    if findings:
        raise DefinitionErrors(findings)
    return definition, source


def read_definition_file(path: FilePath) -> tuple[Definition, Source]:
    """Return the definition in the file at `path` with its source.

    Raises `DefinitionErrors`, `OSError`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        before = bytes(error.object[: error.start]).decode("utf-8-sig", errors="replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = "This sign is not UTF-8. Save the file as UTF-8 (in the editor: “Encoding”)."
        raise DefinitionErrors([Finding(str(path), line, column, message, rule="yaml")]) from None
    return read_definition(text, str(path))


def _resolve_choice_lists(source: Source) -> Iterator[tuple[Path, Finding]]:
    """Put each named choice list in the place of its name; yield the names that are not there.

    What stays a name is refused by the model, so that its other findings are told too.
    """
    lists = source.tree.get("choice_lists")
    lists = lists if isinstance(lists, dict) else {}
    for path, question in _questions(source.tree):
        named = question.get("choices")
        if not isinstance(named, str):
            continue
        where: Path = (*path, "choices")
        if named in lists:
            question["choices"] = lists[named]
            source.links[where] = ("choice_lists", named)
        else:
            hint = did_you_mean(named, lists) or " Write the list there, or the choices here."
            message = f"There is no choice list “{named}” under choice_lists.{hint}"
            yield where, source.finding(where, message, rule="choice-list")


def _questions(tree: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    pages = tree.get("pages")
    for page_index, page in enumerate(pages if isinstance(pages, list) else []):
        questions = page.get("questions") if isinstance(page, dict) else None
        for index, question in enumerate(questions if isinstance(questions, list) else []):
            if isinstance(question, dict):
                yield ("pages", page_index, "questions", index), question
