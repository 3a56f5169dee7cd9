import gc
import weakref
from datetime import date

import numpy as np
import pytest

from bot.errors import UserError
from bot.services.answers import Filters
from bot.services.clock import utc_now
from bot.services.filters import Facets, checked, genre_named, nothing_fits, released, typeable, wished
from recommender.catalogue import GENRES, IMAX, Catalogue, Movie

CATALOGUE = Catalogue(
    [
        Movie(
            1, "Alien", 1979, ("Horror", "Sci-Fi"), directors=("Ridley Scott",), language="en", runtime=117
        ),
        Movie(
            2, "Unforgiven", 1992, ("Drama", "Western"), cast=("Gene Hackman",), language="en", runtime=130
        ),
        Movie(
            3, "Arrival", 2016, ("Drama", "Sci-Fi"), writers=("Eric Heisserer", "Ted Chiang"), language="fr"
        ),
        Movie(4, "Undated", None, ("Drama",)),
        Movie(5, "Nothing known"),
    ]
)
FACETS = Facets.of(CATALOGUE)
ALL = np.ones(5, np.bool_)
TODAY = date(2026, 12, 1)


def fitting(**wishes: str | int | None) -> list[int]:
    mask = FACETS.fit(wished(wishes, TODAY))
    return [movie.movie_id for movie, fits in zip(CATALOGUE, mask, strict=True) if fits]


def test_each_filter():
    assert fitting() == [1, 2, 3, 4, 5]
    assert fitting(genre="Sci-Fi") == [1, 3]
    assert fitting(exclude_genre="Drama") == [1, 5]
    assert fitting(from_year=1992) == [2, 3]
    assert fitting(to_year=1992) == [1, 2]
    assert fitting(genre="drama", exclude_genre="western", from_year=1990, to_year=2020) == [3]
    assert fitting(language="French") == fitting(language="FR") == [3]
    assert fitting(language="ja") == []
    assert fitting(released="1992") == fitting(released="1990s") == [2]
    assert fitting(max_runtime=120) == [1, 3, 4, 5]


def test_several_genres_are_all_wanted_and_none_of_the_excluded_ones() -> None:
    assert fitting(genre="drama, sci-fi") == fitting(genre="Drama and Sci-Fi") == [3]
    assert fitting(exclude_genre="Western, Horror") == [3, 4, 5]
    assert fitting(genre="Drama,", exclude_genre=" sci-fi ") == [2, 4]


def test_people_of_any_trade_in_any_spelling() -> None:
    assert fitting(**{"with": "ridley  SCOTT"}) == [1]
    assert fitting(**{"with": "Gene Hackman"}) == [2]
    assert fitting(**{"with": "ted chiang; Eric Heisserer"}) == [3]
    assert fitting(**{"with": "Ted Chiang, Ridley Scott"}) == []
    with pytest.raises(UserError, match=r"“Ridly Scot” is in my catalogue: did you mean Ridley Scott\?"):
        fitting(**{"with": "Ridly Scot"})
    with pytest.raises(UserError, match="at most 38 letters"):
        fitting(**{"with": "x" * 39})


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("any", (None, None)),
        ("Recent", (2024, None)),
        ("classics", (None, 1979)),
        ("2019-2024", (2019, 2024)),
        ("2019 – 2024", (2019, 2024)),
        ("2019 to 2024", (2019, 2024)),
        ("1994", (1994, 1994)),
        ("1994-", (1994, None)),
        ("-1994", (None, 1994)),
        ("1980s", (1980, 1989)),
    ],
)
def test_when_it_came_out(text: str, years: tuple[int | None, int | None]) -> None:
    assert released(text, TODAY) == years


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"released": "lately"}, "“lately” is not understood: use any, recent"),
        ({"released": "-"}, "is not understood"),
        ({"released": "recent", "to_year": 1990}, "leave out from_year and to_year"),
        ({"released": "3019"}, "3019 is no year"),
        ({"released": "2024-2019"}, "did you mean 2019 to 2024"),
        ({"from_year": "soon"}, "from_year must be a whole number"),
        ({"language": "Japanish"}, "did you mean .*Japanese"),
        ({"language": "xx"}, "“xx” is not a language I know"),
        ({"genre": "Drama, Wetsern"}, "did you mean Western"),
    ],
)
def test_options_that_are_not_understood(options: dict[str, str | int | None], words: str) -> None:
    with pytest.raises(UserError, match=words):
        wished(options, TODAY)


def lacking(**wishes: str | int | None) -> list[str]:
    return FACETS.lacking(wished(wishes, TODAY))


def test_what_the_catalogue_does_not_know_is_told() -> None:
    assert lacking() == lacking(genre="Drama") == []
    assert lacking(language="en") == ["2 movies whose language I do not know are left out"]
    assert lacking(language="en", genre="Drama") == ["1 movie whose language I do not know is left out"]
    assert lacking(language="en", genre="Western") == []
    assert lacking(max_runtime=120, to_year=2000) == []
    assert lacking(max_runtime=120) == ["3 movies whose runtime I do not know are kept in"]
    assert lacking(**{"with": "Ridley Scott"}) == ["2 movies whose people I do not know are left out"]
    nothing = Facets.of(Catalogue([Movie(1, "A"), Movie(2, "B")]))
    told = nothing.lacking(Filters(max_runtime=90))
    assert told == ["this catalogue does not know the runtime of any movie that fits the rest"]


