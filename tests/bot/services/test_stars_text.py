"""Stars as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.services.stars import format_stars, parse_stars, split_rating, valid_stars

HALVES = [half / 2 for half in range(1, 11)]


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("4", 4),
        ("4.5", 4.5),
        ("4,5", 4.5),
        (" 4.50 ", 4.5),
        (".5", 0.5),
        ("0,5", 0.5),
        ("5.", 5),
        ("+3", 3),
        ("٤", 4),
        ("4½", 4.5),
        ("½", 0.5),
        ("4 ½", 4.5),
        ("4 1/2", 4.5),
        ("1/2", 0.5),
        ("9/10", 4.5),
        ("10/10", 5),
        ("4/5", 4),
        ("3,5/5", 3.5),
        ("★★★★½", 4.5),
        ("★½", 1.5),
        ("★", 1),
        ("★★★☆☆", 3),
        ("★★½☆☆", 2.5),
        ("⭐⭐⭐", 3),
        ("⭐\ufe0f⭐\ufe0f", 2),
        ("★4½", 4.5),
        ("★ 5", 5),
        ("4.5★", 4.5),
        ("4½⭐", 4.5),
        ("4.5 stars", 4.5),
        ("1 Star", 1),
        ("½ star", 0.5),
        ("½★", 0.5),
    ],
)
def test_the_forms_of_stars(text: str, stars: float):
    assert parse_stars(text) == stars


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "five",
        "NaN",
        "nan",
        "inf",
        "-inf",
        "1e0",
        "0x4",
        "4..5",
        "4.5.1",
        "4,5,1",
        "9/11",
        "9/",
        "/10",
        "9/0",
        "9/10/10",
        "4²",
        "½½",
        "**4**",
        "4; DROP TABLE ratings",
        "@everyone",
        "stars",
        "★x",
    ],
)
def test_what_is_no_number_of_stars(text: str):
    with pytest.raises(
        UserError, match=r"is no number of stars: stars go from 0\.5 to 5 in halves, like 4\.5$"
    ):
        parse_stars(text)


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "0.0",
        "-4",
        "5.5",
        "6",
        "100",
        "4.3",
        "4.25",
        "8.5/10",
        "11/10",
        "0/10",
        "★★★★★★",
        "☆☆",
        "5½",
        "9" * 5000,
    ],
)
def test_stars_out_of_range_or_not_halves(text: str):
    with pytest.raises(UserError, match="is no number of stars") as caught:
        parse_stars(text)
    assert len(str(caught.value)) < 150
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("stars", HALVES)
def test_stars_shown_are_understood(stars: float):
    assert parse_stars(format_stars(stars)) == stars
    assert parse_stars(f"{stars:g}") == stars
    assert parse_stars(f"{stars * 2:g}/10") == stars


def test_how_stars_are_shown():
    assert [format_stars(stars) for stars in (0.5, 1, 1.5, 4.5, 5)] == ["½", "★", "★½", "★★★★½", "★★★★★"]


@pytest.mark.parametrize("stars", [0, -1, 5.5, 4.3, float("nan"), float("inf"), float("-inf")])
def test_numbers_that_are_no_stars(stars: float):
    with pytest.raises(UserError, match="is no number of stars"):
        valid_stars(stars)


@pytest.mark.parametrize("stars", HALVES)
def test_numbers_that_are_stars(stars: float):
    assert valid_stars(stars) == stars
    assert isinstance(valid_stars(int(stars) or 1), float)


@pytest.mark.parametrize(
    ("text", "title", "stars"),
    [
        ("Blade Runner 4.5", "Blade Runner", 4.5),
        ("Blade Runner 4,5", "Blade Runner", 4.5),
        ("Blade Runner 9/10", "Blade Runner", 4.5),
        ("Blade Runner ★★★★½", "Blade Runner", 4.5),
        ("Blade Runner 4 stars", "Blade Runner", 4),
        ("  Blade   Runner\n4 ", "Blade Runner", 4),
        ("2001: A Space Odyssey 5", "2001: A Space Odyssey", 5),
        ("Se7en 4 1/2", "Se7en", 4.5),
        ("Se7en 4 ½", "Se7en", 4.5),
        ("1917 4", "1917", 4),
        ("Apollo 13 4.5", "Apollo 13", 4.5),
        ("8½ 4", "8½", 4),
        ("9 1/2 Weeks 3", "9 1/2 Weeks", 3),
        ("8 1/2 1/2", "8 1/2", 0.5),
        ("Fahrenheit 9/11 4", "Fahrenheit 9/11", 4),
        ("Dune (1984) 2", "Dune (1984)", 2),
        ("Terminator 2 4", "Terminator 2", 4),
        ('"Blade Runner" 4', "Blade Runner", 4),
        ("“Blade Runner” 4", "Blade Runner", 4),
        ("Blade Runner 2049 ★ 5", "Blade Runner 2049", 5),
        ("movie:603 4.5", "movie:603", 4.5),
        ("Амели 5", "Амели", 5),
        ("אמלי 5", "אמלי", 5),
        ("🎬🎬 3", "🎬🎬", 3),
    ],
)
def test_title_and_stars(text: str, title: str, stars: float):
    assert split_rating(text) == (title, stars)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "say which movie and how many stars"),
        (" \n ", "say which movie and how many stars"),
        ("Alien", "no stars at the end of “Alien”"),
        ("Alien five", "no stars at the end of “Alien five”"),
        ("Alien NaN", "no stars at the end of “Alien NaN”"),
        ("Fahrenheit 9/11", "no stars at the end"),
        ("4.5", "say the title before the stars"),
        ("4 1/2", "say the title before the stars"),
        ('"" 4', "say the title before the stars"),
        ("Alien 0", "^0 is no number of stars: stars go from 0.5 to 5 in halves, like 4.5$"),
        ("Alien 4.3", "^4.3 is no number of stars"),
        ("Alien -4", "^-4 is no number of stars"),
        ("Apollo 13", "if 13 belongs to the title, write the stars behind it: Apollo 13 4.5$"),
        ("Blade Runner 2049", "if 2049 belongs to the title"),
        ("Film 8 1/2", "if 8 1/2 belongs to the title, write the stars behind it: Film 8 1/2 4.5$"),
    ],
)
def test_what_is_missing_is_said(text: str, complaint: str):
    with pytest.raises(UserError, match=complaint):
        split_rating(text)


TITLES = st.text(min_size=1, max_size=300).filter(
    lambda text: text.split() and text.split()[-1][-1].isalpha()
)


@given(TITLES, st.sampled_from(HALVES), st.sampled_from(["{:g}", "{:g}★", "{:g}/5", "★"]))
def test_a_title_that_ends_in_a_word_is_kept_as_it_is(title: str, stars: float, form: str):
    written = format_stars(stars) if form == "★" else form.format(stars)
    found, given_stars = split_rating(f"{title} {written}")
    assert given_stars == stars
    assert found == " ".join(title.split()).strip("\"'“”„‘’«»`").strip()


@given(st.text(max_size=500))
def test_any_text_is_stars_or_one_line(text: str):
    for read in (parse_stars, split_rating):
        try:
            answer = read(text)
        except UserError as error:
            line = str(error)
        else:
            line = "no complaint"
            assert (answer[1] if isinstance(answer, tuple) else answer) in HALVES
        assert len(line.splitlines()) == 1
        assert len(line) < 300
