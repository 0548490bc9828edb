"""On PostgreSQL, responses in 16 tables by a hash of their random id: indexes stay small."""

from alembic import op

revision = "r0005"
down_revision = "r0004"
branch_labels = None
depends_on = None

PARTITIONS = 16


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return  # SQLite has one file and one tree, in order of the id
    for statement in (
        "ALTER TABLE response RENAME TO response_before",
        "ALTER TABLE response_before RENAME CONSTRAINT pk_response TO pk_response_before",
        "ALTER INDEX ix_response_withdrawal_tag RENAME TO ix_response_before",
        "CREATE TABLE response ("
        "consultation TEXT NOT NULL, "
        "id BYTEA NOT NULL, "
        "envelope BYTEA NOT NULL, "
        "withdrawal_tag BYTEA NOT NULL, "
        "CONSTRAINT ck_response_id_length CHECK (length(id) = 16), "
        "CONSTRAINT ck_response_tag_length CHECK (length(withdrawal_tag) = 32)"
        ") PARTITION BY HASH (id)",
        *(
            f"CREATE TABLE response_{number:02} PARTITION OF response "
            f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {number})"
            for number in range(PARTITIONS)
        ),
        # In the order of the ids, and the indexes afterwards, which is faster.
        "INSERT INTO response TABLE response_before ORDER BY consultation, id",
        "DROP TABLE response_before",
        "ALTER TABLE response ADD CONSTRAINT pk_response PRIMARY KEY (consultation, id)",
        "CREATE INDEX ix_response_withdrawal_tag ON response (withdrawal_tag)",
    ):
        op.execute(statement)
