"""``evaluate --new``: how well films are recommended that came out after all the ratings."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from bot.cli.tables import figures
from recommender.evaluation.cold import genre_overlap
from recommender.evaluation.cold_ratings import FIRST_YEAR, SEEDS, ColdWorld, compare_cold_ratings, gained
from recommender.evaluation.new_films import CUTS, DRAWS, VOTES_OF_TODAY, AtCut, compare_new
from recommender.evaluation.peers import LIKES_AND_GENRES, matinee, new_film_peers, popular, votes_and_genres
from recommender.evaluation.plots import OURS
from recommender.evaluation.protocol import Comparison, OnProgress
from recommender.options import TrainingOptions


def measured_new(worlds: Sequence[AtCut], on_progress: OnProgress) -> Comparison:
    """The model and the peers that say something of new films, on the same people."""
    models = {name: peer.fit(peer.options) for name, peer in new_film_peers().items()}
    return compare_new(worlds, models | {OURS: matinee(TrainingOptions())}, on_progress=on_progress)


def measured_cold(worlds: Sequence[ColdWorld], on_progress: OnProgress) -> Mapping[str, Comparison]:
    """What the model, and lists by popularity and genres, make of ratings of cold films."""
    models = {
        "most popular": popular,
        "genre overlap": genre_overlap,
        "likes and genres": votes_and_genres(LIKES_AND_GENRES),
        OURS: matinee(TrainingOptions()),
    }
    return compare_cold_ratings(worlds, models, on_progress)


def new_answer(name: str, comparison: Comparison, cold: Mapping[str, Comparison]) -> dict[str, Any]:
    """The comparisons as JSON has them."""
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
        "five cold ratings more": list(gained(cold, OURS)),
        "ratings of cold films": [
            {
                "told": what,
                "model": model,
                "mean": compared.mean(model, n),
                "times as good": list(compared.ratio(OURS, model, n)),
                "ahead": list(compared.advantage(OURS, model, n)),
            }
            for what, compared in cold.items()
            for n in compared.given
            for model in compared.models
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


def cold_table(name: str, cold: Mapping[str, Comparison]) -> Table:
    """What ratings of cold films are worth, as people read it."""
    more, low, high = gained(cold, OURS)
    table = figures(
        f"NDCG@10 among films with ratings on {name}, with 95 % intervals over people",
        f"cold: all ratings of every third film from {FIRST_YEAR} on are taken away; {len(SEEDS)} draws;"
        f" five cold ratings besides five known ones: {more:+.3f} ({low:+.3f} … {high:+.3f})",
    )
    for heading in ("told", "model", "NDCG@10", "interval", f"{OURS} is", "interval"):
        table.add_column(heading, justify="left" if heading in ("told", "model") else "right", no_wrap=True)
    for what, compared in cold.items():
        (n,) = compared.given
        for model in compared.models:
            low, high = compared.interval(model, n)
            times, least, most = compared.ratio(OURS, model, n)
            ratio = ("", "") if model == OURS else (f"{times:.2f} times", f"{least:.2f} … {most:.2f}")
            cells = (what, model, f"{compared.mean(model, n):.3f}", f"{low:.3f}–{high:.3f}")
            table.add_row(*cells, *ratio, end_section=model == OURS)
    return table
