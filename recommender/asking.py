"""Which movies to ask a person about: those whose answer teaches the model most.

What an answer is worth was measured in the fit, see `recommender.worths`. It counts by the chance that the
person has an answer at all, which decides among surveys of strangers (Rashid et al., Getting to Know You, IUI
2002).
"""

from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt

from recommender.features import IntArray
from recommender.model import Model

INFO = "asking"
"""Where a model's info keeps what answers are worth: pairs of movie id and worth."""
WELL_KNOWN = 300
"""Questions are about so many of the most rated movies."""


def questions(
    model: Model,
    ratings: Mapping[int, float],
    k: int = 1,
    *,
    asked: Collection[int] = (),
    candidates: npt.NDArray[np.bool_] | None = None,
) -> list[int]:
    """The movies to ask about next, the most telling first.

    Parameters
    ----------
    model : Model
        Without measured worths it asks about the most rated movies.
    ratings : mapping of movie id to stars
        What is known of the person; no rated movie is asked about, nor another one of its franchise.
    k : int
        At most so many.
    asked : collection of int
        Movie ids that are not to be asked about, such as those the person has not seen.
    candidates : bool, shape (n_movies,), optional
        Only movies where it is true.

    Returns
    -------
    list of int
        Movie ids, among the well-known ones; fewer than `k` when there are no more.
    """
    rows = well_known(model)
    open_ = ~np.isin(model.movie_ids[rows], [*ratings, *asked])
    open_ &= ~np.isin(model.franchises[rows], model.franchises[model.profile(ratings).rows])
    if candidates is not None:
        open_ &= candidates[rows]
    worth = np.zeros(len(rows))
    measured = dict[int, float](model.info.get(INFO, ()))
    if measured:
        worth += [measured.get(movie_id, 0.0) for movie_id in model.movie_ids[rows].tolist()]
        worth -= worth.min()
    else:
        worth += 1
    # The chance of an answer grows with the number of people who had one. Its square root is a middle way:
    # good where many questions are lost, and where none are.
    worth *= np.sqrt(model.popularity[rows] + 1)
    best = np.argsort(-np.where(open_, worth, -1), kind="stable")[: min(k, int(open_.sum()))]
    return model.movie_ids[rows[best]].tolist()


def well_known(model: Model, most: int = WELL_KNOWN) -> IntArray:
    """Rows of the most rated movies, the most rated first."""
    return np.argsort(-model.popularity, kind="stable")[:most].astype(np.int64)
