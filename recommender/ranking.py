"""How far a list leans from what everybody likes towards this person's own taste."""

from dataclasses import dataclass

HALF_WAY = 6.0
"""Number of ratings at which the two levers reach half of their strength."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Two levers on the score, both part of its explanation.

    Attributes
    ----------
    adventure : float
        0 to 1: how much of the average profile and of the movies' general popularity is taken away.
    calibration : float
        0 or more: how strongly the genres that this person's ratings single out, compared with what
        one would expect by chance, pull movies up and down. The idea of calibration (Steck, Calibrated
        Recommendations, RecSys 2018) as a summand of the score instead of a re-ranking, so that it
        is seen in the explanation.
    """

    adventure: float
    calibration: float

    def __post_init__(self) -> None:
        if not 0 <= self.adventure <= 1:
            raise ValueError("adventure must lie between 0 and 1")
        if not 0 <= self.calibration < float("inf"):
            raise ValueError("calibration must be 0 or more")

    def after(self, ratings: int) -> "Ranking":
        """The ranking for a person with this many ratings: few ratings say too little to leave the crowd."""
        trust = ratings / (ratings + HALF_WAY)
        return Ranking(self.adventure * trust, self.calibration)


SAFE = Ranking(adventure=0.0, calibration=0.0)
BALANCED = Ranking(adventure=0.2, calibration=0.5)
ADVENTUROUS = Ranking(adventure=0.6, calibration=0.5)
"""Chosen from the frontier (`recommender.evaluation.frontier`) of models fitted without the people asked, at
three, ten and twenty ratings. Balanced gives every fan at least five movies of their genre, with every
seed, at 0.95 of the NDCG of safe; adventurous has the lists that differ most at 0.9 of the NDCG of safe.
"""
