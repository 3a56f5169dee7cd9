"""/help and /about."""

from typing import Any

from discord import app_commands
from discord.ext import commands

from bot.cogs.base import Choice, Context, Interaction, MatineeCog, about, answer
from bot.errors import UserError
from bot.services.clock import utc_now
from bot.ui.help import command_screen, overview_screen
from bot.ui.host import Host
from bot.ui.model import about_screen
from bot.ui.screen import Screen

Command = commands.Command[Any, Any, Any]


class Information(MatineeCog, name="Know more"):
    """What the bot can do and what it runs on."""

    @commands.hybrid_command(name="help", usage="[command]", extras=about("everyone", "!help", "!help rate"))
    @app_commands.describe(command="A command, for its details")
    async def help_command(self, ctx: Context, *, command: str = "") -> None:
        """What the bot can do, by task, or one command in detail."""

        async def show() -> Screen:
            name = " ".join(command.casefold().lstrip("/!").split())
            if not name:
                return overview_screen()
            found = self.bot.get_command(name)
            if found is None:
                raise UserError(f"There is no command “{name[:40]}”; /help lists them all.")
            return command_screen(found)

        await answer(ctx, show())

    @help_command.autocomplete("command")
    async def command_names(self, _interaction: Interaction, current: str) -> list[Choice]:
        """Complete the name of a command."""
        names = [command.qualified_name for command in self.bot.walk_commands()]
        # There is room for 25, and a group leads to what is in it.
        names.sort(key=lambda name: (" " in name, name))
        return [Choice(name=name, value=name) for name in names if current.casefold() in name][:25]

    @commands.hybrid_command(name="about", extras=about("everyone", "!about"))
    async def about_command(self, ctx: Context) -> None:
        """The model's version, the data it learned from, and whom to thank for it."""

        async def show() -> Screen:
            return about_screen(await self.services.about(), utc_now())

        await answer(ctx, show())


async def setup(bot: Host) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Information(bot))
