"""The language in which a server wants to see titles."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the column; titles are shown as before until somebody chooses."""
    op.add_column("guild_settings", sa.Column("titles", sa.Text))
