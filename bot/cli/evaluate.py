"""``evaluate``: how good the recommendations are, on people that no model has seen."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.cli.logs import set_up_logging
from bot.cli.output import print_json
from bot.errors import UserError
from bot.settings import Settings
from recommender.datasets.dataset import Dataset, DatasetError

if TYPE_CHECKING:
    from recommender.evaluation.protocol import Comparison, OnProgress

OURS = "Matinée"
FEWEST_RATERS = 40

Data = Annotated[
    Path | None,
    typer.Argument(help="A MovieLens file or folder; the active data set if left out.", show_default=False),
]
Given = Annotated[str, typer.Option(help="Numbers of ratings that the held-out people tell, with commas.")]
Seeds = Annotated[int, typer.Option(min=1, max=20, help="How many draws of held-out people.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def evaluate(
    data: Data = None, given: Given = "1,3,5,10,20", seeds: Seeds = 3, as_json: AsJson = False
) -> None:
    """Compare the model with most-popular and stock LightFM under the friends protocol (NDCG@10)."""
    told = _numbers(given)
    settings = Settings.read()
    set_up_logging(settings, quiet=True)
    dataset = _dataset(data, settings)
    comparison = _compare(dataset, told, seeds)
    if as_json:
        print_json({"dataset": dataset.name, "seeds": seeds, "ndcg@10": _rows(comparison, told)})
    else:
        Console().print(_table(comparison, told, dataset.name))


def _numbers(given: str) -> list[int]:
    try:
        told = sorted({int(word) for word in given.split(",")})
    except ValueError:
        raise UserError(f"--given takes whole numbers with commas, such as 1,3,10, not {given!r}") from None
    if told[0] < 1 or told[-1] > 25:
        raise UserError("--given takes numbers from 1 to 25: held-out people have rated at least 30 movies")
    return told


def _dataset(data: Path | None, settings: Settings) -> Dataset:
    from recommender.datasets import load_dataset

    try:
        folder = data or settings.datasets / asyncio.run(_active(settings))
        dataset = load_dataset(folder)
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


def _compare(dataset: Dataset, given: list[int], seeds: int) -> "Comparison":
    from recommender.evaluation.peers import matinee, popular, stock_lightfm
    from recommender.evaluation.protocol import compare
    from recommender.training import TrainingOptions

    models = {"most popular": popular, "stock LightFM": stock_lightfm, OURS: matinee(TrainingOptions())}
    with _bar() as bar:
        return compare(
            dataset, models, given=given, seeds=range(seeds), people=150, on_progress=_drawing(bar)
        )


def _bar() -> Progress:
    columns = (TextColumn("{task.description:24}"), BarColumn(30), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _drawing(bar: Progress) -> "OnProgress":
    task = bar.add_task("starting", total=None)

    def draw(stage: str, done: int, total: int) -> None:
        bar.update(task, description=stage, completed=done, total=total)

    return draw


def _rows(comparison: "Comparison", given: list[int]) -> list[dict[str, Any]]:
    names = sorted({name for name, _ in comparison.values})
    return [
        {
            "model": name,
            "given": n,
            "mean": comparison.mean(name, n),
            "interval": comparison.interval(name, n),
            "ahead": comparison.advantage(OURS, name, n),
        }
        for name in names
        for n in given
    ]


def _table(comparison: "Comparison", given: list[int], name: str) -> Table:
    table = Table(
        title=f"NDCG@10 on {name}, with 95 % intervals over people",
        caption=f"told: ratings that each person gives; ahead: {OURS} minus the other, on the same people",
    )
    for heading in ("told", "model", "NDCG@10", "interval", "ahead", "interval"):
        table.add_column(heading, justify="left" if heading == "model" else "right", no_wrap=True)
    models = sorted({model for model, _ in comparison.values}, key=lambda model: model == OURS)
    for n in given:
        for model in models:
            low, high = comparison.interval(model, n)
            ahead, least, most = comparison.advantage(OURS, model, n)
            difference = ("", "") if model == OURS else (f"{ahead:+.3f}", f"{least:+.3f} … {most:+.3f}")
            cells = (str(n), model, f"{comparison.mean(model, n):.3f}", f"{low:.3f}–{high:.3f}")
            table.add_row(*cells, *difference, end_section=model == OURS)
    return table
