"""How ``evaluate`` shows the errors of estimated stars."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.table import Table

from bot.cli.tables import figures

if TYPE_CHECKING:
    from recommender.evaluation.stars import StarErrors


def star_rows(found: "Sequence[StarErrors]") -> list[dict[str, Any]]:
    """The errors as plain JSON, in which what is not known is null."""
    return [
        {
            name: None if isinstance(value, float) and math.isnan(value) else value
            for name, value in asdict(one).items()
        }
        for one in found
    ]


def star_table(found: "Sequence[StarErrors]") -> Table:
    """The errors as a table."""
    table = figures(
        "Stars that people would give, against the mean with damped biases of movie and person",
        "lower: part by which the RMSE is lower than the guess's; shown: estimates that people get"
        " to see, by how much these are off on average, and what is said of it",
    )
    for heading in ("told", "RMSE", "guess", "lower", "interval", "MAE", "guess", "shown", "off by", "said"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in found:
        part, low, high = one.better
        table.add_row(
            str(one.given),
            f"{one.rmse:.3f}",
            f"{one.guess_rmse:.3f}",
            f"{part:+.1%}",
            f"{low:+.1%} … {high:+.1%}",
            f"{one.mae:.3f}",
            f"{one.guess_mae:.3f}",
            f"{one.shown:.0%}",
            *("" if math.isnan(value) else f"{value:.2f}" for value in (one.shown_mae, one.stated)),
        )
    return table
