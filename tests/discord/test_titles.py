"""Titles in the language that a server chose, and films by their addresses."""

from recommender.catalogue import ORIGINAL, Movie
from tests.discord.conftest import World
from tests.discord.nights import Evening
from tests.discord.test_unmatched import grow

PATE = Movie(
    900_002,
    "The Godfather",
    1972,
    ("Crime",),
    aliases=("Der Pate", "Il padrino"),
    alias_languages=("de", ORIGINAL),
    imdb_id=68646,
    tmdb_id=238,
)


async def test_a_server_sees_titles_in_its_language_and_nobody_else_does(world: World) -> None:
    await grow(world, PATE)
    settings = await world.admin.slash("settings", titles="de")
    assert "**Titles** — German" in settings.text
    (offered,) = await world.ana.choices("rate", "title", "godfa")
    assert offered["name"] == "Der Pate (1972)"
    shown = await world.ana.slash("rate", title=offered["value"], stars="4.5")
    assert "Der Pate (1972)" in shown.text
    assert "Godfather" not in shown.text
    assert "Der Pate (1972)" in (await world.ana.slash("ratings")).text
    (mine,) = await world.ana.choices("unrate", "title", "pate")
    assert mine["name"] == "Der Pate (1972)"
    wished = await world.ben.slash("watchlist add", title=offered["value"])
    assert "Der Pate (1972)" in wished.text
    undone = await world.ben.press(wished, wished.buttons[0])
    assert "Godfather" not in undone.text
    await world.admin.slash("settings", titles="original")
    assert "Il padrino (1972)" in (await world.ana.slash("ratings")).text
    await world.admin.slash("settings", titles="English")
    assert "The Godfather (1972)" in (await world.ana.slash("ratings")).text


async def test_an_unknown_language_is_told_in_one_line_and_changes_nothing(world: World) -> None:
    await world.admin.slash("settings", titles="de")
    refused = await world.admin.slash("settings", titles="Klingon", country="DE")
    assert "is not a language I know" in refused.text
    assert "\n" not in refused.text.strip()
    now = await world.services.guilds.get(world.guild.id)
    assert (now.titles, now.country) == ("de", None)


async def test_an_address_is_a_title_in_every_command(world: World) -> None:
    await grow(world, PATE)
    for address in (
        "https://www.imdb.com/title/tt0068646/?ref_=x",
        "<https://www.themoviedb.org/movie/238-the-godfather>",
        "https://letterboxd.com/film/the-godfather/",
    ):
        assert "The Godfather (1972)" in (await world.ana.slash("movie", title=address)).text
        said = await world.ana.say(f"!rate {address} 4.5")
        assert said is not None
        assert "The Godfather (1972)" in said.text
        (offered,) = await world.ana.choices("rate", "title", address)
        assert offered["name"] == "The Godfather (1972)"
        assert "The Godfather (1972)" in (await world.ana.slash("unrate", title=address)).text
    lost = await world.ana.slash("movie", title="https://boxd.it/2a9q")
    assert "does not say which film" in lost.text


async def test_a_night_speaks_the_language_of_its_server(world: World) -> None:
    evening = await Evening.begin(world)
    await grow(world, PATE)
    await world.admin.slash("settings", titles="German")
    await evening.plan(world.ana)
    await evening.nominate(world.ana, "tt0068646")
    assert "Der Pate (1972)" in (await evening.card()).text
    await evening.press(world.ana, "Host: open the vote")
    (opened,) = evening.said("the vote is open until")
    ballot = await world.ben.press(opened, "Vote")
    assert "✓ Der Pate" in (await world.ben.choose(ballot, "Der Pate (1972)")).text
    await evening.press(world.ana, "Host: close the vote")
    assert evening.said("we watch Der Pate (1972)")
    (event,) = evening.events
    assert event.name == "Movie night: Der Pate (1972)"
    # Once more, as the bot itself looks after the night, on behalf of nobody.
    await evening.pass_time(minutes=1)
    assert "Der Pate (1972)" in (await evening.card()).text
    assert [one.text for one in evening.said("Godfather")] == []
