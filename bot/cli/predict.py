"""``predict``: friends whose ratings are in a file, trained together with the community."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.logs import set_up_logging
from bot.cli.output import print_json
from bot.errors import UserError
from bot.settings import Settings
from recommender.catalogue import Catalogue
from recommender.datasets.dataset import Dataset, DatasetError
from recommender.friends import Friends, Prediction, best_unrated, predictions, read_friends
from recommender.model import Model

PICKS = 5

File = Annotated[Path, typer.Argument(metavar="FRIENDS.csv", help="userId,movieId,rating in a CSV file.")]
Data = Annotated[
    Path | None,
    typer.Argument(help="A data set on disk; the active one if left out.", show_default=False),
]
Movies = Annotated[
    list[int] | None, typer.Option("--movie", help="A movieId to predict; those all of them saw if left out.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def predict(friends: File, data: Data = None, movie: Movies = None, as_json: AsJson = False) -> None:
    """Predict what friends think of movies, from a file with their ratings."""
    settings = Settings.read()
    set_up_logging(settings, quiet=True)
    from recommender.datasets import load_dataset

    try:
        dataset = load_dataset(data or settings.datasets / asyncio.run(_active(settings)))
        read = read_friends(friends, dataset.catalogue)
    except DatasetError as error:
        raise UserError(str(error)) from error
    unknown = [number for number in movie or () if number not in dataset.catalogue]
    if unknown:
        raise UserError(f"{dataset.name} has no movie {unknown[0]}")
    asked = list(dict.fromkeys(movie or read.seen_by_all()))
    model = _trained(dataset, read)
    found = {name: predictions(model, own, asked) for name, own in read.ratings.items()}
    picks = {name: best_unrated(model, own, PICKS) for name, own in read.ratings.items()}
    if as_json:
        print_json(
            {
                "dataset": dataset.name,
                "dropped": read.dropped,
                "friends": [
                    {
                        "userId": name,
                        "ratings": len(own),
                        "predictions": _plain(found[name], dataset.catalogue),
                        "picks": _plain(picks[name], dataset.catalogue),
                    }
                    for name, own in read.ratings.items()
                ],
            }
        )
    else:
        _print(read, found, picks, dataset.catalogue)


async def _active(settings: Settings) -> str:
    from bot.services.app import Services

    async with Services.open(settings) as services:
        return (await services.data.status()).name


def _trained(dataset: Dataset, friends: Friends) -> Model:
    from bot.console.progress import shown_stages
    from recommender.training import train

    together = Dataset(
        dataset.name, dataset.catalogue, friends.beside(dataset.ratings), dataset.acknowledgement
    )
    with shown_stages() as draw:
        return train(together, on_progress=lambda stage, done, total: draw(stage, done, total, ""))


def _plain(found: list[Prediction], catalogue: Catalogue) -> list[dict[str, Any]]:
    return [
        {
            "movieId": one.movie_id,
            "title": catalogue[one.movie_id].name,
            "place": round(one.place, 2),
            "rated": one.rated,
            "stars": one.likely and one.likely.stars,
            "usualError": one.likely and round(one.likely.error, 2),
        }
        for one in found
    ]


def _print(
    friends: Friends,
    found: dict[str, list[Prediction]],
    picks: dict[str, list[Prediction]],
    catalogue: Catalogue,
) -> None:
    for reason, count in friends.dropped.items():
        print(f"left out: {count:,} x {reason}")
    print("place: 100 is the best of all movies for this friend; stars: what they would probably give, where")
    print("that is better than a guess; a rating of the movie itself does not count")
    for name, own in friends.ratings.items():
        print(f"{name} ({len(own):,} ratings)")
        for one in found[name]:
            given = "" if one.rated is None else f", gave it {one.rated:g}"
            print(f"{_start(one)}{catalogue[one.movie_id].name}{given}")
        print("  best of what is not rated:")
        for one in picks[name]:
            print(f"{_start(one)}{catalogue[one.movie_id].name}")


def _start(one: Prediction) -> str:
    """The place and the stars with their usual error: ``   97.4  4.5 ± 0.7  ``."""
    stars = f"{one.likely.stars:.1f} ± {one.likely.error:.1f}" if one.likely else ""
    return f"  {one.place:5.1f}  {stars:9}  "
