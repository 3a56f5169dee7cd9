"""Archives that are made to harm."""

import io
import struct
import zipfile

import pytest

from bot.services.imports.entries import BadImport
from bot.services.imports.parsing import parse
from tests.bot.services.imports import files
from tests.bot.services.imports.files import ALIEN

RATINGS = files.letterboxd_ratings([ALIEN])


def refused(data: bytes) -> str:
    with pytest.raises(BadImport) as caught:
        parse("export.zip", data)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_bomb_is_not_unpacked() -> None:
    assert "would unpack to" in refused(files.archive({"ratings.csv": b"0" * (30 << 20)}))
    parts = {f"{n}.csv": (bytes(range(256)) * 4000)[n:] for n in range(70)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    # Too large already as it comes.
    assert "too large" in refused(packed.getvalue())


def test_many_small_files_are_too_much_together() -> None:
    line = b"".join(b"%d,title,%d\n" % (n % 100, n % 90) for n in range(50_000)) * 2
    assert "would unpack to more than 60 MB" in refused(files.archive({f"{n}.csv": line for n in range(70)}))


@pytest.mark.parametrize(
    "name", ["../ratings.csv", "/etc/ratings.csv", "C:/ratings.csv", "a/../../ratings.csv"]
)
def test_entries_outside_of_the_archive(name: str) -> None:
    assert "outside" in refused(files.archive({name: RATINGS}))


def test_too_many_entries_are_refused_before_they_are_listed() -> None:
    data = files.archive({f"{n}.csv": "" for n in range(3001)})
    assert "entries" in refused(data)
    end = data.rfind(b"PK\5\6")
    lying = bytearray(data)
    # A directory that says it is small, and is not.
    struct.pack_into("<HH", lying, end + 8, 1, 1)
    refused(bytes(lying))


def test_encrypted_files_are_refused() -> None:
    data = bytearray(files.archive({"ratings.csv": RATINGS}))
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.find(mark) + flags] |= 1
    assert "without a password" in refused(bytes(data))


def test_links_and_twins_are_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("ratings.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "symbolic link" in refused(target.getvalue())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("ratings.csv", RATINGS)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("ratings.csv", RATINGS)
    assert "same name" in refused(target.getvalue())


def test_damaged_archives() -> None:
    whole = files.archive({"ratings.csv": RATINGS * 50})
    assert "not a complete ZIP" in refused(whole[: len(whole) // 2])
    assert "not a complete ZIP" in refused(b"PK")
    broken = bytearray(whole)
    broken[45] ^= 0xFF
    assert "damaged" in refused(bytes(broken))


def test_an_archive_without_a_table() -> None:
    assert "save it as CSV" in refused(files.archive({"xl/workbook.xml": "<x/>"}))
    assert "holds no CSV" in refused(files.archive({}))
