"""New releases come into the catalogue week by week, whatever The Movie Database does."""

import asyncio
import json
import logging
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.services.answers import Filters
from bot.services.data import DataSets
from bot.services.imports.service import Imports
from bot.services.movies import Movies
from bot.services.newer import id_of, is_newer
from bot.services.recommending import Recommending
from bot.services.shelf import load_serving
from bot.services.tmdb import client as client_module
from bot.services.tmdb import releases as releases_module
from bot.services.tmdb.client import LARGEST, Tmdb
from bot.services.tmdb.details import Garbage
from bot.services.tmdb.facts import MOST_ID, Page, read_found, read_movie, read_page
from bot.services.tmdb.releases import EACH_WEEK, LEAST_VOTES, Releases
from bot.store import Store, releases
from recommender.catalogue import Catalogue, Movie
from recommender.datasets.dataset import Dataset, Ratings
from recommender.datasets.numbering import IMDB_FIRST
from recommender.datasets.the_movies_dataset import UNLINKED
from recommender.model import Model
from tests.bot.services.conftest import community, copying, ready_model, world
from tests.bot.services.tiny import World, tiny_catalogue
from tests.bot.services.tmdb.conftest import Server

__all__ = ["community", "copying", "ready_model", "world"]

ANA = 11


class Database:
    """What came out, as The Movie Database tells it; some numbers do not answer."""

    def __init__(self, server: Server) -> None:
        self.films: dict[int, dict[str, Any]] = {}
        self.broken: set[int] = set()
        self.asked: list[str] = []
        self.seconds = 0.0
        self.votes_asked: set[str] = set()
        self.days_asked: list[tuple[str, str]] = []
        server.answer = self.answer

    def add(self, tmdb_id: int, title: str, genre: str = "Western", **facts: Any) -> None:
        self.films[tmdb_id] = {
            "id": tmdb_id,
            "title": title,
            "original_title": title,
            "release_date": "2026-02-20",
            "genres": [{"id": 37, "name": genre}],
            "runtime": 100,
            "adult": False,
            "video": False,
        } | facts

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        await asyncio.sleep(self.seconds)
        if request.path == "/discover/movie":
            return web.json_response(self.page(request))
        if request.path == "/search/movie":
            words = set(request.query["query"].casefold().split())
            year = request.query.get("primary_release_year", "")
            return web.json_response(
                {
                    "results": [
                        film
                        for film in self.films.values()
                        if words & set(film["title"].casefold().split())
                        and film["release_date"].startswith(year)
                    ]
                }
            )
        if request.path.startswith("/find/tt"):
            number = request.path.removeprefix("/find/")
            found = [film for film in self.films.values() if film.get("imdb_id") == number]
            return web.json_response({"movie_results": found})
        tmdb_id = int(request.path.rsplit("/", 1)[-1])
        if tmdb_id in self.broken or tmdb_id not in self.films:
            return web.Response(status=500 if tmdb_id in self.broken else 404)
        return web.json_response(self.films[tmdb_id])

    def page(self, request: web.Request) -> dict[str, Any]:
        query = request.query
        self.votes_asked.add(query["vote_count.gte"])
        assert query["include_adult"] == "false"
        since, until = query["primary_release_date.gte"], query["primary_release_date.lte"]
        if query["page"] == "1":
            self.days_asked.append((since, until))
        found = [one for one in self.films.values() if since <= one["release_date"] <= until]
        start = (int(query["page"]) - 1) * 20
        return {"results": found[start : start + 20], "total_pages": (len(found) + 19) // 20 or 1}


@pytest.fixture
def database(server: Server, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setattr(client_module, "APART", 0.0)
    return Database(server)


async def reloaded(world: World) -> None:
    """Serve what is on disk, as a start does."""
    version = world.shelf.current.version
    fitted = None if version is None else (world.home / "models" / str(version.version), version)
    newer = await stored(world.store)
    world.shelf.swap(load_serving(world.home / "datasets" / world.shelf.current.dataset, fitted, newer))


@pytest.fixture
async def looking(world: World, server: Server, tmdb: Tmdb) -> Releases:
    # What lies in the past is forgotten by the breaker, as it is by the world.
    tmdb._breaker._clock = tmdb._clock = lambda: world.clock.now.timestamp()
    return Releases(world.store, world.shelf, tmdb, world.clock, partial(reloaded, world))


async def stored(store: Store) -> list[Movie]:
    async with store.read() as db:
        return await releases.everything(db)


async def test_a_new_release_is_found_rated_and_recommended_at_once(
    world: World, looking: Releases, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await world.quick_training().retrain()
    database.add(900, "Dust and Spurs", keywords={"keywords": [{"name": "Horse"}]}, imdb_id="tt7654321")
    database.add(901, "The Singing Town", "Music")
    caplog.set_level(logging.INFO)
    added = await looking.add_if_due()
    assert [movie.title for movie in added] == ["Dust and Spurs", "The Singing Town"]
    assert "2 new releases by TMDB: Dust and Spurs (2026) and The Singing Town (2026)" in caplog.text
    assert database.votes_asked == {str(LEAST_VOTES)}
    found = Movies(world.shelf).find("dust spurs")
    assert [movie.movie_id for movie in found.movies] == [id_of(900)]
    assert found.movies[0].imdb_id == 7654321
    await world.rate(ANA, 1, 5, 9)
    recommending = Recommending(world.shelf, world.ratings)
    why = await recommending.why(ANA, id_of(900))
    assert "Western" in {part.name for part in why.parts}
    listed_ = await recommending.recommend(ANA, count=5, filters=Filters(from_year=2026))
    assert {pick.movie.title for pick in listed_.picks} == {"Dust and Spurs", "The Singing Town"}
    assert listed_.picks[0].movie.title == "Dust and Spurs"
    change = await world.ratings.rate(ANA, "Ana", id_of(900), 4.5)
    assert change.in_model
    # After a restart the same is served, with the model.
    model = world.home / "models" / "1"
    version = world.shelf.current.version
    assert version is not None
    again = load_serving(world.home / "datasets" / "tiny", (model, version), await stored(world.store))
    assert again.model is not None
    assert again.model.catalogue is again.catalogue
    assert [movie.movie_id for movie in again.catalogue][-2:] == [id_of(900), id_of(901)]
    profile = {1: 5.0, id_of(900): 4.5}
    assert again.model.scores(profile) == pytest.approx(_scores(world, profile))


async def test_a_fit_learns_nothing_from_them_and_its_model_serves_them(
    world: World, looking: Releases, database: Database
) -> None:
    database.add(900, "Dust and Spurs", keywords={"keywords": [{"name": "Horse"}]})
    await looking.add_if_due()
    await world.rate(ANA, 1, 5, id_of(900))
    training = world.quick_training()
    result = await training.retrain()
    assert result.adopted
    # Every rating counts as known, so that none of them asks for another fit.
    assert result.version.friend_ratings == 3
    assert (await training.status()).next_run is None
    fitted = Model.load(world.home / "models" / "1")
    assert id_of(900) not in fitted.catalogue
    assert "horse" not in {name for _, name in fitted.features.names}
    model = world.shelf.current.model
    assert model is not None
    assert id_of(900) in model.catalogue
    assert world.shelf.current.catalogue is model.catalogue
    database.add(901, "Later")
    world.clock.advance(days=7)
    await looking.add_if_due()
    assert world.shelf.current.knows(id_of(901))


async def test_what_tmdb_said_is_forgotten_after_half_a_year(
    world: World, looking: Releases, database: Database
) -> None:
    await world.quick_training().retrain()
    database.add(
        900,
        "Dust and Spurs",
        keywords={"keywords": [{"name": "Horse"}]},
        imdb_id="tt7654321",
        original_title="Staub",
        credits={"cast": [{"name": "Some Body"}], "crew": [{"name": "A Director", "job": "Director"}]},
    )
    await looking.add_if_due()
    await world.rate(ANA, 1, 5, 9)
    await world.ratings.rate(ANA, "Ana", id_of(900), 4.5)
    world.clock.advance(days=179, hours=23)
    assert await looking.forget_if_due() == 0
    assert world.shelf.current.catalogue[id_of(900)].cast == ("Some Body",)
    world.clock.advance(hours=2)
    assert await looking.forget_if_due() == 1
    bare_movie = Movie(id_of(900), "Dust and Spurs", 2026, imdb_id=7654321, tmdb_id=900)
    for kept in (world.shelf.current.catalogue[id_of(900)], (await stored(world.store))[0]):
        assert kept == bare_movie
    # It is found, and what Ana said of it stays; nothing is left that says to whom it may be recommended.
    assert Movies(world.shelf).find("dust spurs").movies == (bare_movie,)
    assert (await world.ratings.profile(ANA))[id_of(900)] == 4.5
    assert (await world.ratings.rate(ANA, "Ana", id_of(900), 4.0)).in_model
    recommending = Recommending(world.shelf, world.ratings)
    why = await recommending.why(ANA, id_of(900))
    assert not {part.kind for part in why.parts} & {"genre", "keyword", "person"}
    everything = await recommending.recommend(12, count=25, filters=Filters(from_year=2019))
    assert id_of(900) not in {pick.movie.movie_id for pick in everything.picks}
    with pytest.raises(UserError, match="no movie fits"):
        await recommending.recommend(12, count=25, filters=Filters(from_year=2026))
    assert await looking.forget_if_due() == 0


@pytest.mark.parametrize(
    "typed",
    [
        "Dust and Spurs",
        "dust and spurs (2019)",
        "Staub und Sporen",
        "tt7654321",
        "https://www.imdb.com/title/tt7654321/",
        "https://www.themoviedb.org/movie/900-dust-and-spurs",
    ],
)
async def test_what_nobody_finds_is_looked_for_at_tmdb_and_joins_for_everybody(
    world: World, looking: Releases, database: Database, typed: str
) -> None:
    await world.quick_training().retrain()
    facts = {"release_date": "2019-05-01", "imdb_id": "tt7654321", "original_title": "Staub und Sporen"}
    database.add(900, "Dust and Spurs", **facts)
    database.add(901, "Dust", release_date="2019-02-01")
    if typed.startswith("Staub"):
        database.films[900] |= {"title": "Staub und Sporen", "original_title": "Dust and Spurs"}
    books = Movies(world.shelf, looking.look_up)
    lookup = await books.locate(typed)
    # Bare, a title of which nobody knows how well known it is, is asked for and not taken.
    bare_title = typed in ("Dust and Spurs", "Staub und Sporen")
    assert lookup.kind == ("close" if bare_title else "one")
    assert [movie.movie_id for movie in lookup.movies] == [id_of(900)]
    assert world.shelf.current.knows(id_of(900)), "recommended by its features at once"
    # What is near but another film does not come in; and what is there is asked for no more.
    assert id_of(901) not in world.shelf.current.catalogue
    asked = len(database.asked)
    assert (await books.locate("tt7654321")).kind == "one"
    assert len(database.asked) == asked
    assert [movie.movie_id for movie in await stored(world.store)] == [id_of(900)]


async def test_several_of_a_name_are_offered(world: World, looking: Releases, database: Database) -> None:
    for number, year in ((900, 1956), (901, 1987), (902, 2019), (903, 2021)):
        database.add(number, "Dust", release_date=f"{year}-05-01")
    lookup = await Movies(world.shelf, looking.look_up).locate("dust")
    assert lookup.kind == "several"
    assert sorted(movie.year or 0 for movie in lookup.movies) == [1956, 1987, 2019]


async def test_what_tmdb_does_not_know_either_is_asked_once(
    world: World, looking: Releases, database: Database
) -> None:
    books = Movies(world.shelf, looking.look_up)
    for text in ("Nowhere Near It", "nowhere near it!"):
        assert (await books.locate(text)).kind == "none"
    assert database.asked == ["/search/movie"]
    # A title that is found, and a number that some choice stands for, are not asked for at all.
    assert (await books.locate("Western Number 1")).kind == "one"
    with pytest.raises(UserError):
        await books.locate("movie:404")
    assert database.asked == ["/search/movie"]


async def test_nobody_waits_longer_than_two_seconds_for_it(
    world: World, looking: Releases, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert releases_module.PATIENCE == 2
    monkeypatch.setattr(releases_module, "PATIENCE", 0.05)
    database.add(900, "Dust and Spurs")
    database.seconds = 0.5
    assert (await Movies(world.shelf, looking.look_up).locate("Dust and Spurs")).kind == "none"
    assert await stored(world.store) == []


async def test_without_a_key_or_an_answer_it_is_not_found_as_before(
    world: World, looking: Releases, database: Database
) -> None:
    without = Releases(world.store, world.shelf, None, world.clock, partial(reloaded, world))
    assert not await without.look_up("Dust and Spurs")
    database.add(900, "Dust and Spurs")
    database.broken.add(900)
    assert not await looking.look_up("Dust and Spurs")
    database.broken.clear()
    assert await looking.look_up("Dust and Spurs"), "trouble is not remembered as an answer"


async def test_it_is_forgotten_without_a_key_too(world: World, looking: Releases, database: Database) -> None:
    database.add(900, "Dust and Spurs")
    await looking.add_if_due()
    world.clock.advance(days=181)
    without = Releases(world.store, world.shelf, None, world.clock, partial(reloaded, world))
    assert await without.forget_if_due() == 1
    assert world.shelf.current.catalogue[id_of(900)].genres == ()


async def test_what_another_source_knows_is_recommended_all_the_same(
    world: World, looking: Releases, database: Database
) -> None:
    database.add(900, "Dust and Spurs", imdb_id="tt7654321")
    await looking.add_if_due()
    world.clock.advance(days=181)
    folder = world.home / "datasets" / "tiny"
    data = Dataset.load(folder)
    own = Movie(IMDB_FIRST + 7654321, "Dust and Spurs", 2026, ("Western",), imdb_id=7654321)
    replace(data, catalogue=Catalogue([*data.catalogue, own])).save(folder)
    assert await looking.forget_if_due() == 1
    assert not any(map(is_newer, world.shelf.current.catalogue))
    picks = await Recommending(world.shelf, world.ratings).recommend(ANA, filters=Filters(from_year=2026))
    assert [pick.movie for pick in picks.picks] == [own]


async def test_a_fit_leaves_them_in_the_order_in_which_they_are_read_back(
    world: World, looking: Releases, database: Database
) -> None:
    # The more popular one comes first, and has the higher number.
    database.add(901, "The Singing Town")
    database.add(900, "Dust and Spurs")
    await looking.add_if_due()
    assert (await world.training().retrain()).adopted
    serving = world.shelf.current
    assert serving.model is not None
    assert serving.catalogue is serving.model.catalogue
    database.add(902, "Later")
    world.clock.advance(days=7)
    await looking.add_if_due()
    assert world.shelf.current.knows(id_of(902))


async def test_a_model_with_a_release_that_the_data_set_now_numbers_itself_serves_on(
    world: World, looking: Releases, database: Database
) -> None:
    database.add(900, "Dust and Spurs")
    await looking.add_if_due()
    await world.training().retrain()
    version, folder = world.shelf.current.version, world.home / "datasets" / "tiny"
    assert version is not None
    data = Dataset.load(folder)
    its_own = Movie(5000, "Dust and Spurs", 2026, ("Western",), tmdb_id=900)
    replace(data, catalogue=Catalogue([*data.catalogue, its_own])).save(folder)
    served = load_serving(folder, (world.home / "models" / "1", version), await stored(world.store))
    assert served.knows(5000)
    assert not served.knows(id_of(900))


async def test_a_movie_without_a_link_in_the_movies_dataset_is_no_new_release(world: World) -> None:
    assert UNLINKED + MOST_ID <= id_of(1) < id_of(MOST_ID) < 2**31
    data, folder = Dataset.load(world.home / "datasets" / "tiny"), world.home / "datasets" / "tiny"
    unlinked = Movie(UNLINKED + 900, "Dust and Spurs", 2016, ("Western",), tmdb_id=900)
    replace(data, catalogue=Catalogue([*data.catalogue, unlinked])).save(folder)
    world.shelf.swap(load_serving(folder))
    assert not any(map(is_newer, world.shelf.current.catalogue))
    assert (await world.training().retrain()).adopted


async def test_once_a_week_and_at_most_so_many(world: World, looking: Releases, database: Database) -> None:
    for number in range(EACH_WEEK + 15):
        database.add(1000 + number, f"Film {number}", release_date="2026-03-01")
    assert len(await looking.add_if_due()) == EACH_WEEK
    assert (
        await looking.status()
    ) == "20 new releases by TMDB in the catalogue, looked for just now, next in 7 days"
    world.clock.advance(days=6, hours=23)
    asked = len(database.days_asked)
    assert not await looking.add_if_due()
    assert len(database.days_asked) == asked
    world.clock.advance(hours=1)
    assert len(await looking.add_if_due()) == 15
    world.clock.advance(days=7)
    assert not await looking.add_if_due()
    assert len(await stored(world.store)) == EACH_WEEK + 15


async def test_a_bot_that_was_off_for_three_weeks_looks_once_for_all_of_them(
    world: World, server: Server, tmdb: Tmdb, looking: Releases, database: Database
) -> None:
    await looking.add_if_due()
    for number in range(3 * EACH_WEEK + 5):
        database.add(1000 + number, f"Film {number}", release_date="2026-03-10")
    world.clock.advance(weeks=3, hours=2)
    back = Releases(world.store, world.shelf, tmdb, world.clock, partial(reloaded, world))
    assert len(await back.add_if_due()) == 3 * EACH_WEEK
    assert not await back.add_if_due()
    assert database.days_asked == [("2025-12-31", "2026-03-01"), ("2025-12-31", "2026-03-22")]
    world.clock.advance(days=800)
    await back.add_if_due()
    assert database.days_asked[-1][0] == (world.clock.now - timedelta(days=365)).date().isoformat()


async def test_junk_and_what_is_known_stay_out(world: World, looking: Releases, database: Database) -> None:
    catalogue = [*tiny_catalogue(), Movie(500, "Known", 2026), Movie(501, "Numbered", 2025, tmdb_id=907)]
    world.use(Dataset("tiny", Catalogue(catalogue), Ratings.empty()))
    database.add(900, "Known")
    database.add(901, "Not for all", adult=True)
    database.add(902, "A Trailer", video=True)
    database.add(903, "Very Short", runtime=12)
    database.add(904, "No Genre", "Foreign")
    database.add(905, "?!")
    database.add(906, "A Film")
    database.add(907, "Another Title")
    assert [movie.title for movie in await looking.add_if_due()] == ["A Film"]


async def test_a_data_set_that_learns_of_it_takes_its_place(
    world: World, looking: Releases, database: Database
) -> None:
    database.add(900, "Dust and Spurs")
    database.add(901, "Unheard Of")
    await looking.add_if_due()
    await world.rate(ANA, id_of(900), stars=4.5)
    await world.rate(ANA, id_of(901), stars=2.0)
    data = DataSets(world.store, world.shelf, world.home, world.clock)
    newer = Catalogue([*tiny_catalogue(), Movie(777, "Dust & Spurs (US)", 2025, tmdb_id=900)])
    Dataset("later", newer, Ratings.empty()).save(world.home / "datasets" / "later")
    status = await data.add("later")
    assert status.unmatched == ()
    assert await world.ratings.profile(ANA) == {777: 4.5, id_of(901): 2.0}
    assert id_of(900) not in world.shelf.current.catalogue
    await data.add("tiny")
    assert await world.ratings.profile(ANA) == {id_of(900): 4.5, id_of(901): 2.0}


async def test_what_waits_finds_its_new_movie(world: World, looking: Releases, database: Database) -> None:
    imports = Imports(world.store, world.shelf, world.clock)
    rows = b"Date,Name,Year,Letterboxd URI,Rating\n2026-02-25,Dust and Spurs,2026,https://boxd.it/x,4\n"
    preview = await imports.begin(ANA, "Ana", "ratings.csv", rows)
    await imports.confirm(ANA, "Ana", preview.batch_id)
    assert await world.ratings.profile(ANA) == {}
    database.add(900, "Dust and Spurs")
    await looking.add_if_due()
    assert await world.ratings.profile(ANA) == {id_of(900): 4.0}


async def test_without_a_key_nothing_is_asked_or_said(world: World) -> None:
    without = Releases(world.store, world.shelf, None, world.clock, partial(reloaded, world))
    assert await without.add_if_due() == ()
    assert await without.status() == ""


@pytest.mark.parametrize("fault", ["500", "429", "garbage", "huge", "list", "slow", "gone"])
async def test_whatever_goes_wrong_it_is_tried_again_in_an_hour(
    world: World,
    server: Server,
    looking: Releases,
    database: Database,
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client_module, "SECONDS", 0.3)
    database.add(900, "Dust and Spurs")

    async def slow(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(60)
        raise AssertionError("nobody waits so long")

    if fault in ("500", "429"):
        server.says(int(fault), Retry_After="5")
    elif fault == "slow":
        server.answer = slow
    elif fault == "gone":
        monkeypatch.setattr(looking._tmdb, "_base", "http://127.0.0.1:9")
    else:
        bodies = {"garbage": b"\xff<html>", "huge": b" " * (LARGEST + 1), "list": b"[1]"}
        server.says(200, bodies[fault])
    before = world.shelf.current
    assert await looking.add_if_due() == []
    assert world.shelf.current is before
    assert "not looked for yet, next in 1 h" in await looking.status()
    server.answer = database.answer
    monkeypatch.setattr(looking._tmdb, "_base", server.base)
    world.clock.advance(minutes=59)
    assert not await looking.add_if_due()
    world.clock.advance(minutes=1)
    assert [movie.title for movie in await looking.add_if_due()] == ["Dust and Spurs"]


async def test_a_look_that_breaks_off_keeps_what_it_has_and_goes_on(
    world: World, looking: Releases, database: Database
) -> None:
    for number in range(25):
        database.add(1000 + number, f"Film {number}", release_date="2026-03-01")
    database.broken = {1007}
    assert len(await looking.add_if_due()) == 7
    database.broken = set()
    world.clock.advance(hours=1)
    assert len(await looking.add_if_due()) == EACH_WEEK - 7
    world.clock.advance(days=7)
    assert len(await looking.add_if_due()) == 5


def test_facts_are_taken_as_a_catalogue_has_them() -> None:
    answer = {
        "id": 5,
        "title": "Film",
        "original_title": "Película",
        "release_date": "2026-01-02",
        "genres": [{"name": "Science Fiction"}, {"name": "Family"}, {"name": "History"}, {"name": 7}],
        "adult": False,
        "video": False,
        "runtime": 118,
        "original_language": "cn",
        "imdb_id": "tt0012345",
        "belongs_to_collection": {"name": "Film Collection"},
        "credits": {
            "cast": [{"name": f"Actor {number}"} for number in range(9)],
            "crew": [{"name": "Boss", "job": "Director"}, {"name": "Else", "job": "Writer"}, "what"],
        },
        "keywords": {"keywords": [{"name": "Robot"}, {"name": "aftercreditsstinger"}]},
    }
    assert read_movie(answer) == Movie(
        id_of(5),
        "Film",
        2026,
        ("Sci-Fi", "Children"),
        ("Película",),
        ("Boss",),
        ("Actor 0", "Actor 1", "Actor 2", "Actor 3"),
        ("robot",),
        "zh",
        12345,
        5,
        "Film Collection",
        118,
    )


PARTS = ("id", "title", "release_date", "genres", "name", "adult", "video", "runtime", "credits", "cast")
MORE = ("crew", "keywords", "results", "total_pages", "movie_results", "belongs_to_collection")
names = st.sampled_from([*PARTS, *MORE])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["2026-01-01", "Western", "", "🤡" * 300]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=8),
    max_leaves=20,
)


@given(values)
def test_whatever_json_comes_it_is_a_movie_or_garbage(value: Any) -> None:
    said = json.loads(json.dumps(value))
    for read in (read_movie, read_page, read_found):
        try:
            found = read(said)
        except Garbage:
            continue
        assert found is None or isinstance(found, Movie | Page | tuple)


def _scores(world: World, profile: dict[int, float]) -> Any:
    model = world.shelf.current.model
    assert model is not None
    return model.scores(profile)
