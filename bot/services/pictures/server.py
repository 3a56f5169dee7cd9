"""A server's movies, and the quality of its models, as pictures. Importing it loads matplotlib."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from bot.services.answers import ModelVersion
from bot.services.pictures.canvas import (
    GROUND,
    LINE,
    MUTED,
    ORANGE,
    SKY,
    SMALL,
    TEXT,
    YELLOW,
    letters,
    picture,
)
from bot.services.pictures.painter import Picture
from bot.services.taste.answers import Divided, ServerStats

NEWEST = 30
TITLE = 25


def opinions(server: str, stats: ServerStats) -> Picture:
    """What a server loves most and what divides it: the mean, and a line from the least to the most stars."""
    rows: list[tuple[Divided, str, str]] = [(one, SKY, "o") for one in stats.loved]
    rows += [(one, ORANGE, "D") for one in stats.divided if one not in stats.loved]

    def draw(figure: Any) -> None:
        axes = figure.add_axes((0.42, 0.11, 0.50, 0.72))
        for place, (one, colour, marker) in enumerate(rows):
            axes.plot(
                (one.least, one.most), (place, place), color=colour, linewidth=4, solid_capstyle="round"
            )
            axes.plot(one.mean, place, marker=marker, markersize=14, color=colour, markeredgecolor=GROUND)
            axes.text(5.45, place, f"{one.count}", va="center", color=MUTED)
        axes.text(5.45, -0.95, "by", fontsize=SMALL, color=MUTED)
        axes.set_yticks(range(len(rows)), [letters(one.movie.title, TITLE) for one, _, _ in rows])
        axes.tick_params(axis="y", labelsize=SMALL)
        axes.set_ylim(max(len(rows), 4) - 0.4, -0.6)
        axes.set_xlim(0.3, 5.2)
        axes.set_xticks(range(1, 6), [f"{stars} ★" for stars in range(1, 6)])
        axes.grid(axis="x", color=LINE)
        axes.set_axisbelow(True)

    return Picture(
        "stats.png",
        picture(
            draw,
            f"Movies of {letters(server, 30)}",
            "● most loved · ◆ most divisive · line: least to most stars",
        ),
        "Most loved: "
        + "; ".join(f"{one.movie.name} {one.mean:.1f} stars" for one in stats.loved)
        + ". Most divisive: "
        + "; ".join(f"{one.movie.name} {one.least:g} to {one.most:g} stars" for one in stats.divided),
    )


def quality(versions: Sequence[ModelVersion]) -> Picture:
    """How good each model was, oldest first; what became of it is told by the mark."""
    measured = sorted((one for one in versions if one.ndcg is not None), key=lambda one: one.version)[
        -NEWEST:
    ]
    marks = (
        ("serving", "*", 26, YELLOW, ("current",)),
        ("served before", "o", 13, SKY, ("kept", "removed")),
        ("not adopted", "X", 15, ORANGE, ("rejected", "failed")),
    )
    values = [one.ndcg or 0.0 for one in measured]
    room = max(max(values) - min(values), 0.01)

    def draw(figure: Any) -> None:
        axes = figure.add_axes((0.13, 0.13, 0.84, 0.63))
        # The numbers of one data set's models can be compared, those of another's are of other people.
        for _, group in groupby(measured, key=lambda one: one.dataset):
            line = list(group)
            axes.plot(
                [one.version for one in line],
                [one.ndcg for one in line],
                color=MUTED,
                linewidth=2,
                zorder=1,
            )
        for label, marker, size, colour, states in marks:
            mine = [one for one in measured if one.state in states]
            if mine:
                axes.plot(
                    [one.version for one in mine],
                    [one.ndcg for one in mine],
                    linestyle="",
                    marker=marker,
                    markersize=size,
                    color=colour,
                    markeredgecolor=GROUND,
                    label=label,
                )
        axes.set_ylim(min(values) - room / 2, max(values) + room / 2)
        axes.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
        axes.tick_params(axis="y", labelcolor=TEXT, labelsize=SMALL)
        axes.grid(axis="y", color=LINE)
        axes.set_xlabel("model")
        handles, labels = axes.get_legend_handles_labels()
        figure.legend(
            handles, labels, loc="upper left", bbox_to_anchor=(0.02, 0.86), ncols=3, columnspacing=1.2
        )

    return Picture(
        "quality.png",
        picture(draw, "Quality of the models", "NDCG@10 of ten ratings told, for people it never saw"),
        "Quality of the models, NDCG@10: "
        + "; ".join(f"model {one.version} ({one.state}) {one.ndcg:.3f}" for one in measured),
    )
