"""A device that is passed around, with a worker in the room (R71, R91).

Every page knows whether it is on such a device: by the draft, by the entry code in the address, or
because the whole server is for one (`HEARD_KIOSK`). Then exit leads to the front page for the next
person, the limits are told more strictly, and a page that nobody touches clears itself.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.consultation import Definition, text_in
from app.journey import Draft
from app.storage import StorageUnavailable

from .session import draft_of_this_page, keep, open_to
from .site import site

shared_device = Blueprint("shared_device", __name__)

LAST_PAGE_SECONDS = 3 * 60
"""How long a page of somebody who has finished stays without a touch."""
MORE_TIME_SECONDS = 30 * 60
"""How long it stays when more time was asked for: ten times as long (WCAG 2.2.1)."""
ANSWERING_SECONDS = 65 * 60
"""How long a page of somebody who has not finished stays without a touch: never under an hour
(R30), and about as long as the server keeps the draft."""
WARN_SECONDS = {True: 30, False: 5 * 60}
"""How long before that the page says so, by whether it is a last page."""

MAX_CODE = 64

ENDED = {"stopped": "stopped.html", "declined": "declined.html", "outside": "outside.html"}
"""Pages that answer a form, and can be shown once more with more time."""


@dataclass(frozen=True)
class SharedDevice:
    """What a page has to know when its device is passed around.

    Args:
        code: the entry code with which the next person starts; "" when there is none to carry.
        finished: whether whoever was answering has finished.
        more: whether more time was asked for.
        limits: what the worker in the room has to report, as the definition says it.
    """

    code: str
    finished: bool
    more: bool
    limits: dict[str, str]

    @property
    def exit(self) -> str:
        """The address that ends it all and shows the front page for the next person."""
        return exit_address(self.code)

    @property
    def front(self) -> str:
        """The front page for the next person."""
        return f"/{self.code}"

    @property
    def seconds(self) -> int:
        """After how many seconds without a touch the page clears itself."""
        if not self.finished:
            return ANSWERING_SECONDS
        return MORE_TIME_SECONDS if self.more else LAST_PAGE_SECONDS

    @property
    def warn(self) -> int:
        """How many seconds before that it says so."""
        return WARN_SECONDS[self.finished]

    def limits_in(self, language: str) -> str:
        """The definition's limits in one language; "" when it says none."""
        return text_in(self.limits, language)


def exit_address(code: str) -> str:
    """The address of exit; with a code, so that a device that is passed around can keep it."""
    return f"/leave?{urlencode({'code': code})}" if code else "/leave"


def is_shared(definition: Definition | None) -> bool:
    """Whether a consultation is answered on devices that are passed around."""
    grouped = definition is not None and definition.session == "group"
    return grouped or site().config.kiosk


def shared() -> SharedDevice | None:
    """What this page has to know of its device; None when it is a person's own."""
    draft, definition, code = None, None, ""
    with suppress(StorageUnavailable):  # then nothing is known but what the whole server is for
        draft, here = draft_of_this_page()
        if draft:
            definition = site().definition(draft.digest)
        else:
            definition, code = _of_code(_asked_code())
        if not is_shared(definition):
            return None
        if draft and definition:
            code = _code_of_draft(draft, definition)
        return SharedDevice(
            code=code,
            finished=draft is None or not here or draft.sent,
            more="more" in request.args,
            limits=dict((definition and definition.limits) or {}),
        )
    return SharedDevice("", False, False, {}) if site().config.kiosk else None


def _code_of_draft(draft: Draft, definition: Definition) -> str:
    if definition.access == "single_use_code":  # the next one has their own
        return ""
    entries = site().storage.entries(draft.consultation)
    return next((entry.code for entry in entries if entry.collector == draft.collector), "")


def _of_code(code: str) -> tuple[Definition | None, str]:
    found = site().storage.entry(code) if code else None
    current = site().current(found.consultation) if found else None
    if found is None or current is None:
        return None, ""
    return current[1], found.code


def _asked_code() -> str:
    # Not from a form: a page that says that a form was too long must not read it again.
    given = (request.view_args or {}).get("code") or request.args.get("code") or ""
    return cast(str, given).strip().lower()[:MAX_CODE]


def code_of_this_device() -> str:
    """The entry code that a device in a group keeps from one person to the next; else ""."""
    device = shared()
    return device.code if device else ""


@shared_device.post("/more-time")
@open_to("anyone")
def more_time() -> ResponseReturnValue:
    """The last page once more, for longer: on a shared device it clears itself."""
    draft, _ = draft_of_this_page()
    if draft is not None and draft.sent:
        left = {**draft.to_plain(), "views_of_code": draft.views_of_code + 1}
        keep(Draft.from_plain(left))
        return redirect(url_for("sending.sent", more="1"), 303)
    template = ENDED.get(request.form.get("page", ""))
    if draft is not None or template is None or shared() is None:
        return redirect(url_for("entry.front"), 303)
    return render_template(template)
