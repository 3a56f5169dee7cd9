"""Hidden ratings, people who have gone, a server's leaderboard and its country."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and add the column."""
    op.create_table(
        "hidden_ratings",
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("hidden_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_hidden_ratings_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_hidden_ratings"),
    )
    op.create_table(
        "departures",
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_departures_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_departures"),
    )
    op.add_column("guild_settings", sa.Column("country", sa.Text))
    op.add_column(
        "guild_settings", sa.Column("leaderboard", sa.Boolean, nullable=False, server_default=sa.true())
    )
