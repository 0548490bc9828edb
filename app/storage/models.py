"""The tables. What is not a column here is not kept: no time, no sequence, no address."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Names that are the same on every database, so that a migration can name what it changes.
NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Base(DeclarativeBase):
    """Tables of the responses database."""

    metadata = MetaData(naming_convention=NAMING)


class DraftBase(DeclarativeBase):
    """Tables of the drafts database, which may live in memory only."""

    metadata = MetaData(naming_convention=NAMING)


class Definition(Base):
    """Every version that was ever published: a sealed response names its definition by digest."""

    __tablename__ = "definition"
    __table_args__ = (UniqueConstraint("consultation", "version"),)

    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    consultation: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    document: Mapped[str] = mapped_column(Text)


class OpenedConsultation(Base):
    """The state of each consultation that was started."""

    __tablename__ = "opened"
    __table_args__ = (CheckConstraint("state IN ('open', 'paused', 'ended')", name="state"),)

    consultation: Mapped[str] = mapped_column(Text, primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text, ForeignKey("definition.digest"))


class Recipient(Base):
    """The armoured public keys that a consultation's responses are sealed to, in their order."""

    __tablename__ = "recipient"

    consultation: Mapped[str] = mapped_column(Text, primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_key: Mapped[str] = mapped_column(Text)


class EntryCode(Base):
    """The codes that people are given, and the collector each belongs to."""

    __tablename__ = "entry"
    __table_args__ = (Index(None, "consultation"),)

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    consultation: Mapped[str] = mapped_column(Text)
    collector: Mapped[str | None] = mapped_column(Text)


class Reply(Base):
    """What came of the answers of a consultation, for everybody to read; stays when it is over."""

    __tablename__ = "reply"

    consultation: Mapped[str] = mapped_column(Text, primary_key=True)
    document: Mapped[str] = mapped_column(Text)


class Response(Base):
    """A sealed response. WITHOUT ROWID: the file is in order of the random id, not of arrival.

    On PostgreSQL it is in 16 partitions (docs/decisions/postgresql.md).
    """

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("length(id) = 16", name="id_length"),
        CheckConstraint("length(withdrawal_tag) = 32", name="tag_length"),
        Index(None, "withdrawal_tag"),
        {
            "sqlite_with_rowid": False,
            "sqlite_strict": True,
            "postgresql_partition_by": "HASH (id)",
        },
    )

    consultation: Mapped[str] = mapped_column(Text, primary_key=True)
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    withdrawal_tag: Mapped[bytes] = mapped_column(LargeBinary)


class Card(Base):
    """A card of a closed group: a hash of its code, and where the code leads.

    The three states have the same length, so that a change leaves no trace in the file.
    """

    __tablename__ = "card"
    __table_args__ = (
        CheckConstraint("length(tag) = 32", name="tag_length"),
        CheckConstraint("state IN ('free', 'held', 'used')", name="state"),
        {"sqlite_with_rowid": False, "sqlite_strict": True},
    )

    tag: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    entry: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)


class KeptDraft(Base):
    """A draft kept for later: ciphertext that only six words open."""

    __tablename__ = "kept_draft"
    __table_args__ = (
        CheckConstraint("length(id) = 32", name="id_length"),
        {"sqlite_with_rowid": False, "sqlite_strict": True},
    )

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    consultation: Mapped[str] = mapped_column(Text)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)


class Exported(Base):
    """A bundle that was written for researchers: what it is for, and about how many it holds.

    Neither a day nor a digest: with the rows beside them, both would tell which came later
    (docs/decisions/retention.md).
    """

    __tablename__ = "exported"

    consultation: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    bundle: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    responses: Mapped[str] = mapped_column(Text)


class Deletion(Base):
    """The signed record of deleting the answers of a consultation: counts only."""

    __tablename__ = "deletion"

    consultation: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    document: Mapped[str] = mapped_column(Text)


class Draft(DraftBase):
    """Ciphertext that only the person's cookie can open; `idle` counts sweeps, it is no time."""

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint("length(id) = 32", name="id_length"),
        {"sqlite_with_rowid": False, "sqlite_strict": True},
    )

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)
    idle: Mapped[int] = mapped_column(Integer, default=0)


class Sweep(DraftBase):
    """One row: a random mark of the last sweep that was counted, so that no clock is needed."""

    __tablename__ = "sweep"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"), {"sqlite_strict": True})

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    mark: Mapped[bytes] = mapped_column(LargeBinary)


class HeldCard(DraftBase):
    """A card that is out; whose draft it belongs to stands in that draft's ciphertext alone."""

    __tablename__ = "held_card"
    __table_args__ = (
        CheckConstraint("length(tag) = 32", name="tag_length"),
        {"sqlite_with_rowid": False, "sqlite_strict": True},
    )

    tag: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    idle: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
