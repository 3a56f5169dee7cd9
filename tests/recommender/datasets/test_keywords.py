"""Keywords out of people's tags."""

from collections.abc import Iterable

import pytest

from recommender.catalogue import Movie
from recommender.datasets.keywords import Tags

MOVIES = {number: Movie(number, f"Film {number}", 2000) for number in range(1, 20)}
ALIEN = Movie(1, "Alien", 1979, aliases=("Das unheimliche Wesen",))


def keywords_of(
    given: Iterable[tuple[int, int, str]], movies: dict[int, Movie] = MOVIES
) -> dict[int, tuple[str, ...]]:
    tags = Tags()
    for user_id, movie_id, tag in given:
        tags.add(user_id, movie_id, tag)
    return tags.keywords(movies)


def test_two_people_make_a_keyword_and_one_alone_does_not() -> None:
    assert keywords_of([(1, 1, "robots"), (2, 1, "robots"), (1, 2, "robots"), (3, 3, "clowns")]) == {
        1: ("robots",)
    }


def test_one_person_counts_once() -> None:
    assert keywords_of([(1, 1, "robots"), (1, 1, "robots"), (1, 1, "Robots")]) == {}


def test_a_tag_on_five_movies_is_a_keyword_of_each() -> None:
    four = [(movie, movie, "space") for movie in range(1, 5)]
    assert keywords_of(four) == {}
    assert keywords_of([*four, (9, 5, "space")]) == dict.fromkeys(range(1, 6), ("space",))


def test_spellings_are_one_keyword_in_the_most_frequent_of_them() -> None:
    given = [(1, 1, "  Time   Travel "), (2, 1, "time-travel"), (3, 1, "TIME TRAVEL"), (4, 1, "Tíme travel")]
    assert keywords_of(given) == {1: ("time travel",)}


def test_the_best_six_are_kept_best_first() -> None:
    names = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath"]
    given = [(user, 1, name) for rank, name in enumerate(names) for user in range(2 + rank)]
    assert keywords_of(given) == {1: ("heath", "grove", "fjord", "ember", "delta", "cedar")}


def test_among_equals_the_keyword_of_more_movies_comes_first() -> None:
    given = [(user, 1, name) for user in (1, 2) for name in ("amber", "zebra")]
    assert keywords_of(given) == {1: ("amber", "zebra")}
    assert keywords_of([*given, (1, 2, "zebra")])[1] == ("zebra", "amber")


@pytest.mark.parametrize(
    "tag",
    [
        "Sci-Fi", "sci fi", "Science Fiction", "film noir", "Children's", "1979", "1970s",
        "alien", "ALIEN!", "Das unheimliche Wesen",
        "In Netflix queue", "seen more than once", "to see", "my dvds", "Watched", "own", "imdb top 250",
        "x" * 41, "", "   ",
    ],
)  # fmt: skip
def test_what_says_nothing_is_no_keyword(tag: str) -> None:
    given = [(user, 1, tag) for user in range(1, 9)]
    assert keywords_of(given, {1: ALIEN}) == {}


def test_a_title_is_a_keyword_of_another_movie() -> None:
    given = [(user, movie, "alien") for user in (1, 2) for movie in (1, 2)]
    assert keywords_of(given, {1: ALIEN, 2: MOVIES[2]}) == {2: ("alien",)}


def test_large_numbers_do_not_run_over() -> None:
    large = 2**31 - 1
    given = [(large, large, "robots"), (large - 1, large, "robots"), (1, 1, "robots")]
    assert keywords_of(given, {large: MOVIES[2], 1: MOVIES[1]}) == {large: ("robots",)}


def test_no_tags_no_keywords() -> None:
    assert keywords_of([]) == {}
