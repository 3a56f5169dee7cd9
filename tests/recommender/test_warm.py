"""A fit that goes on with an earlier one: what it keeps, what it renews, what it refuses."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender import SAFE, Dataset, Model, asking
from recommender.catalogue import Catalogue, Movie
from recommender.datasets import Ratings
from recommender.states import STATE_FILE, State, StateError
from recommender.sub_models import SubModel
from recommender.training import AT_ONCE, sub_model, train, train_on

from .conftest import QUICK, two_camps

FIVE = replace(QUICK, models=5)


def more_ratings(camps: Dataset, people: int = 4) -> Dataset:
    """The camps, joined by people who love every even movie and no other."""
    movies = np.tile(np.arange(100, 120), people)
    users = np.repeat(np.arange(5000, 5000 + people), 20)
    stars = np.where(movies % 2 == 0, 5, 1).astype(np.float32)
    return replace(camps, ratings=camps.ratings.joined(Ratings(users, movies, stars, movies * 0)))


@pytest.fixture(scope="module")
def earlier(camps: Dataset, tmp_path_factory: pytest.TempPathFactory) -> tuple[Model, Path]:
    """A model and the state that its fit left."""
    folder = tmp_path_factory.mktemp("earlier") / "state"
    return train(camps, FIVE, state=folder), folder


def gone_on(dataset: Dataset, before: Path, state: Path) -> Model:
    return train_on(dataset, before, FIVE, worths=[[100, 0.5]], state=state)


def changed(before: State, after: State) -> list[int]:
    """The sub-models that learned something."""
    pairs = ((before.load(name), after.load(name)) for name in map(sub_model, range(5)))
    return [
        number
        for number, (one, other) in enumerate(pairs)
        if any(not np.array_equal(one[name], other[name]) for name in one)
    ]


def test_leaving_a_state_changes_nothing(earlier: tuple[Model, Path], camps: Dataset) -> None:
    assert np.array_equal(earlier[0].scores({100: 5.0}), train(camps, FIVE).scores({100: 5.0}))


def test_a_state_holds_all_that_was_learned(earlier: tuple[Model, Path]) -> None:
    model, folder = earlier
    state = State.open(folder)
    assert (state.models, state.rounds) == (5, 0)
    for number in range(5):
        arrays = state.load(sub_model(number))
        part = SubModel(**arrays)
        assert part.fits(40 + len(model.features.names), model.profile_features.learned, 40, QUICK.dims)
        assert part.met.any()
        assert (part.item_vector_steps > 1).any(), "Adagrad's sums, which begin at 1"
        assert (part.profile_vector_steps > 1).any()


def test_going_on_without_learning_is_the_same_model(
    earlier: tuple[Model, Path], camps: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recommender.sub_models.LightFM.fit_partial", lambda *_, **__: None)
    model = gone_on(camps, earlier[1], tmp_path / "state")
    np.testing.assert_array_equal(model.scores({100: 5.0}), earlier[0].scores({100: 5.0}))
    assert changed(State.open(earlier[1]), State.open(tmp_path / "state")) == []


def test_the_rounds_renew_all_in_turn(earlier: tuple[Model, Path], camps: Dataset, tmp_path: Path) -> None:
    assert AT_ONCE == 2
    more, before = more_ratings(camps), earlier[1]
    renewed: list[list[int]] = []
    for number in range(3):
        after = tmp_path / str(number)
        model = gone_on(more, before, after)
        renewed.append(changed(State.open(before), State.open(after)))
        before = after
    assert renewed == [[0, 1], [2, 3], [0, 4]]
    assert State.open(before).rounds == 3
    assert {pick.movie_id % 2 for pick in model.recommend({100: 5.0, 102: 5.0}, 5, SAFE)} == {0}


def test_the_same_state_and_ratings_the_same_model(
    earlier: tuple[Model, Path], camps: Dataset, tmp_path: Path
) -> None:
    more = more_ratings(camps)
    first, second = (gone_on(more, earlier[1], tmp_path / name) for name in ("a", "b"))
    threads = train_on(more, earlier[1], replace(FIVE, threads=3), worths=[], state=tmp_path / "c")
    for other in (second, threads):
        for name in ("vectors", "biases", "profile_vectors", "mean_profile", "unit"):
            assert np.array_equal(getattr(first.parameters, name), getattr(other.parameters, name)), name


def test_what_is_counted_is_that_of_all_ratings(
    earlier: tuple[Model, Path], camps: Dataset, tmp_path: Path
) -> None:
    more = more_ratings(camps)
    model = gone_on(more, earlier[1], tmp_path / "state")
    assert model.popularity.sum() == len(more.ratings)
    assert model.info["users"] == 64
    assert model.info[asking.INFO] == [[100, 0.5]]
    ratings = {100: 5.0, 103: 1.0}
    assert not np.array_equal(model.scores(ratings), earlier[0].scores(ratings))


def test_the_earlier_state_stays_as_it_was(
    earlier: tuple[Model, Path], camps: Dataset, tmp_path: Path
) -> None:
    before = {file.name: file.read_bytes() for file in earlier[1].iterdir()}
    gone_on(more_ratings(camps), earlier[1], tmp_path / "state")
    assert {file.name: file.read_bytes() for file in earlier[1].iterdir()} == before


def test_a_movie_that_nobody_knew_is_learned_of(tmp_path: Path) -> None:
    camps = two_camps()
    unknown = Movie(999, "A new Western", 1999, ("Western",))
    world = replace(camps, catalogue=Catalogue([*camps.catalogue, unknown]))
    train(world, FIVE, state=tmp_path / "before")
    fans = np.unique(world.ratings.user_ids)[:10]
    found = Ratings(fans, np.full(10, 999), np.full(10, 5, np.float32), fans * 0)
    train_on(
        replace(world, ratings=world.ratings.joined(found)),
        tmp_path / "before",
        FIVE,
        worths=[],
        state=tmp_path / "after",
    )
    before, after = (State.open(tmp_path / name).load(sub_model(0)) for name in ("before", "after"))
    assert not before["learned"][40]
    assert after["learned"][40]


def test_other_movies_or_options_are_refused(
    earlier: tuple[Model, Path], camps: Dataset, tmp_path: Path
) -> None:
    first = camps.catalogue.movies[0]
    exchanged = Catalogue([first._replace(movie_id=999), *camps.catalogue.movies[1:]])
    others = replace(camps, catalogue=exchanged, ratings=camps.ratings.where(camps.ratings.movie_ids != 100))
    for dataset, options in (
        (others, FIVE),
        (camps, replace(FIVE, dims=9)),
        (camps, replace(FIVE, models=4)),
    ):
        with pytest.raises(StateError, match="other"):
            train_on(dataset, earlier[1], options, worths=[], state=tmp_path / "state")
    assert not (tmp_path / "state").exists()


@pytest.fixture
def copied(earlier: tuple[Model, Path], tmp_path: Path) -> Path:
    """The state that may be damaged."""
    return shutil.copytree(earlier[1], tmp_path / "before")


@pytest.mark.parametrize("file", [STATE_FILE, "sub-model-3.npz", "neighbours.npz"])
@pytest.mark.parametrize("content", [None, b"", b"{", b"{}", b"PK\3\4 broken"])
def test_a_damaged_state_is_refused(
    camps: Dataset, copied: Path, tmp_path: Path, file: str, content: bytes | None
) -> None:
    path = copied / file
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(StateError):
        gone_on(camps, copied, tmp_path / "after")


def test_numbers_that_are_not_finite_are_refused(camps: Dataset, copied: Path, tmp_path: Path) -> None:
    state = State.open(copied)
    arrays = state.load(sub_model(0))
    arrays["item_vectors"][0, 0] = np.nan
    state.keep(sub_model(0), arrays)
    with pytest.raises(StateError):
        gone_on(camps, copied, tmp_path / "after")


def test_a_world_without_ratings_can_be_gone_on_with(camps: Dataset, tmp_path: Path) -> None:
    lonely = replace(camps, ratings=Ratings.empty())
    train(lonely, replace(FIVE, content_fans=0), state=tmp_path / "before")
    model = train_on(
        more_ratings(lonely),
        tmp_path / "before",
        replace(FIVE, content_fans=0),
        worths=[],
        state=tmp_path / "after",
    )
    assert np.isfinite(model.scores({100: 5.0})).all()
