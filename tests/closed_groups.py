"""Consultations for a closed group, whose unsent answers can wait, and their cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.storage import Storage, open_storage
from config import read_config
from tests.definitions import HEAD
from tests.paper.reading import read
from tests.place import Place, write_surveys
from tests.server import Demo

GROUP = "closed-group"
OPEN = "open-group"
"""The same questions with a link for everybody."""
LIMIT = 13

_CARD = re.compile(r"(?:[a-z0-9]{4}-){3}[a-z0-9]{4}")
_PAGES = """\
topics: [{name: storms, label: Storms}]
pages:
  - name: start
    questions:
      - name: likes_rain
        type: select_one
        label: Do you like rain?
        choices: [{name: "yes", label: Yes}, {name: "no", label: No}]
      - {name: why_rain, type: text, label: Why?, relevant: "${likes_rain} = 'yes'"}
  - name: thunder
    topics: [storms]
    content_warning: The next question is about storms.
    questions:
      - {name: storm_words, type: text, label: What helped?, prefer_not_to_say: true}
  - name: end
    questions:
      - {name: last_words, type: text, label: What should change?}
"""
_WAITING = HEAD.replace("consultation: small", "consultation: {}\nresume: true") + _PAGES
CLOSED_GROUP = _WAITING.replace("{}", GROUP, 1) + (
    "access: single_use_code\nexpected_responses: 100\n"
    "collectors: [{name: north, label: North}, {name: south, label: South}]\n"
)


def closed_group_surveys(folder: Path) -> Path:
    """A folder of consultations with the two."""
    return write_surveys(folder, **{GROUP: CLOSED_GROUP, OPEN: _WAITING.replace("{}", OPEN, 1)})


def new_cards(demo: Demo, number: int, collector: str = "north") -> list[str]:
    """The codes of new cards, read from the PDF as a person with scissors would."""
    path = demo.instance.parent / "cards.pdf"
    done = demo.heard(
        *("cards", GROUP, "--count", str(number), "-o", str(path)),
        *("--address", "https://questions.example.org", "--collector", collector),
    )
    assert done.returncode == 0, done.stderr
    codes = [code for page in read(path.read_bytes()) for code in _CARD.findall(page.text)]
    assert len(set(codes)) == number
    path.unlink()
    return codes


@contextmanager
def storage_of(place: Place) -> Iterator[Storage]:
    """The storage of a running server."""
    settings = {name: v for name, v in place.demo.env.items() if name.startswith("HEARD_")}
    config = read_config(settings)
    storage = open_storage(config.database_url, config.drafts_url)
    yield storage
    storage.close()


def minutes_pass(place: Place) -> None:
    """The server's next sweep."""
    with storage_of(place) as storage:
        storage.cards.settle(LIMIT)


def an_hour_passes(place: Place) -> None:
    """Nobody presses anything for over an hour."""
    with storage_of(place) as storage:
        for _ in range(LIMIT + 1):
            storage.age_drafts(LIMIT)
        storage.cards.settle(LIMIT)
