"""What the model foresaw of a night is worked out once and kept."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "night_forecasts",
        sa.Column("night_id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("stars", sa.Float),
        sa.ForeignKeyConstraint(["night_id"], ["nights.night_id"], name="fk_night_forecasts_night_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_night_forecasts_user_id"),
        sa.PrimaryKeyConstraint("night_id", "user_id", name="pk_night_forecasts"),
    )
