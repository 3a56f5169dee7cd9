"""A comparison as a page that can be shown to people: one folder, no other files needed."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recommender.evaluation import cold, plots
from recommender.evaluation.frontier import Point
from recommender.evaluation.protocol import Comparison
from recommender.evaluation.yardstick import MEASURES, TAIL

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; color: #222 }}
img {{ max-width: 100%; height: auto }}
table {{ border-collapse: collapse; font-size: 14px }}
th, td {{ padding: .25rem .6rem; text-align: right; border-bottom: 1px solid #ddd; white-space: nowrap }}
th:first-child, td:first-child {{ text-align: left }}
tr.ours td {{ font-weight: 600 }}
.wide {{ overflow-x: auto }}
small {{ color: #555 }}
</style></head><body>
<h1>{title}</h1>
{body}
</body></html>
"""
ABOUT_COLD = (
    "<h2>Cold movies</h2><p>All ratings of a tenth of the movies were taken away. Which of them a person"
    " will like can only be told from what the movies are.</p>"
)
ABOUT_LEVERS = (
    "<h2>Popular or personal</h2><p>Adventure takes away what everybody gets, calibration (c) draws a"
    " list towards the person’s genres. A fan loves five well-known films of a genre and dislikes three"
    " of a distant one.</p>"
)
ABOUT_TIME = (
    "<h2>Time</h2><p>Stock LightFM cannot serve newcomers and is fitted again for each group of them,"
    " which counts as answering.</p>"
)


@dataclass(frozen=True, slots=True)
class Findings:
    """What a report tells.

    Attributes
    ----------
    data : str
        Name of the data set.
    seeds : int
    earliest : bool
        Whether people told their first ratings by time.
    comparison : Comparison
    cold : Comparison
        From `recommender.evaluation.cold.compare_cold`.
    frontier : sequence of Point
    acknowledgement : str
        What the licence of the data asks to be said.
    """

    data: str
    seeds: int
    earliest: bool
    comparison: Comparison
    cold: Comparison
    frontier: Sequence[Point]
    acknowledgement: str = ""


