"""A night for guests stays one when its guests have had their data deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column, and set it where guests are named."""
    op.add_column("nights", sa.Column("for_guests", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute("UPDATE nights SET for_guests = 1 WHERE night_id IN (SELECT night_id FROM night_guests)")
