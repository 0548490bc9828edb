"""The session of a person answering: a draft under a key that only the person's cookie holds.

The cookie is a random key and nothing else. The server keeps the draft encrypted under that key
and finds it by a hash of the key, so a copy of the server opens no draft, and a copy of the
cookie says nothing by itself.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, Literal, TypeVar, cast

from flask import Flask, Request, Response, request, session
from flask.sessions import SessionInterface, SessionMixin

from app.journey import Draft
from app.sealing import SealError, decrypt_draft, draft_id, encrypt_draft, new_draft_key
from app.storage import UNFORESEEN, Storage, StorageUnavailable
from app.web.cross_site import reads_only
from app.web.quiet_logging import log_sentence

from .cards import let_card_go, touch_card
from .site import EXTENSION, site

COOKIE = "q"
SECURE_COOKIE = "__Host-q"
"""Over HTTPS the prefix forbids that another host of the domain plants a cookie (RFC 6265bis)."""

NOT_OPENED = log_sentence("A draft could not be opened")

WITHOUT_SESSION = ("/static/", "/favicon.ico", "/robots.txt", "/healthz")

Audience = Literal["anyone", "a person answering", "operator"]
View = TypeVar("View", bound=Callable[..., Any])


class DraftSession(dict[str, Any], SessionMixin):
    """The decrypted draft of the present request, empty when there is none.

    `lost` says that the browser brought a cookie whose draft is gone; `unavailable` that the
    drafts cannot be read at the moment. `ended` is the draft that this very request ended: the page
    that says so belongs to it.
    """

    key: bytes | None = None
    ciphertext: bytes = b""
    cookie: Literal["keep", "set", "remove", "hold"] = "keep"
    lost: bool = False
    page_follows: bool = False
    unavailable: StorageUnavailable | None = None
    ended: dict[str, Any] | None = None


class DraftChanged(Exception):
    """The draft was written or deleted by another request since this one read it."""


class DraftSessions(SessionInterface):
    """Opens the draft that belongs to a cookie; views write it with `keep`."""

    def open_session(self, app: Flask, request: Request) -> DraftSession:
        """Return the session of this request; never fails."""
        opened = DraftSession()
        cookie = request.cookies.get(cookie_name(app))
        if cookie is None or request.path.startswith(WITHOUT_SESSION):
            return opened
        opened.lost = True
        key = _key_from(cookie)
        if key is not None:
            try:
                _read(opened, key, app.extensions[EXTENSION].storage)
            except Exception:  # a page that says so, and the way out, need a session
                app.logger.exception(NOT_OPENED)
                opened.clear()
                opened.unavailable = StorageUnavailable(UNFORESEEN)
        return opened

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set or remove the one cookie; the draft itself was written by `keep`."""
        current = cast(DraftSession, session)
        secure = app.extensions[EXTENSION].config.https
        name = cookie_name(app)
        # Chromium keeps pages for Back although they say `no-store`, until a cookie of their site
        # is set: without that and without script, Back after sending shows the answers (R91).
        renew = current.cookie == "keep" and current.get("draft", {}).get("sent")
        if current.key and (current.cookie == "set" or renew):
            value = base64.urlsafe_b64encode(current.key).rstrip(b"=").decode()
            response.set_cookie(name, value, secure=secure, httponly=True, samesite="Strict")
        lost = current.lost and not current.unavailable and current.cookie != "hold"
        if lost or current.cookie == "remove":
            if current.page_follows:
                # Changed, then removed: Chromium lets go of the pages it keeps for Back when a
                # cookie is changed, and not when it is only removed.
                response.set_cookie(name, "-", secure=secure, httponly=True, samesite="Strict")
            response.delete_cookie(name, secure=secure, httponly=True, samesite="Strict")


def _read(opened: DraftSession, key: bytes, storage: Storage) -> None:
    """Put the draft that belongs to a key into the session, in place of what is there."""
    opened.clear()
    opened.key, opened.lost = None, True
    try:
        ciphertext = storage.read_draft(draft_id(key))
        if ciphertext is not None:
            opened.update(json.loads(decrypt_draft(key, ciphertext)))
            opened.key, opened.ciphertext, opened.lost = key, ciphertext, False
            touch_card(opened["draft"])
    except SealError:
        return
    except StorageUnavailable as error:
        opened.unavailable = error


def cookie_name(app: Flask) -> str:
    """The cookie's name: neutral, and bound to this very host over HTTPS."""
    return SECURE_COOKIE if app.extensions[EXTENSION].config.https else COOKIE