def write_report(findings: Findings, folder: Path) -> Path:
    """Write ``index.html`` and its pictures to a folder, which is made where it is missing.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sections = [_about(findings), *_quality(findings, folder), *_cold(findings, folder)]
    sections += [*_frontier(findings, folder), *_times(findings, folder), _definitions(findings)]
    page = folder / "index.html"
    title = html.escape(f"How good the picks are, on {findings.data}")
    page.write_text(PAGE.format(title=title, body="\n".join(sections)), encoding="utf-8")
    return page


def _about(findings: Findings) -> str:
    whose = findings.comparison.people
    people = len({user for ids in whose.values() for user in ids.tolist()})
    told = "their earliest ones by time" if findings.earliest else "drawn at random"
    return (
        f"<p>{people} people were taken out of the data before anything was learned, in {findings.seeds}"
        f" draw{'s' * (findings.seeds != 1)}."
        f" Each tells a few ratings ({told}); every model ranks all other movies for the same people."
        " A movie is relevant if the person gave it at least four stars. Bands and ranges are 95 % bootstrap"
        " intervals over people.</p>"
    )


def _quality(findings: Findings, folder: Path) -> list[str]:
    comparison = findings.comparison
    tail, bad = comparison.of(TAIL + "ndcg@10"), comparison.of("bad@10")
    named = plots.worth_naming(comparison)
    plots.over_ratings(comparison, named, "Quality of ten picks", "NDCG@10", folder / "quality.png")
    plots.over_ratings(tail, named, "Among less known movies", "long-tail NDCG@10", folder / "long-tail.png")
    bad_file = folder / "bad-picks.png"
    plots.over_ratings(bad, named, "Bad picks (less is better)", "share rated 2.5 or less", bad_file)
    middle = _middle(comparison)
    return [
        "<h2>Quality over the number of ratings</h2>",
        _picture("quality.png", "NDCG@10 of each model over the number of ratings told"),
        _by_given(comparison),
        "<h2>Less known movies</h2><p>Outside the 200 most rated, popularity is no help.</p>",
        _picture("long-tail.png", "NDCG@10 among long-tail movies"),
        _by_given(tail),
        "<h2>Bad picks</h2><p>Picks that the person gave 2.5 stars or less, among those they rated.</p>",
        _picture("bad-picks.png", "Share of bad picks of each model"),
        f"<h2>Every measure, at {middle} rating{'s' * (middle != 1)}</h2>",
        _all_measures(comparison, middle),
    ]


def _cold(findings: Findings, folder: Path) -> list[str]:
    comparison = findings.cold
    (n,) = comparison.given
    values = {name: comparison.mean(name, n) for name in comparison.models}
    intervals = {name: comparison.interval(name, n) for name in comparison.models}
    plots.bars(
        values,
        "Movies without any ratings, ranked among themselves",
        f"NDCG@10 at {n} ratings told",
        folder / "cold.png",
        intervals=intervals,
    )
    header = ["model", *cold.COLD_MEASURES]
    rows = [
        [name, *(f"{comparison.of(measure).mean(name, n):.3f}" for measure in cold.COLD_MEASURES)]
        for name in sorted(values, key=lambda name: -values[name])
    ]
    return [
        ABOUT_COLD,
        _picture("cold.png", "NDCG@10 among cold movies"),
        _table(header, rows),
    ]


def _frontier(findings: Findings, folder: Path) -> list[str]:
    if not findings.frontier:
        return []
    plots.levers(findings.frontier, folder / "levers.png")
    header = ["adventure", "calibration", "NDCG@10", "long tail", "strangers share"]
    header += ["popularity percentile", "fan test", "least"]
    rows = [
        [
            f"{p.ranking.adventure:g}",
            f"{p.ranking.calibration:g}",
            f"{p.ndcg:.3f}",
            f"{p.tail_ndcg:.3f}",
            f"{p.overlap:.2f}",
            f"{p.popularity:.1f}",
            f"{p.fans:.1f}",
            f"{p.least_fan:.0f}",
        ]
        for p in findings.frontier
    ]
    return [
        ABOUT_LEVERS,
        _picture("levers.png", "NDCG@10 against the fan test and against what strangers share"),
        _table(header, rows),
    ]


def _times(findings: Findings, folder: Path) -> list[str]:
    times = findings.comparison.times
    # Below a hundredth of a second there is nothing to learn, only to count.
    seconds = {name: max(took.fit + took.answer, 0.01) for name, took in times.items()}
    plots.bars(
        seconds,
        "Time to train and to answer everybody",
        "seconds, logarithmic",
        folder / "time.png",
        logarithmic=True,
    )
    rows = [
        [name, f"{times[name].fit:.2f}", f"{times[name].answer:.2f}"]
        for name in sorted(seconds, key=lambda name: seconds[name])
    ]
    return [
        ABOUT_TIME,
        _picture("time.png", "Seconds to train and answer"),
        _table(["model", "train (s)", "answer (s)"], rows),
    ]


def _definitions(findings: Findings) -> str:
    items = "".join(f"<li><b>{name}</b>: {html.escape(text)}</li>" for name, text in MEASURES.items())
    return (
        f"<h2>Measures</h2><ul>{items}<li><b>coverage</b>: share of the catalogue that is in at least one"
        f" list</li></ul><p><small>{html.escape(findings.acknowledgement)}</small></p>"
    )


def _by_given(comparison: Comparison) -> str:
    order = sorted(
        comparison.models, key=lambda name: -sum(comparison.mean(name, n) for n in comparison.given)
    )
    rows: list[list[str]] = []
    for name in order:
        cells = [name]
        for n in comparison.given:
            low, high = comparison.interval(name, n)
            cells.append(f"{comparison.mean(name, n):.3f} ({low:.3f}–{high:.3f})")
        rows.append(cells)
    return _table(["ratings told", *map(str, comparison.given)], rows)


def _all_measures(comparison: Comparison, n: int) -> str:
    names = list(MEASURES)
    rows = [
        [
            name,
            *(f"{comparison.of(measure).mean(name, n):.3f}" for measure in names),
            f"{comparison.coverage[name, n]:.1%}",
        ]
        for name in comparison.models
    ]
    return _table(["model", *names, "coverage"], rows)


def _middle(comparison: Comparison) -> int:
    return min(comparison.given, key=lambda n: abs(n - 10))


def _picture(name: str, text: str) -> str:
    return f'<p><img src="{name}" alt="{html.escape(text)}"></p>'


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in header)
    body = "".join(
        ("<tr class='ours'>" if row[0] == plots.OURS else "<tr>")
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in row)
        + "</tr>"
        for row in rows
    )
    return f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'
