"""What Alembic runs: the migrations of this folder, on the connection that `upgrade` gives."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="drafts_version",  # the two may share one PostgreSQL database
    render_as_batch=True,  # SQLite changes a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
