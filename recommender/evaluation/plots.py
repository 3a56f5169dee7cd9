"""The pictures of a report: what is compared, legible without colour."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.figure
import numpy as np

from recommender.evaluation.frontier import Point
from recommender.evaluation.protocol import Comparison
from recommender.evaluation.stars import StarErrors

OURS = "Matinée"
# Their types are not told to the last argument.
mpl: Any = matplotlib
Figure: Any = matplotlib.figure.Figure
# Okabe and Ito, Color universal design, 2008: told apart by colour-blind people.
COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
MARKERS = "osD^vPX*<>ph"
LINES = ("-", "--", "-.", ":")
GREY = "#999999"
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


def worth_naming(comparison: Comparison, *besides: Comparison) -> list[str]:
    """The project's model, the best others, and the most popular movies.

    The best at any number of ratings come first, also in what is compared besides, then those that are best
    over all numbers.
    """
    totals = {name: sum(comparison.mean(name, n) for n in comparison.given) for name in comparison.models}
    others = sorted((name for name in totals if name != OURS), key=lambda name: -totals[name])
    best = [
        max(others, key=lambda name: -np.inf if np.isnan(mean := one.mean(name, n)) else mean)
        for one in (comparison, *besides)
        for n in one.given
        if others
    ]
    named = list(dict.fromkeys([*best, *others]))[: MOST_NAMED - 1]
    # Everybody asks for it first, however it fares.
    if "most popular" in others and "most popular" not in named:
        named[-1] = "most popular"
    return [OURS, *named] if OURS in totals else named


def over_ratings(comparison: Comparison, named: Sequence[str], title: str, unit: str, file: Path) -> None:
    """A line per model over the numbers of ratings told; the first named one has its interval as a band.

    All but the named models are grey. How sure a difference is, `differences` shows: intervals of two models
    overlap even where one is better for nearly everybody.

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
            if name == named[0]:
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


def differences(comparison: Comparison, named: Sequence[str], title: str, unit: str, file: Path) -> None:
    """By how much the project's model is ahead of each other named one, on the same people.

    Parameters
    ----------
    comparison : Comparison
        In the measure to be drawn.
    named : sequence of str
        As for `over_ratings`, with the same looks.
    title, unit : str
    file : Path
        A PNG.
    """
    others = [name for name in named if name != OURS]
    with mpl.rc_context(dict(STYLE)):
        figure = Figure(figsize=(9, 4.4), dpi=150, layout="constrained")
        axes: Any = figure.subplots()
        axes.axhline(0, color="black", linewidth=1)
        for number, name in enumerate(others):
            look = _look(name, named)
            found = [comparison.advantage(OURS, name, n) for n in comparison.given]
            # Side by side, so that no interval hides another one.
            places = [place + 0.7 * ((number + 0.5) / len(others) - 0.5) for place in range(len(found))]
            low_high = ([ahead - low for ahead, low, _ in found], [high - ahead for ahead, _, high in found])
            axes.errorbar(
                places,
                [ahead for ahead, _, _ in found],
                yerr=low_high,
                fmt=look["marker"],
                color=look["color"],
                capsize=3,
                label=name,
            )
        axes.set_xticks(range(len(comparison.given)), [str(n) for n in comparison.given])
        axes.set_xlim(-0.5, len(comparison.given) - 0.5)
        axes.grid(visible=False, axis="x")
        axes.set_xlabel("ratings that a person tells")
        axes.set_ylabel(unit)
        axes.set_title(title)
        axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
        figure.savefig(file)


def stars(errors: Sequence[StarErrors], file: Path) -> None:
    """How far off estimated stars are beside a tuned guess, and by which part less.

    Parameters
    ----------
    errors : sequence of StarErrors
    file : Path
        A PNG.
    """
    places, told = list(range(len(errors))), [str(one.given) for one in errors]
    with mpl.rc_context(dict(STYLE)):
        figure = Figure(figsize=(11, 4.2), dpi=150, layout="constrained")
        left, right = figure.subplots(1, 2)
        guess = {"color": COLOURS[1], "marker": MARKERS[1], "linestyle": "--", "label": "tuned guess"}
        ours = {"color": COLOURS[0], "marker": MARKERS[0], "linestyle": "-", "linewidth": 2.6, "label": OURS}
        _line(left, places, [one.guess_rmse for one in errors], guess)
        _line(left, places, [one.rmse for one in errors], ours)
        left.set_ylabel("RMSE in stars (less is better)")
        left.set_title("How far off the stars are")
        left.legend()
        parts = [[100 * value for value in one.better] for one in errors]
        reach = ([part - low for part, low, _ in parts], [high - part for part, _, high in parts])
        right.axhline(0, color="black", linewidth=1)
        right.errorbar(
            places, [part for part, _, _ in parts], yerr=reach, fmt="o", color=COLOURS[0], capsize=3
        )
        right.set_ylabel("% of the guess's RMSE")
        right.set_title("By which part less than the guess")
        for axes in (left, right):
            axes.set_xticks(places, told)
            axes.set_xlim(-0.5, len(places) - 0.5)
            axes.set_xlabel("ratings that a person tells")
        figure.savefig(file)


def bars(
    values: Mapping[str, float],
    title: str,
    unit: str,
    file: Path,
    *,
    intervals: Mapping[str, tuple[float, float]] | None = None,
    decimals: int = 3,
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
    decimals : int
        Of the values as they are written.
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
                f"{values[name]:.{decimals}f}",
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


def levers(points: Sequence[Point], styles: Mapping[str, Point], file: Path) -> None:
    """What personal lists cost: NDCG@10 against the fan test, and against what strangers share.

    Parameters
    ----------
    points : sequence of Point
    styles : mapping of name to Point
        Those that people can ask for.
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
        for name, style in styles.items():
            for axes, across in ((left, style.fans), (right, style.overlap)):
                axes.plot([across], [style.ndcg], "*", color="black", markersize=15)
                axes.annotate(
                    name, (across, style.ndcg), xytext=(0, -20), textcoords="offset points", ha="center"
                )
        left.set_xlabel("fan test: picks of ten that have the fan's genre")
        left.set_ylabel("NDCG@10")
        left.set_title("Closer to the person’s genres")
        right.set_xlabel("share of ten picks that two strangers have in common")
        right.set_title("Less alike")
        left.margins(y=0.1)
        left.legend(loc="lower left")
        figure.savefig(file)


def _line(axes: Any, across: Sequence[float], up: Sequence[float], look: Mapping[str, Any]) -> None:
    axes.plot(across, up, **look)


def _mark(axes: Any, places: Sequence[tuple[float, float]], line: Sequence[Point]) -> None:
    for place, point in zip(places, line, strict=True):
        axes.annotate(
            f"c {point.ranking.calibration:g}", place, xytext=(4, 8), textcoords="offset points", fontsize=9
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
