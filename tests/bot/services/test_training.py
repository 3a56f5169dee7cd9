"""Retrains with real child processes on a tiny community."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from bot.errors import UserError
from bot.services.answers import Progress, RetrainResult
from bot.services.children import Limits
from bot.services.fit_job import FitJob
from bot.services.fit_run import WORKER
from bot.services.schedule import Thresholds
from bot.services.training import Training
from bot.services.worker import ORPHANED
from recommender.datasets.dataset import Ratings
from recommender.model import Model
from tests.bot.services.tiny import QUICK, FakeClock, World, tiny_dataset


def script(tmp_path: Path, code: str) -> tuple[str, ...]:
    """A command that behaves like a fit, up to a point."""
    file = tmp_path / "child.py"
    file.write_text("import json, os, sys, time\n" + code, encoding="utf-8")
    return (sys.executable, str(file))


HANGING = """
print(json.dumps({"progress": {"stage": "fitting", "done": os.getpid(), "total": 0}}), flush=True)
time.sleep(60)
"""
CRASHING = "raise RuntimeError('no luck')"


def models(world: World) -> set[str]:
    return {path.name for path in (world.home / "models").iterdir()}


async def fitted(world: World, times: int = 1) -> Training:
    training = world.quick_training()
    for _ in range(times):
        assert (await training.retrain()).adopted
    return training


async def test_a_retrain_learns_from_everybody_and_serves(world: World):
    await world.rate(-3, 1, 5, 9)
    await world.rate(10**18, 2, 6)
    told: list[Progress] = []
    result = await world.training().retrain(told.append)

    assert result.adopted
    assert result.before is None
    assert result.after is not None
    assert 0 < result.after <= 1
    assert "model 1 is serving" in result.message
    version = result.version
    assert (version.version, version.state, version.dataset) == (1, "current", "tiny")
    assert version.friend_ratings == 5
    assert version.community_ratings == 130 * 30, "thirty people are withheld to measure it"
    assert version.ndcg == result.after
    serving = world.shelf.current
    assert serving.version == version
    assert serving.model is not None
    assert serving.model.popularity.sum() == 5 + 130 * 30
    assert list(dict.fromkeys(step.stage for step in told)) == [
        "reading the data",
        "fitting",
        "putting together",
        "measuring",
    ]
    assert not (world.home / "job").exists()


async def test_what_was_learned_is_what_is_served_after_a_restart(world: World):
    training = await fitted(world)
    served = world.shelf.current.model
    assert served is not None
    loaded = Model.load(world.home / "models" / "1")
    np.testing.assert_array_equal(loaded.scores({1: 5.0}), served.scores({1: 5.0}))
    assert [version.version for version in await training.history()] == [1]


async def test_the_second_model_is_compared_with_the_first_on_the_same_people(world: World):
    training = world.training()
    first = (await training.retrain()).after
    result = await training.retrain()
    assert result.before == pytest.approx(first)
    # The same data and the same seed: the same model.
    assert result.after == result.before
    assert [(v.version, v.state) for v in await training.history()] == [(2, "current"), (1, "kept")]


async def test_a_clearly_worse_model_is_rejected(world: World):
    await fitted(world)
    served = world.shelf.current
    # A model that learns nothing.
    bad = world.training(options=QUICK | {"epochs": 1, "cuts": 1, "learning_rate": 0.0})
    result = await bad.retrain()
    assert not result.adopted
    assert result.version.state == "rejected"
    assert "clearly below" in result.version.detail
    assert result.after is not None
    assert result.before is not None
    assert result.after < result.before
    assert "model 1 stays" in result.message
    assert world.shelf.current is served
    assert models(world) == {"1"}
    assert "clearly below" in (await bad.status()).last_error


async def test_a_model_of_nonsense_numbers_is_never_adopted(world: World):
    training = await fitted(world)
    served = world.shelf.current
    broken = world.training(options=QUICK | {"learning_rate": 1e30})
    result = await broken.retrain()
    assert not result.adopted
    assert world.shelf.current is served
    assert (await training.status()).last_error
    assert models(world) == {"1"}


async def test_without_a_community_it_is_adopted_unmeasured(world: World):
    world.use(tiny_dataset(0, name="lonely"))
    await world.rate(1, 1, 5, 9)
    result = await world.training().retrain()
    assert result.adopted
    assert (result.after, result.version.ndcg) == (None, None)
    assert result.version.community_ratings == 0
    assert "too few people" in result.message


async def test_a_killed_fit_leaves_the_old_model(world: World):
    training = await fitted(world)
    served = world.shelf.current

    def kill(step: Progress) -> None:
        if step.stage == "fitting":
            for pid in children():
                os.kill(pid, signal.SIGKILL)

    result = await world.training(options=QUICK | {"epochs": 50}).retrain(kill)
    assert result.version.state == "failed"
    assert "killed by signal 9" in result.message
    assert world.shelf.current is served
    assert models(world) == {"1"}
    assert not (world.home / "job").exists()
    assert (await training.status()).last_error == "the fit was killed by signal 9"
    assert (await training.retrain()).adopted, "the next one is none the worse for it"
    assert (await training.status()).last_error == ""


def children() -> list[int]:
    task = Path(f"/proc/{os.getpid()}/task")
    pids = [pid for thread in task.iterdir() for pid in (thread / "children").read_text().split()]
    return [int(pid) for pid in pids if b"fit_worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]


async def test_a_hanging_fit_ends_at_its_limit(world: World, tmp_path: Path):
    await fitted(world)
    limits = Limits(seconds=1)
    result = await world.training(limits=limits, command=script(tmp_path, HANGING)).retrain()
    assert result.version.state == "failed"
    assert "more than 1 s" in result.version.detail
    assert world.shelf.current.version is not None
    assert world.shelf.current.version.version == 1


async def test_a_crashing_fit_is_the_last_error(world: World, tmp_path: Path):
    training = world.training(command=script(tmp_path, CRASHING))
    result = await training.retrain()
    assert not result.adopted
    assert "there is no model yet" in result.message
    status = await training.status()
    assert status.last_error == "the fit ended with status 1: RuntimeError: no luck"
    assert status.current is None
    assert status.running is None


async def test_memory_is_bounded(world: World):
    training = world.training(options=QUICK | {"dims": 1_000_000}, limits=Limits(memory_bytes=800_000_000))
    result = await training.retrain()
    assert result.version.state == "failed"
    assert result.version.detail == "the fit needs more memory than it may use"


async def test_a_damaged_running_model_is_no_reason_to_keep_it(world: World):
    await fitted(world)
    next((world.home / "models" / "1").glob("*.npy")).write_bytes(b"damaged")
    result = await world.training().retrain()
    assert result.adopted
    assert result.before is None


async def test_a_data_set_that_cannot_be_read_is_told(world: World):
    (world.home / "datasets" / "tiny" / "ratings.npz").write_bytes(b"PK\3\4 broken")
    training = world.training()
    result = await training.retrain()
    assert result.version.state == "failed"
    assert "does not hold a readable data set" in result.message
    assert "\n" not in result.message


async def test_a_home_that_cannot_be_written_is_told(world: World):
    (world.home / "job").write_text("in the way", encoding="utf-8")
    result = await world.training().retrain()
    assert result.version.state == "failed"
    assert "job" in result.message


async def test_a_second_call_joins_the_first_and_sees_its_progress(world: World):
    training = world.quick_training()
    seen: tuple[list[Progress], list[Progress]] = ([], [])
    results = await asyncio.gather(*(training.retrain(told.append) for told in seen))
    assert results[0] is results[1]
    assert seen[0] == seen[1] != []
    assert len(await training.history()) == 1


async def test_who_stops_waiting_takes_nothing_from_the_others(world: World):
    training = world.quick_training()
    first = asyncio.create_task(training.retrain())
    second = asyncio.create_task(training.retrain())
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).adopted
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_a_listener_that_fails_does_not_end_the_fit(world: World, caplog: pytest.LogCaptureFixture):
    def fail(step: Progress) -> None:
        raise RuntimeError("the message is gone")

    assert (await world.quick_training().retrain(fail)).adopted
    assert "the message is gone" in caplog.text


async def test_status_while_running(world: World, tmp_path: Path):
    training = world.training(command=script(tmp_path, HANGING))
    running = asyncio.Event()
    task = asyncio.create_task(training.retrain(lambda step: running.set()))
    await running.wait()
    status = await training.status()
    assert status.running is not None
    assert status.running.stage == "fitting"
    with pytest.raises(UserError, match="is running"):
        await training.rollback()
    await training.close()
    with pytest.raises(UserError, match="shutting down"):
        await task


async def test_closing_kills_the_child_and_begins_no_other(world: World, tmp_path: Path):
    training = world.training(command=script(tmp_path, HANGING))
    started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(training.retrain(lambda step: started.set_result(step.done)))
    pid = await started
    await training.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(UserError, match="shutting down"):
        await task
    with pytest.raises(UserError, match="shutting down"):
        await training.retrain()
    assert await training.retrain_if_due() is None


async def test_the_child_ends_when_its_bot_is_gone(world: World, tmp_path: Path):
    # What the system does when a bot is killed: it closes the pipe. The other one stays open here.
    options = QUICK | {"epochs": 1_000_000}
    FitJob(world.home / "datasets" / "tiny", Ratings.empty(), None, options).write(tmp_path)
    with (tmp_path / "lines").open("w") as lines:
        child = await asyncio.create_subprocess_exec(
            *WORKER, str(tmp_path), stdin=asyncio.subprocess.PIPE, stdout=lines
        )
        assert child.stdin is not None
        async with asyncio.timeout(30):
            while "fitting" not in (tmp_path / "lines").read_text():
                assert child.returncode is None
                await asyncio.sleep(0.02)
            child.stdin.close()
            assert await child.wait() == ORPHANED


async def test_the_last_five_are_kept(world: World):
    training = await fitted(world, 7)
    assert models(world) == {"3", "4", "5", "6", "7"}
    states = {version.version: version.state for version in await training.history()}
    assert states == {1: "removed", 2: "removed", 3: "kept", 4: "kept", 5: "kept", 6: "kept", 7: "current"}


async def test_rollback(world: World):
    training = await fitted(world, 3)
    back = await training.rollback()
    assert (back.version, back.state) == (2, "current")
    assert world.shelf.current.version == back
    assert (await training.status()).current == back
    assert (await training.rollback()).version == 1
    with pytest.raises(UserError, match="no earlier model"):
        await training.rollback()
    assert (await training.rollback(3)).version == 3
    assert [(v.version, v.state) for v in await training.history()] == [
        (3, "current"),
        (2, "kept"),
        (1, "kept"),
    ]


@pytest.mark.parametrize(
    ("number", "words"),
    [(2, "already serving"), (9, "choose from 1"), (0, "is not kept"), (-1, "is not kept")],
)
async def test_rollback_to_what_is_not_kept(world: World, number: int, words: str):
    training = await fitted(world, 2)
    with pytest.raises(UserError, match=words):
        await training.rollback(number)
    assert world.shelf.current.version is not None
    assert world.shelf.current.version.version == 2


async def test_rollback_to_a_damaged_model_is_refused(world: World):
    training = await fitted(world, 2)
    (world.home / "models" / "1" / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(UserError, match="model 1 cannot be used"):
        await training.rollback()
    assert world.shelf.current.version is not None
    assert world.shelf.current.version.version == 2
    assert (await training.history())[0].state == "current"


async def test_rollback_to_a_model_of_other_data_is_refused(world: World):
    training = await fitted(world)
    world.use(tiny_dataset(160, name="other"))
    with pytest.raises(UserError, match="fitted on tiny"):
        await training.rollback(1)


async def test_when_it_is_due(world: World, clock: FakeClock):
    training = world.quick_training()
    first = await training.retrain_if_due()
    assert first is not None, "there is no model yet"
    assert first.adopted
    clock.advance(hours=7)
    assert await training.retrain_if_due() is None, "nothing changed"
    assert (await training.status()).next_run is None

    await world.rate(1, 1)
    status = await training.status()
    assert (status.new_ratings, status.next_run_ratings, status.next_run) == (1, 19, clock.now)
    second = await training.retrain_if_due()
    assert second is not None
    assert second.version.friend_ratings == 1

    await world.rate(1, *range(2, 21))
    assert await training.retrain_if_due() is None, "nineteen are not twenty"
    await world.rate(1, 21)
    assert (await training.retrain_if_due()) is not None


async def test_when_it_is_due_is_one_thing_for_the_whole_bot(world: World, clock: FakeClock):
    training = await fitted(world)
    await training.change_thresholds(hours=2, ratings=3, by_owner=True)
    await world.rate(1, 1, 2)
    for shared in (False, True):
        status = await training.status(shared=shared)
        assert status.next_run == clock.now.replace(hour=14)
        assert status.next_run_ratings == 1
    await world.rate(1, 3)
    assert (await training.retrain_if_due(shared=True)) is not None


async def test_what_the_admins_of_one_server_chose_ends_when_there_is_a_second(world: World):
    training = await fitted(world)
    await training.change_thresholds(hours=1, ratings=1, by_owner=False)
    assert await training.thresholds() == Thresholds(1, 1)
    assert await training.thresholds(shared=True) == Thresholds()
    await world.rate(1, 1)
    assert await training.retrain_if_due(shared=True) is None, "not for every single rating of everybody"
    await training.change_thresholds(hours=12, by_owner=True)
    assert await training.thresholds(shared=True) == Thresholds(hours=12)
    assert await training.thresholds() == Thresholds(12, 1)
    await training.change_thresholds(hours=3, by_owner=False)
    assert await training.thresholds() == Thresholds(3, 1)
    assert await training.thresholds(shared=True) == Thresholds(hours=12), "the owner's came back"
    assert await training.retrain_if_due() is not None, "while it is the only one, its admins decide"


async def test_a_threshold_out_of_range_changes_nothing(world: World):
    training = world.training()
    with pytest.raises(UserError, match="out of range"):
        await training.change_thresholds(hours=2, ratings=0, by_owner=True)
    assert await training.thresholds() == Thresholds()


async def test_a_failed_run_is_not_repeated_again_and_again(world: World, clock: FakeClock, tmp_path: Path):
    training = world.training(command=script(tmp_path, CRASHING))
    assert await training.retrain_if_due() is not None
    for _ in range(3):
        clock.advance(hours=1)
        assert await training.retrain_if_due() is None
    clock.advance(hours=3)
    again = await training.retrain_if_due()
    assert again is not None
    assert again.version.version == 2


async def test_what_broke_unnoted_is_not_repeated_again_and_again(
    world: World, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
):
    training = world.training()
    calls = 0

    async def full(*_: object) -> RetrainResult:
        nonlocal calls
        calls += 1
        raise UserError("the disk is full")

    monkeypatch.setattr("bot.services.fit_run._Run.go", full)
    with pytest.raises(UserError, match="disk is full"):
        await training.retrain_if_due()
    assert await training.retrain_if_due() is None
    assert (await training.status()).last_error == "the disk is full"
    clock.advance(hours=6)
    with pytest.raises(UserError, match="disk is full"):
        await training.retrain_if_due()
    assert calls == 2


async def test_without_any_data_there_is_nothing_to_do(world: World):
    from bot.services.shelf import Serving

    world.shelf.swap(Serving.nothing())
    training = world.training()
    assert await training.retrain_if_due() is None
    with pytest.raises(UserError, match="data add"):
        await training.retrain()


async def test_starting_clears_away_what_a_crash_left(world: World):
    training = await fitted(world)
    (world.home / "job" / "left").mkdir(parents=True)
    (world.home / "job" / "friends.npz").write_bytes(b"somebody's")
    (world.home / "models" / "2").mkdir()
    (world.home / "models" / ".1-left").mkdir()
    (world.home / "models" / "stray").write_text("?", encoding="utf-8")
    await training.start()
    assert not (world.home / "job").exists(), "what is left is not a job"
    assert await training.retrain_if_due() is None
    assert models(world) == {"1"}
    assert (await training.retrain()).version.version == 2
    assert not (world.home / "job").exists()


async def test_a_folder_in_the_way_does_not_stop_an_adoption(world: World):
    training = await fitted(world)
    (world.home / "models" / "2").mkdir()
    (world.home / "models" / "2" / "left").write_text("?", encoding="utf-8")
    assert (await training.retrain()).adopted
    assert not (world.home / "models" / "2" / "left").exists()


async def test_answers_stay_whole_while_models_are_swapped(world: World):
    training = await fitted(world)
    running = True

    async def ask() -> int:
        asked = 0
        while running:
            serving = world.shelf.current
            # As people do, and not so that the fit gets no turn.
            await asyncio.sleep(0.01)
            assert serving.version is not None
            assert serving.model is not None
            picks = await asyncio.to_thread(serving.model.recommend, {1: 5.0, 5: 4.5}, 5)
            assert len(picks) == 5
            assert all(pick.movie_id in serving.catalogue for pick in picks)
            asked += 1
        return asked

    asking = [asyncio.create_task(ask()) for _ in range(4)]
    for _ in range(2):
        await training.retrain()
        await training.rollback()
    running = False
    assert min(await asyncio.gather(*asking)) > 0


async def test_no_loop_reads_everybodys_ratings(world: World, monkeypatch: pytest.MonkeyPatch):
    training = await fitted(world)
    await world.rate(1, 1)

    def read(_db: object) -> NoReturn:
        raise AssertionError("a million ratings are counted by the database")

    monkeypatch.setattr("bot.store.ratings.of_everybody", read)
    assert await training.retrain_if_due() is None
    assert (await training.status()).new_ratings == 1
