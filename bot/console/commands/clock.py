"""!clock, in the console alone: time is moved, and what came due meanwhile is done."""

import re
from datetime import timedelta

from bot.console.nights import ConsoleChannel, when_in
from bot.console.talk import GUILD_ID, Command, Talk
from bot.errors import UserError
from bot.services.clock import MovableClock

_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
FARTHEST = timedelta(days=400)
OFF = "off"


async def _clock(talk: Talk, text: str) -> None:
    clock = talk.services.clock
    if not isinstance(clock, MovableClock):
        raise UserError("the clock of this session cannot be moved")
    if text:
        span, _, how = text.casefold().partition(" ")
        if how.strip() not in ("", OFF):
            raise UserError(f"behind the time can stand {OFF}: the bot was off meanwhile")
        target = clock() + _span(span)
        # While the bot is on it does everything at its time; one that was off finds it all at once.
        nights, channel = talk.services.nights, ConsoleChannel(talk.screen)
        while how.strip() != OFF and (due := await nights.next_due()) and due <= target:
            overdue = due <= clock()
            clock.put_forward(due)
            done = await nights.run_due()
            await nights.deliver(channel)
            if not done and overdue:
                raise UserError("something that is due could not be done; what happened is in the log")
        clock.put_forward(target)
    settings = await talk.services.nights.settings(GUILD_ID)
    talk.screen.line(f"It is {when_in(settings.time_zone)(clock())} ({settings.time_zone}).")


def _span(text: str) -> timedelta:
    """``+1d``, ``+2h30m``."""
    parts = re.findall(r"(\d{1,4})([wdhm])", text)
    if not parts or "".join(f"{number}{unit}" for number, unit in parts) != text.removeprefix("+"):
        raise UserError("write how far to move the clock: +1d, +2h30m, +1w")
    span = sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in parts), timedelta())
    if span > FARTHEST:
        raise UserError(f"the clock is moved by at most {FARTHEST.days} days at a time")
    return span


COMMANDS = {
    "clock": Command(
        f"[+1d|+2h30m|+1w] [{OFF}]",
        "Move the time, in the console alone, and see what comes due; off: as if the bot had been off.",
        _clock,
    ),
}
