"""The backups that the bot makes by itself."""

import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.services.backups import Backups, longest_days
from bot.store import Store, people
from bot.store.backup import own_backups
from tests.bot.services.tiny import FakeClock

Make = Callable[[int], Backups]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with Store.open(tmp_path) as store:
        yield store


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def make(store: Store, tmp_path: Path, clock: FakeClock) -> Make:
    return lambda kept: Backups(store, tmp_path / "backups", kept, clock)


def days(folder: Path) -> list[str]:
    return [f"{one.made_at:%m-%d}" for one in own_backups(folder / "backups")]


async def test_one_a_day_however_often_it_is_asked_and_restarted(
    make: Make, tmp_path: Path, clock: FakeClock
):
    for _ in range(60):
        await make(7).back_up_if_due()
        clock.advance(hours=1)
    assert days(tmp_path) == ["03-01", "03-02", "03-03"]


async def test_the_last_few_are_kept_and_those_of_the_host_stay(make: Make, tmp_path: Path, clock: FakeClock):
    backups = tmp_path / "backups"
    backups.mkdir()
    own = (
        "mine.db",
        "matinee-20200101-000000-manual.db",
        "matinee-20200101-000000-daily.db.bz2",
        "notes.txt",
    )
    for name in own:
        (backups / name).write_text("the host's")
    for _ in range(20):
        await make(3).back_up_if_due()
        clock.advance(days=1)
    assert days(tmp_path) == ["03-18", "03-19", "03-20"]
    assert {(backups / name).read_text() for name in own} == {"the host's"}


async def test_what_was_deleted_is_in_no_backup_a_week_later(
    store: Store, make: Make, tmp_path: Path, clock: FakeClock
):
    async with store.write() as db:
        await people.remember(db, 5, "Zephyrine Quux")
    await store.backup(tmp_path / "backups" / f"matinee-{clock.now:%Y%m%d-%H%M%S}-before-0009.db")
    for _ in range(3):
        await make(7).back_up_if_due()
        clock.advance(days=1)
    await store.delete_person(5)
    # Half of the time the bot is off.
    for _ in range(8):
        await make(7).back_up_if_due()
        clock.advance(days=1)
    held = [
        one.file.name for one in own_backups(tmp_path / "backups") if b"Zephyrine" in one.file.read_bytes()
    ]
    assert held == []
    assert longest_days(7) == longest_days(0) == 7
    assert longest_days(30) == 30


@pytest.mark.parametrize("kept", [0, 7])
async def test_old_ones_go_also_after_the_bot_was_off(
    make: Make, tmp_path: Path, clock: FakeClock, kept: int
):
    for _ in range(3):
        await make(7).back_up_if_due()
        clock.advance(days=1)
    clock.advance(days=60)
    for _ in range(2):
        await make(kept).back_up_if_due()
        clock.advance(days=1)
    assert days(tmp_path) == (["05-03", "05-04"] if kept else [])


async def test_a_clock_that_is_ahead_for_a_moment_costs_no_backup(
    make: Make, tmp_path: Path, clock: FakeClock
):
    for _ in range(4):
        await make(4).back_up_if_due()
        clock.advance(days=1)
    before = days(tmp_path)
    clock.advance(days=90)
    await make(5).back_up_if_due()
    assert days(tmp_path) == [*before, "06-03"]
    clock.advance(days=-90)
    for _ in range(4):
        await make(4).back_up_if_due()
        clock.advance(days=1)
    assert days(tmp_path) == ["03-05", "03-06", "03-07", "03-08"]


async def test_none_are_made_where_none_are_wanted(make: Make, tmp_path: Path):
    assert await make(0).back_up_if_due() is None
    assert not (tmp_path / "backups").exists()


async def test_a_full_disk_is_told_once_and_deletes_nothing(
    make: Make,
    store: Store,
    tmp_path: Path,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    backups = make(2)
    for _ in range(2):
        await backups.back_up_if_due()
        clock.advance(days=1)
    before = days(tmp_path)

    async def full(target: Path) -> None:
        raise UserError("no backup could be written to it: No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(store, "backup", full)
        for _ in range(5):
            assert await backups.back_up_if_due() is None
            clock.advance(minutes=10)
    (told,) = (record for record in caplog.records if record.levelno >= logging.ERROR)
    assert "No space left" in told.getMessage()
    assert days(tmp_path) == before
    assert await backups.back_up_if_due() is not None
    assert len(days(tmp_path)) == 2


async def test_a_database_that_is_no_file_is_its_hosts_to_back_up(tmp_path: Path, clock: FakeClock):
    class Elsewhere:
        is_file = False

    backups = Backups(Elsewhere(), tmp_path / "backups", 7, clock)  # type: ignore[arg-type]
    assert await backups.back_up_if_due() is None


def test_a_day_that_never_was_is_no_backup_of_ours(tmp_path: Path):
    (tmp_path / "matinee-20260231-120000-daily.db").write_text("")
    (tmp_path / "matinee-20260301-120000-daily.db").write_text("")
    (only,) = own_backups(tmp_path)
    assert only.made_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
