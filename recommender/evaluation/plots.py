"""The pictures of a report: what is compared, legible without colour."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.figure

from recommender.evaluation.frontier import Point
from recommender.evaluation.protocol import Comparison
from recommender.ranking import ADVENTUROUS, BALANCED, SAFE

OURS = "Matinée"
# Their types are not told to the last argument.
mpl: Any = matplotlib
Figure: Any = matplotlib.figure.Figure
# Okabe and Ito, Color universal design, 2008: told apart by colour-blind people.
COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
MARKERS = "osD^vPX*<>ph"
LINES = ("-", "--", "-.", ":")
GREY = "#999999"
STYLES = {SAFE: "safe", BALANCED: "balanced", ADVENTUROUS: "adventurous"}
MOST_NAMED = 6
STYLE: Mapping[str, Any] = {
    "font.size": 11,
    "axes.titlesize": 13,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
    "legend.frameon": False,
}


def worth_naming(comparison: Comparison) -> list[str]:
    """The project's model, the best others over all numbers of ratings, and the most popular movies."""
    totals = {name: sum(comparison.mean(name, n) for n in comparison.given) for name in comparison.models}
    others = sorted((name for name in totals if name != OURS), key=lambda name: -totals[name])
    named = others[: MOST_NAMED - 1]
    # Everybody asks for it first, however it fares.
    if "most popular" in others and "most popular" not in named:
        named[-1] = "most popular"
    return [OURS, *named] if OURS in totals else named


def over_ratings(comparison: Comparison, named: Sequence[str], title: str, unit: str, file: Path) -> None:
    """A line per model over the numbers of ratings told, with its interval as a band.

    All but the named models are grey.

    Parameters
    ----------
    comparison : Comparison
        In the measure to be drawn.
    named : sequence of str
        Models that have a colour and a name, always the same ones for the same sequence.
    title, unit : str
    file : Path
        A PNG.
    """
    given = comparison.given
    means = {name: [comparison.mean(name, n) for n in given] for name in comparison.models}
    with mpl.rc_context(dict(STYLE)):
        figure = Figure(figsize=(9, 5), dpi=150, layout="constrained")
        axes: Any = figure.subplots()
        places = list(range(len(given)))
        for name in sorted(means, key=lambda name: name == OURS):
            look = _look(name, named)
            axes.plot(places, means[name], label=name if name in named else None, **look)
            if name in named:
                low, high = zip(*(comparison.interval(name, n) for n in given), strict=True)
                axes.fill_between(places, low, high, color=look["color"], alpha=0.13, linewidth=0)
        if len(named) < len(means):
            axes.plot([], [], color=GREY, linewidth=1, label=f"{len(means) - len(named)} others")
        axes.set_xticks(places, [str(n) for n in given])
        axes.set_xlabel("ratings that a person tells")
        axes.set_ylabel(unit)
        axes.set_title(title)
        handles, labels = axes.get_legend_handles_labels()
        order = sorted(range(len(labels)), key=lambda i: _place(labels[i], named))
        axes.legend(
            [handles[i] for i in order],
            [labels[i] for i in order],
            loc="center left",
            bbox_to_anchor=(1.01, 0.5),
        )
        figure.savefig(file)


def bars(
    values: Mapping[str, float],
    title: str,
    unit: str,
    file: Path,
    *,
    intervals: Mapping[str, tuple[float, float]] | None = None,
    logarithmic: bool = False,
) -> None:
    """A horizontal bar per model, the largest on top, its value written behind it.

    Parameters
    ----------
    values : mapping of model to float
    title, unit : str
    file : Path
        A PNG.
    intervals : mapping of model to (float, float), optional
    logarithmic : bool
    """
    names = sorted(values, key=lambda name: values[name])
    ends = {name: intervals[name][1] if intervals else values[name] for name in names}
    with mpl.rc_context(dict(STYLE)):
        figure = Figure(figsize=(9, 1.4 + 0.36 * len(names)), dpi=150, layout="constrained")
        axes: Any = figure.subplots()
        colours = [COLOURS[0] if name == OURS else COLOURS[1] for name in names]
        axes.barh(names, [values[name] for name in names], color=colours, height=0.65)
        for place, name in enumerate(names):
            if intervals:
                axes.plot(intervals[name], [place, place], color="black", linewidth=1.5)
            axes.annotate(
                f"{values[name]:.3g}",
                (ends[name], place),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
            )
        if logarithmic:
            axes.set_xscale("log")
        axes.margins(x=0.12)
        axes.grid(visible=False, axis="y")
        axes.set_xlabel(unit)
        axes.set_title(title)
        figure.savefig(file)


def levers(points: Sequence[Point], file: Path) -> None:
    """What personal lists cost: NDCG@10 against the fan test, and against what strangers share.

    The named styles are ringed.

    Parameters
    ----------
    points : sequence of Point
    file : Path
        A PNG.
    """
    adventures = sorted({point.ranking.adventure for point in points})
    with mpl.rc_context(dict(STYLE)):
        figure = Figure(figsize=(11, 4.6), dpi=150, layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        for number, adventure in enumerate(adventures):
            line = sorted(
                (p for p in points if p.ranking.adventure == adventure), key=lambda p: p.ranking.calibration
            )
            look = {
                "color": COLOURS[number % len(COLOURS)],
                "marker": MARKERS[number % len(MARKERS)],
                "linestyle": LINES[number % len(LINES)],
                "label": f"adventure {adventure:g}",
            }
            ndcg = [point.ndcg for point in line]
            _line(left, [point.fans for point in line], ndcg, look)
            _line(right, [point.overlap for point in line], ndcg, look)
            if number == 0:
                _mark(left, [(point.fans, point.ndcg) for point in line], line)
        for point in points:
            if point.ranking in STYLES:
                for axes, across in ((left, point.fans), (right, point.overlap)):
                    axes.plot(across, point.ndcg, "o", color="black", fillstyle="none", markersize=13)
                    axes.annotate(
                        STYLES[point.ranking],
                        (across, point.ndcg),
                        xytext=(0, -14),
                        textcoords="offset points",
                        ha="center",
                        va="top",
                    )
        left.set_xlabel("fan test: picks of ten that have the fan's genre")
        left.set_ylabel("NDCG@10")
        left.set_title("Closer to the person’s genres")
        right.set_xlabel("share of ten picks that two strangers have in common")
        right.set_title("Less alike")
        left.legend(loc="lower left")
        figure.savefig(file)


def _line(axes: Any, across: Sequence[float], up: Sequence[float], look: Mapping[str, Any]) -> None:
    axes.plot(across, up, **look)


def _mark(axes: Any, places: Sequence[tuple[float, float]], line: Sequence[Point]) -> None:
    for place, point in zip(places, line, strict=True):
        axes.annotate(
            f"c {point.ranking.calibration:g}", place, xytext=(5, 5), textcoords="offset points", fontsize=9
        )


def _look(name: str, named: Sequence[str]) -> dict[str, Any]:
    if name not in named:
        return {"color": GREY, "linewidth": 1, "alpha": 0.6}
    number = named.index(name)
    return {
        "color": COLOURS[number % len(COLOURS)],
        "marker": MARKERS[number % len(MARKERS)],
        "linestyle": LINES[number % len(LINES)],
        "linewidth": 2.6 if name == OURS else 1.6,
    }


def _place(label: str, named: Sequence[str]) -> int:
    return named.index(label) if label in named else len(named)
