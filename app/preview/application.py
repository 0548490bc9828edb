"""The web application of the preview: the journey, and a frame around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Flask,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.factory import make_app
from app.respond import begin, open_to
from app.storage import open_storage, upgrade
from app.web.languages import direction, language_name
from app.web.spoken import LANGUAGES
from config import Config

from .workbench import CODE, RESULTS, Check, Workbench

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
Start = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], Start], Iterable[bytes]]


def make_preview(path: Path, check: Check, config: Config) -> Flask:
    """Return the application that shows the consultation in one file.

    Args:
        path: the YAML file.
        check: reads the file and says what is to be said about it.
        config: of an instance that is thrown away afterwards.

    Raises `DirectoryErrors` when a support file is not right, `StorageUnavailable`.
    """
    upgrade(config.database_url, config.drafts_url)
    app = make_app(config)
    storage = open_storage(config.database_url, config.drafts_url)
    app.extensions["workbench"] = Workbench(path, check, storage)
    app.register_blueprint(preview)
    app.wsgi_app = _FramesOfOurOwn(app.wsgi_app)  # type: ignore[method-assign]
    return app


class _FramesOfOurOwn:
    """Lets the preview's own page hold the journey in a frame; no other page may."""

    def __init__(self, app: Wsgi) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """Answer a request, with headers that allow the frame."""

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            kept = [
                (name, CONTENT_SECURITY_POLICY if name == "Content-Security-Policy" else value)
                for name, value in headers
                if name != "X-Frame-Options"
            ]
            return start_response(status, kept, *rest)

        return self.app(environ, start)


preview = Blueprint(
    "preview",
    __name__,
    url_prefix="/preview",
    template_folder="templates",
    static_folder="static",
)


def workbench() -> Workbench:
    """The workbench of the present application, having looked at the file."""
    bench: Workbench = current_app.extensions["workbench"]
    bench.look()
    return bench


@preview.get("/")
@open_to("operator")
def frame() -> ResponseReturnValue:
    """The frame: the journey on one side, what to mend and where to go on the other."""
    bench = workbench()
    definition = bench.definition
    languages = definition.languages if definition else []
    return render_template(
        "preview.html",
        name=bench.path.name,
        steps=bench.steps(),
        languages=[(tag, language_name(tag), direction(tag)) for tag in languages],
        spoken=LANGUAGES,
    )


@preview.get("/state")
@open_to("operator")
def state() -> ResponseReturnValue:
    """How often the file was saved, and what is to be said about it; asked for every second."""
    bench = workbench()
    return jsonify(
        changes=bench.changes,
        steps=bench.steps(),
        findings=[
            {
                "place": f"{finding.line}:{finding.column}",
                "level": finding.level,
                "rule": finding.rule,
                "message": finding.message,
            }
            for finding in bench.findings
        ],
    )


@preview.get("/go")
@open_to("operator")
def go() -> ResponseReturnValue:
    """Put the journey at a step, in a language."""
    bench = workbench()
    step, language = request.args.get("step", ""), request.args.get("language", "")
    if step == RESULTS and bench.definition is not None:
        return redirect(url_for("results.show", code=CODE, language=language), 303)
    draft = bench.draft_at(step, language)
    if draft is None:
        return render_template("preview_broken.html", name=bench.path.name)
    begin(draft)
    return redirect(url_for("help.back_to_questions"), 303)
