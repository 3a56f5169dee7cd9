"""Arrays and a manifest in a folder: written whole or not at all, checked when read, never unpickled."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MANIFEST = "manifest.json"
KIND = "matinee-model"
LARGEST = 1e12
"""A model with larger numbers is none: everybody's scores, products of two and sums of many, stay finite."""


class ModelError(ValueError):
    """A model that cannot be used; the message is one line that says why."""


@contextmanager
def whole_folder(path: Path) -> Generator[Path]:
    """A temporary folder beside `path` that takes its place at the end, and vanishes after an exception.

    What was at `path` before is kept until the new folder is complete.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        yield folder
        for file in folder.iterdir():
            _sync(file)
        if path.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
            path.replace(old / path.name)
            folder.replace(path)
            shutil.rmtree(old)
        else:
            folder.replace(path)
        _sync(path.parent)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def write(
    folder: Path,
    version: int,
    content: Mapping[str, Any],
    arrays: Mapping[str, npt.NDArray[Any]],
    others: Sequence[str],
) -> None:
    """Write arrays as ``.npy`` files and a manifest with the checksums of these and of `others`."""
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    files = [*(f"{name}.npy" for name in arrays), *others]
    manifest = {
        "kind": KIND,
        "format": version,
        "content": content,
        "sha256": {file: _checksum(folder / file) for file in files},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")


def read(folder: Path, version: int) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """The content and the arrays that `write` wrote.

    Raises
    ------
    ModelError
        If anything is missing, changed, or of another kind or format.
    """
    try:
        manifest: Any = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"{folder} holds no model: it has no {MANIFEST}") from None
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder / MANIFEST} cannot be read: {error}") from error
    arrays: dict[str, npt.NDArray[Any]] = {}
    try:
        if manifest["kind"] != KIND:
            raise ModelError(f"{folder} is not a model of this program")
        if manifest["format"] != version:
            raise ModelError(f"{folder} has model format {manifest['format']}; this program reads {version}")
        for file, checksum in manifest["sha256"].items():
            if _checksum(folder / file) != checksum:
                raise ModelError(f"{folder / file} is damaged: its checksum does not match")
            if file.endswith(".npy"):
                arrays[file.removesuffix(".npy")] = np.load(folder / file, allow_pickle=False)
        return manifest["content"], arrays
    except ModelError:
        raise
    except (OSError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ModelError(f"{folder} is not a whole model: {error!r}") from error


def check(what: str, array: npt.NDArray[Any], shape: tuple[int, ...], kind: type[np.generic]) -> None:
    """Refuse an array of a model that is not what it must be.

    Raises
    ------
    ModelError
        If it has another shape or another type, or holds numbers that are not finite or beyond `LARGEST`.
    """
    if array.shape != shape:
        raise ModelError(f"{what} has shape {array.shape} instead of {shape}")
    if array.dtype != kind:
        raise ModelError(f"{what} has type {array.dtype} instead of {np.dtype(kind)}")
    # One that is no number is not within them either.
    if array.size and not (array.min() >= -LARGEST and array.max() <= LARGEST):
        raise ModelError(f"{what} holds numbers that are not finite, or too large")


def _checksum(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
