"""The tables. A change here needs a migration; a test compares the two."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    false,
    true,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC; SQLite forgets the zone, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone is never stored")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _person(*, primary_key: bool = False) -> Column[int]:
    return Column("user_id", BigInteger, ForeignKey("users.user_id"), primary_key=primary_key, nullable=False)


def _movie(*, primary_key: bool = False) -> Column[int]:
    return Column(
        "movie_key", Integer, ForeignKey("movies.movie_key"), primary_key=primary_key, nullable=False
    )


users = Table(
    "users",
    metadata,
    # Discord's number, or a negative one for somebody who exists in the console alone.
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
)

movies = Table(
    "movies",
    metadata,
    # Our own number, because catalogues come and go and number movies each in its way.
    Column("movie_key", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("year", Integer),
    Column("imdb_id", Integer),
    Column("tmdb_id", Integer),
    # NULL while the active catalogue lacks the movie.
    Column("catalogue_id", BigInteger, index=True),
)

ratings = Table(
    "ratings",
    metadata,
    _person(primary_key=True),
    _movie(primary_key=True),
    Column("stars", Float, CheckConstraint("stars >= 0.5 AND stars <= 5", name="stars"), nullable=False),
    Column("rated_at", UtcTime, nullable=False),
)

rating_changes = Table(
    "rating_changes",
    metadata,
    Column("change_id", Integer, primary_key=True),
    _person(),
    _movie(),
    # NULL means no rating, after and before.
    Column("stars", Float),
    Column("previous", Float),
    Column("previous_at", UtcTime),
    Column("changed_at", UtcTime, nullable=False),
    Column("undoes", Integer, ForeignKey("rating_changes.change_id")),
    Index(None, "user_id", "movie_key"),
    # A number is never given twice, even after deletions: buttons carry it.
    sqlite_autoincrement=True,
)

dismissals = Table(
    "dismissals",
    metadata,
    _person(primary_key=True),
    _movie(primary_key=True),
    Column("dismissed_at", UtcTime, nullable=False),
)

hidden_ratings = Table(
    "hidden_ratings",
    metadata,
    _person(primary_key=True),
    Column("hidden_at", UtcTime, nullable=False),
)

departures = Table(
    "departures",
    metadata,
    # Somebody who shares no server with the bot any more, and when all that is kept of them is deleted.
    _person(primary_key=True),
    Column("due_at", UtcTime, nullable=False),
    # On so many of the last days before, and after, they were looked for and not found.
    Column("days", Integer, nullable=False, server_default="0"),
)

sightings = Table(
    "sightings",
    metadata,
    # On which servers somebody was seen last: while one of them is out of reach, they may still be there.
    _person(primary_key=True),
    Column("guild_id", BigInteger, primary_key=True),
)

watchlist = Table(
    "watchlist",
    metadata,
    # A row stays when its person rates the movie, and is not looked at while the rating is there.
    _person(primary_key=True),
    _movie(primary_key=True),
    Column("added_at", UtcTime, nullable=False),
)

seen = Table(
    "seen",
    metadata,
    # Without stars; a movie that is rated as well has both rows.
    _person(primary_key=True),
    _movie(primary_key=True),
    Column("seen_at", UtcTime, nullable=False),
)

import_batches = Table(
    "import_batches",
    metadata,
    Column("batch_id", Integer, primary_key=True),
    _person(),
    Column("file", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # NULL while it waits to be confirmed.
    Column("applied_at", UtcTime),
    Column("undone_at", UtcTime),
    # What the person corrected, as JSON.
    Column("wishes", Text, nullable=False),
    # The file itself, packed, until it is confirmed: after a restart it is read again.
    Column("content", Text),
    # The import of an export that brought this one, which was made in another bot.
    Column("restored_by", Integer),
    # It is being stored or taken back, in many transactions: one that is found so at a start was cut off.
    Column("unfinished", Boolean, nullable=False, server_default=false()),
    # Buttons carry the number.
    sqlite_autoincrement=True,
)

# The rows of an import name it by number alone: a deletion takes them all, whatever its order.
import_entries = Table(
    "import_entries",
    metadata,
    Column("batch_id", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    _movie(primary_key=True),
    _person(),
    # What undoing brings back; NULL where there was no rating.
    Column("previous", Float),
    Column("previous_at", UtcTime),
    # The newest change of the rating right after the import: a later one is not undone.
    Column("last_change", Integer),
)

# The unmatched rows: what was imported or typed, and has no movie yet.
import_waiting = Table(
    "import_waiting",
    metadata,
    Column("waiting_id", Integer, primary_key=True),
    _person(),
    # The import that brought the row; NULL where it was typed here.
    Column("batch_id", Integer),
    # NULL where it was typed.
    Column("line", Integer),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("year", Integer),
    Column("imdb_id", Integer),
    Column("tmdb_id", Integer),
    Column("stars", Float),
    Column("noted_at", UtcTime, nullable=False),
    # Other titles, one a line.
    Column("aliases", Text, nullable=False),
    # What was said about why there is no movie.
    Column("why", Text, nullable=False),
    # The import that corrected the row, which then waits no longer, unless that import is undone.
    Column("replaced_by", Integer),
    # The movie that a typed row turned out to be: it waits no longer, and goes once its person is told.
    Column("found_key", Integer, ForeignKey("movies.movie_key")),
    Index(None, "user_id"),
)

brought_records = Table(
    "brought_records",
    metadata,
    # What somebody's export has of movie nights elsewhere: theirs to take on, and nothing here looks at it.
    Column("record_id", Integer, primary_key=True),
    _person(),
    Column("batch_id", Integer, nullable=False),
    Column("part", Text, nullable=False),
    # A row of the part, as JSON.
    Column("facts", Text, nullable=False),
    Index(None, "user_id"),
)

releases = Table(
    "releases",
    metadata,
    # Movies that came out after the data sets were made, by their number at TMDB.
    Column("tmdb_id", Integer, primary_key=True, autoincrement=False),
    # The movie as a catalogue has it, as JSON.
    Column("facts", Text, nullable=False),
    Column("added_at", UtcTime, nullable=False),
)

guild_settings = Table(
    "guild_settings",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("movie_night_channel_id", BigInteger),
    Column("ephemeral", Boolean, nullable=False),
    Column("leaderboard", Boolean, nullable=False, server_default=true()),
    # Where movies are to be watched, as an ISO 3166-1 code.
    Column("country", Text),
    # In which language titles are shown: a code of ISO 639-1, or "original"; null for the catalogue's own.
    Column("titles", Text),
)

model_versions = Table(
    "model_versions",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("created_at", UtcTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("dataset", Text, nullable=False),
    Column("friend_ratings", Integer, nullable=False),
    Column("community_ratings", Integer, nullable=False),
    Column("ndcg", Float),
    Column("seconds", Float, nullable=False),
    Column("detail", Text, nullable=False),
    # Folder of the model within the home's; NULL where there never was one.
    Column("path", Text),
    # The newest rating change it has learned from; later ones are what a retrain would add.
    Column("last_change", Integer, nullable=False),
    # "warm" or "full", and why; empty where that is not known.
    Column("way", Text, nullable=False, server_default=""),
    Column("why", Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
