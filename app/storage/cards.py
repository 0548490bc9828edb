"""Cards of a closed group: each has a code that is good for one response.

A card is `free`, `held` while somebody answers with it, or `used`. Whose it is stands in the
encrypted draft alone. Beside the drafts there is a hold, which says that a card is out and not
where; whoever made the hold may change the card, and nobody else. So of fifty people who try one
code at once, one gets in. A hold that nobody touches ends as a draft does, and the card is free
again, unless its session ended with a response (docs/decisions/closed-groups.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress

from sqlalchemy import delete, func, select, update

from .engines import Database, insert_into
from .failures import StorageUnavailable
from .models import Card, EntryCode, HeldCard
from .records import CardState, Entry, FoundCard

AT_ONCE = 500
"""Values in one statement; SQLite takes 32,766."""


class Cards:
    """Makes, lends and counts cards. A tag is the 32-byte hash of a card's code."""

    def __init__(self, responses: Database, drafts: Database) -> None:
        self._responses = responses
        self._drafts = drafts

    def add(self, entry: str, tags: Iterable[bytes]) -> None:
        """Make free cards that lead where an entry code leads, in no order but that of the tags."""
        with self._responses.writing() as connection:
            for some in _pieces(sorted(tags)):
                rows = [{"tag": tag, "entry": entry, "state": "free"} for tag in some]
                connection.execute(insert_into(connection, Card).values(rows))

    def find(self, tag: bytes) -> FoundCard | None:
        """The card with this tag; None when there is none."""
        columns = (EntryCode.code, EntryCode.consultation, EntryCode.collector, Card.state)
        found = select(*columns).join_from(Card, EntryCode, Card.entry == EntryCode.code)
        with self._responses.reading() as connection:
            row = connection.execute(found.where(Card.tag == tag)).one_or_none()
        return None if row is None else FoundCard(Entry(*row[:3]), row.state)

    def counts(self, consultation: str) -> tuple[int, int]:
        """How many cards a consultation has, and how many of them are not free."""
        out = func.count().filter(Card.state != "free")
        found = select(func.count(), out).join_from(Card, EntryCode, Card.entry == EntryCode.code)
        with self._responses.reading() as connection:
            row = connection.execute(found.where(EntryCode.consultation == consultation)).one()
        return row[0], row[1]

    def close(self, consultation: str) -> None:
        """Use up every card of a consultation that is over; none tells any more whether it was.

        They still lead to what came of the answers.
        """
        own = select(EntryCode.code).where(EntryCode.consultation == consultation)
        all_of_them = update(Card).where(Card.entry.in_(own), Card.state != "used")
        if self._responses.change(all_of_them.values(state="used")):
            self._responses.empty_log()

    # One session

    def take(self, tag: bytes) -> bool:
        """Take a free card; False when somebody else has it or had it.

        When this raises StorageUnavailable, the card is as free as it was, at the latest after
        the time in which an untouched draft goes.
        """
        if not self._hold(tag):
            return False
        taken = False
        try:
            out = update(Card).where(Card.tag == tag, Card.state == "free").values(state="held")
            taken = self._responses.change(out) > 0
        finally:
            if not taken:
                with suppress(StorageUnavailable):
                    self.let_go(tag)
        return taken

    def take_again(self, tag: bytes) -> None:
        """Take the card of a draft that was kept for later and is open again."""
        not_settled = update(HeldCard).where(HeldCard.tag == tag, HeldCard.done == 1)
        if self._drafts.change(not_settled.values(done=0, idle=0)) or self._hold(tag):
            self._turn([tag], "held")

    def touch(self, tag: bytes) -> None:
        """The session of this card is alive."""
        with self._drafts.reading() as connection:
            idle = connection.scalar(select(HeldCard.idle).where(HeldCard.tag == tag))
        if idle:
            self._drafts.change(update(HeldCard).where(HeldCard.tag == tag).values(idle=0))

    def done(self, tag: bytes) -> None:
        """The session ended with a response, or with a draft kept for later.

        The card is marked as used later, by `settle`, together with others: if it changed in the
        moment in which a response comes, whoever copies the database would see both.
        """
        self._drafts.change(update(HeldCard).where(HeldCard.tag == tag).values(done=1))

    def free(self, tag: bytes) -> None:
        """The session ended with nothing: the card can be used at once."""
        self._turn([tag], "free")
        self.let_go(tag)

    def let_go(self, tag: bytes) -> None:
        """The session ended with nothing: the card can be used after the next `settle`.

        Touches the drafts database only, which nobody ever waits for.
        """
        self._drafts.change(delete(HeldCard).where(HeldCard.tag == tag))

    def _hold(self, tag: bytes) -> bool:
        with self._drafts.writing() as connection:
            hold = insert_into(connection, HeldCard).values(tag=tag, idle=0, done=0)
            kept = hold.on_conflict_do_nothing().returning(HeldCard.tag)
            return connection.scalar(kept) is not None

    # All sessions

    def settle(self, limit: int) -> int:
        """Mark cards whose session ended with a response, free the others; how many are freed.

        Args:
            limit: sweeps that an untouched draft outlives. `Storage.age_drafts` counts them, for
                holds as for drafts.

        Safe to run at any time, by several processes, and again after it was interrupted.
        """
        # Read before the holds: a card that is taken after this has a hold by then.
        lent = set(self._tags("held"))
        with self._drafts.reading() as connection:
            holds = connection.execute(select(HeldCard.tag, HeldCard.idle, HeldCard.done)).all()
        done = [hold.tag for hold in holds if hold.done]
        left = [hold.tag for hold in holds if not hold.done and hold.idle > limit]
        self._turn(done, "used")
        self._turn(left, "free")
        for some in _pieces([*done, *left]):
            over = (HeldCard.done == 1) | (HeldCard.idle > limit)
            self._drafts.change(delete(HeldCard).where(HeldCard.tag.in_(some), over))
        # Let go of, or the machine was switched off and its memory with the holds is gone.
        lost = [tag for tag in lent.difference(hold.tag for hold in holds) if self._hold(tag)]
        self._turn(lost, "free")
        for some in _pieces(lost):
            self._drafts.change(delete(HeldCard).where(HeldCard.tag.in_(some)))
        return len(left) + len(lost)

    def _tags(self, state: CardState) -> list[bytes]:
        with self._responses.reading() as connection:
            return list(connection.scalars(select(Card.tag).where(Card.state == state)))

    def _turn(self, tags: Collection[bytes], state: CardState) -> None:
        """Change cards, in the order of their tags. To be done by whoever holds them."""
        if not tags:
            return
        with self._responses.writing() as connection:
            for some in _pieces(sorted(tags)):
                turned = update(Card).where(Card.tag.in_(some), Card.state != state)
                connection.execute(turned.values(state=state))


def _pieces(tags: list[bytes]) -> Iterator[list[bytes]]:
    return (tags[at : at + AT_ONCE] for at in range(0, len(tags), AT_ONCE))
