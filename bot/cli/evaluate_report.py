"""``evaluate --report``: what a page for people needs beyond the comparison."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from bot.cli.evaluate_new import measured_new
from recommender.datasets.dataset import Dataset
from recommender.evaluation.cold import compare_cold, genre_overlap, shuffled
from recommender.evaluation.frontier import Point, frontier, measure
from recommender.evaluation.new_films import CUTS, NotMeasurable, at_cut
from recommender.evaluation.protocol import Comparison, Fit, OnProgress, friends, hold_out
from recommender.evaluation.report import Findings
from recommender.evaluation.stars import StarErrors
from recommender.options import TrainingOptions
from recommender.ranking import ADVENTUROUS, BALANCED, SAFE
from recommender.training import train

GIVEN = 10
STYLES = {"safe": SAFE, "balanced": BALANCED, "adventurous": ADVENTUROUS}


def findings(
    dataset: Dataset,
    models: Mapping[str, Fit],
    comparison: Comparison,
    stars: Sequence[StarErrors],
    *,
    seeds: int,
    people: int,
    earliest: bool,
    on_progress: OnProgress,
) -> Findings:
    """The comparison, and all models on cold movies, and the levers of the project's own."""
    cold = compare_cold(
        dataset,
        {"random order": shuffled, "genre overlap": genre_overlap, **models},
        given=(GIVEN,),
        seeds=range(seeds),
        people=people,
        on_progress=on_progress,
    )
    # Where the data does not tell when films were rated, or how many voted on them, the page leaves it out.
    new = None
    with suppress(NotMeasurable):
        new = measured_new([at_cut(dataset, cut) for cut in CUTS], on_progress)
    on_progress("the levers", 0, 1)
    points, styles = _levers(dataset, people)
    return Findings(
        dataset.name,
        seeds,
        earliest,
        comparison,
        cold,
        points,
        styles,
        stars,
        dataset.acknowledgement,
        new,
    )


def _levers(dataset: Dataset, people: int) -> tuple[list[Point], dict[str, Point]]:
    held_out = hold_out(dataset.ratings, people, 0)
    inside = dataset.ratings.where(~np.isin(dataset.ratings.user_ids, held_out))
    community = replace(dataset, ratings=inside)
    model = train(community, TrainingOptions(seed=0))
    asked = friends(dataset.ratings, held_out, GIVEN, 0)
    styles = {name: measure(model, community, asked, ranking) for name, ranking in STYLES.items()}
    return frontier(model, community, asked), styles
