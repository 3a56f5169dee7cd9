"""The settings of a server: shown and changed in one place."""

from collections.abc import Awaitable, Mapping, Sequence

import discord

from bot.errors import UserError
from bot.services.answers import GuildSettings
from bot.services.nights.answers import NightSettings
from bot.services.schedule import Thresholds
from bot.services.shown_titles import titles_words
from bot.services.wording import counted
from bot.ui.access import is_host, require_admin, require_host
from bot.ui.embeds import Colour, embed
from bot.ui.host import Host, host
from bot.ui.ids import ANYONE, custom_id
from bot.ui.press import Handler, Press
from bot.ui.screen import Button, Screen, Select
from bot.ui.text import plain

HOURS = (1.0, 3.0, 6.0, 12.0, 24.0, 72.0, 168.0)
RATINGS = (5, 10, 20, 50, 100, 500)


def settings_screen(
    settings: GuildSettings, nights: NightSettings, server: str, thresholds: Thresholds | None
) -> Screen:
    """What is set on a server, with the controls to change it.

    When to retrain is shown to those alone who may say so; None for others.
    """
    channel = settings.movie_night_channel_id
    answers = (
        "to nobody but the asker, for /commands" if settings.ephemeral else "to everybody in the channel"
    )
    lines = [
        f"**Movie-night channel** — {'none yet' if channel is None else f'<#{channel}>'}",
        (
            "**Retrain** — when the bot's owner says, for all servers"
            if thresholds is None
            else f"**Retrain** — every {_hours(thresholds.hours)}, or after "
            f"{counted(thresholds.ratings, 'new rating')}, whichever comes first"
        ),
        f"**Answers are shown** — {answers}",
        *([] if settings.country is None else [f"**Where to watch** — in {plain(settings.country)}"]),
        f"**Titles** — {plain(titles_words(settings.titles))}",
        f"**Leaderboard** — {'on' if settings.leaderboard else 'off'}",
        f"**Time zone** — {plain(nights.time_zone)}",
        (
            "**Movie nights** — everybody plans them"
            if nights.role_id is None
            else f"**Movie nights** — planned by <@&{nights.role_id}> and by who may manage events"
        ),
    ]
    privacy: Button = discord.ui.Button(
        label="Show answers to everybody" if settings.ephemeral else "Show answers to the asker only",
        custom_id=custom_id("private", ANYONE, int(not settings.ephemeral)),
    )
    board: Button = discord.ui.Button(
        label="Switch the leaderboard off" if settings.leaderboard else "Switch the leaderboard on",
        custom_id=custom_id("board", ANYONE, int(not settings.leaderboard)),
    )
    zone: Button = discord.ui.Button(
        label="Time zone …", custom_id=custom_id("zone", ANYONE), style=discord.ButtonStyle.secondary
    )
    return Screen(
        embeds=(
            embed(
                f"Settings of {plain(server, 150)}",
                "\n".join(lines),
                colour=Colour.SLATE,
                footer="Other values: /settings country: DE titles: German"
                if thresholds is None
                else "Other values: /settings retrain_hours: 8 retrain_ratings: 15",
            ),
        ),
        rows=(
            (_channel_menu(channel),),
            *(() if thresholds is None else _thresholds_menus()),
            (_role_menu(nights.role_id),),
            (privacy, board, zone),
        ),
    )


async def show(
    bot: Host, guild: discord.Guild, user_id: int, permissions: discord.Permissions | None
) -> Screen:
    """The settings as they are, for somebody who may do so much."""
    services, shared = bot.services, bot.shared
    steers = is_host(user_id, permissions, bot.owner_id, shared=shared)
    return settings_screen(
        await services.guilds.get(guild.id),
        await services.nights.settings(guild.id),
        guild.name,
        await services.training.thresholds(shared=shared) if steers else None,
    )


async def set_channel(press: Press) -> None:
    """The movie-night channel was chosen, or emptied."""
    guild = _managed(press)
    chosen = press.chosen if press.values else None
    await _changed(press, guild, press.services.guilds.change(guild.id, movie_night_channel_id=chosen))


async def set_hours(press: Press) -> None:
    """The retrain interval was chosen."""
    await _set_thresholds(press, hours=float(press.chosen))


async def set_ratings(press: Press) -> None:
    """The number of new ratings was chosen."""
    await _set_thresholds(press, ratings=press.chosen)


