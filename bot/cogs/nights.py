"""/night and /nominate: planning an evening together, and everything around it."""

from collections.abc import Coroutine
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.base import (
    CHOICES,
    Choice,
    Context,
    Interaction,
    MatineeCog,
    about,
    answer,
    asker,
    complete_filters,
    complete_stars,
    complete_title,
    keep_hidden,
)
from bot.cogs.night_flags import (
    CancelFlags,
    MoveFlags,
    NightFlags,
    NominateFlags,
    OpenFlags,
    PageFlags,
    PlanFlags,
    RateFlags,
    RepeatFlags,
    TitleFlags,
)
from bot.errors import UserError
from bot.services.nights.answers import Answer, Plan
from bot.services.nights.dates import parse_date, parse_dates
from bot.services.nights.states import after
from bot.services.shown_titles import is_called, name_of
from bot.services.stars import parse_stars
from bot.ui.host import Host
from bot.ui.nights import screens
from bot.ui.nights.actors import actor_of
from bot.ui.nights.places import check_channel, check_may_say, invited
from bot.ui.nights.words import when_both
from bot.ui.screen import Screen
from bot.ui.text import label


class Nights(MatineeCog, name="Movie nights"):
    """Planning a movie night: who comes, what is watched, and how it was."""

    @commands.hybrid_group(extras=about("everyone", "!night", "!night plan friday 8pm"))
    async def night(self, ctx: Context) -> None:
        """Movie nights: plan one, say whether you come, vote, rate."""
        await self._do(ctx, self._status(ctx, None))

    @night.command(
        usage="<dates> [option: value …]",
        extras=about(
            "everyone",
            "!night plan friday 8pm",
            "!night plan fri 20:00, sat 19:30 theme: Aliens vote: ranked",
        ),
    )
    async def plan(self, ctx: Context, *, flags: PlanFlags) -> None:
        """Open a movie night: one date or several, a theme, and how you vote."""
        await self._do(ctx, self._plan(ctx, flags))

    async def _plan(self, ctx: Context, flags: PlanFlags) -> Screen:
        guild = _guild(ctx)
        channel = await self._channel(ctx, guild)
        zone = (await self.services.nights.settings(guild.id)).time_zone
        now = self.services.clock()
        role_id, guests = await invited(guild, flags.who)
        plan = Plan(
            dates=tuple(parse_dates(flags.dates, now, zone)),
            theme=flags.theme,
            filters=self.filters(flags),
            vote_kind=flags.vote,
            vote_closes_at=parse_date(flags.until, now, zone) if flags.until else None,
            quorum=flags.quorum,
            nominations_each=flags.nominations,
            carry_over=flags.carry_over,
            guests=guests,
            invited_role_id=role_id,
        )
        night = await self.services.nights.plan(await actor_of(ctx), channel.id, plan)
        dates = ", ".join(when_both(one.starts_at) for one in night.dates) or (
            when_both(night.starts_at) if night.starts_at else ""
        )
        # Without a zone the hour was read as nobody means it.
        unset = "\nThat was read as UTC; an admin sets your time zone with /settings." * (zone == "UTC")
        line = f"Night {night.night_id} is planned in {channel.mention}: {dates}.{unset}"
        return screens.told(line, night)

    @night.command(usage="[night]", extras=about("everyone", "!night status", "!night status 12"))
    async def status(self, ctx: Context, *, flags: NightFlags) -> None:
        """How a night stands: who comes, what may be watched, what comes next."""
        await self._do(ctx, self._status(ctx, flags.night))

    async def _status(self, ctx: Context, number: int | None) -> Screen:
        return await screens.status(self.services, await actor_of(ctx), number)

    @night.command(name="in", usage="[night]", extras=about("everyone", "!night in"))
    async def say_in(self, ctx: Context, *, flags: NightFlags) -> None:
        """Say that you come to the next movie night."""
        await self._do(ctx, self._answer(ctx, "in", flags.night))

    @night.command(usage="[night]", extras=about("everyone", "!night maybe"))
    async def maybe(self, ctx: Context, *, flags: NightFlags) -> None:
        """Say that you may come to the next movie night."""
        await self._do(ctx, self._answer(ctx, "maybe", flags.night))

    @night.command(usage="[night]", extras=about("everyone", "!night out"))
    async def out(self, ctx: Context, *, flags: NightFlags) -> None:
        """Say that you do not come to the next movie night."""
        await self._do(ctx, self._answer(ctx, "out", flags.night))

    async def _answer(self, ctx: Context, said: Answer, number: int | None) -> Screen:
        actor = await actor_of(ctx)
        night = await self.services.nights.current(actor, number, "answer")
        return await screens.answer(self.services, actor, night.night_id, said)

    @night.command(name="open", usage="[night] [until: …]", extras=about("everyone", "!night open"))
    async def open_vote(self, ctx: Context, *, flags: OpenFlags) -> None:
        """For the host: open the vote now, or again after too few ballots."""

        async def act() -> Screen:
            actor = await actor_of(ctx)
            night = await self.services.nights.current(actor, flags.night, "open_vote")
            until = parse_date(flags.until, self.services.clock(), night.time_zone) if flags.until else None
            return await screens.open_vote(self.services, actor, night.night_id, until)

        await self._do(ctx, act())

    @night.command(usage="[night]", extras=about("everyone", "!night vote"))
    async def vote(self, ctx: Context, *, flags: NightFlags) -> None:
        """Your own ballot, which nobody else sees: fill it in or change it."""

        async def act() -> Screen:
            actor = await actor_of(ctx)
            night = await self.services.nights.current(actor, flags.night, "cast")
            if ctx.interaction is None:
                raise UserError("A ballot is secret: use /night vote, or press Vote on the night's message.")
            after(night.state, "cast")
            return await screens.own_ballot(self.services, asker(ctx), actor, night)

        await self._do(ctx, act(), secret=True)

    @night.command(usage="[night]", extras=about("everyone", "!night close"))
    async def close(self, ctx: Context, *, flags: NightFlags) -> None:
        """For the host: close early what is open, the vote on the date or on the movie."""

        async def act() -> Screen:
            actor = await actor_of(ctx)
            night = await self.services.nights.current(actor, flags.night, "decide")
            return await screens.close(self.services, actor, night.night_id)

        await self._do(ctx, act())

    @night.command(
        usage="<date> [channel: …] [night: …]",
        extras=about("everyone", "!night move saturday 20:30", "!night move channel: #films"),
    )
    async def move(self, ctx: Context, *, flags: MoveFlags) -> None:
        """For the host: another date for a night, or another channel."""

        async def act() -> Screen:
            actor = await actor_of(ctx)
            night = await self.services.nights.current(actor, flags.night, "move")
            if flags.channel:
                check_channel(flags.channel, ctx.author)
                night = await self.services.nights.relocate(actor, night.night_id, flags.channel.id)
            if flags.date:
                date = parse_date(flags.date, self.services.clock(), night.time_zone)
                night = await self.services.nights.move(actor, night.night_id, date)
                return screens.told(f"Night {night.night_id} is now {when_both(date)}.", night)
            if not flags.channel:
                raise UserError("Say where to: a date such as saturday 20:30, or channel: #another.")
            return screens.told(f"Night {night.night_id} goes on in {flags.channel.mention}.", night)

        await self._do(ctx, act())

    @night.command(
        usage="[reason] [night: …]", extras=about("everyone", "!night cancel", "!night cancel snow")
    )
    async def cancel(self, ctx: Context, *, flags: CancelFlags) -> None:
        """For the host: call a night off; of a weekly one it is skipped this time."""

        async def act() -> Screen:
            actor = await actor_of(ctx)
            night = await self.services.nights.current(actor, flags.night, "cancel")
            if flags.reason:
                check_may_say(ctx.author, night)
            night = await self.services.nights.cancel(actor, night.night_id, flags.reason)
            return screens.told(f"Night {night.night_id} is cancelled.", night)

        await self._do(ctx, act())

    @night.command(
        usage="[weekly|stop] [night: …]",
        extras=about("everyone", "!night repeat weekly", "!night repeat stop"),
    )
    async def repeat(self, ctx: Context, *, flags: RepeatFlags) -> None:
        """For the host: repeat a night every week at its hour, or stop that."""

        async def act() -> Screen:
            actor = await actor_of(ctx)
            if flags.how == "stop":
                night = await self.services.nights.repeated(actor, flags.night)
                night = await self.services.nights.stop_repeating(actor, night.night_id)
                return screens.told(f"Night {night.night_id} is no longer repeated.", night)
            night = await self.services.nights.current(actor, flags.night, "cancel")
            night = await self.services.nights.repeat(actor, night.night_id)
            return screens.told(f"Repeated every week at this hour of {night.time_zone}.", night)

        await self._do(ctx, act())

    @night.command(usage="[page]", extras=about("everyone", "!night history"))
    async def history(self, ctx: Context, *, flags: PageFlags) -> None:
        """The nights that were: what you watched, who was there, what each gave."""

        async def act() -> Screen:
            return await screens.history(self.services, await actor_of(ctx), flags.page - 1)

        await self._do(ctx, act())

    @night.command(usage="[night]", extras=about("everyone", "!night watched"))
    async def watched(self, ctx: Context, *, flags: NightFlags) -> None:
        """For the host: the movie is over, ask everybody for their stars now."""

        async def act() -> Screen:
            actor = await actor_of(ctx)
            night = await self.services.nights.current(actor, flags.night, "ask_ratings")
            return await screens.ask_ratings(self.services, actor, night.night_id)

        await self._do(ctx, act())

    @night.command(
        usage="<stars> [night: …]", extras=about("everyone", "!night rate 4.5", shows_ratings=True)
    )
    async def rate(self, ctx: Context, *, flags: RateFlags) -> None:
        """Give what you watched together half a star to five stars."""

        async def act() -> Screen:
            stars = parse_stars(flags.stars)
            actor = await actor_of(ctx)
            night = await self.services.nights.current(actor, flags.night, "rate")
            return await screens.rate(self.services, actor, night.night_id, stars)

        await self._do(ctx, act())

    @night.command(usage="<title> [night: …]", extras=about("everyone", "!night withdraw Alien"))
    async def withdraw(self, ctx: Context, *, flags: TitleFlags) -> None:
        """Take back a movie that you nominated."""

        async def act() -> Screen:
            actor = await actor_of(ctx)
            night = await self.services.nights.current(actor, flags.night, "nominate")
            return await screens.withdraw_title(self.services, actor, night, flags.title)

        await self._do(ctx, act())

    @commands.hybrid_command(
        usage="[title] [night: …]", extras=about("everyone", "!nominate Alien", "!nominate")
    )
    async def nominate(self, ctx: Context, *, flags: NominateFlags) -> None:
        """Nominate a movie for the next movie night, by title or from your watchlist."""

        async def act() -> Screen:
            actor = await actor_of(ctx)
            night = await self.services.nights.current(actor, flags.night, "nominate")
            if not flags.title:
                await keep_hidden(ctx)
                return await screens.from_watchlist(self.services, actor, night)
            return await screens.nominate_title(self.services, actor, night, flags.title)

        await self._do(ctx, act())

    @nominate.autocomplete("title")
    async def titles(self, interaction: Interaction, current: str) -> list[Choice]:
        """Complete a title."""
        return await complete_title(interaction, current)

    @withdraw.autocomplete("title")
    async def own_titles(self, interaction: Interaction, current: str) -> list[Choice]:
        """Offer what the person has nominated."""
        await self.services.guilds.show_titles(interaction.guild_id)
        nights = await self.services.nights.open(await actor_of(interaction))
        own = [
            name_of(one.movie)
            for night in nights
            for one in night.candidates
            if interaction.user.id in one.nominated_by and is_called(one.movie, current)
        ]
        return [Choice(name=label(name, 100), value=label(name, 100)) for name in dict.fromkeys(own)][
            :CHOICES
        ]

    @rate.autocomplete("stars")
    async def all_stars(self, _interaction: Interaction, current: str) -> list[Choice]:
        """Offer all ten, or what is being typed."""
        return complete_stars(current)

    complete_filters(plan)

    @status.autocomplete("night")
    @say_in.autocomplete("night")
    @maybe.autocomplete("night")
    @out.autocomplete("night")
    @open_vote.autocomplete("night")
    @vote.autocomplete("night")
    @close.autocomplete("night")
    @move.autocomplete("night")
    @cancel.autocomplete("night")
    @repeat.autocomplete("night")
    @watched.autocomplete("night")
    @rate.autocomplete("night")
    @withdraw.autocomplete("night")
    @nominate.autocomplete("night")
    async def open_nights(self, interaction: Interaction, current: str) -> list[app_commands.Choice[int]]:
        """Offer the nights that are not over."""
        return [
            app_commands.Choice(name=label(screens.night_choice(night), 100), value=night.night_id)
            for night in await self.services.nights.open(await actor_of(interaction))
            if str(night.night_id).startswith(str(current))
        ][:CHOICES]

    async def _do(self, ctx: Context, work: Coroutine[Any, Any, Screen], *, secret: bool = False) -> None:
        """Answer, and have said in the channel what came of it."""
        await answer(ctx, work, secret=secret)
        await self.bot.courier.deliver()

    async def _channel(self, ctx: Context, guild: discord.Guild) -> discord.abc.GuildChannel | discord.Thread:
        """The movie-night channel of the settings; where there is none, the channel of the command."""
        chosen = (await self.services.guilds.get(guild.id)).movie_night_channel_id
        channel = ctx.channel if chosen is None else guild.get_channel_or_thread(chosen)
        if not isinstance(channel, (discord.abc.GuildChannel, discord.Thread)):
            raise UserError("The movie-night channel is gone; choose another one with /settings.")
        check_channel(channel, ctx.author)
        return channel


def _guild(ctx: Context) -> discord.Guild:
    if ctx.guild is None:
        raise UserError("Movie nights belong to a server; use that there.")
    return ctx.guild


async def setup(bot: Host) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Nights(bot))
