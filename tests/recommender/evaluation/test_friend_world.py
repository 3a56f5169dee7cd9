"""Friends without a community: the starter catalogue, and what eight of them tell."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from recommender import (
    ADVENTUROUS,
    BALANCED,
    SAFE,
    Dataset,
    Model,
    Ratings,
    TrainingOptions,
    load_dataset,
    train,
)
from recommender.datasets.starter import load_friends, load_starter
from recommender.evaluation.friend_world import (
    ALIKE,
    FRIENDS,
    GENRE,
    as_served,
    compare_worlds,
    famous,
    fan_worlds,
    favourites,
    main,
    on_starter,
    people_worlds,
)
from recommender.evaluation.frontier import DISTANT
from recommender.evaluation.peers.popular import PopularOptions, most_popular
from recommender.evaluation.protocol import Comparison

QUICK = TrainingOptions(models=2, dims=16, epochs=2, content_fans=600, threads=1)
POPULAR = most_popular(PopularOptions("rated"))


@pytest.fixture(scope="module")
def starter() -> Dataset:
    return load_starter()


@pytest.fixture(scope="module")
def fans(starter: Dataset) -> Comparison:
    worlds = {n: fan_worlds(starter, n, 1, 0) for n in (1, 5)}
    return compare_worlds(worlds, {"ours": as_served(QUICK), "popular": POPULAR}, 0)


def test_fans_are_told_apart_by_their_genre_alone(starter: Dataset) -> None:
    (world,) = fan_worlds(starter, 10, 1, 4)
    assert len(world.friends) == len(world.genres) == FRIENDS
    assert len(world.dataset.ratings) == 10 * FRIENDS
    for fan in world.friends:
        (genre,) = world.genres[fan.user_id]
        assert not set(fan.told) & set(fan.rated)
        for movie_id, stars in {**fan.told, **fan.rated}.items():
            genres = starter.catalogue[movie_id].genres
            assert (genre in genres) == (stars == 5), starter.catalogue[movie_id]
            assert (DISTANT[genre] in genres) == (stars == 1.5)


@pytest.mark.parametrize(("told", "least"), [(1, 0.4), (5, 0.75)])
def test_picks_follow_a_fans_genre_and_popularity_does_not(fans: Comparison, told: int, least: float) -> None:
    ahead, low, _ = fans.advantage("ours", "popular", told)
    assert low > least, ahead
    assert fans.of("ndcg@10").advantage("ours", "popular", told)[1] > 0.2
    assert fans.of("bad@10").advantage("ours", "popular", told)[2] < 0
    assert fans.of(ALIKE).mean("ours", told) < 0.1, "lovers of different genres get different lists"


def test_picks_follow_the_genres_of_real_people(starter: Dataset, ml_latest_small_zip: Path) -> None:
    movielens = load_dataset(ml_latest_small_zip)
    worlds = {20: people_worlds(starter, movielens, 20, 0)[:4]}
    models = {"ours": as_served(QUICK), "popular": POPULAR, "famous": famous(starter, movielens)}
    found = compare_worlds(worlds, models, 0)
    assert found.advantage("ours", "popular", 20)[1] > 0, found.mean("ours", 20)
    assert found.of(ALIKE).mean("ours", 20) < 0.5
    assert found.of(ALIKE).mean("famous", 20) > 0.5


def test_real_people_tell_films_of_the_starter_catalogue(starter: Dataset, ml_latest_small_zip: Path) -> None:
    movielens = load_dataset(ml_latest_small_zip)
    ratings = on_starter(starter, movielens)
    assert len(ratings) > 50_000
    pairs = np.stack([ratings.user_ids, ratings.movie_ids], axis=1)
    assert len(np.unique(pairs, axis=0)) == len(pairs)
    world = people_worlds(starter, movielens, 5, 0)[0]
    for friend in world.friends:
        assert len(friend.told) == 5
        assert not set(friend.told) & set(friend.rated)
        assert all(movie_id in starter.catalogue for movie_id in [*friend.told, *friend.rated])
        # What they like is judged by what no model has seen.
        assert world.genres[friend.user_id] == favourites(starter.catalogue, friend.rated)


def test_favourites_are_what_is_rated_above_the_persons_mean(starter: Dataset) -> None:
    westerns = [movie.movie_id for movie in starter.catalogue if movie.genres == ("Western",)][:10]
    comedies = [movie.movie_id for movie in starter.catalogue if movie.genres == ("Comedy",)][:10]
    stars = dict.fromkeys(westerns, 4.0) | dict.fromkeys(comedies, 2.0)
    assert favourites(starter.catalogue, stars) == {"Western"}
    assert favourites(starter.catalogue, {}) == frozenset()


def together(starter: Dataset, friends: list[dict[int, float]]) -> Dataset:
    rows = [(number, movie, stars) for number, own in enumerate(friends) for movie, stars in own.items()]
    users, movies, stars = (np.array(column) for column in zip(*rows, strict=True))
    return Dataset("starter", starter.catalogue, Ratings(users, movies, stars.astype(np.float32), 0 * users))


def lists(model: Model, friends: list[dict[int, float]]) -> list[list[int]]:
    """Everybody's ten picks in every style, each of which can be explained."""
    found: list[list[int]] = []
    for own in friends:
        for ranking in (SAFE, ADVENTUROUS, BALANCED):
            picks = model.recommend(own, 10, ranking, one_per_franchise=True)
            ids = [pick.movie_id for pick in picks]
            assert len(set(ids)) == len(ids) == min(10, len(model.catalogue) - len(own))
            assert not set(ids) & set(own)
            assert all(np.isfinite(pick.score) for pick in picks)
            for movie_id in ids[:2]:
                explanation = model.explain(own, movie_id)
                assert sum(part.value for part in explanation.parts) == pytest.approx(
                    explanation.score, rel=1e-3, abs=1e-3
                )
            assert len(model.stars(own, ids)) == len(ids)
        found.append(ids)
    return found


