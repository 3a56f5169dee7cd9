"""In what way a model was fitted."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns."""
    for name in ("way", "why"):
        op.add_column("model_versions", sa.Column(name, sa.Text, nullable=False, server_default=""))
