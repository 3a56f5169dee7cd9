"""Which titles belong together, and lists with one movie of each franchise."""

from pathlib import Path

import numpy as np
import pytest

from recommender import SAFE, Catalogue, Dataset, Model, Movie, load_dataset, train
from recommender.franchises import franchises, one_of_each
from recommender.groups import STRATEGIES, Group

from .conftest import QUICK, two_camps


def grouped(*titles: str) -> list[int]:
    return franchises(Catalogue(Movie(i, title) for i, title in enumerate(titles))).tolist()


@pytest.mark.parametrize(
    "titles",
    [
        ("Toy Story", "Toy Story 2", "Toy Story 3"),
        ("The Godfather", "The Godfather: Part II", "The Godfather: Part III"),
        ("The Terminator", "Terminator 2: Judgment Day", "Terminator Salvation"),
        ("Star Wars: Episode IV - A New Hope", "Star Wars: The Last Jedi"),
        ("Alien", "Alien³", "Alien: Resurrection"),
        ("Rocky", "Rocky II", "Rocky V"),
        ("Kill Bill: Vol. 1", "Kill Bill: Vol. 2"),
        ("The Matrix", "The Matrix Reloaded"),
        ("Mission: Impossible", "Mission: Impossible II", "Mission: Impossible - Fallout"),
        tuple(f"Harry Potter and the {rest}" for rest in ("Goblet of Fire", "Half-Blood Prince", "Order")),
        ("The Lord of the Rings: The Two Towers", "The Lord of the Rings: The Return of the King"),
        ("The Karate Kid", "The Karate Kid, Part II"),
        ("Dune", "Dune"),
    ],
)
def test_series_are_found(titles: tuple[str, ...]) -> None:
    assert grouped("Something Else", *titles) == [0] + [1] * len(titles)


@pytest.mark.parametrize(
    "titles",
    [
        ("The Mission", "Mission: Impossible", "Mission to Mars"),
        ("Love Actually", "Love Story", "Love"),
        ("American Beauty", "American Psycho", "American Pie"),
        ("Apollo 13", "Apollo 18"),
        ("Seven", "Seven Samurai", "The Magnificent Seven"),
        ("K-9", "K-19: The Widowmaker"),
        ("9", "9/11"),
        ("Malcolm", "Malcolm X"),
        ("The Game", "Game 6"),
        ("Alien", "Alien Nation"),
        ("Batman", "Birdman"),
    ],
)
def test_false_friends_stay_apart(titles: tuple[str, ...]) -> None:
    assert grouped(*titles) == list(range(len(titles)))


def test_collections_join_what_no_title_tells() -> None:
    movies = [Movie(1, "Raiders", collection="Indy"), Movie(2, "Alone"), Movie(3, "Doom", collection="Indy")]
    assert franchises(Catalogue(movies)).tolist() == [0, 1, 0]


def test_an_alias_tells_the_number() -> None:
    movies = [Movie(1, "Police Story"), Movie(2, "Supercop", aliases=("Police Story 3",))]
    assert franchises(Catalogue(movies)).tolist() == [0, 0]


def test_the_first_of_each_in_the_order_of_the_list() -> None:
    groups = np.array([0, 0, 2, 2, 4])
    assert one_of_each(np.array([3, 0, 1, 2, 4]), groups, 9).tolist() == [3, 0, 4]
    assert one_of_each(np.array([3, 0, 1, 2, 4]), groups, 2).tolist() == [3, 0]


@pytest.fixture(scope="module")
def series() -> Model:
    """The checker-board, whose even movies are one series of twenty."""
    plain = two_camps()
    movies = [
        movie._replace(collection=None if row % 2 else "Saga") for row, movie in enumerate(plain.catalogue)
    ]
    return train(Dataset("series", Catalogue(movies), plain.ratings), QUICK)


def test_a_list_holds_one_of_a_series_and_is_full(series: Model) -> None:
    told = {100: 5.0, 102: 5.0, 101: 1.0}
    plain = [one.movie_id for one in series.recommend(told, 10, SAFE)]
    assert sum(movie % 2 == 0 for movie in plain) == 10, "all of the series without the rule"
    spread = [one.movie_id for one in series.recommend(told, 10, SAFE, one_per_franchise=True)]
    assert spread[0] == plain[0]
    assert len(spread) == 10
    assert sum(movie % 2 == 0 for movie in spread) == 1


def test_groups_can_do_so_too(series: Model) -> None:
    told = [{100: 5.0, 102: 5.0, 101: 1.0}]
    for strategy in STRATEGIES:
        found = Group(series, told).best(10, strategy, one_per_franchise=True)
        assert sum(one.movie_id % 2 == 0 for one in found) == 1
        assert len(Group(series, told).best(10, strategy)) == 10


def test_real_titles(ml_latest_small_zip: Path) -> None:
    catalogue = load_dataset(ml_latest_small_zip).catalogue
    groups = franchises(catalogue)
    of = {movie.name: int(group) for movie, group in zip(catalogue, groups, strict=True)}
    for one, other in [
        ("Toy Story (1995)", "Toy Story 3 (2010)"),
        ("Alien (1979)", "Alien³ (1992)"),
        ("Star Wars: Episode IV - A New Hope (1977)", "Star Wars: The Last Jedi (2017)"),
        ("The Dark Knight (2008)", "The Dark Knight Rises (2012)"),
    ]:
        assert of[one] == of[other]
    assert of["The Mission (1986)"] != of["Mission: Impossible (1996)"]
    sizes = np.bincount(groups)
    assert 1000 < sizes[sizes > 1].sum() < 0.2 * len(catalogue)
    assert sizes.max() < 30