SAMPLE = list(load_friends().values())
KNOWN = sorted({movie_id for own in SAMPLE for movie_id in own})
CIRCLES: dict[str, list[dict[int, float]]] = {
    **{f"{n} friends": SAMPLE[:n] for n in (1, 2, 8)},
    "one rating each": [dict([next(iter(own.items()))]) for own in SAMPLE],
    "the same single rating": [{KNOWN[0]: 4.0}] * 8,
    "all the same stars": [dict.fromkeys(own, 3.0) for own in SAMPLE],
    "nothing liked": [dict.fromkeys(own, 0.5) for own in SAMPLE],
    "everything loved": [dict.fromkeys(own, 5.0) for own in SAMPLE],
    "all saw the same": [
        {movie: 1.0 + 4 * ((place + n) % 2) for place, movie in enumerate(KNOWN[:30])} for n in range(8)
    ],
}


@pytest.mark.parametrize("circle", CIRCLES)
def test_there_is_never_an_error_and_never_one_list_for_all(starter: Dataset, circle: str) -> None:
    friends = CIRCLES[circle]
    model = train(together(starter, friends), QUICK)
    found = lists(model, friends)
    for (one, own), (other, others) in combinations(zip(found, friends, strict=True), 2):
        assert one != other or own == others, "different ratings, and yet the same list"
    if circle in ("8 friends", "one rating each"):
        common = [len(set(one) & set(other)) for one, other in combinations(found, 2)]
        assert np.mean(common) < 3


def test_somebody_who_rated_everything_gets_nothing_and_no_error(starter: Dataset) -> None:
    everything = {movie.movie_id: 1 + 0.5 * (movie.movie_id % 9) for movie in starter.catalogue}
    all_but_three = dict(list(everything.items())[3:])
    friends = [everything, all_but_three, SAMPLE[0]]
    model = train(together(starter, friends), QUICK)
    assert [len(found) for found in lists(model, friends)] == [0, 3, 10]


def test_the_measure_is_printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommender.evaluation.friend_world.TrainingOptions", lambda: QUICK)
    main(["--given", "3", "--worlds", "1"])
    ours, popular = capsys.readouterr().out.splitlines()
    assert f"{GENRE} " in ours
    assert "most popular" in popular
    assert "ahead by +" in popular
