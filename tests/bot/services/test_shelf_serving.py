"""What is being served: read from disk, and swapped in one step."""

import gc
import json
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bot.services.answers import ModelVersion
from bot.services.newer import FIRST_ID
from bot.services.shelf import Serving, Shelf, load_serving, note_popularity, renewed, with_newer
from recommender.catalogue import Catalogue, Movie
from recommender.datasets.dataset import CATALOGUE_FILE, INFO_FILE, RATINGS_FILE, Dataset, DatasetError
from recommender.features import IntArray
from recommender.franchises import franchises
from recommender.model import Model, ModelError
from tests.bot.services.tiny import tiny_dataset

VERSION = ModelVersion(3, datetime(2026, 5, 1, tzinfo=UTC), "current", "tiny", 5, 4800, 0.4, 1.5)


@pytest.fixture
def folder(tmp_path: Path, community: Dataset) -> Path:
    """The tiny data set, saved."""
    community.save(tmp_path / "tiny")
    return tmp_path / "tiny"


def test_a_data_set_without_a_model(folder: Path, community: Dataset):
    serving = load_serving(folder)
    assert (serving.version, serving.model) == (None, None)
    assert (serving.dataset, serving.acknowledgement) == ("tiny", "Thanks to nobody.")
    assert serving.catalogue.movies == community.catalogue.movies
    assert serving.titles.find("western number 1").movies[0].movie_id == 1
    assert serving.popularity.tolist() == [0] * len(community.catalogue)
    assert not serving.knows(1)


def test_a_data_set_and_its_model_share_one_catalogue(folder: Path, ready_model: Path):
    serving = load_serving(folder, (ready_model, VERSION))
    assert serving.version == VERSION
    assert serving.model is not None
    assert serving.catalogue is serving.model.catalogue
    assert serving.popularity.tolist() == serving.model.popularity.tolist()
    assert serving.knows(1)
    assert not serving.knows(404)
    # Among equals the best known movie comes first.
    most = serving.catalogue.movies[int(serving.popularity.argmax())]
    assert serving.titles.suggest("")[0] == most


def test_nobody_waits_for_what_the_first_list_needs(
    folder: Path, ready_model: Path, monkeypatch: pytest.MonkeyPatch
):
    begun, go_on = threading.Event(), threading.Event()
    calls: list[Catalogue] = []

    def slow(catalogue: Catalogue) -> IntArray:
        calls.append(catalogue)
        begun.set()
        assert go_on.wait(30)
        return franchises(catalogue)

    monkeypatch.setattr("recommender.model.franchises", slow)
    model = load_serving(folder, (ready_model, VERSION)).model
    assert model is not None
    assert begun.wait(30), "before anybody asks, and after the model was handed out"
    # Who asks too early waits for the rest; it is not worked out twice.
    found: list[IntArray] = []
    asking = threading.Thread(target=lambda: found.append(model.franchises))
    asking.start()
    assert not found
    go_on.set()
    asking.join(30)
    assert len(found[0]) == len(model.catalogue)
    assert len(calls) == 1


def test_nor_for_a_model_with_movies_that_came_out_lately(
    folder: Path, ready_model: Path, monkeypatch: pytest.MonkeyPatch
):
    serving = load_serving(folder, (ready_model, VERSION))
    newer = with_newer(serving, [Movie(FIRST_ID + 1, "Brand New", 2026, ("Drama",))])
    monkeypatch.setattr(
        "recommender.model.franchises", lambda _: pytest.fail("is worked out at the first list")
    )
    assert newer.model is not None
    assert len(newer.model.franchises) == len(serving.catalogue) + 1


def test_a_catalogue_that_grew_is_served_whole(tmp_path: Path, ready_model: Path):
    grown = tiny_dataset(users=4, movies=130)
    grown.save(tmp_path / "tiny")
    serving = load_serving(tmp_path / "tiny", (ready_model, VERSION))
    assert len(serving.catalogue) == 130
    assert serving.model is not None
    assert serving.model.catalogue is serving.catalogue
    assert serving.knows(120)
    assert serving.knows(121), "placed by its features"
    assert serving.popularity.shape == (130,)
    assert serving.popularity[:120].tolist() == Model.load(ready_model).popularity.tolist()
    assert serving.popularity[120:].tolist() == [0] * 10


