"""/recommend, /popular, /similar and /why with their buttons."""

import re

import pytest

from bot.services.answers import Filters, LikelyStars, Pick, Picks, Why, WhyPart
from bot.services.filters import FIRST_YEAR, LAST_YEAR, LONGEST, MOST_LETTERS, checked
from bot.ui.explain import why_screen
from bot.ui.ids import parse
from bot.ui.movies import Wish, more_button, picks_screen, popular_screen
from bot.ui.screen import Person
from recommender.catalogue import GENRES, IMAX
from tests.discord.conftest import Shown, World


async def love(world: World, *movie_ids: int, hate: tuple[int, ...] = ()) -> None:
    for movie_id in movie_ids:
        await world.services.ratings.rate(world.ana.id, "Ana", movie_id, 5.0)
    for movie_id in hate:
        await world.services.ratings.rate(world.ana.id, "Ana", movie_id, 1.0)


async def western_fan(world: World) -> None:
    await love(world, 11, 12, 13, 14, hate=(19, 20))


def titles(shown: Shown) -> list[str]:
    return [embed.title or "" for embed in shown.embeds]


async def test_recommend_shows_picks_with_reasons_and_buttons(world: World) -> None:
    await western_fan(world)
    shown = await world.ana.slash("recommend")
    assert not shown.private
    assert "Picks for Ana" in shown.content
    assert "balanced" in shown.content
    assert "from 6 ratings" in shown.content
    assert len(shown.embeds) == 5
    first = shown.embeds[0]
    assert re.fullmatch(r"1\. .+ \(\d{4}\)", first.title or "")
    assert "Match" in (first.description or "")
    assert "%" in (first.description or "")
    assert re.search(r"`[▰▱]{5} [+−]` Western", shown.text)
    assert re.search(r"because you gave .+ ★5", shown.text)
    assert shown.buttons[:3] == ["1 · Seen it", "1 · Not interested", "1 · Why?"]
    assert len(shown.buttons) == 17
    assert shown.buttons[3:5] == ["Ask me", "10 more"]
    rated = ("The Searchers", "High Noon", "Rio Bravo", "Unforgiven", "The Shining", "Halloween")
    assert not any(name in title for name in rated for title in titles(shown))


async def test_likely_stars_are_shown_with_their_error_where_they_are_known(world: World) -> None:
    first, second = (world.services.movies.get(number) for number in (1, 2))
    picks = (Pick(first, 97.4, (), (), "", LikelyStars(4.5, 0.68)), Pick(second, 90.0, (), (), ""))
    ana = Person(1, "A*na")
    shown = picks_screen(ana, Picks(picks, True, 9, "balanced"), Wish()).embeds
    assert "**Match 97 %** · you would probably give it ★★★★½, give or take 0.7" in str(shown[0].description)
    assert "probably" not in str(shown[1].description)
    parts = (WhyPart("popularity", "", 0.25, 0.0, ()),)
    (known,) = why_screen(ana, Why(first, 0.25, 90.0, parts, None, True, LikelyStars(3, 0.71))).embeds
    assert "A\\*na would probably give it ★★★, give or take 0.7." in str(known.description)
    (unknown,) = why_screen(ana, Why(first, 0.25, 90.0, parts, None, True)).embeds
    assert "probably" not in str(unknown.description)


async def test_ten_picks_are_on_two_pages_that_turn(world: World) -> None:
    await western_fan(world)
    shown = await world.ana.slash("recommend", count=10)
    assert len(shown.embeds) == 5
    assert "page 1 of 2" in shown.content
    second = await world.ana.press(shown, "Next →")
    assert (second.embeds[0].title or "").startswith("6. ")
    assert "page 2 of 2" in second.content
    assert "6 · Why?" in second.buttons
    await world.restart()
    first = await world.ana.press(second, "← Back")
    assert (first.embeds[0].title or "").startswith("1. ")


