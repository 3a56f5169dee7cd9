"""``setup``: the guided way from nothing to a running bot. Every step can be skipped, and done again."""

import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from bot.cli import data as data_cli
from bot.cli import train as train_cli
from bot.cli.env_file import EnvFile
from bot.cli.logs import set_up_logging
from bot.cli.output import Failure
from bot.cli.run import PORTAL, invite_link
from bot.errors import UserError
from bot.settings import Settings

if TYPE_CHECKING:
    from recommender.datasets.editions import Edition

ENV, EXAMPLE = Path(".env"), Path(".env.example")
TOKEN, OWNER, TMDB_KEY = "DISCORD_TOKEN", "MATINEE_OWNER_ID", "MATINEE_TMDB_KEY"
TIMES_DOWNLOAD = 4
"""An edition takes so many times the size of its download on disk, while it is read."""


class Bot(NamedTuple):
    """What Discord says of the bot that a token is of."""

    name: str
    application_id: int
    owner_id: int | None
    owner: str
    lacks: tuple[str, ...]


def setup() -> int:
    """Set everything up, step by step: token, intents, invitation, owner, data, TMDB, first model."""
    if not sys.stdin.isatty():
        raise UserError(
            "setup asks questions and needs a terminal; in a script write .env (see .env.example), then "
            "python -m bot data add NAME and python -m bot train"
        )
    set_up_logging(Settings.read(), quiet=True)
    print("Enter alone keeps what is there or skips a step; Ctrl-C ends, and what was answered stays.")
    steps = (_discord, _tmdb, _data, _model)
    try:
        for number, step in enumerate(steps, 1):
            print()
            step(EnvFile(ENV, EXAMPLE), f"[{number}/{len(steps)}]")
    except (typer.Abort, KeyboardInterrupt):
        print("\nStopped. What was answered is kept; python -m bot setup goes on whenever you like.")
        return 130
    print("\nDone. Start the bot: python -m bot run (python -m bot doctor looks whether all is well)")
    return 0


def _discord(env: EnvFile, step: str) -> None:
    print(f"{step} The bot at Discord")
    there = Settings.read().discord_token
    bot = None if there is None else _asked(there.get_secret_value())
    if there is None:
        print(f"  At {PORTAL} press “New Application”, open “Bot”, press “Reset Token”.")
    while True:
        keep = "another token" if bot else "the token"
        token = _secret(f"  Paste {keep} (it is not shown)")
        if not token:
            break
        found = _asked(token)
        if found is not None:
            _put(env, TOKEN, token)
            bot = found
            break
    if bot is None:
        print("  Skipped: without a token there is the console alone (python -m bot console).")
        return
    print(f"  The token is of {bot.name}.")
    while bot.lacks:
        print(f"  It lacks what it needs to read: on the page “Bot” switch on {' and '.join(bot.lacks)}.")
        if not typer.confirm("  Look again?", default=True):
            break
        token = Settings.read().discord_token
        again = None if token is None else _asked(token.get_secret_value())
        bot = again or bot
    else:
        print("  It may read members and messages.")
    print(f"  Invite it to your server:\n  {invite_link(str(bot.application_id))}")
    _owner(env, bot)


def _owner(env: EnvFile, bot: Bot) -> None:
    now = Settings.read().owner_id
    default = now or bot.owner_id
    whose = f", {bot.owner}" if default is not None and default == bot.owner_id else ""
    print("  Its owner may do everything everywhere, and alone decides where it is on several servers.")
    while True:
        said = typer.prompt(
            f"  The owner's Discord id{whose} (- for nobody)", default=str(default or "-"), type=str
        ).strip()
        if said == "-" and now is not None:
            _put(env, OWNER, "")
        if said in ("-", str(now)):
            return
        if said.isascii() and said.isdecimal() and 0 < int(said) < 2**63:
            _put(env, OWNER, said)
            return
        print("  That is no id: Discord shows it as “Copy User ID” in developer mode.")


def _tmdb(env: EnvFile, step: str) -> None:
    print(f"{step} The Movie Database: posters, where to watch, new releases (not needed)")
    print("  A key is free at https://www.themoviedb.org/settings/api")
    while key := _secret("  Paste a key (it is not shown)"):
        line = asyncio.run(_tmdb_says(key))
        if not line:
            _put(env, TMDB_KEY, key)
            print("  The key works.")
            return
        print(f"  {line}")
    print("  Kept as it is." if Settings.read().tmdb_key else "  Skipped.")


