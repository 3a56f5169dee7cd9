"""How sure picks are said to be."""

from bot.services.sure import line
from recommender.catalogue import Catalogue, Movie

CATALOGUE = Catalogue(
    [
        Movie(1, "One", 1994, ("Drama", "War")),
        Movie(2, "Two", 1995, ("Drama",)),
        Movie(3, "Three", 1999, ("Drama", "Comedy")),
        Movie(4, "Four", 1998, ("Horror",)),
        Movie(5, "Five", 2010, ("Comedy",)),
        *(Movie(number, f"Nth {number}", 1900 + number, ("Western",)) for number in range(50, 80)),
    ]
)


def test_the_share_of_everybody_is_that_of_the_explanations() -> None:
    told = line({1: 5.0}, CATALOGUE, [(3.0, 1.0), (1.0, 3.0)])
    assert "1 rating" in told
    assert "50% of what lifts these is what everybody likes" in told


def test_the_kind_that_is_missing_is_named() -> None:
    assert "a movie you disliked" in line({1: 5.0, 5: 3.0}, CATALOGUE, [])
    assert "a movie you loved" in line({1: 2.0}, CATALOGUE, [])
    assert "something that is not Drama" in line({1: 5.0, 2: 1.0, 3: 3.0}, CATALOGUE, [])
    assert "before or after the 1990s" in line({1: 5.0, 2: 1.0, 4: 3.0}, CATALOGUE, [])
    assert "more ratings of any kind" in line({1: 5.0, 5: 1.0}, CATALOGUE, [])


def test_nothing_is_said_when_all_is_well() -> None:
    many = dict.fromkeys(range(50, 70), 5.0)
    assert line(many | {5: 1.0}, CATALOGUE, [(1.0, 1.0)]) == ""
    assert line(many, CATALOGUE, [(1.0, 1.0)]) == "what would help most: a movie you disliked"
