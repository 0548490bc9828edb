"""Between a definition and the PO files on which translators work.

Each text is known by a path of names that stays the same when pages and questions move:
`pages/online_life/questions/places/label`.
"""

from __future__ import annotations

import copy
import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from .findings import Path
from .loader import read_definition
from .model import Definition
from .texts import DEFAULT_LANGUAGE, is_language_tag, texts_of
from .translator_notes import notes_for
from .yaml_edits import write_texts
from .yaml_source import Source

_PLACEHOLDER = re.compile(r"\$\s*\{[^{}]*\}?")
_HEAD = """\
# The texts of a consultation, to be translated from {first} to {language}.
# They are for people from {age} years on: use words that they use themselves.
# An empty msgstr is a text that nobody has translated yet. Keep what looks like ${{name}}.
# Then send this file back; it is read with: heard translations import FILE"""


class NotTranslations(Exception):
    """A file is no PO file, or its head does not say what is needed; the message says it."""


class TranslationsDoNotFit(Exception):
    """A PO file does not fit the definition; `problems` names each text, a line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Translatable:
    """One text of a definition: its stable name, where it stands in the file, its words."""

    context: str
    path: Path
    words: dict[str, str]


@dataclass
class Translated:
    """What became of a file: `text` is the whole of it; the rest names texts by their context."""

    text: str
    language: str
    is_new: bool
    written: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)


def translatable(definition: Definition, source: Source) -> Iterator[Translatable]:
    """Yield every text of a definition once, those of a choice list where it stands."""
    for path, words in texts_of(definition):
        if not any(path[:length] in source.links for length in range(1, len(path))):
            yield Translatable("/".join(_names(source.tree, path)), path, words)


def _names(tree: Any, path: Path) -> Iterator[str]:
    """The steps of a path, with the name of each thing in a list instead of its number."""
    for key in path:
        yield _name(tree, key) if isinstance(key, int) else key
        tree = tree[key]


def _name(items: list[Any], index: int) -> str:
    called = [_called(item) for item in items[: index + 1]]
    before = called[:-1].count(called[-1])
    return called[-1] + (f"#{before + 1}" if before else "")


def _called(item: dict[str, str]) -> str:
    """Its name, or the ages for which it is."""
    return item.get("name") or f"{item.get('from_age', '')}-{item.get('to_age', '')}"


def export_catalog(
    definition: Definition, source: Source, language: str, made: dt.datetime
) -> Catalog:
    """Return the texts of a definition, with what there is in `language`.

    Args:
        definition: the consultation.
        source: the file in which it stands.
        language: the tag of the language to translate to.
        made: the time that the head of the PO file gives.

    Raises `NotTranslations` when nothing can be translated to that language.
    """
    first, language = definition.languages[0], _target(definition, language)
    catalog = Catalog(
        locale=language.replace("-", "_"),
        project=definition.consultation,
        version=str(definition.version),
        msgid_bugs_address=definition.organisation.contact,
        creation_date=made,
        header_comment=_HEAD.format(
            first=first, language=language, age=definition.audience.from_age
        ),
        fuzzy=False,
    )
    for each in translatable(definition, source):
        message = Message(
            each.words[first],
            each.words.get(language, ""),
            auto_comments=list(notes_for(definition, each.path)),
            context=each.context,
        )
        message.flags.clear()  # neither “100% sure” nor ${name} is a placeholder of Python
        catalog[each.words[first]] = message
    return catalog


def _target(definition: Definition, tag: str) -> str:
    """The language to translate to, spelt as the definition spells it."""
    if not is_language_tag(tag):
        raise NotTranslations(f"“{tag}” is not a language tag. Write one such as sw or pt-BR.")
    language, first = _as_declared(definition, tag), definition.languages[0]
    if language == first:
        raise NotTranslations(
            f"{first} is the first language, from which the others are translated. Name another."
        )
    return language


def catalog_to_po(catalog: Catalog) -> bytes:
    """Return a catalogue as a PO file."""
    file = io.BytesIO()
    write_po(file, catalog, width=0)
    return file.getvalue()


def catalog_from_po(content: bytes) -> Catalog:
    """Return the catalogue in a PO file; raises `NotTranslations`."""
    lines = io.BytesIO(content.removeprefix(b"\xef\xbb\xbf"))
    try:
        catalog = read_po(lines, ignore_obsolete=True, abort_invalid=True)
    except (PoFileError, ValueError, LookupError, AttributeError, TypeError):
        catalog = Catalog()
    if not any(message.id for message in catalog):
        raise NotTranslations("This is not a PO file with texts. Export one, and send back that.")
    return catalog


def consultation_of(catalog: Catalog) -> str:
    """Return the id of the consultation that a catalogue names; raises `NotTranslations`."""
    name = str(catalog.project)
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise NotTranslations(
            "The head of the file does not say of which consultation it is. Write its id and "
            "version there: “Project-Id-Version: safer-schools 1\\n”."
        )
    return name


def import_catalog(text: str, file: str, catalog: Catalog) -> Translated:
    """Return the YAML file `text` with the translations of `catalog` written into it.

    What has no translation yet, or one marked as fuzzy, stays as it is.

    Args:
        text: the file, with the line breaks that it has on the disk.
        file: its name in messages.
        catalog: from `catalog_from_po`.

    Raises `DefinitionErrors` when the file cannot be read, `NotTranslations` when the catalogue
    names no language, `TranslationsDoNotFit` when a text is unknown, was changed meanwhile, or
    lost a placeholder.
    """
    definition, source = read_definition(text, file)
    language = _language(catalog, definition)
    first = definition.languages[0]
    known = {each.context: each for each in translatable(definition, source)}
    messages = [message for message in catalog if message.id]
    problems = [problem for each in messages for problem in _problems(each, known, first)]
    is_new = language not in definition.languages
    sure, unsure = _given(messages, fuzzy=False), _given(messages, fuzzy=True)
    if is_new and not sure and not problems:
        problems = [f"There is no translation to “{language}” in it yet."]
    if problems:
        raise TranslationsDoNotFit(problems)
    values = {n: words for n, words in sure.items() if words != _in(known[n], language)}
    paths = {known[name].path: words for name, words in values.items()}
    new = write_texts(text, paths, language=language, first=first, declare=is_new)
    _prove(new, file, _expected(source, paths, language, first, is_new))
    return Translated(
        text=new,
        language=language,
        is_new=is_new,
        written=list(values),
        missing=[n for n, each in known.items() if n not in values and not _in(each, language)],
        unsure=list(unsure),
    )


def _in(each: Translatable, language: str) -> str:
    words = each.words.get(language, "")
    return words if words.strip() else ""


def _given(messages: Sequence[Message], *, fuzzy: bool) -> dict[str, str]:
    """What is translated, by context: what is marked as fuzzy, or the rest."""
    chosen = [each for each in messages if each.fuzzy == fuzzy]
    return {str(each.context): _words(each) for each in chosen if _words(each)}


def _words(message: Message) -> str:
    """What a translator wrote; "" for nothing but spaces."""
    words = str(message.string or "")
    return words if words.strip() else ""


def _language(catalog: Catalog, definition: Definition) -> str:
    """The language of a catalogue, spelt as the definition spells it."""
    tag = str(catalog.locale_identifier or "").replace("_", "-")
    example = "Write the one it is in, such as “Language: sw\\n”."
    if not tag:
        raise NotTranslations(f"The head of the file names no language. {example}")
    if not is_language_tag(tag):
        raise NotTranslations(f"The head of the file says “Language: {tag}”. {example}")
    tag = _as_declared(definition, tag)
    if tag == definition.languages[0]:
        raise NotTranslations(
            f"The head of the file says “Language: {tag}”, the language from which it is "
            f"translated. {example}"
        )
    return tag


def _as_declared(definition: Definition, tag: str) -> str:
    """`tag` as it stands in the list of languages, where only the spelling differs."""
    wanted = Locale.parse(tag, sep="-")
    same = (one for one in definition.languages if Locale.parse(one, sep="-") == wanted)
    return next(same, tag)


def _problems(message: Message, known: dict[str, Translatable], first: str) -> Iterator[str]:
    context = str(message.context or "")
    if context not in known or not isinstance(message.id, str):
        place = f"“{context}”" if context else f"“{message.id}”, which has no msgctxt,"
        yield f"{place} is not a text of this consultation. Take it out of the PO file."
        return
    words = known[context].words[first]
    if message.id != words:
        yield (
            f"{context}: the text is not the one that was translated: now “{words.strip()}”, in "
            f"the PO file “{message.id.strip()}”."
        )
        return
    translation = _words(message)
    if translation and not message.fuzzy and _placeholders(translation) != _placeholders(words):
        wanted = ", ".join(sorted(_placeholders(words))) or "no placeholder"
        yield f"{context}: the translation has to hold {wanted}, spelt like this."


def _placeholders(text: str) -> set[str]:
    """Everything that looks like a `${name}`, whole or broken."""
    spaces = r"(?<=\{)\s+|(?<!\s)\s+(?=\})"
    return {re.sub(spaces, "", found) for found in _PLACEHOLDER.findall(text)}


def _expected(
    source: Source, values: dict[Path, str], language: str, first: str, declare: bool
) -> Definition:
    """The definition that has to come out: the present one and `values`, nothing else."""
    tree = copy.deepcopy(source.tree)  # a choice list stays one list wherever it is used
    for path, value in values.items():
        parent = tree
        for key in path[:-1]:
            parent = parent[key]
        words = parent[path[-1]]
        parent[path[-1]] = {
            **({first: words} if isinstance(words, str) else words),
            language: value,
        }
    if declare:
        tree["languages"].append(language)
    return Definition.model_validate(tree, context={DEFAULT_LANGUAGE: first})


def _prove(new: str, file: str, expected: Definition) -> None:
    """Read the new file once more: it holds the translations, and all else as it was."""
    written, _ = read_definition(new, file)
    if written.digest != expected.digest:
        raise TranslationsDoNotFit(
            [
                "The translations cannot be put into this file without changing another text. "
                "Write its texts in double quotes, and try again."
            ]
        )
