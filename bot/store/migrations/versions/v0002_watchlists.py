"""Watchlists."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "watchlist",
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("movie_key", sa.Integer, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_watchlist_user_id"),
        sa.ForeignKeyConstraint(["movie_key"], ["movies.movie_key"], name="fk_watchlist_movie_key"),
        sa.PrimaryKeyConstraint("user_id", "movie_key", name="pk_watchlist"),
    )
