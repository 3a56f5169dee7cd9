"""Imports, what waits for its movie, and movies seen without stars."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "seen",
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("movie_key", sa.Integer, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_seen_user_id"),
        sa.ForeignKeyConstraint(["movie_key"], ["movies.movie_key"], name="fk_seen_movie_key"),
        sa.PrimaryKeyConstraint("user_id", "movie_key", name="pk_seen"),
    )
    op.create_table(
        "import_batches",
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("applied_at", TIME),
        sa.Column("undone_at", TIME),
        sa.Column("wishes", sa.Text, nullable=False),
        sa.Column("content", sa.Text),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_import_batches_user_id"),
        sa.PrimaryKeyConstraint("batch_id", name="pk_import_batches"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "import_entries",
        sa.Column("batch_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("movie_key", sa.Integer, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("previous", sa.Float),
        sa.Column("previous_at", TIME),
        sa.Column("last_change", sa.Integer),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_import_entries_user_id"),
        sa.ForeignKeyConstraint(["movie_key"], ["movies.movie_key"], name="fk_import_entries_movie_key"),
        sa.PrimaryKeyConstraint("batch_id", "kind", "movie_key", name="pk_import_entries"),
    )
    op.create_table(
        "import_waiting",
        sa.Column("waiting_id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("imdb_id", sa.Integer),
        sa.Column("tmdb_id", sa.Integer),
        sa.Column("stars", sa.Float),
        sa.Column("noted_at", TIME, nullable=False),
        sa.Column("aliases", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_import_waiting_user_id"),
        sa.PrimaryKeyConstraint("waiting_id", name="pk_import_waiting"),
    )
    op.create_index("ix_import_waiting_user_id", "import_waiting", ["user_id"])
