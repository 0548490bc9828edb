"""The one table of drafts. On PostgreSQL it is UNLOGGED, so that no log of it is written."""

import sqlalchemy as sa
from alembic import op

revision = "d0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "draft",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("idle", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.CheckConstraint("length(id) = 32", name="ck_draft_id_length"),
        prefixes=["UNLOGGED"] if postgresql else [],
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
