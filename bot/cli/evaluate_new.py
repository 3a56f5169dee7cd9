"""``evaluate --new``: how well films are recommended that came out after all the ratings."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from bot.cli.tables import figures
from recommender.evaluation.new_films import CUTS, DRAWS, VOTES_OF_TODAY, AtCut, compare_new
from recommender.evaluation.peers import matinee, new_film_peers
from recommender.evaluation.plots import OURS
from recommender.evaluation.protocol import Comparison, OnProgress
from recommender.options import TrainingOptions


def measured_new(worlds: Sequence[AtCut], on_progress: OnProgress) -> Comparison:
    """The model and the peers that say something of new films, on the same people."""
    models = {name: peer.fit(peer.options) for name, peer in new_film_peers().items()}
    return compare_new(worlds, models | {OURS: matinee(TrainingOptions())}, on_progress=on_progress)


def new_answer(name: str, comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON has it."""
    return {
        "dataset": name,
        "cuts": list(CUTS),
        "draws": DRAWS,
        "votes": "those of today, for every model alike",
        "people": {n: len(set(comparison.people[n].tolist())) for n in comparison.given},
        "best peer": {n: best_peer(comparison, n) for n in comparison.given},
        "ndcg@10": [
            {
                "model": model,
                "given": n,
                "mean": comparison.mean(model, n),
                "interval": list(comparison.interval(model, n)),
                "times as good": list(comparison.ratio(OURS, model, n)),
            }
            for n in comparison.given
            for model in comparison.models
        ],
    }


def best_peer(comparison: Comparison, given: int) -> str:
    """The name of the best of the others."""
    others = [model for model in comparison.models if model != OURS]
    return max(others, key=lambda model: comparison.mean(model, given))


def new_table(name: str, comparison: Comparison) -> Table:
    """The comparison as people read it."""
    table = figures(
        f"NDCG@10 among new films on {name}, with 95 % intervals over people",
        f"cuts {', '.join(map(str, CUTS))}, {DRAWS} draws; told: ratings of older films; {VOTES_OF_TODAY}",
    )
    for heading in ("told", "model", "NDCG@10", "interval", f"{OURS} is", "interval"):
        table.add_column(heading, justify="left" if heading == "model" else "right", no_wrap=True)
    for n in comparison.given:
        for model in comparison.models:
            low, high = comparison.interval(model, n)
            times, least, most = comparison.ratio(OURS, model, n)
            ratio = ("", "") if model == OURS else (f"{times:.2f} times", f"{least:.2f} … {most:.2f}")
            cells = (str(n), model, f"{comparison.mean(model, n):.3f}", f"{low:.3f}–{high:.3f}")
            table.add_row(*cells, *ratio, end_section=model == OURS)
    return table
