"""How picks and explanations look."""

import io

from bot.console.explaining import SHOWN, show_why
from bot.console.picks import show_pick, show_popular
from bot.console.screen import Screen
from bot.services.answers import Evidence, GenreBar, LikelyStars, Pick, Why, WhyPart
from recommender.catalogue import Movie

CONTACT = Movie(1, "Contact", 1997, ("Sci-Fi", "Drama"))
ARRIVAL = Movie(2, "Arrival", 2016, ("Sci-Fi", "Drama"))


def shown(draw: object, *arguments: object) -> str:
    file = io.StringIO()
    draw(Screen(file), *arguments)  # type: ignore[operator]
    return file.getvalue()


def test_a_pick_shows_movie_match_genres_and_reason() -> None:
    pick = Pick(
        ARRIVAL,
        97.4,
        (GenreBar("Sci-Fi", 1.0), GenreBar("Drama", -0.4)),
        (Evidence(CONTACT, 4.5),),
        "mostly Sci-Fi",
    )
    assert shown(show_pick, 3, pick).splitlines() == [
        " 3. Arrival (2016)  Sci-Fi, Drama  match 97 %",
        "    ▰▰▰▰▰ + Sci-Fi   ▰▰▱▱▱ − Drama",
        "    mostly Sci-Fi, because you gave Contact ★4½",
    ]


def test_the_stars_that_are_likely_have_their_error_beside_them() -> None:
    pick = Pick(ARRIVAL, 97.4, (), (), "", LikelyStars(4.5, 0.68))
    assert shown(show_pick, 3, pick).splitlines()[1:] == [
        "    you would probably give it ★★★★½, give or take 0.7"
    ]
    parts = (WhyPart("popularity", "", 0.25, 0.0, ()),)
    explained = Why(ARRIVAL, 0.25, 97.4, parts, None, True, LikelyStars(4, 0.71))
    assert "You would probably give it ★★★★, give or take 0.7." in shown(show_why, "Ana", explained)
    assert "probably" not in shown(show_why, "Ana", why(parts))


def test_a_popular_movie_is_nobodys_match() -> None:
    pick = Pick(ARRIVAL, 97.4, (), (), "8 ratings")
    assert shown(show_popular, 1, pick) == " 1. Arrival (2016)  Sci-Fi, Drama  8 ratings\n"


def test_a_pick_without_reasons_is_one_line() -> None:
    pick = Pick(Movie(3, "Untitled"), 50.0, (), (), "")
    assert shown(show_pick, 10, pick) == "10. Untitled  match 50 %\n"


def why(parts: tuple[WhyPart, ...], *, rated: float | None = None, personal: bool = True) -> Why:
    return Why(ARRIVAL, sum(part.value for part in parts), 97.4, parts, rated, personal)


def test_every_part_and_their_sum_are_shown() -> None:
    parts = (
        WhyPart("genre", "Sci-Fi", 1.25, 0.75, (Evidence(CONTACT, 4.5),)),
        WhyPart("genre", "Drama", -0.5, -0.25, ()),
        WhyPart("movie", "Arrival (2016)", 0.5, 0.25, ()),
        WhyPart("popularity", "", 0.0, 0.0, ()),
    )
    text = shown(show_why, "Ana", why(parts))
    assert "+1.25   +0.75   Sci-Fi  Contact ★4½" in text
    assert "-0.50   -0.25   Drama" in text
    assert "similar people's taste" in text
    assert "general popularity" in text
    assert text.splitlines()[-1].startswith(" +1.25 ")


def test_what_is_not_shown_alone_is_shown_as_a_sum() -> None:
    parts = tuple(WhyPart("keyword", f"word {number}", 0.125, 0.125, ()) for number in range(SHOWN + 4))
    lines = shown(show_why, "Ana", why(parts)).splitlines()
    assert " +0.50   +0.50   4 smaller parts that pull it up" in lines
    listed = [float(line.split()[0]) for line in lines if line.startswith(" +")]
    assert abs(sum(listed[:-1]) - listed[-1]) < 0.1


def test_it_is_said_when_the_movie_was_rated_or_nothing_was() -> None:
    parts = (WhyPart("popularity", "", 0.25, 0.0, ()),)
    assert "gave it 4½ stars" in shown(show_why, "Ana", why(parts, rated=4.5))
    assert "rated nothing yet" in shown(show_why, "Ana", why(parts, personal=False))