async def test_more_follow_also_after_a_restart_and_the_same_question_does_not_begin_anew(
    world: World,
) -> None:
    await western_fan(world)
    shown = await world.ana.slash("recommend")
    again = await world.ana.slash("recommend")
    assert (again.embeds[0].title or "").startswith("6. ")
    assert "You were shown the first 5 today, so these come next" in again.content
    await world.restart()
    more = await world.ana.press(shown, "10 more")
    assert titles(more) == titles(again)
    last = await world.ana.press(more, "Next →")
    assert (last.embeds[-1].title or "").startswith("15. ")
    assert "10 more" in last.buttons
    assert "10 more" not in (await world.ana.press(last, "← Back")).buttons
    # What was shown is forgotten with a restart, but not what was shown since.
    assert (await world.ana.slash("recommend")).embeds[0].title.startswith("1. ")


async def test_pages_keep_the_filters_and_the_style(world: World) -> None:
    await western_fan(world)
    shown = await world.ana.slash(
        "recommend", count=10, genre="Western", exclude_genre="Drama", from_year=1930, style="adventurous"
    )
    second = await world.ana.press(shown, "Next →")
    assert "adventurous" in second.content
    genres = [(embed.description or "").splitlines()[0] for embed in (*shown.embeds, *second.embeds)]
    assert all("Western" in line and "Drama" not in line for line in genres)


@pytest.mark.parametrize(
    ("text", "count"),
    [("!recommend", 5), ("!recommend 3", 3), ("!recommend count: 2 genre: Western", 2), ("!RECOMMEND 1", 1)],
)
async def test_recommend_by_prefix(world: World, text: str, count: int) -> None:
    await western_fan(world)
    shown = await world.ana.say(text)
    assert shown is not None
    assert len(shown.embeds) == count


async def test_filters_by_prefix(world: World) -> None:
    await western_fan(world)
    shown = await world.ana.say("!recommend 4 genre: sci fi from_year: 1980 to_year: 1999 style: safe")
    assert shown is not None
    assert "safe" in shown.content
    for embed in shown.embeds:
        year = int(re.search(r"\((\d{4})\)", embed.title or "")[1])
        assert 1980 <= year <= 1999
        assert "Sci-Fi" in (embed.description or "")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("!recommend 11", "1 to 10"),
        ("!recommend lots", "ount cannot be “lots”: a number"),
        ("!recommend genre: Slapstick", "not a genre"),
        ("!recommend genre: Horror exclude_genre: horror", "both"),
        ("!recommend from_year: 2000 to_year: 1990", "1990 to 2000"),
        ("!recommend from_year: 1700", "1870"),
        ("!recommend style: wild", "safe, balanced, adventurous"),
        ("!recommend genre:", "genre"),
        ("!recommend genre: Horror genre: War", "once"),
        ("!popular 0", "1 to 10"),
        ("!similar", "title"),
        ("!why", "title"),
        ("!similar Alien count: 99", "1 to 10"),
    ],
)
async def test_bad_wishes_get_one_clear_line(world: World, text: str, part: str) -> None:
    await western_fan(world)
    shown = await world.ana.say(text)
    assert shown is not None
    assert part in shown.text
    assert "\n" not in shown.text
    assert shown.embeds == []


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"genre": "Slapstick"}, "not a genre"),
        ({"from_year": 2000, "to_year": 1990}, "1990 to 2000"),
        ({"genre": "War"}, "War"),
    ],
)
async def test_bad_wishes_by_slash_are_answered_privately(
    world: World, options: dict[str, object], part: str
) -> None:
    await western_fan(world)
    shown = await world.ana.slash("recommend", **options)
    assert shown.private
    assert part in shown.text


async def test_completion_of_genres(world: World) -> None:
    for option in ("genre", "exclude_genre"):
        for command in ("recommend", "popular", "similar"):
            assert set(await world.ana.complete(command, option, "")) == {*GENRES} - {IMAX}
            assert await world.ana.complete(command, option, "wes") == ["Western"]


