"""/retrain, /model, /settings: for those who may manage the server, and the owner; what concerns all servers
is the owner's where there are several."""

from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.base import (
    CHOICES,
    Context,
    Interaction,
    MatineeCog,
    OnNote,
    about,
    admins_only,
    answer,
    host_only,
    show_long_work,
)
from bot.errors import UserError
from bot.services.clock import utc_now
from bot.services.data_list import catalogue_lines
from bot.services.guilds import UNCHANGED, Unchanged
from bot.services.pictures import draw
from bot.services.schedule import thresholds
from bot.services.wording import age, quality
from bot.services.zones import find_zone, suggest_zones
from bot.ui import server
from bot.ui.access import NO_OWNER, is_host
from bot.ui.host import Host
from bot.ui.model import (
    history_screen,
    result_screen,
    rollback_screen,
    status_screen,
)
from bot.ui.screen import Screen
from bot.ui.text import label

Value = TypeVar("Value")


class SettingsFlags(commands.FlagConverter, case_insensitive=True):
    """What to change; what is left out stays."""

    movie_night_channel: discord.TextChannel = commands.flag(
        default=None, description="Where movie nights are announced"
    )
    retrain_hours: float = commands.flag(
        default=None, description="Retrain at the latest after so many hours"
    )
    retrain_ratings: int = commands.flag(default=None, description="Retrain after so many new ratings")
    ephemeral: bool = commands.flag(default=None, description="Show answers to nobody but the asker")
    leaderboard: bool = commands.flag(default=None, description="Whether /leaderboard may be used here")
    country: str = commands.flag(default=None, description="Where you watch: DE, US, …; none for nowhere")
    titles: str = commands.flag(
        default=None, description="The language of titles: original, English, German, ja, …"
    )
    time_zone: str = commands.flag(default=None, description="The server's time zone: Europe/Berlin")
    planner_role: discord.Role = commands.flag(
        default=None, description="Who plans movie nights; @everyone for everybody"
    )


class RetrainFlags(commands.FlagConverter, case_insensitive=True):
    """How to fit."""

    full: bool = commands.flag(
        default=False, description="Begin from the beginning, even if only a few ratings were added"
    )


class RollbackFlags(commands.FlagConverter, case_insensitive=True):
    """Which model."""

    version: commands.Range[int, 1, 10**9] = commands.flag(
        default=None,
        positional=True,
        description="Which of the kept ones; the one before if left out",
    )


class Admin(MatineeCog, name="Look after it"):
    """Looking after the model and the server's settings."""

    @commands.hybrid_command(usage="[full: yes]", extras=about("admin", "!retrain", "!retrain full: yes"))
    async def retrain(self, ctx: Context, *, flags: RetrainFlags) -> None:
        """Fit the model anew with all ratings there are; a second call joins a running one."""
        host_only(ctx)

        async def retrain(note: OnNote) -> Screen:
            return result_screen(await self.services.training.retrain(note, full=flags.full))

        await show_long_work(ctx, "Retraining", retrain)

    @commands.hybrid_group(extras=about("admin", "!model", "!model rollback"))
    async def model(self, ctx: Context) -> None:
        """The model that is serving: status, history, rollback."""
        await self.status(ctx)

    @model.command(extras=about("admin", "!model status"))
    async def status(self, ctx: Context) -> None:
        """The running model, its age, data and quality, the last error, and when the next one comes."""
        admins_only(ctx)

        async def show() -> Screen:
            history = await self.services.training.history()
            picture = await draw.models(self.services.painter, history)
            more = catalogue_lines(await self.services.data.status(), utc_now())
            more.append(await self.services.releases.status())
            status = await self.services.training.status(shared=ctx.bot.shared)
            more.append(NO_OWNER if ctx.bot.shared and ctx.bot.owner_id is None else "")
            return status_screen(status, utc_now(), picture, more)

        await answer(ctx, show())

    @model.command(extras=about("admin", "!model history"))
    async def history(self, ctx: Context) -> None:
        """The models so far, with their quality and what became of them."""
        admins_only(ctx)

        async def show() -> Screen:
            return history_screen(await self.services.training.history(), utc_now())

        await answer(ctx, show())

    @model.command(usage="[version]", extras=about("admin", "!model rollback", "!model rollback 3"))
    async def rollback(self, ctx: Context, *, flags: RollbackFlags) -> None:
        """Go back to an earlier model that is kept."""
        host_only(ctx)

        async def roll_back() -> Screen:
            return rollback_screen(await self.services.training.rollback(flags.version), utc_now())

        await answer(ctx, roll_back())

    @rollback.autocomplete("version")
    async def versions(self, interaction: Interaction, current: str) -> list[app_commands.Choice[int]]:
        """Offer the kept models, to those who may have them serve."""
        permissions = interaction.permissions if interaction.guild else None
        if not is_host(interaction.user.id, permissions, self.bot.owner_id, shared=self.bot.shared):
            return []
        now = utc_now()
        return [
            app_commands.Choice(
                name=label(f"{one.version} · {age(one.created_at, now)} · {quality(one.ndcg)}", 100),
                value=one.version,
            )
            for one in await self.services.training.history()
            if one.state == "kept" and str(one.version).startswith(str(current))
        ][:CHOICES]

    @commands.hybrid_command(
        usage="[option: value …]",
        extras=about("admin", "!settings", "!settings retrain_hours: 12", "!settings ephemeral: on"),
    )
    async def settings(self, ctx: Context, *, flags: SettingsFlags) -> None:
        """Show this server's settings, and change them."""
        guild = ctx.guild
        if guild is None:
            raise UserError("Settings belong to a server; use /settings there.")
        admins_only(ctx)
        due: dict[str, Any] = {"hours": flags.retrain_hours, "ratings": flags.retrain_ratings}
        steering = any(value is not None for value in due.values())
        if steering:
            host_only(ctx)

        async def change() -> Screen:
            # Looked at first, so that a name that is none changes nothing.
            zone = find_zone(flags.time_zone) if flags.time_zone else None
            thresholds(**due)
            await self.services.guilds.change(
                guild.id,
                movie_night_channel_id=_or_unchanged(
                    flags.movie_night_channel and flags.movie_night_channel.id
                ),
                ephemeral=_or_unchanged(flags.ephemeral),
                leaderboard=_or_unchanged(flags.leaderboard),
                country=_or_unchanged(flags.country),
                titles=_or_unchanged(flags.titles),
            )
            # The role that everybody has stands for everybody.
            role_id = (
                (flags.planner_role.id if not flags.planner_role.is_default() else 0)
                if flags.planner_role
                else None
            )
            await self.services.nights.change_settings(
                guild.id,
                time_zone=zone,
                role_id=role_id,
            )
            if steering:
                by_owner = ctx.author.id == ctx.bot.owner_id
                await self.services.training.change_thresholds(**due, by_owner=by_owner)
            return await server.show(ctx.bot, guild, ctx.author.id, ctx.permissions)

        await answer(ctx, change())

    @settings.autocomplete("time_zone")
    async def time_zones(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Complete the name of a time zone."""
        return [app_commands.Choice(name=name, value=name) for name in suggest_zones(current, CHOICES)]


def _or_unchanged(value: Value | None) -> Value | Unchanged:
    return UNCHANGED if value is None else value


async def setup(bot: Host) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Admin(bot))
