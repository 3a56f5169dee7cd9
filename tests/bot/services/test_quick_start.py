import numpy as np
import pytest

from bot.services.filters import Facets
from bot.services.quick_start import well_known_and_diverse
from recommender.catalogue import GENRES, Catalogue, Movie

MOVIES = [
    Movie(i, f"Movie {i}", 1930 + i % 90, (GENRES[i % len(GENRES)], GENRES[i * 7 % len(GENRES)]))
    for i in range(600)
]
FACETS = Facets.of(Catalogue(MOVIES))
POPULARITY = np.linspace(1000, 1, 600).astype(np.float32)
FREE = np.ones(600, np.bool_)


def test_well_known_but_of_many_kinds():
    rows = well_known_and_diverse(FACETS, POPULARITY, FREE)
    assert len(rows) == len(set(rows)) == 12
    assert rows[0] == 0, "the best known movie comes first"
    assert max(rows) < 200
    assert rows != list(range(12))
    assert len({MOVIES[row].genres[0] for row in rows}) >= 9
    assert len({(MOVIES[row].year or 0) // 10 for row in rows}) >= 6


def test_the_same_again_and_nothing_that_is_not_free():
    first = well_known_and_diverse(FACETS, POPULARITY, FREE)
    assert well_known_and_diverse(FACETS, POPULARITY, FREE) == first
    free = FREE.copy()
    free[first] = False
    assert not set(well_known_and_diverse(FACETS, POPULARITY, free)) & set(first)


def test_without_popularity_the_whole_catalogue_is_used():
    rows = well_known_and_diverse(FACETS, np.zeros(600, np.float32), FREE)
    assert len(rows) == 12
    assert (MOVIES[rows[0]].year or 0) >= 2010, "a newer movie is better known"
    assert len({MOVIES[row].genres[0] for row in rows}) >= 9


def test_fewer_than_a_dozen():
    free = np.zeros(600, np.bool_)
    free[[5, 7]] = True
    assert set(well_known_and_diverse(FACETS, POPULARITY, free)) == {5, 7}
    assert well_known_and_diverse(FACETS, POPULARITY, ~FREE) == []


@pytest.mark.parametrize("rated", [1, 3, 20])
def test_the_first_ratings_do_not_bring_the_oldest_films(rated: int):
    movies = [Movie(number, f"Movie {number}", 1915 + number // 4, ("Drama",)) for number in range(440)]
    popularity = np.zeros(len(movies), np.float32)
    popularity[:rated] = 1
    facets = Facets.of(Catalogue(movies))
    rows = well_known_and_diverse(facets, popularity, np.ones(len(movies), np.bool_))
    assert np.median([movies[row].year or 0 for row in rows]) > 1970
