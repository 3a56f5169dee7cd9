"""The model of this project, as a peer among peers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from recommender.evaluation.peers.table import Scores
from recommender.evaluation.protocol import Fit, Friend
from recommender.model import Model
from recommender.options import TrainingOptions
from recommender.training import train


@dataclass(frozen=True, slots=True)
class Matinee:
    """The model of this project, ranked as `recommender.SAFE` does."""

    model: Model

    def scores(self, friends: Sequence[Friend]) -> Iterator[Scores]:
        """Scores known from the told ratings alone."""
        return (self.model.scores(friend.told) for friend in friends)


def matinee(options: TrainingOptions) -> Fit:
    """The project's model with these options, but the seed of the comparison."""
    return lambda community, seed: Matinee(train(community, replace(options, seed=seed)))
