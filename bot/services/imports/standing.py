"""What the bot knows of a person, as an import is compared with it."""

from bot.services.imports.matching import Film
from bot.services.imports.planning import Standing
from bot.store import Connection, bulk
from bot.store.movies import MovieRef


async def standing_of(db: Connection, user_id: int) -> Standing:
    """The person's ratings, what they have seen and what they want to see."""
    ratings = await bulk.ratings_of(db, user_id)
    seen = await bulk.dated_of(db, "seen", user_id)
    wanted = await bulk.dated_of(db, "watchlist", user_id)
    # Should two stored movies be one in this catalogue, the newer rating comes later and stays.
    return Standing(
        {_film(mine.movie_key, mine.catalogue_id): mine for mine in ratings},
        frozenset(_film(*one) for one in seen),
        frozenset(_film(*one) for one in wanted),
    )


def _film(movie_key: int, catalogue_id: int | None) -> Film:
    return MovieRef(movie_key) if catalogue_id is None else catalogue_id
