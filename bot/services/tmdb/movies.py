"""One movie: what the catalogue knows, what others gave it, and what The Movie Database adds."""

from dataclasses import dataclass

import numpy as np

from bot.errors import UserError
from bot.services.shelf import Shelf
from bot.services.taste.community import Community
from bot.services.tmdb.client import Tmdb
from bot.services.tmdb.details import Offers
from recommender.catalogue import Movie

ATTRIBUTION = "This product uses the TMDB API but is not endorsed or certified by TMDB."
OFFERS_BY = "Where to watch: JustWatch."
"""Both ask to be named where their data is shown."""


@dataclass(frozen=True, slots=True)
class MovieCard:
    """A movie.

    Attributes
    ----------
    movie : Movie
    runtime : int or None
        In minutes, of the catalogue or else of TMDB.
    mean : float or None
        Of the community's stars; None where nobody rated it.
    raters : int
        How many of the community rated it.
    overview, poster : str
        Of TMDB; empty where there is none.
    country : str
        Of the offers; empty if nobody said which.
    offers : Offers or None
    acknowledgement : str
        Whom to name where this is shown; empty if nothing is of TMDB.
    """

    movie: Movie
    runtime: int | None
    mean: float | None
    raters: int
    overview: str = ""
    poster: str = ""
    country: str = ""
    offers: Offers | None = None
    acknowledgement: str = ""


class MovieCards:
    """Tells about movies; without a client of TMDB, what there is without it."""

    def __init__(self, shelf: Shelf, community: Community, tmdb: Tmdb | None) -> None:
        self._shelf = shelf
        self._community = community
        self._tmdb = tmdb

    async def about(self, movie_id: int, country: str | None = None) -> MovieCard:
        """All about one movie of the catalogue.

        Parameters
        ----------
        movie_id : int
        country : str, optional
            ISO 3166-1 code of where it is to be watched.

        Raises
        ------
        UserError
            If the catalogue lacks the movie.
        """
        serving = self._shelf.current
        movie = serving.catalogue.get(movie_id)
        if movie is None:
            raise UserError("the catalogue does not have that movie any more: look it up by its title")
        averages, _ = await self._community.of(serving)
        means, counts = averages.of(np.array([movie_id], np.int64))
        raters = int(counts[0])
        mean = float(means[0]) if raters else None
        details = None
        if self._tmdb is not None and (number := await self._tmdb.number(movie)) is not None:
            details = await self._tmdb.movie(number)
        if details is None:
            return MovieCard(movie, movie.runtime, mean, raters)
        offers = details.offers.get(country) if country else None
        return MovieCard(
            movie,
            movie.runtime or details.runtime,
            mean,
            raters,
            details.overview,
            details.poster,
            country or "",
            offers,
            f"{ATTRIBUTION} {OFFERS_BY}" if offers is not None else ATTRIBUTION,
        )

    async def close(self) -> None:
        """Hang up."""
        if self._tmdb is not None:
            await self._tmdb.close()


def fact_lines(card: MovieCard) -> list[str]:
    """Genres, people, length and what others think, a line for each that is known."""
    movie = card.movie
    length = "" if card.runtime is None else f"{card.runtime} min"
    lines = [" · ".join(filter(None, [*movie.shown_genres, length])) or "no genres known"]
    lines += [f"by {', '.join(movie.directors)}"] if movie.directors else []
    lines += [f"with {', '.join(movie.cast)}"] if movie.cast else []
    if card.mean is not None:
        lines.append(f"★{card.mean:.1f} by {card.raters:,} others")
    return lines


def offer_lines(card: MovieCard) -> list[str]:
    """Where to watch it; empty where nobody knows or nobody said in which country."""
    if card.offers is None:
        return []
    ways = (
        ("stream", card.offers.streamed),
        ("free", card.offers.free),
        ("rent", card.offers.rented),
        ("buy", card.offers.bought),
    )
    return [f"{way}: {', '.join(names)}" for way, names in ways if names]