async def test_seen_it_asks_for_stars_and_records_them(world: World) -> None:
    await western_fan(world)
    shown = await world.ana.slash("recommend", to_year=1998)
    title = titles(shown)[1].removeprefix("2. ")
    form = await world.ana.press(shown, "2 · Seen it")
    assert form.form["title"] == title
    recorded = await world.ana.fill(form, 9)
    assert recorded.private
    assert f"Recorded 4½ stars for {title}" in recorded.text
    assert "2 · 4½ ★" in shown.buttons
    page = await world.services.ratings.page(world.ana.id)
    assert (page.ratings[0].movie.name, page.ratings[0].stars) == (title, 4.5)
    again = await world.ana.slash("recommend")
    assert not any(title in one for one in titles(again))
    undone = await world.ana.press(recorded, "Undo")
    assert "Removed your rating" in undone.text


async def test_the_form_outlives_a_restart(world: World) -> None:
    await western_fan(world)
    shown = await world.ana.slash("recommend")
    form = await world.ana.press(shown, "1 · Seen it")
    await world.restart()
    assert "Recorded 5 stars" in (await world.ana.fill(form, 10)).text


async def test_seen_it_can_be_corrected_by_the_same_button(world: World) -> None:
    await western_fan(world)
    shown = await world.ana.slash("recommend")
    await world.ana.fill(await world.ana.press(shown, "1 · Seen it"), 9)
    corrected = await world.ana.fill(await world.ana.press(shown, "1 · 4½ ★"), 2)
    assert "was 4½" in corrected.text
    assert "1 · 1 ★" in shown.buttons


async def test_not_interested_is_remembered_and_can_be_undone(world: World) -> None:
    await western_fan(world)
    shown = await world.ana.slash("recommend", to_year=1998)
    title = titles(shown)[0].removeprefix("1. ")
    await world.ana.press(shown, "1 · Not interested")
    assert "1 · Hidden · undo" in shown.buttons
    assert len(await world.services.ratings.dismissed(world.ana.id)) == 1
    again = await world.ana.slash("recommend")
    assert not any(title in one for one in titles(again))
    await world.restart()
    await world.ana.press(shown, "1 · Hidden · undo")
    assert "1 · Not interested" in shown.buttons
    assert await world.services.ratings.dismissed(world.ana.id) == set()
    assert title in titles(await world.ana.slash("recommend", to_year=1998))[0]


async def test_not_interested_twice_does_no_harm_and_undo_twice_says_so(world: World) -> None:
    await western_fan(world)
    shown = await world.ana.slash("recommend")
    rows, button = shown.rows, shown.id_of("1 · Not interested")
    await world.ana.press(shown, "1 · Not interested")
    await world.ana.press_stale(shown, button, rows)
    assert len(await world.services.ratings.dismissed(world.ana.id)) == 1
    rows, undo = shown.rows, shown.id_of("1 · Hidden · undo")
    await world.ana.press(shown, "1 · Hidden · undo")
    again = await world.ana.press_stale(shown, undo, rows)
    assert again.private
    assert "not among the movies" in again.text


@pytest.mark.parametrize("label", ["1 · Seen it", "1 · Not interested", "Next →"])
async def test_buttons_of_somebody_else_are_refused(world: World, label: str) -> None:
    await western_fan(world)
    shown = await world.ana.slash("recommend", count=10)
    before = shown.rows
    refused = await world.ben.press(shown, label)
    assert refused.private
    assert "/recommend" in refused.text
    assert shown.rows == before
    assert await world.services.ratings.dismissed(world.ana.id) == set()
    assert await world.services.ratings.dismissed(world.ben.id) == set()


async def test_a_form_cannot_rate_for_somebody_else(world: World) -> None:
    await western_fan(world)
    shown = await world.ana.slash("recommend")
    form = await world.ana.press(shown, "1 · Seen it")
    form.form["custom_id"] = form.form["custom_id"].replace(str(world.ana.id), str(world.ben.id))
    form.result._interaction.modal["custom_id"] = form.form["custom_id"]
    refused = await world.ana.fill(form, 9)
    assert "somebody else" in refused.text
    assert (await world.services.ratings.page(world.ben.id)).total == 0


