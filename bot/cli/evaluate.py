"""``evaluate``: how good the recommendations are, on people that no model has seen."""

import asyncio
import math
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.cli.logs import set_up_logging
from bot.cli.output import print_json
from bot.cli.star_errors import star_rows, star_table
from bot.cli.tables import figures, print_table
from bot.errors import UserError
from bot.settings import Settings
from recommender.datasets.dataset import Dataset, DatasetError

if TYPE_CHECKING:
    from recommender.evaluation.protocol import Comparison, Fit, OnFitted, OnProgress
    from recommender.evaluation.stars import StarJudge

OURS = "Matinée"
FEWEST_RATERS = 40
PEOPLE = 150
GIVEN = "1,3,5,10,20"
SEEDS = 3

Data = Annotated[
    list[Path] | None,
    typer.Argument(
        help="A MovieLens file or folder, and what to join it with; the active data set if left out.",
        show_default=False,
    ),
]
Given = Annotated[str, typer.Option(help="Numbers of ratings that the held-out people tell, with commas.")]
Seeds = Annotated[int, typer.Option(min=1, max=20, help="How many draws of held-out people.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Peers = Annotated[bool, typer.Option("--peers", help="Compare with all peers; needs the extra bench.")]
Earliest = Annotated[
    bool, typer.Option("--earliest", help="People tell their first ratings by time, not random ones.")
]
Groups = Annotated[
    bool,
    typer.Option("--groups", help="Measure lists for groups instead; takes --seeds and --json."),
]
New = Annotated[
    bool,
    typer.Option("--new", help="Measure how films are recommended that came out later; takes --json."),
]
Report = Annotated[
    Path | None,
    typer.Option(help="Also write a page with plots to this folder; takes about three times as long."),
]


def evaluate(
    data: Data = None,
    given: Given = GIVEN,
    seeds: Seeds = SEEDS,
    peers: Peers = False,
    earliest: Earliest = False,
    as_json: AsJson = False,
    report: Report = None,
    groups: Groups = False,
    new: New = False,
) -> None:
    """Compare the model with most-popular and stock LightFM, or all peers, under the friends protocol."""
    told = _numbers(given)
    if new and (groups or peers or earliest or report or given != GIVEN or seeds != SEEDS):
        raise UserError("--new goes with --json alone: leave out the other options")
    if groups and (peers or earliest or report or given != GIVEN):
        raise UserError("--groups goes with --seeds and --json alone: leave out the other options")
    if peers and find_spec("implicit") is None:
        raise UserError("--peers needs more libraries: pip install .[bench]")
    settings = Settings.read()
    set_up_logging(settings, quiet=True)
    dataset = _dataset(data or (), settings)
    if earliest and not dataset.ratings.rated_at.any():
        raise UserError(f"{dataset.name} does not say when its ratings were given, which --earliest needs")
    if groups:
        _evaluate_groups(dataset, seeds, as_json)
        return
    if new:
        _evaluate_new(dataset, as_json)
        return
    if report:
        _make(report)
    models = _models(peers)
    judge = _judge()
    page, cold = None, {}
    with _bar() as bar:
        drawing = _drawing(bar)
        comparison = _compare(dataset, models, told, seeds, earliest, drawing, judge)
        if report:
            page, cold = _report(dataset, models, comparison, judge, seeds, earliest, report, drawing)
    if as_json:
        answer = _answer(dataset.name, comparison, told, seeds, earliest)
        print_json(answer | {"stars": star_rows(judge.errors())} | cold)
    else:
        print_table(_table(comparison, told, dataset.name))
        print_table(star_table(judge.errors()))
    if page:
        Console(stderr=True).print(f"Report: {page}", soft_wrap=True)


def _evaluate_groups(dataset: Dataset, seeds: int, as_json: bool) -> None:
    from bot.cli.evaluate_groups import groups_answer, groups_table, measured

    with _bar() as bar:
        comparison = measured(dataset, seeds, PEOPLE, _drawing(bar))
    if as_json:
        print_json(groups_answer(dataset.name, comparison, seeds))
    else:
        print_table(groups_table(dataset.name, comparison))


def _evaluate_new(dataset: Dataset, as_json: bool) -> None:
    from bot.cli.evaluate_new import cold_table, measured_cold, measured_new, new_answer, new_table
    from recommender.evaluation.cold_ratings import SEEDS as COLD_SEEDS
    from recommender.evaluation.cold_ratings import cold_world
    from recommender.evaluation.new_films import CUTS, NotMeasurable, at_cut

    try:
        worlds = [at_cut(dataset, cut) for cut in CUTS]
        cold_worlds = [cold_world(dataset, seed) for seed in COLD_SEEDS]
    except NotMeasurable as error:
        raise UserError(f"{dataset.name} cannot be used for --new: {error}") from error
    with _bar() as bar:
        drawing = _drawing(bar)
        comparison, cold = measured_new(worlds, drawing), measured_cold(cold_worlds, drawing)
    if as_json:
        print_json(new_answer(dataset.name, comparison, cold))
    else:
        print_table(new_table(dataset.name, comparison))
        print_table(cold_table(dataset.name, cold))


def _numbers(given: str) -> list[int]:
    try:
        told = sorted({int(word) for word in given.split(",")})
    except ValueError:
        raise UserError(f"--given takes whole numbers with commas, such as 1,3,10, not {given!r}") from None
    if told[0] < 1 or told[-1] > 25:
        raise UserError("--given takes numbers from 1 to 25: held-out people have rated at least 30 movies")
    return told


def _dataset(data: Sequence[Path], settings: Settings) -> Dataset:
    from recommender.datasets import load_dataset

    try:
        dataset = load_dataset(*(data or [settings.datasets / asyncio.run(_active(settings))]))
    except DatasetError as error:
        raise UserError(str(error)) from error
    if len(set(dataset.ratings.user_ids.tolist())) < FEWEST_RATERS:
        raise UserError(
            f"{dataset.name} has too few raters to measure on; add a community first:"
            " python -m bot data add ml-latest-small"
        )
    return dataset


async def _active(settings: Settings) -> str:
    from bot.services.app import Services

    async with Services.open(settings) as services:
        return (await services.data.status()).name


def _models(peers: bool) -> "dict[str, Fit]":
    from recommender.evaluation import peers as known
    from recommender.options import TrainingOptions

    few: dict[str, Fit] = {"most popular": known.popular, "stock LightFM": known.stock_lightfm}
    others = known.all_peers() if peers else few
    return others | {OURS: known.matinee(TrainingOptions())}


def _judge() -> "StarJudge":
    from recommender.evaluation.stars import StarJudge

    return StarJudge()


def _compare(
    dataset: Dataset,
    models: "Mapping[str, Fit]",
    given: list[int],
    seeds: int,
    earliest: bool,
    on_progress: "OnProgress",
    on_fitted: "OnFitted",
) -> "Comparison":
    from recommender.evaluation.protocol import compare

    return compare(
        dataset,
        models,
        given=given,
        seeds=range(seeds),
        people=PEOPLE,
        earliest=earliest,
        on_progress=on_progress,
        on_fitted=on_fitted,
    )


def _make(folder: Path) -> None:
    """Known before the long work, not after it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"the report cannot be written to {folder}: {error.strerror}") from error


def _report(
    dataset: Dataset,
    models: "Mapping[str, Fit]",
    comparison: "Comparison",
    judge: "StarJudge",
    seeds: int,
    earliest: bool,
    folder: Path,
    on_progress: "OnProgress",
) -> tuple[Path, dict[str, Any]]:
    """Write the page; answers where it is, and what it tells besides as plain JSON."""
    from bot.cli.evaluate_report import findings
    from recommender.evaluation.report import write_report

    found = findings(
        dataset,
        models,
        comparison,
        judge.errors(),
        seeds=seeds,
        people=PEOPLE,
        earliest=earliest,
        on_progress=on_progress,
    )
    cold = {measure: _rows(found.cold.of(measure), found.cold.given) for measure in found.cold.measured}
    return write_report(found, folder), {"cold": cold}


def _bar() -> Progress:
    columns = (TextColumn("{task.description:24}"), BarColumn(30), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _drawing(bar: Progress) -> "OnProgress":
    task = bar.add_task("starting", total=None)

    def draw(stage: str, done: int, total: int) -> None:
        bar.update(task, description=stage, completed=done, total=total)

    return draw


def _answer(
    name: str, comparison: "Comparison", given: list[int], seeds: int, earliest: bool
) -> dict[str, Any]:
    measures = {measure: _rows(comparison.of(measure), given) for measure in comparison.measured}
    coverage = [
        {"model": model, "given": n, "share": share, "long-tail share": comparison.tail_coverage[model, n]}
        for (model, n), share in comparison.coverage.items()
    ]
    seconds = {model: {"fit": took.fit, "answer": took.answer} for model, took in comparison.times.items()}
    return {
        "dataset": name,
        "seeds": seeds,
        "told": "earliest" if earliest else "random",
        **measures,
        "coverage": coverage,
        "seconds": seconds,
    }


def _rows(comparison: "Comparison", given: list[int]) -> list[dict[str, Any]]:
    return [
        {
            "model": name,
            "given": n,
            "mean": _number(comparison.mean(name, n)),
            "interval": [_number(end) for end in comparison.interval(name, n)],
            "ahead": [_number(part) for part in comparison.advantage(OURS, name, n)],
        }
        for name in sorted(comparison.models)
        for n in given
    ]


def _number(value: float) -> float | None:
    """JSON has no NaN: nothing is known."""
    return None if math.isnan(value) else value


def _table(comparison: "Comparison", given: list[int], name: str) -> Table:
    table = figures(
        f"NDCG@10 on {name}, with 95 % intervals over people",
        f"told: ratings that each person gives; ahead: {OURS} minus the other, on the same people",
    )
    for heading in ("told", "model", "NDCG@10", "interval", "ahead", "interval"):
        table.add_column(heading, justify="left" if heading == "model" else "right", no_wrap=True)
    models = sorted(comparison.models, key=lambda model: model == OURS)
    for n in given:
        for model in models:
            low, high = comparison.interval(model, n)
            ahead, least, most = comparison.advantage(OURS, model, n)
            difference = ("", "") if model == OURS else (f"{ahead:+.3f}", f"{least:+.3f} … {most:+.3f}")
            cells = (str(n), model, f"{comparison.mean(model, n):.3f}", f"{low:.3f}–{high:.3f}")
            table.add_row(*cells, *difference, end_section=model == OURS)
    return table
