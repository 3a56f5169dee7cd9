"""Looking movies up by title: what people write, and what they mean."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.catalogue import Movie
from recommender.titles import Lookup, TitleIndex, fold
from recommender.titles.query import readings

# From the best known to the least known, which is their order in every answer.
TITLES: list[tuple[str, int | None, tuple[str, ...]]] = [
    ("The Matrix", 1999, ()),
    ("Alien", 1979, ()),
    ("Aliens", 1986, ()),
    ("Alien³", 1992, ("Alien 3",)),
    ("Seven", 1995, ("Se7en",)),
    ("The Godfather", 1972, ()),
    ("The Godfather: Part II", 1974, ()),
    ("Star Wars: Episode IV - A New Hope", 1977, ()),
    ("Star Wars: Episode V - The Empire Strikes Back", 1980, ()),
    ("The Lord of the Rings: The Fellowship of the Ring", 2001, ()),
    ("Dune", 2021, ()),
    ("Dune", 1984, ()),
    ("Rocky", 1976, ()),
    ("Rocky II", 1979, ()),
    ("Blade Runner", 1982, ()),
    ("Blade Runner 2049", 2017, ()),
    ("2001: A Space Odyssey", 1968, ()),
    ("1917", 2019, ()),
    ("Amélie", 2001, ("Le Fabuleux Destin d'Amélie Poulain",)),
    ("Thelma & Louise", 1991, ()),
    ("WALL·E", 2008, ()),
    ("Ocean's Eleven", 2001, ()),
    ("The Killer", 2023, ()),
    ("The Killer", 1989, ()),
    ("Killer", 1994, ()),
    ("Heat", 1995, ()),
    ("The Heat", 2013, ()),
    ("Dark Waters", 2019, ()),
    ("Quiet Water", 1993, ()),
    ("L.A. Confidential", 1997, ()),
    ("Das Boot", 1981, ("Boat, The",)),
    ("Mission: Impossible", 1996, ()),
    ("The Mission Bell", 1988, ()),
    ("Shakespeare in Love", 1998, ()),
    ("V for Vendetta", 2005, ()),
    ("M*A*S*H", 1970, ()),
    ("Predator", 1987, ()),
    ("Сталкер", 1979, ("Stalker",)),
    ("$", 1971, ()),
    ("Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb", 1964, ()),
    ("Untitled", None, ()),
]
MOVIES = [
    Movie(number, title, year, aliases=aliases) for number, (title, year, aliases) in enumerate(TITLES, 1)
]
# All of them well known, and none far better known than another.
INDEX = TitleIndex(MOVIES, ratings=range(100 + len(MOVIES), 100, -1))


def names(movies: tuple[Movie, ...] | list[Movie]) -> list[str]:
    return [movie.name for movie in movies]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the matrix", "The Matrix (1999)"),
        ("Matrix, The", "The Matrix (1999)"),
        ("The Matrix (1999)", "The Matrix (1999)"),
        ("Alien", "Alien (1979)"),
        ("seven", "Seven (1995)"),
        ("rocky 2", "Rocky II (1979)"),
        ("Rocky two", "Rocky II (1979)"),
        ("Rocky", "Rocky (1976)"),
        ("dune 1984", "Dune (1984)"),
        ("Dune (2021)", "Dune (2021)"),
        ("Dune [1984]", "Dune (1984)"),
        ("Blade Runner", "Blade Runner (1982)"),
        ("blade runner 2049", "Blade Runner 2049 (2017)"),
        ("2001: a space odyssey", "2001: A Space Odyssey (1968)"),
        ("1917", "1917 (2019)"),
        ("amelie", "Amélie (2001)"),
        ("AMÉLIE", "Amélie (2001)"),
        ("Thelma and Louise", "Thelma & Louise (1991)"),
        ("wall-e", "WALL·E (2008)"),
        ("walle", "WALL·E (2008)"),
        ("Oceans 11", "Ocean's Eleven (2001)"),
        ("Ocean’s Eleven", "Ocean's Eleven (2001)"),
        ("la confidential", "L.A. Confidential (1997)"),
        ("mash", "M*A*S*H (1970)"),
        ("сталкер", "Сталкер (1979)"),
        ("$", "$ (1971)"),
        ("untitled", "Untitled"),
        ("V for Vendetta", "V for Vendetta (2005)"),
    ],
)
def test_one_movie_is_meant(text: str, name: str) -> None:
    found = INDEX.find(text)
    assert (names(found.movies), found.kind) == ([name], "one")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dune", ["Dune (2021)", "Dune (1984)"]),
        ("the killer", ["The Killer (2023)", "The Killer (1989)"]),
        # "Killer" is the literal title, but the better known ones may be meant as well.
        ("killer", ["Killer (1994)", "The Killer (2023)", "The Killer (1989)"]),
    ],
)
def test_several_fit_equally(text: str, expected: list[str]) -> None:
    found = INDEX.find(text)
    assert (names(found.movies), found.kind) == (expected, "several")


def test_a_literal_title_that_is_the_best_known_is_meant() -> None:
    assert names(INDEX.find("heat").movies) == ["Heat (1995)"]
    assert names(INDEX.find("the heat").movies) == ["The Heat (2013)"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("matrix", "The Matrix (1999)"),  # an article more or less may be another movie
        ("godfather part 2", "The Godfather: Part II (1974)"),
        ("The Aliens", "Aliens (1986)"),
        ("boot", "Das Boot (1981)"),
        ("7", "Seven (1995)"),  # and so may the number that a title is
        ("Se7en", "Seven (1995)"),  # another title may be another movie's own
        ("alien 3", "Alien³ (1992)"),
        ("the boat", "Das Boot (1981)"),
        ("stalker", "Сталкер (1979)"),
        ("le fabuleux destin d amelie poulain", "Amélie (2001)"),
        ("2001", "2001: A Space Odyssey (1968)"),  # a part is not the whole
        ("star wars", "Star Wars: Episode IV - A New Hope (1977)"),
        ("the empire strikes back", "Star Wars: Episode V - The Empire Strikes Back (1980)"),
        ("Star Wars Episode 5", "Star Wars: Episode V - The Empire Strikes Back (1980)"),
        ("Dr Strangelove", "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb (1964)"),
        ("Blade Runer", "Blade Runner (1982)"),  # a typo may be a title
        ("Blade Runer (1982)", "Blade Runner (1982)"),
        ("Godfahter", "The Godfather (1972)"),
        ("Thelma and Luise", "Thelma & Louise (1991)"),
        ("Heat (1996)", "Heat (1995)"),  # a year that was typed is binding
        ("Heat 1994", "Heat (1995)"),
        ("Rocky 3", "Rocky (1976)"),  # another number is another movie
        ("Predators", "Predator (1987)"),  # and so is a plural
        ("Dark Water", "Dark Waters (2019)"),  # a known word is no typo
        ("Dune (1999)", "Dune (2021)"),
        ("Alien (1950)", "Alien (1979)"),
        ("love", "Shakespeare in Love (1998)"),
        ("mission", "Mission: Impossible (1996)"),
        ("godfather part", "The Godfather: Part II (1974)"),
        ("shakespear love", "Shakespeare in Love (1998)"),
        ("blade runner the final cut", "Blade Runner (1982)"),
        ("dunr", "Dune (2021)"),
    ],
)
def test_near_but_to_be_asked(text: str, first: str) -> None:
    found = INDEX.find(text)
    assert found.kind == "close"
    assert found.movies[0].name == first


# Found in a trial of 8,000 titles: what was typed, and the only film there was to take for it.
@pytest.mark.parametrize(
    ("text", "lookalike"),
    [
        ("Anora", Movie(1, "Agora", 2009)),
        ("Shame", Movie(1, "Shane", 1953)),
        ("Titan A.E.", Movie(1, "Titane", 2021)),
        ("Ali", Movie(1, "Ali: Fear Eats the Soul", 1974)),
        ("The King's Man", Movie(1, "Kingsman: The Secret Service", 2014)),
        ("The Tourist", Movie(1, "Force Majeure", 2014, aliases=("Turist",))),
        ("Klaus", Movie(1, "The Class", 2007, aliases=("Klass",))),
        ("Scoob!", Movie(1, "Scoop", 2006)),
        ("The Suicide Squad", Movie(1, "Suicide Squad", 2016)),
        ("Ronal the Barbarian (2011)", Movie(1, "Conan the Barbarian", 2011)),
        ("Wanted (2009)", Movie(1, "Wanted", 2008)),
        ("Zootropolis", Movie(1, "Robotropolis", 2011)),
        ("Nine", Movie(1, "9", 2009)),
        ("Lord of the Rings", Movie(1, "The Lord of the Rings", 1978)),
        ("The Professional", Movie(1, "Léon", 1994, aliases=("The Professional",))),
        ("Heat", Movie(1, "The Heat", 2013)),
        ("The Taking of Pelham One Two Three", Movie(1, "The Taking of Pelham 1 2 3", 2009)),
    ],
)
def test_a_lookalike_is_never_taken_without_a_question(text: str, lookalike: Movie) -> None:
    for popularity in (None, [1000.0]):
        assert TitleIndex([lookalike], popularity).find(text).kind in ("close", "none")


def test_the_far_best_known_of_a_name_is_taken_and_the_rest_is_named() -> None:
    titanics = [Movie(1, "Titanic", 1997), Movie(2, "Titanic", 1953), Movie(3, "Titanic", 1943)]
    found = TitleIndex(titanics, ratings=[4000, 200, 3]).find("titanic")
    assert (found.kind, names(found.movies)) == ("one", ["Titanic (1997)"])
    assert names(found.others) == ["Titanic (1953)", "Titanic (1943)"]
    assert TitleIndex(titanics, ratings=[3999, 200, 3]).find("titanic").kind == "several"
    # Whoever typed the year has been asked already.
    dated = TitleIndex(titanics, ratings=[4000, 200, 3]).find("Titanic (1953)")
    assert (dated.kind, names(dated.movies), dated.others) == ("one", ["Titanic (1953)"], ())


def test_votes_say_more_than_ratings_where_both_movies_have_them() -> None:
    old, new = Movie(1, "Nosferatu", 1922, votes=100_000), Movie(2, "Nosferatu", 2024, votes=150_000)
    assert names(TitleIndex([old, new], ratings=[300, 0]).find("nosferatu").movies) == [new.name, old.name]
    forgotten = new._replace(votes=5_000)
    assert TitleIndex([old, forgotten], ratings=[0, 300]).find("nosferatu").movies == (old,)
    unknown = new._replace(votes=None)
    assert TitleIndex([old, unknown], ratings=[300, 15]).find("nosferatu").movies == (old,)
    assert TitleIndex([old, unknown], ratings=[300, 16]).find("nosferatu").kind == "several"


def test_ratings_stand_for_the_votes_they_usually_come_with() -> None:
    # A hundred votes for each rating, so the second one would have 1100.
    voted, rated = Movie(1, "Nosferatu", 1922, votes=1000), Movie(2, "Nosferatu", 2024)
    assert TitleIndex([voted, rated], ratings=[10, 11]).suggest("nosferatu") == [rated, voted]
    assert TitleIndex([voted, rated], ratings=[10, 9]).suggest("nosferatu") == [voted, rated]


def test_a_movie_that_has_the_title_as_an_alias_counts_as_one_of_the_name() -> None:
    movies = [Movie(1, "Stalker", 2010), Movie(2, "Сталкер", 1979, aliases=("Stalker",))]
    found = TitleIndex(movies, ratings=[100, 900]).find("stalker")
    assert (found.kind, found.movies) == ("several", tuple(movies))


def test_a_little_known_movie_is_asked_about_as_another_of_its_name_may_be_meant() -> None:
    movies = [Movie(1, "Parasite", 1982), Movie(2, "Gladiator", 2000)]
    found = TitleIndex(movies, ratings=[3, 90_000]).find("parasite")
    assert (found.kind, names(found.movies)) == ("close", ["Parasite (1982)"])
    assert TitleIndex(movies, ratings=[3, 90_000]).find("parasite (1982)").kind == "one"
    # Where nothing is counted nobody can say what is well known.
    assert TitleIndex(movies).find("parasite").kind == "one"


def test_half_a_year_names_no_movie() -> None:
    index = TitleIndex([Movie(1, "Saw", 2004)])
    assert index.find("saw 2").kind == "close"
    assert index.find("saw (20)").kind == "close"


def test_numbers_are_the_same_however_they_are_written() -> None:
    index = TitleIndex([Movie(1, "X", 1962), Movie(2, "10", 1979), Movie(3, "Malcolm X", 1992)])
    assert names(index.find("x").movies) == ["X (1962)"]
    assert names(index.find("ten").movies)[0] == "10 (1979)"
    assert names(index.find("malcolm 10").movies) == ["Malcolm X (1992)"]


def test_digits_in_place_of_letters_are_read_as_letters() -> None:
    index = TitleIndex([Movie(1, "Se7en", 1995), Movie(2, "S1m0ne", 2002)])
    assert names(index.find("seven").movies) == ["Se7en (1995)"]
    assert names(index.find("simone").movies) == ["S1m0ne (2002)"]


@pytest.mark.parametrize("text", ["teh matrix", "Tge Matrix", "TheMatrix"])
def test_a_misspelt_article_is_an_article(text: str) -> None:
    assert names(INDEX.find(text).movies) == ["The Matrix (1999)"]


def test_a_long_text_does_not_mean_a_title_that_is_one_of_its_words() -> None:
    assert INDEX.find("what some heat does in that town").kind == "none"


def test_a_title_with_a_year_in_it_beats_a_movie_of_that_year() -> None:
    index = TitleIndex([Movie(1, "Death Race", 2000), Movie(2, "Death Race 2000", 1975)])
    assert index.find("death race 2000").movies[0].movie_id == 2
    assert index.find("death race (2000)").movies[0].movie_id == 1


def test_aliases_pasted_with_the_title_do_no_harm() -> None:
    assert names(INDEX.find("Seven (a.k.a. Se7en) (1995)").movies) == ["Seven (1995)"]


@pytest.mark.parametrize(
    "text", ["", "   ", "asdfghjkl", "🎬🎬", "?!...", "x" * 500, "אבג", "\u202e", "\x00", "(1999)"]
)
def test_nothing_is_near(text: str) -> None:
    assert INDEX.find(text) == Lookup((), "none")


def test_answers_are_limited() -> None:
    index = TitleIndex([Movie(number, "Twins", 1900 + number) for number in range(100)])
    assert len(index.find("twins").movies) == 100
    assert len(index.find("twins", limit=30).movies) == 30
    assert len(index.find("twin").movies) == 10
    assert len(index.find("twin", limit=3).movies) == 3
    assert len(index.suggest("twin")) == 25
    assert len(index.suggest("", limit=7)) == 7


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("", "The Matrix (1999)"),
        ("m", "The Matrix (1999)"),
        ("the m", "The Matrix (1999)"),
        ("al", "Alien (1979)"),
        ("alien", "Alien (1979)"),
        ("alei", "Alien (1979)"),
        ("lord of t", "The Lord of the Rings: The Fellowship of the Ring (2001)"),
        ("dune 19", "Dune (1984)"),
        ("dune (19", "Dune (1984)"),
        ("dune 2", "Dune (2021)"),
        ("rocky 2", "Rocky II (1979)"),
        ("rocky i", "Rocky II (1979)"),
        ("v", "V for Vendetta (2005)"),
        ("blde run", "Blade Runner (1982)"),
        ("bladeru", "Blade Runner (1982)"),
        ("rinner blade", "Blade Runner (1982)"),
        ("emp stri b", "Star Wars: Episode V - The Empire Strikes Back (1980)"),
        ("confdent", "L.A. Confidential (1997)"),
        ("connfident", "L.A. Confidential (1997)"),
        ("empire str", "Star Wars: Episode V - The Empire Strikes Back (1980)"),
        ("stal", "Сталкер (1979)"),
        ("$", "$ (1971)"),
    ],
)
def test_what_is_offered_first(text: str, first: str) -> None:
    assert INDEX.suggest(text)[0].name == first


def test_offers_are_by_fit_and_then_by_popularity() -> None:
    assert names(INDEX.suggest("alien")) == ["Alien (1979)", "Aliens (1986)", "Alien³ (1992)"]
    assert names(INDEX.suggest("dune"))[:2] == ["Dune (2021)", "Dune (1984)"]
    unpopular_first = TitleIndex(MOVIES, ratings=range(len(MOVIES)))
    assert names(unpopular_first.suggest("dune"))[:2] == ["Dune (1984)", "Dune (2021)"]


def test_of_misspelt_titles_the_nearest_comes_first() -> None:
    index = TitleIndex([Movie(1, "Interstella", 2003), Movie(2, "Interstellar", 2014)], ratings=[9, 1])
    assert names(index.suggest("interstelar")) == ["Interstellar (2014)", "Interstella (2003)"]


def test_without_popularity_the_given_order_counts() -> None:
    index = TitleIndex(MOVIES)
    assert names(index.find("dune").movies) == ["Dune (2021)", "Dune (1984)"]
    assert names(index.find("the heat").movies) == ["The Heat (2013)"]
    assert len(index) == len(MOVIES)


def test_a_movie_is_offered_once_however_many_names_it_has() -> None:
    offered = names(INDEX.suggest("se"))
    assert offered.count("Seven (1995)") == 1


def test_an_empty_index_answers() -> None:
    index = TitleIndex([])
    assert index.suggest("alien") == []
    assert index.find("alien") == Lookup((), "none")


def test_movies_without_a_title_do_no_harm() -> None:
    index = TitleIndex([Movie(1, ""), Movie(2, "\u200b"), Movie(3, "Up", 2009), Movie(4, "The The")])
    assert names(index.find("up").movies) == ["Up (2009)"]
    assert names(index.find("the the").movies) == ["The The"]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Amélie & Co.", "amelie and co"),
        ("L'Avventura", "lavventura"),
        ("E.T. the Extra-Terrestrial", "et the extra terrestrial"),
        ("Łódź Œuvre Straße", "lodz oeuvre strasse"),
        ("Two\nlines\tand  blanks", "two lines and blanks"),
        ("snake_case", "snake case"),
        ("\u202eAli\u200den", "alien"),
        ("???", "???"),
        ("Сталкер: Зона", "сталкер зона"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_no_more_than_a_title_is_read_of_a_long_text() -> None:
    assert {len(way.key) for way in readings("x" * 5000 + " 1984")} == {400}


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Room 1869", {None}),  # when there were no films yet
        ("Room 1870", {None, (1870, 1870)}),
        ("Room 2100", {None, (2100, 2100)}),
        ("Room 2101", {None}),
        ("Room (1408)", {None}),
        ("Room 18", {None, (1800, 1899)}),
        ("Room 17", {None}),
        ("Room 22", {None}),
    ],
)
def test_a_number_that_can_be_no_year_is_none(text: str, years: set[tuple[int, int] | None]) -> None:
    assert {way.years for way in readings(text)} == years


def in_order(*titles: str) -> TitleIndex:
    """An index of these, the best known first."""
    movies = [Movie(number, title, 2000) for number, title in enumerate(titles)]
    return TitleIndex(movies, ratings=range(100 + len(titles), 100, -1))


def titles(movies: tuple[Movie, ...] | list[Movie]) -> list[str]:
    return [movie.title for movie in movies]


def test_a_misspelt_article_goes_before_what_is_merely_near_and_a_word_of_a_title_is_none() -> None:
    assert titles(in_order("Ten Ring Circus", "The Ring").find("teh ring").movies)[0] == "The Ring"
    assert titles(in_order("He Walks Alone", "The Walks").find("he walks").movies) == ["He Walks Alone"]


def test_what_is_merely_near_is_offered_only_where_little_fits() -> None:
    for number, offered in ((4, True), (5, False)):
        index = in_order(*(f"Interstellar {letter}" for letter in "abcdefgh"[:number]), "Interstelar")
        assert ("Interstelar" in titles(index.suggest("interstellar"))) == offered


def test_a_part_of_a_title_goes_before_the_same_words_elsewhere() -> None:
    parts = "Star Wars: Episode V - The Empire Strikes Back"
    index = in_order("The Empire Strikes Nobody Back", parts)
    assert titles(index.find("the empire strikes back").movies)[0] == parts


def test_a_single_word_that_others_have_too_is_no_part() -> None:
    index = in_order("The Mission Bell", "Mission: Impossible")
    assert titles(index.find("mission").movies) == ["The Mission Bell", "Mission: Impossible"]
    index = in_order("The Missionary Bell", "Mission: Impossible")
    assert titles(index.find("mission").movies)[0] == "Mission: Impossible"


def test_words_but_the_last_are_taken_to_be_whole_where_that_finds_something() -> None:
    assert titles(in_order("Starship War Games", "Star Warriors").suggest("star war")) == ["Star Warriors"]
    assert titles(in_order("Starship War Games", "Warriors").suggest("star war")) == ["Starship War Games"]


def test_a_word_that_others_have_may_be_a_typo_where_nothing_has_all() -> None:
    assert titles(INDEX.find("waters quiet").movies) == ["Quiet Water"]
    index = in_order("Dark Water", "Dark Waters")
    assert titles(index.find("waters dark").movies) == ["Dark Waters"]


ANYTHING = st.text(max_size=60) | st.text(alphabet=string.punctuation + " 0123456789aiou()", max_size=60)


@given(ANYTHING)
def test_any_text_is_harmless(text: str) -> None:
    found = INDEX.find(text)
    assert len(set(found.movies)) == len(found.movies) <= (100 if found.kind == "several" else 10)
    assert (len(found.movies) == 1) if found.kind == "one" else True
    assert (len(found.movies) > 1) if found.kind == "several" else True
    assert bool(found.movies) == (found.kind != "none")
    assert len(set(INDEX.suggest(text))) == len(INDEX.suggest(text)) <= 25


@given(st.lists(ANYTHING, max_size=8))
def test_any_titles_make_an_index_in_which_each_is_found(titles: list[str]) -> None:
    movies = [Movie(number, title) for number, title in enumerate(titles)]
    index = TitleIndex(movies)
    for movie in movies:
        if fold(movie.title) and len(movie.title.split()) <= 20:
            found = index.find(movie.title, limit=len(movies))
            assert found.kind in ("one", "several")
            assert movie in found.movies + found.others


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.sampled_from(MOVIES), st.randoms(use_true_random=False))
def test_a_title_is_offered_at_every_keystroke(movie: Movie, rng: random.Random) -> None:
    # An article is not yet a word of the title.
    length = rng.randint(5 if movie.title.startswith("The ") else 1, len(movie.title))
    assert movie in INDEX.suggest(movie.title[:length], limit=len(MOVIES))


@given(st.sampled_from([m for m in MOVIES if len(m.title) > 5]), st.data())
def test_one_typo_never_leads_to_another_movie_unasked(movie: Movie, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(movie.title) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    text = movie.title[:position] + letter + movie.title[position + 1 :]
    found = INDEX.find(text)
    if found.kind == "one":
        assert found.movies[0].title == movie.title or fold(text) in map(fold, [m.title for m in MOVIES])


def test_what_stands_in_parentheses_is_another_title_of_that_very_movie() -> None:
    index = TitleIndex(
        [
            Movie(1, "Love", 2005, votes=400),
            Movie(2, "Twelve Monkeys", 1995, aliases=("12 Monkeys",), votes=600_000),
            Movie(
                3, "The City of Lost Children", 1995, aliases=("La Cité des enfants perdus",), votes=60_000
            ),
        ]
    )
    assert index.find("Love (Part One) (2005)").kind == "close"
    for text, movie_id in (
        ("Twelve Monkeys (a.k.a. 12 Monkeys) (1995)", 2),
        ("City of Lost Children, The (Cité des enfants perdus, La) (1995)", 3),
        ("Love (2005)", 1),
    ):
        found = index.find(text)
        assert (found.kind, found.movies[0].movie_id) == ("one", movie_id), text
