"""A form as Flask and Flask-WTF make it, behind the server of Heard: what others would write.

`/hello` answers with a few bytes. `/form` shows nine choices, a scale, a list and a box for words,
with a token in a signed cookie, and takes what is sent, checks it, and answers 303.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from flask import Flask, redirect
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField, TextAreaField, validators
from wtforms.widgets import CheckboxInput, ListWidget

from app.commands.running import WORKERS
from app.commands.server import Server
from config import Config

USES = [(f"use-{number}", f"What people do online, number {number}") for number in range(1, 10)]
OFTEN = [(str(number), word) for number, word in enumerate(("Never", "Rarely", "Often", "Always"))]
TEMPLATE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Questions</title></head>
<body><h1>Questions</h1>
<form method="post">{{ form.hidden_tag() }}
{% for field in (form.uses, form.often, form.words) %}
<fieldset><legend>{{ field.label }}</legend>{{ field }}
{% for error in field.errors %}<p>{{ error }}</p>{% endfor %}</fieldset>
{% endfor %}
<button>Continue</button></form></body></html>
"""


class Questions(FlaskForm):
    """Three questions."""

    uses = SelectMultipleField(
        "What do you use the internet for?",
        choices=USES,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    often = RadioField(
        "How often do you feel safe online?", choices=OFTEN, validators=[validators.Optional()]
    )
    words = TextAreaField("In your words", validators=[validators.Length(max=5000)])


def make_bare_form() -> Flask:
    """Return the application."""
    app = Flask(__name__)
    template = app.jinja_env.from_string(TEMPLATE)  # once, as a file would be
    app.secret_key = "only for measuring"  # noqa: S105 - of a server that nobody else can reach

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    @app.route("/form", methods=["GET", "POST"])
    def form() -> ResponseReturnValue:
        questions: Any = Questions()  # type: ignore[no-untyped-call]
        if questions.validate_on_submit():
            return redirect("/form", 303)
        return template.render(form=questions)

    return app


class BareServer(Server):
    """The production server with the bare form in it."""

    def load(self) -> Flask:
        """Return the bare form."""
        return make_bare_form()

    def _start_sweeping(self, _arbiter: Any) -> None:
        """There is nothing to sweep."""

    def sweep_again(self, arbiter: Any) -> None:
        """Nor is there anybody to follow."""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        nothing = Config(Path(folder), "", "", Path(folder), "")
        BareServer(nothing, f"127.0.0.1:{sys.argv[1]}", WORKERS).run()