async def _set_thresholds(press: Press, hours: float | None = None, ratings: int | None = None) -> None:
    guild, bot = _managed(press), host(press.interaction)
    require_host(press.person.id, press.interaction.permissions, bot.owner_id, shared=bot.shared)
    by_owner = press.person.id == bot.owner_id
    change = press.services.training.change_thresholds(hours=hours, ratings=ratings, by_owner=by_owner)
    await _changed(press, guild, change)


async def set_privacy(press: Press) -> None:
    """Whether everybody sees answers was chosen."""
    guild = _managed(press)
    await _changed(press, guild, press.services.guilds.change(guild.id, ephemeral=bool(press.number(0))))


async def set_leaderboard(press: Press) -> None:
    """Whether there is a leaderboard was chosen."""
    guild = _managed(press)
    await _changed(press, guild, press.services.guilds.change(guild.id, leaderboard=bool(press.number(0))))


def _managed(press: Press) -> discord.Guild:
    """The server, if the presser may change it."""
    guild = press.interaction.guild
    if guild is None:
        raise UserError("Settings belong to a server; use /settings there.")
    require_admin(press.person.id, press.interaction.permissions, host(press.interaction).owner_id)
    return guild


async def set_planners(press: Press) -> None:
    """The role that plans movie nights was chosen, or none: then everybody does."""
    guild = _managed(press)
    chosen = press.chosen if press.values else 0
    # The role that everybody has bears the server's number.
    role_id = 0 if chosen == guild.id else chosen
    await _changed(press, guild, press.services.nights.change_settings(guild.id, role_id=role_id))


async def ask_zone(press: Press) -> None:
    """Ask for the time zone."""
    guild = _managed(press)
    now = (await press.services.nights.settings(guild.id)).time_zone
    form = discord.ui.Modal(title="The server's time zone", custom_id=custom_id("zonename", ANYONE))
    field: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="zone", default=now, placeholder="Europe/Berlin", max_length=60
    )
    form.add_item(discord.ui.Label(text="A city's, such as Europe/Berlin", component=field))
    form.stop()
    await press.interaction.response.send_modal(form)


async def set_zone(press: Press) -> None:
    """The form was sent: change the time zone."""
    guild = _managed(press)
    await _changed(press, guild, press.services.nights.change_settings(guild.id, time_zone=press.value))


async def _changed(
    press: Press, guild: discord.Guild, change: Awaitable[GuildSettings | NightSettings | None]
) -> None:
    async def changed() -> Screen:
        await change
        return await show(host(press.interaction), guild, press.person.id, press.interaction.permissions)

    await press.replace(changed())


def _channel_menu(chosen: int | None) -> discord.ui.ChannelSelect[discord.ui.View]:
    return discord.ui.ChannelSelect(
        custom_id=custom_id("channel", ANYONE),
        channel_types=[discord.ChannelType.text],
        placeholder="Movie-night channel …",
        min_values=0,
        max_values=1,
        default_values=[] if chosen is None else [discord.Object(chosen, type=discord.abc.GuildChannel)],
    )


def _role_menu(chosen: int | None) -> discord.ui.RoleSelect[discord.ui.View]:
    return discord.ui.RoleSelect(
        custom_id=custom_id("planners", ANYONE),
        placeholder="Who plans movie nights: everybody, or a role …",
        min_values=0,
        max_values=1,
        default_values=[] if chosen is None else [discord.Object(chosen, type=discord.Role)],
    )


def _thresholds_menus() -> tuple[tuple[Select], ...]:
    hours = [(f"{value:g}", f"every {_hours(value)}") for value in HOURS]
    ratings = [(str(value), f"after {value} new ratings") for value in RATINGS]
    return (_menu("hours", "Retrain every …", hours),), (_menu("every", "Retrain after …", ratings),)


def _menu(verb: str, placeholder: str, options: Sequence[tuple[str, str]]) -> Select:
    return discord.ui.Select(
        custom_id=custom_id(verb, ANYONE),
        placeholder=placeholder,
        options=[discord.SelectOption(label=text, value=value) for value, text in options],
    )


def _hours(hours: float) -> str:
    return f"{hours:g} hour{'' if hours == 1 else 's'}"


HANDLERS: Mapping[str, Handler] = {
    "channel": set_channel,
    "hours": set_hours,
    "every": set_ratings,
    "private": set_privacy,
    "board": set_leaderboard,
    "planners": set_planners,
    "zone": ask_zone,
    "zonename": set_zone,
}
