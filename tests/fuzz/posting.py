"""One person on a page of questions of every type, whose browser posts anything, many times."""

from __future__ import annotations

import base64
import json
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from app import create_app
from app.commands.opening import publish
from app.journey import Draft
from app.respond import EXTENSION
from app.respond.forms import form_class, read_form
from app.respond.session import COOKIE
from app.sealing import decrypt_draft, draft_id, encrypt_draft
from app.storage import Storage, upgrade
from app.web.languages import init_languages
from config import Config
from tests.server import ROOT

from .samples import CONSULTATION, RESEARCHER, definition

STEP = "page:everything"
FORM = "application/x-www-form-urlencoded"
KINDS = (
    FORM,
    "multipart/form-data; boundary=x",
    FORM + "; charset=utf-16",
    "application/json",
    "",
)
SAID = frozenset({200, 303, 400, 403, 413})
"""What a person may be answered; anything else is a mistake of ours."""


@dataclass
class Place:
    """An application, and a person in the middle of it."""

    client: FlaskClient
    storage: Storage
    key: bytes
    draft: bytes
    address: str
    hidden: tuple[tuple[str, str], ...]

    def begin_again(self) -> None:
        """Put the person back where they were."""
        self.storage.delete_draft(draft_id(self.key))
        self.storage.write_draft(draft_id(self.key), self.draft)
        value = base64.urlsafe_b64encode(self.key).rstrip(b"=").decode()
        self.client.set_cookie(COOKIE, value, domain="localhost")


def post(data: bytes) -> None:
    """Post bytes to the page; the first says of what kind they are, and if a token is with them."""
    there = place()
    there.begin_again()
    choice, body = (data[0], data[1:]) if data else (0, b"")
    kind = KINDS[choice % len(KINDS)]
    if kind.startswith(FORM) and choice < 128:
        body = urlencode(there.hidden).encode() + b"&" + body
    elif kind.startswith("multipart") and choice < 128:
        parts = (
            f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in there.hidden
        )
        body = "".join(parts).encode() + body
    # Flask-WTF takes the token from a header too, whatever the body is.
    headers = {"X-CSRFToken": dict(there.hidden)["csrf_token"]} if choice < 128 else {}
    answer = there.client.post(there.address, data=body, content_type=kind, headers=headers)
    assert answer.status_code in SAID, answer.status_code
    # And the page after it, with what was just said.
    if answer.status_code == 303 and answer.headers["Location"].startswith("/"):
        assert there.client.get(answer.headers["Location"]).status_code in SAID


def read(data: bytes) -> None:
    """Read a page's fields as `post` would send them, without the way around it."""
    choice, body = (data[0], data[1:]) if data else (0, b"")
    questions = definition().pages[0].questions
    app, form = _small()
    kind = KINDS[choice % len(KINDS)]
    with (
        app.test_request_context("/", method="POST", data=body, content_type=kind),
        suppress(HTTPException),  # a body that Werkzeug refuses becomes a kind page
    ):
        kept = read_form(form(request.form), questions).page_answers().answers
        assert json.loads(json.dumps(kept)) == kept


@cache
def _small() -> tuple[Flask, Any]:
    app = Flask("small", static_folder=None)
    app.secret_key = "of this process alone"
    init_languages(app, ROOT / "app" / "translations")
    return app, form_class(definition().pages[0].questions)


@cache
def place() -> Place:
    """The application of this process; what breaks in it is raised, and not made a kind page."""
    from .targets import folder  # noqa: PLC0415 - it needs this module

    instance = folder() / "instance"
    instance.mkdir()
    config = Config(
        instance=instance,
        database_url=f"sqlite:///{instance / 'heard.sqlite3'}",
        drafts_url=f"sqlite:///{instance / 'drafts.sqlite3'}",
        surveys=ROOT / "surveys",
        secret_key="of this process alone",
    )
    upgrade(config.database_url, config.drafts_url)
    app = create_app(config)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    storage: Storage = app.extensions[EXTENSION].storage
    publish(storage, definition(), [RESEARCHER.public_key("team")])
    return _in_the_middle(app, storage)


def _in_the_middle(app: Flask, storage: Storage) -> Place:
    client = app.test_client()
    (entry,) = storage.entries(CONSULTATION)
    client.post("/start", data={"code": entry.code})
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    key = base64.urlsafe_b64decode(cookie.value + "=")
    stored = storage.read_draft(draft_id(key))
    assert stored is not None
    plain = json.loads(decrypt_draft(key, stored))
    draft = Draft.from_plain(plain["draft"])
    draft = replace(draft, done=("about", "safety", "consent"), consent=("take_part",), at=STEP)
    text = json.dumps(plain | {"draft": draft.to_plain()}).encode()
    there = Place(client, storage, key, encrypt_draft(key, text), "", ())
    there.begin_again()
    for number in range(1, 9):
        page = client.get(f"/page/{number}").text
        hidden = tuple(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', page))
        if dict(hidden).get("step") == STEP:
            return replace(there, address=f"/page/{number}", hidden=hidden)
    raise AssertionError("the page of questions is not there")