async def test_why_of_a_pick_is_private_and_open_to_all(world: World) -> None:
    await western_fan(world)
    shown = await world.ana.slash("recommend")
    own = await world.ana.press(shown, "1 · Why?")
    assert own.private
    assert own.buttons == ["Seen it", "Not interested", "Watchlist"]
    other = await world.ben.press(shown, "1 · Why?")
    assert other.private
    assert "Ana" in other.text
    assert other.buttons == []
    assert other.text == own.text


async def test_why_shows_all_parts_and_they_add_up(world: World) -> None:
    await western_fan(world)
    shown = await world.ana.slash("why", title="Tombstone")
    text = shown.text
    assert "Why Tombstone (1993)?" in text
    assert "▲ Pulled it up" in text
    assert "Ratings of Ana behind it" in text
    for name in ("Genres", "Western", "Similar people's taste", "General popularity"):
        assert name in text
    table = re.search(r"```\n(.+?)\n─+\n(.+?)\n```", text, re.DOTALL)
    assert table is not None
    shown_parts = [float(number) for number in re.findall(r"([+-][\d.]+)$", table[1], re.MULTILINE)]
    total = float(table[2].split()[-1])
    assert sum(shown_parts) == pytest.approx(total)
    why = await world.services.recommending.why(world.ana.id, 18)
    assert total == pytest.approx(why.score, rel=0.01)
    assert why.score == pytest.approx(sum(part.value for part in why.parts))
    assert max(map(len, (*table[1].splitlines(), *table[2].splitlines()))) <= 30


async def test_why_by_prefix_asks_for_remakes(world: World) -> None:
    await western_fan(world)
    asked = await world.ana.say("!why nosferatu")
    assert asked is not None
    shown = await world.ana.choose(asked, "Nosferatu (1922)")
    assert "Why Nosferatu (1922)?" in shown.text


async def test_why_without_ratings_says_so(world: World) -> None:
    shown = await world.ana.slash("why", title="Alien")
    assert "Ana has no ratings yet" in shown.text


async def test_why_of_a_rated_movie_says_that_its_rating_does_not_count(world: World) -> None:
    await western_fan(world)
    shown = await world.ana.slash("why", title="Rio Bravo")
    assert "Ana gave it ★★★★★" in shown.text
    assert "Rio Bravo ★5" not in shown.text


async def test_similar(world: World) -> None:
    shown = await world.ana.slash("similar", title="Rio Bravo", count=4)
    assert "Like Rio Bravo (1959)" in shown.text
    assert len(shown.options) == 4
    assert "Rio Bravo (1959)" not in shown.options
    assert "% alike" in shown.text
    said = await world.ana.say("!similar Rio Bravo count: 3 exclude_genre: Drama")
    assert said is not None
    assert len(said.options) == 3


async def test_similar_asks_for_remakes_and_keeps_the_filters(world: World) -> None:
    asked = await world.ana.slash("similar", title="dune", count=2, genre="Horror")
    shown = await world.ana.choose(asked, "Dune (1984)")
    assert "Like Dune (1984)" in shown.text
    assert len(shown.options) <= 2
    names = {movie.name: movie for movie in world.services.movies.suggest("", 25)}
    assert all("Horror" in names[one].genres for one in shown.options if one in names)


async def test_popular_is_the_same_for_all_and_leads_to_a_card(world: World) -> None:
    shown = await world.ana.slash("popular")
    assert len(shown.options) == 10
    assert "Popular with everybody" in shown.text
    ben = await world.ben.say("!popular")
    assert ben is not None
    assert ben.options == shown.options
    card = await world.ben.choose(shown, shown.options[0])
    assert card.private
    assert card.buttons == ["Seen it", "Not interested", "Why?", "Watchlist"]
    recorded = await world.ben.fill(await world.ben.press(card, "Seen it"), 8)
    assert "Recorded 4 stars" in recorded.text
    assert "4 ★" in card.buttons
    assert (await world.services.ratings.page(world.ben.id)).total == 1


