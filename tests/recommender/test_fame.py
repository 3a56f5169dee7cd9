"""Films that hardly anybody of the community rated are placed by the votes on them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender import Model, train
from recommender.catalogue import Catalogue, Movie
from recommender.datasets import Dataset, Ratings
from recommender.explain import Explainer
from recommender.fame import FEWEST_MOVIES, HANDOVER, fame
from recommender.growing import grown
from recommender.training import train_on

from .conftest import QUICK

NEWEST = 2005
GENRES = (("Western",), ("Sci-Fi",))
RATED = 120
FAMOUS, OBSCURE, LATER, OVERLOOKED, UNKNOWN = 900, 901, 902, 903, 904
COLD = (
    Movie(FAMOUS, "Famous", NEWEST + 1, GENRES[0], votes=500_000, mean_vote=7.0),
    Movie(OBSCURE, "Obscure", NEWEST + 1, GENRES[0], votes=300, mean_vote=7.0),
    Movie(LATER, "Later", NEWEST + 6, GENRES[0], votes=500_000, mean_vote=7.0),
    Movie(OVERLOOKED, "Overlooked", NEWEST - 5, GENRES[0], votes=500_000, mean_vote=7.0),
    Movie(UNKNOWN, "Unknown", NEWEST + 1, GENRES[0]),
)
OLD = {100: 5.0, 104: 4.5, 101: 1.0}
"""Somebody who likes Westerns and rated nothing new."""


def voted(seed: int = 1) -> Dataset:
    """Movies are rated as often as their votes let expect; half of the people love Westerns."""
    rng = np.random.default_rng(seed)
    share = np.linspace(0.05, 0.9, RATED)[rng.permutation(RATED)]
    catalogue = Catalogue(
        Movie(
            100 + row,
            f"Movie {row}",
            NEWEST - row % 30,
            GENRES[row % 2],
            votes=int(10 ** (2 + 4 * share[row])),
            mean_vote=6.5 + row % 3 / 2,
        )
        for row in range(RATED)
    )
    pairs = [(user, row) for user in range(80) for row in range(RATED) if rng.random() < share[row]]
    users, rows = np.array(pairs, np.int64).T
    stars = np.where(users % 2 == rows % 2, 5, 2).astype(np.float32)
    return Dataset("voted", catalogue, Ratings(users, 100 + rows, stars, np.zeros_like(users)))


@pytest.fixture(scope="module")
def world() -> Dataset:
    dataset = voted()
    # The cold ones do not stand last.
    movies = [*COLD, *dataset.catalogue]
    return replace(dataset, catalogue=Catalogue(movies))


@pytest.fixture(scope="module")
def placed(world: Dataset) -> Model:
    return train(world, QUICK)


def test_who_has_told_little_gets_what_is_well_known(placed: Model) -> None:
    scores = dict(zip(placed.movie_ids.tolist(), placed.scores(OLD).tolist(), strict=True))
    assert scores[FAMOUS] > scores[OBSCURE] + float(placed.parameters.unit)
    assert scores[FAMOUS] > scores[OVERLOOKED], "it was there to be rated, and was not"
    # As well known as the best known of the rated ones, of the same genre and year.
    likes = [scores[movie.movie_id] for movie in placed.catalogue if movie.genres == GENRES[0]]
    assert np.sum(np.array(likes) > scores[FAMOUS]) < len(likes) / 2
    assert np.isfinite(placed.scores({})).all()


def test_fame_is_a_part_of_the_score_and_the_parts_add_up(placed: Model) -> None:
    for levers in ((0.0, 0.0), (0.4, 0.5)):
        person = placed.person(OLD, *levers)
        for movie_id in placed.movie_ids.tolist():
            explained = Explainer(person).explain(movie_id)
            score = person.scores[placed.row(movie_id)]
            assert explained.score == pytest.approx(score, rel=1e-4, abs=1e-4)
            assert explained.cells.sum() + explained.constants.sum() == pytest.approx(
                score, rel=1e-4, abs=1e-3
            )
            parts = {part.kind: part for part in explained.parts}
            assert ("fame" in parts) == (movie_id != UNKNOWN)
    parts = {part.kind: part for part in placed.explain(OLD, FAMOUS).parts}
    assert parts["fame"].value > abs(parts["movie"].value)
    assert parts["fame"].contrast == 0
    assert not parts["fame"].evidence


def test_how_new_the_picks_are_is_told_by_the_newest_film_that_was_rated(placed: Model) -> None:
    def later_by(ratings: dict[int, float]) -> float:
        scores = placed.scores(ratings)
        return float(scores[placed.row(LATER)] - scores[placed.row(FAMOUS)])

    unit = float(placed.parameters.unit)
    assert later_by(OLD) == pytest.approx(-0.15 * unit * 5, rel=0.1)
    assert later_by({**OLD, OBSCURE: 3.0}) == pytest.approx(-0.15 * unit * 5, rel=0.1)
    newer = grown(placed, [Movie(990, "Newer", NEWEST + 4, GENRES[1], votes=900, mean_vote=6.0)])
    up_to = newer.scores({**OLD, 990: 3.0})
    assert up_to[newer.row(LATER)] - up_to[newer.row(FAMOUS)] == pytest.approx(-0.15 * unit * 2, rel=0.1)
    assert later_by({}) == pytest.approx(0, abs=1e-4), "who has told nothing may wait for this week's film"


def test_it_fades_with_ratings(world: Dataset) -> None:
    catalogue = world.catalogue
    counts = np.bincount(world.ratings.movie_ids, minlength=1000)[catalogue.movie_ids].astype(np.float32)
    lifts, biases = np.log1p(counts), np.log1p(counts) / 2
    more = fame(catalogue, counts, lifts, biases, 1.0)
    assert more[catalogue.row(FAMOUS)][0] > more[catalogue.row(OBSCURE)][0] + 1
    assert not more[catalogue.row(UNKNOWN)].any()
    rated = counts >= 3
    # Where ten say something else than the votes, a tenth of what the votes say is left.
    other = lifts.copy()
    other[np.flatnonzero(rated)[0]] += 1
    moved = fame(catalogue, counts, other, biases, 1.0) - more
    first = int(np.flatnonzero(rated)[0])
    assert moved[first, 0] == pytest.approx(-HANDOVER / (HANDOVER + counts[first]), rel=0.1)
    assert np.abs(more[rated]).max() < np.abs(more[~rated]).max() / 2


def test_without_ratings_votes_order_and_without_votes_nothing_does(world: Dataset) -> None:
    few = world.catalogue.take(range(FEWEST_MOVIES - 10))
    nothing = np.zeros(len(few), np.float32)
    more = fame(few, nothing, nothing, nothing, 2.0)
    votes = few.number("votes")
    assert not more[:, 0].any()
    order = np.argsort(more[votes > 0, 1], kind="stable")
    assert (np.diff(votes[votes > 0][order]) >= 0).all()
    bare = Catalogue(movie._replace(votes=None) for movie in few)
    assert not fame(bare, nothing, nothing, nothing, 2.0).any()


def test_the_size_of_the_catalogue_costs_a_fit_nothing(
    world: Dataset, placed: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[int] = []
    assemble = "recommender.training.assemble"

    def assembled(ground, parts, near):  # type: ignore[no-untyped-def]
        met.append(len(ground.catalogue))
        return original(ground, parts, near)

    from recommender.training import assemble as original

    monkeypatch.setattr("recommender.training.FEWEST_FITTED", 0)
    monkeypatch.setattr(assemble, assembled)
    large = train(world, QUICK)
    alone = train(voted(), QUICK)
    assert met == [RATED, RATED]
    assert np.array_equal(large.movie_ids, world.catalogue.movie_ids)
    rows = [large.row(movie_id) for movie_id in alone.movie_ids.tolist()]
    assert np.array_equal(large.scores(OLD)[rows], alone.scores(OLD)) or np.allclose(
        large.scores(OLD)[rows], alone.scores(OLD), rtol=1e-5
    )
    assert large.info["movies"] == len(world.catalogue)
    # Whether it was fitted unrated or grown, a cold movie is served alike.
    for movie in COLD:
        part = {p.kind: p.value for p in large.explain(OLD, movie.movie_id).parts}
        assert part.get("fame", 0) == pytest.approx(
            {p.kind: p.value for p in placed.explain(OLD, movie.movie_id).parts}.get("fame", 0),
            rel=0.5,
            abs=1,
        )


def test_a_fit_is_gone_on_with_when_the_catalogue_has_grown(
    world: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recommender.training.FEWEST_FITTED", 0)
    train(world, QUICK, state=tmp_path / "before")
    newer = Movie(991, "Newer", NEWEST + 2, GENRES[1], votes=70_000, mean_vote=6.0)
    rating = Ratings(*(np.array([value]) for value in (999, 991, np.float32(5), 0)))
    larger = replace(
        world,
        catalogue=Catalogue([newer, *world.catalogue]),
        ratings=world.ratings.joined(rating),
    )
    model = train_on(larger, tmp_path / "before", QUICK, worths=[], state=tmp_path / "after")
    assert np.array_equal(model.movie_ids, larger.catalogue.movie_ids)
    assert model.popularity[model.row(991)] == 0, "its rating counts at the next fit"
    assert np.isfinite(model.scores({991: 5.0})).all()
    train_on(larger, tmp_path / "after", QUICK, worths=[], state=tmp_path / "last")
