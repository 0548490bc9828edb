"""The first tables: definitions, entries, recipients, sealed responses."""

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "definition",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_definition"),
        sa.UniqueConstraint("consultation", "version", name="uq_definition_consultation"),
    )
    op.create_table(
        "opened",
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("consultation", name="pk_opened"),
        sa.ForeignKeyConstraint(["digest"], ["definition.digest"], name="fk_opened_digest"),
        sa.CheckConstraint("state IN ('open', 'paused', 'ended')", name="ck_opened_state"),
    )
    op.create_table(
        "recipient",
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("consultation", "place", name="pk_recipient"),
    )
    op.create_table(
        "entry",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("collector", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("code", name="pk_entry"),
    )
    op.create_index("ix_entry_consultation", "entry", ["consultation"])
    op.create_table(
        "response",
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("withdrawal_tag", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("consultation", "id", name="pk_response"),
        sa.CheckConstraint("length(id) = 16", name="ck_response_id_length"),
        sa.CheckConstraint("length(withdrawal_tag) = 32", name="ck_response_tag_length"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_response_withdrawal_tag", "response", ["withdrawal_tag"])
