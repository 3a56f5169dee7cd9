"""Downloads of IMDb's files from a server of our own: tags, ranges, cut-offs, a login page, a full disk."""

import gzip
import json
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from recommender.datasets import imdb_download
from recommender.datasets.dataset import DatasetError
from recommender.datasets.imdb import TABLES
from recommender.datasets.imdb_download import download_imdb, missing_in
from tests.recommender.datasets.imdb_on_disk import lines
from tests.recommender.datasets.served import served

MODIFIED = "Sat, 28 Nov 2026 12:00:00 GMT"
PADDING = [f"padding {number}" for number in range(20_000)]


def content(table: str, version: int = 1) -> bytes:
    return gzip.compress(lines(table, [f"version {version}", *PADDING]).encode(), 1, mtime=0)


@dataclass
class Imdb:
    """What the server has and does; `cuts` are the bytes after which it closes, one for each answer."""

    files: dict[str, bytes] = field(default_factory=lambda: {table: content(table) for table in TABLES})
    tags: dict[str, str] = field(default_factory=lambda: dict.fromkeys(TABLES, '"1"'))
    cuts: list[int] = field(default_factory=list[int])
    heads: bool = True
    asked: list[tuple[str, str, str | None]] = field(default_factory=list[tuple[str, str, str | None]])
    address: str = ""

    def got(self) -> list[str]:
        """The tables of which something was sent."""
        return [table for method, table, _ in self.asked if method == "GET"]


