"""A form as Flask and Flask-WTF make it, behind the server of Heard: what others would write.

`/hello` answers with a few bytes. `/form` shows nine choices, a scale, a list and a box for words,
with a token in a signed cookie, and takes what is sent, checks it, and answers 303. `/kept` also
reads what this person answered before, and writes what is new, with SQLAlchemy into a SQLite file
in memory, as clear text: nothing is sealed.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
from pathlib import Path
from typing import Any

from flask import Flask, redirect, session
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import Column, MetaData, String, Table, create_engine, select
from sqlalchemy.dialects.sqlite import insert
from wtforms import RadioField, SelectMultipleField, TextAreaField, validators
from wtforms.widgets import CheckboxInput, ListWidget

from app.commands.running import WORKERS
from app.commands.server import Server
from config import SHARED_MEMORY, Config

ANSWERS = Table(
    "answers",
    MetaData(),
    Column("person", String, primary_key=True),
    Column("uses", String),
    Column("often", String),
    Column("words", String),
)
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


def make_bare_form(database: Path | None = None) -> Flask:
    """Return the application.

    Args:
        database: a file in which `/kept` keeps answers; without one there is no such page.
    """
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

    if database:
        _keep_answers(app, database)
    return app


def _keep_answers(app: Flask, database: Path) -> None:
    engine = create_engine(f"sqlite:///{database}")
    ANSWERS.metadata.create_all(engine)
    engine.dispose()  # each process opens its own

    @app.post("/kept")
    def kept() -> ResponseReturnValue:
        questions: Any = Questions()  # type: ignore[no-untyped-call]
        if not questions.validate_on_submit():
            return "", 400
        person = session.setdefault("person", secrets.token_hex(16))
        given = {
            "uses": " ".join(questions.uses.data),
            "often": questions.often.data,
            "words": questions.words.data,
        }
        with engine.connect() as connection:
            before = connection.execute(select(ANSWERS).where(ANSWERS.c.person == person)).first()
        if before is None or before._mapping != {"person": person, **given}:
            new = insert(ANSWERS).values(person=person, **given)
            with engine.begin() as connection:
                connection.execute(new.on_conflict_do_update(index_elements=["person"], set_=given))
        return redirect("/form", 303)


class BareServer(Server):
    """The production server with the bare form in it; `instance` is where it keeps answers."""

    def load(self) -> Flask:
        """Return the bare form."""
        return make_bare_form(self.config.instance / "answers.sqlite3")

    def _start_sweeping(self, _arbiter: Any) -> None:
        """There is nothing to sweep."""

    def sweep_again(self, arbiter: Any) -> None:
        """Nor is there anybody to follow."""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY) as folder:
        nothing = Config(Path(folder), "", "", Path(folder), "")
        BareServer(nothing, f"127.0.0.1:{sys.argv[1]}", WORKERS).run()
