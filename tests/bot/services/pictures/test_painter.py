"""Pictures are painted in a thread of their own, which is where matplotlib is loaded."""

import asyncio
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.services.pictures import draw
from bot.services.pictures.painter import Painter, Picture
from tests.bot.services.pictures import data


async def test_the_event_loop_goes_on_while_one_picture_after_another_is_painted(tmp_path: Path):
    painter = Painter(tmp_path)
    begun, go_on = threading.Event(), threading.Event()
    running: list[int] = []

    def slow(number: int) -> Picture:
        running.append(number)
        assert len(running) == 1
        begun.set()
        go_on.wait(20)
        running.remove(number)
        return Picture(f"{number}.png", b"", "")

    work = [asyncio.create_task(painter.paint(slow, number)) for number in range(3)]
    await asyncio.to_thread(begun.wait, 20)
    assert not any(one.done() for one in work)
    go_on.set()
    assert [one.name for one in await asyncio.gather(*work)] == ["0.png", "1.png", "2.png"]
    painter.close()


async def test_what_goes_wrong_is_raised_where_it_was_asked_for(tmp_path: Path):
    painter = Painter(tmp_path)

    def broken() -> Picture:
        raise ValueError("no ink")

    with pytest.raises(ValueError, match="no ink"):
        await painter.paint(broken)
    painter.close()


async def test_pictures_of_a_taste_and_of_two(tmp_path: Path):
    painter = Painter(tmp_path)
    found = await draw.taste(painter, data.taste())
    assert set(found) == {"love", "amount", "decades", "history"}
    assert all(one.png.startswith(b"\x89PNG") and len(one.png) < 200_000 for one in found.values())
    two = await draw.comparison(painter, data.comparison())
    assert two is not None
    painter.close()


def test_matplotlib_is_loaded_with_the_first_picture_and_never_its_windows():
    code = (
        "import asyncio, sys, pathlib, tempfile\n"
        "from bot.services.pictures import draw\n"
        "from bot.services.pictures.painter import Painter\n"
        "assert 'matplotlib' not in sys.modules\n"
        "from tests.bot.services.pictures import data\n"
        "painter = Painter(pathlib.Path(tempfile.mkdtemp()))\n"
        "asyncio.run(draw.taste(painter, data.taste()))\n"
        "print({'matplotlib', 'matplotlib.pyplot'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "{'matplotlib'}", done.stderr
