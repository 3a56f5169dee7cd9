"""What Alembic runs: the steps, on the connection and in the transaction of `bot.store.migrate`."""

from alembic import context

from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot change much of a table, so steps make a new one and copy.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
