"""The peers: each keeps the protocol's contract and learns what there is to learn."""

from importlib.util import find_spec

import numpy as np
import numpy.typing as npt
import pytest

from recommender.catalogue import Catalogue, Movie
from recommender.datasets import Dataset, Ratings
from recommender.evaluation.peers import all_peers, peers_with_grids
from recommender.evaluation.peers.ease import EaseOptions, ease
from recommender.evaluation.peers.factors import FunkSvdOptions, PureSvdOptions, funk_svd, pure_svd
from recommender.evaluation.peers.neighbours import NeighbourOptions, item_knn
from recommender.evaluation.peers.table import weigh
from recommender.evaluation.protocol import Fit, Friend

BLOCK = 30
PEOPLE = 200
GENRES = ("Comedy", "Horror")
IMPLICIT = ("implicit ALS", "implicit BPR")
OTHERS = [
    "most popular",
    "item-kNN",
    "Funk SVD",
    "PureSVD",
    "EASE",
    "content",
    "LightFM WARP",
    "LightFM WARP content",
    "LightFM WARP hybrid",
    "LightFM BPR",
    "LightFM BPR content",
    "LightFM BPR hybrid",
    "the notebook",
]
without_implicit = pytest.mark.skipif(
    find_spec("implicit") is None, reason="implicit is in the extra bench, which is not installed"
)
NAMES = [*OTHERS, *(pytest.param(name, marks=without_implicit) for name in IMPLICIT)]
PERSONAL = [name for name in NAMES if name != "most popular"]


