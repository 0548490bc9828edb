"""Taking a sent response back, with the code that only the person holds (R92)."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.sealing import withdrawal_tag

from .guessing import told_to_wait
from .session import open_to
from .site import place, site, today

withdrawal = Blueprint("withdrawal", __name__)

MAX_CODE = 400


@withdrawal.route("/withdraw", methods=["GET", "POST"])
@open_to("anyone")
def withdraw() -> ResponseReturnValue:
    """Ask for the six words; delete the response that belongs to them."""
    if request.method != "POST":
        return make_response(render_template("withdraw.html", outcome="", typed=""))
    typed = request.form.get("code", "")[:MAX_CODE]
    outcome = _withdraw(typed) if typed.strip() else "empty"
    if outcome == "unknown" and site().words_brake.wrong(place()):
        outcome = "wait"
    shown = typed if outcome in ("unknown", "late", "wait") else ""
    page = make_response(render_template("withdraw.html", outcome=outcome, typed=shown))
    return told_to_wait(page) if outcome == "wait" else page


def _withdraw(code: str) -> str:
    """Return `done`, `late` or `unknown`. The code names no consultation, so each is tried."""
    in_time: dict[str, bytes] = {}
    late: dict[str, bytes] = {}
    for opened in site().storage.all_opened():
        definition = site().definition(opened.digest)
        if definition is None:
            continue
        tag = withdrawal_tag(opened.consultation, code)
        (in_time if today() <= definition.dates.last_withdrawal else late)[opened.consultation] = (
            tag
        )
    if site().storage.withdraw(in_time) is not None:
        return "done"
    return "late" if site().storage.holds(late) is not None else "unknown"
