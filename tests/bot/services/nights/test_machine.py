"""A night against an oracle: whatever people do, in whatever order, is what `expected` says it has to be."""

import asyncio
import shutil
from collections.abc import Awaitable, Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from bot.errors import UserError
from bot.services.nights.answers import Actor, Answer, Night, VoteKind
from bot.services.privacy import Privacy
from bot.store import night_timers
from recommender.datasets.dataset import Dataset
from tests.bot.services.nights.conftest import ANA, BEN, CLEO, EVA, GUILD, Evening, key_of
from tests.bot.services.nights.expected import AHEAD, FINISHED, Expected, Series
from tests.bot.services.tiny import World

EXAMPLES, STEPS = 14, 30
MOST_OPEN = 3
NEVER = datetime.max.replace(tzinfo=UTC)
STEP = timedelta(minutes=13)
"""Passes with each step, unnoticed by the bot: nobody does anything more often than an hour allows."""

ONCE = ("card", "date_fixed", "no_date", "result", "rate", "cancelled")
LAST = ("no_date", "cancelled", "rate")
VOTES = {
    *(("", "vote_open"), ("vote_open", "vote_missed"), ("vote_missed", "vote_open")),
    *(("vote_open", "result"), ("vote_missed", "result"), ("", "result")),
}
"""What may follow what."""

WHO = {actor.name: actor for actor in (ANA, BEN, CLEO, EVA)}
names = st.sampled_from([*WHO])
numbers = st.integers(0, 5)
ballots = st.dictionaries(st.integers(0, 6), st.integers(0, 5), max_size=4)
some_days = st.sets(st.integers(1, 6), min_size=1, max_size=3)


