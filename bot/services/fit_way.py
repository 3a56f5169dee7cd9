"""Whether a fit goes on with the one before it (warm) or begins from the beginning (full)."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from bot.services.wording import counted
from recommender.datasets.dataset import Ratings

STATE_FOLDER = "state"
"""Where a model's folder has the state that its fit left; the current model's alone has one."""
LEARNED_FILE = "learned.json"

MOST_ROUNDS = 10
MOST_ADDED = 0.05
"""Part of all ratings, the community's among them, that may have been added since the last full fit."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether a fit is warm.

    Attributes
    ----------
    asked : bool
        Whether somebody asked for a full one.
    failed_before : bool
        Whether the last fit failed or was rejected.
    state : bool
        Whether the running model's fit left something to go on with.
    same : bool
        Whether that was on the same data set, with the same options, by the same version of the program.
    gone : int
        Ratings by friends it learned from that are not there any more: changed, taken back or deleted.
    added : int
        Ratings by friends that it did not learn from.
    added_since_full : int
        Ratings by friends that the last full fit did not learn from.
    ratings : int
        All that there are, the community's among them.
    rounds : int
        Warm fits since the last full one.
    """

    asked: bool = False
    failed_before: bool = False
    state: bool = True
    same: bool = True
    gone: int = 0
    added: int = 0
    added_since_full: int = 0
    ratings: int = 0
    rounds: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """How a model is fitted, and why so in words that follow "because"."""

    warm: bool
    why: str


def choose(facts: Facts) -> Way:
    """Warm where ratings were added and nothing else changed; full in all other cases.

    What a sub-model has learned from a rating cannot be taken out of it again. So one that is changed, taken
    back or deleted, be it one alone, is forgotten by a full fit.
    """
    return next(
        (
            Way(False, why)
            for applies, why in (
                (facts.asked, "it was asked for"),
                (not facts.state, "there is no earlier fit to go on with"),
                (facts.failed_before, "the last fit came to nothing"),
                (not facts.same, "the data or the program is not that of the last fit"),
                (facts.gone > 0, f"{_were(facts.gone)} changed, taken back or deleted"),
                (facts.added == 0, "nothing was added to go on with"),
                (facts.rounds >= MOST_ROUNDS, f"the last {facts.rounds} fits were warm"),
                (
                    facts.added_since_full > MOST_ADDED * facts.ratings,
                    f"{_were(facts.added_since_full)} added since the last full fit, many beside all others",
                ),
            )
            if applies
        ),
        Way(True, f"only {_were(facts.added)} added"),
    )


@dataclass(frozen=True, slots=True)
class Learned:
    """What a fit learned from; kept beside its state, to see what changed since.

    Attributes
    ----------
    key : str
        From `recommender.checkpoints.fingerprint`, of everything but the friends' ratings.
    at_full : int
        Number of the friends' ratings that the last full fit learned from.
    friends : tuple of str
        Of each of their ratings a hash. The ratings themselves are not to lie there: they would stay when
        somebody has theirs deleted.
    """

    key: str
    at_full: int
    friends: tuple[str, ...]

    @classmethod
    def of(cls, key: str, friends: Ratings) -> Self:
        """What a full fit learns from."""
        lines = zip(
            friends.movie_ids.tolist(), friends.stars.tolist(), friends.rated_at.tolist(), strict=True
        )
        hashes = sorted(hashlib.sha256(f"{key} {line}".encode()).hexdigest()[:16] for line in lines)
        return cls(key, len(hashes), tuple(hashes))

    def facts(self, before: Self | None, **others: Any) -> Facts:
        """What changed since an earlier fit, if there is one whose state is kept."""
        if before is None:
            return Facts(state=False, **others)
        now, then = Counter(self.friends), Counter(before.friends)
        return Facts(
            same=self.key == before.key,
            gone=(then - now).total(),
            added=(now - then).total(),
            added_since_full=len(self.friends) - before.at_full,
            **others,
        )

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Read what `write` wrote; None if there is nothing that can be read."""
        try:
            document = json.loads((folder / LEARNED_FILE).read_text(encoding="utf-8"))
            return cls(str(document["key"]), int(document["at_full"]), tuple(document["friends"]))
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return None

    def write(self, folder: Path) -> None:
        """Write it beside a state."""
        (folder / LEARNED_FILE).write_text(json.dumps(asdict(self)), encoding="utf-8")


def _were(number: int) -> str:
    return f"{counted(number, 'rating')} {'was' if number == 1 else 'were'}"
