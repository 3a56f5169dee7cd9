"""How well known and well liked a film is that too few people of the community rated: from the votes on it.

What a movie's score has in common for all people are its bias, and how far its vector points where the
average profile does. On the movies that the community rated, both are explained by a linear regression on the
number of votes, the mean vote and the year. A movie that it did not rate is brought to what the regression
expects, along the average profile, so that the score stays a product of person and movie; its features then
say how much more or less than others a person will like it.
"""

import numpy as np
import numpy.typing as npt

from recommender.catalogue import Catalogue
from recommender.features import FloatArray
from recommender.parameters import FEWEST_RATINGS

FEWEST_MOVIES = 50
"""Rated movies with votes that it takes to learn from; with fewer the votes order movies as is usual."""
USUAL_SLOPE = 1.6
"""That order: units of the score (`Parameters.unit`) for ten times as many votes."""
HANDOVER = 1.0
"""Ratings of a movie at which half of what the votes say is left; with `FEWEST_RATINGS` it begins to fade."""
UNSEEN = 3.0
"""Ratings that are added to those a movie has and to those that its votes let expect, before the two are
compared: a film that was there when the community rated, and was hardly rated, is not what its votes say."""


def fame(
    catalogue: Catalogue, popularity: FloatArray, lifts: FloatArray, biases: FloatArray, unit: float
) -> FloatArray:
    """What is to be added to what is learned.

    Parameters
    ----------
    catalogue : Catalogue
    popularity : float32, shape (n_movies,)
        Number of ratings.
    lifts : float32, shape (n_movies,)
        Product of each movie's vector and the average profile.
    biases : float32, shape (n_movies,)
    unit : float
        See `recommender.parameters.Parameters.unit`.

    Returns
    -------
    float32, shape (n_movies, 2)
        For the lift and for the bias; 0 where the votes are not known.
    """
    votes = catalogue.number("votes")
    more = np.zeros((len(votes), 2), np.float32)
    if not (votes > 0).any():
        return more
    learned = np.stack([lifts, biases], axis=1).astype(np.float64)
    rated = popularity >= FEWEST_RATINGS
    known = rated & (votes > 0)
    newest = newest_year(catalogue, popularity)
    traits = _traits(catalogue, known if known.any() else votes > 0, newest)
    if known.sum() < FEWEST_MOVIES:
        usual = traits[:, 1] - traits[votes > 0, 1].mean()
        expected = learned + np.stack([np.zeros(len(usual)), USUAL_SLOPE * unit * usual], axis=1)
    else:
        logs = np.log(popularity[known].astype(np.float64))
        slopes = np.linalg.lstsq(traits[known], np.column_stack([learned[known], logs]), rcond=None)[0]
        expected = traits @ slopes[:, :2]
        # How much less a movie is that had its time and was not rated as often as its votes say.
        had_time = ~rated & (catalogue.number("year", newest) < newest)
        counts = np.exp(traits[had_time] @ slopes[:, 2])
        missed = np.minimum(np.log((popularity[had_time] + UNSEEN) / (counts + UNSEEN)), 0)
        centred = logs - logs.mean()
        by_log = centred @ learned[known] / max(float(centred @ centred), 1e-9)
        expected[had_time] += missed[:, None] * by_log
    left = np.where(rated, HANDOVER / (HANDOVER + popularity), 1.0)
    more[:] = np.where((votes > 0)[:, None], (expected - learned) * left[:, None], 0)
    return more


def newest_year(catalogue: Catalogue, popularity: FloatArray) -> int:
    """The year up to which the community has rated films; the catalogue's last one if it has rated none."""
    years = catalogue.number("year")
    rated = popularity >= FEWEST_RATINGS
    return int(years[rated].max(initial=0)) or int(years.max(initial=0))


def _traits(catalogue: Catalogue, known: npt.NDArray[np.bool_], newest: int) -> npt.NDArray[np.float64]:
    """Of each movie: 1, the logarithm of its votes, their mean, and the decade as far as the community knows.

    Returns
    -------
    float64, shape (n_movies, 4)
        What is unknown is what is usual among the movies at which `known` is true.
    """
    mean, years = catalogue.columns.mean_vote, catalogue.number("year")
    has_mean, has_year = known & ~np.isnan(mean), known & (years > 0)
    usual_mean = float(mean[has_mean].mean()) if has_mean.any() else 0.0
    usual_year = float(years[has_year].mean()) if has_year.any() else 0.0
    columns = [
        np.ones(len(years)),
        np.log10(catalogue.number("votes") + 1),
        np.where(np.isnan(mean), 0, mean - usual_mean),
        np.where(years > 0, np.minimum(years, newest) - usual_year, 0) / 10,
    ]
    return np.stack(columns, axis=1)
