"""Initials and shorthands that people use: offered and asked about, never taken for a film."""

import pytest

from recommender.catalogue import Movie
from recommender.titles import TitleIndex

TITLES = [
    ("The Dark Knight", 2008),
    ("The Lord of the Rings: The Fellowship of the Ring", 2001),
    ("The Lord of the Rings: The Return of the King", 2003),
    ("The Lord of the Rings: The Two Towers", 2002),
    ("Star Wars: Episode V - The Empire Strikes Back", 1980),
    ("Terminator 2: Judgment Day", 1991),
    ("Back to the Future", 1985),
    ("The Matrix", 1999),
    ("Harry Potter and the Prisoner of Azkaban", 2004),
    ("Harry Potter and the Sorcerer's Stone", 2001),
    ("Harry Potter and the Chamber of Secrets", 2002),
    ("Batman v Superman: Dawn of Justice", 2016),
    ("Freddy vs. Jason", 2003),
    ("The Lord of the Rings", 1978),
    ("T2: Trainspotting", 2017),
    ("Man About Town", 2006),
]
MOVIES = [Movie(number, title, year) for number, (title, year) in enumerate(TITLES)]
INDEX = TitleIndex(MOVIES, ratings=range(200, 200 - len(MOVIES), -1))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("LOTR", "The Lord of the Rings: The Fellowship of the Ring (2001)"),
        ("lotr 2", "The Lord of the Rings: The Two Towers (2002)"),
        ("LotR3", "The Lord of the Rings: The Return of the King (2003)"),
        ("lotr 1978", "The Lord of the Rings (1978)"),
        ("ROTK", "The Lord of the Rings: The Return of the King (2003)"),
        ("TDK", "The Dark Knight (2008)"),
        ("T2", "Terminator 2: Judgment Day (1991)"),
        ("ESB", "Star Wars: Episode V - The Empire Strikes Back (1980)"),
        ("B.T.T.F.", "Back to the Future (1985)"),
        ("HP1", "Harry Potter and the Sorcerer's Stone (2001)"),
        ("hp 2", "Harry Potter and the Chamber of Secrets (2002)"),
        ("HP", "Harry Potter and the Prisoner of Azkaban (2004)"),
        ("batman vs superman", "Batman v Superman: Dawn of Justice (2016)"),
        ("Batman versus Superman: Dawn of Justice", "Batman v Superman: Dawn of Justice (2016)"),
        ("freddy versus jason", "Freddy vs. Jason (2003)"),
        ("freddy v jason", "Freddy vs. Jason (2003)"),
    ],
)
def test_a_shorthand_is_offered_and_asked_about(text: str, name: str) -> None:
    found = INDEX.find(text)
    assert (found.kind, found.movies[0].name) == ("close", name)
    assert INDEX.suggest(text)[0].name == name


def test_initials_stand_beside_beginnings_with_the_best_known_first() -> None:
    assert [movie.title for movie in INDEX.suggest("mat")] == ["The Matrix", "Man About Town"]


def test_a_number_beyond_the_series_is_none_of_its_films() -> None:
    assert INDEX.find("HP4").movies == ()
    assert INDEX.find("HP0").movies == ()