def _key_from(cookie: str) -> bytes | None:
    try:
        key = base64.b64decode(cookie + "=" * (-len(cookie) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


KEY_BYTES = 32
ATTEMPTS = 8


def _session() -> DraftSession:
    return cast(DraftSession, session)


def current_draft() -> Draft | None:
    """The draft of the person who asks; None when there is no session.

    Raises `StorageUnavailable` when drafts cannot be read at the moment.
    """
    current = _session()
    if current.unavailable:
        raise current.unavailable
    plain = current.get("draft")
    return Draft.from_plain(plain) if plain else None


def draft_of_this_page() -> tuple[Draft | None, bool]:
    """The draft that the page on the way belongs to, and whether it is still there.

    Raises `StorageUnavailable` when drafts cannot be read at the moment.
    """
    ended = _session().ended
    return (Draft.from_plain(ended), False) if ended else (current_draft(), True)


def is_gone() -> bool:
    """Whether another request of the same person ended the session since this one began."""
    key = _session().key
    return key is None or site().storage.read_draft(draft_id(key)) is None


def was_lost() -> bool:
    """Whether the browser's cookie belongs to a draft that is no longer there."""
    return _session().lost


def hold_lost() -> None:
    """Keep a cookie whose draft is gone for one more request: a page still holds words (R43)."""
    if was_lost():
        _session().cookie = "hold"


def begin(draft: Draft) -> None:
    """Give the person a new session with this draft, and forget the one before (no fixation)."""
    current = _session()
    if current.key is not None:
        site().storage.delete_draft(draft_id(current.key))
        before = current.get("draft", {})
        if before.get("card") != draft.card:
            let_card_go(before)
    current.clear()
    current.key = new_draft_key()
    # The form that Flask-WTF expects; made here so that no later request has to write it.
    current["csrf_token"] = hashlib.sha256(secrets.token_bytes(KEY_BYTES)).hexdigest()
    current["draft"] = draft.to_plain()
    current.ciphertext = _encrypted(current, current.key)
    site().storage.write_draft(draft_id(current.key), current.ciphertext)
    current.cookie, current.lost = "set", False


def keep(draft: Draft) -> None:
    """Store the draft, encrypted under the cookie's key.

    Raises `StorageUnavailable`, and `DraftChanged` when another request of the same person wrote
    meanwhile: what it wrote would be lost. A draft that was deleted stays so.
    """
    current = _session()
    plain = draft.to_plain()
    if current.key is None or current.get("draft") == plain or reads_only(request):
        return
    current["draft"] = plain
    ciphertext = _encrypted(current, current.key)
    if not site().storage.replace_draft(draft_id(current.key), current.ciphertext, ciphertext):
        raise DraftChanged
    current.ciphertext = ciphertext


def _encrypted(current: DraftSession, key: bytes) -> bytes:
    text = json.dumps(dict(current), ensure_ascii=False, separators=(",", ":")).encode()
    return encrypt_draft(key, text)


def destroy(*, page_follows: bool = False) -> None:
    """Delete the draft and the cookie (R41).

    Args:
        page_follows: whether the answer is a page of this site, from which Back must show nothing.
    """
    current = _session()
    current.page_follows = page_follows
    key, current.key = current.key, None
    current.ended = current.get("draft")
    current.clear()
    if reads_only(request):
        return
    current.cookie = "remove"
    if key is not None:
        # Without the key in the cookie nobody can open the draft any more, so a database that
        # is away at this moment must not keep anybody here; the sweep removes the row.
        with suppress(StorageUnavailable):
            site().storage.delete_draft(draft_id(key))
        let_card_go(current.ended or {})


def open_to(audience: Audience) -> Callable[[View], View]:
    """Declare who may call a view; a test walks every route and fails where this is missing."""

    def declare(view: View) -> View:
        view.audience = audience  # type: ignore[attr-defined]
        return view

    return declare


def person_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """Call the view with the person's draft; without one, show the neutral front page (R1)."""

    @wraps(view)
    def with_draft(*args: Any, **kwargs: Any) -> Any:
        from .entry import front_page  # noqa: PLC0415 - entry needs this module too

        for attempt in range(ATTEMPTS):
            draft = current_draft()
            if draft is None:
                break
            current, key = _session(), _session().key
            try:
                return view(draft, *args, **kwargs)
            except DraftChanged:
                # Two tabs at the same moment: do it once more, on top of what the other one did.
                if attempt == ATTEMPTS - 1 or key is None:
                    raise
                _read(current, key, site().storage)
        return front_page()

    return open_to("a person answering")(with_draft)
