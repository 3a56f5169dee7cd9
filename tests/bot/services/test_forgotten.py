"""After a deletion no file of the home has a byte of what the person wrote, but for backups."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from bot.services.answers import Progress
from bot.services.app import Services
from bot.services.clock import utc_now
from bot.services.fit_job import CHECKPOINTS_FOLDER, FRIENDS_FILE, JOB_FILE, FitJob
from bot.services.imports.formats import own
from bot.services.nights.answers import Actor, Plan
from bot.services.privacy import LARGE_SCRUBS_APART, SCRUBS_APART, Privacy
from bot.settings import Settings
from bot.store import Store, people
from bot.store.backup import scrub
from recommender.datasets.dataset import Ratings
from tests.bot.services.tiny import FakeClock, World

GUILD, CHANNEL = 9_000_000_000_000_001, 9_000_000_000_000_002
ZEPHYRINE = Actor(918273645546372819, "Zephyrine Quuxova", GUILD, frozenset({CHANNEL}))
BEN = Actor(918273645546372820, "Ben", GUILD, frozenset({CHANNEL}))
WORDS = (
    *("Zephyrine", "Quuxova", "918273645546372819"),
    *("Thémewörd", "Reasonwörd", "Filewörd", "Waitingwörd", "Foreignwörd", "Unconfirmedwörd"),
)


def found_in(home: Path, words: tuple[str, ...] = WORDS) -> dict[str, set[str]]:
    """The words that the files of a home hold, by file; also as JSON escapes them. Backups do not count."""
    found: dict[str, set[str]] = {}
    for file in (path for path in home.rglob("*") if path.is_file() and path.parent.name != "backups"):
        data = file.read_bytes()
        ways = {word: {word.encode(), json.dumps(word)[1:-1].encode()} for word in words}
        ways[words[0]].add(ZEPHYRINE.user_id.to_bytes(8, "big"))
        held = {word for word, written in ways.items() if any(one in data for one in written)}
        if held:
            found[file.relative_to(home).as_posix()] = held
    return found


async def others(store: Store, first: int, count: int) -> None:
    """Other people come, so that SQLite moves rows about."""
    for number in range(first, first + count):
        async with store.write() as db:
            await people.remember(db, number, f"somebody {number} " + "x" * (number * 37 % 900))


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    async with Services.open(Settings(home=tmp_path)) as services:
        yield services


async def live(services: Services) -> None:
    """Have her write wherever a person can."""
    store, her = services.privacy._store, ZEPHYRINE.user_id
    await others(store, 1000, 40)
    alien = services.movies.find("Alien (1979)").movies[0].movie_id
    await services.ratings.rate(her, ZEPHYRINE.name, alien, 4.5)
    table = "Title,Year,Rating\n" + "".join(f"Waitingwörd {n},1901,4\n" for n in range(60))
    preview = await services.imports.begin(her, ZEPHYRINE.name, "Filewörd.csv", table.encode())
    await services.imports.confirm(her, ZEPHYRINE.name, preview.batch_id)
    at = "2026-02-01T20:15:30+00:00"
    change = {"change_id": 1, "title": "Foreignwörd", "year": 1901, "stars": 4.0, "previous": None}
    brought = {
        "format": own.FORMAT,
        "version": own.VERSION,
        "rating_changes": [
            change | {"changed_at": at},
            change | {"change_id": 2, "stars": None, "previous": 4.0, "changed_at": at},
        ],
        "night_votes": [{"night_id": 7, "title": "Foreignwörd", "year": 1901, "value": 1}],
    }
    preview = await services.imports.begin(her, ZEPHYRINE.name, "own.json", json.dumps(brought).encode())
    await services.imports.confirm(her, ZEPHYRINE.name, preview.batch_id)
    unconfirmed = "Title,Year,Rating\nUnconfirmedwörd,1901,4\n"
    await services.imports.begin(her, ZEPHYRINE.name, "Unconfirmedwörd.csv", unconfirmed.encode())
    await others(store, 2000, 40)
    plan = Plan(dates=(utc_now() + timedelta(days=3),), theme="Thémewörd")
    cancelled = await services.nights.plan(ZEPHYRINE, CHANNEL, plan)
    await services.nights.cancel(ZEPHYRINE, cancelled.night_id, "Reasonwörd")
    handed_on = await services.nights.plan(ZEPHYRINE, CHANNEL, plan)
    await services.nights.answer(BEN, handed_on.night_id, "in")
    await services.nights.repeat(ZEPHYRINE, handed_on.night_id)
    await services.nights.member_left(GUILD, ZEPHYRINE.user_id)
    bens = await services.nights.plan(BEN, CHANNEL, Plan(dates=plan.dates, theme="Space"))
    assert bens.theme == "Space"
    await others(store, 3000, 40)


async def test_no_file_holds_what_she_wrote_while_the_bot_goes_on(services: Services, tmp_path: Path):
    await live(services)
    before = found_in(tmp_path)
    assert {word for words in before.values() for word in words} >= set(WORDS) - {
        # A number is no text there, and a file that is not confirmed is packed.
        *("918273645546372819", "Unconfirmedwörd")
    } | {"Filewörd"}
    rows = await services.privacy.delete(ZEPHYRINE.user_id)
    assert rows > 60
    assert found_in(tmp_path) == {}
    with closing(sqlite3.connect(tmp_path / "matinee.db")) as database:
        assert "Foreignwörd" not in "".join(row[0] for row in database.execute("SELECT title FROM movies"))
    # Of the nights what is others' stays.
    cancelled, handed_on, bens = [await services.nights.get(BEN, number) for number in (1, 2, 3)]
    assert (cancelled.theme, cancelled.reason, cancelled.state) == ("", "", "cancelled")
    assert (handed_on.theme, handed_on.host_name) == ("", "Ben")
    assert bens.theme == "Space"
    assert (await services.privacy.kept(BEN.user_id)).lines


async def test_what_she_wrote_is_exported_to_her(services: Services):
    await live(services)
    exported = await services.privacy._store.export_person(ZEPHYRINE.user_id)
    assert sorted(row["text"] for row in exported["night_texts"]) == ["Reasonwörd", "Thémewörd", "Thémewörd"]
    assert "2 texts that you wrote for a movie night" not in (await services.privacy.kept(BEN.user_id)).lines
    assert (
        "3 texts that you wrote for a movie night" in (await services.privacy.kept(ZEPHYRINE.user_id)).lines
    )


async def test_a_theme_of_a_weekly_night_stays_its_writers(services: Services):
    plan = Plan(dates=(utc_now() + timedelta(days=1),), theme="Thémewörd")
    night = await services.nights.plan(ZEPHYRINE, CHANNEL, plan)
    await services.nights.answer(BEN, night.night_id, "in")
    await services.nights.repeat(ZEPHYRINE, night.night_id)
    await services.nights.member_left(GUILD, ZEPHYRINE.user_id)
    services.nights._clock = services.nights._clockwork._clock = lambda: utc_now() + timedelta(days=2)
    await services.nights.run_due()
    (following,) = (one for one in await services.nights.open(BEN) if one.night_id != night.night_id)
    assert (following.theme, following.host_name) == ("Thémewörd", "Ben")
    await services.privacy.delete(ZEPHYRINE.user_id)
    assert (await services.nights.get(BEN, following.night_id)).theme == ""


async def test_a_reader_holds_up_the_scrubbing_for_a_while(tmp_path: Path):
    clock = FakeClock()
    async with Store.open(tmp_path) as store:
        privacy = Privacy(store, clock)
        async with store.write() as db:
            await people.remember(db, ZEPHYRINE.user_id, ZEPHYRINE.name)
        async with store.read() as db:
            assert await people.name(db, ZEPHYRINE.user_id) == ZEPHYRINE.name
            await privacy.delete(ZEPHYRINE.user_id)
            assert found_in(tmp_path) != {}
        await privacy.scrub_if_due()
        assert found_in(tmp_path) == {}


@pytest.mark.parametrize(("small", "apart"), [(1 << 30, SCRUBS_APART), (0, LARGE_SCRUBS_APART)])
async def test_who_deletes_again_and_again_does_not_hold_up_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int, apart: timedelta
):
    clock = FakeClock()
    wholes: list[bool] = []

    def note(file: Path, whole: bool) -> bool:
        wholes.append(whole)
        return scrub(file, whole)

    monkeypatch.setattr("bot.store.store.SMALL", small)
    monkeypatch.setattr("bot.store.store.scrub", note)
    async with Store.open(tmp_path) as store:
        privacy = Privacy(store, clock)
        for _ in range(3):
            async with store.write() as db:
                await people.remember(db, ZEPHYRINE.user_id, ZEPHYRINE.name)
            await privacy.delete(ZEPHYRINE.user_id)
            assert found_in(tmp_path) == {}, "it is overwritten, and out of the log"
        clock.advance(seconds=apart.total_seconds())
        for _ in range(3):
            await privacy.scrub_if_due()
    assert wholes == [True, False, False, True]


async def test_what_could_not_be_scrubbed_is_after_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async with Store.open(tmp_path) as store:
        async with store.write() as db:
            await people.remember(db, ZEPHYRINE.user_id, ZEPHYRINE.name)
        await others(store, 1000, 5)
        with monkeypatch.context() as patch:
            patch.setattr("bot.store.store.scrub", lambda *_: False)
            await Privacy(store).delete(ZEPHYRINE.user_id)
    scrubbed: list[Path] = []
    async with Store.open(tmp_path) as store:
        with monkeypatch.context() as patch:
            patch.setattr("bot.store.store.scrub", lambda file, _: not scrubbed.append(file))
            for _ in range(2):
                await Privacy(store).scrub_if_due()
    assert scrubbed == [tmp_path / "matinee.db"]


def interrupted_job(home: Path) -> Path:
    """What a fit left that was killed."""
    folder = home / "job"
    (folder / CHECKPOINTS_FOLDER).mkdir(parents=True)
    (folder / CHECKPOINTS_FOLDER / "0.npz").write_bytes(b"learned from her")
    one = np.array([1], np.int64)
    FitJob(home / "datasets" / "tiny", Ratings(one, one, one.astype(np.float32), one)).write(folder)
    return folder


async def test_what_a_killed_fit_left_goes_with_her(tmp_path: Path):
    folder = interrupted_job(tmp_path)
    async with Services.open(Settings(home=tmp_path)) as services:
        assert folder.exists(), "it could be taken up"
        alien = services.movies.find("Alien (1979)").movies[0].movie_id
        await services.ratings.rate(ZEPHYRINE.user_id, ZEPHYRINE.name, alien, 4.5)
        await services.privacy.delete(ZEPHYRINE.user_id)
        assert not folder.exists()


async def test_a_job_that_cannot_be_taken_up_is_removed_at_start(tmp_path: Path):
    folder = interrupted_job(tmp_path)
    (folder / JOB_FILE).unlink()
    async with Services.open(Settings(home=tmp_path)):
        assert not folder.exists()


async def test_a_running_fit_keeps_nobodys_ratings_on_disk(world: World):
    training = world.training()
    privacy = Privacy(world.store, world.clock, forget_fits=training.forget)
    await world.rate(ZEPHYRINE.user_id, *range(1, 8))
    await world.rate(BEN.user_id, *range(1, 4))
    job = world.home / "job"
    going: list[asyncio.Task[int]] = []
    left: list[bool] = []

    def look(progress: Progress) -> None:
        if going and going[0].done():
            left.append((job / FRIENDS_FILE).exists())
        # The child has read its job when it tells of something for the first time.
        if not going:
            assert (job / FRIENDS_FILE).exists()
            going.append(asyncio.create_task(privacy.delete(ZEPHYRINE.user_id)))

    result = await training.retrain(look)
    await asyncio.gather(*going)
    assert not result.adopted
    assert "somebody deleted everything of theirs" in result.message
    assert left
    assert not any(left)
    assert not job.exists()
    shutil.rmtree(world.home / "models", ignore_errors=True)
