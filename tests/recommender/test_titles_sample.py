"""What is typed is that film, or a question: ml-latest-small joined with a part of IMDb."""

from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from recommender import load_dataset
from recommender.catalogue import Catalogue, Movie
from recommender.titles import TitleIndex, fold
from recommender.titles.folding import spellings

TODAY = date(2026, 12, 1)
DRAWN = 600
"""Movies that are looked up; half of them well known, as people type these more than others."""


class World:
    """A catalogue with what is known of how well known its movies are.

    Parameters
    ----------
    catalogue : Catalogue
    ratings : float64, shape (n_movies,)
        How often each was rated.
    """

    def __init__(self, catalogue: Catalogue, ratings: np.ndarray) -> None:
        self.catalogue, self.ratings = catalogue, ratings
        self.index = TitleIndex(catalogue, ratings)
        self.named = defaultdict[str, list[Movie]](list)
        """Movies by their title, in the order of the index."""
        for movie in self.index.suggest("", limit=len(catalogue)):
            self.named[fold(movie.title)].append(movie)

    def without(self, rows: list[int]) -> TitleIndex:
        """An index of all movies but some."""
        kept = np.setdiff1d(np.arange(len(self.catalogue)), rows)
        return TitleIndex(self.catalogue.take(kept), self.ratings[kept])


def joined(edition: Path, imdb: Path) -> World:
    """The edition with all that the sample of IMDb has."""
    dataset = load_dataset(edition, imdb, today=TODAY)
    ids, counts = np.unique(dataset.ratings.movie_ids, return_counts=True)
    ratings = np.zeros(len(dataset.catalogue))
    ratings[[dataset.catalogue.row(movie_id) for movie_id in ids.tolist()]] = counts
    return World(dataset.catalogue, ratings)


def check_known(world: World, movie: Movie) -> None:
    """A movie of the catalogue is recorded by its title, or asked about among those that share it."""
    sharing = world.named[fold(movie.title)]
    if movie.year is not None:
        dated = world.index.find(movie.name)
        assert dated.kind in ("one", "several"), movie.name
        assert movie in dated.movies, movie.name
        assert all(other.year == movie.year for other in dated.movies), movie.name
    bare = world.index.find(movie.title)
    answers = (*bare.movies, *bare.others)
    assert movie in answers, movie.name
    if movie in sharing[:3]:
        # Of films that share one name the three best known come first.
        assert movie in answers[:3], movie.name
    if bare.kind == "one" and bare.movies[0] != movie:
        assert same_title(bare.movies[0], movie), movie.name
        assert movie in bare.others


def check_missing(index: TitleIndex, movie: Movie) -> None:
    """A movie that is not in the index is not recorded as another one, unless that has exactly its title."""
    dated, bare = index.find(movie.name), index.find(movie.title)
    if dated.kind == "one":
        # Two films that share title and year cannot be told apart by them.
        other = dated.movies[0]
        assert movie.year is None or (same_title(other, movie) and other.year == movie.year), movie.name
    if bare.kind == "one":
        assert same_title(bare.movies[0], movie), (movie.name, bare.movies[0].name)


def check_missing_ones(world: World, rows: list[int], parts: int) -> None:
    """The same for several movies, a part of which is taken out at once."""
    for part in range(parts):
        index = world.without(rows[part::parts])
        for row in rows[part::parts]:
            check_missing(index, world.catalogue.movies[row])


def same_title(one: Movie, other: Movie) -> bool:
    return not spellings(one.title).isdisjoint(spellings(other.title))


@pytest.fixture(scope="module")
def world(ml_latest_small_zip: Path, imdb_sample: Path) -> World:
    return joined(ml_latest_small_zip, imdb_sample)


@pytest.fixture(scope="module")
def drawn(world: World) -> list[int]:
    """Rows of movies: of the best known tenth, and of all."""
    rng = np.random.default_rng(16)
    catalogue = world.catalogue
    known = [catalogue.row(movie.movie_id) for movie in world.index.suggest("", len(catalogue) // 10)]
    some = rng.choice(np.array(known), DRAWN // 2, replace=False)
    return np.union1d(some, rng.choice(len(catalogue), DRAWN // 2, replace=False)).tolist()


def test_a_movie_that_is_known_is_recorded_or_asked_about(world: World, drawn: list[int]) -> None:
    for row in drawn:
        check_known(world, world.catalogue.movies[row])


def test_a_movie_that_is_taken_out_is_never_recorded_as_another(world: World, drawn: list[int]) -> None:
    check_missing_ones(world, drawn, 3)
