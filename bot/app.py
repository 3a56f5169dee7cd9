"""The Discord bot: start, stop, telling Discord about the commands, errors; nothing else."""

import asyncio
import hashlib
import itertools
import json
import logging
from difflib import get_close_matches
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.app import Services
from bot.settings import Settings
from bot.ui.dispatch import complain, on_interaction
from bot.ui.errors import UNSENT, explain, is_gone, report
from bot.ui.host import Host
from bot.ui.nights.courier import Courier
from bot.ui.screen import CONTENT
from bot.ui.text import plain, sentence

_log = logging.getLogger(__name__)

PREFIX = "!"
FIRST_WAITS = (1.0, 5.0, 15.0, 60.0)
"""Seconds between the tries to connect for the first time; the last one for all that follow."""
LONGEST_LIMIT = 30.0
"""Seconds that a request waits where Discord limits it; beyond that it fails. Discord.py takes no less."""
EXTENSIONS = (
    "bot.cogs.rating",
    "bot.cogs.recommending",
    "bot.cogs.together",
    "bot.cogs.nights",
    "bot.cogs.night_watch",
    "bot.cogs.importing",
    "bot.cogs.admin",
    "bot.cogs.data",
    "bot.cogs.about",
    "bot.cogs.taste",
    "bot.cogs.privacy",
    "bot.cogs.upkeep",
)


def intents() -> discord.Intents:
    """What the bot asks Discord to be told; message content and members are switched on in the portal."""
    wanted = discord.Intents.none()
    wanted.guilds = wanted.messages = wanted.message_content = wanted.members = True
    # Who is in a voice channel together is a group.
    wanted.voice_states = True
    return wanted


class MatineeBot(Host):
    """The bot on services that somebody else opened and will close.

    Parameters
    ----------
    services : Services
    settings : Settings
    """

    def __init__(self, services: Services, settings: Settings) -> None:
        # It speaks in no voice channel, so nobody has to be warned at every start that it could not.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            PREFIX,
            help_command=None,
            tree_cls=MatineeTree,
            intents=intents(),
            # Members are asked for when they are needed; see `bot.ui.members`.
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            owner_id=settings.owner_id,
            case_insensitive=True,
            strip_after_prefix=True,
            activity=discord.CustomActivity("/help · /recommend"),
            max_ratelimit_timeout=LONGEST_LIMIT,
        )
        self.services = services
        services.privacy.membership = self.members
        # This process answers people; work on the data is for another one.
        services.data.in_child = True
        self.courier = Courier(self, services.nights, services.guilds)

    async def connect(self, *, reconnect: bool = True) -> None:
        """Be connected until closed; a first connection that Discord refuses is tried again and again."""
        for wait in itertools.chain(FIRST_WAITS, itertools.repeat(FIRST_WAITS[-1])):
            try:
                await super().connect(reconnect=reconnect)
            except AttributeError:
                # After a connection that ended discord.py takes its session up. Of the first there is none.
                if getattr(self, "ws", None) is not None:
                    raise
            else:
                return
            await asyncio.sleep(wait)

    async def setup_hook(self) -> None:
        """Load everything, or fail: a bot with half its commands is worse than none."""
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        self.add_listener(on_interaction, "on_interaction")
        await self.sync_if_changed()

    async def sync_if_changed(self) -> bool:
        """Tell Discord about the commands if they are others than it was told; answers whether they were."""
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        key = f"commands_synced:{self.application_id}"
        if await self.services.meta.get(key) == digest:
            _log.info("the commands are as Discord knows them")
            return False
        try:
            await self.tree.sync()
        except discord.RateLimited as limited:
            seconds = limited.retry_after
            _log.warning("Discord takes no commands for %.0f s: the next start tells about them", seconds)
            return False
        # Noted afterwards: should the sync fail, the next start tries again.
        await self.services.meta.set(key, digest)
        _log.info("Discord was told about %d commands", len(payload))
        return True

    async def on_ready(self) -> None:
        """Say so in the log. Before this session nobody told who joined and left."""
        self.members.forget()
        _log.info("ready as %s on %d servers", self.user, len(self.guilds))

    async def on_command_error(
        self, context: commands.Context[Any], exception: commands.CommandError, /
    ) -> None:
        """Answer for what failed in a command; see `bot.ui.errors.explain` for the order."""
        if isinstance(exception, commands.CommandNotFound):
            await self._unknown_command(context)
            return
        command = context.command.qualified_name if context.command else ""
        if context.interaction is not None:
            await complain(context.interaction, exception, f"/{command}", command)
            return
        if is_gone(exception) or self.is_closed():
            return
        line = explain(exception, command)
        if line is None:
            line = report(exception, f"!{command}, user {context.author.id}, channel {context.channel.id}")
        await self._say(context, line)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log what failed in an event, where there is nobody to answer."""
        _log.exception("error while handling %s", event_method)

    async def _unknown_command(self, context: commands.Context[Any]) -> None:
        """Help with a slip of the finger; what is meant for another bot is left alone."""
        wanted = (context.invoked_with or "").casefold()
        close = get_close_matches(wanted, [command.name for command in self.commands], n=1, cutoff=0.75)
        if close:
            await self._say(
                context, f"There is no command {PREFIX}{wanted}; did you mean {PREFIX}{close[0]}?"
            )

    async def _say(self, context: commands.Context[Any], line: str) -> None:
        text = plain(sentence(line), CONTENT)
        try:
            try:
                await context.reply(text)
            except discord.HTTPException:
                # What was written is gone, or the bot may not read what was said before: no reply, then.
                await context.channel.send(text)
        except UNSENT as failure:
            _log.warning("could not tell user %s: %s (%s)", context.author.id, line, failure)


class MatineeTree(app_commands.CommandTree[Host]):
    """Slash commands, whose errors go the same way as all others."""

    async def on_error(
        self, interaction: discord.Interaction[Host], error: app_commands.AppCommandError, /
    ) -> None:
        """Answer for what failed."""
        command = interaction.command.qualified_name if interaction.command else ""
        await complain(interaction, error, f"/{command}", command)
