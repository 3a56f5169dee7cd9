"""Friends whose ratings are in a file."""

from pathlib import Path

import numpy as np
import pytest

from recommender import Model
from recommender.datasets.dataset import Dataset, DatasetError, Ratings
from recommender.friends import AGAIN, STARS, UNKNOWN, UNREADABLE, best_unrated, predictions, read_friends


def written(folder: Path, *rows: str, header: str = "userId,movieId,rating") -> Path:
    path = folder / "friends.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_rows_are_read_and_what_cannot_be_used_is_counted(tmp_path: Path, camps: Dataset) -> None:
    rows = (
        "1,100,4.0",
        "Ana, 100 ,0.5",
        "1,101,5",
        "1,102,0",
        "1,103,3.3",
        "1,999,4",
        "1,x,4",
        ",100,4",
        "1",
    )
    friends = read_friends(written(tmp_path, *rows, "1,100,2.5"), camps.catalogue)
    assert friends.ratings == {"1": {100: 2.5, 101: 5.0}, "Ana": {100: 0.5}}
    assert friends.dropped == {AGAIN: 1, STARS: 2, UNKNOWN: 1, UNREADABLE: 3}
    assert friends.seen_by_all() == [100]


def test_other_columns_and_another_order_do_not_matter(tmp_path: Path, camps: Dataset) -> None:
    path = written(tmp_path, "5,100,9,1", header="rating,movieId,timestamp,userId")
    assert read_friends(path, camps.catalogue).ratings == {"1": {100: 5.0}}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "must begin with the line userId,movieId,rating"),
        (b"user,movie,rating\n1,100,4\n", "must begin with the line userId,movieId,rating"),
        (b"userId,movieId,rating\n", "no usable rating"),
        (b"userId,movieId,rating\n1,7,4\n", "movie is not in the catalogue, 1 times"),
        (b"userId,movieId,rating\n\xff,100,4\n", "UTF-8"),
    ],
)
def test_a_file_of_no_use_is_refused_in_a_line(
    tmp_path: Path, camps: Dataset, content: bytes, told: str
) -> None:
    path = tmp_path / "friends.csv"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=told) as caught:
        read_friends(path, camps.catalogue)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path, camps: Dataset) -> None:
    with pytest.raises(DatasetError, match="cannot be read"):
        read_friends(tmp_path / "none.csv", camps.catalogue)


def test_friends_join_the_community_as_people_of_their_own(tmp_path: Path, camps: Dataset) -> None:
    # The friends' 0 and 1 are not the community's.
    friends = read_friends(written(tmp_path, "0,100,4", "1,100,2", "1,102,5"), camps.catalogue)
    together = friends.beside(camps.ratings)
    own = together.where(~np.isin(together.user_ids, camps.ratings.user_ids))
    assert len(together) == len(camps.ratings) + 3
    assert len(np.unique(own.user_ids)) == 2
    assert own.movie_ids.tolist() == [100, 100, 102]
    assert own.stars.tolist() == [4.0, 2.0, 5.0]
    assert len(friends.beside(Ratings.empty())) == 3


def test_predictions_follow_taste_and_never_the_rating_of_the_very_movie(model: Model) -> None:
    even = {100: 5.0, 104: 5.0, 101: 1.0}
    by_id = {one.movie_id: one for one in predictions(model, even, [108, 109, 104])}
    assert by_id[108].place > by_id[109].place
    assert by_id[108].rated is None
    assert by_id[104].rated == 5.0
    changed = predictions(model, even | {104: 0.5}, [104])
    assert changed[0].place == by_id[104].place
    assert by_id[104].place == model.percentile({100: 5.0, 101: 1.0}, 104)
    assert changed[0].likely == by_id[104].likely
    loved, hated = by_id[108].likely, by_id[109].likely
    assert loved is not None
    assert hated is not None
    assert loved.stars > hated.stars


def test_what_is_best_of_the_unrated_falls_from_the_highest_place(model: Model) -> None:
    own = {100: 3.0, 103: 5.0, 105: 1.0}
    everything = [int(movie_id) for movie_id in model.movie_ids if movie_id not in own]
    places = sorted((one.place for one in predictions(model, own, everything)), reverse=True)
    assert [one.place for one in best_unrated(model, own, 5)] == places[:5]
