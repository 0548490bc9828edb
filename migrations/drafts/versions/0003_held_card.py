"""Which cards of closed groups are out; on PostgreSQL UNLOGGED, as the drafts are."""

import sqlalchemy as sa
from alembic import op

revision = "d0003"
down_revision = "d0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "held_card",
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("idle", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tag", name="pk_held_card"),
        sa.CheckConstraint("length(tag) = 32", name="ck_held_card_tag_length"),
        prefixes=["UNLOGGED"] if postgresql else [],
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
