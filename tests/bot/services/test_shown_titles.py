"""The language in which titles are shown."""

import asyncio
from collections.abc import Iterator

import pytest

from bot.errors import UserError
from bot.services.languages import NAMES
from bot.services.shown_titles import (
    is_called,
    name_of,
    show_titles,
    title_of,
    titles_named,
    titles_words,
)
from recommender.catalogue import ORIGINAL, Movie
from recommender.datasets.languages import CODES, REGIONS

GODFATHER = Movie(1, "The Godfather", 1972, aliases=("Der Pate", "Der pate"), alias_languages=("de", "de"))
SPIRITED = Movie(
    2,
    "Spirited Away",
    2001,
    aliases=("Sen to Chihiro no kamikakushi", "千と千尋の神隠し", "Chihiros Reise ins Zauberland"),
    alias_languages=(ORIGINAL, "ja", "de"),
)
OLDBOY = Movie(3, "Oldboy", 2003, aliases=("Oldeuboi",), alias_languages=(ORIGINAL,), language="ko")
PLAIN = Movie(4, "Hate", 1995, aliases=("La Haine",))


@pytest.fixture(autouse=True)
def as_usual() -> Iterator[None]:
    show_titles(None)
    yield
    show_titles(None)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        (None, ["The Godfather", "Spirited Away", "Oldboy", "Hate"]),
        ("de", ["Der Pate", "Chihiros Reise ins Zauberland", "Oldboy", "Hate"]),
        ("ja", ["The Godfather", "千と千尋の神隠し", "Oldboy", "Hate"]),
        (ORIGINAL, ["The Godfather", "Sen to Chihiro no kamikakushi", "Oldeuboi", "Hate"]),
        # Where the film's own language is asked for, its original title is in it.
        ("ko", ["The Godfather", "Spirited Away", "Oldeuboi", "Hate"]),
    ],
)
def test_a_title_is_shown_in_the_language_or_as_the_catalogue_has_it(
    language: str | None, shown: list[str]
) -> None:
    show_titles(language)
    assert [title_of(movie) for movie in (GODFATHER, SPIRITED, OLDBOY, PLAIN)] == shown
    assert name_of(GODFATHER) == f"{shown[0]} (1972)"


async def test_what_one_answer_shows_is_not_what_another_one_does() -> None:
    async def answer(language: str | None) -> str:
        show_titles(language)
        await asyncio.sleep(0)
        return title_of(GODFATHER)

    assert await asyncio.gather(answer("de"), answer(None), answer("de")) == [
        "Der Pate",
        "The Godfather",
        "Der Pate",
    ]
    assert title_of(GODFATHER) == "The Godfather"


def test_a_movie_is_completed_by_its_shown_name_and_by_its_own() -> None:
    show_titles("de")
    assert is_called(GODFATHER, " der pa")
    assert is_called(GODFATHER, "godf")
    assert not is_called(GODFATHER, "parrain")


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("original", ORIGINAL, "each film's own"),
        ("Original", ORIGINAL, "each film's own"),
        ("English", None, "English"),
        ("en", None, "English"),
        (" DE ", "de", "German"),
        ("german", "de", "German"),
        ("ja", "ja", "Japanese"),
    ],
)
def test_a_language_is_named(text: str, language: str | None, words: str) -> None:
    assert titles_named(text) == language
    assert titles_words(language) == words


@pytest.mark.parametrize("text", ["xx", "", "Klingon", "deutsch", "d"])
def test_an_unknown_language_is_one_clear_line(text: str) -> None:
    with pytest.raises(UserError, match="is not a language I know") as refused:
        titles_named(text)
    assert "\n" not in str(refused.value)


def test_every_language_that_titles_come_in_can_be_chosen() -> None:
    assert NAMES.keys() >= {*CODES.values(), *REGIONS.values()}
