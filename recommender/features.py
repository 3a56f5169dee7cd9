"""What a movie is made of: named features besides its identity, as a sparse matrix of weights."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.catalogue import GENRES, Catalogue, Movie
from recommender.storage import ModelError, check

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]


class Feature(NamedTuple):
    """A named property of movies. `kind` is genre, keyword, person, decade, language or collection."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class FeatureWeights:
    """How much the features of each kind weigh in a movie's vector; 0 leaves the kind out.

    The weights do not depend on how many features a movie has, so that taking one feature from a movie
    changes its score by that feature's part alone.
    """

    identity: float = 1.0
    genre: float = 0.3
    keyword: float = 0.1
    person: float = 0.1
    decade: float = 0.1
    language: float = 0.1
    collection: float = 0.1


@dataclass(frozen=True)
class ItemFeatures:
    """Sparse matrix movies x features in compressed rows.

    Attributes
    ----------
    names : tuple of Feature
        The columns.
    starts : int64, shape (n_movies + 1,)
        Row i's entries are ``columns[starts[i]:starts[i + 1]]``.
    columns : int64, shape (n_entries,)
    weights : float32, shape (n_entries,)
    """

    names: tuple[Feature, ...]
    starts: IntArray
    columns: IntArray
    weights: FloatArray

    def check(self, movies: int) -> None:
        """Refuse arrays that do not fit each other or this number of movies.

        Raises
        ------
        ModelError
            If one has another shape or type than it must have, or names what is not there.
        """
        entries = len(self.weights)
        check("the model's starts", self.starts, (movies + 1,), np.int64)
        check("the model's columns", self.columns, (entries,), np.int64)
        check("the model's weights", self.weights, (entries,), np.float32)
        if self.starts[0] != 0 or self.starts[-1] != entries or (np.diff(self.starts) < 0).any():
            raise ModelError("the model's starts are not those of its columns")
        if not ((self.columns >= 0) & (self.columns < len(self.names))).all():
            raise ModelError("the model's columns name features that are not there")

    def of(self, row: int) -> tuple[IntArray, FloatArray]:
        """Columns and weights of one movie's features."""
        entries = slice(int(self.starts[row]), int(self.starts[row + 1]))
        return self.columns[entries], self.weights[entries]

    def of_all(self, rows: IntArray) -> tuple[IntArray, IntArray]:
        """Entries of several movies, one after the other, and how many each of them has.

        Parameters
        ----------
        rows : int64, shape (n,)

        Returns
        -------
        entries : int64, shape (n_entries,)
            Places in `columns` and `weights`.
        counts : int64, shape (n,)
        """
        starts = self.starts[rows]
        counts = self.starts[rows + 1] - starts
        ends = np.cumsum(counts)
        return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - counts), counts), counts

    @cached_property
    def genres(self) -> IntArray:
        """Number of the genre that each feature is, -1 for other features: int64, shape (n_features,)."""
        numbers = {genre: number for number, genre in enumerate(GENRES)}
        return np.array([numbers[name] if kind == "genre" else -1 for kind, name in self.names], np.int64)


def item_features(catalogue: Catalogue, weights: FeatureWeights, rare: int = 3) -> ItemFeatures:
    """The named features of every movie of a catalogue.

    Parameters
    ----------
    catalogue : Catalogue
    weights : FeatureWeights
    rare : int
        Keywords, people, languages and collections of fewer movies than this are left out: they could not
        be told from the movie itself.
    """
    weight_of = {
        "genre": weights.genre,
        "keyword": weights.keyword,
        "person": weights.person,
        "decade": weights.decade,
        "language": weights.language,
        "collection": weights.collection,
    }
    rows = [[f for f in named(movie) if weight_of[f.kind] > 0] for movie in catalogue]
    counts = Counter(feature for row in rows for feature in row)
    names = tuple(sorted(f for f, count in counts.items() if count >= rare or f.kind in ("genre", "decade")))
    column_of = {feature: column for column, feature in enumerate(names)}
    kept = [[column_of[f] for f in row if f in column_of] for row in rows]
    starts = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(row) for row in kept], out=starts[1:])
    columns = np.array([column for row in kept for column in row], np.int64)
    by_column = np.array([weight_of[feature.kind] for feature in names], np.float32)
    return ItemFeatures(names, starts, columns, by_column[columns])


def genre_shares(catalogue: Catalogue) -> FloatArray:
    """Each movie's genres as shares that add up to 1 (0 for a movie without genres).

    Returns
    -------
    float32, shape (n_movies, n_genres)
        Columns in the order of `recommender.catalogue.GENRES`.
    """
    starts, numbers = catalogue.genres
    counts = np.diff(starts)
    shares = np.zeros((len(catalogue), len(GENRES)), np.float32)
    shares[np.repeat(np.arange(len(catalogue)), counts), numbers] = np.repeat(
        1 / np.maximum(counts, 1), counts
    )
    return shares


def named(movie: Movie) -> Iterator[Feature]:
    """The named features of a movie."""
    for genre in movie.genres:
        yield Feature("genre", genre)
    for keyword in movie.keywords:
        yield Feature("keyword", keyword)
    for person in dict.fromkeys((*movie.directors, *movie.cast)):
        yield Feature("person", person)
    decade = _decade(movie)
    if decade is not None:
        yield Feature("decade", decade)
    if movie.language is not None:
        yield Feature("language", movie.language)
    if movie.collection is not None:
        yield Feature("collection", movie.collection)


def _decade(movie: Movie) -> str | None:
    return None if movie.year is None else f"{movie.year // 10 * 10}s"