def test_the_running_model_goes_on_with_the_newer_state_of_its_data(folder: Path, ready_model: Path):
    before = load_serving(folder, (ready_model, VERSION))
    assert before.model is not None
    came = Movie(FIRST_ID + 7, "Dust and Spurs", 2026, ("Western",), imdb_id=77)
    before = with_newer(before, [came])
    # The order is another one, one film is new, there are votes, and IMDb numbers the new release.
    kept = [movie._replace(votes=9) for movie in before.catalogue.movies[:120]]
    movies = list(reversed(kept))
    movies = [Movie(900_000, "Brand New", 2026, ("Horror",)), *movies, came._replace(movie_id=100_000_077)]
    Catalogue(movies).save(folder / CATALOGUE_FILE)
    after = renewed(before, folder, [came])
    assert after.model is not None
    assert after.version == VERSION
    assert sorted(after.catalogue.movie_ids.tolist()) == sorted(movie.movie_id for movie in movies)
    assert after.catalogue is after.model.catalogue
    assert after.catalogue[1].votes == 9
    known = after.catalogue.movie_ids.tolist()[:121]
    assert known == [*before.catalogue.movie_ids.tolist()[:120], 100_000_077]
    liked = {1: 5.0, 2: 4.5, 3: 1.0}
    np.testing.assert_allclose(after.model.scores(liked)[:121], before.model.scores(liked), rtol=1e-5)


def test_popularity_is_there_before_the_first_fit(folder: Path, community: Dataset):
    note_popularity(community, folder)
    popularity = load_serving(folder).popularity
    assert popularity.sum() == len(community.ratings)
    assert popularity[4] == (community.ratings.movie_ids == community.catalogue.movies[4].movie_id).sum()


@pytest.mark.parametrize("content", [b"", b"junk", b"\x93NUMPY\x01\x00"])
def test_a_damaged_popularity_is_done_without(folder: Path, content: bytes):
    (folder / "popularity.npy").write_bytes(content)
    assert load_serving(folder).popularity.sum() == 0


def test_the_ratings_of_the_community_are_not_read(folder: Path):
    (folder / RATINGS_FILE).unlink()
    assert len(load_serving(folder).catalogue) == 120


@pytest.mark.parametrize("name", [CATALOGUE_FILE, INFO_FILE])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"[1, 2", b"\xff\xfe", b"[]", b"null"])
@pytest.mark.parametrize("with_model", [False, True])
def test_an_unreadable_data_set_is_one_line(
    folder: Path, ready_model: Path, name: str, content: bytes | None, with_model: bool
):
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(DatasetError, match="does not hold a readable data set") as caught:
        load_serving(folder, (ready_model, VERSION) if with_model else None)
    assert "\n" not in str(caught.value)


def test_a_model_of_another_data_set_is_refused(folder: Path, ready_model: Path):
    with pytest.raises(ModelError, match="model 3 was fitted on starter, not on tiny"):
        load_serving(folder, (ready_model, replace(VERSION, dataset="starter")))


def test_a_model_that_means_other_movies_by_the_same_numbers_is_refused(folder: Path, ready_model: Path):
    movies = list(Catalogue.load(folder / CATALOGUE_FILE))
    first, second = movies[:2]
    # A corrected title is the same movie still, where IMDb's number says so.
    numbered = [movie._replace(imdb_id=number + 1) for number, movie in enumerate(movies)]
    corrected = [numbered[0]._replace(title="Corrected"), *movies[1:]]
    others = {
        "swapped": [first._replace(title=second.title), second._replace(title=first.title), *movies[2:]],
        "missing": movies[1:],
        "another": corrected,
    }
    for catalogue in others.values():
        Catalogue(catalogue).save(folder / CATALOGUE_FILE)
        with pytest.raises(ModelError, match="another tiny, with other movies"):
            load_serving(folder, (ready_model, VERSION))
    model = Model.load(ready_model)
    Model(Catalogue(numbered), model.features, model.parameters, model.info).save(folder / "model")
    assert load_serving(folder, (folder / "model", VERSION)).model is not None


def test_an_unreadable_model_is_refused(folder: Path, tmp_path: Path):
    with pytest.raises(ModelError):
        load_serving(folder, (tmp_path / "nowhere", VERSION))
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "manifest.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(ModelError):
        load_serving(folder, (tmp_path / "model", VERSION))


def test_the_collector_is_back_afterwards_and_leaves_the_catalogue_alone(folder: Path):
    assert gc.isenabled()
    frozen = gc.get_freeze_count()
    load_serving(folder)
    assert gc.isenabled()
    assert gc.get_freeze_count() > frozen
    (folder / INFO_FILE).unlink()
    with pytest.raises(DatasetError):
        load_serving(folder)
    assert gc.isenabled()


def test_a_swap_answers_what_was_served(community: Dataset):
    nothing = Serving.nothing()
    shelf = Shelf(nothing)
    assert len(shelf.current.catalogue) == 0
    assert shelf.current.titles.suggest("a") == []
    new = replace(nothing, catalogue=Catalogue(community.catalogue), dataset="tiny")
    assert shelf.swap(new) is nothing
    assert shelf.current is new