async def test_popular_says_how_many_ratings_there_are_or_that_there_are_none(world: World) -> None:
    assert re.search(r"\d+ ratings", (await world.ana.slash("popular")).text)
    unrated = Picks(
        tuple(Pick(world.services.movies.get(number), 0.0, (), (), "") for number in (1, 2)),
        False,
        0,
        "balanced",
    )
    text = popular_screen(unrated).embeds[0].to_dict()
    assert text["title"] == "From the catalogue"
    assert "Nobody's ratings are known yet" in text["description"]


async def test_popular_filters(world: World) -> None:
    shown = await world.ana.slash("popular", count=5, genre="Musical", to_year=1960)
    assert len(shown.options) <= 5
    assert all(int(one[-5:-1]) <= 1960 for one in shown.options)


async def test_filters_are_completed(world: World) -> None:
    async def offered(option: str, typed: str) -> list[str]:
        return await world.ana.complete("recommend", option, typed)

    assert await offered("genre", "Drama, sci") == ["Drama, Sci-Fi"]
    assert (await offered("language", "ja"))[0] == "Japanese"
    assert await offered("released", "cl") == ["classics"]
    assert await offered("released", "1980s") == ["1980s"]
    someone = world.services.recommending.people("", 1)[0]
    assert someone in await offered("with", someone[:4].lower())
    assert f"{someone}, {someone}" in await offered("with", f"{someone}, {someone[:4]}")


def test_the_widest_wish_fits_its_button() -> None:
    widest = Filters(
        genre=GENRES[-3:],
        exclude_genre=GENRES[-6:-3],
        from_year=FIRST_YEAR,
        to_year=LAST_YEAR,
        sequels=True,
        max_runtime=LONGEST,
        language="ja",
        people=("x" * MOST_LETTERS,),
    )
    button = more_button(2**63 - 1, Wish(10, checked(widest), "adventurous", 0, 89))
    control = parse(button.custom_id or "")
    assert control is not None
    assert Wish.unpack(control.state) == Wish(10, widest, "adventurous", 0, 99)


async def test_whom_it_is_with(world: World) -> None:
    await western_fan(world)
    someone = world.services.recommending.people("", 1)[0]
    wishes = {"with": someone.upper(), "max_runtime": 999, "released": "-2030"}
    shown = await world.ana.slash("recommend", sequels=True, **wishes)
    assert shown.embeds
    assert "whose people I do not know are left out" in shown.content
    catalogue = world.services.movies
    for embed in shown.embeds:
        title = (embed.title or "").split(". ", 1)[1].replace("\\", "")
        (movie,) = catalogue.find(title).movies[:1]
        assert someone in (*movie.directors, *movie.writers, *movie.cast), movie


async def test_the_card_works_after_a_restart(world: World) -> None:
    shown = await world.ana.slash("popular")
    await world.restart()
    card = await world.ana.choose(shown, shown.options[1])
    assert shown.options[1] in card.text


async def test_rating_everything_there_is(world: World) -> None:
    for movie in world.services.movies.suggest("", 25):
        await world.services.ratings.rate(world.ana.id, "Ana", movie.movie_id, 4.0)
    for movie_id in [*range(1, 40), *range(201, 220), *range(301, 365)]:
        try:
            movie = world.services.movies.get(movie_id)
        except Exception:  # noqa: BLE001 not every number is a movie
            continue
        await world.services.ratings.rate(world.ana.id, "Ana", movie.movie_id, 4.0)
    shown = await world.ana.slash("recommend")
    assert shown.private
    assert "every movie" in shown.text
    assert (await world.ana.slash("ratings")).buttons


async def test_my_picks_now(world: World) -> None:
    shown = await world.ana.slash("rate", title="Contact", stars="5")
    picks = await world.ana.press(shown, "My picks now")
    assert picks.private
    assert "from 1 rating" in picks.content
    refused = await world.ben.press(shown, "My picks now")
    assert "/recommend" in refused.text
