"""Candidates, nominations and ballots of a night."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, func, insert, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.movies import COLUMNS, StoredMovie, stored_movie
from bot.store.night_tables import (
    night_ballots,
    night_candidates,
    night_nominations,
    night_presence,
    night_votes,
)
from bot.store.tables import movies, ratings, seen


class StoredCandidate(NamedTuple):
    """A movie that may win."""

    movie: StoredMovie
    source: str
    place: int


async def candidates(db: AsyncConnection, night_id: int) -> list[StoredCandidate]:
    """The candidates in the order in which everybody sees them."""
    rows = await db.execute(
        select(*COLUMNS, night_candidates.c.source, night_candidates.c.place)
        .join_from(night_candidates, movies)
        .where(night_candidates.c.night_id == night_id)
        .order_by(night_candidates.c.place, movies.c.movie_key)
    )
    return [StoredCandidate(stored_movie(row), row.source, row.place) for row in rows]


async def put_candidate(db: AsyncConnection, night_id: int, movie_key: int, source: str, place: int) -> None:
    """Make a movie a candidate, or say anew where it is from and where it stands."""
    same = (night_candidates.c.night_id == night_id) & (night_candidates.c.movie_key == movie_key)
    changed = await db.execute(update(night_candidates).where(same).values(source=source, place=place))
    if changed.rowcount == 0:
        await db.execute(
            insert(night_candidates).values(
                night_id=night_id, movie_key=movie_key, source=source, place=place
            )
        )


async def remove_candidate(db: AsyncConnection, night_id: int, movie_key: int) -> None:
    """Make a movie a candidate no longer."""
    await db.execute(
        delete(night_candidates).where(
            night_candidates.c.night_id == night_id, night_candidates.c.movie_key == movie_key
        )
    )


async def nominations(db: AsyncConnection, night_id: int) -> dict[int, list[int]]:
    """Who nominated each movie, in the order in which they did, by movie key."""
    rows = await db.execute(
        select(night_nominations.c.movie_key, night_nominations.c.user_id)
        .where(night_nominations.c.night_id == night_id)
        .order_by(night_nominations.c.nominated_at, night_nominations.c.user_id)
    )
    found: dict[int, list[int]] = {}
    for movie_key, user_id in rows:
        found.setdefault(movie_key, []).append(user_id)
    return found


async def add_nomination(
    db: AsyncConnection, night_id: int, movie_key: int, user_id: int, at: datetime
) -> None:
    """Note a nomination."""
    await db.execute(
        insert(night_nominations).values(
            night_id=night_id, movie_key=movie_key, user_id=user_id, nominated_at=at
        )
    )


async def remove_nomination(db: AsyncConnection, night_id: int, movie_key: int, user_id: int) -> bool:
    """Take a nomination back; answers whether there was one."""
    result = await db.execute(
        delete(night_nominations).where(
            night_nominations.c.night_id == night_id,
            night_nominations.c.movie_key == movie_key,
            night_nominations.c.user_id == user_id,
        )
    )
    return result.rowcount > 0


async def ballot(db: AsyncConnection, night_id: int, user_id: int) -> tuple[datetime | None, dict[int, int]]:
    """When somebody cast their ballot, None if they did not, and what it says."""
    mine = (night_ballots.c.night_id == night_id) & (night_ballots.c.user_id == user_id)
    cast_at = await db.scalar(select(night_ballots.c.cast_at).where(mine))
    rows = await db.execute(
        select(night_votes.c.movie_key, night_votes.c.value)
        .where(night_votes.c.night_id == night_id, night_votes.c.user_id == user_id)
        .order_by(night_votes.c.value, night_votes.c.movie_key)
    )
    return cast_at, {row.movie_key: row.value for row in rows}


async def put_ballot(
    db: AsyncConnection, night_id: int, user_id: int, choices: Mapping[int, int], at: datetime
) -> None:
    """Note a ballot in place of the one there was."""
    await remove_ballot(db, night_id, user_id)
    await db.execute(insert(night_ballots).values(night_id=night_id, user_id=user_id, cast_at=at))
    if choices:
        await db.execute(
            insert(night_votes),
            [
                {"night_id": night_id, "user_id": user_id, "movie_key": movie_key, "value": value}
                for movie_key, value in choices.items()
            ],
        )


async def remove_ballot(db: AsyncConnection, night_id: int, user_id: int) -> bool:
    """Remove somebody's ballot; answers whether there was one."""
    for table in (night_votes, night_ballots):
        result = await db.execute(
            delete(table).where(table.c.night_id == night_id, table.c.user_id == user_id)
        )
    return result.rowcount > 0


def _counting(night_id: int) -> Select[Any]:
    """The people whose ballot counts: who can't come has none."""
    out = select(night_presence.c.user_id).where(
        night_presence.c.night_id == night_id, night_presence.c.answer == "out"
    )
    return select(night_ballots.c.user_id).where(
        night_ballots.c.night_id == night_id, night_ballots.c.user_id.not_in(out)
    )


async def ballots(db: AsyncConnection, night_id: int) -> list[dict[int, int]]:
    """The ballots that count, without who cast them."""
    found: dict[int, dict[int, int]] = {user_id: {} for user_id in await db.scalars(_counting(night_id))}
    rows = await db.execute(
        select(night_votes.c.user_id, night_votes.c.movie_key, night_votes.c.value).where(
            night_votes.c.night_id == night_id
        )
    )
    for user_id, movie_key, value in rows:
        if user_id in found:
            found[user_id][movie_key] = value
    return list(found.values())


async def count_ballots(db: AsyncConnection, night_id: int) -> int:
    """How many ballots count."""
    return await db.scalar(select(func.count()).select_from(_counting(night_id).subquery())) or 0


async def seen_by(
    db: AsyncConnection, movie_keys: Collection[int], user_ids: Collection[int]
) -> dict[int, list[int]]:
    """Who of these people has seen each of these movies, rated or not, by movie key."""
    rows = await db.execute(
        union(
            *(
                select(table.c.movie_key, table.c.user_id).where(
                    table.c.movie_key.in_(movie_keys), table.c.user_id.in_(user_ids)
                )
                for table in (ratings, seen)
            )
        )
    )
    found: dict[int, list[int]] = {}
    for movie_key, user_id in sorted(tuple(row) for row in rows):
        found.setdefault(movie_key, []).append(user_id)
    return found


async def stars_of(db: AsyncConnection, movie_key: int, user_ids: Collection[int]) -> dict[int, float]:
    """What these people give a movie, by user id."""
    rows = await db.execute(
        select(ratings.c.user_id, ratings.c.stars).where(
            ratings.c.movie_key == movie_key, ratings.c.user_id.in_(user_ids)
        )
    )
    return {row.user_id: row.stars for row in rows}
