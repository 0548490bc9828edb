"""Promise 1 in a closed group: no card, no kept draft and no response can be joined.

Everything marked, as in `story`: somebody sends with a card, somebody exits, somebody keeps their
answers, somebody comes back to theirs and sends. Then thirty come with a card each, one after
another, and thirty keep their answers.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.commands import main
from app.sealing import card_tag, draft_id, open_envelope, return_key
from tests.closed_groups import (
    GROUP,
    OPEN,
    closed_group_surveys,
    minutes_pass,
    new_cards,
)
from tests.person import Person
from tests.place import Place, code_on, key_of, unlocked
from tests.server import Demo, running_demo
from tests.walks import walk

from .rows import response_ids
from .scan import Found, Marked, MarkedBytes, search
from .story import (
    ARRIVALS,
    Story,
    begin,
    code_on_screen,
    person_in,
    processes_of,
    words_of,
)
from .test_1_nothing_identifies import ORDER_BOUND, every_offset, spearman

pytestmark = pytest.mark.requirement("R8", "R33", "R86")

PIECE = 8
"""Bytes that two random values do not share by chance."""


@dataclass
class Group:
    """What was left of a closed group, and who was who."""

    story: Story
    cards: list[bytes] = field(default_factory=list)
    responses: list[bytes] = field(default_factory=list)
    kept: list[bytes] = field(default_factory=list)
    unused: list[bytes] = field(default_factory=list)
    returned: bytes = b""
    held_while_answering: list[bytes] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)

    @property
    def image(self) -> bytes:
        """Every byte of the database that outlives a restart."""
        return self.story.database.read_bytes()


def marked_code(story: Story, name: str, code: str) -> str:
    """A card's code in each way of writing it, and its bare hash."""
    for joined in ("-", "", " "):
        story.mark(f"{name}, code of the card", code.replace("-", joined))
    return code


def keep_it(story: Story, person: Person, name: str) -> str:
    """Keep what is on screen; the six words, marked in each way of writing them."""
    person.press("keep")
    person.press("keep")
    words = code_on(person.seen)
    assert words.count(" ") == 5
    for joined in (" ", "-", "", "+", "_"):
        story.mark(f"{name}, words", words.replace(" ", joined))
    story.marks.append(MarkedBytes(f"{name}, key of the words", return_key(words)))
    return words


def tell(demo: Demo) -> Group:
    """Let everybody come and go; the server is still running afterwards."""
    story = Story(demo.instance.parent, key=demo.key)
    story.database = demo.instance / "heard.sqlite3"
    group = Group(story)
    codes = new_cards(demo, ARRIVALS + 8)
    cards = iter(codes)

    for number, (name, leaves) in enumerate((("card sender", False), ("card leaver", True)), 31):
        person = person_in(story, demo, name, number)
        begin(story, person, name, marked_code(story, name, next(cards)))
        until = "page:end" if leaves else ""
        walk(person, words_of(story, name).__getitem__, until=until)
        if leaves:
            group.held_while_answering = held(demo)
            person.request("GET", "/leave")
        else:
            code_on_screen(story, person, name)

    keeper = person_in(story, demo, "keeper", 33)
    begin(story, keeper, "keeper", demo.codes(OPEN)[0])
    walk(keeper, words_of(story, "keeper").__getitem__, until="page:end")
    keep_it(story, keeper, "keeper")

    returner = person_in(story, demo, "returner", 34)
    begin(story, returner, "returner", marked_code(story, "returner", next(cards)))
    walk(returner, words_of(story, "returner").__getitem__, until="page:end")
    words = keep_it(story, returner, "returner")
    group.returned = draft_id(return_key(words))
    elsewhere = person_in(story, demo, "returner elsewhere", 35)
    elsewhere.post(f"/come-back?x={story.mark('returner, query')}", [("words", words)])
    story.marks.append(MarkedBytes("returner elsewhere, draft key", key_of(elsewhere)))
    walk(elsewhere, words_of(story, "returner elsewhere").__getitem__)
    code_on_screen(story, elsewhere, "returner elsewhere")

    guesser = person_in(story, demo, "guesser", 36)
    guesser.post("/start", [("code", story.mark("guesser, code", "bcdf-ghjk-mprs-twxz"))])
    guesser.post("/come-back", [("words", story.mark("guesser, words"))])

    arrive_with_cards(group, demo, [next(cards) for _ in range(ARRIVALS)])
    group.unused = [tag(code) for code in cards]
    keep_in_order(group, demo)
    return group


