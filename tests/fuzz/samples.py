"""Where looking begins: for each target, things that are right, as people really have them."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from app.commands.backup_file import PURPOSE, Manifest, write_backup
from app.consultation import Definition
from app.sealing import (
    KeyCost,
    PrivateKey,
    SealedWriter,
    SigningKey,
    encrypt_draft,
    lock_private_key,
    public_key_to_text,
    seal,
    sign_statement,
    split_key,
)
from app.storage import read_copy, upgrade, write_copy
from tests.consultation.xlsform.making import YES_NO, Rows, xlsx
from tests.definitions import BRANCHING, EVERY_TYPE, SMALLEST, load
from tests.research.coding.texts import THEMES
from tests.research.conftest import bundle_of, make_document

ROOT = Path(__file__).parents[2]
KEY = b"a key that opens nothing, really"
RESEARCHER = PrivateKey.from_seed(KEY)
CONSULTATION = "small"
ANSWERS: tuple[dict[str, Any], ...] = (
    {},
    {"a": "yes", "b": ["x", "y"], "c": 3, "d": "1.50", "e": "2024-03"},
    {"a": None, "b": {"row": "x"}, "c": -(10**15), "d": "", "e": True},
)


@cache
def definition() -> Definition:
    """A consultation with a question of every type."""
    return load(EVERY_TYPE)


SURVEY: Rows = [
    ["type", "name", "label", "label::French (fr)", "relevant", "constraint"],
    ["begin_group", "g", "A group", "Un groupe", None, None],
    ["text", "a", "Why?", "Pourquoi ?", None, None],
    ["select_one yes_no", "b", "Well?", "Bien ?", "${a} = 'x'", None],
    ["integer", "c", "How many, ${a}?", "Combien ?", "selected(${b}, 'yes')", ". > 0 and . < 9"],
    ["end_group", None, None, None, None, None],
]
SETTINGS: Rows = [["form_title", "form_id", "default_language"], ["A form", "a_form", "en"]]


def _csv(rows: Rows) -> str:
    cells = ([f'"{cell}"' if cell is not None else "" for cell in row] for row in rows)
    return "\n".join(",".join(row) for row in cells)


def _forms() -> list[bytes]:
    filled = (
        b"one=yes&many=a&many=b&scale=2&grid__r1=x&grid__r2=y&order__p=1&order__q=2&words=some"
        b"&shy__prefer_not_to_say=prefer_not_to_say&whole=12&part=1%2C5&month__month=3"
        b"&month__year=2024&country=NP&action=continue"
    )
    part = b'--x\r\nContent-Disposition: form-data; name="words"\r\n\r\nsome\r\n--x--\r\n'
    return [b"\0" + filled, b"\1" + part, b'\3{"one": "yes"}', b"\0action=pause&many=none&many=a"]


def _bundle() -> bytes:
    envelope = seal(make_document(definition()), CONSULTATION, [RESEARCHER.public_key("team")])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.heard"
        bundle_of(path, [definition()], [(b"sixteen letters.", envelope)])
        return path.read_bytes()


def _backups() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        urls = [f"sqlite:///{folder}/{name}" for name in ("heard.sqlite3", "drafts.sqlite3")]
        upgrade(*urls)
        copy = Path(folder) / "copy"
        write_copy(urls[0], copy)
        with closing(sqlite3.connect(copy)) as smaller:
            smaller.executescript("PRAGMA page_size=512; VACUUM;")
        files = io.BytesIO(), io.BytesIO()
        sealed = SealedWriter(files[1], PURPOSE, [RESEARCHER.public_key("team")])
        manifest = Manifest.of(copy, read_copy(copy))
        write_backup(files[0], manifest, copy, None)
        write_backup(sealed, manifest, copy, b"a key that signs")
        sealed.finish()
    return [file.getvalue() for file in files]


def _keys() -> list[bytes]:
    locked = lock_private_key(RESEARCHER, "team", "words", KeyCost(8 * 1024, 1, 1))
    sheet = split_key(RESEARCHER, 2, 3)[0]
    texts = (public_key_to_text(RESEARCHER.public_key("team")), locked, sheet)
    return [text.encode() for text in texts]


def named_parts() -> dict[str, Any]:
    """What a response document says of itself when it is of this consultation."""
    content = json.loads(make_document(definition()))
    return {name: content[name] for name in ("format", "definition", "consultation", "version")}


def _documents() -> list[bytes]:
    full = {"one": "yes", "many": ["a"], "scale": 2, "grid": {"r1": "x"}, "order": ["q", "p"]}
    full |= {"words": "some", "whole": 12, "part": "1.5", "month": "2024-03", "country": "NP"}
    return [
        make_document(definition()),
        make_document(definition(), answers=full, declined=["shy"], ended="stopped"),
        json.dumps({"answers": {"whole": 10**400}}).encode(),
    ]


def _expressions() -> list[bytes]:
    vectors = json.loads((ROOT / "docs" / "expression-vectors.json").read_text(encoding="utf-8"))
    return [str(vector["expression"]).encode() for vector in _vectors(vectors)][:40]


def _vectors(found: Any) -> list[dict[str, Any]]:
    if isinstance(found, dict) and "expression" in found:
        return [found]
    inside = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    return [vector for each in inside for vector in _vectors(each)]


def _web_servers() -> list[bytes]:
    return [(ROOT / "deploy" / name).read_bytes() for name in ("nginx.conf", "Caddyfile")]


_CODEBOOK: dict[str, Any] = {
    "format": 1,
    "consultation": "small",
    "title": {"en": "Small"},
    "versions": [{"version": 1, "languages": ["en"]}],
    "rows": 2,
    "columns": [
        {"column": "language", "type": "language", "missing": {}},
        {"column": "collector", "type": "collector", "missing": {}},
        {"column": "ended", "type": "ended", "missing": {}},
        {
            "column": "told",
            "type": "select_one",
            "question": "told",
            "label": {"en": "Told anybody?"},
            "missing": {"97": "declined", "98": "skipped"},
            "choices": [{"name": "yes", "label": {"en": "Yes"}}],
        },
        {
            "column": "age",
            "type": "integer",
            "question": "age",
            "label": {"en": "How old?"},
            "missing": {"98": "skipped"},
        },
    ],
    "pages": [{"name": "first", "questions": [{"name": "told", "area": "respond"}]}],
}
DATA_SET: dict[str, bytes] = {
    "rules.yaml": b"by: [told]\ncoarsen:\n  age: {bands: [0-12, 13+]}\n",
    "codebook.json": json.dumps(_CODEBOOK).encode(),
    "responses.csv": b"language,collector,ended,told,age\nen,,complete,yes,13\nen,,stopped,98,98\n",
    "coding.json": b'{"format": 1, "questions": {"why": {"themes": [{"name": "a", "label": "A"}], '
    b'"texts": 2, "counts": {"a": 1}, "kappa": {"a": null}}}}',
}
"""The files of a report, by their names."""
TEXT = "# A *title*\n\n- one [link](https://example.org)\n\n<b>bold</b> &amp; `code` > a\n"
SAMPLES: dict[str, Callable[[], list[bytes]]] = {
    "loader": lambda: [SMALLEST.encode(), BRANCHING.encode(), EVERY_TYPE.encode()],
    "expressions": _expressions,
    "texts": lambda: [TEXT.encode()],
    "forms": _forms,
    "fields": _forms,
    "envelopes": lambda: [
        seal(b"{}", CONSULTATION, [RESEARCHER.public_key("team")]),
        encrypt_draft(KEY, b"{}"),
    ],
    "documents": _documents,
    "keys": _keys,
    "bundles": lambda: [_bundle()],
    "backups": _backups,
    "xlsforms": lambda: [
        xlsx({"survey": SURVEY, "choices": YES_NO, "settings": SETTINGS}),
        _csv(SURVEY).encode(),
    ],
    "sheets": lambda: ["\n\0\n".join(map(_csv, (SURVEY, YES_NO, SETTINGS))).encode()],
    "support": lambda: [(ROOT / "surveys" / "support" / "gb.yaml").read_bytes()],
    "web_servers": _web_servers,
    "coding": lambda: [
        b"\0" + THEMES.encode(),
        b"\1id,question,text\n1,why,'=1\n",
        b'\2{"texts": [{"question": "why", "label": {"en": "Why?"}, "content_warning": null}]}',
        b'\3{"question": "why", "id": "1", "themes": ["a"], "offered": ["a"], "between": []}\n',
    ],
    "findings": lambda: [
        bytes([number]) + content for number, content in enumerate(DATA_SET.values())
    ],
    "records": lambda: [sign_statement({"a": [1, "b"]}, SigningKey(KEY)).encode()],
}
