"""Data sets that are missing, damaged or made to harm: one clear line each."""

import io
import os
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender import load_dataset
from recommender.datasets import archive
from recommender.datasets.dataset import Dataset, DatasetError
from tests.recommender.datasets.editions_on_disk import CSV_EDITION, DAT_EDITION, write_folder, write_zip


def loaded(path: Path) -> Dataset | str:
    """The data set, or the one line that a person is told instead."""
    try:
        return load_dataset(path)
    except DatasetError as error:
        line = str(error)
    assert len(line.splitlines()) == 1
    assert len(line) < 400
    return line


def refusal(path: Path) -> str:
    line = loaded(path)
    assert isinstance(line, str), "the data set was loaded"
    return line


def zip_with(path: Path, *entries: tuple[zipfile.ZipInfo | str, bytes]) -> Path:
    """A sound edition with further entries."""
    write_zip(path, CSV_EDITION)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as more:
        for name, content in entries:
            more.writestr(name, content)
    return path


def patched(path: Path, change: Callable[[bytearray], None]) -> Path:
    content = bytearray(path.read_bytes())
    change(content)
    path.write_bytes(content)
    return path


def test_nothing_there(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "nowhere.zip")


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b"])
def test_impossible_paths(tmp_path: Path, name: str) -> None:
    refusal(tmp_path / name)


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.zip"
    path.write_bytes(b"")
    assert "is empty" in refusal(path)


