"""What the catalogue does not know: kept, asked about, listed, matched, and told of once."""

from typing import Any

from recommender.catalogue import Catalogue, Movie
from recommender.datasets.dataset import Dataset, Ratings
from tests.discord.conftest import Shown, World
from tests.discord.test_rating import stars_of

KEPT = "Kept; it counts as soon as I do."


async def waiting_of(world: World, friend_id: int) -> list[tuple[str, float | None]]:
    page = await world.services.unmatched.page(friend_id)
    return [(row.name, row.stars) for row in page.rows]


async def grow(world: World, *more: Movie) -> None:
    """Have another catalogue with these movies too be served."""
    catalogue = world.services._shelf.current.catalogue.joined(Catalogue(more))
    folder = world.settings.datasets / "grown"
    Dataset("grown", catalogue, Ratings.empty()).save(folder)
    await world.services.data.add("grown")


def button_of(shown: Shown, label: str) -> list[Any]:
    return [one for one in shown.controls if one.get("label") == label]


async def test_an_unknown_title_is_kept_and_the_answer_says_up_to_when_movies_are_known(world: World) -> None:
    for shown in (
        await world.ana.slash("rate", title="Xylophone Zebra Quartz", stars="4"),
        await world.ana.say("!rate xylophone zebra quartz! 4"),
    ):
        assert shown is not None
        assert KEPT in shown.text
        assert "(my catalogue ends in 2" in shown.text
    assert await stars_of(world, world.ana.id) == {}
    assert await waiting_of(world, world.ana.id) == [("xylophone zebra quartz!", 4.0)]
    taken_back = await world.ana.press(shown, "Take it back")
    assert "does not wait any more" in taken_back.text
    assert await waiting_of(world, world.ana.id) == []
    again = await world.ana.press(taken_back, "Keep it after all")
    assert KEPT in again.text
    assert await waiting_of(world, world.ana.id) == [("xylophone zebra quartz!", 4.0)]


async def test_what_is_near_is_asked_about_first_and_kept_if_it_is_none_of_it(world: World) -> None:
    await grow(world, Movie(900_001, "Zzyzx: Road to 100%", 2031))
    asked = await world.ana.slash("rate", title="Zzyzx: Rode to 100%", stars="4½")
    assert asked.options == ["Zzyzx: Road to 100% (2031)"]
    assert await waiting_of(world, world.ana.id) == []
    refused = await world.ben.press(asked, "None of these: keep it as typed")
    assert "somebody else" in refused.text
    kept = await world.ana.press(asked, "None of these: keep it as typed")
    assert KEPT in kept.text
    assert await waiting_of(world, world.ana.id) == [("Zzyzx: Rode to 100%", 4.5)]
    assert await stars_of(world, world.ana.id) == {}
    assert await waiting_of(world, world.ben.id) == []


async def test_a_title_too_long_for_a_button_is_asked_for_once_more(world: World) -> None:
    title = "Dune, or How I Learned to Stop Worrying and Love the Worm, with a Song on Every Planet"
    await grow(world, Movie(900_001, title.replace("Song", "Dance"), 2031))
    asked = await world.ana.slash("rate", title=title, stars="3")
    form = await world.ana.press(asked, "None of these: keep it as typed")
    assert form.form is not None
    kept = await world.ana.write(form, title=title)
    assert KEPT in kept.text
    assert await waiting_of(world, world.ana.id) == [(title, 3.0)]


async def test_ratings_show_what_waits_and_it_can_be_matched_or_taken_back(world: World) -> None:
    await world.ana.slash("rate", title="Contact", stars="5")
    for title in ("Zzyzx", "Qwertz"):
        await world.ana.slash("rate", title=title, stars="2")
    seen_by_ben = await world.ben.slash("ratings", member=world.ana)
    assert "⏳ ★★ Zzyzx" in " ".join(seen_by_ben.text.split())
    assert button_of(seen_by_ben, "Waiting (2)") == []
    shown = await world.ana.slash("ratings")
    assert "2 waiting for the movie" in shown.text
    listed = await world.ana.press(shown, "Waiting (2)")
    assert listed.private
    assert listed.options == ["Qwertz", "Zzyzx"]
    await world.ana.press(await world.ana.choose(listed, "Zzyzx"), "Take it back")
    assert await waiting_of(world, world.ana.id) == [("Qwertz", 2.0)]


