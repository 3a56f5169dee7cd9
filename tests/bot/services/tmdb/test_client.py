"""Details of a movie, from a server that does whatever can go wrong."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.services.tmdb import client as client_module
from bot.services.tmdb.breaker import FAILURES, PAUSE
from bot.services.tmdb.client import FRESH, KEPT, LARGEST, REFUSED_PAUSE, Tmdb
from bot.services.tmdb.details import Details, Garbage, read_details
from recommender.catalogue import Movie
from tests.bot.services.tmdb.conftest import MOVIE, Server


async def test_details_and_where_to_watch(server: Server, tmdb: Tmdb):
    found = await tmdb.movie(603)
    assert found is not None
    assert found.overview == "A man learns that nothing is real."
    assert found.runtime == 136
    assert found.poster == "https://image.tmdb.org/t/p/w342/f89U3ADr1oiB1s9GkdPOEpXUk5H.jpg"
    assert set(found.offers) == {"DE"}
    offers = found.offers["DE"]
    assert (offers.streamed, offers.free, offers.rented, offers.bought) == (
        ("Streamer",),
        ("Adverts",),
        ("Shop",),
        ("Shop",),
    )
    assert offers.link.endswith("locale=DE")
    (asked,) = server.asked
    assert asked.path == "/movie/603"
    assert dict(asked.query) == {"append_to_response": "watch/providers", "api_key": "secret"}


async def test_a_token_goes_into_a_header(server: Server):
    tmdb = server.client("eyJhbGciOi.token")
    await tmdb.movie(603)
    await tmdb.close()
    assert server.asked[0].headers["Authorization"] == "Bearer eyJhbGciOi.token"
    assert "api_key" not in server.asked[0].query


async def test_an_answer_is_kept_for_a_day_and_asked_for_once_by_many(server: Server, tmdb: Tmdb):
    found = await asyncio.gather(*(tmdb.movie(603) for _ in range(20)))
    assert len({id(one) for one in found}) == 1
    assert len(server.asked) == 1
    server.seconds += FRESH - 1
    await tmdb.movie(603)
    assert len(server.asked) == 1
    server.seconds += 2
    await tmdb.movie(603)
    assert len(server.asked) == 2


async def test_an_unknown_movie_is_no_failure_and_is_kept_too(server: Server, tmdb: Tmdb):
    server.says(404, b'{"status_code":34}')
    for _ in range(FAILURES + 2):
        assert await tmdb.movie(1) is None
    assert len(server.asked) == 1
    server.answer = server.movie
    assert await tmdb.movie(603) is not None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"oops"),
        (503, b""),
        (302, b""),
        (204, b""),
        (200, b"<html>maintenance</html>"),
        (200, b"\xff\xfe\x00"),
        (200, b"[1, 2"),
        (200, b"[" * 100_000),
        (200, b'"a word"'),
        (200, b"{}"),
        (200, json.dumps(MOVIE).encode() + b" " * LARGEST),
    ],
)
async def test_what_is_no_answer_is_none_and_after_three_nobody_is_asked_for_a_minute(
    server: Server, tmdb: Tmdb, status: int, body: bytes
):
    server.says(status, body, Location="/elsewhere")
    for movie in range(FAILURES + 3):
        assert await tmdb.movie(movie) is None
    assert len(server.asked) == FAILURES
    server.seconds += PAUSE
    assert await tmdb.movie(1) is None
    assert len(server.asked) == FAILURES + 1
    server.seconds += PAUSE
    server.answer = server.movie
    assert await tmdb.movie(603) is not None


async def test_too_many_questions_are_followed_by_the_pause_that_was_asked_for(server: Server, tmdb: Tmdb):
    server.says(429, Retry_After="17")
    assert await tmdb.movie(1) is None
    server.answer = server.movie
    server.seconds += 16
    assert await tmdb.movie(603) is None
    server.seconds += 1
    assert await tmdb.movie(603) is not None
    assert len(server.asked) == 2


@pytest.mark.parametrize("wish", ["", "soon", "-5", "99999999", "½"])
async def test_a_senseless_pause_is_a_sensible_one(server: Server, tmdb: Tmdb, wish: str):
    headers = {"Retry_After": wish} if wish.isascii() else {}
    server.says(429, **headers)
    assert await tmdb.movie(1) is None
    server.answer = server.movie
    server.seconds += client_module.LONGEST_PAUSE
    assert await tmdb.movie(603) is not None


async def test_a_key_that_is_refused_is_not_tried_again_for_an_hour(
    server: Server, tmdb: Tmdb, caplog: pytest.LogCaptureFixture
):
    server.says(401)
    assert await tmdb.movie(1) is None
    server.seconds += REFUSED_PAUSE - 1
    assert await tmdb.movie(2) is None
    assert len(server.asked) == 1
    assert "401" in caplog.text
    assert "secret" not in caplog.text


async def test_a_slow_server_is_not_waited_for(server: Server, tmdb: Tmdb, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(client_module, "SECONDS", 0.2)

    async def slow(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b'{"id":')
        await asyncio.sleep(60)
        return response

    server.answer = slow
    assert await tmdb.movie(1) is None


async def test_an_endless_answer_is_cut_off(server: Server, tmdb: Tmdb):
    sent: list[int] = []

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b" " * 65536)
                sent.append(65536)
        except ConnectionError:
            return response

    server.answer = endless
    assert await tmdb.movie(1) is None
    # What lies in the buffers of the system comes on top.
    assert sum(sent) < 40 * LARGEST


async def test_nobody_at_home_is_no_error(server: Server):
    tmdb = Tmdb("secret", "http://127.0.0.1:9", lambda: 0.0)
    assert await tmdb.movie(1) is None
    await tmdb.close()


def found(*movies: tuple[int, str, str]) -> list[dict[str, Any]]:
    return [{"id": number, "title": title, "release_date": day} for number, title, day in movies]


async def test_a_movie_without_a_number_is_looked_for_and_never_guessed(server: Server, tmdb: Tmdb):
    answers = {
        "Alien": found((348, "Alien", "1979-05-25"), (349, "Alien Seed", "1979-01-01")),
        "Twins": found((1, "Twins", "1988-01-01"), (2, "Twins!", "1988-09-09")),
        "Remake": found((3, "Remake", "2011-01-01")),
        "Le Film": [found((4, "The Movie", "1999-01-01"))[0] | {"original_title": "Le film"}],
    }

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/find/tt0078748":
            return web.json_response({"movie_results": found((348, "Whatever", ""))})
        assert request.path == "/search/movie"
        return web.json_response({"results": answers.get(request.query["query"], [])})

    server.answer = answer
    assert await tmdb.number(Movie(1, "Alien", 1979)) == 348
    assert await tmdb.number(Movie(1, "Alien", 1979)) == 348
    assert len(server.asked) == 1
    assert server.asked[0].query["primary_release_year"] == "1979"
    assert await tmdb.number(Movie(1, "X", 1979, imdb_id=78748)) == 348
    assert await tmdb.number(Movie(1, "Le Film", 1999)) == 4
    for title, year in (("Twins", 1988), ("Remake", 1950), ("Unheard", 1950), ("Alien", None)):
        assert await tmdb.number(Movie(1, title, year)) is None
    asked = len(server.asked)
    assert await tmdb.number(Movie(1, "Known", tmdb_id=77)) == 77
    assert len(server.asked) == asked


async def test_a_search_that_fails_is_none_and_asked_again(server: Server, tmdb: Tmdb):
    server.says(200, b"{}")
    assert await tmdb.number(Movie(1, "Alien", 1979)) is None
    server.says(200, json.dumps({"results": found((348, "Alien", "1979-05-25"))}).encode())
    assert await tmdb.number(Movie(1, "Alien", 1979)) == 348


async def test_one_who_gives_up_leaves_the_others_their_answer(server: Server, tmdb: Tmdb):
    go_on = asyncio.Event()

    async def later(request: web.Request) -> web.StreamResponse:
        await go_on.wait()
        return await server.movie(request)

    server.answer = later
    first, second = asyncio.create_task(tmdb.movie(603)), asyncio.create_task(tmdb.movie(603))
    await asyncio.sleep(0.1)
    first.cancel()
    go_on.set()
    assert await second is not None


async def test_no_more_answers_are_kept_than_there_is_room_for(
    server: Server, tmdb: Tmdb, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(client_module, "KEPT", 2)
    monkeypatch.setattr(client_module, "APART", 0.0)
    for movie in (1, 2, 3, 1):
        await tmdb.movie(movie)
    assert len(server.asked) == 4
    assert KEPT > 2


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "overview",
                    "runtime",
                    "poster_path",
                    "watch/providers",
                    "results",
                    "DE",
                    "flatrate",
                    "link",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_whatever_json_comes_it_is_details_or_garbage(value: Any):
    try:
        found = read_details(json.loads(json.dumps(value)))
    except Garbage:
        return
    assert isinstance(found, Details)
    assert found.poster == "" or found.poster.startswith("https://image.tmdb.org/")
