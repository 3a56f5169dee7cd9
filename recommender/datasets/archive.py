"""The files of a data set, read where they are: in a folder, or in a zip archive that may be hostile."""

import io
import lzma
import stat
import struct
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, cast

from recommender.datasets.dataset import DatasetError, OnBytes

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOST_ENTRIES = 1000
MOST_UNPACKED = 8 << 30
MOST_RATIO = 100
"""How often a member may be larger than packed. Tables of ratings come to 4 or 5."""

_SMALL = 1 << 20
_STEP = 1 << 20
_MOST_DIRECTORY = 1 << 20
_TAIL = 22 + 65535
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)


class Files(ABC):
    """The wanted files of one place.

    Attributes
    ----------
    place : Path
        The folder or archive.
    folders : dict
        Names of the wanted files that are there, by the path of their folder within the place; ``""`` is the
        place itself.
    """

    def __init__(self, place: Path, folders: Mapping[str, set[str]]) -> None:
        self.place = place
        self.folders = dict(folders)

    size = 0
    """Bytes of all wanted files together."""

    @abstractmethod
    def open(self, folder: str, name: str) -> AbstractContextManager[BinaryIO]:
        """Open one of the wanted files for reading; what fails while it is read is a `DatasetError`."""


class Counted(Files):
    """The files of a place, and how much of them has been read.

    Parameters
    ----------
    files : Files
    on_bytes : callable
        Called each time a mebibyte was read.
    """

    def __init__(self, files: Files, on_bytes: OnBytes) -> None:
        super().__init__(files.place, files.folders)
        self.size = files.size
        self._files = files
        self._on_bytes = on_bytes
        self._read = 0

    @contextmanager
    def open(self, folder: str, name: str) -> Generator[BinaryIO]:
        """Open one of the files; its bytes count as they are read."""
        with self._files.open(folder, name) as stream:
            yield io.BufferedReader(_CountedStream(stream, self._count), _STEP)

    def _count(self, more: int) -> None:
        self._read += more
        self._on_bytes(self._read, self.size)


class _CountedStream(io.RawIOBase):
    def __init__(self, stream: BinaryIO, count: Callable[[int], None]) -> None:
        super().__init__()
        self._stream = cast(io.BufferedIOBase, stream)
        self._count = count

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        length = self._stream.readinto(buffer)
        self._count(length)
        return length


@contextmanager
def open_files(place: Path, wanted: Mapping[str, int]) -> Generator[Files]:
    """Look for files in a folder, its subfolders, or a zip archive. Nothing is unpacked to disk.

    Parameters
    ----------
    place : Path
    wanted : dict
        Most bytes that a file may have unpacked, by its name.

    Raises
    ------
    DatasetError
        If the place does not exist, cannot be read, or is an archive that is damaged or hostile.
    """
    if place.is_dir():
        yield _Folder(place, wanted)
    elif place.is_file():
        with _opened_archive(place) as archive:
            yield _Archive(place, archive, wanted)
    else:
        raise DatasetError(f"{place} does not exist: give the path of a folder or zip archive")


class _Folder(Files):
    def __init__(self, place: Path, wanted: Mapping[str, int]) -> None:
        folders: dict[str, set[str]] = {}
        try:
            for folder in (place, *sorted(path for path in place.iterdir() if path.is_dir())):
                found = {name for name in wanted if (folder / name).is_file()}
                for name in found:
                    size = (folder / name).stat().st_size
                    _check_size(folder / name, size, wanted[name])
                    self.size += size
                if found:
                    folders["" if folder == place else folder.name] = found
        except OSError as error:
            raise DatasetError(f"{place} cannot be read: {error.strerror}") from error
        super().__init__(place, folders)

    @contextmanager
    def open(self, folder: str, name: str) -> Generator[BinaryIO]:
        file = self.place / folder / name
        try:
            with file.open("rb") as stream:
                yield stream
        except OSError as error:
            raise DatasetError(f"{file} cannot be read: {error.strerror}") from error


