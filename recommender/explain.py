"""Exact attribution of a score: to what the movie is made of, and to the ratings the person gave."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recommender.features import FloatArray, IntArray

if TYPE_CHECKING:
    from recommender.person import Person

KINDS = ("genre", "keyword", "person", "decade", "language", "collection", "movie", "popularity")


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
        very movie; ``popularity``, what everybody thinks of it.
    name : str
        Name of the genre, keyword, person, decade, language or collection; the movie's name; empty for
        popularity.
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


@dataclass(frozen=True, slots=True)
class Explanation:
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
        person, model = self._person, self._person.model
        table = _Table.of(person, [model.row(movie_id) for movie_id in movie_ids])
        sums = table.cells.sum(axis=1)
        contrasts = sums - table.average
        values = (sums + table.constants).tolist()
        order = np.lexsort((-np.abs(contrasts), np.repeat(np.arange(len(movie_ids)), np.diff(table.starts))))
        cells, constants = table.cells[order], table.constants[order]
        sorted_contrasts: list[float] = contrasts[order].tolist()
        columns: list[int] = table.columns.tolist()
        numbers: list[int] = order.tolist()
        starts: list[int] = table.starts.tolist()
        names = model.features.names
        explanations: list[Explanation] = []
        for movie_id, start, end in zip(movie_ids, starts, starts[1:], strict=False):
            own = ("movie", model.catalogue[movie_id].name)
            parts: list[Part] = []
            for place in range(start, end):
                number = numbers[place]
                column = columns[number]
                kind, name = names[column] if column >= 0 else own if column == _OWN else ("popularity", "")
                behind = _Behind(person, cells, place, column)
                parts.append(Part(kind, name, values[number], sorted_contrasts[place], behind, person.stars))
            score = sum(part.value for part in parts)
            explanations.append(
                Explanation(score, tuple(parts), person.rated, cells[start:end], constants[start:end])
            )
        return explanations


_OWN, _POPULARITY = -1, -2
"""In the place of a feature's column: the movie itself as it speaks to this person, and to everybody."""


class _Table(NamedTuple):
    """The parts of several movies below each other: first a movie's features, then its own two.

    Attributes
    ----------
    starts : int64, shape (n_movies + 1,)
        Movie i has the parts ``starts[i]`` to ``starts[i + 1] - 1``.
    columns : int64, shape (n_parts,)
        Column of the feature; `_OWN` or `_POPULARITY`.
    cells : float32, shape (n_parts, n_rated)
    constants : float32, shape (n_parts,)
    average : float32, shape (n_parts,)
        What the average profile adds.
    """

    starts: IntArray
    columns: IntArray
    cells: FloatArray
    constants: FloatArray
    average: FloatArray

    @classmethod
    def of(cls, person: "Person", movies: list[int]) -> "_Table":
        model, parameters = person.model, person.model.parameters
        rows = np.array(movies, np.int64)
        entries, counts = model.features.of_all(rows)
        starts = np.concatenate([[0], np.cumsum(counts + 2)])
        popularity = starts[1:] - 1
        own = popularity - 1
        columns = np.full(starts[-1], _POPULARITY, np.int64)
        columns[own] = _OWN
        named = np.arange(len(entries)) + np.repeat(2 * np.arange(len(rows)), counts)
        columns[named] = features = model.features.columns[entries]
        weights = model.features.weights[entries]
        # The row of popularity stays empty: whatever somebody rated, it adds the same.
        vectors = np.zeros((len(columns), model.dimensions), np.float32)
        vectors[named] = parameters.feature_vectors[features] * weights[:, None]
        vectors[own] = parameters.vectors[rows] - np.add.reduceat(vectors, starts[:-1])
        biases = np.zeros(len(columns), np.float32)
        biases[named] = parameters.feature_biases[features] * weights
        biases[popularity] = parameters.biases[rows] - np.add.reduceat(biases, starts[:-1])
        average = vectors @ parameters.mean_profile
        cells = vectors @ person.vectors.T
        genres = model.genre_of_feature[features]
        cells[named[genres >= 0]] += person.affinity.T[genres[genres >= 0]]
        rest = np.float32(1 - person.adventure)
        constants: FloatArray = (rest * biases - person.adventure * average).astype(np.float32, copy=False)
        # What the average person thinks of the movie itself is everybody's opinion, not this person's.
        constants[own] = -average[own]
        constants[popularity] += rest * average[own]
        return cls(starts, columns, cells, constants, average)


class _Behind(Mapping[int, float]):
    """What each rated movie behind a part adds to it, made when somebody looks: most parts are not shown."""

    __slots__ = ("_cells", "_column", "_made", "_person", "_place")

    def __init__(self, person: "Person", cells: FloatArray, place: int, column: int) -> None:
        self._person = person
        self._cells = cells
        self._place = place
        self._column = column
        self._made: dict[int, float] | None = None

    def _all(self) -> dict[int, float]:
        if self._made is None:
            if self._column == _POPULARITY:
                owners: Sequence[int] = ()
            elif self._column == _OWN:
                owners = range(len(self._person.rated))
            else:
                owners = self._person.having(self._column)
            values: list[float] = self._cells[self._place].tolist()
            rated = self._person.rated
            self._made = {rated[owner]: values[owner] for owner in owners}
        return self._made

    def __getitem__(self, movie_id: int) -> float:
        return self._all()[movie_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())
