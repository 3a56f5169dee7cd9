"""Fewer dimensions keep the scores."""

import numpy as np
import pytest

from recommender.compression import score_directions


def test_scores_of_low_rank_are_kept() -> None:
    rng = np.random.default_rng(5)
    mix = rng.standard_normal((6, 40))
    people = (rng.standard_normal((200, 6)) @ mix).astype(np.float32)
    movies = rng.standard_normal((90, 40)).astype(np.float32)
    for_movies, for_profiles = score_directions(people, movies, 6)
    assert for_movies.shape == for_profiles.shape == (40, 6)
    kept = (people @ for_profiles) @ (movies @ for_movies).T
    np.testing.assert_allclose(
        kept, people @ movies.T, rtol=1e-3, atol=1e-3 * np.abs(people @ movies.T).max()
    )


def test_no_other_directions_of_that_number_are_nearer() -> None:
    rng = np.random.default_rng(6)
    people = rng.standard_normal((80, 12)).astype(np.float32)
    movies = (rng.standard_normal((60, 12)) * np.linspace(3, 0.1, 12)).astype(np.float32)
    scores = people @ movies.T
    for_movies, for_profiles = score_directions(people, movies, 4)
    error = np.linalg.norm(scores - (people @ for_profiles) @ (movies @ for_movies).T)
    best = np.sqrt((np.linalg.svd(scores, compute_uv=False)[4:] ** 2).sum())
    assert error <= best * 1.001


@pytest.mark.parametrize(("people", "movies"), [(3, 50), (50, 3), (1, 1)])
def test_fewer_people_or_movies_than_dimensions(people: int, movies: int) -> None:
    rng = np.random.default_rng(7)
    x = rng.standard_normal((people, 10)).astype(np.float32)
    y = rng.standard_normal((movies, 10)).astype(np.float32)
    for_movies, for_profiles = score_directions(x, y, 5)
    assert for_movies.shape == for_profiles.shape == (10, min(people, movies))
    np.testing.assert_allclose((x @ for_profiles) @ (y @ for_movies).T, x @ y.T, atol=1e-3)
