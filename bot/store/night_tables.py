"""The tables of movie nights.

What is a person's stands in tables of its own. A night, its candidates and its result therefore stay, without
names, when somebody's data is deleted.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from bot.store.tables import UtcTime, metadata


def _person() -> Column[int]:
    return Column("user_id", BigInteger, ForeignKey("users.user_id"), primary_key=True, nullable=False)


def _night(*, primary_key: bool = False) -> Column[int]:
    return Column("night_id", Integer, ForeignKey("nights.night_id"), primary_key=primary_key, nullable=False)


def _movie() -> Column[int]:
    return Column("movie_key", Integer, ForeignKey("movies.movie_key"), primary_key=True, nullable=False)


def _waiting(name: str, *columns: str, where: str) -> Index:
    """An index of the few rows that wait for something; those that are done with only grow in number."""
    condition = text(where)
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


night_settings = Table(
    "night_settings",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("time_zone", Text, nullable=False),
    # Who may plan, and may close and cancel the nights of others; NULL lets everybody plan.
    Column("role_id", BigInteger),
)

night_series = Table(
    "night_series",
    metadata,
    Column("series_id", Integer, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    # The hour on the clock of the zone, without an offset: that is what a change to summer time keeps.
    Column("first_local", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("ended_at", UtcTime),
    sqlite_autoincrement=True,
)

nights = Table(
    "nights",
    metadata,
    Column("night_id", Integer, primary_key=True),
    Column("guild_id", BigInteger, nullable=False, index=True),
    Column("channel_id", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    # The filters that are set, as JSON.
    Column("wishes", Text, nullable=False),
    # Only who has this role may come; NULL where it is not by role.
    Column("invited_role_id", BigInteger),
    # Only who is invited by name may come: also once all of them have had their data deleted.
    Column("for_guests", Boolean, nullable=False, server_default=false()),
    Column("vote_kind", Text, nullable=False),
    Column("quorum", Integer, nullable=False),
    Column("nominations_each", Integer, nullable=False),
    Column("carry_over", Boolean, nullable=False),
    # NULL while several dates are proposed.
    Column("starts_at", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("series_id", Integer, ForeignKey("night_series.series_id")),
    # The hour that the series meant for this night, which stays when the night alone is moved.
    Column("slot", UtcTime),
    Column("winner_key", Integer, ForeignKey("movies.movie_key")),
    # The count as JSON, in totals: it stays when those who voted are gone.
    Column("result", Text),
    # How many were there, counted when the night began.
    Column("attended", Integer),
    Column("event_id", BigInteger),
    # A digest of what the scheduled event was last made to say.
    Column("event_told", Text, nullable=False),
    # Grows with every change; the night's message shows an older one where `shown` is less.
    Column("revision", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("trouble", Text, nullable=False),
    UniqueConstraint("series_id", "slot"),
    _waiting("ix_nights_to_be_shown", "night_id", where="shown < revision"),
    sqlite_autoincrement=True,
)

night_texts = Table(
    "night_texts",
    metadata,
    _night(primary_key=True),
    # theme, or reason: why it was cancelled
    Column("part", Text, primary_key=True),
    # Whose words they are: they go with them.
    Column("user_id", BigInteger, ForeignKey("users.user_id"), nullable=False),
    Column("text", Text, nullable=False),
)

night_dates = Table(
    "night_dates",
    metadata,
    Column("date_id", Integer, primary_key=True),
    _night(),
    Column("starts_at", UtcTime, nullable=False),
    UniqueConstraint("night_id", "starts_at"),
    sqlite_autoincrement=True,
)

night_candidates = Table(
    "night_candidates",
    metadata,
    _night(primary_key=True),
    _movie(),
    # list, nominated or carried
    Column("source", Text, nullable=False),
    Column("place", Integer, nullable=False),
)

night_hosts = Table("night_hosts", metadata, _night(primary_key=True), _person())

night_guests = Table("night_guests", metadata, _night(primary_key=True), _person())

night_presence = Table(
    "night_presence",
    metadata,
    _night(primary_key=True),
    _person(),
    Column("answer", Text, nullable=False),
    Column("answered_at", UtcTime, nullable=False),
)

night_marks = Table(
    "night_marks",
    metadata,
    Column("date_id", Integer, ForeignKey("night_dates.date_id"), primary_key=True, nullable=False),
    _person(),
)

night_nominations = Table(
    "night_nominations",
    metadata,
    _night(primary_key=True),
    _movie(),
    _person(),
    Column("nominated_at", UtcTime, nullable=False),
)

night_ballots = Table(
    "night_ballots",
    metadata,
    _night(primary_key=True),
    _person(),
    Column("cast_at", UtcTime, nullable=False),
)

night_votes = Table(
    "night_votes",
    metadata,
    _night(primary_key=True),
    _person(),
    _movie(),
    # 1 for an approval, the rank from 1, or the points from 0 to 5.
    Column("value", Integer, nullable=False),
)

night_forecasts = Table(
    "night_forecasts",
    metadata,
    # What the model foresaw that somebody who was there gives the night's movie; worked out once.
    _night(primary_key=True),
    _person(),
    # NULL where it could foresee nothing.
    Column("stars", Float),
)

night_acts = Table(
    "night_acts",
    metadata,
    Column("act_id", Integer, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.user_id"), nullable=False),
    Column("guild_id", BigInteger, nullable=False),
    # What was done that a channel sees, such as `plan`; kept for as long as it is counted.
    Column("act", Text, nullable=False),
    Column("acted_at", UtcTime, nullable=False, index=True),
    sqlite_autoincrement=True,
)

night_timers = Table(
    "night_timers",
    metadata,
    Column("timer_id", Integer, primary_key=True),
    _night(),
    Column("kind", Text, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    # NULL until the work is done, or there is none to do any more.
    Column("done_at", UtcTime),
    UniqueConstraint("night_id", "kind"),
    _waiting("ix_night_timers_waiting", "due_at", where="done_at IS NULL"),
    sqlite_autoincrement=True,
)

night_posts = Table(
    "night_posts",
    metadata,
    Column("post_id", Integer, primary_key=True),
    _night(),
    # What is said once, such as `result`; a second one of this key is never made.
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("facts", Text, nullable=False),
    # When it was to be said, and when it was found to be due.
    Column("due_at", UtcTime, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # Set before it is sent: from then on it may be in the channel.
    Column("begun_at", UtcTime),
    Column("sent_at", UtcTime),
    Column("message_id", BigInteger),
    Column("retry_at", UtcTime),
    Column("failure", Text, nullable=False),
    UniqueConstraint("night_id", "key"),
    _waiting("ix_night_posts_waiting", "night_id", "post_id", where="sent_at IS NULL"),
    sqlite_autoincrement=True,
)
