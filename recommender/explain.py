"""Exact attribution of a score: to what the movie is made of, and to the ratings the person gave."""

from collections.abc import ItemsView, Iterator, Mapping, Sequence
from itertools import pairwise, repeat
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recommender.features import Feature, FloatArray

if TYPE_CHECKING:
    from recommender.person import Person

KINDS = ("genre", "keyword", "person", "decade", "language", "collection", "movie", "popularity", "fame")


class Evidence(NamedTuple):
    """A rating behind a part, and what it adds to the part's value."""

    movie_id: int
    stars: float
    value: float


class Part(NamedTuple):
    """One summand of a score.

    Attributes
    ----------
    kind : str
        One of `KINDS`: a feature of the movie; ``movie``, what people with such ratings think of this
        very movie; ``popularity``, what everybody thinks of it; ``fame``, what its votes say where
        too few people rated it.
    name : str
        Name of the genre, keyword, person, decade, language or collection; the movie's name; empty for
        popularity and fame.
    value : float
        Its share of the score; the values of all parts add up to it.
    contrast : float
        `value` minus what it would be for the average profile.
    cells : mapping of movie id to float
        What each rated movie behind it adds to `value`; for a feature only those that have it.
    stars : mapping of movie id to float
        What the person gave these movies (and others).
    """

    kind: str
    name: str
    value: float
    contrast: float
    cells: Mapping[int, float]
    stars: Mapping[int, float]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The rated movies behind it, strongest first."""
        found = [Evidence(movie, self.stars[movie], value) for movie, value in self.cells.items()]
        return tuple(sorted(found, key=lambda item: -abs(item.value)))


class Explanation(NamedTuple):
    """A score taken apart without remainder.

    Attributes
    ----------
    score : float
    parts : tuple of Part
        By falling size of contrast.
    rated : tuple of int
        Movie ids of the ratings that counted.
    cells : float32, shape (n_parts, n_rated)
        What each rating adds to each part. ``cells.sum() + constants.sum()`` is the score.
    constants : float32, shape (n_parts,)
        What is in a part whatever the person rated.
    """

    score: float
    parts: tuple[Part, ...]
    rated: tuple[int, ...]
    cells: FloatArray
    constants: FloatArray


class Explainer:
    """Takes scores apart for one person; what is the same for all movies is worked out once.

    The score is bilinear in the features of the profile and of the movie, so that it is the sum of cells
    (feature of the movie x rating). What does not depend on the ratings (biases, the average profile's part)
    belongs to the feature whose it is, so that a feature's part is what the score would lose without it.

    Parameters
    ----------
    person : Person
    """

    def __init__(self, person: "Person") -> None:
        self._person = person

    def explain(self, movie_id: int) -> Explanation:
        """Take the score of one movie apart.

        Raises
        ------
        UnknownMovie
            If the model has never seen the movie.
        """
        return self.explain_all([movie_id])[0]

    def explain_all(self, movie_ids: Sequence[int]) -> list[Explanation]:
        """Take the scores of several movies apart, much faster together than one by one.

        Raises
        ------
        UnknownMovie
            If the model has never seen one of the movies.
        """
        if not movie_ids:
            return []
        model, stars = self._person.model, self._person.stars
        table = _Table(self._person, [model.row(movie_id) for movie_id in movie_ids])
        titles = (model.catalogue[movie_id].name for movie_id in movie_ids)
        names = model.features.names
        labels = [names[column] if column >= 0 else _NOT_FEATURES[column] for column in table.columns]
        for place in table.own:
            labels[place] = Feature("movie", next(titles))
        values: list[float] = table.values.tolist()
        behind = map(_Behind, repeat(table), range(len(labels)))
        # A map is twice as fast as a loop, and lists of ten consist of hundreds of parts.
        kinds, titled = zip(*labels, strict=True)
        parts = tuple(map(Part, kinds, titled, values, table.contrasts.tolist(), behind, repeat(stars)))
        return [
            Explanation(
                score=sum(values[start:end]),
                parts=parts[start:end],
                rated=self._person.rated,
                cells=table.cells[start:end],
                constants=table.constants[start:end],
            )
            for start, end in pairwise(table.starts)
        ]


_OWN, _POPULARITY, _FAME = -1, -2, -3
"""In the place of a feature's column: the movie itself as it speaks to this person, and to everybody, and
what its votes say."""
_NOT_FEATURES = (Feature("fame", ""), Feature("popularity", ""), Feature("movie", ""))
"""What these are called, at the places that these numbers point to."""


class _Table:
    """The parts of several movies below each other, those of a movie by falling size of contrast.

    Attributes
    ----------
    starts : list of int
        Movie i has the parts ``starts[i]`` to ``starts[i + 1] - 1``.
    columns : list of int
        Column of each part's feature; `_OWN`, `_POPULARITY` or, where there is any, `_FAME`.
    own : list of int
        The parts of `_OWN`.
    cells : float32, shape (n_parts, n_rated)
    constants, values, contrasts : float32, shape (n_parts,)
    """

    def __init__(self, person: "Person", movies: list[int]) -> None:
        self.person = person
        model, parameters = person.model, person.model.parameters
        rows = np.array(movies, np.int64)
        entries, counts = model.features.of_all(rows)
        famous = np.flatnonzero(parameters.fame[rows].any(axis=1))
        others = np.full(len(rows), 2)
        others[famous] = 3
        sizes = counts + others
        ends = np.cumsum(sizes)
        starts = ends - sizes
        own, popularity, fame = ends - 2, ends - 1, ends[famous] - 3
        columns = np.full(ends[-1], _POPULARITY, np.int64)
        columns[own], columns[fame] = _OWN, _FAME
        named = np.arange(len(entries)) + np.repeat(np.cumsum(others) - others, counts)
        columns[named] = features = model.features.columns[entries]
        weights = model.features.weights[entries]
        # The rows of popularity and fame stay empty: no rating of a certain movie is behind them.
        lifts, known = parameters.fame[rows].T
        vectors = np.zeros((len(columns), model.dimensions), np.float32)
        vectors[named] = parameters.feature_vectors[features] * weights[:, None]
        vectors[own] = parameters.vectors[rows] - np.add.reduceat(vectors, starts)
        vectors[own] -= lifts[:, None] * parameters.renown
        biases = np.zeros(len(columns), np.float32)
        biases[named] = parameters.feature_biases[features] * weights
        biases[fame] = known[famous]
        biases[popularity] = parameters.biases[rows] - np.add.reduceat(biases, starts)
        average = vectors @ parameters.mean_profile
        cells = vectors @ person.vectors.T
        genres = model.features.genres[features]
        cells[named[genres >= 0]] += person.affinity.T[genres[genres >= 0]]
        constants: FloatArray = biases * np.float32(person.fame)
        constants -= average * np.float32(person.adventure)
        # What the average person thinks of the movie itself is everybody's opinion, not this person's.
        constants[own] = -average[own]
        constants[popularity] += np.float32(1 - person.adventure) * average[own]
        constants[fame] += lifts[famous] * np.float32(person.taste @ parameters.renown)
        constants[fame] -= person.newness(model.ahead[rows[famous]])
        sums = cells.sum(axis=1)
        contrasts = sums - average
        order = np.lexsort((-np.abs(contrasts), np.repeat(np.arange(len(rows)), sizes)))
        self.starts: list[int] = [0, *ends.tolist()]
        columns = columns[order]
        self.columns: list[int] = columns.tolist()
        self.own: list[int] = np.flatnonzero(columns == _OWN).tolist()
        self.cells: FloatArray = cells[order]
        self.constants: FloatArray = constants[order]
        self.values: FloatArray = (sums + constants)[order]
        self.contrasts: FloatArray = contrasts[order]


class _Behind(Mapping[int, float]):
    """What each rated movie behind a part adds to it, made when somebody looks: most parts are not shown."""

    __slots__ = ("_place", "_table")

    def __init__(self, table: _Table, place: int) -> None:
        self._table = table
        self._place = place

    def _all(self) -> dict[int, float]:
        column = self._table.columns[self._place]
        if column in (_POPULARITY, _FAME):
            return {}
        rated, values = self._table.person.rated, self._table.cells[self._place].tolist()
        if column == _OWN:
            return dict(zip(rated, values, strict=True))
        return {rated[place]: values[place] for place in self._table.person.having(column)}

    def items(self) -> ItemsView[int, float]:
        return self._all().items()

    def __getitem__(self, movie_id: int) -> float:
        return self._all()[movie_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())
