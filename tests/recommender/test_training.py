"""A fit: the same for the same seed, without leaks, and of use in worlds of any size."""

from dataclasses import replace

import numpy as np
import pytest

from recommender import SAFE, TrainingOptions, train
from recommender.catalogue import Catalogue, Movie
from recommender.datasets import Dataset, Ratings
from recommender.ground import Ground

from .conftest import QUICK, two_camps


def test_same_seed_same_model_bit_for_bit(camps: Dataset) -> None:
    first, second = train(camps, QUICK), train(camps, replace(QUICK, threads=2))
    for name in ("vectors", "profile_vectors", "mean_profile", "unit"):
        assert np.array_equal(getattr(first.parameters, name), getattr(second.parameters, name)), name
    assert np.array_equal(first.scores({100: 5.0}), second.scores({100: 5.0}))


def test_another_seed_another_model(camps: Dataset) -> None:
    other = train(camps, replace(QUICK, seed=4))
    assert not np.array_equal(other.scores({100: 5.0}), train(camps, QUICK).scores({100: 5.0}))


def test_without_any_ratings_the_content_speaks() -> None:
    camps = replace(two_camps(), ratings=Ratings.empty())
    model = train(camps, replace(QUICK, content_fans=400))
    westerns = [movie.movie_id for movie in camps.catalogue if "Western" in movie.genres]
    picks = model.recommend(dict.fromkeys(westerns[:3], 5.0), 5, SAFE)
    assert sum(pick.movie_id in westerns for pick in picks) >= 4
    horrors = [movie.movie_id for movie in camps.catalogue if "Horror" in movie.genres]
    other = model.recommend(dict.fromkeys(horrors[:3], 5.0), 5, SAFE)
    assert {pick.movie_id for pick in picks}.isdisjoint(pick.movie_id for pick in other)


def test_invented_people_step_back_when_there_is_a_community(camps: Dataset) -> None:
    enough = replace(QUICK, content_fans=100)
    without = replace(QUICK, content_fans=0)
    assert np.array_equal(train(camps, enough).scores({100: 5.0}), train(camps, without).scores({100: 5.0}))


@pytest.mark.parametrize("movies", [1, 2, 7])
def test_a_tiny_world_gives_a_usable_model(movies: int) -> None:
    catalogue = Catalogue(Movie(number, f"M{number}", 2000, ("Drama",)) for number in range(movies))
    model = train(Dataset("tiny", catalogue, Ratings.empty()), QUICK)
    assert np.isfinite(model.scores({0: 5.0})).all()
    assert len(model.recommend({0: 5.0})) == movies - 1


def test_movies_without_genres_or_year_are_served() -> None:
    camps = two_camps()
    bare = Catalogue(Movie(movie.movie_id, movie.title) for movie in camps.catalogue)
    model = train(replace(camps, catalogue=bare), QUICK)
    assert {pick.movie_id % 2 for pick in model.recommend({100: 5.0, 102: 5.0, 104: 5.0}, 5, SAFE)} == {0}
    assert {part.kind for part in model.explain({100: 5.0}, 102).parts} == {"movie", "popularity"}


def test_a_movie_that_nobody_rated_is_placed_by_its_features() -> None:
    camps = two_camps()
    new = Movie(999, "A new Western", 1999, ("Western",), keywords=("desert",))
    world = replace(camps, catalogue=Catalogue([*camps.catalogue, new]))
    model = train(world, QUICK)
    lover = dict.fromkeys(range(100, 124, 4), 5.0)
    hater = dict.fromkeys(range(100, 124, 4), 1.0) | dict.fromkeys(range(101, 125, 4), 5.0)
    assert model.percentile(lover, 999) > model.percentile(hater, 999)


@pytest.mark.parametrize(("number", "cuts"), [(5, 5 * 12), (30, 2 * 30), (200, 70)])
def test_many_friends_bound_their_own_cuts_and_take_none_from_the_community(number: int, cuts: int) -> None:
    options = replace(QUICK, most_virtual_friends=70)
    camps, more = two_camps(), two_camps(number, seed=2).ratings
    more = replace(more, user_ids=-1 - more.user_ids)
    together = replace(camps, ratings=camps.ratings.joined(more))

    def cut(ground: Ground) -> int:
        return ground.virtual_users(np.random.default_rng(1))[0].profiles.shape[0]

    # About so many: a cut that leaves nothing liked is left out, of the community too, and by chance.
    added = cut(Ground(together, options, len(more))) - cut(Ground(camps, options))
    assert 0.6 * cuts < added < 1.4 * cuts


def test_an_empty_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="no movies"):
        train(Dataset("empty", Catalogue([]), Ratings.empty()))


def test_a_rating_of_a_movie_outside_the_catalogue_is_refused(camps: Dataset) -> None:
    one = np.array([7], np.int64)
    stray = camps.ratings.joined(Ratings(one, one, np.array([5], np.float32), one))
    with pytest.raises(ValueError, match="not in the catalogue"):
        train(replace(camps, ratings=stray), QUICK)


def test_progress_counts_every_epoch_and_the_rest(camps: Dataset) -> None:
    told: list[tuple[str, int, int]] = []
    train(camps, QUICK, lambda *progress: told.append(progress))
    epochs = [("fitting", number, 8) for number in range(9)]
    assert told == [*epochs, *(("putting together", number, 2) for number in range(3))]


def test_the_model_says_what_it_was_made_of(camps: Dataset) -> None:
    info = train(camps, QUICK).info
    assert info["dataset"] == "camps"
    assert info["users"] == 60
    assert info["ratings"] == len(camps.ratings)
    assert TrainingOptions(**{**info["options"], "weights": QUICK.weights}) == QUICK
