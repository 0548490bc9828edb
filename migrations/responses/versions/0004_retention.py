"""Bundles that were exported, and the records of deleting the answers of a consultation."""

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision = "r0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exported",
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("bundle", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("responses", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("consultation", "number", name="pk_exported"),
    )
    op.create_table(
        "deletion",
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("consultation", "number", name="pk_deletion"),
    )
