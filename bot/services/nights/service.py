"""The movie nights: the one way in for Discord and the console."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from bot.errors import UserError
from bot.services.answers import RatingChange
from bot.services.clock import Clock, utc_now
from bot.services.filters import Facets
from bot.services.group import GroupLists
from bot.services.nights import candidates, due, limits, presence, repeating, voting
from bot.services.nights.answers import Actor, Answer, Ballot, Night, Plan
from bot.services.nights.clockwork import Clockwork
from bot.services.nights.deliverer import Deliverer
from bot.services.nights.due import Moment
from bot.services.nights.limits import Act
from bot.services.nights.looking import AHEAD, OPEN, Looking
from bot.services.nights.outbox import Outbox
from bot.services.nights.permissions import check_comes, check_plans, check_runs
from bot.services.nights.planning import checked_close, checked_date, checked_plan, schedule
from bot.services.nights.results import filters_text
from bot.services.nights.states import FINISHED, after
from bot.services.nights.steps import TIMERS, again, arrange, can, night_of, say, settings_of, state_of, take
from bot.services.ratings import RatingBook
from bot.services.shelf import Shelf
from bot.store import Connection, Store, night_people, night_timers, night_votes, nights, people
from bot.store.movies import MovieRef
from bot.store.nights import StoredNight

LONGEST_REASON = 200
PATIENCE = 10.0
"""Seconds for which whoever asks for deliveries waits for them."""
MOST_OPEN = 20
"""So many nights of one server may be ahead or under way."""


class Nights(Looking):
    """Movie nights of all servers.

    What a method answered is on disk. Announcements that it led to are in the outbox then, and leave it with
    `deliver`. Everything raises `UserError` (or `NotAllowed`) for what is not to be, with nothing changed: a
    night that does not exist, a step that is not legal in its state, somebody who may not.
    """

    def __init__(
        self,
        store: Store,
        shelf: Shelf,
        ratings: RatingBook,
        groups: GroupLists,
        clock: Clock = utc_now,
    ) -> None:
        super().__init__(store, shelf)
        self._ratings = ratings
        self._clock = clock
        self._outbox = Outbox(store, shelf, clock)
        self._clockwork = Clockwork(store, shelf, groups, clock)

    # --- planning

    async def plan(self, actor: Actor, channel_id: int, plan: Plan) -> Night:
        """Open a night. Its message is the announcement ``card``.

        Raises
        ------
        NotAllowed
            If the actor may not plan here.
        UserError
            If a date is past, too near or too far, or a number is out of its range.
        """
        now = self._clock()
        wished = checked_plan(plan, now)
        # Somebody whom the catalogue does not name would leave the night without a list.
        await asyncio.to_thread(Facets.of(self._shelf.current.catalogue).fit, wished.filters)
        guild_id = actor.guild_id
        several = len(wished.dates) > 1
        async with self._store.write() as db:
            check_plans(actor, await settings_of(db, guild_id))
            await limits.check(db, actor, "plan", now)
            if await nights.count_of_guild(db, guild_id, OPEN) >= MOST_OPEN:
                raise UserError(f"{MOST_OPEN} nights are planned already: cancel one first")
            number = await nights.add(
                db,
                guild_id=guild_id,
                channel_id=channel_id,
                state="planning" if several else "gathering",
                wishes=filters_text(wished.filters),
                invited_role_id=wished.invited_role_id,
                for_guests=bool(wished.guests),
                vote_kind=wished.vote_kind,
                quorum=wished.quorum,
                nominations_each=wished.nominations_each,
                carry_over=wished.carry_over,
                starts_at=None if several else wished.dates[0],
                created_at=now,
            )
            await nights.add_dates(db, number, wished.dates)
            await people.remember(db, actor.user_id, actor.name)
            await nights.put_text(db, number, "theme", actor.user_id, wished.theme)
            await night_people.set_host(db, number, actor.user_id)
            for user_id, name in wished.guests:
                await people.remember(db, user_id, name)
            await night_people.add_guests(db, number, {user_id for user_id, _ in wished.guests})
            night = await night_of(db, number)
            await candidates.carry_over(db, night)
            if wished.vote_closes_at is not None:
                await night_timers.set_timer(db, number, "close_vote", wished.vote_closes_at)
            if several:
                times = schedule(now, wished.dates[0], wished.vote_closes_at)
                await night_timers.set_timer(db, number, "close_dates", times.dates_close)
            else:
                await arrange(db, night, now)
            # Who plans a night comes to it, until they say otherwise.
            await presence.put(db, actor, night, "in", None, now)
            await say(db, night, "card", now)
            return await self._view(db, await night_of(db, number))

    async def move(self, actor: Actor, night_id: int, starts_at: datetime) -> Night:
        """Give a night another date, this occurrence of a series alone. Reminders and the vote move along."""
        now = self._clock()
        async with self._running(actor, night_id, "move") as (db, night):
            date = checked_date(starts_at, now)
            before = night.starts_at
            moved = await take(db, night, "move", starts_at=date)
            closes = (await night_timers.waiting(db, night_id)).get("close_vote")
            if before is not None and closes is not None:
                if closes == schedule(night.created_at, before).vote_closes:
                    # Nobody chose it, and it may have been for short notice: it is worked out anew.
                    await night_timers.drop(db, night_id, ("close_vote",), now)
                else:
                    await night_timers.set_timer(db, night_id, "close_vote", closes + (date - before))
            await arrange(db, moved, now)
            was = "" if before is None else before.isoformat()
            await say(db, moved, "moved", now, key=await again(db, night, "moved"), before=was)
        return await self._as_it_is(night_id)

    async def cancel(self, actor: Actor, night_id: int, reason: str = "") -> Night:
        """Call a night off; of a series this one alone (it is skipped)."""
        now = self._clock()
        async with self._running(actor, night_id, "cancel") as (db, night):
            cancelled = await take(db, night, "cancel")
            await night_timers.drop(db, night_id, TIMERS, now)
            await people.remember(db, actor.user_id, actor.name)
            text = " ".join(reason.split())[:LONGEST_REASON]
            await nights.put_text(db, night_id, "reason", actor.user_id, text)
            await say(db, cancelled, "cancelled", now)
        return await self._as_it_is(night_id)

    async def repeat(self, actor: Actor, night_id: int) -> Night:
        """Repeat a night every week at its local hour. The next one is opened when this one begins."""
        async with self._running(actor, night_id, "repeat") as (db, night):
            zone = (await settings_of(db, night.guild_id)).time_zone
            await repeating.begin(db, night, zone, self._clock())
        return await self._as_it_is(night_id)

    async def stop_repeating(self, actor: Actor, night_id: int) -> Night:
        """End the series of a night; the nights that are open stay."""
        async with self._running(actor, night_id, "repeat") as (db, night):
            await repeating.end(db, night, self._clock())
        return await self._as_it_is(night_id)

    async def relocate(self, actor: Actor, night_id: int, channel_id: int) -> Night:
        """Go on in another channel: the night's message comes there, and what could not be said is said.

        The message that stays behind is made to say so.
        """
        now = self._clock()
        async with self._running(actor, night_id, "move") as (db, night):
            if night.state in FINISHED:
                raise UserError("this night is past: there is nothing to move to another channel")
            await nights.change(db, night_id, channel_id=channel_id, trouble="")
            await night_timers.try_again(db, night_id)
            card = await night_timers.newest(db, night_id, "card")
            if card is None or card.sent_at is not None:
                await say(db, night, "card", now, key=await again(db, night, "card"))
            if card is not None and card.message_id is not None:
                key, message = await again(db, night, "left"), str(card.message_id)
                await say(db, night, "left", now, key=key, channel=str(night.channel_id), message=message)
        return await self._as_it_is(night_id)

    # --- who comes

    async def answer(
        self, actor: Actor, night_id: int, answer: Answer, date_ids: Collection[int] | None = None
    ) -> Night:
        """Say whether one comes; with several dates, which of them suit.

        Parameters
        ----------
        actor : Actor
        night_id : int
        answer : str
        date_ids : collection of int, optional
            Left out, the dates that were marked before stay marked, or at first all.

        Raises
        ------
        NotAllowed
            If the night is for others.
        """
        async with self._store.write() as db:
            night = await night_of(db, night_id, actor)
            await limits.check(db, actor, "answer", self._clock())
            await presence.put(db, actor, night, answer, date_ids, self._clock())
            return await self._view(db, await night_of(db, night_id))

    async def messages_gone(self, guild_id: int, message_ids: Collection[int]) -> bool:
        """Messages were deleted: a night's own one is posted anew; answers whether one was among them."""
        gone: list[StoredNight] = []
        # Looked up first: messages are deleted all the time, and hardly ever a night's.
        async with self._store.read() as db:
            for night in await nights.of_guild(db, guild_id, OPEN):
                card = await night_timers.newest(db, night.night_id, "card")
                if card is not None and card.message_id in message_ids:
                    gone.append(night)
        if gone:
            async with self._store.write() as db:
                for night in gone:
                    await say(db, night, "card", self._clock(), key=await again(db, night, "card"))
        return bool(gone)

    async def channel_gone(self, guild_id: int, channel_id: int) -> bool:
        """A channel was deleted: `deliver` will tell the hosts; answers whether a night lived there."""
        async with self._store.write() as db:
            lost = [
                night for night in await nights.of_guild(db, guild_id, OPEN) if night.channel_id == channel_id
            ]
            for night in lost:
                await nights.change(db, night.night_id)
        return bool(lost)

    async def member_left(self, guild_id: int, user_id: int) -> list[Night]:
        """Somebody left the server: they come to none of its nights ahead; answers the nights that changed.

        A host hands over to whoever said first that they are in.
        """
        async with self._store.write() as db:
            await repeating.host_left(db, guild_id, user_id)
            return [
                await self._view(db, await night_of(db, night.night_id))
                for night in await nights.of_guild(db, guild_id, AHEAD)
                if await presence.leave(db, night, user_id, self._clock())
            ]

    # --- what to watch

    async def nominate(self, actor: Actor, night_id: int, movie_id: int) -> Night:
        """Nominate a movie of the catalogue; one that is a candidate already gains a supporter."""
        async with self._store.write() as db:
            night = await night_of(db, night_id, actor)
            await self._check_comes(db, actor, night)
            movie = self._shelf.current.catalogue.get(movie_id)
            if movie is None:
                raise UserError("the catalogue does not have that movie any more: look it up by its title")
            await limits.check(db, actor, "nominate", self._clock())
            await candidates.nominate(db, actor, night, movie, self._clock())
            return await self._view(db, await night_of(db, night_id))

    async def withdraw(self, actor: Actor, night_id: int, movie_key: int) -> Night:
        """Take one's own nomination back; a movie that nobody else wants leaves."""
        async with self._store.write() as db:
            night = await night_of(db, night_id, actor)
            await limits.check(db, actor, "nominate", self._clock())
            await candidates.withdraw(db, actor, night, movie_key)
            return await self._view(db, await night_of(db, night_id))

    async def open_vote(self, actor: Actor, night_id: int, until: datetime | None = None) -> Night:
        """Open the vote now, or again after too few ballots."""
        await self.get(actor, night_id)
        listed = await self._clockwork.listed(night_id)
        now = self._clock()
        async with self._running(actor, night_id, "open") as (db, night):
            # Whether that is legal at all is said before anything about times.
            after(state_of(night), "open_vote")
            if night.starts_at is None:
                raise RuntimeError(f"night {night_id} has no date, yet its vote could be opened")
            checked_close(until, now, night.starts_at)
            if night.state == "gathering":
                await candidates.add(db, night, listed, "list")
            waiting = (await night_timers.waiting(db, night_id)).get("close_vote")
            closes = until or waiting or schedule(now, night.starts_at).vote_closes
            await voting.open_now(db, night, closes, now)
        return await self._as_it_is(night_id)

    async def ballot(self, actor: Actor, night_id: int) -> Ballot:
        """The actor's own ballot."""
        async with self._store.read() as db:
            return await self._ballot(db, actor, await night_of(db, night_id, actor))

    async def cast(self, actor: Actor, night_id: int, choices: Mapping[int, int]) -> Ballot:
        """Vote, in place of one's earlier ballot. `choices` as in `Ballot`; an empty one abstains.

        Whoever votes and has not answered yet is in.
        """
        async with self._store.write() as db:
            night = await night_of(db, night_id, actor)
            await self._check_comes(db, actor, night)
            await voting.cast_ballot(db, actor, night, choices, self._clock())
            return await self._ballot(db, actor, night)

    async def take_back(self, actor: Actor, night_id: int) -> Ballot:
        """Remove one's own ballot."""
        async with self._store.write() as db:
            night = await take(db, await night_of(db, night_id, actor), "cast")
            await limits.check(db, actor, "take_back", self._clock())
            if not await night_votes.remove_ballot(db, night_id, actor.user_id):
                raise UserError("you have not voted in this night")
            return await self._ballot(db, actor, night)

    async def close(self, actor: Actor, night_id: int) -> Night:
        """Close early what is open: the vote on the date, or the vote on the movie.

        Of a vote with fewer ballots than the quorum the host takes what there is by closing it again.
        """
        now = self._clock()
        async with self._running(actor, night_id) as (db, night):
            if can(night, "fix_date"):
                await due.close_dates(db, night, Moment(now, now, self._shelf.current))
            else:
                if night.state == "gathering":
                    raise UserError("the vote is not open yet: “night open” opens it, then it can be closed")
                await voting.close(db, night, now, anyway=night.state == "undecided")
        return await self._as_it_is(night_id)

    # --- afterwards

    async def ask_ratings(self, actor: Actor, night_id: int) -> Night:
        """The host's button: the movie is over, ask for ratings now."""
        now = self._clock()
        async with self._running(actor, night_id) as (db, night):
            after(state_of(night), "ask_ratings")
            await due.ask_ratings(db, night, Moment(now, now, self._shelf.current))
        return await self._as_it_is(night_id)

    async def rate(self, actor: Actor, night_id: int, stars: float) -> RatingChange:
        """Give what was watched stars, as a rating like any other; whoever rates was there."""
        async with self._store.write() as db:
            night = await night_of(db, night_id, actor)
            await self._check_comes(db, actor, night)
            rated = await take(db, night, "rate")
            if await night_people.answer_of(db, night_id, actor.user_id) != "in":
                await presence.put(db, actor, rated, "in", None, self._clock())
        if rated.winner_key is None:
            raise UserError("nothing was watched in this night")
        return await self._ratings.rate(actor.user_id, actor.name, MovieRef(rated.winner_key), stars)

    # --- time

    async def run_due(self) -> int:
        """Do what has come due, in order; answers how much was done. `deliver` tells of it."""
        return await self._clockwork.run_due()

    async def deliver(self, deliverer: Deliverer, *, patience: float = PATIENCE) -> None:
        """Say what there is to say and bring the nights' messages up to date. Call it after each change.

        What cannot be said is tried again later, and told in ``Night.trouble``. What takes longer than
        `patience`, in seconds, goes on by itself until `stop_delivering`.
        """
        await self._outbox.deliver(deliverer, self._clockwork.stuck, patience)

    async def stop_delivering(self) -> None:
        """End the deliveries that are on their way; a later start takes them up again."""
        await self._outbox.stop()

    async def next_due(self) -> datetime | None:
        """When there will next be something to do or to be tried again; None if nothing is ahead."""
        async with self._store.read() as db:
            return await night_timers.first_due(db)

    # --- parts

    @asynccontextmanager
    async def _running(
        self, actor: Actor, night_id: int, act: Act | None = None
    ) -> AsyncGenerator[tuple[Connection, StoredNight]]:
        """A transaction of somebody who may run the night, and who does what is limited (see `limits`)."""
        async with self._store.write() as db:
            night = await night_of(db, night_id, actor)
            host = await night_people.host(db, night_id)
            settings = await settings_of(db, night.guild_id)
            check_runs(actor, host and host.user_id, settings, await presence.comers(db, night_id))
            if act is not None:
                await limits.check(db, actor, act, self._clock())
            yield db, night

    async def _as_it_is(self, night_id: int) -> Night:
        """A night after what its actor did, which may have moved it to where they do not see it."""
        async with self._store.read() as db:
            return await self._view(db, await night_of(db, night_id))

    async def _check_comes(self, db: Connection, actor: Actor, night: StoredNight) -> None:
        host = await night_people.host(db, night.night_id)
        guests = [guest.user_id for guest in await night_people.guests(db, night.night_id)]
        check_comes(actor, night, host and host.user_id, guests)

    async def _ballot(self, db: Connection, actor: Actor, night: StoredNight) -> Ballot:
        cast_at, choices = await night_votes.ballot(db, night.night_id, actor.user_id)
        return Ballot(night.night_id, voting.kind_of(night), cast_at, choices)
