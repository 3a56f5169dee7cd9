"""A saved model is read back as it was, or refused with one clear line."""

import hashlib
import io
import json
import os
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from recommender import Model, ModelError
from recommender.model import FORMAT
from recommender.storage import read_array, read_arrays, whole_folder


@pytest.fixture(scope="module")
def original(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that was saved once."""
    folder = tmp_path_factory.mktemp("original") / "model"
    model.save(folder)
    return folder


@pytest.fixture
def saved(original: Path, tmp_path: Path) -> Path:
    """A copy of it, for one test to do with what it likes."""
    return shutil.copytree(original, tmp_path / "model")


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


def test_every_file_is_guarded_against_change_and_loss(saved: Path) -> None:
    for file in sorted(saved.iterdir()):
        whole = file.read_bytes()
        for damage in ("flip", "truncate", "remove"):
            content = bytearray(whole)
            if damage == "flip":
                content[len(content) // 2] ^= 0xFF
                file.write_bytes(content)
            elif damage == "truncate":
                file.write_bytes(content[: len(content) // 2])
            else:
                file.unlink()
            with pytest.raises(ModelError) as refusal:
                Model.load(saved)
            assert str(saved) in str(refusal.value)
            assert "\n" not in str(refusal.value)
        file.write_bytes(whole)
    Model.load(saved)


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


def signed(folder: Path) -> None:
    """Bring the checksums up to date, as whoever made the files by hand would."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for file in manifest["sha256"]:
        manifest["sha256"][file] = hashlib.sha256((folder / file).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def claiming(shape: tuple[int, ...], kind: str = "<f4", content: bytes = bytes(64)) -> bytes:
    """An array that says it has this shape, whatever there is of it."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": kind, "fortran_order": False, "shape": shape})
    return file.getvalue() + content


HOSTILE = {
    "terabytes": claiming((1 << 20, 1 << 20)),
    "more than can be counted": claiming((1 << 62, 1 << 62)),
    "nothing of much": claiming((0, 1 << 40), content=b""),
    "negative": claiming((-4, -4)),
    "negative once": claiming((-1, -16, 1)),
    "shorter than it is": claiming((3,)),
    "text": claiming((4,), "<U4"),
    "raw bytes": claiming((2,), "|V32"),
    "other numbers": claiming((8,), "<f8"),
    "a number alone": claiming((), content=bytes(4)),
    "a header without end": b"\x93NUMPY\x01\x00\xff\xff{",
    "parentheses": b"\x93NUMPY\x01\x00\x88\x13" + b"(" * 5000,
    "another version": b"\x93NUMPY\x09\x00" + bytes(60),
    "nothing": b"",
}


@pytest.mark.parametrize(
    "array", ["vectors", "profile_index", "starts", "columns", "weights", "stars_biases"]
)
@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_an_array_that_claims_what_cannot_be_is_refused(saved: Path, array: str, content: bytes) -> None:
    (saved / f"{array}.npy").write_bytes(content)
    signed(saved)
    with pytest.raises(ModelError) as refused:
        Model.load(saved)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("array", "number"),
    [
        ("profile_index", -2),
        ("profile_index", 1 << 30),
        ("starts", -1),
        ("columns", -1),
        ("columns", 1 << 40),
    ],
)
def test_an_array_that_names_what_is_not_there_is_refused(saved: Path, array: str, number: int) -> None:
    found = np.load(saved / f"{array}.npy")
    found[-1] = number
    np.save(saved / f"{array}.npy", found)
    signed(saved)
    with pytest.raises(ModelError):
        Model.load(saved)


@pytest.mark.parametrize(
    "name",
    ["../outside.npy", "{outside}", "a/../../outside.npy", "", ".", "..", ".hidden.npy", "a\0b", "é.npy"],
)
def test_a_manifest_that_names_a_file_elsewhere_is_refused(saved: Path, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside.npy"
    np.save(outside, np.zeros(3, np.float32))
    manifest = json.loads((saved / "manifest.json").read_text())
    checksum = hashlib.sha256(outside.read_bytes()).hexdigest()
    manifest["sha256"][name.format(outside=outside.absolute())] = checksum
    (saved / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="not its own"):
        Model.load(saved)


@pytest.mark.parametrize("file", ["vectors.npy", "catalogue.npz", "manifest.json"])
def test_a_link_to_elsewhere_is_refused(saved: Path, tmp_path: Path, file: str) -> None:
    (saved / file).rename(tmp_path / "elsewhere")
    (saved / file).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ModelError, match="not its own"):
        Model.load(saved)


def test_what_only_looks_like_a_file_is_not_waited_for(saved: Path) -> None:
    (saved / "vectors.npy").unlink()
    os.mkfifo(saved / "vectors.npy")
    with pytest.raises(ModelError, match="is not a file"):
        Model.load(saved)


def test_a_catalogue_without_a_checksum_is_refused(saved: Path) -> None:
    manifest = json.loads((saved / "manifest.json").read_text())
    del manifest["sha256"]["catalogue.npz"]
    (saved / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="not a whole model"):
        Model.load(saved)


ARRAYS_LIKE_OTHERS = ("nothing of much", "other numbers", "a number alone")
"""What only the reader that knows which shape and type there must be can refuse."""


@pytest.mark.parametrize("what", [what for what in HOSTILE if what not in ARRAYS_LIKE_OTHERS])
def test_packed_arrays_that_claim_what_cannot_be_are_refused(tmp_path: Path, what: str) -> None:
    with zipfile.ZipFile(tmp_path / "piece.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("vectors.npy", HOSTILE[what])
    with pytest.raises((ValueError, EOFError)):
        read_arrays(tmp_path / "piece.npz")


def test_a_member_that_claims_to_unfold_without_end_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "piece.npz"
    np.savez(file, vectors=np.zeros(16, np.float32))
    packed = file.read_bytes()
    size = struct.pack("<I", 128 + 64)
    assert packed.count(size) >= 2
    file.write_bytes(packed.replace(size, struct.pack("<I", (1 << 31) - 1)))
    with pytest.raises((ValueError, zipfile.BadZipFile)):
        read_arrays(file)


@pytest.mark.parametrize("array", [np.zeros(()), np.zeros((0, 3)), np.arange(6).reshape(2, 3)])
def test_arrays_are_read_as_they_were_written(tmp_path: Path, array: np.ndarray) -> None:
    for one in (array, np.asfortranarray(array), array > 2, array.astype(">i4")):
        np.save(tmp_path / "one.npy", one)
        np.savez_compressed(tmp_path / "some.npz", one=one, other=array)
        for found in (read_array(tmp_path / "one.npy"), read_arrays(tmp_path / "some.npz")["one"]):
            assert found.dtype == one.dtype
            np.testing.assert_array_equal(found, one, strict=True)
