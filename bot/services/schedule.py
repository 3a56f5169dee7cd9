"""When a retrain is due."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import UserError

LEAST_HOURS, MOST_HOURS = 0.5, 168.0
LEAST_RATINGS, MOST_RATINGS = 1, 10_000


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The time and the number of changed ratings after which to retrain, whichever comes first.

    Raises
    ------
    UserError
        If one is out of its range: 0.5 to 168 hours, 1 to 10,000 ratings.
    """

    hours: float = 6.0
    ratings: int = 20

    def __post_init__(self) -> None:
        if not LEAST_HOURS <= self.hours <= MOST_HOURS:
            raise UserError(
                f"{self.hours:g} hours between retrains is out of range: {LEAST_HOURS:g} to {MOST_HOURS:g}"
            )
        if not LEAST_RATINGS <= self.ratings <= MOST_RATINGS:
            raise UserError(
                f"a retrain after {self.ratings} new ratings is out of range: "
                f"{LEAST_RATINGS} to {MOST_RATINGS:,}"
            )


def thresholds(hours: float | None, ratings: int | None) -> Thresholds:
    """These, and the usual one for what is None.

    Raises
    ------
    UserError
        If one is out of its range.
    """
    usual = Thresholds()
    return Thresholds(usual.hours if hours is None else hours, usual.ratings if ratings is None else ratings)


@dataclass(frozen=True, slots=True)
class Attempt:
    """The newest fit, whatever became of it.

    Attributes
    ----------
    came_to_nothing : bool
        It failed or was rejected.
    """

    at: datetime
    dataset: str
    friend_ratings: int
    came_to_nothing: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides on the next retrain.

    Attributes
    ----------
    attempt : Attempt or None
        None before the first fit.
    has_model : bool
        Whether a model is serving.
    dataset : str
        Name of the active data set.
    dataset_since : datetime or None
        When it was put there, as far as that is known.
    renewed_at : datetime or None
        When it became a newer state of itself, with more movies and the same community.
    changed : int
        Number of ratings that changed since the attempt.
    friend_ratings : int
        Number of ratings a fit would learn from, the community's aside.
    thresholds : Thresholds
    """

    attempt: Attempt | None
    has_model: bool
    dataset: str
    dataset_since: datetime | None
    changed: int
    friend_ratings: int
    renewed_at: datetime | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)

    @property
    def data_exchanged(self) -> bool:
        """Whether the attempt was on other data than the active data set."""
        if self.attempt is None or self.attempt.dataset != self.dataset:
            return True
        return self.dataset_since is not None and self.dataset_since > self.attempt.at

    @property
    def something_changed(self) -> bool:
        """Whether a fit may lead to something else than the attempt did.

        Deleting a person's data leaves no change behind, but fewer ratings.
        """
        if self.attempt is None or self.data_exchanged or self.changed > 0:
            return True
        if self.renewed_at is not None and self.renewed_at > self.attempt.at:
            return True
        return self.friend_ratings != self.attempt.friend_ratings

    @property
    def at_once(self) -> bool:
        """Whether to retrain without waiting: nothing serves, and the last attempt is not to blame for it."""
        if self.attempt is None or self.data_exchanged:
            return True
        return not self.has_model and not self.attempt.came_to_nothing

    def next_run(self) -> datetime | None:
        """When time will bring the next retrain; None if there is nothing to do."""
        if self.attempt is None:
            return None
        worth_it = self.something_changed or self.attempt.came_to_nothing or not self.has_model
        return self.attempt.at + timedelta(hours=self.thresholds.hours) if worth_it else None

    def missing_ratings(self) -> int:
        """How many more changed ratings will bring the next retrain."""
        return max(self.thresholds.ratings - self.changed, 0)

    def is_due(self, now: datetime) -> bool:
        """Whether to retrain now."""
        if self.at_once or self.missing_ratings() == 0:
            return True
        next_run = self.next_run()
        return next_run is not None and now >= next_run
