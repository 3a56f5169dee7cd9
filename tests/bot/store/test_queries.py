"""The queries of the single subjects, where the services' tests do not show them."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from bot.errors import UserError
from bot.store import Connection, Store, changes, dismissals, meta, model_versions, movies, people, ratings
from bot.store.personal import export_person
from recommender.catalogue import Movie

AT = datetime(2026, 5, 1, 20, 15, 30, tzinfo=UTC)
ALIEN = Movie(1, "Alien", 1979, imdb_id=78748)
DUNE = Movie(2, "Dune", 1984)
LOST = Movie(3, "Lost")
ANA, BEN = 11, 12


@pytest.fixture
async def db(tmp_path: Path):
    async with Store.open(tmp_path) as store, store.write() as connection:
        await people.remember(connection, ANA, "Ana")
        await people.remember(connection, BEN, "Ben")
        yield connection


async def rate(db: Connection, user_id: int, movie: Movie, stars: float, minute: int = 0) -> int:
    stored = await movies.remember(db, movie)
    at = AT + timedelta(minutes=minute)
    await ratings.put(db, user_id, stored.movie_key, stars, at)
    return await changes.record(
        db, user_id=user_id, movie_key=stored.movie_key, stars=stars, previous=None, previous_at=None, at=at
    )


async def test_a_movie_is_remembered_once(db: Connection):
    first = await movies.remember(db, ALIEN)
    assert await movies.remember(db, ALIEN._replace(title="Alien, again")) == first
    assert first == movies.StoredMovie(first.movie_key, "Alien", 1979, 78748, None, 1)
    assert await movies.by_key(db, first.movie_key) == first
    assert await movies.by_key(db, 99) is None


async def test_a_number_that_is_another_movies_by_now_is_refused(db: Connection):
    stored = await movies.remember(db, ALIEN)
    with pytest.raises(UserError, match="just been exchanged"):
        await movies.remember(db, Movie(ALIEN.movie_id, "Another", 2001, imdb_id=5))
    # What TMDB's number says is the same movie is the same, whatever became of IMDb's.
    await movies.note_matches(db, {stored.movie_key: ALIEN._replace(tmdb_id=348)})
    moved = ALIEN._replace(imdb_id=6, tmdb_id=348)
    assert (await movies.remember(db, moved)).movie_key == stored.movie_key


async def test_a_rematch_renumbers_all_and_learns_numbers(db: Connection):
    alien, dune = await movies.remember(db, ALIEN), await movies.remember(db, DUNE)
    gone = await movies.remember(db, Movie(3, "Lost", 1920))
    await movies.rematch(
        db,
        {
            alien.movie_key: Movie(2, "ALIEN", 1979, imdb_id=1, tmdb_id=348),
            dune.movie_key: Movie(1, "Dune", 1984, imdb_id=87182),
            gone.movie_key: None,
        },
    )
    assert await movies.everything(db) == [
        # The number it has at IMDb now.
        alien._replace(catalogue_id=2, imdb_id=1, tmdb_id=348),
        dune._replace(catalogue_id=1, imdb_id=87182),
        gone._replace(catalogue_id=None),
    ]
    await movies.rematch(db, {})
    assert [movie.catalogue_id for movie in await movies.everything(db)] == [None, None, None]


async def test_what_training_is_given(db: Connection):
    await rate(db, BEN, ALIEN, 2, minute=3)
    await rate(db, ANA, DUNE, 4, minute=2)
    await rate(db, ANA, ALIEN, 5, minute=1)
    lost = await movies.remember(db, Movie(3, "Lost"))
    await ratings.put(db, BEN, lost.movie_key, 0.5, AT)
    await movies.rematch(db, {1: ALIEN, 2: DUNE})
    given = [row async for some in ratings.of_everybody(db) for row in some]
    assert [row[:3] for row in given] == [(ANA, 1, 5.0), (ANA, 2, 4.0), (BEN, 1, 2.0)]
    assert given[0].rated_at == int((AT + timedelta(minutes=1)).timestamp())
    assert await ratings.count_of_everybody(db) == 3


async def test_what_training_is_given_comes_some_at_a_time(db: Connection, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ratings, "AT_ONCE", 2)
    for minute, movie in enumerate((ALIEN, DUNE, LOST)):
        await rate(db, ANA, movie, 4, minute=minute)
    await movies.rematch(db, {1: ALIEN, 2: DUNE, 3: LOST})
    sizes = [len(some) async for some in ratings.of_everybody(db)]
    assert sizes == [2, 1]


async def test_one_movie_of_the_catalogue_that_was_stored_twice_counts_once(db: Connection):
    await rate(db, ANA, ALIEN, 4)
    await rate(db, ANA, DUNE, 3)
    await rate(db, BEN, DUNE, 3)
    stored = [movie.movie_key for movie in await movies.everything(db)]
    await movies.rematch(db, dict.fromkeys(stored, Movie(1, "Alien", 1979)))
    assert await ratings.count_of_everybody(db) == 2


async def test_changed_ratings_are_counted_once_each(db: Connection):
    assert await changes.latest(db) == 0
    first = await rate(db, ANA, ALIEN, 5)
    await rate(db, ANA, ALIEN, 4)
    await rate(db, BEN, ALIEN, 4)
    last = await rate(db, ANA, DUNE, 4)
    assert await changes.latest(db) == last
    assert await changes.ratings_changed_since(db, 0) == 3
    assert await changes.ratings_changed_since(db, first) == 3
    assert await changes.ratings_changed_since(db, last) == 0


async def test_numbers_of_changes_are_not_given_again(tmp_path: Path):
    async with Store.open(tmp_path) as store:
        async with store.write() as db:
            await people.remember(db, ANA, "Ana")
            first = await rate(db, ANA, ALIEN, 5)
        await store.delete_person(ANA)
        async with store.write() as db:
            await people.remember(db, BEN, "Ben")
            assert await rate(db, BEN, ALIEN, 5) > first


async def test_a_time_comes_back_as_the_same_moment_in_utc(db: Connection):
    alien = await movies.remember(db, ALIEN)
    there = datetime(2026, 5, 1, 23, 59, 59, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    await ratings.put(db, ANA, alien.movie_key, 4, there)
    kept = await ratings.get(db, ANA, alien.movie_key)
    assert kept is not None
    assert kept.rated_at == there
    assert kept.rated_at.tzinfo is UTC
    with pytest.raises(StatementError, match="without a zone"):
        await ratings.put(db, ANA, alien.movie_key, 4, there.replace(tzinfo=None))


@pytest.mark.parametrize("stars", [0, 0.4, 5.5, float("inf")])
async def test_the_database_itself_refuses_stars_out_of_range(db: Connection, stars: float):
    alien = await movies.remember(db, ALIEN)
    with pytest.raises(IntegrityError):
        await ratings.put(db, ANA, alien.movie_key, stars, AT)


async def test_nobody_rates_who_is_not_remembered(db: Connection):
    alien = await movies.remember(db, ALIEN)
    with pytest.raises(IntegrityError):
        await ratings.put(db, 404, alien.movie_key, 4, AT)


async def test_people_take_new_names(db: Connection, tmp_path: Path):
    await people.remember(db, ANA, "Ana the Great")
    await people.remember(db, ANA, "Ana the Great")
    await dismissals.add(db, ANA, (await movies.remember(db, ALIEN)).movie_key, AT)
    assert (await export_person(db, ANA))["users"] == [{"user_id": ANA, "name": "Ana the Great"}]


async def add_version(db: Connection, **values: object) -> int:
    given = {"state": "kept", "path": None, "detail": "", "ndcg": 0.5} | values
    return await model_versions.add(
        db,
        created_at=AT,
        dataset="starter",
        friend_ratings=10,
        community_ratings=100,
        seconds=1.5,
        last_change=3,
        **given,  # type: ignore[arg-type]
    )


async def test_one_version_serves_and_the_one_before_is_kept(db: Connection):
    assert await model_versions.current(db) is None
    first, second = await add_version(db, path="1"), await add_version(db, path="2")
    await model_versions.make_current(db, first)
    await model_versions.make_current(db, second)
    third = await add_version(db, state="failed", detail="out of memory", ndcg=None)
    states = [(row.version, row.state) for row in await model_versions.everything(db)]
    assert states == [(third, "failed"), (second, "current"), (first, "kept")]
    await model_versions.make_current(db, first)
    current = await model_versions.current(db)
    assert current == model_versions.StoredVersion(
        first, AT, "current", "starter", 10, 100, 0.5, 1.5, "", "1", 3, "", ""
    )
    await model_versions.set_state(db, second, "removed", "too old")
    await model_versions.set_path(db, second, None)
    removed = await model_versions.get(db, second)
    assert removed is not None
    assert (removed.state, removed.detail, removed.path) == ("removed", "too old", None)
    assert await model_versions.get(db, 404) is None


async def test_facts_are_set_replaced_and_forgotten(db: Connection):
    await meta.put(db, meta.ACTIVE_DATASET, "starter")
    await meta.put(db, meta.ACTIVE_DATASET, "ml-latest-small")
    await meta.put(db, "colour", "green")
    assert await meta.get(db, meta.ACTIVE_DATASET) == "ml-latest-small"
    await meta.put(db, meta.ACTIVE_DATASET, None)
    assert await meta.get(db, meta.ACTIVE_DATASET) is None
    assert await meta.get(db, "colour") == "green"