async def test_hidden_ratings_hide_what_waits(world: World) -> None:
    await world.ana.slash("rate", title="Zzyzx", stars="2")
    await world.ana.slash("privacy hide-ratings", hidden=True)
    refused = await world.ben.slash("ratings", member=world.ana)
    assert "Zzyzx" not in refused.text


async def test_unrate_completes_and_removes_what_waits(world: World) -> None:
    await world.ana.slash("rate", title="Zzyzx (2031)", stars="2")
    (choice,) = await world.ana.choices("unrate", "title", "zzy")
    assert choice["name"] == "Zzyzx (2031)"
    gone = await world.ana.slash("unrate", title=choice["value"])
    assert "does not wait any more" in gone.text
    await world.ana.slash("rate", title="Zzyzx", stars="2")
    assert "does not wait any more" in (await world.ana.slash("unrate", title="zzyzx")).text
    assert await waiting_of(world, world.ana.id) == []


async def test_what_the_catalogue_knows_by_now_counts_and_is_told_once(world: World) -> None:
    await world.ana.slash("rate", title="Zzyzx (2031)", stars="2")
    await grow(world, Movie(900_001, "Zzyzx", 2031))
    assert await stars_of(world, world.ana.id) == {"Zzyzx (2031)": 2.0}
    assert "I know" not in (await world.ben.slash("ratings")).text
    told = await world.ana.slash("popular")
    assert "I know Zzyzx (2031) now: the 2 stars that you gave “Zzyzx” count." in told.text
    assert told.private
    assert "I know" not in (await world.ana.slash("popular")).text


async def test_who_hides_is_not_told_where_everybody_reads(world: World) -> None:
    await world.ana.slash("rate", title="Zzyzx (2031)", stars="2")
    await world.ana.slash("privacy hide-ratings", hidden=True)
    await grow(world, Movie(900_001, "Zzyzx", 2031))
    said = await world.ana.say("!popular")
    assert said is not None
    assert "Zzyzx" not in said.text
    assert "I know Zzyzx" in (await world.ana.slash("popular")).text


async def test_several_movies_of_the_title_are_a_question_among_the_ratings(world: World) -> None:
    await world.ana.slash("rate", title="Zzyzx", stars="2")
    await grow(world, Movie(900_001, "Zzyzx", 2031), Movie(900_002, "Zzyzx", 1999))
    assert await stars_of(world, world.ana.id) == {}
    shown = await world.ana.slash("ratings")
    assert "may be Zzyzx (2031) or Zzyzx (1999)" in shown.text
    asked = await world.ana.choose(await world.ana.press(shown, "Waiting (1)"), "Zzyzx")
    rated = await world.ana.choose(asked, "Zzyzx (1999)")
    assert "Recorded 2 stars for Zzyzx (1999)" in rated.text
    assert await stars_of(world, world.ana.id) == {"Zzyzx (1999)": 2.0}
    assert await waiting_of(world, world.ana.id) == []


async def test_a_movie_taken_for_an_unknown_one_gives_its_stars_back(world: World) -> None:
    await grow(
        world,
        Movie(900_001, "Zzyzx", 1999, votes=9_000_000),
        Movie(900_002, "Zzyzx", 1950, votes=9),
    )
    rated = await world.ana.slash("rate", title="zzyzx", stars="5")
    assert await stars_of(world, world.ana.id) == {"Zzyzx (1999)": 5.0}
    asked = await world.ana.press(rated, "Another one")
    form = await world.ana.press(asked, "None of these: keep it as typed")
    refused = await world.ana.write(form, title="Zzyzx")
    assert "write the year" in refused.text
    assert await stars_of(world, world.ana.id) == {"Zzyzx (1999)": 5.0}
    form = await world.ana.press(asked, "None of these: keep it as typed")
    kept = await world.ana.write(form, title="Zzyzx (2031)")
    assert KEPT in kept.text
    assert await stars_of(world, world.ana.id) == {}
    assert await waiting_of(world, world.ana.id) == [("Zzyzx (2031)", 5.0)]
