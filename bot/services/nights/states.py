"""The states of a night, and which step leads from where to where. Nothing else decides that."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from bot.errors import UserError

State = Literal[
    "planning", "gathering", "voting", "undecided", "decided", "running", "rating", "over", "cancelled"
]
"""In the order of a night.

``planning``
    Several dates are proposed; people say which suit.
``gathering``
    The date is fixed; people say whether they come, and nominate.
``voting``
    The candidates are fixed; ballots are open.
``undecided``
    The vote closed with too few ballots; the host opens it again or takes what there is.
``decided``
    The result is announced.
``running``
    The night has begun.
``rating``
    It has ended; who was there rates what was watched.
``over``, ``cancelled``
    Nothing happens any more.
"""

Step = Literal[
    "answer",
    "nominate",
    "cast",
    "fix_date",
    "move",
    "open_vote",
    "miss",
    "decide",
    "begin",
    "ask_ratings",
    "rate",
    "end",
    "cancel",
]

TRANSITIONS: Mapping[tuple[State, Step], State] = MappingProxyType(
    {
        ("planning", "answer"): "planning",
        ("planning", "nominate"): "planning",
        ("planning", "fix_date"): "gathering",
        ("planning", "move"): "gathering",
        ("planning", "cancel"): "cancelled",
        ("gathering", "answer"): "gathering",
        ("gathering", "nominate"): "gathering",
        ("gathering", "move"): "gathering",
        ("gathering", "open_vote"): "voting",
        # The night begins and no vote was ever possible.
        ("gathering", "decide"): "decided",
        ("gathering", "cancel"): "cancelled",
        ("voting", "answer"): "voting",
        ("voting", "cast"): "voting",
        ("voting", "move"): "voting",
        ("voting", "miss"): "undecided",
        ("voting", "decide"): "decided",
        ("voting", "cancel"): "cancelled",
        ("undecided", "answer"): "undecided",
        ("undecided", "move"): "undecided",
        ("undecided", "open_vote"): "voting",
        ("undecided", "decide"): "decided",
        ("undecided", "cancel"): "cancelled",
        ("decided", "answer"): "decided",
        ("decided", "move"): "decided",
        ("decided", "begin"): "running",
        ("decided", "cancel"): "cancelled",
        # Who came after all, or did not, can be put right until the evening is closed.
        ("running", "answer"): "running",
        ("running", "ask_ratings"): "rating",
        ("running", "cancel"): "cancelled",
        ("rating", "answer"): "rating",
        ("rating", "rate"): "rating",
        ("rating", "end"): "over",
    }
)

FINISHED: tuple[State, ...] = ("over", "cancelled")

_WHY: Mapping[State, str] = MappingProxyType(
    {
        "planning": "its date is not fixed yet",
        "gathering": "its vote is not open yet",
        "voting": "its vote is open",
        "undecided": "its vote closed with too few ballots",
        "decided": "its vote is closed",
        "running": "it has begun",
        "rating": "it has ended",
        "over": "it is over",
        "cancelled": "it was cancelled",
    }
)

_WISH: Mapping[Step, str] = MappingProxyType(
    {
        "answer": "say whether you come",
        "nominate": "nominate",
        "cast": "vote",
        "fix_date": "fix the date",
        "move": "move it",
        "open_vote": "open the vote",
        "miss": "close the vote",
        "decide": "close the vote",
        "begin": "begin",
        "ask_ratings": "ask for ratings",
        "rate": "rate what was watched",
        "end": "end it",
        "cancel": "cancel it",
    }
)


def is_legal(state: State, step: Step) -> bool:
    """Whether a night in this state can take this step."""
    return (state, step) in TRANSITIONS


def after(state: State, step: Step) -> State:
    """The state that a step leads to.

    Raises
    ------
    UserError
        If a night in this state cannot take the step; the line says why.
    """
    reached = TRANSITIONS.get((state, step))
    if reached is None:
        raise UserError(f"you cannot {_WISH[step]} in this night: {_WHY[state]}")
    return reached
