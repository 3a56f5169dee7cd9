"""One person's taste in numbers: genres, decades, people, strictness, the most unusual opinion."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from recommender.catalogue import GENRES, Catalogue, Movie
from recommender.datasets.averages import Averages
from recommender.taste.estimates import Estimate, leaning, scatter, share
from recommender.taste.residuals import Residuals

ESTABLISHED = 20
"""From so many ratings on a community has an opinion of a movie that one can differ from."""
ENOUGH = 5
"""Fewer movies of a kind are no taste, however they are rated: three Westerns are an evening."""
LEAST_LEANING = 0.05
"""Stars. What is surely there and surely less is no taste either: with thousands of ratings all is sure."""
LEAST_MOVIES = 3
"""Fewer movies with somebody in them are no reason to call them a favourite."""
FAVOURITES = 5
UNUSUAL = 1.0
"""Stars. Whoever is nearer to others has no unusual opinion."""
USUAL_LEVEL = 0.45
"""How far people's levels lie apart, in stars (ml-latest-small)."""


@dataclass(frozen=True, slots=True)
class Leaning:
    """How somebody likes one kind of movie, and how much of it they watch.

    Attributes
    ----------
    name : str
        ``Western`` or ``1970s``.
    count : int
        Movies of the kind that they rated.
    mean : float
        The stars they gave these.
    others : float or None
        The community's mean for the same movies; None where there is no community.
    love : Estimate
        In stars: how much better they like the kind than others do, their own level taken out.
    share : Estimate
        Of the movies that they watch in the long run; what these ratings tell of it.
    found : float
        Share among the movies that they rated.
    usual : float
        Of all ratings of the community; without one, of all movies there are.
    """

    name: str
    count: int
    mean: float
    others: float | None
    love: Estimate
    share: Estimate
    found: float
    usual: float

    @property
    def verdict(self) -> Literal["loved", "disliked", ""]:
        """What the stars say beyond doubt; empty while they may be chance."""
        if self.count < ENOUGH:
            return ""
        if self.love.low > LEAST_LEANING:
            return "loved"
        return "disliked" if self.love.high < -LEAST_LEANING else ""

    @property
    def amount(self) -> Literal["much", "little", ""]:
        """Whether they watch more or less of the kind than others, beyond doubt."""
        return "much" if self.share.low > self.usual else "little" if self.share.high < self.usual else ""


@dataclass(frozen=True, slots=True)
class Favourite:
    """A director or lead whose movies somebody likes: how many, their mean stars, the love as for kinds."""

    name: str
    count: int
    mean: float
    love: Estimate


@dataclass(frozen=True, slots=True)
class Opinion:
    """A rating that differs from what others think: the stars, and the community's mean and number."""

    movie_id: int
    stars: float
    others: float
    count: int


@dataclass(frozen=True, slots=True)
class Portrait:
    """Somebody's taste.

    Attributes
    ----------
    ratings : int
    mean : float or None
        None without any ratings.
    community : bool
        Whether there is a community to compare with.
    genres : tuple of Leaning
        Those with a rated movie, most loved first.
    decades : tuple of Leaning
        Oldest first.
    people : tuple of Favourite
        Directors and leads they like better than others do, the surest first.
    level : Estimate or None
        Stars they give more than others for the same movies; None without a community or ratings.
    unusual : Opinion or None
        The rating furthest from what others give, in spreads of that movie's ratings, the person's level
        taken out; None where the community knows none of the movies well, or they differ nowhere.
    """

    ratings: int
    mean: float | None
    community: bool
    genres: tuple[Leaning, ...]
    decades: tuple[Leaning, ...]
    people: tuple[Favourite, ...]
    level: Estimate | None
    unusual: Opinion | None


