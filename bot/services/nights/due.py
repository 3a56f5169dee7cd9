"""What is done when a timer of a night comes due.

Each work checks the state it finds, so doing it twice, or after somebody did it by hand, changes nothing.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from bot.errors import UserError
from bot.services.nights import candidates, presence, repeating, voting
from bot.services.nights.planning import RATING_DAYS, checked_close, over_at, schedule
from bot.services.nights.steps import TIMERS, arrange, can, night_of, say, take
from bot.services.nights.views import movie_of
from bot.services.shelf import Serving
from bot.store import Connection, night_people, night_timers, night_votes, nights, seen, watchlists
from bot.store.nights import StoredNight
from recommender.catalogue import Movie


class Moment:
    """A timer's work is being done.

    Attributes
    ----------
    now, due_at : datetime
        When it is done, and when it was to be done.
    serving : Serving
    listed : sequence of Movie
        The group's list, where the work wants it.
    """

    def __init__(
        self, now: datetime, due_at: datetime, serving: Serving, listed: Sequence[Movie] = ()
    ) -> None:
        self.now = now
        self.due_at = due_at
        self.serving = serving
        self.listed = listed


Work = Callable[[Connection, StoredNight, Moment], Awaitable[None]]


async def close_dates(db: Connection, night: StoredNight, moment: Moment) -> None:
    """Fix the best of the proposed dates that are ahead; without one there is no night."""
    if not can(night, "fix_date"):
        return
    ahead = [date for date in await nights.dates(db, night.night_id) if date.starts_at > moment.now]
    if not ahead:
        await night_timers.drop(db, night.night_id, TIMERS, moment.now)
        night = await take(db, night, "cancel")
        await say(db, night, "no_date", moment.now, due_at=moment.due_at)
        return
    answers = {one.user_id: one.answer for one in await night_people.answers(db, night.night_id)}
    best = presence.best_date(ahead, answers, await night_people.marks(db, night.night_id))
    night = await take(db, night, "fix_date", starts_at=best.starts_at)
    await presence.settle(db, night, best.date_id, moment.now)
    await arrange(db, night, moment.now)
    await say(db, night, "date_fixed", moment.now, due_at=moment.due_at)


async def open_vote(db: Connection, night: StoredNight, moment: Moment) -> None:
    """Open the vote on the group's list and what was nominated."""
    if not can(night, "open_vote") or night.state == "undecided" or night.starts_at is None:
        return
    await candidates.add(db, night, moment.listed, "list")
    if not await night_votes.candidates(db, night.night_id):
        await say(db, night, "nothing_to_vote", moment.now, due_at=moment.due_at)
        return
    closes = (await night_timers.waiting(db, night.night_id)).get("close_vote")
    try:
        checked_close(closes, moment.now, night.starts_at)
    except UserError:
        # The bot was off when it was to close: it is open for the time that is left, if there is any.
        closes = None
    closes = closes or schedule(moment.now, max(night.starts_at, moment.now)).vote_closes
    await voting.open_now(db, night, closes, moment.now, moment.due_at)


async def close_vote(db: Connection, night: StoredNight, moment: Moment) -> None:
    """Count what there is."""
    if night.state == "voting":
        await voting.close(db, night, moment.now, due_at=moment.due_at)


async def remind_day(db: Connection, night: StoredNight, moment: Moment) -> None:
    """Remind those who are in, a day before."""
    await _remind(db, night, moment, "remind_day")


async def remind_soon(db: Connection, night: StoredNight, moment: Moment) -> None:
    """Remind those who are in, half an hour before."""
    await _remind(db, night, moment, "remind_soon")


async def _remind(db: Connection, night: StoredNight, moment: Moment, kind: str) -> None:
    if not can(night, "move") or night.starts_at is None:
        return
    # A night that is moved after its reminder is reminded of again.
    key = f"{kind}-{int(night.starts_at.timestamp())}"
    post = "remind_day" if kind == "remind_day" else "remind_soon"
    # The bot was off meanwhile: nobody is told to come to what has begun.
    facts = {"began": "yes"} if night.starts_at <= moment.now else {}
    await say(db, night, post, moment.now, key=key, due_at=moment.due_at, **facts)


async def begin(db: Connection, night: StoredNight, moment: Moment) -> None:
    """The night begins: what is not decided is decided now, with the ballots there are."""
    if night.state != "decided" and can(night, "decide"):
        await voting.close(db, night, moment.now, due_at=moment.due_at, anyway=True)
        night = await night_of(db, night.night_id)
    if not can(night, "begin") or night.starts_at is None:
        return
    there = len(await presence.comers(db, night.night_id))
    winner = await movie_of(db, moment.serving, night.winner_key)
    await take(db, night, "begin", attended=there)
    over = over_at(night.starts_at, None if winner is None else winner.runtime)
    await night_timers.set_timer(db, night.night_id, "ask_ratings", over)


async def ask_ratings(db: Connection, night: StoredNight, moment: Moment) -> None:
    """The movie is over: ask those who were there what they give it."""
    if not can(night, "ask_ratings"):
        return
    night = await take(db, night, "ask_ratings")
    await night_timers.drop(db, night.night_id, ("ask_ratings",), moment.now)
    if night.winner_key is None:
        await end(db, night, moment)
        return
    await night_timers.set_timer(db, night.night_id, "end", moment.now + RATING_DAYS)
    await say(db, night, "rate", moment.now, due_at=moment.due_at)


async def end(db: Connection, night: StoredNight, moment: Moment) -> None:
    """Nothing more is asked; who was there is counted for good, and has seen what was watched."""
    if can(night, "end"):
        there = await presence.comers(db, night.night_id)
        await take(db, night, "end", attended=len(there))
        if night.winner_key is not None:
            for user_id in there:
                # Not when the movie is over: some say only while the others rate that they were not there.
                await watchlists.remove(db, user_id, night.winner_key)
            rated = await night_votes.stars_of(db, night.winner_key, there)
            await seen.add(db, night.winner_key, set(there) - rated.keys(), night.starts_at or moment.now)
        await night_timers.drop(db, night.night_id, TIMERS, moment.now)


async def repeat(db: Connection, night: StoredNight, moment: Moment) -> None:
    """Open the next night of the series."""
    await repeating.next_night(db, night, moment.now, moment.due_at)


WORKS: Mapping[str, Work] = MappingProxyType(
    {
        "close_dates": close_dates,
        "open_vote": open_vote,
        "close_vote": close_vote,
        "remind_day": remind_day,
        "remind_soon": remind_soon,
        "begin": begin,
        "ask_ratings": ask_ratings,
        "end": end,
        "repeat": repeat,
    }
)
"""By kind of timer."""
