"""A comparison as a page that can be shown to people: one folder, no other files needed."""

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from recommender.evaluation import cold, page, plots
from recommender.evaluation.frontier import Point
from recommender.evaluation.new_films import CUTS, FEWEST_VOTES, VOTES_OF_TODAY
from recommender.evaluation.page import picture
from recommender.evaluation.protocol import Comparison
from recommender.evaluation.stars import StarErrors
from recommender.evaluation.yardstick import MEASURES, TAIL

ABOUT_COLD = (
    "<h2>Cold movies</h2><p>All ratings of a tenth of the movies were taken away. Which of them a person"
    " will like can only be told from what the movies are: who learns from ratings alone has them in no order"
    " of its own, and among all movies puts them last.</p>"
)
ABOUT_NEW = (
    "<h2>New films</h2><p>The community are the people who rated only before the beginning of a year"
    f" ({', '.join(map(str, CUTS))}). Others tell ratings of older films, and all films of that year and"
    f" after with at least {FEWEST_VOTES} votes are ranked for them; {VOTES_OF_TODAY}.</p>"
)
ABOUT_LEVERS = (
    "<h2>Popular or personal</h2><p>Adventure takes away what everybody gets, calibration (c) draws a"
    " list towards the person’s genres. A fan loves five well-known films of a genre and dislikes three"
    " of a distant one. The stars are the styles that people can ask for.</p>"
)
ABOUT_STARS = (
    "<h2>Likely stars</h2><p>The stars that people would give, against the mean with damped biases of movie"
    " and person, the damping tuned. Shown: the part of the estimates that people get to see; they are off by"
    " so much on average, and so much is said beside them.</p>"
)
ABOUT_AHEAD = (
    "<h2>Ahead of each</h2><p>The difference to each other model, on the same people. Above zero with its"
    " whole interval it is no chance.</p>"
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
    styles : mapping of name to Point
        What people can ask for.
    stars : sequence of StarErrors
    acknowledgement : str
        What the licence of the data asks to be said.
    new : Comparison, optional
        From `recommender.evaluation.new_films.compare_new`.
    """

    data: str
    seeds: int
    earliest: bool
    comparison: Comparison
    cold: Comparison
    frontier: Sequence[Point] = ()
    styles: Mapping[str, Point] = field(default_factory=dict[str, Point])
    stars: Sequence[StarErrors] = ()
    acknowledgement: str = ""
    new: Comparison | None = None


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
    sections += [] if findings.new is None else _new(findings.new, folder)
    sections += [*_frontier(findings, folder), *_stars(findings, folder), *_times(findings, folder)]
    file = folder / "index.html"
    title = f"How good the picks are, on {findings.data}"
    file.write_text(page.page(title, [*sections, _definitions(findings)]), encoding="utf-8")
    return file


def _about(findings: Findings) -> str:
    whose = findings.comparison.people
    people = len({user for ids in whose.values() for user in ids.tolist()})
    told = "their earliest ones by time" if findings.earliest else "drawn at random"
    return (
        f"<p>{people} people were taken out of the data before anything was learned, in {findings.seeds}"
        f" draw{'s' * (findings.seeds != 1)}."
        f" Each tells a few ratings ({told}); every model ranks all other movies for the same people."
        " A movie is relevant if the person gave it at least four stars. The band, bars and ranges are 95 %"
        " bootstrap intervals over people.</p>"
    )


def _quality(findings: Findings, folder: Path) -> list[str]:
    comparison = findings.comparison
    tail, bad = comparison.of(TAIL + "ndcg@10"), comparison.of("bad@10")
    named = plots.worth_naming(comparison, tail)
    ahead = len(named) > 1 and plots.OURS in named
    plots.over_ratings(comparison, named, "Quality of ten picks", "NDCG@10", folder / "quality.png")
    if ahead:
        unit = f"NDCG@10 of {plots.OURS} minus the other's"
        plots.differences(comparison, named, "Ahead of each on the same people", unit, folder / "ahead.png")
    plots.over_ratings(tail, named, "Among less known movies", "long-tail NDCG@10", folder / "long-tail.png")
    bad_file = folder / "bad-picks.png"
    plots.over_ratings(bad, named, "Bad picks (less is better)", "share rated 2.5 or less", bad_file)
    middle = _middle(comparison)
    return [
        "<h2>Quality over the number of ratings</h2>",
        picture("quality.png", "NDCG@10 of each model over the number of ratings told"),
        _by_given(comparison),
        *(
            [ABOUT_AHEAD, picture("ahead.png", "Difference to each model"), _ahead(comparison)]
            if ahead
            else []
        ),
        "<h2>Less known movies</h2><p>Outside the 200 most rated, popularity is no help.</p>",
        picture("long-tail.png", "NDCG@10 among long-tail movies"),
        _by_given(tail),
        "<h2>Bad picks</h2><p>Picks that the person gave 2.5 stars or less, among those they rated.</p>",
        picture("bad-picks.png", "Share of bad picks of each model"),
        f"<h2>Every measure, at {middle} rating{'s' * (middle != 1)}</h2>",
        _all_measures(comparison, middle),
        "<p>And among the less known movies alone:</p>",
        _all_measures(comparison, middle, TAIL),
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
        picture("cold.png", "NDCG@10 among cold movies"),
        _table(header, rows),
    ]


def _new(comparison: Comparison, folder: Path) -> list[str]:
    n = max(comparison.given)
    values = {name: comparison.mean(name, n) for name in comparison.models}
    intervals = {name: comparison.interval(name, n) for name in comparison.models}
    unit = f"NDCG@10 at {n} ratings told"
    plots.bars(values, "Films that came out later", unit, folder / "new.png", intervals=intervals)
    rows: list[list[str]] = []
    for name in (name for name in comparison.models if name != plots.OURS):
        found = [comparison.ratio(plots.OURS, name, given) for given in comparison.given]
        rows.append([name, *(f"{times:.2f} ({low:.2f} … {high:.2f})" for times, low, high in found)])
    header = [f"{plots.OURS} is so many times as good as", *(f"{given} told" for given in comparison.given)]
    return [
        ABOUT_NEW,
        picture("new.png", "NDCG@10 among films that came out later"),
        _by_given(comparison),
        _table(header, rows),
    ]


def _frontier(findings: Findings, folder: Path) -> list[str]:
    if not findings.frontier:
        return []
    plots.levers(findings.frontier, findings.styles, folder / "levers.png")
    named = [*findings.styles.items(), *(("", point) for point in findings.frontier)]
    header = ["style", "adventure", "calibration", "NDCG@10", "long tail", "strangers share"]
    header += ["popularity percentile", "fan test", "least"]
    rows = [
        [
            name,
            f"{p.ranking.adventure:g}",
            f"{p.ranking.calibration:g}",
            f"{p.ndcg:.3f}",
            f"{p.tail_ndcg:.3f}",
            f"{p.overlap:.2f}",
            f"{p.popularity:.1f}",
            f"{p.fans:.1f}",
            f"{p.least_fan:.0f}",
        ]
        for name, p in named
    ]
    return [
        ABOUT_LEVERS,
        picture("levers.png", "NDCG@10 against the fan test and against what strangers share"),
        _table(header, rows),
    ]


def _stars(findings: Findings, folder: Path) -> list[str]:
    if not findings.stars:
        return []
    plots.stars(findings.stars, folder / "stars.png")
    header = ["ratings told", "RMSE", "guess", "lower by", "95 %", "MAE", "guess", "shown", "off by", "said"]
    rows = [
        [
            str(one.given),
            *(f"{value:.3f}" for value in (one.rmse, one.guess_rmse)),
            f"{one.better[0]:.1%}",
            f"{one.better[1]:.1%} … {one.better[2]:.1%}",
            *(f"{value:.3f}" for value in (one.mae, one.guess_mae)),
            f"{one.shown:.0%}",
            *("" if math.isnan(value) else f"{value:.2f}" for value in (one.shown_mae, one.stated)),
        ]
        for one in findings.stars
    ]
    return [ABOUT_STARS, picture("stars.png", "Errors of likely stars and of a guess"), _table(header, rows)]


def _times(findings: Findings, folder: Path) -> list[str]:
    times = findings.comparison.times
    # Below a hundredth of a second there is nothing to learn, only to count.
    seconds = {name: max(took.fit + took.answer, 0.01) for name, took in times.items()}
    plots.bars(
        seconds,
        "Time to train and to answer everybody",
        "seconds, logarithmic",
        folder / "time.png",
        decimals=2,
        logarithmic=True,
    )
    rows = [
        [name, f"{times[name].fit:.2f}", f"{times[name].answer:.2f}"]
        for name in sorted(seconds, key=lambda name: seconds[name])
    ]
    return [
        ABOUT_TIME,
        picture("time.png", "Seconds to train and answer"),
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


def _ahead(comparison: Comparison) -> str:
    rows: list[list[str]] = []
    for name in (name for name in comparison.models if name != plots.OURS):
        found = [comparison.advantage(plots.OURS, name, n) for n in comparison.given]
        rows.append([name, *(f"{ahead:+.3f} ({low:+.3f} … {high:+.3f})" for ahead, low, high in found)])
    return _table(["ratings told", *map(str, comparison.given)], rows)


def _all_measures(comparison: Comparison, n: int, among: str = "") -> str:
    names = list(MEASURES)
    covered = comparison.tail_coverage if among else comparison.coverage
    rows = [
        [
            name,
            *(f"{comparison.of(among + measure).mean(name, n):.3f}" for measure in names),
            f"{covered[name, n]:.1%}",
        ]
        for name in comparison.models
    ]
    return _table(["model", *names, "coverage"], rows)


def _middle(comparison: Comparison) -> int:
    return min(comparison.given, key=lambda n: abs(n - 10))


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return page.table(header, rows, plots.OURS)
