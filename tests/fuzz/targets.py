"""What is tried: each target takes bytes and returns, or raises what nobody documented."""

from __future__ import annotations

import atexit
import io
import json
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

from app.commands.backup_file import PURPOSE, BackupError, read_backup
from app.commands.deployment.caddy import NotCaddy, caddy_notes
from app.commands.deployment.nginx import NotNginx, nginx_notes
from app.consultation import (
    DefinitionErrors,
    definition_from_json,
    evaluate,
    load_definition,
    load_definition_file,
    parse_expression,
    render_inline,
    render_markdown,
)
from app.consultation.expressions import ExpressionError, print_expression
from app.consultation.xlsform import FormError, import_form
from app.research import BundleError, open_bundle, verify_bundle
from app.research.answers import NotUnderstood, Reader
from app.research.cells import protect_cell
from app.research.coding import DecisionLog, TextsError, load_themes, read_texts
from app.research.columns import build_columns
from app.research.disclosure.asked import all_asked
from app.research.disclosure.rules import RulesError, read_rules
from app.research.opened import DataSetError, open_data_set
from app.sealing import (
    KeyFileError,
    PrivateKey,
    SealedFileError,
    SealedReader,
    SealError,
    UntrueStatement,
    decrypt_draft,
    is_sealed_file,
    open_envelope,
    public_key_from_text,
    read_signed,
)
from app.sealing.keyfiles import describe_key_file
from app.sealing.shares import join_shares
from app.storage import CopyRefused, read_copy
from app.support import DirectoryErrors, load_directory

from .samples import ANSWERS, CONSULTATION, DATA_SET, KEY, definition, named_parts

Target = Callable[[bytes], None]


