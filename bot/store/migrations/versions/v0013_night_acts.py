"""What somebody did lately that a channel sees, so that nobody does it without end."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import UtcTime

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "night_acts",
        sa.Column("act_id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.BigInteger, sa.ForeignKey("users.user_id"), nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("acted_at", UtcTime, nullable=False, index=True),
        sqlite_autoincrement=True,
    )
