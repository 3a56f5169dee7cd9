"""Archives that people upload, which may be made to harm. Nothing of them is ever written to disk."""

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from bot.services.imports.entries import BadImport
from bot.services.imports.reading import MOST_BYTES

MOST_ENTRIES = 3000
MOST_UNPACKED = 60 << 20
MOST_RATIO = 200
"""How often a file may be larger than packed. Tables of ratings come to 10, the most regular ones to 50."""

_SMALL = 1 << 20
_MOST_DIRECTORY = 1 << 20
_TAIL = 22 + 65535
_ENCRYPTED = 0x1
_WANTED = (".csv", ".json", ".tsv")
_ASIDE = frozenset({"__macosx", "deleted", "orphaned", "likes", "lists"})
"""Folders of known exports that hold nothing of the person's ratings."""
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    ValueError,
    struct.error,
    OSError,
)


def is_zip(data: bytes) -> bool:
    """Whether these are the bytes of an archive."""
    return data.startswith(b"PK")


def files(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """The tables and JSON files of an archive, by name.

    Raises
    ------
    BadImport
        If it is damaged, encrypted or hostile, or holds no such file.
    """
    if len(data) > MOST_BYTES:
        raise BadImport(f"{name} is too large: {MOST_BYTES >> 20} MB are the most")
    _check_directory(name, data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _checked(name, archive.infolist())
            if not members:
                raise BadImport(
                    f"{name} holds no CSV or JSON file; if it is a spreadsheet, save it as CSV first"
                )
            for member in members:
                with archive.open(member) as stream:
                    yield member.filename, stream.read(MOST_BYTES + 1)
    except _DAMAGED as error:
        raise BadImport(f"{name} is a damaged ZIP file; export it again") from error


def _check_directory(name: str, data: bytes) -> None:
    """Refuse a directory that would fill the memory as soon as the archive is opened."""
    tail = data[-_TAIL:]
    end = tail.rfind(b"PK\5\6")
    if end < 0 or len(tail) - end < 22:
        raise BadImport(f"{name} is not a complete ZIP file; export it again")
    entries, directory = struct.unpack_from("<HL", tail, end + 10)
    if end >= 76 and tail[end - 20 : end - 16] == b"PK\6\7":
        entries, directory = struct.unpack_from("<32xQQ", tail, end - 76)
    if entries > MOST_ENTRIES or directory > _MOST_DIRECTORY:
        raise BadImport(f"{name} has more than {MOST_ENTRIES:,} entries: that is no export of ratings")


def _checked(name: str, members: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The members that are read, of an archive that is not made to harm."""
    wanted: list[zipfile.ZipInfo] = []
    unpacked = 0
    names: set[str] = set()
    if len(members) > MOST_ENTRIES:
        raise BadImport(f"{name} has more than {MOST_ENTRIES:,} entries: that is no export of ratings")
    for member in members:
        path = member.filename.replace("\\", "/")
        parts = path.split("/")
        if ".." in parts or parts[0] == "" or ":" in parts[0]:
            raise BadImport(f"{name} has an entry outside of itself: it is not used")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise BadImport(f"{name} has a symbolic link in it: it is not used")
        if path in names:
            raise BadImport(f"{name} has two entries of the same name: it is not used")
        names.add(path)
        if member.file_size > max(_SMALL, MOST_RATIO * member.compress_size):
            raise BadImport(f"{name} would unpack to {member.file_size:,} bytes: it is not used")
        unpacked += member.file_size
        hidden = parts[-1].startswith(".") or not _ASIDE.isdisjoint(part.casefold() for part in parts[:-1])
        if not member.is_dir() and not hidden and path.casefold().endswith(_WANTED):
            if member.flag_bits & _ENCRYPTED:
                raise BadImport(f"{name} is encrypted: bring it without a password")
            wanted.append(member)
    if unpacked > MOST_UNPACKED:
        raise BadImport(f"{name} would unpack to more than {MOST_UNPACKED >> 20} MB: it is not used")
    return wanted
