"""One person's taste and two people's, on a tiny data set."""

from datetime import UTC, datetime

import pytest

from bot.errors import NotAllowed, UserError
from bot.services.answers import RatedMovie
from bot.services.membership import Viewer
from bot.services.privacy import Privacy
from bot.services.shelf import Serving, load_serving
from bot.services.taste import community as community_module
from bot.services.taste.community import Community
from bot.services.taste.tastes import Tastes, periods
from bot.store.movies import MovieRef
from recommender.catalogue import Movie
from recommender.datasets.dataset import RATINGS_FILE
from tests.bot.services.tiny import Guilds, World, tiny_dataset

ANA, BEN = 918273645546372819, 918273645546372820
SEEN_BY_ANA, SEEN_BY_BEN = Viewer(ANA, "Ana", 1), Viewer(BEN, "Ben", 1)


def tastes(world: World) -> Tastes:
    privacy = Privacy(world.store, world.clock)
    privacy.membership = Guilds({1: {ANA: "Ana", BEN: "Ben"}})
    return Tastes(world.shelf, world.ratings, privacy, Community(world.home / "datasets"))


def rated(*times: tuple[int, int, float]) -> list[RatedMovie]:
    return [
        RatedMovie(Movie(number, "A"), stars, datetime(year, month, 9, tzinfo=UTC), MovieRef(number))
        for number, (year, month, stars) in enumerate(times, 1)
    ]


def test_months_have_no_gaps_and_say_how_the_movies_were_liked():
    found = periods(rated((2024, 11, 5.0), (2025, 2, 3.0), (2025, 2, 0.5), (2025, 2, 4.0)))
    assert [one.name for one in found] == ["Nov 2024", "Dec 2024", "Jan 2025", "Feb 2025"]
    assert [one.total for one in found] == [1, 0, 0, 3]
    assert (found[3].liked, found[3].neutral, found[3].disliked) == (1, 1, 1)


def test_more_than_two_years_are_told_by_year():
    found = periods(rated((2021, 12, 5.0), (2024, 1, 5.0)))
    assert [(one.name, one.total) for one in found] == [("2021", 1), ("2022", 0), ("2023", 0), ("2024", 1)]
    assert [one.name for one in periods(rated((2022, 2, 5.0), (2024, 1, 5.0)))][-1] == "Jan 2024"
    assert periods([]) == ()


async def test_a_taste_is_set_beside_the_community_of_the_data(world: World):
    await world.rate(ANA, *range(1, 41, 4), stars=5.0)
    await world.rate(ANA, *range(2, 42, 4), stars=2.0)
    found = await tastes(world).taste(SEEN_BY_ANA, ANA)
    assert found.rated == 20
    assert found.portrait.community
    assert found.portrait.genres[0].name == "Western"
    assert found.portrait.genres[0].verdict == "loved"
    assert found.unusual is not None
    assert [one.total for one in found.history] == [20]


async def test_the_averages_are_worked_out_once_for_what_is_served(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    read: list[int] = []
    real = community_module.read_averages
    monkeypatch.setattr(community_module, "read_averages", lambda folder: (read.append(1), real(folder))[1])
    service = tastes(world)
    for _ in range(3):
        await service.taste(SEEN_BY_ANA, ANA)
    assert len(read) == 1
    world.shelf.swap(load_serving(world.home / "datasets" / "tiny"))
    await service.taste(SEEN_BY_ANA, ANA)
    assert len(read) == 2


async def test_without_readable_ratings_or_data_nobody_is_compared_with(world: World):
    await world.rate(ANA, 1, 2, 3)
    (world.home / "datasets" / "tiny" / RATINGS_FILE).write_bytes(b"broken")
    found = await tastes(world).taste(SEEN_BY_ANA, ANA)
    assert not found.portrait.community
    assert found.portrait.ratings == 3
    world.shelf.swap(Serving.nothing())
    nothing = await tastes(world).taste(SEEN_BY_ANA, ANA)
    assert nothing.rated == 3
    assert nothing.portrait.ratings == 0


async def test_what_each_should_show_the_other_is_to_the_others_taste(world: World):
    await world.quick_training().retrain()
    await world.rate(ANA, 41, 44, stars=5.0)
    await world.rate(BEN, *range(4, 40, 4), stars=5.0)
    await world.rate(BEN, *range(1, 40, 4), stars=0.5)
    found = await tastes(world).compare(SEEN_BY_ANA, BEN)
    assert found.match.alike is None
    assert found.common == ()
    assert found.disagreement is None
    assert found.to_show is not None
    assert found.to_show.movie.movie_id == 44
    assert found.to_show.percentile is not None
    assert found.to_see is not None
    assert found.to_see.movie.movie_id % 4 == 0
    await world.ratings.dismiss(BEN, "Ben", 44)
    instead = (await tastes(world).compare(SEEN_BY_ANA, BEN)).to_show
    assert instead is not None
    assert instead.movie.movie_id == 41


async def test_nobody_is_compared_with_themselves_or_with_who_hides(world: World):
    await world.rate(ANA, 1)
    await world.rate(BEN, 2)
    service = tastes(world)
    with pytest.raises(UserError, match="that is you"):
        await service.compare(SEEN_BY_ANA, ANA)
    await Privacy(world.store, world.clock).hide(ANA, "Ana")
    with pytest.raises(NotAllowed):
        await service.compare(SEEN_BY_BEN, ANA)
    with pytest.raises(NotAllowed):
        await service.taste(SEEN_BY_BEN, ANA)
    assert (await service.compare(SEEN_BY_ANA, BEN)).match.common == 0


async def test_another_data_set_is_another_community(world: World):
    await world.rate(ANA, 1, 2, 3)
    world.use(tiny_dataset(40, name="other"))
    assert (await tastes(world).taste(SEEN_BY_ANA, ANA)).portrait.community
