"""What is kept of a draft for later, and how long."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace

from flask import request

from app.journey import Draft
from app.sealing import SealError, decrypt_draft, draft_id, encrypt_draft, return_key
from app.storage import StorageUnavailable
from app.web.cross_site import reads_only

from .site import site


def write_kept(draft: Draft) -> bytes:
    """Keep a draft under its six words; returns the id under which it stands.

    Raises `StorageUnavailable`. Safe to do twice: the same words lead to the same place.
    """
    key = return_key(draft.return_words)
    forget_kept(draft)
    waiting = replace(draft, return_words="", came_from="", again={})
    text = json.dumps(waiting.to_plain(), ensure_ascii=False, separators=(",", ":")).encode()
    site().storage.kept_drafts.write(draft_id(key), draft.consultation, encrypt_draft(key, text))
    return draft_id(key)


def read_kept(typed: str) -> tuple[bytes, Draft] | None:
    """The id and the draft that six words open; None when they open nothing."""
    try:
        key = return_key(typed)
    except SealError:
        return None
    ciphertext = site().storage.kept_drafts.read(draft_id(key))
    if ciphertext is None:
        return None
    return draft_id(key), Draft.from_plain(json.loads(decrypt_draft(key, ciphertext)))


def forget_kept(draft: Draft) -> Draft:
    """Delete what this draft was kept under, now that its browser came back with the cookie.

    Not sooner: an answer that is lost on the way would take the person's words with it. What
    cannot be deleted now is tried again with the next press.
    """
    if not draft.came_from or reads_only(request):
        return draft
    with suppress(StorageUnavailable):
        site().storage.kept_drafts.delete(bytes.fromhex(draft.came_from))
        return replace(draft, came_from="")
    return draft