def handler_of(site: Imdb) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.answer("HEAD")

        def do_GET(self) -> None:
            self.answer("GET")

        def answer(self, method: str) -> None:
            table, wanted = self.path.strip("/").removesuffix(".tsv.gz"), self.headers.get("Range")
            site.asked.append((method, table, wanted))
            if method == "HEAD" and not site.heads:
                self.send_error(405)
                return
            data, tag = site.files.get(table), site.tags[table]
            if data is None:
                self.send_error(404)
                return
            if tag and self.headers.get("If-None-Match") == tag:
                self.send_response(304)
                self.end_headers()
                return
            same = self.headers.get("If-Range") in (None, tag)
            offset = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and same else 0
            self.send_response(206 if offset else 200)
            self.send_header("Content-Length", str(len(data) - offset))
            self.send_header("ETag", tag)
            self.send_header("Last-Modified", MODIFIED)
            self.end_headers()
            if method == "GET":
                self.wfile.write(data[offset:][: site.cuts.pop(0) if site.cuts else None])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Keep quiet."""

    return Handler


@pytest.fixture
def site() -> Iterator[Imdb]:
    site = Imdb()
    with served(handler_of(site)) as address:
        site.address = f"{address}/"
        yield site


def there(folder: Path) -> dict[str, bytes]:
    return {path.name.removesuffix(".tsv.gz"): path.read_bytes() for path in folder.glob("*.tsv.gz")}


def test_all_files_arrive_and_are_reported(site: Imdb, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    folder = tmp_path / "new"
    assert missing_in(folder) == list(TABLES)
    assert download_imdb(folder, lambda *step: steps.append(step), site=site.address) == list(TABLES)
    assert there(folder) == site.files
    assert missing_in(folder) == []
    published = (folder / "title.basics.tsv.gz").stat().st_mtime
    assert datetime.fromtimestamp(published, UTC) == datetime(2026, 11, 28, 12, tzinfo=UTC)
    size = sum(map(len, site.files.values()))
    assert steps[-1] == (size, size)
    assert steps == sorted(steps)
    assert not list(folder.glob("*.part"))


def test_what_has_not_changed_is_not_sent_again(site: Imdb, tmp_path: Path) -> None:
    download_imdb(tmp_path, site=site.address)
    site.asked.clear()
    assert download_imdb(tmp_path, site=site.address) == []
    assert site.got() == []
    site.files["title.akas"], site.tags["title.akas"] = content("title.akas", 2), '"2"'
    assert download_imdb(tmp_path, site=site.address) == ["title.akas"]
    assert site.got() == ["title.akas"]
    assert there(tmp_path) == site.files


def test_a_file_that_was_damaged_on_disk_is_sent_again(site: Imdb, tmp_path: Path) -> None:
    download_imdb(tmp_path, site=site.address)
    (tmp_path / "title.crew.tsv.gz").write_bytes(b"cut")
    (tmp_path / "name.basics.tsv.gz").unlink()
    assert download_imdb(tmp_path, site=site.address) == ["title.crew", "name.basics"]
    assert there(tmp_path) == site.files


@pytest.mark.parametrize("state", ["", "[]", '{"title.basics": 3}', "\x00"])
def test_without_its_notes_everything_is_fetched(site: Imdb, tmp_path: Path, state: str) -> None:
    download_imdb(tmp_path, site=site.address)
    (tmp_path / imdb_download.STATE_FILE).write_text(state)
    assert download_imdb(tmp_path, site=site.address) == list(TABLES)


def test_a_cut_connection_is_resumed_and_so_is_a_stopped_program(site: Imdb, tmp_path: Path) -> None:
    site.cuts = [10_000, 5_000]
    download_imdb(tmp_path / "at once", site=site.address)
    assert there(tmp_path / "at once") == site.files
    assert [wanted for method, _, wanted in site.asked if method == "GET"][:3] == [
        None,
        "bytes=10000-",
        "bytes=15000-",
    ]
    site.asked.clear()
    site.cuts = [10**6, 7_000, 0, 0, 0]
    with pytest.raises(DatasetError, match=r"127\.0\.0\.1 broke off after 7,000 bytes; run the same command"):
        download_imdb(tmp_path / "later", site=site.address)
    assert missing_in(tmp_path / "later") == list(TABLES)[1:]
    site.cuts.clear()
    site.asked.clear()
    assert download_imdb(tmp_path / "later", site=site.address) == list(TABLES)[1:]
    assert ("GET", "title.ratings", "bytes=7000-") in site.asked
    assert there(tmp_path / "later") == site.files


def test_the_rest_of_a_file_that_was_renewed_meanwhile_is_not_put_behind_it(
    site: Imdb, tmp_path: Path
) -> None:
    site.cuts = [7_000, 0, 0, 0]
    with pytest.raises(DatasetError, match="broke off"):
        download_imdb(tmp_path, site=site.address)
    site.cuts.clear()
    site.files["title.basics"], site.tags["title.basics"] = content("title.basics", 2), '"2"'
    download_imdb(tmp_path, site=site.address)
    assert there(tmp_path) == site.files


@pytest.mark.parametrize(
    "page",
    [
        b"<!doctype html><title>Log in</title>",
        gzip.compress(b"<html>Log in</html>"),
        b"",
        gzip.compress(b"tconst")[:9],
    ],
    ids=["a page", "a packed page", "nothing", "a packed beginning"],
)
def test_a_login_page_takes_no_ones_place(site: Imdb, tmp_path: Path, page: bytes) -> None:
    download_imdb(tmp_path, site=site.address)
    before = there(tmp_path)
    site.files["title.basics"], site.tags["title.basics"] = page, '"login"'
    with pytest.raises(DatasetError, match=r"title\.basics.* not IMDb's file") as caught:
        download_imdb(tmp_path, site=site.address)
    assert "\n" not in str(caught.value)
    assert there(tmp_path) == before
    assert not list(tmp_path.glob("*.part"))


def test_a_server_that_tells_nothing_beforehand_is_asked_all_the_same(site: Imdb, tmp_path: Path) -> None:
    site.heads = False
    download_imdb(tmp_path, site=site.address)
    site.asked.clear()
    download_imdb(tmp_path, site=site.address)
    assert there(tmp_path) == site.files


def test_a_refusal_says_what_to_do(site: Imdb, tmp_path: Path) -> None:
    del site.files["title.crew"]
    with pytest.raises(DatasetError, match=r"404 Not Found; download it elsewhere .* data add PATH"):
        download_imdb(tmp_path, site=site.address)
    assert site.got() == [], "nothing is fetched of what cannot be whole"


def test_a_full_disk_is_told_before_anything_is_fetched(
    site: Imdb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    needed = sum(map(len, site.files.values()))
    free = imdb_download.SPARE_BYTES + needed - 1
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage(10**12, 10**12 - free, free))
    with pytest.raises(DatasetError, match=r"of free disk; IMDb's files need .* make room"):
        download_imdb(tmp_path, site=site.address)
    assert site.got() == []
    free += 1
    download_imdb(tmp_path, site=site.address)
    assert there(tmp_path) == site.files


class Enough(Exception):
    """The person pressed Ctrl-C."""


def test_what_came_before_it_was_given_up_is_kept(site: Imdb, tmp_path: Path) -> None:
    first = len(site.files["title.basics"])

    def enough(done: int, _total: int) -> None:
        if done > first:
            raise Enough

    with pytest.raises(Enough):
        download_imdb(tmp_path, enough, site=site.address)
    assert missing_in(tmp_path) == list(TABLES)[1:]
    assert json.loads((tmp_path / imdb_download.STATE_FILE).read_text())["title.basics"]["etag"] == '"1"'
    download_imdb(tmp_path, site=site.address)
    assert there(tmp_path) == site.files
