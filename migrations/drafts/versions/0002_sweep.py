"""The mark of the last sweep that was counted: many sweepers count no faster than one."""

import sqlalchemy as sa
from alembic import op

revision = "d0002"
down_revision = "d0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "sweep",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sweep"),
        sa.CheckConstraint("id = 1", name="ck_sweep_only_one"),
        prefixes=["UNLOGGED"] if postgresql else [],
        sqlite_strict=True,
    )
