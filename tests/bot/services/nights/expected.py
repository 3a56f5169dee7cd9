"""What a night is expected to be: a small model beside the real one, written from the rules.

It does not work out when a vote opens or closes: what a night says about that it is held to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.services.nights.answers import Actor, Answer, Night, VoteKind

DURATION = timedelta(hours=2, minutes=15)
"""Of a movie whose runtime nobody knows, until it is taken to be over."""
RATING_TIME = timedelta(days=3)
WEEK = timedelta(days=7)
TOO_NEAR = timedelta(minutes=10)
LISTED = 5

UNDECIDED_YET = ("gathering", "voting", "undecided")
AHEAD = ("planning", *UNDECIDED_YET, "decided")
FINISHED = ("over", "cancelled")

Choices = Mapping[int, int]


@dataclass
class Series:
    """Nights that come every week, until somebody stops that."""

    runs: bool = True


@dataclass
class Expected:
    """A night as it has to be. Movies are named by their ids.

    Attributes
    ----------
    answers : dict of user id to (answer, when it was given)
    wanted : dict of movie id to user ids
        What was nominated, and by whom.
    listed : tuple of int or None
        The candidates in the order in which everybody sees them, once they are fixed.
    due : dict of str to datetime
        When what comes by itself.
    """

    number: int
    state: str
    host: int | None
    kind: VoteKind
    quorum: int
    nominations_each: int
    dates: dict[int, datetime]
    starts_at: datetime | None
    slot: datetime | None = None
    series: Series | None = None
    answers: dict[int, tuple[Answer, datetime]] = field(default_factory=dict)
    marks: dict[int, set[int]] = field(default_factory=dict)
    wanted: dict[int, set[int]] = field(default_factory=dict)
    listed: tuple[int, ...] | None = None
    opened: bool = False
    ballots: dict[int, Choices] = field(default_factory=dict)
    counted: int = 0
    winner: int | None = None
    due: dict[str, datetime] = field(default_factory=dict)

    # --- who

    @property
    def repeats(self) -> bool:
        return self.series is not None and self.series.runs

    def people(self) -> list[tuple[int, Answer]]:
        """Who answered what, first come first."""
        ordered = sorted(self.answers.items(), key=lambda one: (one[1][1], one[0]))
        return [(user, answer) for user, (answer, _) in ordered]

    def comers(self) -> list[int]:
        return [user for user, answer in self.people() if answer == "in"]

    def may_run(self, actor: Actor) -> bool:
        without_host = self.host is None and actor.user_id in self.comers()
        return actor.is_manager or actor.user_id == self.host or without_host

    def answer(self, user: int, answer: Answer, now: datetime, dates: set[int] | None = None) -> None:
        if user not in self.answers or self.answers[user][0] != answer:
            self.answers[user] = answer, now
        if self.state == "planning":
            chosen = set(self.dates) if dates is None else dates
            before = self.marks.pop(user, None)
            if answer != "out":
                self.marks[user] = before if dates is None and before else chosen

    def leave(self, user: int) -> bool:
        """Somebody left the server; answers whether that is anything to this night."""
        if self.state not in AHEAD:
            return False
        ballot = self.ballots.pop(user, None) if self.state in UNDECIDED_YET else None
        known = user in self.answers or user == self.host or ballot is not None
        self.answers.pop(user, None)
        self.marks.pop(user, None)
        if user == self.host:
            self.host = next(iter(self.comers()), None)
        return known

    def forget(self, user: int) -> None:
        """Everything about somebody was deleted."""
        for kept in (self.answers, self.marks, self.ballots):
            kept.pop(user, None)
        for by in self.wanted.values():
            by.discard(user)
        self.host = None if user == self.host else self.host

    # --- what to watch

    def can_be_opened(self) -> bool:
        """Whether there is something to vote on: what was nominated, or the list of those who may come."""
        return bool(self.wanted) or self.has_list()

    def has_list(self) -> bool:
        return self.host is not None or any(answer != "out" for answer, _ in self.answers.values())

    def counting(self) -> list[Choices]:
        """The ballots of those who may still come."""
        return [
            ballot
            for user, ballot in self.ballots.items()
            if user in self.answers and self.answers[user][0] != "out"
        ]

    def best(self) -> int | None:
        """Who wins with these ballots."""
        listed, ballots = self.listed or (), self.counting()
        if self.kind == "ranked":
            return instant_runoff(listed, ballots)
        points = {movie: sum(ballot.get(movie, 0) for ballot in ballots) for movie in listed}
        givers = {movie: sum(ballot.get(movie, 0) > 0 for ballot in ballots) for movie in listed}
        # The first one of equals.
        best = max(listed, key=lambda movie: (points[movie], givers[movie]), default=None)
        return best if best is not None and points[best] else None

    def close(self, *, anyway: bool) -> None:
        best, self.counted = self.best(), len(self.counting())
        self.due.pop("opens", None)
        self.due.pop("closes", None)
        if not anyway and (self.counted < self.quorum or best is None):
            self.state = "undecided"
            return
        self.state = "decided"
        self.winner = best if best is not None else next(iter(self.listed or ()), None)

    # --- time

    def fix_date(self, now: datetime) -> None:
        ahead = [date for date, start in self.dates.items() if start > now]
        self.due.clear()
        if not ahead:
            self.state = "cancelled"
            return

        def liking(date: int) -> tuple[int, int, float]:
            suits = [self.answers[user][0] for user, dates in self.marks.items() if date in dates]
            return suits.count("in"), suits.count("maybe"), -self.dates[date].timestamp()

        best = max(ahead, key=liking)
        for user, dates in self.marks.items():
            if best not in dates:
                self.answer_fixed(user, now)
        self.state, self.starts_at = "gathering", self.dates[best]

    def answer_fixed(self, user: int, now: datetime) -> None:
        if self.answers[user][0] != "out":
            self.answers[user] = "out", now

    def cancel(self) -> None:
        self.state = "cancelled"
        self.due = {kind: due for kind, due in self.due.items() if kind == "repeat"}

    def end_of_movie(self, now: datetime) -> None:
        self.due.pop("ratings", None)
        some = self.winner is not None or (self.listed is None and (self.opened or bool(self.wanted)))
        self.state = "rating" if some else "over"
        if some:
            self.due["end"] = now + RATING_TIME

    def pass_time(self, now: datetime) -> "Expected | None":
        """Do what has come due, in order; answers the night that follows in a series, if it was opened."""
        following = None
        while ripe := [(due, kind) for kind, due in self.due.items() if due <= now]:
            _, kind = min(ripe)
            del self.due[kind]
            if kind == "dates" and self.state == "planning":
                self.fix_date(now)
            elif kind == "opens" and self.state == "gathering" and self.can_be_opened():
                self.state, self.opened = "voting", True
                if not now < self.due.get("closes", now) <= self.start:
                    # It is open for the time that is left, and says how long that is.
                    self.due.pop("closes", None)
            elif kind == "closes" and self.state == "voting":
                self.close(anyway=False)
            elif kind == "begin":
                if self.state in UNDECIDED_YET:
                    self.close(anyway=True)
                if self.state == "decided":
                    self.state = "running"
                    self.due["ratings"] = self.start + DURATION
            elif kind == "ratings" and self.state == "running":
                self.end_of_movie(now)
            elif kind == "end" and self.state == "rating":
                self.state = "over"
            elif kind == "repeat" and self.repeats:
                following = self.next_one(now)
        return following

    @property
    def start(self) -> datetime:
        assert self.starts_at is not None
        return self.starts_at

    def next_one(self, now: datetime) -> "Expected":
        assert self.slot is not None
        slot = self.slot
        while slot <= max(self.slot, now + TOO_NEAR):
            slot += WEEK
        return Expected(
            number=0,
            state="gathering",
            host=self.host,
            kind=self.kind,
            quorum=self.quorum,
            nominations_each=self.nominations_each,
            dates={},
            starts_at=slot,
            slot=slot,
            series=self.series,
            due={"repeat": slot},
        )

    # --- the real one

    def hold_to(self, night: Night) -> None:
        """Take what the night says about its times, and the candidates once they are fixed, at its word."""
        says = {
            "dates": night.dates_close_at,
            "opens": night.vote_opens_at,
            "closes": night.vote_closes_at,
            "ratings": night.ratings_at,
        }
        promised = {kind: due for kind, due in says.items() if due is not None}
        expected = {
            "planning": [{"dates"}, {"dates", "closes"}],
            # Where there was nothing to vote on the vote did not open.
            "gathering": [{"opens", "closes"}, {"closes"}, set()],
            "voting": [{"closes"}],
            "running": [{"ratings"}],
        }
        assert set(promised) in expected.get(self.state, [set()]), (self.state, promised)
        if "opens" in promised:
            assert promised["opens"] <= promised["closes"] <= self.start
        if self.state == "running":
            assert promised["ratings"] == self.due["ratings"]
        self.due = {kind: due for kind, due in self.due.items() if kind in ("end", "repeat")} | promised
        if self.state in (*UNDECIDED_YET, "decided"):
            self.due["begin"] = self.start
        if self.listed is None and self.state not in ("planning", "gathering", "cancelled"):
            self.listed = tuple(one.movie.movie_id for one in night.candidates)
            assert set(self.wanted) <= set(self.listed)
            assert len(set(self.listed) - set(self.wanted)) <= LISTED
            if self.state == "voting":
                assert bool(set(self.listed) - set(self.wanted)) == self.has_list()
            if self.state not in ("voting", "undecided"):
                # Nobody could vote.
                self.winner = next(iter(self.listed), None)

    def check(self, night: Night, seen: Mapping[int, set[int]], hiding: set[int]) -> None:
        """Compare all that everybody sees."""
        assert (night.state, night.host_id, night.starts_at) == (self.state, self.host, self.starts_at)
        assert (night.vote_kind, night.quorum, night.series_id is not None) == (
            self.kind,
            self.quorum,
            self.repeats,
        )
        assert [(one.user_id, one.answer) for one in night.people] == self.people()
        if self.state == "planning":
            assert {one.user_id: set(one.date_ids) for one in night.people if one.date_ids} == self.marks
        candidates = [one.movie.movie_id for one in night.candidates]
        if self.listed is None:
            assert set(candidates) == set(self.wanted)
        else:
            assert tuple(candidates) == self.listed
        may_come = {user for user, (answer, _) in self.answers.items() if answer != "out"}
        for one in night.candidates:
            assert set(one.nominated_by) == self.wanted.get(one.movie.movie_id, set())
            assert {*one.seen_by} == (seen.get(one.movie.movie_id, set()) & may_come) - hiding
        if self.state in UNDECIDED_YET:
            assert (night.ballots, night.tally, night.winner) == (len(self.counting()), None, None)
        elif night.tally is not None:
            assert night.tally.ballots == self.counted
            assert (None if night.winner is None else night.winner.movie_id) == self.winner
        else:
            assert self.state in ("planning", "cancelled")


def instant_runoff(listed: Sequence[int], ballots: Sequence[Choices]) -> int | None:
    """The winner by instant run-off, counted naively."""
    left, rounds = list(listed), list[dict[int, int]]()
    while left:
        firsts = dict.fromkeys(left, 0)
        for ballot in ballots:
            named = [movie for movie in ballot if movie in left]
            if named:
                firsts[min(named, key=ballot.__getitem__)] += 1
        best = max(left, key=firsts.__getitem__)
        if not firsts[best]:
            return None
        if len(left) == 1 or 2 * firsts[best] > sum(firsts.values()):
            return best
        rounds.insert(0, firsts)
        # The fewest in this round, else in the one before, and so on; else the last of the list.
        left.remove(min(reversed(left), key=lambda movie: [one[movie] for one in rounds]))
    return None
