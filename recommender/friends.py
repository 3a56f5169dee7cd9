"""Friends whose ratings are in a file: they join the community, and each gets predictions."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recommender.catalogue import Catalogue
from recommender.datasets.dataset import DatasetError, Ratings
from recommender.model import Model
from recommender.ranking import SAFE
from recommender.stars import StarEstimate

COLUMNS = ("userId", "movieId", "rating")
MOST_BYTES = 64 << 20

UNREADABLE = "row cannot be read"
STARS = "stars are not 0.5 to 5 in halves"
UNKNOWN = "movie is not in the catalogue"
AGAIN = "the same person rated the movie again (the last counts)"

_ALL_STARS = {f"{half / 2:g}": half / 2 for half in range(1, 11)}


@dataclass(frozen=True, slots=True)
class Friends:
    """What a file of friends says.

    Attributes
    ----------
    ratings : dict of dict
        Stars by movie id, by the friend's ``userId`` as written.
    dropped : dict
        Number of rows left out, by reason.
    """

    ratings: Mapping[str, Mapping[int, float]]
    dropped: Mapping[str, int]

    def seen_by_all(self) -> list[int]:
        """Ids of the movies that every friend rated, in rising order."""
        return sorted(set[int].intersection(*(set(own) for own in self.ratings.values())))

    def beside(self, community: Ratings) -> Ratings:
        """The ratings of a community followed by the friends', who get ids that nobody in it has."""
        lowest = min(int(community.user_ids.min(initial=0)), 0)
        rows = [
            (lowest - 1 - place, movie_id, stars)
            for place, own in enumerate(self.ratings.values())
            for movie_id, stars in own.items()
        ]
        users, movies, stars = (np.array(column) for column in zip(*rows, strict=True))
        times = np.zeros(len(rows), np.int64)
        return community.joined(
            Ratings(users.astype(np.int64), movies.astype(np.int64), stars.astype(np.float32), times)
        )


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model expects of one movie for one friend.

    Attributes
    ----------
    movie_id : int
    place : float
        Among all movies for this friend: 0 for the lowest score, 100 for the highest.
    rated : float or None
        The stars the friend gave it; they do not count in the prediction's profile.
    likely : StarEstimate or None
        The stars the friend would probably give; None where they would be no better than a guess.
    """

    movie_id: int
    place: float
    rated: float | None
    likely: StarEstimate | None


def read_friends(path: Path, catalogue: Catalogue) -> Friends:
    """Read ``userId,movieId,rating`` with a header line; ``movieId`` is the catalogue's.

    Other columns do not matter, and neither does the order. ``userId`` may be a name.

    Raises
    ------
    DatasetError
        If it cannot be read, lacks a column or has no usable rating.
    """
    dropped: Counter[str] = Counter()
    ratings: dict[str, dict[int, float]] = {}
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DatasetError(f"{path} is too large for the ratings of friends")
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, skipinitialspace=True, restval="")
            missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise DatasetError(f"{path} must begin with the line {','.join(COLUMNS)}")
            for row in rows:
                _add(row, catalogue, ratings, dropped)
    except OSError as error:
        raise DatasetError(f"{str(path)[:200]} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path} is no table of text in UTF-8: {error}") from error
    if not ratings:
        reasons = "; ".join(f"{reason}, {count:,} times" for reason, count in dropped.items())
        raise DatasetError(f"{path} has no usable rating ({reasons or 'it is empty'})")
    return Friends(ratings, dict(dropped))


def predictions(model: Model, own: Mapping[int, float], movie_ids: Sequence[int]) -> list[Prediction]:
    """What a friend may think of movies; a rating of the very movie is left out of the profile for it.

    Parameters
    ----------
    model : Model
    own : mapping of movie id to stars
    movie_ids : sequence of int

    Raises
    ------
    UnknownMovie
        If the model has never seen a movie.
    """
    found: list[Prediction] = []
    for movie_id in movie_ids:
        others = {other: stars for other, stars in own.items() if other != movie_id}
        (likely,) = model.stars(others, [movie_id])
        found.append(Prediction(movie_id, model.percentile(others, movie_id), own.get(movie_id), likely))
    return found


def best_unrated(model: Model, own: Mapping[int, float], count: int) -> list[Prediction]:
    """The movies a friend has not rated that are predicted best, best first.

    By the score that `predictions` goes by, without the levers of a list for the evening, so that the places
    fall from one to the next.

    Parameters
    ----------
    model : Model
    own : mapping of movie id to stars
    count : int
        At most so many.
    """
    best = model.recommend(own, count, SAFE)
    return predictions(model, own, [one.movie_id for one in best])


def _add(
    row: Mapping[str, str], catalogue: Catalogue, ratings: dict[str, dict[int, float]], dropped: Counter[str]
) -> None:
    user, movie, rating = (row[name].strip() for name in COLUMNS)
    number = int(movie) if movie.isascii() and movie.isdigit() and len(movie) < 19 else None
    stars = _ALL_STARS.get(rating.removesuffix(".0"))
    if not user or number is None:
        dropped[UNREADABLE] += 1
    elif stars is None:
        dropped[STARS] += 1
    elif number not in catalogue:
        dropped[UNKNOWN] += 1
    else:
        own = ratings.setdefault(user, {})
        if number in own:
            dropped[AGAIN] += 1
        own[number] = stars
