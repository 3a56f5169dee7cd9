"""Where people were seen last, and on how many days those who have gone were missed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the table and add the column."""
    op.create_table(
        "sightings",
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_sightings_user_id"),
        sa.PrimaryKeyConstraint("user_id", "guild_id", name="pk_sightings"),
    )
    op.add_column("departures", sa.Column("days", sa.Integer, nullable=False, server_default="0"))
