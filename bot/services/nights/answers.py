"""What the nights answer, and what they are asked with: plain values for Discord and the console."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.services.answers import Filters
from bot.services.nights.states import State
from recommender.catalogue import Movie

VoteKind = Literal["approval", "ranked", "score"]
Answer = Literal["in", "maybe", "out"]
Source = Literal["list", "nominated", "carried"]
Tie = Literal["", "givers", "rounds", "list"]
"""What broke a tie for the win: more who gave points, earlier rounds, or the list; see `counting`."""
PostKind = Literal[
    "card",
    "left",
    "date_fixed",
    "no_date",
    "vote_open",
    "nothing_to_vote",
    "vote_missed",
    "result",
    "remind_day",
    "remind_soon",
    "moved",
    "cancelled",
    "new_host",
    "rate",
]
"""What is announced.

``card`` is the night's own message, kept up to date by `Deliverer.refresh`; ``left`` is what one says that
stayed behind in another channel: number ``message`` of ``channel``, in the facts.
"""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who does or asks something on a server, and what they may see there.

    Attributes
    ----------
    channel_ids : frozenset of int
        The channels with nights (see `Looking.channels`) that they can see.
    gone_ids : frozenset of int
        Those that are no longer there.
    is_manager : bool
        Has *Manage Events* (or *Manage Server*) on the server; the console's people have not.
    role_ids : frozenset of int
        Their roles there.
    """

    user_id: int
    name: str
    guild_id: int
    channel_ids: frozenset[int]
    gone_ids: frozenset[int] = frozenset()
    is_manager: bool = False
    role_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """A night as it is wished for.

    Attributes
    ----------
    dates : tuple of datetime
        Aware times; several ones are voted on.
    vote_closes_at : datetime or None
        By default two hours before the night, sooner where there is little time; see `planning.schedule`.
    quorum : int
        Least number of ballots for the vote to count.
    nominations_each : int
        How many movies one person may nominate; 0 for none.
    carry_over : bool
        Whether the best losers are candidates of the next night.
    guests : tuple of (int, str)
        Numbers and names of those who may come; empty with `invited_role_id` None: everybody.
    """

    dates: tuple[datetime, ...]
    theme: str = ""
    filters: Filters = field(default_factory=Filters)
    vote_kind: VoteKind = "approval"
    vote_closes_at: datetime | None = None
    quorum: int = 1
    nominations_each: int = 3
    carry_over: bool = False
    guests: tuple[tuple[int, str], ...] = ()
    invited_role_id: int | None = None