def portrait(
    ratings: Mapping[int, float], catalogue: Catalogue, averages: Averages, usual: "Usual | None" = None
) -> Portrait:
    """What ratings say about taste.

    Parameters
    ----------
    ratings : mapping of movie id to stars
        Movies that the catalogue lacks are left out.
    catalogue : Catalogue
    averages : Averages
        Of the community.
    usual : Usual, optional
        `Usual.of` the same catalogue and averages, for who makes several portraits.
    """
    known = {movie_id: stars for movie_id, stars in ratings.items() if movie_id in catalogue}
    usual = usual or Usual.of(catalogue, averages)
    community = len(averages.counts) > 0
    if not known:
        return Portrait(0, None, community, (), (), (), None, None)
    rated = Residuals.of(known, averages)
    spread = scatter(rated.own)
    movies = [catalogue[movie_id] for movie_id in known]

    def kinds(of: Callable[[Movie], Iterable[str]], shares: Mapping[str, float]) -> list[Leaning]:
        return [
            Leaning(
                name,
                len(rows),
                float(rated.stars[rows].mean()),
                float(rated.others[rows].mean()) if community else None,
                leaning(float(rated.own[rows].sum()), len(rows), spread),
                share(len(rows), len(movies), shares.get(name, 0.0)),
                len(rows) / len(movies),
                shares.get(name, 0.0),
            )
            for name, rows in _rows(movies, of).items()
        ]

    genres = sorted(kinds(lambda movie: movie.shown_genres, usual.genres), key=lambda one: -one.love.value)
    decades = sorted(kinds(_decade, usual.decades), key=lambda one: one.name)
    people = [
        Favourite(
            name,
            len(rows),
            float(rated.stars[rows].mean()),
            leaning(float(rated.own[rows].sum()), len(rows), spread),
        )
        for name, rows in _rows(movies, _people).items()
        if len(rows) >= LEAST_MOVIES
    ]
    favourites = sorted(
        (one for one in people if one.love.value > 0), key=lambda one: (-one.love.low, one.name)
    )
    beyond = rated.stars - rated.others
    return Portrait(
        len(movies),
        float(rated.stars.mean()),
        community,
        tuple(genres),
        tuple(decades),
        tuple(favourites[:FAVOURITES]),
        leaning(float(beyond.sum()), len(beyond), spread, USUAL_LEVEL) if community else None,
        _unusual(rated, averages),
    )


@dataclass(frozen=True, slots=True)
class Usual:
    """Shares of the genres and decades among what a community rates."""

    genres: Mapping[str, float]
    decades: Mapping[str, float]

    @classmethod
    def of(cls, catalogue: Catalogue, averages: Averages) -> "Usual":
        """Count them; every movie once where there is no community."""
        counts = dict(zip(averages.movie_ids.tolist(), averages.counts.tolist(), strict=True))
        genres: dict[str, float] = dict.fromkeys(GENRES, 0.0)
        decades: dict[str, float] = defaultdict(float)
        total = 0.0
        rated = [movie_id for movie_id in counts if movie_id in catalogue]
        for movie in map(catalogue.__getitem__, rated) if counts else catalogue:
            weight = float(counts.get(movie.movie_id, 1))
            total += weight
            for genre in movie.genres:
                genres[genre] += weight
            for decade in _decade(movie):
                decades[decade] += weight
        total = max(total, 1.0)
        return cls(
            {name: weight / total for name, weight in genres.items()},
            {name: weight / total for name, weight in decades.items()},
        )


def _rows(movies: Sequence[Movie], of: Callable[[Movie], Iterable[str]]) -> dict[str, list[int]]:
    """The places of the movies that share a name."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, movie in enumerate(movies):
        for name in dict.fromkeys(of(movie)):
            rows[name].append(row)
    return rows


def _decade(movie: Movie) -> tuple[str, ...]:
    return () if movie.year is None else (f"{movie.year // 10}0s",)


def _people(movie: Movie) -> tuple[str, ...]:
    return (*movie.directors, *movie.cast)


def _unusual(rated: Residuals, averages: Averages) -> Opinion | None:
    rows = np.flatnonzero((rated.counts >= ESTABLISHED) & (np.abs(rated.own) >= UNUSUAL))
    if not len(rows):
        return None
    distance = np.abs(rated.own[rows]) / averages.spreads(rated.movie_ids[rows])
    row = rows[int(np.argmax(distance))]
    return Opinion(
        int(rated.movie_ids[row]), float(rated.stars[row]), float(rated.others[row]), int(rated.counts[row])
    )