class NightMachine(RuleBasedStateMachine):
    """Some nights of one server."""

    def __init__(self, home: Path, community: Dataset, copying: tuple[str, ...]) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        world = self.run(self.stack.enter_async_context(World.opened(home, community, copying)))
        self.evening = Evening(world)
        self.privacy = Privacy(world.store, world.clock, 7)
        self.expected: dict[int, Expected] = {}
        self.seen: dict[int, set[int]] = {}
        self.hiding: set[int] = set()
        self.finished: dict[int, tuple[object, ...]] = {}
        self.steps = 0
        self.sound = True

    # --- tools

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    @property
    def now(self) -> datetime:
        return self.evening.clock.now

    def seen_again(self, number: int) -> Night:
        """What somebody reads who has nothing in memory."""
        return self.run(self.evening.made().get(EVA, number))

    def attempt(self, legal: bool, work: Awaitable[object]) -> bool:
        """Try something; answers whether it was done, which it has to be just if it is legal."""

        async def tried() -> object:
            return await work

        if not legal:
            with pytest.raises(UserError):
                self.run(tried())
            return False
        answered = self.run(tried())
        if isinstance(answered, Night):
            assert answered == self.seen_again(answered.night_id)
        return True

    def one(self, which: int) -> Expected:
        """One of the nights, rather an open one."""
        found = [night for night in self.expected.values() if night.state not in FINISHED]
        found = found or [*self.expected.values()]
        return found[which % len(found)]

    def open_ones(self) -> list[Expected]:
        return [night for night in self.expected.values() if night.state not in FINISHED]

    def keyed(self, night: Expected, drawn: dict[int, int]) -> tuple[dict[int, int], dict[int, int]]:
        """A ballot as it is cast, by movie key, and as it is expected, by movie id."""
        listed = night.listed or ()
        choices = {listed[which % len(listed)]: value for which, value in drawn.items()} if listed else {}
        if night.kind == "approval":
            choices = dict.fromkeys(choices, 1)
        elif night.kind == "ranked":
            choices = {movie: rank for rank, movie in enumerate(choices, 2)}
        real = self.seen_again(night.number)
        return {key_of(real, movie): value for movie, value in choices.items()}, choices

    def look(self) -> int:
        """The bot looks at the clock."""
        done = self.run(self.evening.nights.run_due())
        opened = []
        for night in [*self.expected.values()]:
            was = night.state
            if (following := night.pass_time(self.now)) is not None:
                opened.append(following)
            if (was, night.state) == ("rating", "over") and night.winner is not None:
                self.seen.setdefault(night.winner, set()).update(night.comers())
        # Those of one look are numbered as they come due.
        for following in sorted(opened, key=lambda one: one.start):
            following.number = len(self.expected) + 1
            self.expected[following.number] = following
        return done

    def pass_until(self, end: datetime) -> None:
        """Time passes, and the bot looks whenever it said that something will be due."""
        self.look()
        self.compare()
        while (due := self.run(self.evening.nights.next_due())) is not None and due <= end:
            self.evening.clock.now = max(self.now, due)
            self.look()
            self.compare()
        self.evening.clock.now = end

    # --- what people do

    @initialize(days=some_days, kind=st.sampled_from(("approval", "ranked", "score")))
    def first_night(self, days: set[int], kind: VoteKind) -> None:
        self.plan(ANA, days, kind, 2, 3)

    @precondition(lambda self: len(self.open_ones()) < MOST_OPEN)
    @rule(
        name=names,
        days=some_days,
        kind=st.sampled_from(("approval", "ranked", "score")),
        quorum=st.integers(1, 3),
        each=st.sampled_from((3, 1, 0)),
    )
    def plans(self, name: str, days: set[int], kind: VoteKind, quorum: int, each: int) -> None:
        actor = WHO[name]
        self.plan(actor, days, kind, quorum, each)

    def plan(self, actor: Actor, days: set[int], kind: VoteKind, quorum: int, each: int) -> None:
        dates = [self.now + timedelta(days=day) for day in sorted(days)]
        wishes = {"vote_kind": kind, "quorum": quorum, "nominations_each": each}
        night = self.run(self.evening.plan(actor, *dates, **wishes))
        assert night == self.seen_again(night.night_id)
        proposed = {date.date_id: date.starts_at for date in night.dates}
        assert sorted(proposed.values()) == dates
        state, start = ("planning", None) if len(dates) > 1 else ("gathering", dates[0])
        number = len(self.expected) + 1
        assert night.night_id == number
        made = Expected(number, state, actor.user_id, kind, quorum, each, proposed, start)
        made.answer(actor.user_id, "in", self.now)
        self.expected[number] = made

    @rule(which=numbers, name=names, answer=st.sampled_from(("in", "maybe", "out")), dates=st.data())
    def answers(self, which: int, name: str, answer: Answer, dates: st.DataObject) -> None:
        actor = WHO[name]
        night = self.one(which)
        chosen = None
        if night.state == "planning":
            chosen = dates.draw(st.none() | st.sets(st.sampled_from(sorted(night.dates)), min_size=1))
        work = self.evening.nights.answer(actor, night.number, answer, chosen)
        if self.attempt(night.state not in FINISHED, work):
            night.answer(actor.user_id, answer, self.now, chosen)

    @rule(which=numbers, name=names, movie=st.integers(40, 44))
    def nominates(self, which: int, name: str, movie: int) -> None:
        actor = WHO[name]
        night = self.one(which)
        mine = sum(actor.user_id in by for by in night.wanted.values())
        known = actor.user_id in night.wanted.get(movie, ())
        legal = night.state in ("planning", "gathering") and mine < night.nominations_each and not known
        if self.attempt(legal, self.evening.nights.nominate(actor, night.number, movie)):
            night.wanted.setdefault(movie, set()).add(actor.user_id)

    @precondition(lambda self: any(night.wanted for night in self.open_ones()))
    @rule(which=numbers, name=names, movie=numbers)
    def withdraws(self, which: int, name: str, movie: int) -> None:
        actor = WHO[name]
        night = self.one(which)
        wanted = sorted(night.wanted) or [0]
        movie = wanted[movie % len(wanted)]
        by = night.wanted.get(movie, set())
        legal = night.state in ("planning", "gathering") and actor.user_id in by
        key = key_of(self.seen_again(night.number), movie) if movie else 10**6
        if self.attempt(legal, self.evening.nights.withdraw(actor, night.number, key)):
            by.remove(actor.user_id)
            if not by:
                del night.wanted[movie]

    @rule(which=numbers, name=names)
    def opens_vote(self, which: int, name: str) -> None:
        actor = WHO[name]
        night = self.one(which)
        ready = night.state == "undecided" or (night.state == "gathering" and night.can_be_opened())
        legal = night.may_run(actor) and ready
        if self.attempt(legal, self.evening.nights.open_vote(actor, night.number)):
            night.state, night.opened = "voting", True

    @precondition(lambda self: any(night.state == "voting" for night in self.open_ones()))
    @rule(which=numbers, drawn=st.tuples(ballots, ballots, ballots))
    def all_vote(self, which: int, drawn: tuple[dict[int, int], ...]) -> None:
        for actor, ballot in zip((ANA, BEN, CLEO), drawn, strict=True):
            self.casts(which, actor, ballot)

    @rule(which=numbers, name=names, drawn=ballots)
    def vote(self, which: int, name: str, drawn: dict[int, int]) -> None:
        actor = WHO[name]
        self.casts(which, actor, drawn)

    def casts(self, which: int, actor: Actor, drawn: dict[int, int]) -> None:
        night = self.one(which)
        choices, expected = self.keyed(night, drawn)
        answer, _ = night.answers.get(actor.user_id, (None, None))
        legal = night.state == "voting" and answer != "out"
        if self.attempt(legal, self.evening.nights.cast(actor, night.number, choices)):
            if answer is None:
                night.answer(actor.user_id, "in", self.now)
            night.ballots[actor.user_id] = expected
            kept = self.run(self.evening.made().ballot(actor, night.number))
            # Ranks are counted from 1.
            ranks = dict(zip(choices, range(1, 99), strict=False))
            assert kept.choices == (ranks if night.kind == "ranked" else choices)

    @rule(which=numbers, name=names)
    def takes_back(self, which: int, name: str) -> None:
        actor = WHO[name]
        night = self.one(which)
        legal = night.state == "voting" and actor.user_id in night.ballots
        if self.attempt(legal, self.evening.nights.take_back(actor, night.number)):
            del night.ballots[actor.user_id]

    @rule(which=numbers, name=names)
    def closes(self, which: int, name: str) -> None:
        actor = WHO[name]
        night = self.one(which)
        legal = night.may_run(actor) and night.state in ("planning", "voting", "undecided")
        if self.attempt(legal, self.evening.nights.close(actor, night.number)):
            if night.state == "planning":
                night.fix_date(self.now)
            else:
                night.close(anyway=night.state == "undecided")

    @rule(which=numbers, name=names, hours=st.integers(1, 150))
    def moves(self, which: int, name: str, hours: int) -> None:
        actor = WHO[name]
        night, date = self.one(which), self.now + timedelta(hours=hours)
        legal = night.may_run(actor) and night.state in AHEAD
        if self.attempt(legal, self.evening.nights.move(actor, night.number, date)):
            night.starts_at = date
            night.state = "gathering" if night.state == "planning" else night.state

    @precondition(lambda self: self.steps % 4 == 3)
    @rule(which=numbers, name=names)
    def cancels(self, which: int, name: str) -> None:
        actor = WHO[name]
        night = self.one(which)
        legal = night.may_run(actor) and night.state in (*AHEAD, "running")
        if self.attempt(legal, self.evening.nights.cancel(actor, night.number, "snow")):
            night.cancel()

    @precondition(lambda self: self.steps % 3 == 2)
    @rule(which=numbers, name=names)
    def repeats(self, which: int, name: str) -> None:
        actor = WHO[name]
        night = self.one(which)
        legal = night.may_run(actor) and not night.repeats and night.state not in (*FINISHED, "planning")
        if self.attempt(legal, self.evening.nights.repeat(actor, night.number)):
            night.series, night.slot = Series(), night.start
            night.due["repeat"] = max(night.start, self.now)

    @rule(which=numbers, name=names)
    def stops_repeating(self, which: int, name: str) -> None:
        actor = WHO[name]
        night = self.one(which)
        legal = night.may_run(actor) and night.repeats
        if self.attempt(legal, self.evening.nights.stop_repeating(actor, night.number)):
            assert night.series is not None
            night.series.runs = False

    @rule(which=numbers, name=names)
    def asks_for_ratings(self, which: int, name: str) -> None:
        actor = WHO[name]
        night = self.one(which)
        legal = night.may_run(actor) and night.state == "running"
        if self.attempt(legal, self.evening.nights.ask_ratings(actor, night.number)):
            night.end_of_movie(self.now)

    @precondition(lambda self: any(night.state == "rating" for night in self.open_ones()))
    @rule(which=numbers, name=names)
    def rates(self, which: int, name: str) -> None:
        actor = WHO[name]
        night = self.one(which)
        if self.attempt(night.state == "rating", self.evening.nights.rate(actor, night.number, 4)):
            night.answer(actor.user_id, "in", self.now)
            self.seen.setdefault(night.winner or 0, set()).add(actor.user_id)

    @rule(name=names, movie=st.integers(40, 44))
    def sees(self, name: str, movie: int) -> None:
        actor = WHO[name]
        self.run(self.evening.world.ratings.rate(actor.user_id, actor.name, movie, 3))
        self.seen.setdefault(movie, set()).add(actor.user_id)

    @rule(name=names)
    def hides(self, name: str) -> None:
        actor = WHO[name]
        self.run(self.privacy.hide(actor.user_id, actor.name))
        self.hiding.add(actor.user_id)

    @precondition(lambda self: self.steps % 4 == 1)
    @rule(name=names)
    def leaves(self, name: str) -> None:
        actor = WHO[name]
        changed = self.run(self.evening.nights.member_left(GUILD, actor.user_id))
        told = {night.number for night in self.expected.values() if night.leave(actor.user_id)}
        assert {night.night_id for night in changed} == told
        for night in self.expected.values():
            newest = max(one.number for one in self.expected.values() if one.series is night.series)
            skipped = night.state == "cancelled" and night.repeats and night.number == newest
            if skipped and night.host == actor.user_id:
                night.host = None

    @precondition(lambda self: self.steps % 5 == 4)
    @rule(name=names)
    def is_deleted(self, name: str) -> None:
        actor = WHO[name]
        self.run(self.privacy.delete(actor.user_id))
        for night in self.expected.values():
            night.forget(actor.user_id)
        for by in self.seen.values():
            by.discard(actor.user_id)
        self.hiding.discard(actor.user_id)

    # --- time

    @rule()
    def restarts(self) -> None:
        self.evening.restart()

    @rule(hours=st.sampled_from((1, 8, 30, 75)))
    def passes(self, hours: int) -> None:
        self.pass_until(self.now + timedelta(hours=hours))

    @rule()
    def comes_due(self) -> None:
        due = self.run(self.evening.nights.next_due())
        if due is not None:
            self.pass_until(max(due, self.now))

    @rule(hours=st.sampled_from((5, 50, 120)))
    def sleeps(self, hours: int) -> None:
        """The bot is off, and does afterwards what came due meanwhile."""
        self.evening.clock.advance(hours=hours)
        self.evening.restart()
        self.look()

    # --- what always holds

    @invariant()
    def compares(self) -> None:
        self.steps += 1
        self.sound = False
        self.compare()
        self.sound = True
        self.evening.clock.now += STEP

    def compare(self) -> None:
        channel = self.evening.channel
        self.run(self.evening.nights.deliver(channel))
        for number, night in self.expected.items():
            real = self.seen_again(number)
            night.hold_to(real)
            night.check(real, self.seen, self.hiding)
            shown = channel.cards[real.card_message_id or 0]
            assert (shown.state, shown.people, shown.winner, shown.starts_at) == (
                real.state,
                real.people,
                real.winner,
                real.starts_at,
            )
            if night.state in FINISHED:
                once = (real.state, real.starts_at, real.winner, real.tally)
                assert self.finished.setdefault(number, once) == once
                assert set(self.waiting(number)) <= {"repeat"}
        assert self.run(self.count()) == len(self.expected)
        due = [due for night in self.expected.values() for due in night.due.values()]
        assert (self.run(self.evening.nights.next_due()) or NEVER) <= min(due, default=NEVER)
        self.check_said()

    def waiting(self, number: int) -> dict[str, datetime]:
        async def read() -> dict[str, datetime]:
            async with self.evening.world.store.read() as db:
                return await night_timers.waiting(db, number)

        return self.run(read())

    async def count(self) -> int:
        open_nights = await self.evening.nights.open(EVA)
        return len(open_nights) + sum(night.state in FINISHED for night in self.expected.values())

    def check_said(self) -> None:
        """Each thing is said once, and in an order that makes sense."""
        said: dict[int, list[str]] = {}
        for one in self.evening.channel.announcements:
            said.setdefault(one.night_id, []).append(one.kind)
        for number, kinds in said.items():
            assert kinds[0] == "card"
            for kind in ONCE:
                assert kinds.count(kind) <= 1, (number, kinds)
            assert not any(kind in LAST for kind in kinds[:-1]), (number, kinds)
            votes = [kind for kind in kinds if kind in ("vote_open", "vote_missed", "result")]
            assert set(pairwise(["", *votes])) <= VOTES, (number, kinds)
            state = self.expected[number].state
            assert ("result" in kinds) == (state in ("decided", "running", "rating", "over")) or (
                state == "cancelled"
            )

    def teardown(self) -> None:
        try:
            if self.sound and self.steps > 1:
                self.come_to_an_end()
        finally:
            self.run(self.stack.aclose())
            self.runner.close()

    def come_to_an_end(self) -> None:
        """Left alone, each night comes to its end, and then there is nothing to do."""
        for night in self.expected.values():
            if night.repeats and night.series is not None:
                self.run(self.evening.nights.stop_repeating(EVA, night.number))
                night.series.runs = False
        self.pass_until(self.now + timedelta(days=20))
        assert self.open_ones() == []
        assert self.run(self.evening.nights.next_due()) is None


def test_whatever_people_do_a_night_is_what_it_has_to_be(
    new_home: Path, community: Dataset, copying: tuple[str, ...], tmp_path: Path
):
    made = 0

    def machine() -> NightMachine:
        nonlocal made
        made += 1
        home = shutil.copytree(new_home, tmp_path / f"home {made}")
        return NightMachine(home, community, copying)

    few = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_machine(machine, settings=few)
