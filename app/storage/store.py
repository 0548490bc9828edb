"""The few functions through which everything is kept and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Select,
    and_,
    delete,
    func,
    or_,
    select,
    text,
    update,
)

from .cards import Cards
from .compacting import DRAFTS_IN_ORDER, IN_ORDER, compact_file, compact_tables
from .drafts import Drafts
from .engines import DRAFTS_PRAGMAS, RESPONSES_PRAGMAS, Database, insert_into
from .failures import DRAFTS, PublishRefused
from .kept import KeptDrafts
from .models import Definition, EntryCode, OpenedConsultation, Recipient, Reply, Response
from .records import Entry, Opened, State, StoredDefinition, StoredResponse
from .retention import Retention

NOBODYS_DRAFT = bytes(32)
BATCH = 200
"""Responses read in one transaction while streaming: about 1 MB of envelopes."""


def open_storage(database_url: str, drafts_url: str) -> Storage:
    """Return the storage at two SQLAlchemy addresses; nothing is opened before it is used.

    Call `upgrade` first: a database that is missing is an error here, never made anew.

    Raises ValueError for a SQLite address without a file.
    """
    responses = Database.at(database_url, RESPONSES_PRAGMAS)
    if responses.path is None and drafts_url == database_url:
        return Storage(responses, responses)  # one set of connections for both
    drafts = Database.at(drafts_url, DRAFTS_PRAGMAS, keeps_open=True, name=DRAFTS)
    return Storage(responses, drafts)


class Storage:
    """What the server keeps. Every method raises StorageUnavailable when a database fails it.

    One object serves all threads of a process, and a process that was forked off.
    """

    def __init__(self, responses: Database, drafts: Database) -> None:
        self._responses = responses
        self._drafts_database = drafts
        self._drafts = Drafts(drafts)
        self.cards = Cards(responses, drafts)
        self.kept_drafts = KeptDrafts(responses)
        self.retention = Retention(responses)

    def prove_usable(self) -> None:
        """Ask both databases for what costs nothing, and whether they could be written."""
        self.all_opened()
        self.read_draft(NOBODYS_DRAFT)
        for database in (self._responses, self._drafts_database):
            database.refuse_unwritable()

    # Consultations

    def publish(
        self,
        definition: StoredDefinition,
        recipients: Sequence[str],
        codes: Mapping[str, str | None],
    ) -> None:
        """Open a consultation with this definition, in one transaction.

        Earlier versions stay, because responses name them; so do earlier codes, because they are
        on posters. The recipients are replaced.

        Args:
            definition: the version that people will answer from now on.
            recipients: armoured public keys, in order.
            codes: what people type or scan, and the collector each belongs to.

        Raises:
            PublishRefused: the version was published with other content, or a code is taken by
                another consultation; the message says what to change.
        """
        with self._responses.writing() as connection:
            _keep_definition(connection, definition)
            state = {"state": "open", "digest": definition.digest}
            opened = insert_into(connection, OpenedConsultation).values(
                consultation=definition.consultation, **state
            )
            connection.execute(
                opened.on_conflict_do_update(index_elements=["consultation"], set_=state)
            )
            _replace_recipients(connection, definition.consultation, recipients)
            for code, collector in codes.items():
                _keep_code(connection, Entry(code, definition.consultation, collector))

    def set_state(self, consultation: str, state: State) -> None:
        """Pause, end or open again. Raises LookupError when it was never published."""
        change = update(OpenedConsultation).where(OpenedConsultation.consultation == consultation)
        if not self._responses.change(change.values(state=state)):
            raise LookupError(f"“{consultation}” was never started.")

    def opened(self, consultation: str) -> Opened | None:
        """The consultation's state and newest definition; None when it was never published."""
        found = _opened().where(OpenedConsultation.consultation == consultation)
        return next(iter(self._all_opened(found)), None)

    def all_opened(self) -> list[Opened]:
        """Every consultation that was ever published, by id."""
        return self._all_opened(_opened().order_by(OpenedConsultation.consultation))

    def _all_opened(self, found: Select[str, str, str]) -> list[Opened]:
        with self._responses.reading() as connection:
            rows = connection.execute(found).all()
        return [Opened(name, cast("State", state), digest) for name, state, digest in rows]

    def entry(self, code: str) -> Entry | None:
        """What a code leads to.

        Compared here and not there: what people type may be anything, and a database server can
        be told to log the values of every statement. There are as many codes as posters.
        """
        return next((one for one in self._entries(_entry()) if one.code == code), None)

    def entries(self, consultation: str) -> list[Entry]:
        """Every code of a consultation, in alphabetical order."""
        found = _entry().where(EntryCode.consultation == consultation)
        return self._entries(found.order_by(EntryCode.code))

    def _entries(self, found: Select[str, str, str | None]) -> list[Entry]:
        with self._responses.reading() as connection:
            return [Entry(*row) for row in connection.execute(found)]

    def definition(self, digest: str) -> StoredDefinition | None:
        """The definition with this digest."""
        found = self._definitions(_definition().where(Definition.digest == digest))
        return next(iter(found), None)

    def definitions(self, consultation: str) -> list[StoredDefinition]:
        """Every version that was published, by its number."""
        found = _definition().where(Definition.consultation == consultation)
        return self._definitions(found.order_by(Definition.version))

    def _definitions(self, found: Select[str, str, int, str]) -> list[StoredDefinition]:
        with self._responses.reading() as connection:
            return [StoredDefinition(*row) for row in connection.execute(found)]

    def recipients(self, consultation: str) -> list[str]:
        """The armoured public keys to seal to, in order."""
        found = select(Recipient.public_key).where(Recipient.consultation == consultation)
        with self._responses.reading() as connection:
            return list(connection.scalars(found.order_by(Recipient.place)))

    def keep_reply(self, consultation: str, document: str) -> None:
        """Keep what came of the answers, in place of what was told before."""
        row = {"consultation": consultation, "document": document}
        with self._responses.writing() as connection:
            insert = insert_into(connection, Reply).values(**row)
            connection.execute(
                insert.on_conflict_do_update(index_elements=["consultation"], set_=row)
            )

    def reply(self, consultation: str) -> str | None:
        """What came of the answers; None when nothing was told yet."""
        found = select(Reply.document).where(Reply.consultation == consultation)
        with self._responses.reading() as connection:
            document = connection.scalar(found)
        return None if document is None else str(document)

    # Responses

    def keep_response(self, consultation: str, response: StoredResponse) -> bool:
        """Keep a sealed response; when this returns, it is on the disk.

        True if it is new, False if a response with that id is there already: a double click.
        """
        with self._responses.writing() as connection:
            insert = insert_into(connection, Response).values(
                consultation=consultation,
                id=response.id,
                envelope=response.envelope,
                withdrawal_tag=response.withdrawal_tag,
            )
            kept = insert.on_conflict_do_nothing().returning(Response.id)
            return connection.scalar(kept) is not None

    def withdraw(self, tags: Mapping[str, bytes]) -> str | None:
        """Delete the response with one of these tags; its consultation, or None.

        Args:
            tags: for each consultation, the 32-byte tag that the code has in it.
        """
        if not tags:
            return None
        with self._responses.writing() as connection:
            gone: Delete = delete(Response).where(_tagged(tags))
            names = list(connection.scalars(gone.returning(Response.consultation)))
        if not names:
            return None
        self._responses.empty_log()
        return str(names[0])

    def holds(self, tags: Mapping[str, bytes]) -> str | None:
        """The consultation that keeps a response with one of these tags, without touching it."""
        if not tags:
            return None
        found = select(Response.consultation).where(_tagged(tags))
        with self._responses.reading() as connection:
            name = connection.scalar(found.limit(1))
        return None if name is None else str(name)

    def responses(self, consultation: str) -> Iterator[StoredResponse]:
        """Stream the responses by id, in short transactions, so that nobody waits to send one.

        A response that is kept or withdrawn meanwhile may be in the stream or not.
        """
        columns = select(Response.id, Response.envelope, Response.withdrawal_tag)
        last = b""
        while True:
            page = columns.where(Response.consultation == consultation, Response.id > last)
            with self._responses.reading() as connection:
                rows = connection.execute(page.order_by(Response.id).limit(BATCH)).all()
            for row in rows:
                yield StoredResponse(*row)
            if len(rows) < BATCH:
                return
            last = rows[-1].id

    def count(self, consultation: str) -> int:
        """How many responses there are now."""
        found = select(func.count()).select_from(Response)
        with self._responses.reading() as connection:
            counted = connection.scalar(found.where(Response.consultation == consultation))
        return counted or 0

    # Drafts

    def read_draft(self, draft_id: bytes) -> bytes | None:
        """The draft's ciphertext, or None; being read makes it fresh again."""
        return self._drafts.read(draft_id)

    def write_draft(self, draft_id: bytes, ciphertext: bytes) -> None:
        """Keep a draft's ciphertext under its 32-byte id, in place of what was there."""
        self._drafts.write(draft_id, ciphertext)

    def replace_draft(self, draft_id: bytes, before: bytes, ciphertext: bytes) -> bool:
        """Keep a draft's ciphertext in place of the one that was read before.

        Returns False, and changes nothing, when that is no longer there: somebody wrote another
        one meanwhile, or deleted it, and what was deleted must not come back.
        """
        return self._drafts.replace(draft_id, before, ciphertext)

    def delete_draft(self, draft_id: bytes) -> None:
        """Remove a draft and overwrite its bytes."""
        self._drafts.delete(draft_id)

    def age_drafts(self, limit: int) -> int:
        """Count one more sweep for every draft and remove those over `limit`; how many went."""
        return self._drafts.age(limit)

    def last_sweep(self) -> bytes | None:
        """The mark of the last sweep of drafts that was counted; None before the first."""
        return self._drafts.last_sweep()

    def sweep_drafts(self, limit: int, seen: bytes | None) -> bytes | None:
        """Age the drafts, unless somebody else did since the sweep with the mark `seen`.

        Several servers on one database must not shorten anybody's hour (R30). Returns the mark of
        the last sweep that was counted, for the next call.
        """
        return self._drafts.sweep(limit, seen)

    # The whole

    def compact(self) -> None:
        """Rewrite the files in order of the random ids, so that their layout tells no history.

        Writers wait meanwhile. Needs free space of twice the database.
        """
        for database, tables in (
            (self._responses, IN_ORDER),
            (self._drafts_database, DRAFTS_IN_ORDER),
        ):
            if database.path:
                compact_file(database)
            else:
                compact_tables(database, tables)

    def server_settings(self, names: Sequence[str]) -> dict[str, str]:
        """How the server of the responses is set, by name; nothing for a SQLite file."""
        if self._responses.path is not None:
            return {}
        found = text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)")
        with self._responses.reading() as connection:
            rows = connection.execute(found, {"names": list(names)})
            return {str(name): str(setting) for name, setting in rows}

    def close(self) -> None:
        """Close the connections of this process; the storage can be used again."""
        self._responses.close()
        self._drafts_database.close()


