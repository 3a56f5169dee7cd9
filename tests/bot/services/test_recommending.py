"""Recommendations on the tiny community, whose model is fitted once."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.errors import UserError
from bot.services.answers import Filters, ModelVersion, Picks, Style
from bot.services.picks import LIKED
from bot.services.recommending import Recommending
from bot.services.shelf import Serving, load_serving
from recommender.catalogue import Catalogue, Movie
from recommender.datasets.dataset import Dataset
from recommender.model import Model
from recommender.options import TrainingOptions
from recommender.ranking import ADVENTUROUS, BALANCED, SAFE, Ranking
from recommender.training import train
from tests.bot.services.tiny import QUICK, TASTES, FakeClock, World

FAN, OPPOSITE, NEWCOMER = 1, 2, 3
WESTERNS = (1, 5, 9, 13, 17)
HORROR = (4, 8, 12)


@pytest.fixture(scope="module")
def served(community: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Serving:
    """What is served: a model fitted well enough to know the four tastes."""
    folder = tmp_path_factory.mktemp("served")
    community.save(folder / "tiny")
    train(community, TrainingOptions(**QUICK | {"epochs": 10, "dims": 16})).save(folder / "model")
    version = ModelVersion(1, FakeClock().now, "current", "tiny", 0, len(community.ratings), None, 1.0)
    return load_serving(folder / "tiny", (folder / "model", version))


@pytest.fixture
async def recommending(world: World, served: Serving) -> Recommending:
    """A fan of Westerns who dislikes Horror, and somebody with the opposite taste."""
    world.shelf.swap(served)
    await world.rate(FAN, *WESTERNS, stars=5)
    await world.rate(FAN, *HORROR, stars=1.5)
    await world.rate(OPPOSITE, *HORROR, 16, 20, stars=5)
    await world.rate(OPPOSITE, 1, 5, 9, stars=1.5)
    return Recommending(world.shelf, world.ratings)


async def test_picks_are_of_the_taste_and_unrated(recommending: Recommending):
    picks = await recommending.recommend(FAN, count=10)
    assert picks.personal
    assert picks.ratings == 8
    assert picks.note == ""
    assert len({pick.movie.movie_id for pick in picks.picks}) == 10
    assert not {pick.movie.movie_id for pick in picks.picks} & {*WESTERNS, *HORROR}
    assert sum("Western" in pick.movie.genres for pick in picks.picks) >= 8
    percentiles = [pick.percentile for pick in picks.picks]
    assert percentiles == sorted(percentiles, reverse=True)
    assert percentiles[-1] > 50


async def test_opposed_fans_share_nothing(recommending: Recommending):
    mine = {pick.movie for pick in (await recommending.recommend(FAN, count=10)).picks}
    theirs = {pick.movie for pick in (await recommending.recommend(OPPOSITE, count=10)).picks}
    assert len(mine & theirs) <= 2


async def test_bars_evidence_and_reason_are_true(recommending: Recommending, world: World):
    profile = await world.ratings.profile(FAN)
    for pick in (await recommending.recommend(FAN, count=10)).picks:
        if "Western" not in pick.movie.genres:
            continue
        assert pick.genres[0].genre == "Western"
        assert pick.genres[0].share > 0
        assert all(-1 <= bar.share <= 1 for bar in pick.genres)
        assert {bar.genre for bar in pick.genres} <= set(pick.movie.genres)
        assert "Western" in pick.reason
        assert 1 <= len(pick.evidence) <= 3
        driving = {bar.genre for bar in pick.genres if bar.share > 0}
        for one in pick.evidence:
            assert profile[one.movie.movie_id] == one.stars >= LIKED
            assert driving & set(one.movie.genres)


async def test_a_rating_counts_at_once(recommending: Recommending, world: World):
    first = (await recommending.recommend(FAN, count=1)).picks[0].movie
    await world.rate(FAN, first.movie_id)
    second = (await recommending.recommend(FAN, count=10)).picks
    assert first not in {pick.movie for pick in second}


async def test_what_was_put_aside_is_never_shown_until_it_is_restored(
    recommending: Recommending, world: World
):
    first = (await recommending.recommend(FAN, count=1)).picks[0].movie
    await world.ratings.dismiss(FAN, "fan", first.movie_id)
    for picks in (
        await recommending.recommend(FAN, count=50),
        await recommending.popular(FAN, count=50),
    ):
        assert first not in {pick.movie for pick in picks.picks}
    await world.ratings.restore(FAN, first.movie_id)
    assert (await recommending.recommend(FAN, count=1)).picks[0].movie == first


async def test_filters_hold(recommending: Recommending):
    wishes = Filters(genre=("sci-fi",), exclude_genre=("drama",), from_year=1960, to_year=2000)
    picks = (await recommending.recommend(FAN, count=5, filters=wishes)).picks
    assert picks
    for pick in picks:
        assert "Sci-Fi" in pick.movie.genres
        assert "Drama" not in pick.movie.genres
        assert 1960 <= (pick.movie.year or 0) <= 2000
    for pick in (await recommending.popular(FAN, filters=wishes)).picks:
        assert "Sci-Fi" in pick.movie.genres


async def test_fewer_than_asked_is_said(recommending: Recommending):
    picks = await recommending.recommend(FAN, count=10, filters=Filters(from_year=1952, to_year=1952))
    assert picks.note == "only 2 movies left that fit"
    assert len(picks.picks) == 2


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (Filters(genre=("Wstern",)), "Western"),
        (Filters(genre=("War",)), "leave out genre"),
        (Filters(genre=("Horror",), exclude_genre=("horror",)), "cannot be both"),
        (Filters(from_year=2000, to_year=1990), "did you mean"),
    ],
)
async def test_bad_filters(recommending: Recommending, filters: Filters, words: str):
    for asked in (
        recommending.recommend(FAN, filters=filters),
        recommending.popular(FAN, filters=filters),
        recommending.similar(1, filters=filters),
        recommending.recommend(NEWCOMER, filters=filters),
    ):
        with pytest.raises(UserError, match=words):
            await asked


@pytest.mark.parametrize("count", [0, -1, 51])
async def test_counts_have_limits(recommending: Recommending, count: int):
    with pytest.raises(UserError, match="1 to 50"):
        await recommending.recommend(FAN, count=count)


@pytest.mark.parametrize(
    ("style", "ranking"), [("safe", SAFE), ("balanced", BALANCED), ("adventurous", ADVENTUROUS)]
)
async def test_styles_are_rankings(
    recommending: Recommending, world: World, served: Serving, style: Style, ranking: Ranking
):
    assert served.model is not None
    picks = await recommending.recommend(FAN, count=20, style=style)
    profile = await world.ratings.profile(FAN)
    wanted = served.model.recommend(profile, 20, ranking, one_per_franchise=True)
    assert [pick.movie.movie_id for pick in picks.picks] == [one.movie_id for one in wanted]
    assert [pick.percentile for pick in picks.picks] == [one.percentile for one in wanted]
    assert picks.style == style


async def test_safe_and_adventurous_differ(recommending: Recommending):
    lists = [
        (await recommending.recommend(FAN, count=20, style=style)).picks for style in ("safe", "adventurous")
    ]
    assert [pick.movie for pick in lists[0]] != [pick.movie for pick in lists[1]]


async def test_a_newcomer_gets_the_popular_list_and_is_told_so(recommending: Recommending):
    picks = await recommending.recommend(NEWCOMER, count=5)
    assert not picks.personal
    assert picks.ratings == 0
    assert "popular list" in picks.note
    assert picks.picks == (await recommending.popular(NEWCOMER, count=5)).picks
    assert all(pick.evidence == () and pick.genres == () for pick in picks.picks)


async def test_the_popular_list_is_by_number_of_ratings(recommending: Recommending, served: Serving):
    assert served.model is not None
    picks = await recommending.popular(NEWCOMER, count=10)
    counts = [int(served.model.popularity[pick.movie.movie_id - 1]) for pick in picks.picks]
    assert counts == sorted(served.model.popularity.astype(int).tolist(), reverse=True)[:10]
    assert picks.picks[0].reason == f"{counts[0]} ratings"
    assert picks.picks[0].percentile == 100
    assert picks.note == ""


async def test_rating_everything_there_is(recommending: Recommending, world: World):
    await world.rate_all(NEWCOMER)
    for asked in (recommending.recommend(NEWCOMER), recommending.popular(NEWCOMER)):
        with pytest.raises(UserError, match="every movie there is"):
            await asked
    assert await recommending.quick_start(NEWCOMER) == []


async def test_why_adds_up(recommending: Recommending, served: Serving):
    assert served.model is not None
    movie_id = (await recommending.recommend(FAN, count=1)).picks[0].movie.movie_id
    why = await recommending.why(FAN, movie_id)
    assert why.personal
    assert why.rated is None
    assert why.score == pytest.approx(sum(part.value for part in why.parts), rel=1e-4)
    assert {part.kind for part in why.parts} >= {"genre", "movie", "popularity"}
    pick = (await recommending.recommend(FAN, count=1)).picks[0]
    assert why.percentile == pytest.approx(pick.percentile)
    western = next(part for part in why.parts if part.name == "Western")
    assert {one.movie.movie_id for one in western.evidence} <= set(WESTERNS)


async def test_a_rated_movie_does_not_explain_itself(recommending: Recommending):
    why = await recommending.why(FAN, 1)
    assert why.rated == 5
    assert all(one.movie.movie_id != 1 for part in why.parts for one in part.evidence)


async def test_picks_say_what_stars_are_likely(recommending: Recommending):
    """In this world everybody gives 4.5 to what they love and 2 to all else."""
    for pick in (await recommending.recommend(FAN, count=10)).picks:
        assert pick.likely is not None
        assert (pick.likely.stars >= 4) == ("Western" in pick.movie.genres)
        assert 0 < pick.likely.error < 1
    picks = (await recommending.popular(FAN)).picks
    assert all(pick.likely is None for pick in picks)


async def test_why_says_what_stars_are_likely_without_the_rating_of_the_movie(
    recommending: Recommending, world: World
):
    before = (await recommending.why(FAN, 1)).likely
    assert before is not None
    horror = (await recommending.why(FAN, 24)).likely
    assert horror is not None
    assert horror.stars < before.stars
    await world.rate(FAN, 1, stars=0.5)
    assert (await recommending.why(FAN, 1)).likely == before
    assert (await recommending.why(NEWCOMER, 1)).likely is None


async def test_why_for_a_newcomer_is_what_everybody_gets(recommending: Recommending):
    why = await recommending.why(NEWCOMER, 1)
    assert not why.personal
    assert why.score == pytest.approx(sum(part.value for part in why.parts), rel=1e-4)


@pytest.mark.usefixtures("recommending")
async def test_the_same_question_goes_on_and_begins_anew_the_next_day(world: World) -> None:
    now = datetime(2026, 12, 1, 23, tzinfo=UTC)
    recommending = Recommending(world.shelf, world.ratings, lambda: now)

    async def asked(count: int, **how: Any) -> list[int]:
        picks = await recommending.recommend(FAN, count=count, **how)
        found = [pick.movie.movie_id for pick in picks.picks]
        recommending.showed(FAN, how.get("filters", Filters()), how.get("style", "balanced"), found)
        return found

    best = [pick.movie.movie_id for pick in (await recommending.recommend(FAN, count=8, start=0)).picks]
    assert await asked(3) == best[:3]
    assert await asked(3) == best[3:6]
    assert await asked(2, style="safe") == await asked(2, start=0, style="safe")
    western = Filters(genre=("Western",))
    assert await asked(2, filters=western) != await asked(2, filters=western)
    # What is rated now is out of the list, and does not make it jump.
    await world.ratings.rate(FAN, "Fan", best[0], 4.0)
    assert (await asked(2))[0] not in best[:6]
    now += timedelta(days=1)
    assert set(await asked(2)) & set(best[1:6])


async def test_the_list_has_an_end(world: World, recommending: Recommending) -> None:
    with pytest.raises(UserError, match="the list ends after 100 movies"):
        await recommending.recommend(FAN, start=100)
    beyond = await recommending.recommend(FAN, count=5, start=99)
    assert beyond.start in (0, 99)
    assert not (await recommending.recommend(FAN, count=50, start=60)).more
    shown = [movie.movie_id for movie in world.shelf.current.catalogue]
    recommending.showed(FAN, Filters(), "balanced", shown)
    assert (await recommending.recommend(FAN, count=5)).start == 0


async def test_similar_movies_share_the_taste(recommending: Recommending):
    found = (await recommending.similar(1, count=8)).movies
    assert sum("Western" in one.movie.genres for one in found) >= 6
    assert 1 not in {one.movie.movie_id for one in found}
    assert all(0 <= one.likeness <= 1 for one in found)
    assert [one.likeness for one in found] == sorted((one.likeness for one in found), reverse=True)
    for one in found:
        assert set(one.shared) == {"Western", "Drama", "Comedy"} & set(one.movie.genres) & {
            "Western",
            "Drama",
        }


async def test_quick_start_is_a_dozen_of_many_kinds(recommending: Recommending, world: World):
    movies = await recommending.quick_start(NEWCOMER)
    assert len(movies) == 12
    assert {taste for movie in movies for taste in movie.genres} >= set(TASTES)
    await world.rate(NEWCOMER, movies[0].movie_id)
    await world.ratings.dismiss(NEWCOMER, "new", movies[1].movie_id)
    assert not {movies[0], movies[1]} & set(await recommending.quick_start(NEWCOMER))


async def test_before_the_first_model(world: World):
    recommending = Recommending(world.shelf, world.ratings)
    await world.rate(FAN, 1, 2)
    picks = await recommending.recommend(FAN, count=3)
    assert not picks.personal
    assert "no model yet" in picks.note
    assert "a mix of the catalogue" in picks.note
    assert len({pick.movie for pick in picks.picks}) == 3
    assert not {pick.movie.movie_id for pick in picks.picks} & {1, 2}
    assert [pick.reason for pick in picks.picks] == ["", "", ""]
    assert len(await recommending.quick_start(FAN)) == 12
    for asked in (recommending.why(FAN, 1), recommending.similar(1)):
        with pytest.raises(UserError, match="no model yet"):
            await asked


async def test_what_nobody_rated_comes_after_what_somebody_did(world: World):
    popularity = np.zeros(len(world.shelf.current.catalogue), np.float32)
    popularity[[7, 3]] = [5, 9]
    world.shelf.swap(replace(world.shelf.current, popularity=popularity))
    picks = await Recommending(world.shelf, world.ratings).popular(NEWCOMER, count=6)
    assert [pick.movie.movie_id for pick in picks.picks[:2]] == [4, 8]
    assert [pick.reason for pick in picks.picks[:3]] == ["9 ratings", "5 ratings", ""]
    assert len({pick.movie for pick in picks.picks}) == 6
    assert picks.note == ""


async def test_a_movie_that_the_model_lacks_counts_as_seen_only(world: World, served: Serving):
    newer = Catalogue([*served.catalogue, Movie(999, "Brand New", 2026, ("Western",))])
    world.shelf.swap(replace(served, catalogue=newer, popularity=np.zeros(len(newer), np.float32)))
    recommending = Recommending(world.shelf, world.ratings)
    await world.rate(FAN, 999)
    picks = await recommending.recommend(FAN)
    assert not picks.personal
    assert picks.ratings == 1
    assert "does not know any" in picks.note
    await world.rate(FAN, *WESTERNS)
    picks = await recommending.recommend(FAN, count=10)
    assert picks.personal
    assert picks.ratings == 5
    assert 999 not in {pick.movie.movie_id for pick in (await recommending.popular(FAN, count=50)).picks}
    with pytest.raises(UserError, match="does not know Brand New"):
        await recommending.why(FAN, 999)
    with pytest.raises(UserError, match="does not have that movie"):
        await recommending.why(FAN, 12345)


async def test_recommending_during_a_swap_is_of_one_piece(
    recommending: Recommending, world: World, served: Serving, tmp_path: Path
):
    before = load_serving(world.home / "datasets" / "tiny")
    running = True

    async def swap() -> None:
        while running:
            world.shelf.swap(before)
            await asyncio.sleep(0)
            world.shelf.swap(served)
            await asyncio.sleep(0)

    swapping = asyncio.create_task(swap())
    for _ in range(15):
        picks = await recommending.recommend(FAN, count=5)
        assert len(picks.picks) == 5
        assert picks.personal == (picks.note == "")
    running = False
    await swapping


async def test_one_of_a_series_unless_sequels_are_wanted(recommending: Recommending, world: World):
    serving = world.shelf.current
    assert serving.model is not None
    series = [m._replace(collection="Saga" if m.movie_id % 4 == 1 else None) for m in serving.catalogue]
    model = Model(Catalogue(series), serving.model.features, serving.model.parameters, {})
    world.shelf.swap(replace(serving, model=model))

    def in_series(picks: Picks) -> int:
        return sum(pick.movie.collection is not None for pick in picks.picks)

    spread = await recommending.recommend(FAN, count=10)
    assert (len(spread.picks), in_series(spread)) == (10, 1)
    assert in_series(await recommending.recommend(FAN, count=10, filters=Filters(sequels=True))) >= 8
