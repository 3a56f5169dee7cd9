"""How often somebody may do what a whole channel sees: each thing some times within an hour.

What was done is a row, so that a restart of the bot gives nobody a new beginning.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal, NamedTuple

from bot.errors import UserError
from bot.services.nights.answers import Actor
from bot.services.wording import counted
from bot.store import Connection, night_people, people

Act = Literal["plan", "move", "cancel", "repeat", "open", "nominate", "answer", "take_back"]

WITHIN = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


class Limit(NamedTuple):
    """How often, and what, as the middle of a sentence."""

    most: int
    what: str


LIMITS: Mapping[Act, Limit] = MappingProxyType(
    {
        # Each of these is a message of its own, and some mention people.
        "plan": Limit(5, "plan a night"),
        "move": Limit(5, "move a night"),
        "cancel": Limit(5, "cancel a night"),
        "open": Limit(5, "open a vote"),
        # These change the night's message.
        "repeat": Limit(10, "repeat a night or stop that"),
        "nominate": Limit(30, "nominate movies and take them back"),
        "answer": Limit(30, "say whether you come"),
        "take_back": Limit(30, "take your ballot back"),
    }
)


async def check(db: Connection, actor: Actor, act: Act, now: datetime) -> None:
    """Note that somebody does something on their server.

    Raises
    ------
    UserError
        If they did it as often as anybody may within an hour; the line says when they can again.
    """
    await people.remember(db, actor.user_id, actor.name)
    await night_people.forget_acts(db, now - WITHIN)
    done = await night_people.acts(db, actor.user_id, actor.guild_id, act)
    most, what = LIMITS[act]
    if len(done) >= most:
        minutes = max(-((now - done[-most] - WITHIN) // _MINUTE), 1)
        raise UserError(
            f"you can {what} only {most} times an hour: try again in {counted(minutes, 'minute')}"
        )
    await night_people.add_act(db, actor.user_id, actor.guild_id, act, now)
