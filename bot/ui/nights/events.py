"""The scheduled event of a night: one at a time, made, moved, renamed and cancelled with it."""

from datetime import timedelta

import discord

from bot.services.nights.answers import Night
from bot.services.nights.deliverer import Undelivered
from bot.services.shown_titles import name_of
from bot.ui.nights.sight import is_public
from bot.ui.text import clip, label, plain

_EVENING = timedelta(hours=3)
_NAME, _DESCRIPTION, _LOCATION = 100, 1000, 100
_AHEAD = ("gathering", "voting", "undecided", "decided")
"""States in which the evening has a date and is still to come."""


async def bring_up_to_date(guild: discord.Guild, night: Night) -> int | None:
    """Make the event be what the night is; answers its number, None where there is none.

    A night that is not for everybody's eyes has none.

    Raises
    ------
    Undelivered
        If the bot may not make events here.
    discord.HTTPException
    """
    found = await _find(guild, night)
    # Everybody on the server sees an event, and some must not know of the night.
    if night.state == "cancelled" or not is_public(guild, night):
        if found is not None and found.status in (discord.EventStatus.scheduled, discord.EventStatus.active):
            await (found.cancel() if found.status is discord.EventStatus.scheduled else found.end())
        return None
    if night.state not in _AHEAD or night.starts_at is None:
        # What has begun is left to Discord, which ends it by itself.
        return None if found is None else found.id
    may = guild.me.guild_permissions
    if not (may.manage_events or may.create_events):
        raise Undelivered(
            "I need the permission Create Events (or Manage Events) to make a scheduled event; ask an admin",
            lasting=True,
        )
    begin = night.starts_at
    end = begin + (_EVENING if night.runtime is None else timedelta(minutes=night.runtime))
    if found is None or found.status is not discord.EventStatus.scheduled:
        made = await guild.create_scheduled_event(
            name=_name(night),
            description=_description(night),
            start_time=begin,
            end_time=end,
            entity_type=discord.EntityType.external,
            privacy_level=discord.PrivacyLevel.guild_only,
            location=_place(guild, night),
        )
        return made.id
    if (found.name, found.description, found.start_time, found.end_time, found.location) != (
        _name(night),
        _description(night),
        begin,
        end,
        _place(guild, night),
    ):
        await found.edit(
            name=_name(night),
            description=_description(night),
            start_time=begin,
            end_time=end,
            location=_place(guild, night),
        )
    return found.id


async def _find(guild: discord.Guild, night: Night) -> discord.ScheduledEvent | None:
    """The night's event: by its number, or by its last line should the number not have been noted."""
    if night.event_id is not None:
        try:
            return await guild.fetch_scheduled_event(night.event_id, with_counts=False)
        except discord.NotFound:
            return None
    for event in await guild.fetch_scheduled_events(with_counts=False):
        if event.creator_id == guild.me.id and (event.description or "").endswith(_mark(night)):
            return event
    return None


def _mark(night: Night) -> str:
    return f"\nMovie night {night.night_id}"


def _name(night: Night) -> str:
    if night.winner is not None:
        return label(f"Movie night: {name_of(night.winner)}", _NAME)
    return label(f"Movie night: {night.theme}" if night.theme else "Movie night", _NAME)


def _description(night: Night) -> str:
    mark = _mark(night)
    # Discord renders markdown here, and makes links of addresses.
    theme = f" Theme: {plain(night.theme)}." if night.theme else ""
    hosted = f" Hosted by {plain(night.host_name, 80)}." if night.host_id is not None else ""
    what = (
        "We watch what the vote says."
        if night.winner is None
        else f"We watch {plain(name_of(night.winner))}."
    )
    return clip(f"{what}{theme}{hosted}", _DESCRIPTION - len(mark)) + mark


def _place(guild: discord.Guild, night: Night) -> str:
    channel = guild.get_channel_or_thread(night.channel_id)
    return label("Discord" if channel is None else f"#{channel.name}", _LOCATION)
