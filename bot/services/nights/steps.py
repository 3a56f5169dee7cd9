"""What all steps of a night do with the database: change the state, set timers, have something said."""

import json
from datetime import datetime
from typing import Any, cast

from bot.errors import UserError
from bot.services.nights.answers import Actor, PostKind
from bot.services.nights.permissions import runs_others
from bot.services.nights.planning import DAY_BEFORE, SOON_BEFORE, schedule
from bot.services.nights.states import State, Step, after, is_legal
from bot.store import Connection, night_timers, nights
from bot.store.nights import Onlooker, StoredNight, StoredNightSettings

LARGEST_NUMBER = 2**63 - 1
UNTIL_THE_NIGHT = ("close_dates", "open_vote", "close_vote", "remind_day", "remind_soon", "begin")
TIMERS = (*UNTIL_THE_NIGHT, "ask_ratings", "end")
"""All but ``repeat``, which outlives a night that is skipped."""


async def night_of(db: Connection, night_id: int, actor: Actor | None = None) -> StoredNight:
    """A night; with an actor, one that they see.

    Raises
    ------
    UserError
        If there is none of this number, in the same words as if it is not for them to see.
    """
    onlooker = None if actor is None else await onlooker_of(db, actor)
    night = await nights.get(db, night_id, onlooker) if 0 < night_id <= LARGEST_NUMBER else None
    if night is None:
        raise UserError("there is no such movie night")
    return night


async def onlooker_of(db: Connection, actor: Actor) -> Onlooker:
    """What decides which nights somebody sees."""
    return Onlooker(
        actor.guild_id,
        actor.user_id,
        actor.role_ids,
        actor.channel_ids,
        actor.gone_ids,
        runs_others(actor, await settings_of(db, actor.guild_id)),
    )


async def settings_of(db: Connection, guild_id: int) -> StoredNightSettings:
    """A server's settings for nights; the defaults where nothing was chosen."""
    return await nights.settings(db, guild_id) or StoredNightSettings(guild_id, "UTC", None)


def state_of(night: StoredNight) -> State:
    """The state of a night."""
    return cast(State, night.state)


def can(night: StoredNight, step: Step) -> bool:
    """Whether a night can take a step."""
    return is_legal(state_of(night), step)


async def take(db: Connection, night: StoredNight, step: Step, **values: Any) -> StoredNight:
    """Take a step and set columns along with it; answers the night afterwards.

    Raises
    ------
    UserError
        If the step is not legal in the night's state.
    """
    await nights.change(db, night.night_id, state=after(state_of(night), step), **values)
    return await night_of(db, night.night_id)


async def say(
    db: Connection,
    night: StoredNight,
    kind: PostKind,
    now: datetime,
    *,
    key: str | None = None,
    due_at: datetime | None = None,
    **facts: str,
) -> None:
    """Have something said in the night's channel, once for each key; without one, once for each night."""
    await night_timers.add_post(
        db, night.night_id, key or kind, kind, json.dumps(facts), due_at=due_at or now, now=now
    )


async def again(db: Connection, night: StoredNight, kind: PostKind) -> str:
    """A key for something that can come up several times: each time that it does is another."""
    return f"{kind}-{await night_timers.count_posts(db, night.night_id, kind) + 1}"


async def arrange(db: Connection, night: StoredNight, now: datetime) -> None:
    """Set what comes by itself until the night begins, from its start and its state; forget what was set.

    A chosen close of the vote stays if it is still before the night.
    """
    start = night.starts_at
    if start is None:
        raise RuntimeError(f"night {night.night_id} has no date yet")
    waiting = await night_timers.waiting(db, night.night_id)
    chosen = waiting.get("close_vote")
    times = schedule(now, start, chosen if chosen is not None and now < chosen <= start else None)
    due = {"begin": start}
    if night.state == "gathering":
        due |= {"open_vote": times.vote_opens, "close_vote": times.vote_closes}
    elif night.state == "voting":
        due["close_vote"] = times.vote_closes
    due |= {
        kind: start - before
        for kind, before in (("remind_day", DAY_BEFORE), ("remind_soon", SOON_BEFORE))
        # Who says on Thursday night that there is a night on Friday needs no reminder a day before.
        if start - before > now
    }
    await night_timers.drop(db, night.night_id, UNTIL_THE_NIGHT, now)
    for kind, time in due.items():
        await night_timers.set_timer(db, night.night_id, kind, time)
