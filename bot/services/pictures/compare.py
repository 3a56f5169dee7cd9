"""Two people's stars for the same movies as a picture. Importing it loads matplotlib; see `painter`."""

from collections import Counter
from typing import Any

from bot.services.pictures.canvas import LINE, MUTED, ORANGE, SKY, SMALL, letters, picture
from bot.services.pictures.painter import Picture
from bot.services.taste.answers import Comparison, Shared


def scatter(found: Comparison) -> Picture:
    """A dot for each pair of stars, larger for more movies; the further from the line, the further apart."""
    mine, theirs = letters(found.mine, 22, "one"), letters(found.theirs, 22, "the other")
    counts = Counter((one.mine, one.theirs) for one in found.common)
    most = max(counts.values())

    def draw(figure: Any) -> None:
        axes = figure.add_axes((0.12, 0.13, 0.85, 0.68))
        axes.plot((0.5, 5), (0.5, 5), color=MUTED, linewidth=2, linestyle=(0, (4, 4)))
        for (across, up), count in counts.items():
            apart = abs(across - up) > 1
            axes.scatter(
                across,
                up,
                s=160 + 1400 * (count / most) * min(most, 8) / 8,
                color=ORANGE if apart else SKY,
                marker="D" if apart else "o",
                edgecolor="#1e2127",
                linewidth=2,
                zorder=3,
            )
        if found.disagreement is not None:
            _name(axes, found.disagreement)
        axes.set_xlim(0.2, 5.4)
        # Beyond the dots there is room for a line of text, on the side of the one furthest apart.
        far = found.disagreement
        axes.set_ylim(
            -0.5 if far is not None and far.mine > far.theirs else 0.2,
            5.9 if far is not None and far.mine < far.theirs else 5.4,
        )
        axes.set_xticks(range(1, 6), [f"{stars} ★" for stars in range(1, 6)])
        axes.set_yticks(range(1, 6), [f"{stars} ★" for stars in range(1, 6)])
        axes.grid(color=LINE)
        axes.set_axisbelow(True)
        axes.set_xlabel(mine)
        axes.set_ylabel(theirs)

    apart = sum(abs(one.mine - one.theirs) > 1 for one in found.common)
    return Picture(
        "compare.png",
        picture(draw, f"{mine} and {theirs}", "● at most one star apart · ◆ further · larger: more movies"),
        f"Stars of {found.mine} and of {found.theirs} for {len(found.common)} movies: "
        f"{len(found.common) - apart} at most one star apart, {apart} further",
    )


def _name(axes: Any, one: Shared) -> None:
    """Say beyond the dots which movie is the one furthest apart, with a line to its dot."""
    below = one.mine > one.theirs
    axes.plot((one.mine,) * 2, (one.theirs, 0.15 if below else 5.45), color=ORANGE, linewidth=2, zorder=2)
    right = one.mine > 2.75
    axes.text(
        5.3 if right else 0.3,
        -0.12 if below else 5.65,
        f"◆ {letters(one.movie.name, 52)}",
        ha="right" if right else "left",
        va="center",
        fontsize=SMALL,
        color=ORANGE,
    )
