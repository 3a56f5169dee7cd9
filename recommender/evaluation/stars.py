"""How far off the estimated stars of held-out people are, against a tuned guess.

The people and the ratings they tell are those of the friends protocol; the truth is the stars of all that
they did not tell. The guess is the mean with a damped bias of the movie and of the person, its damping chosen
for each number of ratings on people of the community who were left out for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.cutting import community
from recommender.datasets import Dataset, Ratings
from recommender.evaluation.peers.own import Matinee
from recommender.evaluation.protocol import Fitted, Friend, friends, hold_out
from recommender.model import Model
from recommender.profiles import Profile
from recommender.star_guess import DampedMeans

FOR_MOVIES = (2.0, 3.0, 5.0)
FOR_PEOPLE = (3.0, 4.0, 6.0, 9.0)
VALIDATING = 150
DRAWS = 2000

Values = npt.NDArray[np.float64]


class _Sums(NamedTuple):
    """Of one person's ratings; those named `shown` are of estimates that would be shown."""

    person: int
    ratings: int
    guess_squared: float
    ours_squared: float
    guess_off: float
    ours_off: float
    shown: int
    shown_off: float
    shown_error: float


@dataclass(frozen=True, slots=True)
class StarErrors:
    """Errors of the estimates and of the guess, over all ratings of all people that they did not tell.

    Attributes
    ----------
    given : int
        Ratings told.
    rmse, guess_rmse, mae, guess_mae : float
        Before rounding to half stars.
    better : tuple of (float, float, float)
        By which part the RMSE is lower than the guess's, with a 95 % bootstrap interval over people.
    shown : float
        Share of the estimates that would be shown.
    shown_mae, stated : float
        Mean error of the half stars shown, and what was said beside them; NaN where none is shown.
    """

    given: int
    rmse: float
    guess_rmse: float
    mae: float
    guess_mae: float
    better: tuple[float, float, float]
    shown: float
    shown_mae: float
    stated: float


class StarJudge:
    """Collects errors over the seeds of `recommender.evaluation.protocol.compare`, as its `on_fitted`."""

    def __init__(self) -> None:
        self._found: dict[int, list[_Sums]] = {}

    def __call__(
        self, fitted: Fitted, community: Dataset, asked: Mapping[int, Sequence[Friend]], seed: int
    ) -> None:
        """Measure a model that estimates stars; others are left alone."""
        if isinstance(fitted, Matinee):
            guesses = tuned_guesses(community, list(asked), seed)
            for given, some in asked.items():
                sums = (_measured(fitted.model, guesses[given], friend) for friend in some)
                self._found.setdefault(given, []).extend(sums)

    def errors(self) -> list[StarErrors]:
        """What was found, by number of ratings told."""
        return [_errors(given, found) for given, found in self._found.items() if found]


def tuned_guesses(community: Dataset, given: Iterable[int], seed: int) -> dict[int, DampedMeans]:
    """For each number of ratings the guess whose damping has the lowest RMSE for it.

    Parameters
    ----------
    community : Dataset
    given : iterable of int
    seed : int
        Draws the people on whom the damping is chosen.
    """
    row_of = _row_of(community)
    ratings = community.ratings
    validating = hold_out(ratings, VALIDATING, seed)
    fewer = _everyone(ratings.where(~np.isin(ratings.user_ids, validating)), row_of)
    everyone = _everyone(ratings, row_of)
    settings = list(product(FOR_MOVIES, FOR_PEOPLE))
    guesses = [DampedMeans(fewer, len(row_of), *setting) for setting in settings]
    best: dict[int, DampedMeans] = {}
    for n in given:
        asked = [
            (_profile(friend.told, row_of), _profile(friend.rated, row_of))
            for friend in friends(ratings, validating, n, seed)
        ]
        losses = [
            sum(
                float(np.sum((guess.expected(told, rest.rows) - rest.stars) ** 2, dtype=np.float64))
                for told, rest in asked
            )
            for guess in guesses
        ]
        best[n] = DampedMeans(everyone, len(row_of), *settings[int(np.argmin(losses))])
    return best


def _measured(model: Model, guess: DampedMeans, friend: Friend) -> _Sums:
    movies = list(friend.rated)
    truth = np.array(list(friend.rated.values()))
    guessed = guess.expected(model.profile(friend.told), model.profile(friend.rated).rows) - truth
    ours = model.expected_stars(friend.told, movies) - truth
    estimates = zip(model.stars(friend.told, movies), truth.tolist(), strict=True)
    shown = [(abs(one.stars - stars), one.error) for one, stars in estimates if one]
    return _Sums(
        person=friend.user_id,
        ratings=len(movies),
        guess_squared=float(guessed @ guessed),
        ours_squared=float(ours @ ours),
        guess_off=float(np.abs(guessed).sum()),
        ours_off=float(np.abs(ours).sum()),
        shown=len(shown),
        shown_off=sum(off for off, _ in shown),
        shown_error=sum(error for _, error in shown),
    )


def _errors(given: int, found: Sequence[_Sums]) -> StarErrors:
    columns = {name: np.array([getattr(one, name) for one in found]) for name in _Sums._fields}
    count, shown = int(columns["ratings"].sum()), int(columns["shown"].sum())

    def mean(name: str, of: int) -> float:
        return float(columns[name].sum()) / of if of else float("nan")

    rmse, guess_rmse = mean("ours_squared", count) ** 0.5, mean("guess_squared", count) ** 0.5
    interval = _interval(columns["person"], columns["ours_squared"], columns["guess_squared"])
    return StarErrors(
        given=given,
        rmse=rmse,
        guess_rmse=guess_rmse,
        mae=mean("ours_off", count),
        guess_mae=mean("guess_off", count),
        better=(1 - rmse / guess_rmse, *interval),
        shown=shown / count,
        shown_mae=mean("shown_off", shown),
        stated=mean("shown_error", shown),
    )


def _interval(people: npt.NDArray[np.int64], ours: Values, guessed: Values) -> tuple[float, float]:
    """95 % interval of the part by which the RMSE is lower; see `recommender.evaluation.bootstrap`."""
    _, person = np.unique(people, return_inverse=True)
    mine, theirs = np.bincount(person, ours), np.bincount(person, guessed)
    drawn = np.random.default_rng(0).integers(len(mine), size=(DRAWS, len(mine)))
    parts = 1 - np.sqrt(mine[drawn].sum(axis=1) / theirs[drawn].sum(axis=1))
    low, high = np.percentile(parts, [2.5, 97.5])
    return float(low), float(high)


def _row_of(dataset: Dataset) -> dict[int, int]:
    return {movie.movie_id: row for row, movie in enumerate(dataset.catalogue)}


def _everyone(ratings: Ratings, row_of: Mapping[int, int]) -> list[Profile]:
    movies, which = np.unique(ratings.movie_ids, return_inverse=True)
    rows = np.array([row_of[movie] for movie in movies.tolist()], np.int64)[which]
    everyone = community(ratings, rows)
    return [everyone.profile(person) for person in range(len(everyone))]


def _profile(stars: Mapping[int, float], row_of: Mapping[int, int]) -> Profile:
    return Profile(
        np.array([row_of[movie] for movie in stars], np.int64), np.array(list(stars.values()), np.float32)
    )
