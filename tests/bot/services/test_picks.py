from bot.services import picks
from bot.services.answers import Evidence, GenreBar, WhyPart
from bot.services.wording import part_name
from recommender.catalogue import Catalogue, Movie
from recommender.explain import Part

CATALOGUE = Catalogue(Movie(i, f"Movie {i}", 1990) for i in range(1, 10))


def part(kind: str, name: str, contrast: float, *cells: tuple[int, float]) -> Part:
    return Part(kind, name, contrast, contrast, dict(cells), dict.fromkeys(dict(cells), 5.0))


def test_bars_are_genres_by_strength_with_sign():
    parts = [
        part("movie", "It", 4),
        part("genre", "Sci-Fi", 2),
        part("genre", "Drama", -3),
        part("genre", "War", 0.1),
        part("popularity", "", 0),
    ]
    driving = picks.driving_parts(parts)
    assert picks.bars(driving) == (GenreBar("Drama", -0.75), GenreBar("Sci-Fi", 0.5))


def test_how_a_film_was_shown_is_no_genre():
    parts = [part("genre", "IMAX", 9, (1, 9.0)), part("genre", "Drama", 3, (2, 3.0))]
    assert picks.bars(picks.driving_parts(parts)) == (GenreBar("Drama", 1 / 3),)
    assert picks.reason(parts, 0.0) == "mostly Drama"
    assert part_name(WhyPart("genre", "IMAX", 9, 9, ())) == "being shown in IMAX"
    assert Movie(1, "Avatar", 2009, ("Action", "IMAX", "Sci-Fi")).shown_genres == ("Action", "Sci-Fi")


def test_no_pull_no_bars():
    assert picks.driving_parts([]) == []
    assert picks.driving_parts([part("genre", "War", 0.0)]) == []


def test_few_bars():
    parts = [part("genre", f"Genre {i}", i) for i in range(1, 9)]
    assert [bar.genre for bar in picks.bars(picks.driving_parts(parts))] == [
        "Genre 8",
        "Genre 7",
        "Genre 6",
        "Genre 5",
    ]


def test_evidence_is_what_did_most_for_the_genres_that_pulled_up():
    driving = picks.driving_parts(
        [
            part("genre", "Sci-Fi", 3, (1, 1.0), (2, 2.0), (3, -1.0)),
            part("genre", "Horror", 2, (1, 1.5), (4, 0.2), (5, 0.1)),
            part("genre", "Drama", -2, (6, 9.0)),
        ]
    )
    profile = {1: 5.0, 2: 4.5, 3: 5.0, 4: 4.0, 5: 4.0, 6: 5.0}
    found = picks.evidence(driving, profile, CATALOGUE)
    assert found == (
        Evidence(CATALOGUE[1], 5.0),
        Evidence(CATALOGUE[2], 4.5),
        Evidence(CATALOGUE[4], 4.0),
    )


def test_evidence_prefers_liked_ratings():
    driving = picks.driving_parts([part("genre", "Sci-Fi", 3, (1, 5.0), (2, 0.5))])
    assert picks.evidence(driving, {1: 2.0, 2: 4.0}, CATALOGUE) == (Evidence(CATALOGUE[2], 4.0),)
    # For somebody who is hard to please 2½ stars are praise.
    assert picks.evidence(driving, {1: 2.5, 2: 1.0, 3: 1.0}, CATALOGUE) == (Evidence(CATALOGUE[1], 2.5),)
    only_low = picks.driving_parts([part("genre", "Sci-Fi", 3, (1, 5.0))])
    assert picks.evidence(only_low, {1: 2.0, 2: 4.0}, CATALOGUE) == (Evidence(CATALOGUE[1], 2.0),)


def test_reasons_say_what_spoke_for_the_movie():
    genres = [part("genre", "Sci-Fi", 6), part("genre", "Horror", 3), part("genre", "War", 0.5)]
    assert picks.reason([*genres, part("movie", "It", 1)], popular=3) == "mostly Sci-Fi and Horror"
    assert (
        picks.reason([*genres, part("movie", "It", 1)], popular=12) == "Sci-Fi and Horror, and widely liked"
    )
    assert (
        picks.reason([*genres, part("movie", "It", 12)], popular=1)
        == "Sci-Fi and Horror, and people with your ratings like it"
    )
    assert picks.reason([*genres, part("movie", "It", 12)], popular=90) == (
        "widely liked; genres say little here"
    )
    assert picks.reason([part("genre", "War", -2), part("movie", "It", 5)], popular=2) == (
        "people with your ratings like it; genres say little here"
    )
    named = [part("person", "Ridley Scott", 5), part("decade", "1980s", 4), part("keyword", "alien", 1)]
    assert picks.reason(named, popular=1) == "Ridley Scott and the 1980s; genres say little here"
    assert picks.reason([*genres, *named], popular=1) == (
        "Sci-Fi and Horror, and also Ridley Scott and the 1980s"
    )
    series = [part("collection", "The Matrix Collection", 5)]
    assert picks.reason(series, popular=1) == "the Matrix Collection; genres say little here"
    assert picks.reason([part("genre", "War", -2)], popular=-1) == "widely liked"
