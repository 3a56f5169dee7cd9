"""A night's filters name several genres."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_NIGHTS = sa.table("nights", sa.column("night_id", sa.Integer), sa.column("wishes", sa.Text))


def upgrade() -> None:
    """Make a list of each genre."""
    connection = op.get_bind()
    for night_id, wishes in connection.execute(sa.select(_NIGHTS.c.night_id, _NIGHTS.c.wishes)).all():
        filters = json.loads(wishes)
        listed = {
            name: [value] if name in ("genre", "exclude_genre") else value for name, value in filters.items()
        }
        if listed != filters:
            connection.execute(
                sa.update(_NIGHTS).where(_NIGHTS.c.night_id == night_id).values(wishes=json.dumps(listed))
            )
