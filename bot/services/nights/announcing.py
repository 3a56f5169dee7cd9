"""What each announcement of a night says, the same in Discord and in the console."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.services.nights.answers import Announcement, Night
from bot.services.nights.wording import HOW, RULES, When, candidate_line, card_lines, result_lines, title
from bot.services.shown_titles import name_of
from bot.services.wording import Escape, counted


def announcement_lines(
    night: Night, announcement: Announcement, when: When, escape: Escape = str
) -> list[str]:
    """An announcement; the first line stands for itself. What is late says when it was due."""
    lines = _SAID[announcement.kind](night, announcement, when, escape)
    if announcement.late:
        lines.append(f"late, the bot was away: this was due {when(announcement.due_at)}")
    return lines


def _start(night: Night, when: When) -> str:
    return "" if night.starts_at is None else when(night.starts_at)


def _movie(night: Night, escape: Escape) -> str:
    if night.winner is not None:
        return f"we watch {escape(name_of(night.winner))}"
    if night.state in ("gathering", "voting"):
        return "what we watch is still open"
    return "no movie is decided"


def _card(night: Night, _: Announcement, when: When, escape: Escape) -> list[str]:
    return [title(night, escape), *card_lines(night, when, escape)]


def _left(night: Night, _: Announcement, _when: When, escape: Escape) -> list[str]:
    return [f"{title(night, escape)} goes on in another channel"]


def _date_fixed(night: Night, _: Announcement, when: When, escape: Escape) -> list[str]:
    date = next((date for date in night.dates if date.starts_at == night.starts_at), None)
    number = 0 if date is None else len(date.suits)
    suits = f" ({'1 person' if number == 1 else f'{number} people'} can)"
    return [
        f"{title(night, escape)} is on {_start(night, when)}{suits}",
        "whom that does not suit counts as not coming, and can say otherwise",
    ]


def _no_date(night: Night, _: Announcement, _when: When, escape: Escape) -> list[str]:
    return [f"{title(night, escape)} is cancelled: all proposed dates have passed"]


def _vote_open(night: Night, _: Announcement, when: When, escape: Escape) -> list[str]:
    if night.state != "voting":
        return [f"{title(night, escape)}: the vote was opened, and is closed by now"]
    closes = "" if night.vote_closes_at is None else f" until {when(night.vote_closes_at)}"
    return [
        f"{title(night, escape)}: the vote is open{closes}",
        f"{HOW[night.vote_kind]}; ballots are secret until then and can be changed",
        RULES[night.vote_kind],
        *(f"{number}. {line}" for number, line in enumerate(_candidates(night, escape), 1)),
    ]


def _candidates(night: Night, escape: Escape) -> Sequence[str]:
    return [candidate_line(night, one, escape) for one in night.candidates]


def _nothing_to_vote(night: Night, _: Announcement, _when: When, escape: Escape) -> list[str]:
    return [
        f"{title(night, escape)}: there is nothing to vote on",
        "nominate movies, or rate a few so that there can be a list; then the host opens the vote",
    ]


def _vote_missed(night: Night, announcement: Announcement, _when: When, escape: Escape) -> list[str]:
    found = counted(int(announcement.facts.get("ballots", "0")), "ballot")
    return [
        f"{title(night, escape)}: the vote closed with {found}, {night.quorum} needed",
        "the host opens it again, or closes it as it is; when the night begins it counts as it is",
    ]


def _result(night: Night, _: Announcement, when: When, escape: Escape) -> list[str]:
    first, *rest = result_lines(night, escape)
    start = _start(night, when)
    return [
        f"{title(night, escape)}: {first}, {start}" if start else f"{title(night, escape)}: {first}",
        *rest,
    ]


def _remind(night: Night, announcement: Announcement, when: When, escape: Escape) -> list[str]:
    begins = "began" if announcement.facts.get("began") else "begins"
    return [f"{title(night, escape)} {begins} {_start(night, when)}: {_movie(night, escape)}"]


def _moved(night: Night, announcement: Announcement, when: When, escape: Escape) -> list[str]:
    before = announcement.facts.get("before")
    was = f", not {when(datetime.fromisoformat(before))}" if before else ""
    return [f"{title(night, escape)} is now on {_start(night, when)}{was}"]


def _cancelled(night: Night, _: Announcement, when: When, escape: Escape) -> list[str]:
    start = f" ({_start(night, when)})" if night.starts_at is not None else ""
    reason = f": {escape(night.reason)}" if night.reason else ""
    lines = [f"{title(night, escape)}{start} is cancelled{reason}"]
    if night.series_id is not None:
        lines.append("it is skipped this once; the next one is opened when this one would have begun")
    return lines


def _new_host(night: Night, _: Announcement, _when: When, escape: Escape) -> list[str]:
    if night.host_id is None:
        return [f"{title(night, escape)}: the host left; whoever comes can run it now"]
    return [f"{title(night, escape)}: the host left; {escape(night.host_name)} hosts it now"]


def _rate(night: Night, _: Announcement, _when: When, escape: Escape) -> list[str]:
    movie = "the movie" if night.winner is None else escape(name_of(night.winner))
    return [f"{title(night, escape)}: how was {movie}?", "rate what we watched; whoever rates was there"]


_Said = Callable[[Night, Announcement, When, Escape], list[str]]
_SAID: Mapping[str, _Said] = {
    "card": _card,
    "left": _left,
    "date_fixed": _date_fixed,
    "no_date": _no_date,
    "vote_open": _vote_open,
    "nothing_to_vote": _nothing_to_vote,
    "vote_missed": _vote_missed,
    "result": _result,
    "remind_day": _remind,
    "remind_soon": _remind,
    "moved": _moved,
    "cancelled": _cancelled,
    "new_host": _new_host,
    "rate": _rate,
}
