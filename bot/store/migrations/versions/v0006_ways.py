"""In what way a model was fitted."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns."""
    for name in ("way", "why"):
        op.add_column("model_versions", sa.Column(name, sa.Text, nullable=False, server_default=""))
