"""The levers' frontier, and the page that shows it all."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender import SAFE, Ranking, load_dataset
from recommender.catalogue import Catalogue, Movie
from recommender.datasets import Dataset, Ratings
from recommender.evaluation.cold import compare_cold, genre_overlap, shuffled
from recommender.evaluation.frontier import DISTANT, Point, fans, frontier
from recommender.evaluation.peers import popular
from recommender.evaluation.plots import worth_naming
from recommender.evaluation.protocol import Comparison, compare, friends, hold_out
from recommender.evaluation.report import Findings, write_report
from recommender.evaluation.stars import StarErrors
from recommender.options import TrainingOptions
from recommender.training import train

MOVIES = 220
PICTURES = ("quality", "ahead", "long-tail", "bad-picks", "cold", "levers", "stars", "time", "new")
POINT = Point(SAFE, 0.5, 0.2, 0.25, 99.0, 6.8, 4.0)
ERRORS = StarErrors(1, 0.9, 0.95, 0.7, 0.74, (0.05, 0.01, 0.09), 0.5, 0.68, 0.7)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    rng = np.random.default_rng(6)
    genres = sorted({*DISTANT, *DISTANT.values()})
    catalogue = Catalogue(Movie(m, f"<Movie> {m}", genres=(genres[m % len(genres)],)) for m in range(MOVIES))
    pairs = [(user, movie) for user in range(60) for movie in rng.permutation(MOVIES)[:80].tolist()]
    users, movies = np.array(pairs, np.int64).T
    # Thirty movies are liked by everybody, so that lists are popular ones unless a lever moves them.
    stars = np.where((users % 3 == movies % 3) | (movies < 30), 5, 2).astype(np.float32)
    return Dataset("<thirds>", catalogue, Ratings(users, movies, stars, np.zeros_like(users)))


def test_fans_love_well_known_films_of_their_genre(ml_latest_small_zip: Path) -> None:
    movielens = load_dataset(ml_latest_small_zip)
    found = fans(movielens)
    assert [fan.genre for fan in found] == list(DISTANT)
    for fan in found:
        assert sorted(fan.told.values()) == [1.5] * 3 + [5.0] * 5
        for movie_id, stars in fan.told.items():
            genres = movielens.catalogue[movie_id].genres
            assert (fan.genre in genres) == (stars == 5)
            assert (DISTANT[fan.genre] in genres) == (stars == 1.5)


def test_the_levers_move_lists_away_from_what_everybody_gets(dataset: Dataset) -> None:
    held_out = hold_out(dataset.ratings, 10, 0)
    inside = dataset.ratings.where(~np.isin(dataset.ratings.user_ids, held_out))
    community = Dataset(dataset.name, dataset.catalogue, inside)
    model = train(community, TrainingOptions(models=1, cuts=8, epochs=5, seed=0))
    asked = friends(dataset.ratings, held_out, 10, 0)
    points = frontier(model, community, asked, (0.0, 0.9), (0.0, 3.0))
    assert [point.ranking for point in points] == [Ranking(a, c) for a in (0.0, 0.9) for c in (0.0, 3.0)]
    safe, calibrated, adventurous, _ = points
    assert safe.ranking == SAFE
    assert calibrated.overlap < safe.overlap
    assert adventurous.popularity < safe.popularity
    assert calibrated.fans == calibrated.least_fan == 10, "nothing but the genre tells these movies apart"
    for point in points:
        assert 0 <= point.ndcg <= 1
        assert 0 <= point.overlap <= 1
        assert 0 <= point.popularity <= 100


def test_the_page_holds_together(dataset: Dataset, tmp_path: Path) -> None:
    models = {"most popular": popular, "Matinée": genre_overlap}
    compared = compare(dataset, models, given=(1, 10), seeds=(0,))
    cold = compare_cold(dataset, {"random order": shuffled, **models}, seeds=(0,))
    told = Findings(
        dataset.name,
        1,
        False,
        compared,
        cold,
        [POINT, replace(POINT, ndcg=0.4, overlap=0.3)],
        {"balanced": POINT},
        [ERRORS, replace(ERRORS, given=10, shown_mae=float("nan"))],
        "Thanks & <more>",
        compared,
    )
    page = write_report(told, tmp_path / "new")
    text = page.read_text(encoding="utf-8")
    pictures = set(re.findall(r'src="([^"]+)"', text))
    assert pictures == {f"{name}.png" for name in PICTURES}
    for picture in pictures:
        assert (page.parent / picture).read_bytes().startswith(b"\x89PNG")
    assert "Thanks &amp; &lt;more&gt;" in text
    assert "<thirds>" not in text
    assert "http" not in text, "nothing is fetched from elsewhere"
    assert f"{compared.mean('Matinée', 10):.3f}" in text
    ahead = compared.advantage("Matinée", "most popular", 10)
    assert "{:+.3f} ({:+.3f} … {:+.3f})".format(*ahead) in text
    assert "{:.2f} ({:.2f} … {:.2f})".format(*compared.ratio("Matinée", "most popular", 10)) in text
    assert f"{compared.of('long-tail recall@10').mean('Matinée', 10):.3f}" in text
    assert "5.0%</td><td>1.0% … 9.0%" in text
    assert "nan" not in text.replace("<td>nan</td>", ""), "but for what no measure says anything of"


def test_a_page_without_levers_and_stars(dataset: Dataset, tmp_path: Path) -> None:
    compared = compare(dataset, {"most popular": popular}, given=(1,), seeds=(0,))
    cold = compare_cold(dataset, {"random order": shuffled}, seeds=(0,))
    text = write_report(Findings(dataset.name, 1, False, compared, cold), tmp_path).read_text("utf-8")
    pictures = set(re.findall(r'src="([^"]+)"', text))
    assert pictures == {f"{name}.png" for name in set(PICTURES) - {"ahead", "levers", "stars", "new"}}


def test_the_best_at_any_number_of_ratings_is_named() -> None:
    def people(*means: float) -> dict[int, np.ndarray]:
        return {n: np.full(3, mean) for n, mean in zip((1, 20), means, strict=True)}

    means = {f"peer {number}": people(0.4, 0.4) for number in range(8)}
    means |= {"Matinée": people(0.5, 0.5), "late": people(0.0, 0.5), "most popular": people(0.3, 0.0)}
    values = {(name, n): some[n] for name, some in means.items() for n in some}
    named = worth_naming(Comparison(values))
    assert named[0] == "Matinée"
    assert "late" in named
    assert named[-1] == "most popular"
    assert len(named) == 6
    # The best of something else that is compared is named too; of nobody anything is known at 1.
    tail = {key: np.full(3, 0.9 if key == ("peer 7", 20) else np.nan) for key in values}
    assert "peer 7" not in named
    assert "peer 7" in worth_naming(Comparison(values), Comparison(tail))
