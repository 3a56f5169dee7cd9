"""A saved model is read back as it was, or refused with one clear line."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from recommender import Model, ModelError
from recommender.model import FORMAT
from recommender.storage import whole_folder


@pytest.fixture
def saved(model: Model, tmp_path: Path) -> Path:
    model.save(tmp_path / "model")
    return tmp_path / "model"


def test_what_is_loaded_answers_the_same(model: Model, saved: Path) -> None:
    loaded = Model.load(saved)
    profile = {100: 5.0, 101: 2.0}
    assert np.array_equal(loaded.scores(profile, 0.2, 0.5), model.scores(profile, 0.2, 0.5))
    assert loaded.recommend(profile) == model.recommend(profile)
    assert loaded.explain(profile, 104).parts == model.explain(profile, 104).parts
    assert loaded.stars(profile, [104, 105]) == model.stars(profile, [104, 105])
    assert loaded.star_parameters.error.shape == model.star_parameters.error.shape
    assert loaded.info == model.info
    assert loaded.catalogue.movies == model.catalogue.movies


def test_saving_again_takes_the_place_of_the_old_one(model: Model, saved: Path) -> None:
    model.save(saved)
    assert Model.load(saved).movie_ids.tolist() == model.movie_ids.tolist()
    assert [entry.name for entry in saved.parent.iterdir()] == ["model"]


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    def fail_half_way() -> None:
        with whole_folder(tmp_path / "new") as folder:
            (folder / "half").write_text("x")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail_half_way()
    assert list(tmp_path.iterdir()) == []


def test_every_file_is_guarded_against_change_and_loss(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path / "whole")
    for name in sorted(file.name for file in (tmp_path / "whole").iterdir()):
        for damage in ("flip", "truncate", "remove"):
            path = tmp_path / f"{name}-{damage}"
            model.save(path)
            file = path / name
            content = bytearray(file.read_bytes())
            if damage == "flip":
                content[len(content) // 2] ^= 0xFF
                file.write_bytes(content)
            elif damage == "truncate":
                file.write_bytes(content[: len(content) // 2])
            else:
                file.unlink()
            with pytest.raises(ModelError) as refusal:
                Model.load(path)
            assert str(path) in str(refusal.value)
            assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        ("", "cannot be read"),
        ("[]", "not a whole model"),
        ('{"kind": "something-else"}', "not a model of this program"),
        ('{"kind": "matinee-model", "format": 99}', "format 99"),
        (f'{{"kind": "matinee-model", "format": {FORMAT}}}', "not a whole model"),
    ],
)
def test_a_foreign_manifest_is_refused(tmp_path: Path, manifest: str, reason: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(ModelError, match=reason):
        Model.load(tmp_path)


def test_a_missing_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no model"):
        Model.load(tmp_path / "nowhere")


def test_a_pickle_in_place_of_an_array_is_not_opened(saved: Path) -> None:
    np.save(saved / "unit.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    manifest = json.loads((saved / "manifest.json").read_text())
    manifest["sha256"]["unit.npy"] = hashlib.sha256((saved / "unit.npy").read_bytes()).hexdigest()
    (saved / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError):
        Model.load(saved)


@pytest.mark.parametrize("number", [np.nan, np.inf, -1e20])
def test_numbers_that_are_not_finite_or_too_large_are_refused(
    model: Model, tmp_path: Path, number: float
) -> None:
    unit = model.parameters.unit.copy()
    try:
        model.parameters.unit[...] = number
        model.save(tmp_path / "bad")
    finally:
        model.parameters.unit[...] = unit
    with pytest.raises(ModelError, match="not finite"):
        Model.load(tmp_path / "bad")


def test_serving_needs_numpy_alone(saved: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from recommender import Model, BALANCED;"
        f"m = Model.load(Path({str(saved)!r})); m.recommend({{100: 5.0}}); m.explain({{100: 5.0}}, 104);"
        "print([n for n in ('scipy', 'pandas', 'lightfm', 'sklearn', 'asyncio') if n in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
