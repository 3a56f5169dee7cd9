"""Rows that wait are kept when a corrected file replaces them, so that they wait again if it is undone."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column."""
    op.add_column("import_waiting", sa.Column("replaced_by", sa.Integer))