def tag(code: str) -> bytes:
    found = card_tag(code)
    assert found is not None
    return found


def held(demo: Demo) -> list[bytes]:
    with closing(sqlite3.connect(demo.drafts / "drafts.sqlite3")) as connection:
        return [bytes(one) for (one,) in connection.execute("SELECT tag FROM held_card")]


def arrive_with_cards(group: Group, demo: Demo, codes: Iterable[str]) -> None:
    """One after another; which card and which row are whose is seen from outside."""
    known = set(response_ids(group.story.database))
    for code in codes:
        person = Person(demo.base)
        person.start(code)
        walk(person, empty=True)
        (new,) = set(response_ids(group.story.database)) - known
        known.add(new)
        group.cards.append(tag(code))
        group.responses.append(new)


def keep_in_order(group: Group, demo: Demo) -> None:
    for _ in range(ARRIVALS):
        person = Person(demo.base)
        person.start(demo.codes(OPEN)[0])
        walk(person, empty=True, until="page:end")
        person.press("keep")
        person.press("keep")
        group.kept.append(draft_id(return_key(code_on(person.seen))))


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Group:
    folder = tmp_path_factory.mktemp("group")
    with running_demo(folder, surveys=closed_group_surveys(folder)) as demo:
        told = tell(demo)
        minutes_pass(Place(demo))
        processes = processes_of(demo.instance, demo.process.pid)
        told.found = search(folder, told.story.marks, processes)
        bundle = demo.heard("export", GROUP, "-o", str(folder / "bundle.heard"))
        assert bundle.returncode == 0, bundle.stderr
        told.story.printed = demo.printed
        demo.stop()
    told.found += search(folder, told.story.marks)
    return told


