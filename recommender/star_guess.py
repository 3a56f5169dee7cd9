"""The guess that estimates of stars have to beat: damped means of the movie and of the person."""

from collections.abc import Sequence

import numpy as np

from recommender.profiles import Profile
from recommender.stars import LEAST, MOST, Floats, IntArray

TURNS = 8


class DampedMeans:
    """The mean, a damped bias of the movie and a damped one of the person.

    ``r = m + b_i + b_u``, where b_i and b_u are means of what the others leave over, with so many ratings at
    0 added (Koren, Bell and Volinsky, Matrix Factorization Techniques for Recommender Systems, IEEE Computer
    42(8), 2009, biases; damping as in Ekstrand et al., LensKit, RecSys 2011). They are worked out in
    turns, which predicts better than the movies' biases first.

    Parameters
    ----------
    everyone : sequence of Profile
        All ratings of each person.
    movies : int
    for_movie, for_person : float
        Damping. These values are the best, or nearly so, on ml-latest-small.
    """

    def __init__(
        self, everyone: Sequence[Profile], movies: int, for_movie: float = 3.0, for_person: float = 4.0
    ) -> None:
        rows, stars, who = flat(everyone)
        self.for_person = for_person
        self.mean = float(stars.mean())
        of_movies = np.bincount(rows, minlength=movies) + for_movie
        of_people = np.bincount(who, minlength=len(everyone)) + for_person
        people_biases = np.zeros(len(everyone))
        self.biases = np.zeros(movies)
        for _ in range(TURNS):
            self.biases = np.bincount(rows, stars - self.mean - people_biases[who], movies) / of_movies
            left = stars - self.mean - self.biases[rows]
            people_biases = np.bincount(who, left, len(everyone)) / of_people

    def expected(self, profile: Profile, rows: IntArray) -> Floats:
        """Expected stars of some movies, float64 of shape (n,)."""
        left = profile.stars - self.mean - self.biases[profile.rows]
        own = float(left.sum()) / (len(profile.rows) + self.for_person)
        return np.clip(self.mean + own + self.biases[rows], LEAST, MOST)


def flat(everyone: Sequence[Profile]) -> tuple[IntArray, Floats, IntArray]:
    """Rows, stars and person of all ratings, person by person."""
    rows = np.concatenate([one.rows for one in everyone])
    stars = np.concatenate([one.stars for one in everyone]).astype(np.float64)
    return rows, stars, np.repeat(np.arange(len(everyone)), [len(one.rows) for one in everyone])