@cache
def folder() -> Path:
    """A folder of this process, for targets that read files."""
    made = Path(tempfile.mkdtemp(prefix="heard-fuzz-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def loader(data: bytes) -> None:
    """A definition, as text and as a file; what loads can be stored and read again."""
    path = folder() / "consultation.yaml"
    path.write_bytes(data)
    with suppress(DefinitionErrors):
        load_definition_file(path)
    with suppress(DefinitionErrors):
        found = load_definition(data.decode("utf-8", "replace"), "consultation.yaml")
        stored = found.model_dump_json(by_alias=True)
        assert definition_from_json(stored) == found


def expressions(data: bytes) -> None:
    """An expression; what parses can be printed, parsed again, and evaluated on any answers."""
    with suppress(ExpressionError):
        tree = parse_expression(data.decode("utf-8", "replace"))
        assert parse_expression(print_expression(tree)) == tree
        for answers in ANSWERS:
            assert evaluate(tree, answers, this=next(iter(answers.values()), None)) in (True, False)


def texts(data: bytes) -> None:
    """A facilitator's Markdown, which becomes harmless HTML whatever it is."""
    text = data.decode("utf-8", "replace")
    for html in (str(render_markdown(text)), str(render_inline(text))):
        assert "<script" not in html.lower()
        assert "<style" not in html.lower()


def forms(data: bytes) -> None:
    """A page of questions of every kind, posted by a browser that sends anything."""
    from .posting import post  # noqa: PLC0415 - the others need no web server

    post(data)


def fields(data: bytes) -> None:
    """The fields of such a page, read and made ready to be stored."""
    from .posting import read  # noqa: PLC0415 - as above

    read(data)


def envelopes(data: bytes) -> None:
    """An envelope, and a draft: neither opens, or it opens to bytes."""
    with suppress(SealError):
        open_envelope(data, CONSULTATION, PrivateKey.from_seed(KEY))
    with suppress(SealError):
        decrypt_draft(KEY, data)


def documents(data: bytes) -> None:
    """What is inside an envelope: anybody can seal anything to a public key."""
    _read_document(data)
    # The parts that no luck would find: which definition it names.
    with suppress(ValueError, RecursionError):
        content = json.loads(data)
        if isinstance(content, dict):
            _read_document(json.dumps(content | named_parts()).encode())


def _read_document(data: bytes) -> None:
    read = definition()
    with suppress(NotUnderstood):
        response = Reader({read.digest: read}).read(data)
        for column in build_columns([read]):
            protect_cell(str(response.cell(column)))


def keys(data: bytes) -> None:
    """Key files and sheets of words."""
    text = data.decode("utf-8", "replace")
    for read in (public_key_from_text, describe_key_file, lambda sheet: join_shares([sheet])):
        with suppress(KeyFileError):
            read(text)


def bundles(data: bytes) -> None:
    """A bundle, on the researcher's computer."""
    path = folder() / "bundle.heard"
    path.write_bytes(data)
    with suppress(BundleError), open_bundle(path) as bundle:
        for response_id in bundle.ids():
            bundle.envelope(response_id)
    assert isinstance(verify_bundle(path).findings, list)


def backups(data: bytes) -> None:
    """A backup, in the clear or sealed, with the copy in it."""
    place = folder() / "backup"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    with suppress(BackupError, SealedFileError, CopyRefused):
        file = io.BytesIO(data)
        if is_sealed_file(data):
            sealed = SealedReader(file, PURPOSE, PrivateKey.from_seed(KEY))
            read_copy(read_backup(sealed, place).copy)
        else:
            read_copy(read_backup(file, place).copy)


def xlsforms(data: bytes) -> None:
    """A form, as one file of any kind; its content decides which."""
    path = folder() / "form.xlsx"
    path.write_bytes(data)
    with suppress(FormError):
        import_form(path)


def sheets(data: bytes) -> None:
    """A form, as the sheets survey, choices and settings, divided by a line with a zero byte."""
    parts = data.split(b"\n\0\n")[:3]
    form = folder() / "form"
    shutil.rmtree(form, ignore_errors=True)
    form.mkdir()
    for name, part in zip(("survey", "choices", "settings"), parts, strict=False):
        (form / f"{name}.csv").write_bytes(part)
    with suppress(FormError):
        import_form(form)


def support(data: bytes) -> None:
    """A file of support services."""
    services = folder() / "support"
    services.mkdir(exist_ok=True)
    (services / "gb.yaml").write_bytes(data)
    with suppress(DirectoryErrors):
        load_directory(services)


def web_servers(data: bytes) -> None:
    """The configuration of a web server in front."""
    path = folder() / "in-front"
    path.write_bytes(data.replace(b"include", b"inclose"))  # else it reads this machine's files
    with suppress(NotNginx, UnicodeDecodeError):
        list(nginx_notes(path))
    with suppress(NotCaddy, UnicodeDecodeError):
        list(caddy_notes(path))


def records(data: bytes) -> None:
    """A signed record of deleting, as somebody sent it."""
    with suppress(UntrueStatement):
        read_signed(data.decode("utf-8", "replace"))


def coding(data: bytes) -> None:
    """What somebody who sorts texts brings: themes, texts of a spreadsheet, earlier decisions."""
    place = folder() / "coding"
    (place / "coding").mkdir(parents=True, exist_ok=True)
    files = ("themes.yaml", "texts.csv", "codebook.json", "coding/coder-asha.jsonl")
    good = (b"themes: []", b"id,question,text\n1,why,x\n", b'{"texts": []}', b"")
    which = data[0] % len(files) if data else 0
    for number, (name, content) in enumerate(zip(files, good, strict=True)):
        (place / name).write_bytes(data[1:] if number == which else content)
    with suppress(DefinitionErrors):
        load_themes(place / "themes.yaml")
    with suppress(TextsError):
        read_texts(place)
    with suppress(TextsError):
        DecisionLog.of(place, "asha")


def findings(data: bytes) -> None:
    """What a report is made of: rules, and the folder of a data set, each file in its turn."""
    place = folder() / "findings"
    place.mkdir(exist_ok=True)
    which = data[0] % len(DATA_SET) if data else 0
    for number, (name, content) in enumerate(DATA_SET.items()):
        (place / name).write_bytes(data[1:] if number == which else content)
    with suppress(DataSetError, RulesError):
        all_asked(open_data_set(place), read_rules(place / "rules.yaml"))


TARGETS: dict[str, Target] = {
    target.__name__: target
    for target in (
        *(loader, expressions, texts, forms, fields, envelopes, documents, keys, bundles),
        *(backups, xlsforms, sheets, support, web_servers, records, coding),
        findings,
    )
}
