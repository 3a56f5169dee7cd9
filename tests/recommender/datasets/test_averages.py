"""What a community thinks of each movie, worked out a piece at a time."""

from pathlib import Path

import numpy as np
import pytest

from recommender.catalogue import Catalogue, Movie
from recommender.datasets import averages
from recommender.datasets.averages import FEW, MIDDLE, Averages, read_averages
from recommender.datasets.dataset import RATINGS_FILE, Dataset, DatasetError, Ratings


def saved(folder: Path, movie_ids: list[int], stars: list[float]) -> Path:
    """A data set on disk in which each rating is by somebody else."""
    ids = np.arange(len(movie_ids), dtype=np.int64)
    ratings = Ratings(ids, np.array(movie_ids, np.int64), np.array(stars, np.float32), ids)
    movies = Catalogue(Movie(one, f"Movie {one}") for one in sorted(set(movie_ids)))
    Dataset("some", movies, ratings).save(folder)
    return folder


def test_pieces_give_what_the_whole_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    rng = np.random.default_rng(3)
    movie_ids = rng.choice([9, 2, 40, 7], 101).tolist()
    stars = (rng.integers(1, 11, 101) / 2).tolist()
    folder = saved(tmp_path / "some", movie_ids, stars)
    for rows in (1, 7, 1000):
        monkeypatch.setattr(averages, "ROWS", rows)
        found = read_averages(folder)
        assert found.movie_ids.tolist() == [2, 7, 9, 40]
        for row, movie_id in enumerate(found.movie_ids):
            mine = [one for one, other in zip(stars, movie_ids, strict=True) if other == movie_id]
            assert found.counts[row] == len(mine)
            assert found.sums[row] == pytest.approx(sum(mine))
            assert found.squares[row] == pytest.approx(sum(one * one for one in mine))


def test_few_ratings_are_drawn_to_the_mean_of_all_and_unknown_movies_get_it(tmp_path: Path):
    found = read_averages(saved(tmp_path / "some", [1] * 99 + [2], [3.0] * 99 + [5.0]))
    stars, counts = found.of(np.array([2, 5, 1]))
    assert counts.tolist() == [1, 0, 99]
    assert found.middle == pytest.approx(3.02)
    assert stars == pytest.approx([(5 + FEW * 3.02) / (1 + FEW), 3.02, (297 + FEW * 3.02) / (99 + FEW)])
    spreads = found.spreads(np.array([2, 5, 1]))
    assert spreads[1] == pytest.approx(1)
    assert spreads[2] < 0.3 < spreads[0]


def test_without_a_community_the_middle_is_expected():
    stars, counts = Averages.nothing().of(np.array([4, 5]))
    assert stars.tolist() == [MIDDLE, MIDDLE]
    assert counts.tolist() == [0, 0]
    assert Averages.nothing().spreads(np.array([4])).tolist() == [1]


def test_no_ratings_are_no_community(tmp_path: Path):
    assert len(read_averages(saved(tmp_path / "some", [], [])).counts) == 0


@pytest.mark.parametrize("content", [b"", b"PK\3\4 broken", None])
def test_unreadable_ratings_are_said_to_be_so(tmp_path: Path, content: bytes | None):
    folder = saved(tmp_path / "some", [1], [3.0])
    if content is None:
        (folder / RATINGS_FILE).unlink()
    else:
        (folder / RATINGS_FILE).write_bytes(content)
    with pytest.raises(DatasetError, match="readable ratings"):
        read_averages(folder)