@pytest.fixture(scope="module")
def swept(group: Group, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the database after `heard sweep`."""
    folder = tmp_path_factory.mktemp("swept") / "left"
    shutil.copytree(group.story.folder, folder)
    settings = {"HEARD_DRAFTS_URL": f"sqlite:///{folder / 'drafts' / 'drafts.sqlite3'}"}
    command = ["sweep", "--instance", str(folder / "instance")]
    done = CliRunner().invoke(main, command, env=settings)
    assert done.exit_code == 0, done.output
    return folder / "instance" / "heard.sqlite3"


def table(database: Path, name: str) -> dict[bytes, tuple[Any, ...]]:
    """Every row of a table by its first column."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        rows = connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608
    return {bytes(row[1] if name == "response" else row[0]): row for row in rows}


# Nothing that people brought


def test_no_code_no_word_and_no_answer_is_anywhere(group: Group) -> None:
    assert group.found == []
    assert len(group.story.marks) > 150


@pytest.mark.parametrize("place", ["a card", "a kept draft", "a hold"])
def test_one_planted_mark_would_be_found(group: Group, tmp_path: Path, place: str) -> None:
    left = tmp_path / "left"
    shutil.copytree(group.story.folder, left)
    mark = next(m for m in group.story.marks if isinstance(m, Marked) and "code of" in m.name)
    statement, database = {
        "a card": ("UPDATE card SET entry = entry || ?", "instance/heard.sqlite3"),
        "a kept draft": (
            "UPDATE kept_draft SET ciphertext = CAST(ciphertext || ? AS BLOB)",
            "instance/heard.sqlite3",
        ),
        "a hold": ("INSERT INTO held_card VALUES (?, 0, 0)", "drafts/drafts.sqlite3"),
    }[place]
    with closing(sqlite3.connect(left / database)) as connection:
        value = mark.value.encode().ljust(32) if place == "a hold" else mark.value
        connection.execute(statement, (value,))
        connection.commit()

    assert mark.name in {found.name for found in search(left, group.story.marks)}


# Nothing that joins


def test_every_card_that_sent_is_used_and_no_other(group: Group) -> None:
    states = {card: row[2] for card, row in table(group.story.database, "card").items()}

    assert [states[card] for card in group.cards] == ["used"] * ARRIVALS
    assert {states[card] for card in group.unused} == {"free"}
    # Beside the thirty: who sent, and who came back and sent. Who left can come again.
    assert list(states.values()).count("used") == ARRIVALS + 2
    assert "held" not in states.values()


def test_a_session_holds_its_card_and_says_nowhere_whose_it_is(group: Group) -> None:
    """Otherwise the tests of what is left would prove nothing."""
    assert len(group.held_while_answering) == 2  # the one who sent is not settled yet
    with closing(sqlite3.connect(group.story.folder / "drafts" / "drafts.sqlite3")) as connection:
        left = connection.execute("SELECT count(*) FROM held_card").fetchone()
        drafts = connection.execute("SELECT id, ciphertext FROM draft").fetchall()
    assert left == (0,)
    for card in group.cards:
        assert not any(shares_a_piece(card, bytes(part)) for row in drafts for part in row)


def shares_a_piece(one: bytes, other: bytes) -> bool:
    return any(one[at : at + PIECE] in other for at in range(len(one) - PIECE + 1))


def test_no_piece_of_a_card_or_a_kept_draft_is_in_another_row(group: Group) -> None:
    database = group.story.database
    responses = [
        b"".join(part for part in row if isinstance(part, bytes))
        for row in table(database, "response").values()
    ]
    kept = table(database, "kept_draft")
    ciphertexts = [row[2] for row in kept.values()]
    assert len(kept) == ARRIVALS + 1  # the returner's went when it was opened
    assert group.returned not in group.image

    for one in (*table(database, "card"), *kept):
        assert not any(shares_a_piece(one, response) for response in responses)
    for one in table(database, "card"):
        assert not any(shares_a_piece(one, bytes(part)) for part in (*kept, *ciphertexts))


def test_no_id_is_made_from_a_card_or_a_kept_draft(group: Group) -> None:
    """A hash of the card as the id of its response would join them for whoever has the cards."""
    made = set()
    for one in (*group.cards, *group.kept):
        for name in ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b", "blake2s"):
            for spelled in (one, one.hex().encode(), one + GROUP.encode(), GROUP.encode() + one):
                digest = hashlib.new(name, spelled, usedforsecurity=False).digest()
                made |= {digest[:16], digest[-16:]}
    for response_id, row in table(group.story.database, "response").items():
        assert response_id not in made
        assert bytes(row[3])[:16] not in made


def test_what_the_researcher_opens_tells_of_no_card(group: Group) -> None:
    key = unlocked(group.story.key.read_text(encoding="utf-8"))
    documents = [
        json.loads(open_envelope(bytes(row[2]), GROUP, key))
        for row in table(group.story.database, "response").values()
    ]

    assert len(documents) == ARRIVALS + 2
    for document in documents:
        assert set(document) <= {
            *("format", "consultation", "version", "definition", "language", "collector"),
            *("consent", "answers", "not_shown", "declined", "ended", "reached"),
        }
    said = json.dumps(documents)
    assert not any(card.hex() in said for card in group.cards)


# Nothing in order


@pytest.mark.parametrize("after", ["running", "sweeping"])
def test_cards_lie_in_no_order_of_use(group: Group, swept: Path, after: str) -> None:
    """A card is written once, when it is made, and its state over the one before."""
    image = group.image if after == "running" else swept.read_bytes()

    places = [every_offset(image, card) for card in group.cards]
    assert {len(offsets) for offsets in places} == {1}
    assert abs(spearman([offsets[0] for offsets in places])) < ORDER_BOUND
    everywhere = sorted(table(group.story.database, "card"), key=image.index)
    assert is_one_order(everywhere)


def is_one_order(tags: list[bytes]) -> bool:
    """In order of the tags, from one end of each page or the other."""
    return sum(one < other for one, other in pairwise(tags)) in (0, len(tags) - 1)


def test_after_a_sweep_kept_drafts_lie_in_no_order_of_keeping(group: Group, swept: Path) -> None:
    image = swept.read_bytes()

    places = [every_offset(image, one) for one in group.kept]
    assert {len(offsets) for offsets in places} == {1}
    assert abs(spearman([offsets[0] for offsets in places])) < ORDER_BOUND
    listed = list(table(swept, "kept_draft"))
    assert listed == sorted(listed)


@pytest.mark.parametrize("after", ["running", "sweeping"])
def test_the_place_of_a_card_does_not_tell_the_place_of_its_response(
    group: Group, swept: Path, after: str
) -> None:
    image = group.image if after == "running" else swept.read_bytes()
    of_cards = [image.index(card) for card in group.cards]
    in_order_of_cards = sorted(range(ARRIVALS), key=lambda place: of_cards[place])

    of_responses = [image.index(group.responses[place]) for place in in_order_of_cards]

    assert abs(spearman(of_responses)) < ORDER_BOUND


def test_all_kept_drafts_look_alike(group: Group) -> None:
    rows = table(group.story.database, "kept_draft").values()

    assert {(row[1], len(bytes(row[2]))) for row in rows} == {(OPEN, 12 + 4096 + 16)}
