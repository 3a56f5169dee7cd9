"""A local Movie Database that does whatever can go wrong."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from bot.services.tmdb.client import Tmdb

MOVIE: dict[str, Any] = {
    "id": 603,
    "overview": "A man learns\nthat nothing is real.",
    "runtime": 136,
    "poster_path": "/f89U3ADr1oiB1s9GkdPOEpXUk5H.jpg",
    "watch/providers": {
        "results": {
            "DE": {
                "link": "https://www.themoviedb.org/movie/603/watch?locale=DE",
                "flatrate": [{"provider_name": "Streamer"}, {"provider_name": "Streamer"}],
                "ads": [{"provider_name": "Adverts"}],
                "rent": [{"provider_name": "Shop"}],
                "buy": [{"provider_name": "Shop"}, {"provider_name": 7}, "what"],
            },
            "nowhere": {},
        }
    },
}


class Server:
    """A local Movie Database. `answer` is what it does next."""

    def __init__(self) -> None:
        self.asked: list[web.Request] = []
        self.seconds = 1000.0
        self.answer: Callable[[web.Request], Awaitable[web.StreamResponse]] = self.movie
        self.base = ""

    async def movie(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(MOVIE)

    def says(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        async def answer(_request: web.Request) -> web.StreamResponse:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return web.Response(status=status, body=body, headers=named)

        self.answer = answer

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        return await self.answer(request)

    def client(self, key: str = "secret") -> Tmdb:
        return Tmdb(key, self.base, lambda: self.seconds)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    application = web.Application()
    application.router.add_get("/{path:.*}", made.handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def tmdb(server: Server) -> AsyncIterator[Tmdb]:
    made = server.client()
    yield made
    await made.close()
