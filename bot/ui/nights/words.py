"""How times, people and movies of a night are written on Discord."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.services.nights.answers import Candidate, Night, Presence
from bot.services.shown_titles import name_of
from bot.ui.text import plain, size

NAME, TITLE = 60, 120
_NAMED = 60


def when(moment: datetime, style: str = "F") -> str:
    """A time that Discord shows to everybody in their own zone; `style` R is relative, F the whole date."""
    return f"<t:{int(moment.timestamp())}:{style}>"


def when_both(moment: datetime) -> str:
    """The whole date, and how far away it is."""
    return f"{when(moment)} ({when(moment, 'R')})"


def movie_line(candidate: Candidate) -> str:
    """Title and year, safe in markdown."""
    return plain(name_of(candidate.movie), TITLE)


def person(one: Presence) -> str:
    """Somebody's name, safe in markdown."""
    return plain(one.name, NAME)


def names(people: Sequence[Presence], limit: int = 1000) -> str:
    """Names with commas, as many as fit into `limit`, and how many did not."""
    # Whoever is beyond these would not fit anyway.
    return in_line([person(one) for one in people[:_NAMED]], limit, len(people))


def in_line(words: Sequence[str], limit: int, total: int | None = None) -> str:
    """Words with commas, as many as fit into `limit`, and how many of the `total` did not."""
    total = len(words) if total is None else total
    kept: list[str] = []
    used = len(f" and {total} more")
    for word in words:
        used += size(word) + len(", ")
        if used > limit:
            break
        kept.append(word)
    more = total - len(kept)
    return ", ".join(kept) + (f" and {more} more" if more else "")


def known(night: Night, user_ids: Iterable[int]) -> list[str]:
    """Names of those of these people who answered, safe in markdown."""
    wanted = set(user_ids)
    return [person(one) for one in night.people if one.user_id in wanted]


def card_link(night: Night) -> str:
    """Address of the night's own message; empty while there is none."""
    if night.card_message_id is None:
        return ""
    return f"https://discord.com/channels/{night.guild_id}/{night.channel_id}/{night.card_message_id}"


def event_link(night: Night) -> str:
    """Address of the scheduled event; empty while there is none."""
    return "" if night.event_id is None else f"https://discord.com/events/{night.guild_id}/{night.event_id}"


def night_name(night: Night, limit: int = 150) -> str:
    """``Movie night: Aliens``, safe in markdown, with a theme of at most so many characters."""
    return f"Movie night: {plain(night.theme, limit)}" if night.theme else "Movie night"
