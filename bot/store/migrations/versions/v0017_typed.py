"""Ratings that somebody typed wait for their movie beside the rows of imports."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Let rows be of no import, and say what they turned out to be."""
    with op.batch_alter_table("import_waiting") as table:
        table.alter_column("batch_id", existing_type=sa.Integer, nullable=True)
        table.alter_column("line", existing_type=sa.Integer, nullable=True)
        table.add_column(sa.Column("found_key", sa.Integer))
        table.create_foreign_key("fk_import_waiting_found_key", "movies", ["found_key"], ["movie_key"])
