"""``python -m bot setup`` in a terminal, from nothing to a home with data, on our own Discord."""

import asyncio
import os
import pty
import signal
import stat
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.bot.services.test_data import movielens
from tests.wire import launcher
from tests.wire.fake_discord import TOKEN, FakeDiscord
from tests.wire.fake_journal import PATIENCE
from tests.wire.fake_payloads import ANA_ID, BOT_ID
from tests.wire.program import CODE

MAY_READ = 1 << 15 | 1 << 19
"""The flags of an application with the intents for members and message content."""


class Terminal:
    """Somebody at a terminal in which a command runs. Made by `at_terminal`."""

    def __init__(self, process: asyncio.subprocess.Process, master: int) -> None:
        self._process, self._master = process, master
        self.shown = ""
        self._seen = 0

    async def expect(self, text: str) -> str:
        """Wait until a text is shown that was not waited for before; answers what was shown up to it."""
        async with asyncio.timeout(PATIENCE):
            while text not in self.shown[self._seen :]:
                chunk = await asyncio.to_thread(self._read)
                if not chunk:
                    raise AssertionError(f"“{text}” was not shown:\n{self.shown[self._seen :]}")
                self.shown += chunk.decode(errors="replace").replace("\r\n", "\n")
        begin, self._seen = self._seen, self.shown.index(text, self._seen) + len(text)
        return self.shown[begin : self._seen]

    async def answer(self, question: str, line: str = "") -> str:
        """Wait for a question and answer it; answers what was shown before."""
        before = await self.expect(question)
        await self.expect(": ")
        os.write(self._master, f"{line}\n".encode())
        return before

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.write(self._master, b"\x03")

    async def end(self) -> int:
        """Wait for the end of the command; answers its status."""
        async with asyncio.timeout(PATIENCE):
            while chunk := await asyncio.to_thread(self._read):
                self.shown += chunk.decode(errors="replace")
            return await self._process.wait()

    def _read(self) -> bytes:
        try:
            return os.read(self._master, 4096)
        except OSError:  # Linux says so of a terminal that everybody has left
            return b""


def _take_terminal() -> None:
    """In the child: have the terminal, which is asked for the token and from which Ctrl-C comes."""
    os.close(os.open(os.ttyname(0), os.O_RDWR))
    # Where the tests run in the background a shell has them ignore it, and children inherit that.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@asynccontextmanager
async def at_terminal(fake: FakeDiscord, folder: Path, **settings: str) -> AsyncGenerator[Terminal]:
    """Run ``setup`` in a folder, in a terminal of its own."""
    ours = ("MATINEE_", "DISCORD_", "DATABASE_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment |= {"PYTHONPATH": str(CODE), "TERM": "dumb", "COLUMNS": "200"} | settings
    master, slave = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, launcher.__file__, fake.api_url, fake.gateway_url, "setup"),
        cwd=folder,
        env=environment,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=_take_terminal,
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        os.close(master)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "matinee"
    folder.mkdir()
    example = "# What the bot needs.\nDISCORD_TOKEN=\n\n# Who owns it.\n#MATINEE_OWNER_ID=\n"
    example += "MATINEE_LOG_LEVEL=ERROR\n"
    (folder / ".env.example").write_text(example, encoding="utf-8")
    return folder


async def test_from_nothing_to_a_home_with_data(fake: FakeDiscord, folder: Path) -> None:
    small = movielens(folder.parent / "ml-tiny")
    async with at_terminal(fake, folder) as terminal:
        await terminal.answer("Paste the token", "MTAw.wrong.token")
        await terminal.expect("Discord refuses the token")
        await terminal.answer("Paste the token", TOKEN)
        await terminal.expect("The token is of Matinée")
        told = await terminal.expect("Look again?")
        assert "“Server Members Intent” and “Message Content Intent”" in told
        fake.rest.flags = MAY_READ
        await terminal.answer("", "y")
        told = await terminal.expect("Its owner may do everything")
        assert "It may read members and messages" in told
        assert f"client_id={BOT_ID}" in told
        await terminal.answer("owner's Discord id", "Olga")
        await terminal.expect("That is no id")
        await terminal.answer("owner's Discord id")
        await terminal.answer("Paste a key")
        await terminal.expect("Skipped")
        told = await terminal.answer("Which data?", str(small))
        assert "Active now: starter" in told
        await terminal.expect("The catalogue is ml-tiny: 4 movies")
        await terminal.answer("Train now?", "n")
        await terminal.expect("Start the bot: python -m bot run")
        assert await terminal.end() == 0
        assert TOKEN not in terminal.shown
        assert "wrong" not in terminal.shown
    env = folder / ".env"
    assert env.read_text(encoding="utf-8") == (
        f"# What the bot needs.\nDISCORD_TOKEN={TOKEN}\n\n# Who owns it.\n#MATINEE_OWNER_ID=\n"
        f"MATINEE_OWNER_ID={ANA_ID}\nMATINEE_LOG_LEVEL=ERROR\n"
    )
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    assert (folder / "var" / "datasets" / "ml-tiny").is_dir()

    # Again: everything is there and is kept by Enter alone.
    before = env.read_bytes()
    async with at_terminal(fake, folder) as terminal:
        await terminal.answer("Paste another token")
        await terminal.answer("owner's Discord id")
        await terminal.answer("Paste a key")
        assert "Active now: ml-tiny" in await terminal.answer("Which data?")
        await terminal.answer("Train now?", "n")
        assert await terminal.end() == 0
    assert env.read_bytes() == before


async def test_everything_can_be_skipped(fake: FakeDiscord, folder: Path) -> None:
    async with at_terminal(fake, folder) as terminal:
        await terminal.answer("Paste the token")
        await terminal.expect("without a token there is the console alone")
        await terminal.answer("Paste a key")
        await terminal.answer("Which data?", "-")
        await terminal.answer("Train now?", "n")
        assert await terminal.end() == 0
    assert not (folder / ".env").exists()


async def test_ctrl_c_keeps_what_was_answered(fake: FakeDiscord, folder: Path) -> None:
    fake.rest.flags = MAY_READ
    async with at_terminal(fake, folder) as terminal:
        await terminal.answer("Paste the token", TOKEN)
        await terminal.expect("owner's Discord id")
        terminal.interrupt()
        await terminal.expect("What was answered is kept")
        assert await terminal.end() == 130
    assert f"DISCORD_TOKEN={TOKEN}\n" in (folder / ".env").read_text(encoding="utf-8")


async def test_data_that_cannot_be_had_are_one_line_and_the_way_goes_on(
    fake: FakeDiscord, folder: Path
) -> None:
    fake.rest.fail("GET", "/users/@me", 503, times=9)
    async with at_terminal(fake, folder, DISCORD_TOKEN=TOKEN) as terminal:
        await terminal.expect("Discord cannot be asked now (HTTP 503)")
        await terminal.answer("Paste the token")
        await terminal.answer("Paste a key", "two words")
        await terminal.expect("That is no key")
        await terminal.answer("Paste a key")
        await terminal.answer("Which data?", "ml-0m")
        await terminal.expect("“ml-0m” is neither a file or folder nor a data set")
        await terminal.answer("Train now?", "n")
        assert await terminal.end() == 0
