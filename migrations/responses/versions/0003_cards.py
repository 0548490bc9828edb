"""Cards of closed groups, and drafts that people keep for later."""

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card",
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tag", name="pk_card"),
        sa.CheckConstraint("length(tag) = 32", name="ck_card_tag_length"),
        sa.CheckConstraint("state IN ('free', 'held', 'used')", name="ck_card_state"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "kept_draft",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kept_draft"),
        sa.CheckConstraint("length(id) = 32", name="ck_kept_draft_id_length"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
