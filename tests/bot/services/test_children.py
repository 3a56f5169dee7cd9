"""The parent's side of a child process, with small children that misbehave in one way each."""

import asyncio
import contextlib
import json
import os
import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from bot.services.answers import Progress
from bot.services.children import ChildError, Limits, run_child
from bot.services.fit_job import FitOutcome

OUTCOME = FitOutcome(3, 40, new=[0.5, 0.25], running=None, warm=True, why="it was asked for")


def child(tmp_path: Path, code: str) -> tuple[str, ...]:
    script = tmp_path / "child.py"
    prelude = "import json, os, signal, sys, time\nsay = lambda m: print(json.dumps(m), flush=True)\n"
    script.write_text(prelude + textwrap.dedent(code), encoding="utf-8")
    return (sys.executable, str(script))


def ignore(progress: Progress) -> None:
    pass


async def run_fit(
    folder: Path, on_progress: Callable[[Progress], None], *, seconds: float, command: Sequence[str]
) -> FitOutcome:
    return await run_child(
        command, folder, on_progress, lambda said: FitOutcome(**said), what="the fit", seconds=seconds
    )


def is_running(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


async def test_progress_and_outcome_arrive(tmp_path: Path):
    told: list[Progress] = []
    command = child(
        tmp_path,
        f"""
        say({{"progress": {{"stage": "fitting", "done": 1, "total": 3}}}})
        say({{"progress": {{"stage": "fitting", "done": 3, "total": 3}}}})
        say({{"outcome": json.loads({json.dumps(asdict(OUTCOME))!r})}})
        """,
    )
    assert await run_fit(tmp_path, told.append, seconds=20, command=command) == OUTCOME
    assert [(step.stage, step.done, step.total) for step in told] == [("fitting", 1, 3), ("fitting", 3, 3)]
    assert 0 <= told[0].seconds <= told[1].seconds


async def test_the_child_gets_the_folder_one_thread_and_no_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("MATINEE_OWNER_ID", "7")
    command = child(
        tmp_path,
        """
        import bot
        names = [name for name in os.environ if name.startswith(("DISCORD", "DATABASE", "MATINEE"))]
        say({"error": f"{sys.argv[1]} {names} {os.environ['OMP_NUM_THREADS']}"})
        """,
    )
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ChildError, match="1") as failure:
        await run_fit(tmp_path, ignore, seconds=20, command=command)
    assert str(failure.value) == f"{tmp_path} [] 1"


async def test_a_complaint_of_the_child_is_the_message(tmp_path: Path):
    command = child(tmp_path, """say({"error": "no data"}); sys.exit(1)""")
    with pytest.raises(ChildError, match=r"^no data$"):
        await run_fit(tmp_path, ignore, seconds=20, command=command)


async def test_a_crash_tells_its_last_line_and_keeps_the_log(tmp_path: Path):
    command = child(tmp_path, """print("x" * 100_000, file=sys.stderr); 1 / 0""")
    with pytest.raises(ChildError, match="status 1: ZeroDivisionError: division by zero") as failure:
        await run_fit(tmp_path, ignore, seconds=20, command=command)
    assert "Traceback" in failure.value.log
    assert len(failure.value.log) < 10_000
    assert "\n" not in str(failure.value)


async def test_a_killed_child_is_told(tmp_path: Path):
    command = child(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(ChildError, match="killed by signal 9"):
        await run_fit(tmp_path, ignore, seconds=20, command=command)


@pytest.mark.parametrize(
    "line",
    ["no json", '{"progress": 3}', '{"outcome": {}}', "[]", '{"other": 1}', "7", '"' + "x" * 2_000_000],
)
async def test_a_child_that_says_something_unintelligible_is_ended(tmp_path: Path, line: str):
    (tmp_path / "line").write_text(line, encoding="utf-8")
    command = child(tmp_path, f"print(open({str(tmp_path / 'line')!r}).read(), flush=True); time.sleep(60)")
    with pytest.raises(ChildError, match="unintelligible"):
        await run_fit(tmp_path, ignore, seconds=20, command=command)


async def test_a_hanging_child_is_killed_at_its_limit(tmp_path: Path):
    command = child(
        tmp_path,
        """
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        open(sys.argv[1] + "/pid", "w").write(str(os.getpid()))
        time.sleep(60)
        """,
    )
    with pytest.raises(ChildError, match="more than 2 s"):
        await run_fit(tmp_path, ignore, seconds=2, command=command)
    assert not is_running(int((tmp_path / "pid").read_text()))


async def test_cancelling_kills_the_child(tmp_path: Path):
    command = child(
        tmp_path,
        """
        say({"progress": {"stage": str(os.getpid()), "done": 0, "total": 1}})
        time.sleep(60)
        """,
    )
    started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    fit = asyncio.create_task(
        run_fit(tmp_path, lambda step: started.set_result(int(step.stage)), seconds=60, command=command)
    )
    pid = await started
    assert is_running(pid)
    fit.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fit
    assert not is_running(pid)


async def test_ctrl_c_in_the_terminal_is_not_the_childs(tmp_path: Path):
    command = child(tmp_path, """say({"error": str(os.getpgid(0) == os.getpid())})""")
    with pytest.raises(ChildError, match="True"):
        await run_fit(tmp_path, ignore, seconds=20, command=command)


def test_memory_is_bounded_by_default():
    assert Limits(memory_bytes=5).memory == 5
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert machine // 2 < (Limits().memory or 0) < machine
