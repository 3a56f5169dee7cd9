"""An explanation is exact, and what it names is true."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import Model
from recommender.catalogue import Catalogue
from recommender.explain import KINDS, Explainer
from recommender.features import ItemFeatures
from recommender.parameters import compose

profiles = st.dictionaries(
    st.integers(100, 139), st.sampled_from([0.5 * half for half in range(1, 11)]), max_size=30
)
movies = st.integers(100, 139)
levers = st.sampled_from([(0.0, 0.0), (0.15, 0.5), (0.6, 2.0), (1.0, 0.0)])


@given(profiles, movies, levers)
def test_the_parts_add_up_to_the_score(
    model: Model, profile: dict[int, float], movie_id: int, lever: tuple[float, float]
) -> None:
    score = float(model.scores(profile, *lever)[model.row(movie_id)])
    explanation = model.explain(profile, movie_id, *lever)
    size = sum(abs(part.value) for part in explanation.parts)
    assert explanation.score == pytest.approx(score, rel=1e-4, abs=1e-5 * size)
    assert sum(part.value for part in explanation.parts) == pytest.approx(explanation.score)
    total = float(explanation.cells.sum() + explanation.constants.sum())
    assert total == pytest.approx(score, rel=1e-4, abs=1e-5 * size)
    for part, cells, constant in zip(
        explanation.parts, explanation.cells, explanation.constants, strict=True
    ):
        assert float(cells.sum() + constant) == pytest.approx(part.value, rel=1e-4, abs=1e-5 * size)


@given(profiles, movies, levers)
def test_taking_a_feature_away_costs_exactly_its_part(
    model: Model, profile: dict[int, float], movie_id: int, lever: tuple[float, float]
) -> None:
    profile = {movie: stars for movie, stars in profile.items() if movie != movie_id}
    before = model.explain(profile, movie_id, *lever)
    for part in before.parts:
        if part.kind not in ("genre", "keyword", "person", "decade", "language", "collection"):
            continue
        poorer = without(model, movie_id, part.kind, part.name)
        change = float(poorer.scores(profile, *lever)[model.row(movie_id)]) - before.score
        assert change == pytest.approx(-part.value, rel=1e-4, abs=1e-4)


def without(model: Model, movie_id: int, kind: str, name: str) -> Model:
    """The same model of a world in which the movie lacks one feature."""
    row = model.row(movie_id)
    features = model.features
    kept = np.array(
        [
            not (start_row == row and features.names[column] == (kind, name))
            for start_row, column in zip(
                np.repeat(np.arange(len(model.catalogue)), np.diff(features.starts)),
                features.columns,
                strict=True,
            )
        ]
    )
    starts = features.starts.copy()
    starts[row + 1 :] -= 1
    fewer = ItemFeatures(features.names, starts, features.columns[kept], features.weights[kept])
    catalogue = Catalogue(
        movie._replace(genres=tuple(genre for genre in movie.genres if genre != name))
        if movie.movie_id == movie_id and kind == "genre"
        else movie
        for movie in model.catalogue
    )
    own = [model.identity(number) for number in range(len(catalogue))]
    vectors = np.stack([vector for vector, _ in own])
    biases = np.array([bias for _, bias in own], np.float32)
    parameters = replace(
        model.parameters,
        vectors=compose(vectors, fewer, model.parameters.feature_vectors),
        biases=compose(biases, fewer, model.parameters.feature_biases),
    )
    return Model(catalogue, fewer, parameters, model.info)


@given(profiles, movies)
def test_evidence_was_rated_and_has_the_feature(
    model: Model, profile: dict[int, float], movie_id: int
) -> None:
    for part in model.explain(profile, movie_id, 0.1, 0.5).parts:
        assert part.kind in KINDS
        sizes = [abs(evidence.value) for evidence in part.evidence]
        assert sizes == sorted(sizes, reverse=True)
        for evidence in part.evidence:
            movie = model.catalogue[evidence.movie_id]
            assert profile[evidence.movie_id] == evidence.stars
            if part.kind == "genre":
                assert part.name in movie.genres
            if part.kind == "keyword":
                assert part.name in movie.keywords
            if part.kind == "person":
                assert part.name in movie.directors + movie.cast


def test_each_kind_of_feature_is_named(model: Model) -> None:
    kinds = {part.kind for part in model.explain({100: 5.0}, 104).parts}
    assert kinds == {"genre", "keyword", "person", "decade", "language", "collection", "movie", "popularity"}


def test_somebody_average_has_no_contrast_in_total(model: Model) -> None:
    """Contrast is against the average profile: an empty profile lacks all that the average one has."""
    explanation = model.explain({}, 104)
    row = model.row(104)
    average = float(model.parameters.vectors[row] @ model.parameters.mean_profile)
    assert sum(part.contrast for part in explanation.parts) == pytest.approx(-average, rel=1e-4, abs=1e-5)


def test_the_camps_genre_drives_the_pick(model: Model) -> None:
    westerns = [movie.movie_id for movie in model.catalogue if "Western" in movie.genres]
    profile = dict.fromkeys(westerns[:4], 5.0)
    explanation = model.explain(profile, westerns[5], 0.1, 0.5)
    strongest = max((p for p in explanation.parts if p.kind == "genre"), key=lambda part: part.contrast)
    assert strongest.name == "Western"
    assert {evidence.movie_id for evidence in strongest.evidence} == set(westerns[:4])


def test_popularity_shrinks_with_adventure(model: Model) -> None:
    many = dict.fromkeys(range(105, 125), 4.0)

    def popularity(profile: dict[int, float], adventure: float) -> float:
        parts = model.explain(profile, 104, adventure).parts
        return next(part.value for part in parts if part.kind == "popularity")

    def bias(profile: dict[int, float]) -> float:
        return popularity(profile, 0.0) - popularity(profile, 1.0)

    assert popularity(many, 0.25) - popularity(many, 1.0) == pytest.approx(0.75 * bias(many))
    # What is left is the faint popularity that the first ratings are helped out with.
    assert abs(popularity(many, 1.0)) < 0.01 * abs(bias(many))
    assert abs(popularity({105: 4.0}, 1.0)) > 100 * abs(popularity(many, 1.0))


@given(profiles, st.lists(movies, max_size=5), levers)
def test_movies_are_explained_together_as_they_are_alone(
    model: Model, profile: dict[int, float], movie_ids: list[int], lever: tuple[float, float]
) -> None:
    together = Explainer(model.person(profile, *lever)).explain_all(movie_ids)
    assert len(together) == len(movie_ids)
    for movie_id, explanation in zip(movie_ids, together, strict=True):
        alone = model.explain(profile, movie_id, *lever)
        assert explanation.score == pytest.approx(alone.score, rel=1e-4, abs=1e-4)
        values = {(part.kind, part.name): part.value for part in alone.parts}
        assert {(part.kind, part.name) for part in explanation.parts} == values.keys()
        for part in explanation.parts:
            assert part.value == pytest.approx(values[part.kind, part.name], rel=1e-4, abs=1e-4)


@given(profiles, movies)
def test_what_is_behind_a_part_is_its_row_of_cells(
    model: Model, profile: dict[int, float], movie_id: int
) -> None:
    explanation = model.explain(profile, movie_id, 0.1, 0.5)
    for part, row in zip(explanation.parts, explanation.cells, strict=True):
        cells = dict(zip(explanation.rated, row.tolist(), strict=True))
        if part.kind == "movie":
            assert part.cells == cells
        elif part.kind == "genre":
            having = [m for m in explanation.rated if part.name in model.catalogue[m].genres]
            assert part.cells == {rated: cells[rated] for rated in having}
        elif part.kind == "popularity":
            assert not len(part.cells)
