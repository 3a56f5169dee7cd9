"""When to retrain is one thing for the whole bot, no longer each server's."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

DEFAULTS = {"retrain_hours": 6.0, "retrain_ratings": 20}


def upgrade() -> None:
    """Keep what a single server chose, as its own; of several none can speak for the others."""
    guilds = sa.table(
        "guild_settings", sa.column("retrain_hours", sa.Float), sa.column("retrain_ratings", sa.Integer)
    )
    meta = sa.table("meta", sa.column("key"), sa.column("value"))
    chosen = op.get_bind().execute(sa.select(guilds)).all()
    if len(chosen) == 1:
        for name, value in zip(DEFAULTS, chosen[0], strict=True):
            if value != DEFAULTS[name]:
                op.execute(meta.insert().values(key=f"server_{name}", value=f"{value:g}"))
    with op.batch_alter_table("guild_settings") as table:
        for name in DEFAULTS:
            table.drop_column(name)
