"""What nights wait for is found without reading those that are over."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Exchange the indexes."""
    op.drop_index("ix_night_timers_due_at", "night_timers")
    for name, table, columns, condition in (
        ("ix_night_timers_waiting", "night_timers", ["due_at"], "done_at IS NULL"),
        ("ix_night_posts_waiting", "night_posts", ["night_id", "post_id"], "sent_at IS NULL"),
        ("ix_nights_to_be_shown", "nights", ["night_id"], "shown < revision"),
    ):
        where = sa.text(condition)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
