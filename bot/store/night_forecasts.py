"""What the model foresaw of past nights, and how near that was to what those who were there gave."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Float, FromClause, bindparam, exists, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.bulk import each
from bot.store.night_tables import night_forecasts, night_presence, nights
from bot.store.tables import hidden_ratings, movies, ratings


@dataclass(frozen=True, slots=True)
class Lacking:
    """Somebody who was at a night and rated its movie, and for whom nothing has been foreseen yet."""

    night_id: int
    user_id: int
    catalogue_id: int


@dataclass(frozen=True, slots=True)
class Nearest:
    """The night that was foreseen best.

    Attributes
    ----------
    night_id : int
    people : int
        How many of those who were there rated its movie.
    error : float
        How many stars the model was off on average.
    """

    night_id: int
    people: int
    error: float


_HIDING = select(hidden_ratings.c.user_id)


def _rated() -> FromClause:
    """Nights with the people who were there, their rating of the movie, and what was foreseen."""
    mine = (ratings.c.user_id == night_presence.c.user_id) & (ratings.c.movie_key == nights.c.winner_key)
    foreseen = (night_forecasts.c.night_id == nights.c.night_id) & (
        night_forecasts.c.user_id == night_presence.c.user_id
    )
    there = (night_presence.c.night_id == nights.c.night_id) & (night_presence.c.answer == "in")
    return nights.join(night_presence, there).join(ratings, mine).outerjoin(night_forecasts, foreseen)


async def lacking(
    db: AsyncConnection, night_ids: Collection[int], *, least_ratings: int, limit: int
) -> list[Lacking]:
    """For whom something can be foreseen and was not yet, the newest night first.

    Whoever hides their ratings is left out, as is who has fewer other ratings than `least_ratings`.
    """
    others = ratings.alias("others")
    enough = select(others.c.user_id).where(others.c.user_id == ratings.c.user_id)
    wanted = (
        select(nights.c.night_id, ratings.c.user_id, movies.c.catalogue_id)
        .select_from(_rated().join(movies, movies.c.movie_key == nights.c.winner_key))
        .where(
            nights.c.night_id.in_(night_ids),
            night_forecasts.c.user_id.is_(None),
            movies.c.catalogue_id.is_not(None),
            ratings.c.user_id.not_in(_HIDING),
            enough.limit(1).offset(least_ratings).exists(),
        )
        .order_by(nights.c.night_id.desc(), ratings.c.user_id)
        .limit(limit)
    )
    return [Lacking(*row) for row in await db.execute(wanted)]


async def add(db: AsyncConnection, rows: Sequence[tuple[int, int, float | None]]) -> None:
    """Keep what was foreseen: night, person and stars; None where nothing could be.

    It is not kept of somebody who was deleted meanwhile, nor a second time.
    """
    person = (night_presence.c.night_id == bindparam("night")) & (
        night_presence.c.user_id == bindparam("who")
    )
    same = (night_forecasts.c.night_id == night_presence.c.night_id) & (
        night_forecasts.c.user_id == night_presence.c.user_id
    )
    kept = select(night_presence.c.night_id, night_presence.c.user_id, bindparam("stars", type_=Float))
    kept = kept.where(person, ~exists().where(same))
    values = [{"night": night_id, "who": user_id, "stars": stars} for night_id, user_id, stars in rows]
    await each(db, insert(night_forecasts).from_select(["night_id", "user_id", "stars"], kept), values)


async def nearest(db: AsyncConnection, night_ids: Collection[int], *, least_people: int) -> Nearest | None:
    """The night that was foreseen best, of those with as many people for whom something was foreseen.

    What somebody gives now counts, and nothing of who hides their ratings.
    """
    error = func.avg(func.abs(night_forecasts.c.stars - ratings.c.stars))
    wanted = (
        select(nights.c.night_id, func.count(), error)
        .select_from(_rated())
        .where(nights.c.night_id.in_(night_ids), ratings.c.user_id.not_in(_HIDING))
        .group_by(nights.c.night_id)
        .having(func.count(night_forecasts.c.stars) >= least_people)
        .order_by(error, nights.c.night_id.desc())
        .limit(1)
    )
    row = (await db.execute(wanted)).first()
    return None if row is None else Nearest(*row)
