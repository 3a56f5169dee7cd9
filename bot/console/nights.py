"""Movie nights in a terminal: the channel that announcements are said in, and the night's own message."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.console.screen import Screen, isolated
from bot.services.nights import announcing, wording
from bot.services.nights.answers import Announcement, Night
from bot.services.nights.wording import When


def when_in(time_zone: str) -> When:
    """How a time is written: ``Fri 4 Dec 2026 20:00``, in this zone."""
    zone = ZoneInfo(time_zone)

    def when(time: datetime) -> str:
        local = time.astimezone(zone)
        return f"{local:%a} {local.day} {local:%b %Y %H:%M}"

    return when


def show_night(screen: Screen, night: Night) -> None:
    """Write a night as it is now, with its candidates by number."""
    when = when_in(night.time_zone)
    screen.heading(f"{wording.title(night, isolated)} ({wording.state_words(night)}, {night.time_zone})")
    screen.lines(wording.card_lines(night, when, isolated), indent=2)
    # From the result on the count has told of them.
    if night.tally is None:
        for number, candidate in enumerate(night.candidates, 1):
            screen.line(f"{number:>2}. ", wording.candidate_line(night, candidate, isolated), indent=2)


class ConsoleChannel:
    """Says announcements on the screen; the terminal is the one channel there is."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    async def post(self, night: Night, announcement: Announcement) -> int:
        """Write an announcement."""
        names = {one.user_id: one.name for one in night.people}
        mentioned = [f"@{isolated(names[user_id])}" for user_id in announcement.mention if user_id in names]
        first, *rest = announcing.announcement_lines(night, announcement, when_in(night.time_zone), isolated)
        to = f"  {' '.join(mentioned)}" if mentioned else ""
        self._screen.line(("» ", "magenta"), (first, "bold"), (to, "cyan"))
        self._screen.lines(rest, indent=4)
        return announcement.post_id

    async def find(self, _night: Night, _announcement: Announcement) -> int | None:
        """None: a terminal that was closed shows nothing any more, so it is said again."""
        return None

    async def refresh(self, night: Night) -> None:
        """Nothing: a terminal cannot change what it has shown, and ``!night`` shows it as it is."""

    async def event(self, _night: Night) -> int | None:
        """None: there are no scheduled events in a terminal."""
        return None

    async def warn(self, night: Night, line: str) -> None:
        """Write what could not be said."""
        self._screen.error(f"night {night.night_id}: {line}")
