"""Two hundred people vote at once, over real sockets: acknowledged in less than 100 ms, none lost."""

import asyncio
import shutil
from pathlib import Path

import numpy as np
from pytest_benchmark.fixture import BenchmarkFixture

from bot.services.app import Services
from bot.settings import Settings
from tests.wire.conftest import finished_home  # noqa: F401 - a fixture
from tests.wire.fake_discord import FakeDiscord
from tests.wire.fake_interactions import DEFERRED_UPDATE
from tests.wire.fake_payloads import Json
from tests.wire.program import running

VOTERS, FIRST = 200, 100_000
OPEN = "vote is open until"


async def open_vote(fake: FakeDiscord) -> Json:
    """A night whose vote is open on two movies; answers the message that says so."""
    for command, options in (
        ("night plan", {"dates": "in 2 days 20:00"}),
        ("nominate", {"title": "Sci-Fi Number 2"}),
        ("nominate", {"title": "Western Number 1"}),
        ("night open", {}),
    ):
        await fake.shown(await fake.slash(command, **options))
    await fake.rest.requests.first(lambda request: request.method == "POST" and OPEN in str(request.body))
    return next(one for one in fake.rest.messages.values() if OPEN in str(one["embeds"]))


async def vote(home: Path) -> list[float]:
    """Have everybody vote at once; answers the seconds until each was acknowledged."""
    async with FakeDiscord().running() as fake, running(fake, home) as program:
        await fake.gateway.opened.first(lambda _: True)
        announced = await open_vote(fake)
        (button,) = announced["components"][0]["components"]
        opened = [
            (voter, await fake.shown(await fake.press(button, announced["id"], user_id=voter)))
            for voter in range(FIRST, FIRST + VOTERS)
        ]
        menus = [(voter, ballot["id"], ballot["components"][0]["components"][0]) for voter, ballot in opened]
        before = len(fake.rest.requests)
        pressed = await asyncio.gather(
            *(
                fake.press(menu, number, menu["options"][voter % 2]["value"], user_id=voter)
                for voter, number, menu in menus
            )
        )
        tokens = {pending.payload["token"] for pending in pressed}
        done = 0
        while done < VOTERS:
            request = await fake.rest.requests.first(
                lambda request: request.method == "PATCH" and request.path.split("/")[3] in tokens,
                since=before,
            )
            before = fake.rest.requests.entries.index(request, before) + 1
            assert "It counts as it stands here" in str(request.body), request
            done += 1
        assert all(pending.callback == {"type": DEFERRED_UPDATE} for pending in pressed)
        program.stop()
        assert (await program.end())[0] == 0
    return [pending.answered_at - pending.sent_at for pending in pressed]


async def ballots(home: Path) -> int:
    """How many ballots are kept."""
    settings = Settings(_env_file=None, home=home)  # pyright: ignore[reportCallIssue]
    async with Services.open(settings) as services:
        return (await services.nights.get(1)).ballots


def test_two_hundred_votes_at_once(
    benchmark: BenchmarkFixture,
    finished_home: Path,  # noqa: F811 - the fixture that is imported
    tmp_path: Path,
) -> None:
    rounds: list[list[float]] = []

    def once() -> None:
        home = tmp_path / str(len(rounds))
        shutil.copytree(finished_home, home)
        rounds.append(asyncio.run(vote(home)))
        assert asyncio.run(ballots(home)) == VOTERS

    benchmark.pedantic(once, rounds=5 if benchmark.enabled else 1)
    p50, p99 = np.median([np.percentile(seconds, (50, 99)) for seconds in rounds], axis=0)
    benchmark.extra_info.update(p50_ms=p50 * 1000, p99_ms=p99 * 1000, largest_ms=np.max(rounds) * 1000)
    assert benchmark.disabled or p99 < 0.1, (p50, p99)