@pytest.mark.parametrize("genre", [genre for genre in GENRES if genre != IMAX])
def test_genres_in_any_spelling(genre: str):
    for text in (genre, genre.lower(), genre.upper(), genre.replace("-", " "), f" {genre} "):
        assert genre_named(text) == genre
    assert genre_named("science fiction") == "Sci-Fi"


def test_an_unknown_genre_is_told_with_the_closest():
    with pytest.raises(UserError, match="Western"):
        genre_named("wetsern")
    with pytest.raises(UserError, match="“imax” is not a genre"):
        genre_named("imax")
    with pytest.raises(UserError, match=r"there are Action, .*Western"):
        genre_named("🤡")
    with pytest.raises(UserError) as wrong:
        genre_named("x\n" * 5000)
    assert "\n" not in str(wrong.value)
    assert len(str(wrong.value)) < 400


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (Filters(genre=("drama",), exclude_genre=("Drama",)), "Drama cannot be both"),
        (Filters(from_year=2000, to_year=1990), "did you mean 1990 to 2000"),
        (Filters(from_year=99999), "99999 is no year"),
        (Filters(to_year=-(10**30)), "is no year"),
    ],
)
def test_contradictions(filters: Filters, words: str):
    with pytest.raises(UserError, match=words):
        checked(filters)


def test_one_year_is_no_contradiction():
    assert fitting(from_year=1979, to_year=1979) == [1]


def test_without_some_movies_in_whatever_order_they_are():
    shuffled = Catalogue([Movie(30, "c"), Movie(-1, "a"), Movie(20, "b"), Movie(7, "d")])
    facets = Facets.of(shuffled)
    assert facets.without([]).tolist() == [True] * 4
    assert facets.without({20, 30}).tolist() == [False, True, False, True]
    assert facets.without([-1, 8, 10**12, -(10**12)]).tolist() == [True, False, True, True]
    assert facets.without([1, 2]).tolist() == [True] * 4
    assert len(Facets.of(Catalogue([])).without([1])) == 0


def test_facets_are_made_once_for_a_catalogue():
    assert Facets.of(CATALOGUE) is FACETS
    assert Facets.of(Catalogue(CATALOGUE)) is not FACETS


def test_a_name_with_a_comma_is_offered_as_it_can_be_typed() -> None:
    facets = Facets.of(Catalogue([Movie(1, "Iron Man", cast=("Robert Downey, Jr.", "Penn & Teller"))]))
    for typed in (typeable("Robert Downey, Jr."), "penn & teller"):
        assert facets.fit(wished({"with": typed}, TODAY)).tolist() == [True]
    with pytest.raises(UserError, match=r"did you mean Robert Downey Jr\.\?"):
        facets.fit(wished({"with": "Robert Downy Jr"}, TODAY))


def test_a_catalogue_without_people_says_so() -> None:
    nobody = Facets.of(Catalogue([Movie(1, "A")]))
    with pytest.raises(UserError, match="does not name the people of its movies: leave out with"):
        nobody.fit(wished({"with": "Tom Hanks"}, TODAY))
    assert wished({"with": ": , \u200b;"}, TODAY).people in ((), ("\u200b",))


def test_a_catalogue_is_forgotten_once_nobody_has_it() -> None:
    catalogue = Catalogue([Movie(1, "A", cast=("Tom Hanks",))])
    facets = Facets.of(catalogue)
    assert facets.credits.named("tom hanks") is not None
    left = weakref.ref(catalogue)
    del catalogue, facets
    gc.collect()
    assert left() is None


def test_years_that_may_have_been_typed_as_one_are_left_out_together() -> None:
    line = str(nothing_fits(FACETS, wished({"released": "1980s", "genre": "Drama"}, TODAY), ALL))
    assert line.endswith("leave out the years, and 3 are left")


def test_a_list_that_is_nobodys_says_nothing_of_a_person() -> None:
    free = np.array([False, True, True, True, True])
    line = str(nothing_fits(FACETS, wished({"with": "Ridley Scott"}, TODAY), free, ""))
    assert line == "no other movie fits with Ridley Scott: leave out with, and 4 are left"


def test_what_to_loosen_is_named_when_nothing_fits():
    filters = checked(Filters(genre=("Western",), from_year=2000))
    assert str(nothing_fits(FACETS, filters, ALL)) == (
        "no movie fits Western, from 2000: leave out genre, and 1 are left"
    )
    narrow = checked(Filters(genre=("War",), from_year=2020))
    assert str(nothing_fits(FACETS, narrow, ALL)).endswith("use fewer filters")


def test_having_seen_all_that_fits_is_told():
    free = np.array([False, True, False, True, True])
    line = str(nothing_fits(FACETS, checked(Filters(genre=("Sci-Fi",))), free))
    assert line == "you have rated or put aside all that fits Sci-Fi (2): leave out genre, and 3 are left"
    assert "every movie there is" in str(nothing_fits(FACETS, Filters(), ~ALL))


def test_what_is_not_out_yet_is_in_no_list() -> None:
    year = utc_now().year
    coming = Catalogue(
        [
            Movie(1, "Out", year - 1, votes=0),
            Movie(2, "Of this year, seen", year, votes=900),
            Movie(3, "Of this year, not out", year, votes=0),
            Movie(4, "Coming", year + 1, votes=900),
            Movie(5, "Of some year"),
            Movie(6, "Announced", votes=0),
        ]
    )
    assert Facets.of(coming).without([1]).tolist() == [False, True, False, False, True, False]
    assert Facets.of(coming).without([]).tolist() == [one.is_released(utc_now().date()) for one in coming]
