"""What each page weighs on the wire, headers included, as an old phone receives it.

A real server, plain HTTP/1.1 over loopback, gzip (the encoding that every browser has). The first
page counts the style sheet, the script and the icon; later pages find them in the browser.
"""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from bench.keeping import kept
from tests.person import Person
from tests.server import Demo, running_demo

FIRST_PAGE_LIMIT = 14 * 1024
PAGE_LIMIT = 8 * 1024
"""Bytes: what ten packets of a fresh TCP connection carry (RFC 6928), and about half of it."""

DECLINE_BOX = "__prefer_not_to_say"
"""The end of the name of a box that does not go together with an answer."""

CONSULTATIONS = {"internet-safer": ("en", "fr", "ar"), "survivors-perspectives": ("en", "es")}


@dataclass(frozen=True)
class Weight:
    """Bytes on the wire of one page, and how many it may have."""

    page: str
    size: int
    limit: int


def wire_bytes(person: Person, path: str) -> int:
    """The bytes of the answer to one GET: status line, headers and compressed body."""
    host, port = person.host.split(":")
    lines = [f"GET {path} HTTP/1.1", f"Host: {person.host}", "Connection: close"]
    lines.append("Accept-Encoding: gzip")
    if person.cookies:
        lines.append("Cookie: " + "; ".join(f"{k}={v}" for k, v in person.cookies.items()))
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        size = 0
        while received := connection.recv(65536):
            size += len(received)
    return size


def first_page(demo: Demo, code: str, language: str) -> Weight:
    """The front page behind a link, with everything that it loads."""
    person = Person(demo.base)
    path = f"/{code}?language={language}"
    page = person.open(path)
    assets = {part.split('"')[0] for part in page.body.split('"/static/')[1:]}
    size = wire_bytes(person, path)
    size += sum(wire_bytes(person, f"/static/{name}") for name in assets)
    return Weight("front page, style, script and icon", size, FIRST_PAGE_LIMIT)


def pages(demo: Demo, code: str, language: str) -> Iterator[Weight]:
    """Every page of a walk that answers everything, so that pages are at their fullest."""
    person = Person(demo.base)
    person.start(code, language)
    while True:
        step = dict(person.seen.form.fields)["step"]
        yield Weight(step, wire_bytes(person, person.seen.path), PAGE_LIMIT)
        if step == "check":
            break
        person.press("continue", _answers(person))
    for path in ("/support", "/support?country=US", "/pause"):
        yield Weight(path, wire_bytes(person, path), PAGE_LIMIT)


def _answers(person: Person) -> dict[str, str | list[str]]:
    form, place = person.seen.form, 0
    answers: dict[str, str | list[str]] = {}
    for name, values in form.boxes.items():
        if name in ("leave_out", "shortcut_off") or name.endswith(DECLINE_BOX):
            continue
        if "" in values and "__" in name:
            place += 1
            answers[name] = str(place)
        else:
            answers[name] = next(value for value in values if value)
    for name, _value in form.fields:
        if name not in ("csrf_token", "step", "shown"):
            answers.setdefault(name, "A few words about what would help. " * 8)
    return answers


def main() -> None:
    """Print the weights of both consultations in every language."""
    with (
        kept("page_weights") as console,
        tempfile.TemporaryDirectory() as folder,
        running_demo(Path(folder)) as demo,
    ):
        for consultation, languages in CONSULTATIONS.items():
            code = demo.codes(consultation)[0]
            for language in languages:
                weights = [first_page(demo, code, language), *pages(demo, code, language)]
                console.print(_table(f"{consultation}, {language}", weights))


def _table(title: str, weights: list[Weight]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("page")
    table.add_column("bytes on the wire", justify="right")
    table.add_column("of the limit", justify="right")
    for weight in weights:
        share = f"{weight.size / weight.limit:.0%}" + (
            " OVER" if weight.size > weight.limit else ""
        )
        table.add_row(weight.page, f"{weight.size:,}", share)
    table.add_row("all pages together", f"{sum(weight.size for weight in weights):,}", "")
    return table
