"""/movie, with The Movie Database, without it, and while it is down."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.tmdb.details import Details, Offers
from bot.services.tmdb.movies import ATTRIBUTION, MovieCard
from bot.ui.movie import movie_screen
from bot.ui.screen import Person
from recommender.catalogue import Catalogue, Movie
from tests.discord.conftest import World
from tests.discord.limits import check_screen
from tests.discord.test_limits import movies, people, quick, texts

OFFERS = Offers(
    ("Streamer",), (), ("Shop [x](https://evil.example)",), (), "https://www.themoviedb.org/movie/1/watch"
)
DETAILS = Details("A **signal** arrives.", 150, "https://image.tmdb.org/t/p/w342/x.jpg", {"DE": OFFERS})


class FakeTmdb:
    """Answers always the same, or nothing."""

    def __init__(self, details: Details | None) -> None:
        self.details = details
        self.asked: list[int] = []

    async def number(self, movie: Movie) -> int | None:
        return movie.tmdb_id

    async def movie(self, tmdb_id: int) -> Details | None:
        self.asked.append(tmdb_id)
        return self.details

    async def close(self) -> None:
        pass


def with_tmdb(world: World, monkeypatch: pytest.MonkeyPatch, details: Details | None) -> FakeTmdb:
    """Give the host a key, and the movies their numbers at TMDB."""
    fake: Any = FakeTmdb(details)
    monkeypatch.setattr(world.services.cards, "_tmdb", fake)
    serving = world.services._shelf.current
    numbered = Catalogue(movie._replace(tmdb_id=movie.movie_id + 1000) for movie in serving.catalogue)
    monkeypatch.setattr(
        world.services.cards, "_shelf", type("Shelf", (), {"current": serving_with(serving, numbered)})
    )
    return fake


def serving_with(serving: Any, catalogue: Catalogue) -> Any:
    from dataclasses import replace

    return replace(serving, catalogue=catalogue)


async def test_without_a_key_there_is_what_the_catalogue_knows_and_nothing_nags(world: World) -> None:
    for shown in (await world.ana.slash("movie", title="Contact"), await world.ana.say("!movie contact")):
        assert shown is not None
        assert "Contact (1997)" in shown.text
        assert "Drama · Sci-Fi" in shown.text
        assert "By Director" in shown.text
        assert "others" in shown.text
        assert "TMDB" not in shown.text
        assert shown.buttons == ["Seen it", "Not interested", "Why?", "Watchlist"]


async def test_with_a_key_there_are_poster_overview_runtime_and_offers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = with_tmdb(world, monkeypatch, DETAILS)
    nowhere = await world.ana.slash("movie", title="Contact")
    assert fake.asked == [1001]
    assert "150 min" in nowhere.text
    assert "A \\*\\*signal\\*\\* arrives" in nowhere.text
    assert "Where to watch in" not in nowhere.text
    assert ATTRIBUTION in nowhere.text
    assert "JustWatch" not in nowhere.text
    assert nowhere.embeds[0].thumbnail.url == DETAILS.poster
    settings = await world.admin.slash("settings", country="de")
    assert "**Where to watch** — in DE" in settings.text
    shown = await world.ana.slash("movie", title="Contact")
    assert "Where to watch in DE\nStream: Streamer\nRent: Shop \\[x\\]" in shown.text
    assert "[All offers](https://www.themoviedb.org/movie/1/watch)" in shown.text
    assert "JustWatch" in shown.text
    await world.admin.slash("settings", country="FR")
    assert "Where to watch in" not in (await world.ana.slash("movie", title="Contact")).text
    gone = await world.admin.slash("settings", country="none")
    assert "Where to watch" not in gone.text
    wrong = await world.admin.slash("settings", country="Germany")
    assert "two letters" in wrong.text


async def test_while_it_is_down_everything_is_as_without_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (await world.ana.slash("movie", title="Contact")).text
    fake = with_tmdb(world, monkeypatch, None)
    assert (await world.ana.slash("movie", title="Contact")).text == before
    assert fake.asked


async def test_which_one_and_a_card_of_a_list(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with_tmdb(world, monkeypatch, DETAILS)
    asked = await world.ana.slash("movie", title="dune")
    shown = await world.ana.choose(asked, "Dune (1984)")
    assert "A \\*\\*signal\\*\\* arrives" in shown.text
    listed = await world.ana.slash("popular")
    card = await world.ana.choose(listed, listed.options[0])
    assert card.private
    assert ATTRIBUTION in card.text
    assert "movie" in (await world.ana.slash("movie", title="zzzzzzzz")).text


@quick
@given(
    people,
    movies,
    texts,
    st.lists(texts.map(lambda name: name[:80] or "x"), max_size=12).map(tuple),
)
async def test_it_fits_whatever_is_in_it(
    person: Person, movie: Any, text: str, names: tuple[str, ...]
) -> None:
    offers = Offers(names, names, names, names, OFFERS.link)
    check_screen(
        movie_screen(
            person, MovieCard(movie, 90, 3.5, 10**6, text * 7, DETAILS.poster, "DE", offers, ATTRIBUTION)
        )
    )
    check_screen(movie_screen(person, MovieCard(movie, None, None, 0)))