def _data(_env: EnvFile, step: str) -> None:
    from recommender.datasets.editions import edition_of

    print(f"{step} Movies, and who likes what")
    home = Settings.read().home
    active = data_cli.done("status").name
    fits = fitting(*machine(home))
    best = None if fits is None else f"{fits.name} imdb"
    print(f"  Active now: {active}. Each takes memory and disk; python -m bot data list has them all.")
    if fits is None:
        print("  None of MovieLens' editions fits this machine's disk and memory; the starter set serves.")
    default = "-" if active != "starter" or best is None else best
    said = typer.prompt(f"  Which data? This machine can take {best or 'none'} (- for none)", default=default)
    names = said.split()
    if names in ([], ["-"]):
        return
    for name in names:
        edition = edition_of(name)
        if edition is not None:
            print(f"  {name}: {edition.licence}")
    try:
        data_cli.add(names)
    except (UserError, Failure) as error:
        print(f"  {error}")
        print("  The data stay as they were; setup, or python -m bot data add, goes on where this stopped.")


def _model(_env: EnvFile, step: str) -> None:
    print(f"{step} The first model")
    print("  The bot trains by itself, too; until there is a model it lists what is popular.")
    if not typer.confirm("  Train now?", default=True):
        return
    try:
        train_cli.train()
    except (UserError, Failure) as error:
        print(f"  {error}")


def machine(home: Path) -> tuple[int, int]:
    """Bytes of free disk where a home is, or will be, and of this machine's memory (0 if not known)."""
    place = next(folder for folder in (home, *home.parents) if folder.exists())
    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        memory = 0
    return shutil.disk_usage(place).free, memory


def fitting(disk: int, memory: int) -> "Edition | None":
    """The largest edition that can be added with IMDb's files and trained; None if there is none.

    Parameters
    ----------
    disk, memory : int
        Bytes, as of `machine`.
    """
    from bot.services.children import MOST_OF_MEMORY
    from recommender.datasets.editions import EDITIONS
    from recommender.datasets.imdb_download import BYTES, SPARE_BYTES

    room = disk - BYTES - SPARE_BYTES
    # Where it is not known how much memory there is, the smallest will do.
    able = [
        edition
        for edition in EDITIONS
        if edition.bytes * TIMES_DOWNLOAD <= room
        and edition.memory <= max(memory * MOST_OF_MEMORY, EDITIONS[0].memory)
    ]
    return max(able, key=lambda edition: edition.memory, default=None)


def _asked(token: str) -> Bot | None:
    """What Discord says of a token; None, after a line, if it is of no use."""
    import aiohttp
    import discord

    try:
        return asyncio.run(_application(token))
    except discord.LoginFailure:
        print(f"  Discord refuses the token: copy or reset it at {PORTAL} under “Bot”.")
    except (discord.HTTPException, discord.DiscordServerError, aiohttp.ClientError, OSError) as error:
        told = f"HTTP {error.status}" if isinstance(error, discord.HTTPException) else type(error).__name__
        print(f"  Discord cannot be asked now ({told}).")
    return None


async def _application(token: str) -> Bot:
    import discord

    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(token)
        about = await client.application_info()
        owner: discord.User | discord.TeamMember | None = about.owner
        if about.team is not None:
            owner = about.team.owner
        flags = about.flags
        members = flags.gateway_guild_members or flags.gateway_guild_members_limited
        content = flags.gateway_message_content or flags.gateway_message_content_limited
        lacks = {"“Server Members Intent”": members, "“Message Content Intent”": content}
        return Bot(
            about.name,
            about.id,
            None if owner is None else owner.id,
            "" if owner is None else owner.name,
            tuple(name for name, there in lacks.items() if not there),
        )


async def _tmdb_says(key: str) -> str:
    """What is wrong with a key; empty if it works."""
    from bot.services.tmdb.client import Tmdb, Unavailable

    if not key.isascii() or not key.isprintable() or " " in key:
        return "That is no key: it is one word, as themoviedb.org shows it."
    tmdb = Tmdb(key)
    try:
        await tmdb.facts(603)
    except Unavailable as error:
        return f"TMDB does not answer to that key ({error})."
    finally:
        await tmdb.close()
    return ""


def _secret(question: str) -> str:
    """Something that is not shown while it is typed; empty for Enter alone."""
    return typer.prompt(question, default="", hide_input=True, show_default=False).strip()


def _put(env: EnvFile, name: str, value: str) -> None:
    """Write a setting, and say where the environment says something else, which counts."""
    env.put(name, value)
    if os.environ.get(name, value) != value:
        print(
            f"  Written to {ENV}, but {name} is set in the environment, and that counts: take it out there."
        )
