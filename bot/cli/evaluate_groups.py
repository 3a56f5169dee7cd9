"""``evaluate --groups``: how good the lists for several people are, by strategy."""

from typing import TYPE_CHECKING, Any

from rich.table import Table

from bot.errors import UserError
from recommender.datasets.dataset import Dataset
from recommender.evaluation.groups import (
    GIVEN,
    KINDS,
    METHODS,
    OWN,
    POPULAR,
    SIZES,
    GroupComparison,
    compare_groups,
)
from recommender.groups import DEFAULT

if TYPE_CHECKING:
    from recommender.evaluation.protocol import OnProgress
    from recommender.model import Model


def measured(dataset: Dataset, seeds: int, people: int, on_progress: "OnProgress") -> GroupComparison:
    """All strategies on the same held-out groups.

    Raises
    ------
    UserError
        If there are too few people for groups.
    """
    from recommender.training import TrainingOptions, train

    def fit(community: Dataset, seed: int) -> "Model":
        return train(community, TrainingOptions(seed=seed))

    try:
        return compare_groups(dataset, fit, seeds=range(seeds), people=people, on_progress=on_progress)
    except ValueError as error:
        raise UserError(f"{dataset.name} cannot be used: {error}") from error


def groups_answer(name: str, comparison: GroupComparison, seeds: int) -> dict[str, Any]:
    """The comparison as JSON has it."""
    return {
        "dataset": name,
        "seeds": seeds,
        "told": GIVEN,
        "default": DEFAULT,
        "groups": [
            {"method": method, "kind": kind, "size": size, **_worth(comparison.mean(method, [kind], [size]))}
            for method in METHODS
            for kind in KINDS
            for size in SIZES
        ],
        "all": [
            {
                "method": method,
                **_worth(comparison.mean(method)),
                "ahead_of_popular": [list(one) for one in comparison.ahead(method, POPULAR)],
                "behind_default": [list(one) for one in comparison.ahead(DEFAULT, method)],
            }
            for method in METHODS
        ],
    }


def groups_table(name: str, comparison: GroupComparison) -> Table:
    """The comparison as people read it: mean member and least member, for each kind of group."""
    groups = len(comparison.of(DEFAULT))
    table = Table(
        title=f"NDCG@10 of members of {groups} groups of {SIZES[0]} to {SIZES[-1]} on {name}: mean · least",
        caption=f"each tells {GIVEN} ratings; the default is {DEFAULT}; ahead: the default minus the other",
    )
    table.add_column("list", no_wrap=True)
    for heading in (*KINDS, "all", "ahead, mean", "ahead, least"):
        table.add_column(heading, justify="right", no_wrap=True)
    for method in METHODS:
        by_kind = [_pair(comparison.mean(method, [kind])) for kind in KINDS]
        ahead = [
            "" if method == DEFAULT else f"{mean:+.3f} ({low:+.3f} … {high:+.3f})"
            for mean, low, high in comparison.ahead(DEFAULT, method)
        ]
        label = f"{method} (a bound)" if method == OWN else method
        table.add_row(label, *by_kind, _pair(comparison.mean(method)), *ahead)
    return table


def _worth(pair: tuple[float, float]) -> dict[str, float]:
    return {"mean": pair[0], "least": pair[1]}


def _pair(pair: tuple[float, float]) -> str:
    return f"{pair[0]:.3f} · {pair[1]:.3f}"