@pytest.fixture(scope="module")
def checkerboard() -> Dataset:
    """Two blocks of people, each of whom rates two thirds of the movies of their own block alone.

    The ids of the movies are neither their rows nor in order.
    """
    rng = np.random.default_rng(0)
    pairs = [
        (100 * block + person, movie_id(block, number))
        for block in (0, 1)
        for person in range(PEOPLE)
        for number in rng.permutation(BLOCK)[: BLOCK * 2 // 3].tolist()
    ]
    users, movies = np.array(pairs, np.int64).T
    stars = rng.choice(np.array([4, 4.5, 5], np.float32), len(pairs))
    catalogue = Catalogue(
        Movie(movie_id(block, number), f"{block}-{number}", genres=(GENRES[block],))
        for number in range(BLOCK)
        for block in (0, 1)
    )
    return Dataset("checkerboard", catalogue, Ratings(users, movies, stars, np.zeros_like(users)))


def movie_id(block: int, number: int) -> int:
    return 1000 - 10 * number - block


def block_friends(count: int = 10) -> list[Friend]:
    """Strangers of one block after the other, who tell five movies of theirs."""
    rng = np.random.default_rng(1)
    told = [
        {movie_id(number % 2, movie): 5.0 for movie in rng.permutation(BLOCK)[:5].tolist()}
        for number in range(count)
    ]
    return [Friend(10_000 + number, profile, frozenset()) for number, profile in enumerate(told)]


def answers(fit: Fit, dataset: Dataset, friends: list[Friend]) -> npt.NDArray[np.float32]:
    return np.array(list(fit(dataset, 3).scores(friends)))


@pytest.mark.parametrize("name", PERSONAL)
def test_the_best_untold_movie_is_of_the_persons_own_block(name: str, checkerboard: Dataset) -> None:
    friends = block_friends()
    for number, scores in enumerate(answers(all_peers()[name], checkerboard, friends)):
        open_scores = {
            movie.movie_id: float(score)
            for movie, score in zip(checkerboard.catalogue, scores, strict=True)
            if movie.movie_id not in friends[number].told
        }
        best = max(open_scores, key=lambda movie: open_scores[movie])
        assert checkerboard.catalogue[best].genres == (GENRES[number % 2],)


@pytest.mark.parametrize("name", NAMES)
def test_scores_are_finite_and_of_every_movie_for_every_friend(name: str, checkerboard: Dataset) -> None:
    known = movie_id(0, 0)
    friends = [
        Friend(1, {known: 5.0}, frozenset()),
        Friend(2, {known: 0.5, movie_id(1, 0): 1.0}, frozenset()),
        Friend(3, {}, frozenset()),
    ]
    fitted = all_peers()[name](checkerboard, 0)
    scores = list(fitted.scores(friends))
    assert len(scores) == 3
    for one in scores:
        assert one.shape == (len(checkerboard.catalogue),)
        assert one.dtype == np.float32
        assert np.isfinite(one).all()
    for one, again in zip(scores, fitted.scores(friends), strict=True):
        np.testing.assert_array_equal(one, again)


@pytest.mark.skipif(find_spec("implicit") is None, reason="implicit is in the extra bench")
def test_the_peers_are_all_there() -> None:
    assert set(all_peers()) == {*OTHERS, *IMPLICIT}


@pytest.mark.parametrize("name", NAMES)
def test_the_chosen_values_are_of_the_grid(name: str) -> None:
    peer = peers_with_grids()[name]
    assert peer.grid or name == "the notebook"
    for option, values in peer.grid.items():
        assert getattr(peer.options, option) in values


@pytest.mark.parametrize("name", ["item-kNN", "EASE", "PureSVD"])
def test_of_a_stranger_who_told_nothing_the_popular_is_expected(name: str, checkerboard: Dataset) -> None:
    nobody = [Friend(1, {}, frozenset())]
    scores = answers(all_peers()[name], checkerboard, nobody)[0]
    liked = np.bincount(checkerboard.ratings.movie_ids, minlength=1001)
    counts = liked[[movie.movie_id for movie in checkerboard.catalogue]]
    assert counts[np.argmax(scores)] == counts.max()


def test_what_ratings_count() -> None:
    stars = np.array([0.5, 3.5, 4, 5], np.float32)
    assert weigh(stars, "liked").tolist() == [0, 0, 1, 1]
    assert weigh(stars, "rated").tolist() == [1, 1, 1, 1]
    assert weigh(stars, "stars") == pytest.approx([0.1, 0.7, 0.8, 1])
    assert weigh(stars, "centred") == pytest.approx([-1, 1 / 3, 5 / 9, 1])


def test_popular_adds_up_stars(tiny: Dataset) -> None:
    found = answers(all_peers()["most popular"], tiny, [Friend(9, {}, frozenset())])[0]
    assert found == pytest.approx([2.4, 2, 1.7, 0.2])


@pytest.fixture
def tiny() -> Dataset:
    """Three people, four movies: rows 5 4 3 -, 4 5 - 1, 3 1 5.5 - halved where they are too high."""
    rows = [[5, 4, 3, 0], [4, 5, 0, 1], [3, 1, 5.5, 0]]
    cells = [(u, m, min(s, 5.5)) for u, row in enumerate(rows) for m, s in enumerate(row) if s]
    users, movies, stars = (np.array(column) for column in zip(*cells, strict=True))
    catalogue = Catalogue(Movie(movie, f"Movie {movie}") for movie in range(4))
    ids = users.astype(np.int64), movies.astype(np.int64)
    return Dataset("tiny", catalogue, Ratings(*ids, stars.astype(np.float32), np.zeros_like(ids[0])))


def table(dataset: Dataset) -> npt.NDArray[np.float64]:
    ratings = dataset.ratings
    matrix = np.zeros((len(np.unique(ratings.user_ids)), len(dataset.catalogue)))
    matrix[np.unique(ratings.user_ids, return_inverse=True)[1], ratings.movie_ids] = ratings.stars / 5
    return matrix


@pytest.mark.parametrize("people", [3, 5], ids=["fewer people than movies", "more people than movies"])
def test_ease_is_the_closed_form(tiny: Dataset, people: int) -> None:
    if people > 3:
        twice = Ratings(
            tiny.ratings.user_ids + 3, tiny.ratings.movie_ids, tiny.ratings.stars, tiny.ratings.rated_at
        )
        tiny = Dataset("tiny", tiny.catalogue, tiny.ratings.joined(twice.where(twice.user_ids < people)))
    ratings = table(tiny)
    inverse = np.linalg.inv(ratings.T @ ratings + 0.7 * np.eye(4))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    told = np.array([0.5, 0, 1, 0])
    found = answers(ease(EaseOptions(0.7, "stars")), tiny, [Friend(9, {0: 2.5, 2: 5.0}, frozenset())])[0]
    np.testing.assert_allclose(found, told @ weights, atol=1e-5)


def test_item_knn_is_shrunk_cosine_over_the_nearest(tiny: Dataset) -> None:
    ratings = table(tiny)
    norms = np.linalg.norm(ratings, axis=0)
    similar = ratings.T @ ratings / (np.outer(norms, norms) + 2)
    np.fill_diagonal(similar, 0)
    told = [Friend(9, {0: 5.0, 1: 2.5}, frozenset())]
    everything = answers(item_knn(NeighbourOptions(10, 2, "stars")), tiny, told)[0]
    np.testing.assert_allclose(everything, similar[0] + 0.5 * similar[1], atol=1e-5)
    nearest = np.where(similar == similar.max(axis=1, keepdims=True), similar, 0)
    one_each = answers(item_knn(NeighbourOptions(1, 2, "stars")), tiny, told)[0]
    np.testing.assert_allclose(one_each, nearest[0] + 0.5 * nearest[1], atol=1e-5)


def test_pure_svd_projects_on_the_first_singular_vectors(tiny: Dataset) -> None:
    first = np.linalg.svd(table(tiny))[2][:2]
    found = answers(pure_svd(PureSvdOptions(2, "stars")), tiny, [Friend(9, {1: 5.0}, frozenset())])[0]
    np.testing.assert_allclose(found, first.T @ first[:, 1], atol=1e-5)


def test_funk_svd_recovers_stars_of_strangers() -> None:
    """Stars of two factors without noise: strangers who tell half are predicted on the other half."""
    rng = np.random.default_rng(2)
    stars = 2.75 + rng.uniform(-1, 1, (220, 2)) @ rng.uniform(-1, 1, (2, 40))
    users, movies = (axis.ravel().astype(np.int64) for axis in np.mgrid[:200, :40])
    values = stars[:200].ravel().astype(np.float32)
    catalogue = Catalogue(Movie(movie, f"Movie {movie}") for movie in range(40))
    dataset = Dataset("factors", catalogue, Ratings(users, movies, values, np.zeros_like(users)))
    strangers = [Friend(u, dict(enumerate(stars[u, :20].tolist())), frozenset()) for u in range(200, 220)]
    fit = funk_svd(FunkSvdOptions(dims=2, penalty=1e-3, steps=500, unrated=0, signal="stars"))
    found = answers(fit, dataset, strangers)[:, 20:] * 5
    error = np.sqrt(np.mean((found - stars[200:, 20:]) ** 2))
    assert error < 0.1 * stars[200:, 20:].std()


def test_funk_svd_folds_in_what_the_loss_says() -> None:
    """A person of the community, folded in, gets the predictions that gradient descent found."""
    rng = np.random.default_rng(4)
    pairs = np.argwhere(rng.random((60, 30)) < 0.4)
    stars = (rng.integers(1, 11, len(pairs)) / 2).astype(np.float32)
    catalogue = Catalogue(Movie(movie, f"Movie {movie}") for movie in range(30))
    users, movies = pairs.T
    dataset = Dataset("random", catalogue, Ratings(users, movies, stars, np.zeros_like(users)))
    options = FunkSvdOptions(dims=2, penalty=0.1, steps=3000, learning_rate=0.01, unrated=0.2, signal="stars")
    mine = [
        Friend(
            u, dict(zip(movies[users == u].tolist(), stars[users == u].tolist(), strict=True)), frozenset()
        )
        for u in range(60)
    ]
    found = answers(funk_svd(options), dataset, mine)
    ratings = np.zeros((60, 30))
    ratings[users, movies] = stars / 5
    weights = np.full((60, 30), 0.2)
    weights[users, movies] = 1
    mean = (weights * ratings).sum() / weights.sum()
    baseline = (weights * (ratings - mean) ** 2).sum()
    assert (weights * (ratings - found) ** 2).sum() < 0.8 * baseline