def _tagged(tags: Mapping[str, bytes]) -> ColumnElement[bool]:
    """Rows with the tag that a code has in each consultation."""
    return or_(
        *(
            and_(Response.consultation == consultation, Response.withdrawal_tag == tag)
            for consultation, tag in tags.items()
        )
    )


def _opened() -> Select[str, str, str]:
    return select(
        OpenedConsultation.consultation, OpenedConsultation.state, OpenedConsultation.digest
    )


def _entry() -> Select[str, str, str | None]:
    return select(EntryCode.code, EntryCode.consultation, EntryCode.collector)


def _definition() -> Select[str, str, int, str]:
    return select(
        Definition.digest, Definition.consultation, Definition.version, Definition.document
    )


def _keep_definition(connection: Connection, definition: StoredDefinition) -> None:
    found = select(Definition.digest).where(
        Definition.consultation == definition.consultation,
        Definition.version == definition.version,
    )
    digest = connection.scalar(found)
    if digest == definition.digest:
        return
    if digest is not None:
        raise PublishRefused(
            f"Version {definition.version} of “{definition.consultation}” was started with other "
            f"content. Raise “version:” in the file, so that its answers can be told apart."
        )
    connection.execute(
        insert_into(connection, Definition).values(
            digest=definition.digest,
            consultation=definition.consultation,
            version=definition.version,
            document=definition.document,
        )
    )


def _replace_recipients(connection: Connection, consultation: str, keys: Sequence[str]) -> None:
    connection.execute(delete(Recipient).where(Recipient.consultation == consultation))
    for place, key in enumerate(keys):
        row = {"consultation": consultation, "place": place, "public_key": key}
        connection.execute(insert_into(connection, Recipient).values(**row))


def _keep_code(connection: Connection, entry: Entry) -> None:
    owner = connection.scalar(select(EntryCode.consultation).where(EntryCode.code == entry.code))
    if owner not in (None, entry.consultation):
        raise PublishRefused(
            f"The code “{entry.code}” leads to “{owner}” already. Choose another one."
        )
    insert = insert_into(connection, EntryCode).values(
        code=entry.code, consultation=entry.consultation, collector=entry.collector
    )
    connection.execute(
        insert.on_conflict_do_update(index_elements=["code"], set_={"collector": entry.collector})
    )
