"""/import and /export in Discord: preview, corrections, buttons after a restart, files."""

from typing import Any

from tests.bot.services.imports import files
from tests.bot.services.imports.files import ALIEN, Film
from tests.discord.conftest import World

CONTACT, MISSING = Film("Contact", 1997, 5.0), Film("Not There", 2015, 2.5)


async def ratings_of(world: World, friend: Any) -> int:
    return (await world.services.ratings.page(friend.id)).total


async def test_a_file_is_shown_confirmed_and_undone_also_after_a_restart(world: World) -> None:
    data = files.letterboxd_ratings([ALIEN, CONTACT, MISSING]).encode()
    shown = await world.ana.slash("import", file=("ratings.csv", data))
    assert shown.private
    assert "2 new ratings" in shown.text
    assert "Not There" in shown.text
    assert await ratings_of(world, world.ana) == 0
    await world.restart()
    done = await world.ana.press(shown, "Import")
    assert "2 new ratings" in done.text
    assert await ratings_of(world, world.ana) == 2
    rest = await world.ana.press(done, "Rows without a movie")
    assert rest._stored.attachments[0]["filename"] == "without-a-movie.csv"
    await world.restart()
    undone = await world.ana.press(done, "Undo all of it")
    assert "2 ratings as before" in undone.text
    assert await ratings_of(world, world.ana) == 0


async def test_conflicts_columns_and_scale_are_corrected(world: World) -> None:
    await world.ana.say("!rate Contact 1")
    data = b"Film,Jahr,Punkte\nContact,1997,4\nAlien,1979,3\n"
    shown = await world.ana.slash("import", file=("x.csv", data))
    assert "Import" not in shown.buttons
    asked = await world.ana.choose(shown, "rating: none", menu="m1:impcol")
    shown = await world.ana.choose(asked, "3. Punkte")
    shown = await world.ana.choose(shown, "The best rating is 10", menu="m1:impscale")
    shown = await world.ana.choose(shown, "The file's rating stays", menu="m1:impway")
    assert "the best rating is 10" in shown.text
    await world.ana.press(shown, "Import")
    page = await world.services.ratings.page(world.ana.id)
    assert {one.movie.title: one.stars for one in page.ratings} == {"Contact": 2.0, "Alien": 1.5}


async def test_what_was_seen_is_asked_and_cancelling_stores_nothing(world: World) -> None:
    data = files.letterboxd_plain([ALIEN]).encode()
    shown = await world.ana.slash("import", file=("export.csv", data))
    shown = await world.ana.choose(shown, "I have seen these movies")
    confirm, rows = shown.id_of("Import"), shown.rows
    cancelled = await world.ana.press(shown, "Cancel")
    assert "nothing was stored" in cancelled.text
    stale = await world.ana.press_stale(cancelled, confirm, rows)
    assert "not wait any more" in stale.text


async def test_a_bad_file_is_one_line_and_without_a_file_there_is_a_list(world: World) -> None:
    shown = await world.ana.slash("import", file=("x.png", b"\x89PNG\0\0"))
    assert "no text file" in shown.text
    assert "Nothing imported yet" in (await world.ana.slash("import")).text
    shown = await world.ana.slash("import", file=("r.csv", files.letterboxd_ratings([ALIEN]).encode()))
    await world.ana.press(shown, "Import")
    listed = await world.ana.slash("import")
    assert "Letterboxd" in listed.text
    assert "1 rating as before" in (await world.ana.press(listed, "Undo 1")).text


async def test_an_export_comes_in_a_direct_message(world: World) -> None:
    assert "nothing is kept" in (await world.ana.slash("export")).text.casefold()
    await world.ana.say("!rate Alien 4.5")
    shown = await world.ana.slash("export")
    assert "direct messages" in shown.text
    newest = max(
        (one for some in world.env.backend.messages.values() for one in some.values() if one.attachments),
        key=lambda message: message.id,
    )
    assert newest.attachments[0]["filename"].endswith(".zip")
    assert newest.channel_id != world.channel.id


async def test_a_file_may_be_attached_to_the_prefix_command(world: World) -> None:
    data = files.letterboxd_ratings([ALIEN]).encode()
    await world.ana.actor.send(world.channel, "!import", attachments=[("ratings.csv", data)])
    shown = world.newest().check()
    assert "1 new rating" in shown.text
    assert "somebody else" in (await world.ben.press(shown, "Import")).text
    await world.ana.press(shown, "Import")
    assert await ratings_of(world, world.ana) == 1


async def test_any_of_many_columns_can_be_chosen(world: World) -> None:
    header = [f"c{number}" for number in range(1, 31)]
    data = ",".join([*header, "Film", "Jahr", "Punkte"]) + "\n" + "," * 30 + "Contact,1997,8\n"
    shown = await world.ana.slash("import", file=("x.csv", data.encode()))
    asked = await world.ana.choose(shown, "rating: none", menu="m1:impcol")
    shown = await world.ana.press(asked, "Back")
    asked = await world.ana.choose(shown, "rating: none", menu="m1:impcol")
    await world.restart()
    shown = await world.ana.choose(asked, "33. Punkte", menu=f"m1:impset:{world.ana.id}:1:rating:1")
    assert "10 is ★5, 8 is ★4 and 1 is ★½" in shown.text
    asked = await world.ana.choose(shown, "year: Jahr", menu="m1:impcol")
    shown = await world.ana.press(asked, "None of them")
    await world.ana.press(shown, "Import")
    page = await world.services.ratings.page(world.ana.id)
    assert {one.movie.title: one.stars for one in page.ratings} == {"Contact": 4.0}


async def test_unsure_movies_can_be_left_out(world: World) -> None:
    data = files.letterboxd_ratings([ALIEN, CONTACT._replace(year=1996)]).encode()
    shown = await world.ana.slash("import", file=("ratings.csv", data))
    shown = await world.ana.press(shown, "Leave unsure ones out")
    assert "1 new rating" in shown.text
    assert "Contact (1996) may be Contact (1997)" in shown.text
    shown = await world.ana.press(shown, "Take unsure ones too")
    await world.ana.press(shown, "Import")
    assert await ratings_of(world, world.ana) == 2
