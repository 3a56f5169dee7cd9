"""Arrays and a manifest in a folder: written whole or not at all, checked when read, never unpickled."""

import hashlib
import json
import math
import os
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path
from tokenize import TokenError
from typing import Any, cast

import numpy as np
import numpy.typing as npt

MANIFEST = "manifest.json"
KIND = "matinee-model"
LARGEST = 1e12
"""A model with larger numbers is none: everybody's scores, products of two and sums of many, stay finite."""


_DEFLATED = 1040
"""To how much, at most, a byte that deflate packed unfolds."""


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


def read(
    folder: Path, version: int, others: Sequence[str]
) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """The content and the arrays that `write` wrote; `others` are checked, and left to the caller to read.

    Raises
    ------
    ModelError
        If anything is missing, changed, of another kind or format, not in the folder itself, or claims to be
        larger than it is.
    """
    try:
        manifest: Any = json.loads(_own(folder, MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"{folder} holds no model: it has no {MANIFEST}") from None
    except ModelError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{folder / MANIFEST} cannot be read: {error}") from error
    arrays: dict[str, npt.NDArray[Any]] = {}
    try:
        if manifest["kind"] != KIND:
            raise ModelError(f"{folder} is not a model of this program")
        if manifest["format"] != version:
            raise ModelError(f"{folder} has model format {manifest['format']}; this program reads {version}")
        checksums = dict(manifest["sha256"])
        for file in {**checksums, **dict.fromkeys(others)}:
            path = _own(folder, file)
            if _checksum(path) != checksums[file]:
                raise ModelError(f"{path} is damaged: its checksum does not match")
            if file.endswith(".npy"):
                arrays[file.removesuffix(".npy")] = read_array(path)
        return manifest["content"], arrays
    except ModelError:
        raise
    except (OSError, EOFError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ModelError(f"{folder} is not a whole model: {error!r}") from error


def read_array(file: Path) -> npt.NDArray[Any]:
    """Read an array that `numpy.save` wrote; nothing is reserved for it that the file does not hold.

    Raises
    ------
    OSError, ValueError
        If it cannot be read, is no array of numbers, or is not as long as it says.
    """
    with file.open("rb") as stream:
        return _read_array(stream, file.stat().st_size)


def read_arrays(file: Path) -> dict[str, npt.NDArray[Any]]:
    """Read the arrays that `numpy.savez` wrote, in the same way.

    Raises
    ------
    OSError, EOFError, ValueError, zipfile.BadZipFile
        If they cannot be read; see `read_array`.
    """
    arrays: dict[str, npt.NDArray[Any]] = {}
    size = file.stat().st_size
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            if member.file_size > _DEFLATED * min(member.compress_size, size):
                raise ValueError(f"{member.filename[:80]!r} claims to be larger than it can be")
            try:
                with archive.open(member) as stream:
                    array = _read_array(cast(BufferedIOBase, stream), member.file_size)
            # What zipfile says of members that are encrypted or packed in a way it does not know, and zlib.
            except (RuntimeError, zlib.error) as error:
                raise ValueError(f"{member.filename[:80]!r} cannot be unpacked: {error}") from error
            arrays[member.filename.removesuffix(".npy")] = array
    return arrays


def _read_array(stream: BufferedIOBase, size: int) -> npt.NDArray[Any]:
    header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    version = np.lib.format.read_magic(stream)
    if version not in header:
        raise ValueError(f"version {version} of numpy's format is not known")
    try:
        shape, by_column, kind = header[version](stream)
    except (MemoryError, RecursionError, OverflowError, SyntaxError, TypeError, TokenError) as error:
        raise ValueError("the header of an array is none") from error
    if kind.kind not in "biuf":
        raise ValueError(f"an array of {kind} is none of numbers")
    count = math.prod(shape)
    if min(shape, default=0) < 0 or count * kind.itemsize != size - stream.tell():
        raise ValueError(f"an array claims the shape {str(shape)[:80]}, which is not what is there")
    array = np.empty(count, kind)
    free = array.view(np.uint8).data
    while len(free):
        read = stream.readinto(free)
        if not read:
            raise EOFError("an array ends too early")
        free = free[read:]
    return array.reshape(shape[::-1]).T if by_column else array.reshape(shape)


def _own(folder: Path, file: str) -> Path:
    """A file of a folder; never one elsewhere, nor something that only looks like a file."""
    path = folder / file
    if re.fullmatch(r"\w[\w.-]*", file, re.ASCII) is None or path.is_symlink():
        raise ModelError(f"{folder} names a file that is not its own: {file[:80]!r}")
    if path.exists() and not path.is_file():
        raise ModelError(f"{path} is not a file")
    return path


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
