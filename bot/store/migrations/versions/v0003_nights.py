"""Movie nights: dates, presence, candidates, ballots, timers, announcements, series."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TIME = sa.DateTime(timezone=True)


def _refers(table: str, column: str, target: str | None = None) -> sa.ForeignKeyConstraint:
    target = target or column
    owner = {
        "user_id": "users",
        "movie_key": "movies",
        "night_id": "nights",
        "date_id": "night_dates",
        "series_id": "night_series",
    }[target]
    return sa.ForeignKeyConstraint([column], [f"{owner}.{target}"], name=f"fk_{table}_{column}")


def _of_people(name: str, *more: sa.Column[object], keys: tuple[str, ...] = ("night_id", "user_id")) -> None:
    """A table with a row for each person of a night or a date."""
    types = {"user_id": sa.BigInteger}
    op.create_table(
        name,
        *(sa.Column(key, types.get(key, sa.Integer), nullable=False) for key in keys),
        *more,
        *(_refers(name, key) for key in keys),
        sa.PrimaryKeyConstraint(*keys, name=f"pk_{name}"),
    )


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "night_settings",
        sa.Column("guild_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.Column("role_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("guild_id", name="pk_night_settings"),
    )
    op.create_table(
        "night_series",
        sa.Column("series_id", sa.Integer, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("first_local", sa.Text, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.Column("ended_at", TIME),
        sa.PrimaryKeyConstraint("series_id", name="pk_night_series"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "nights",
        sa.Column("night_id", sa.Integer, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("theme", sa.Text, nullable=False),
        sa.Column("wishes", sa.Text, nullable=False),
        sa.Column("invited_role_id", sa.BigInteger),
        sa.Column("vote_kind", sa.Text, nullable=False),
        sa.Column("quorum", sa.Integer, nullable=False),
        sa.Column("nominations_each", sa.Integer, nullable=False),
        sa.Column("carry_over", sa.Boolean, nullable=False),
        sa.Column("starts_at", TIME),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("series_id", sa.Integer),
        sa.Column("slot", TIME),
        sa.Column("winner_key", sa.Integer),
        sa.Column("result", sa.Text),
        sa.Column("attended", sa.Integer),
        sa.Column("event_id", sa.BigInteger),
        sa.Column("event_told", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("trouble", sa.Text, nullable=False),
        _refers("nights", "series_id"),
        _refers("nights", "winner_key", "movie_key"),
        sa.PrimaryKeyConstraint("night_id", name="pk_nights"),
        sa.UniqueConstraint("series_id", "slot", name="uq_nights_series_id_slot"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_nights_guild_id", "nights", ["guild_id"])
    op.create_table(
        "night_dates",
        sa.Column("date_id", sa.Integer, nullable=False),
        sa.Column("night_id", sa.Integer, nullable=False),
        sa.Column("starts_at", TIME, nullable=False),
        _refers("night_dates", "night_id"),
        sa.PrimaryKeyConstraint("date_id", name="pk_night_dates"),
        sa.UniqueConstraint("night_id", "starts_at", name="uq_night_dates_night_id_starts_at"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "night_candidates",
        sa.Column("night_id", sa.Integer, nullable=False),
        sa.Column("movie_key", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        _refers("night_candidates", "night_id"),
        _refers("night_candidates", "movie_key"),
        sa.PrimaryKeyConstraint("night_id", "movie_key", name="pk_night_candidates"),
    )
    _of_people("night_hosts")
    _of_people("night_guests")
    _of_people(
        "night_presence",
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answered_at", TIME, nullable=False),
    )
    _of_people("night_marks", keys=("date_id", "user_id"))
    _of_people(
        "night_nominations",
        sa.Column("nominated_at", TIME, nullable=False),
        keys=("night_id", "movie_key", "user_id"),
    )
    _of_people("night_ballots", sa.Column("cast_at", TIME, nullable=False))
    _of_people(
        "night_votes",
        sa.Column("value", sa.Integer, nullable=False),
        keys=("night_id", "user_id", "movie_key"),
    )
    op.create_table(
        "night_timers",
        sa.Column("timer_id", sa.Integer, nullable=False),
        sa.Column("night_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("done_at", TIME),
        _refers("night_timers", "night_id"),
        sa.PrimaryKeyConstraint("timer_id", name="pk_night_timers"),
        sa.UniqueConstraint("night_id", "kind", name="uq_night_timers_night_id_kind"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_night_timers_due_at", "night_timers", ["due_at"])
    op.create_table(
        "night_posts",
        sa.Column("post_id", sa.Integer, nullable=False),
        sa.Column("night_id", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("begun_at", TIME),
        sa.Column("sent_at", TIME),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("retry_at", TIME),
        sa.Column("failure", sa.Text, nullable=False),
        _refers("night_posts", "night_id"),
        sa.PrimaryKeyConstraint("post_id", name="pk_night_posts"),
        sa.UniqueConstraint("night_id", "key", name="uq_night_posts_night_id_key"),
        sqlite_autoincrement=True,
    )