@dataclass(frozen=True, slots=True)
class DateOption:
    """A proposed date and whom it suits, by user id; `maybe` are those who may come at all."""

    date_id: int
    starts_at: datetime
    suits: tuple[int, ...]
    maybe: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Presence:
    """What somebody answered; `date_ids` are the dates that suit them while several are proposed."""

    user_id: int
    name: str
    answer: Answer
    date_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A movie that may win. `movie_key` names it in ballots.

    Attributes
    ----------
    source : str
        ``list`` (of the group), ``nominated``, or ``carried`` over from the night before.
    nominated_by, seen_by : tuple of int
        User ids; `seen_by` of those who are in or may come, have seen it, and do not hide it.
    """

    movie_key: int
    movie: Movie
    source: Source
    nominated_by: tuple[int, ...]
    seen_by: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """A round of an instant run-off: first choices by movie key, and who dropped out after it."""

    counts: Mapping[int, int]
    exhausted: int
    dropped: int | None


@dataclass(frozen=True, slots=True)
class Tally:
    """A count. Movies are named by their key.

    Attributes
    ----------
    winner : int or None
        None if no ballot names a candidate.
    order : tuple of int
        All candidates, best first.
    totals : mapping
        Approvals or points; for a ranked vote the first choices.
    rounds : tuple of Round
        Of a ranked vote.
    exhausted : int
        Ballots of a ranked vote that named nobody who was left in the last round.
    condorcet : int or None
        The candidate that beats each other one in pairs, where there is one.
    tie : str
        What broke a tie for the win; empty without one.
    """

    kind: VoteKind
    ballots: int
    winner: int | None
    order: tuple[int, ...]
    totals: Mapping[int, int]
    rounds: tuple[Round, ...] = ()
    exhausted: int = 0
    condorcet: int | None = None
    tie: Tie = ""


@dataclass(frozen=True, slots=True)
class Ballot:
    """Somebody's own ballot, or an empty one; nobody else is shown it.

    Attributes
    ----------
    cast_at : datetime or None
        None if they have not voted.
    choices : mapping of movie key to int
        1 for an approval; the rank from 1; or the points from 0 to 5.
    """

    night_id: int
    kind: VoteKind
    cast_at: datetime | None
    choices: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Night:
    """A night as everybody may see it: no ballot, and no count before the vote is closed.

    Attributes
    ----------
    host_id : int or None
        None if the host left and nobody took over.
    is_open : bool
        Whether it is for all: neither people nor a role are invited.
    starts_at : datetime or None
        None while several dates are proposed.
    dates_close_at, vote_opens_at, vote_closes_at, ratings_at : datetime or None
        What comes by itself; None where it is past or does not apply.
    ballots : int
        How many have voted.
    tally : Tally or None
        Once the vote is closed.
    runtime : int or None
        Of the winner, in minutes, where the data has it.
    trouble : str
        One line about what could not be announced; empty if all is well.
    series_id : int or None
        Of a night that is repeated every week, as long as it is.
    revision : int
        Grows with each change.
    reason : str
        Why it was cancelled, if that was said.
    """

    night_id: int
    guild_id: int
    channel_id: int
    state: State
    host_id: int | None
    host_name: str
    theme: str
    filters: Filters
    guests: tuple[int, ...]
    invited_role_id: int | None
    is_open: bool
    vote_kind: VoteKind
    quorum: int
    nominations_each: int
    carry_over: bool
    starts_at: datetime | None
    dates: tuple[DateOption, ...]
    dates_close_at: datetime | None
    vote_opens_at: datetime | None
    vote_closes_at: datetime | None
    ratings_at: datetime | None
    people: tuple[Presence, ...]
    candidates: tuple[Candidate, ...]
    ballots: int
    tally: Tally | None
    winner: Movie | None
    runtime: int | None
    series_id: int | None
    time_zone: str
    card_message_id: int | None
    event_id: int | None
    trouble: str
    revision: int
    reason: str = ""

    def who(self, answer: Answer) -> tuple[Presence, ...]:
        """Those who gave this answer, first come first."""
        return tuple(person for person in self.people if person.answer == answer)


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something to be said in the night's channel, once.

    Attributes
    ----------
    marker : str
        A short text of its own, at most 25 characters, the same at every attempt: Discord's nonce, or what
        the message is found by.
    facts : mapping of str to str
        What belongs to this announcement alone, such as ``before`` (an ISO time) of ``moved``, ``why`` of
        ``vote_missed``.
    mention : tuple of int
        Whom it concerns so much that they are to be mentioned.
    due_at : datetime
        When it was to be said.
    late : bool
        Whether that is so long ago that it has to be said too.
    """

    post_id: int
    night_id: int
    kind: PostKind
    marker: str
    facts: Mapping[str, str]
    mention: tuple[int, ...]
    due_at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class WatchedNight:
    """A night of the past.

    Attributes
    ----------
    attended : int
        How many were there; more than `there` names where somebody's data was deleted.
    there : tuple of (Presence, float or None)
        Who was there, and the stars they give the movie today, unless they hide their ratings.
    mean : float or None
        Of these stars.
    """

    night_id: int
    starts_at: datetime
    theme: str
    movie: Movie | None
    attended: int
    there: tuple[tuple[Presence, float | None], ...]
    mean: float | None
    tally: Tally | None


@dataclass(frozen=True, slots=True)
class NightHistory:
    """One page of a server's nights, newest first; `page` counts from 0."""

    nights: tuple[WatchedNight, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class NightSettings:
    """What the admins of one server chose for nights.

    Attributes
    ----------
    time_zone : str
        A name of the IANA data base, such as ``Europe/Berlin``.
    role_id : int or None
        Only who has this role (and managers) may plan, and they may also close, move and cancel the nights
        of others; with None everybody may plan.
    """

    guild_id: int
    time_zone: str = "UTC"
    role_id: int | None = None