def test_a_file_that_is_no_archive(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text(CSV_EDITION["ratings.csv"])
    assert "is no zip archive" in refusal(path)


def test_something_that_is_neither_file_nor_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    refusal(tmp_path / "pipe")


@pytest.mark.parametrize("edition", [CSV_EDITION, DAT_EDITION])
@pytest.mark.parametrize("write", [write_folder, write_zip])
def test_reading_tells_how_far_it_is(
    tmp_path: Path, edition: dict[str, str], write: Callable[[Path, dict[str, str]], Path]
) -> None:
    place = write(tmp_path / "ml-tiny", edition)
    told: list[tuple[int, int]] = []
    dataset = load_dataset(place, on_bytes=lambda *step: told.append(step))
    assert dataset.catalogue.movies == load_dataset(place).catalogue.movies
    done, sizes = [step for step, _ in told], {size for _, size in told}
    assert done == sorted(done)
    assert sizes == {done[-1]}


def test_who_is_told_can_end_it(tmp_path: Path) -> None:
    def end(_done: int, _total: int) -> None:
        raise LookupError("enough")

    place = write_zip(tmp_path / "ml-tiny.zip", CSV_EDITION)
    with pytest.raises(LookupError, match="enough"):
        load_dataset(place, on_bytes=end)


def test_an_empty_folder_and_an_empty_archive(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "has no data set" in refusal(tmp_path / "folder")
    assert "has no data set" in refusal(write_zip(tmp_path / "archive.zip", {}))


@pytest.mark.parametrize("lacking", ["movies.csv", "ratings.csv"])
def test_a_needed_file_is_missing(tmp_path: Path, lacking: str) -> None:
    edition = {name: text for name, text in CSV_EDITION.items() if name != lacking}
    for path in (write_folder(tmp_path / "folder", edition), write_zip(tmp_path / "archive.zip", edition)):
        line = refusal(path)
        assert "movies.csv and ratings.csv" in line
        assert f"there is only {', '.join(sorted(edition.keys() - {'README.txt'}))}" in line


def test_two_data_sets_in_one_place(tmp_path: Path) -> None:
    write_folder(tmp_path / "ml-1m", DAT_EDITION)
    write_folder(tmp_path / "ml-25m", CSV_EDITION)
    assert "more than one data set" in refusal(tmp_path)
    write_folder(tmp_path, CSV_EDITION)
    assert len(load_dataset(tmp_path).ratings) == 4, "what lies in the place itself is meant"


@pytest.mark.parametrize("name", ["movies.csv", "ratings.csv", "links.csv", "tags.csv"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("a,b,c\n1,2,3\n", "must begin with the line"),
        ("\n\n", ""),
        ("\0" * 100, "must begin"),
    ],
)
def test_a_table_that_is_none(tmp_path: Path, name: str, text: str, said: str) -> None:
    line = refusal(write_folder(tmp_path / "folder", CSV_EDITION | {name: text}))
    assert name in line
    assert said in line


@pytest.mark.parametrize("name", ["movies.csv", "ratings.csv"])
def test_a_table_of_a_header_alone(tmp_path: Path, name: str) -> None:
    header = CSV_EDITION[name].partition("\n")[0] + "\n"
    line = refusal(write_folder(tmp_path / "folder", CSV_EDITION | {name: header}))
    assert f"{name} of " in line


def test_a_dat_edition_without_a_rating(tmp_path: Path) -> None:
    line = refusal(write_folder(tmp_path / "ml-1m", DAT_EDITION | {"ratings.dat": ""}))
    assert "ratings.dat" in line
    assert "no usable rating" in line


def test_no_rating_is_usable_and_it_says_why(tmp_path: Path) -> None:
    ratings = "userId,movieId,rating,timestamp\n1,1,9,1\n1,99,4.0,1\n"
    line = refusal(write_folder(tmp_path / "folder", CSV_EDITION | {"ratings.csv": ratings}))
    assert "stars are not 0.5 to 5 in halves, 1 times" in line
    assert "movie is not in the catalogue, 1 times" in line


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_csv_table_that_is_not_utf_8(tmp_path: Path, encoding: str) -> None:
    line = refusal(write_folder(tmp_path / "folder", {**CSV_EDITION}, encoding))
    assert "movies.csv" in line
    assert "UTF-8" in line


def test_a_quote_that_never_closes(tmp_path: Path) -> None:
    edition = CSV_EDITION | {"movies.csv": 'movieId,title,genres\n1,"Endless' + " and on" * 50_000}
    assert "movies.csv" in refusal(write_folder(tmp_path / "folder", edition))


def test_a_line_that_never_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommender.datasets.community.BLOCK", 1000)
    edition = CSV_EDITION | {"ratings.csv": "userId,movieId,rating,timestamp\n" + "1" * 5000}
    assert "has a line of more than 1,000 bytes" in refusal(write_folder(tmp_path / "folder", edition))


def test_a_table_larger_than_any_edition_has(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "folder", CSV_EDITION)
    with (folder / "movies.csv").open("r+b") as file:
        file.truncate(65 << 20)
    assert "is too large" in refusal(folder)


def test_an_archive_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = write_zip(tmp_path / "whole.zip", CSV_EDITION).read_bytes()
    path = tmp_path / "cut.zip"
    for length in range(1, len(whole), 37):
        path.write_bytes(whole[:length])
        refusal(path)


def test_an_archive_with_any_broken_byte_is_read_or_refused(tmp_path: Path) -> None:
    sound = write_zip(tmp_path / "sound.zip", CSV_EDITION).read_bytes()
    expected = load_dataset(tmp_path / "sound.zip")
    path = tmp_path / "ml-latest-small.zip"
    refused = 0
    for position in range(0, len(sound), 5):
        path.write_bytes(sound[:position] + bytes([sound[position] ^ 0x55]) + sound[position + 1 :])
        dataset = loaded(path)
        if isinstance(dataset, str):
            refused += 1
        else:
            assert dataset.catalogue.movies[0].title == expected.catalogue.movies[0].title
            assert len(dataset.ratings) == len(expected.ratings)
    assert refused > len(sound) / 5 / 3


@pytest.mark.parametrize(
    "name", ["../evil.csv", "/etc/passwd", "ml-latest-small/../../x", "C:/x", "..\\x", "a/..", "\\\\host\\x"]
)
def test_an_entry_outside_of_the_archive(tmp_path: Path, name: str) -> None:
    path = zip_with(tmp_path / "evil.zip", (name, b"x"))
    assert "outside of itself" in refusal(path)


def test_a_symbolic_link(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("ml-latest-small/link.csv")
    link.create_system = 3
    link.external_attr = 0o120777 << 16
    assert "symbolic link" in refusal(zip_with(tmp_path / "link.zip", (link, b"/etc/passwd")))


def test_a_zip_bomb_in_any_entry(tmp_path: Path) -> None:
    bomb = zip_with(tmp_path / "bomb.zip", ("ml-latest-small/README", bytes(5 << 20)))
    assert "would unpack 'ml-latest-small/README' to 5,242,880 bytes" in refusal(bomb)


def test_a_zip_bomb_of_many_entries(tmp_path: Path) -> None:
    path = zip_with(tmp_path / "many.zip", *((f"ml-latest-small/{number}", b"") for number in range(1001)))
    assert "more than 1,000 entries" in refusal(path)


def test_a_directory_that_would_fill_the_memory_is_not_even_read(tmp_path: Path) -> None:
    names = (f"{number:x}" + "n" * 500 for number in range(5_000))
    path = zip_with(tmp_path / "many.zip", *((name, b"") for name in names))
    tracemalloc.start()
    try:
        assert "entries" in refusal(path)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_a_directory_of_the_64_bit_kind_is_bounded_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 3)

    def look_elsewhere(content: bytearray) -> None:
        assert b"PK\6\6" in content
        struct.pack_into("<HHLL", content, content.rindex(b"PK\5\6") + 8, *[0xFFFF] * 2, *[0xFFFFFFFF] * 2)

    path = patched(write_zip(tmp_path / "large.zip", CSV_EDITION), look_elsewhere)
    assert len(load_dataset(path).ratings) == 4
    refused = zip_with(tmp_path / "many.zip", *((str(number), b"") for number in range(1001)))
    assert "more than 1,000 entries" in refusal(patched(refused, look_elsewhere))


def test_more_than_all_editions_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_UNPACKED", 300)
    assert "would unpack to more than 300 bytes" in refusal(write_zip(tmp_path / "large.zip", CSV_EDITION))


def test_an_entry_that_is_larger_than_it_says_ends_where_it_says(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "liar.zip", CSV_EDITION)

    def shrink(content: bytearray) -> None:
        position = content.index(b"PK\1\2", content.index(b"PK\1\2") + 1)
        assert content[position + 46 :].startswith(b"ml-latest-small/ratings.csv")
        struct.pack_into("<L", content, position + 24, 50)

    assert "ratings.csv is damaged" in refusal(patched(path, shrink))


def test_an_encrypted_entry(tmp_path: Path) -> None:
    def encrypt(content: bytearray) -> None:
        position = content.index(b"PK\1\2")
        content[position + 8] |= 1

    assert "is encrypted" in refusal(patched(write_zip(tmp_path / "locked.zip", CSV_EDITION), encrypt))


def test_an_unknown_compression(tmp_path: Path) -> None:
    def change(content: bytearray) -> None:
        struct.pack_into("<H", content, content.index(b"PK\1\2") + 10, 77)
        struct.pack_into("<H", content, 8, 77)

    assert "is damaged" in refusal(patched(write_zip(tmp_path / "odd.zip", CSV_EDITION), change))


def test_the_same_entry_twice(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zip_with(tmp_path / "double.zip", ("ml-latest-small/movies.csv", b"movieId,title,genres\n"))
    assert "has 'ml-latest-small/movies.csv' twice" in refusal(path)


def test_nothing_is_written_beside_the_archive(tmp_path: Path) -> None:
    load_dataset(write_zip(tmp_path / "x.zip", CSV_EDITION))
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.zip"]


def test_what_a_mac_puts_beside_the_files_is_ignored(tmp_path: Path) -> None:
    path = zip_with(
        tmp_path / "mac.zip",
        ("__MACOSX/ml-latest-small/movies.csv", b"junk"),
        ("__MACOSX/ml-latest-small/ratings.csv", b"junk"),
    )
    assert len(load_dataset(path).ratings) == 4


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "folder", CSV_EDITION)
    (folder / "ratings.csv").chmod(0)
    assert "cannot be read" in refusal(folder)


def test_a_file_that_fails_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_folder(tmp_path / "folder", CSV_EDITION)
    opened = Path.open

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    def broken(self: Path, mode: str = "r", **options: object) -> object:
        return (
            Failing(b"userId,movieId,rating,timestamp\n")
            if self.name == "ratings.csv"
            else opened(self, mode)
        )

    monkeypatch.setattr(Path, "open", broken)
    assert "ratings.csv cannot be read: Input/output error" in refusal(folder)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["movies.csv", "ratings.csv", "links.csv", "tags.csv"]),
    junk=st.binary(max_size=200)
    | st.text(alphabet='1,".\n\r\0:é', max_size=80).map(lambda text: text.encode()),
    after=st.booleans(),
)
def test_any_bytes_in_a_table_are_read_or_refused(
    tmp_path: Path, name: str, junk: bytes, *, after: bool
) -> None:
    folder = write_folder(tmp_path / "folder", CSV_EDITION)
    (folder / name).write_bytes(CSV_EDITION[name].encode() + junk if after else junk)
    dataset = loaded(folder)
    if not isinstance(dataset, str):
        assert set(dataset.ratings.movie_ids.tolist()) <= {movie.movie_id for movie in dataset.catalogue}
        assert set((dataset.ratings.stars * 2).tolist()) <= set(range(1, 11))
