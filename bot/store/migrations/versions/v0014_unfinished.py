"""An import is stored in many transactions; one that was cut off is found by its mark."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "import_batches", sa.Column("unfinished", sa.Boolean, nullable=False, server_default=sa.false())
    )