class _Archive(Files):
    def __init__(self, place: Path, archive: zipfile.ZipFile, wanted: Mapping[str, int]) -> None:
        self._archive = archive
        self._members: dict[tuple[str, str], zipfile.ZipInfo] = {}
        folders: defaultdict[str, set[str]] = defaultdict(set)
        _check_members(place, archive.infolist())
        for member in archive.infolist():
            path = PurePosixPath(member.filename)
            folder = "" if path.parent == PurePosixPath() else str(path.parent)
            if member.is_dir() or path.name not in wanted or path.parts[0] == "__MACOSX":
                continue
            _check_size(place / path.name, member.file_size, wanted[path.name])
            if member.flag_bits & 0x1:
                raise DatasetError(f"{place}: {member.filename!r} is encrypted; bring it without password")
            folders[folder].add(path.name)
            self.size += member.file_size
            self._members[folder, path.name] = member
        super().__init__(place, folders)

    @contextmanager
    def open(self, folder: str, name: str) -> Generator[BinaryIO]:
        try:
            with self._archive.open(self._members[folder, name]) as stream:
                yield cast(BinaryIO, stream)
        except (*_DAMAGED, OSError) as error:
            raise DatasetError(f"{self.place}: {name} is damaged ({error}); download it again") from error


@contextmanager
def _opened_archive(place: Path) -> Generator[zipfile.ZipFile]:
    try:
        with place.open("rb") as file:
            _check_start(place, file)
            try:
                archive = zipfile.ZipFile(file)
            except (*_DAMAGED, ValueError, struct.error) as error:
                raise DatasetError(f"{place} is a damaged zip archive ({error})") from error
            with archive:
                yield archive
    except OSError as error:
        raise DatasetError(f"{place} cannot be read: {error.strerror}") from error


def _check_start(place: Path, file: BinaryIO) -> None:
    """Refuse what is no archive, and one whose directory would fill the memory as soon as it is opened."""
    start = file.read(4)
    size = file.seek(0, 2)
    if size == 0:
        raise DatasetError(f"{place} is empty; download it again")
    if not start.startswith(b"PK"):
        raise DatasetError(f"{place} is no zip archive: give a folder or zip archive of a data set")
    file.seek(-min(size, _TAIL), 2)
    tail = file.read()
    end = tail.rfind(b"PK\5\6")
    if end < 0 or len(tail) - end < 22:
        raise DatasetError(f"{place} is not complete; download it again")
    entries, directory = struct.unpack_from("<HL", tail, end + 10)
    if end >= 76 and tail[end - 20 : end - 16] == b"PK\6\7":
        entries, directory = struct.unpack_from("<32xQQ", tail, end - 76)
    if entries > MOST_ENTRIES or directory > _MOST_DIRECTORY:
        raise DatasetError(f"{place} has more than {MOST_ENTRIES:,} entries: that is no data set")
    file.seek(0)


def _check_members(place: Path, members: list[zipfile.ZipInfo]) -> None:
    """Refuse archives that are made to harm, even though nothing of them is ever unpacked to disk."""
    names: set[str] = set()
    for member in members:
        name = member.filename
        parts = name.replace("\\", "/").split("/")
        if ".." in parts or parts[0] == "" or ":" in parts[0]:
            raise DatasetError(f"{place} has an entry outside of itself ({name!r}): it is not used")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise DatasetError(f"{place} has a symbolic link ({name!r}): it is not used")
        if name in names:
            raise DatasetError(f"{place} has {name!r} twice: it is not used")
        if member.file_size > max(_SMALL, MOST_RATIO * member.compress_size):
            raise DatasetError(f"{place} would unpack {name!r} to {member.file_size:,} bytes: it is not used")
        names.add(name)
    if len(members) > MOST_ENTRIES or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise DatasetError(f"{place} would unpack to more than {MOST_UNPACKED:,} bytes: it is not used")


def _check_size(file: Path, size: int, most: int) -> None:
    if size > most:
        raise DatasetError(f"{file} is too large for a data set ({size:,} bytes, at most {most:,})")
