"""Downloads from a server of our own that behaves well, badly, or not at all."""

import hashlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from recommender.datasets.dataset import DatasetError
from recommender.datasets.download import download
from recommender.datasets.editions import EDITIONS, Edition
from tests.recommender.datasets.served import served

CONTENT = bytes(range(256)) * 4096
SHA256 = "sha256:" + hashlib.sha256(CONTENT).hexdigest()
MD5 = hashlib.md5(CONTENT).hexdigest()


@dataclass
class Site:
    """What the server has and how it behaves.

    `cuts` are the numbers of bytes after which it closes the connection, one for each answer; after
    `hangs_after` bytes it sends nothing more until it may `go_on`.
    """

    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    ranges: bool = True
    lengths: bool = True
    status: int = 200
    cuts: list[int] = field(default_factory=list[int])
    hangs_after: int = len(CONTENT)
    go_on: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, str | None]] = field(default_factory=list[tuple[str, str | None]])
    address: str = ""

    def edition(self, checksum: str | None = SHA256) -> Edition:
        return replace(EDITIONS[0], name="ml-test", url=f"{self.address}/ml-test.zip", checksum=checksum)


def handler_of(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked_range = self.headers.get("Range")
            site.asked.append((self.path, asked_range))
            content = site.files.get(self.path)
            if site.status != 200 or content is None:
                self.send_error(site.status if site.status != 200 else 404)
                return
            offset = 0
            if asked_range and site.ranges:
                offset = int(asked_range.removeprefix("bytes=").removesuffix("-"))
                if offset >= len(content):
                    self.send_error(416)
                    return
            self.send_response(206 if asked_range and site.ranges else 200)
            if site.lengths:
                self.send_header("Content-Length", str(len(content) - offset))
            self.end_headers()
            cut = site.cuts.pop(0) if site.cuts else len(content)
            content = content[offset:][:cut]
            self.wfile.write(content[: site.hangs_after])
            if len(content) > site.hangs_after:
                site.go_on.wait(30)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Keep quiet."""

    return Handler


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site({"/ml-test.zip": CONTENT})
    with served(handler_of(site)) as address:
        site.address = address
        yield site


def test_a_download_arrives_whole_and_is_reported(site: Site, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    downloaded = download(site.edition(), tmp_path / "new", lambda done, total: steps.append((done, total)))
    assert downloaded.path == tmp_path / "new" / "ml-test.zip"
    assert downloaded.path.read_bytes() == CONTENT
    assert (downloaded.checksum, downloaded.pinned) == (SHA256, True)
    assert steps == sorted(steps)
    assert len(steps) > 1
    assert steps[-1] == (len(CONTENT), len(CONTENT))
    assert [path.name for path in downloaded.path.parent.iterdir()] == ["ml-test.zip"]


def test_what_is_there_is_not_fetched_again(site: Site, tmp_path: Path) -> None:
    (tmp_path / "ml-test.zip").write_bytes(CONTENT)
    assert download(site.edition(), tmp_path).path.read_bytes() == CONTENT
    assert site.asked == []


def test_a_damaged_file_that_is_there_is_replaced(site: Site, tmp_path: Path) -> None:
    (tmp_path / "ml-test.zip").write_bytes(CONTENT[:-1])
    assert download(site.edition(), tmp_path).path.read_bytes() == CONTENT


def test_a_cut_connection_is_resumed_at_once(site: Site, tmp_path: Path) -> None:
    site.cuts = [300_000, 200_000]
    assert download(site.edition(), tmp_path).path.read_bytes() == CONTENT
    assert [asked for _, asked in site.asked] == [None, "bytes=300000-", "bytes=500000-"]


def test_a_download_goes_on_where_the_last_one_broke_off(site: Site, tmp_path: Path) -> None:
    site.cuts = [300_000, 0, 0, 0]
    with pytest.raises(
        DatasetError, match=r"127\.0\.0\.1 broke off after 300,000 bytes; run the same command"
    ):
        download(site.edition(), tmp_path)
    assert not (tmp_path / "ml-test.zip").exists()
    site.cuts.clear()
    steps: list[tuple[int, int]] = []
    downloaded = download(site.edition(), tmp_path, lambda done, total: steps.append((done, total)))
    assert downloaded.path.read_bytes() == CONTENT
    assert site.asked[-1] == ("/ml-test.zip", "bytes=300000-")
    assert steps[0][0] > 300_000
    assert {total for _, total in steps} == {len(CONTENT)}


def test_a_server_without_ranges_starts_over(site: Site, tmp_path: Path) -> None:
    site.ranges = False
    (tmp_path / "ml-test.zip.part").write_bytes(CONTENT[:1000])
    assert download(site.edition(), tmp_path).path.read_bytes() == CONTENT
    assert len(site.asked) == 1


def test_a_server_that_tells_no_length_is_believed_to_the_end(site: Site, tmp_path: Path) -> None:
    site.lengths = False
    steps: list[tuple[int, int]] = []
    downloaded = download(site.edition(), tmp_path, lambda done, total: steps.append((done, total)))
    assert downloaded.path.read_bytes() == CONTENT
    assert steps[-1] == (len(CONTENT), 0)


def test_all_had_arrived_but_was_not_yet_checked(site: Site, tmp_path: Path) -> None:
    (tmp_path / "ml-test.zip.part").write_bytes(CONTENT)
    assert download(site.edition(), tmp_path).path.read_bytes() == CONTENT


def test_the_beginning_of_another_file_is_thrown_away(site: Site, tmp_path: Path) -> None:
    (tmp_path / "ml-test.zip.part").write_bytes(b"another file")
    assert download(site.edition(), tmp_path).path.read_bytes() == CONTENT
    assert [asked for _, asked in site.asked] == ["bytes=12-", None]


def test_a_wrong_checksum_leaves_nothing(site: Site, tmp_path: Path) -> None:
    site.files["/ml-test.zip"] = CONTENT[:-1] + b"!"
    with pytest.raises(DatasetError, match=r"does not have the checksum sha256:.* thrown away"):
        download(site.edition(), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("line", [f"MD5 (ml-test.zip) = {MD5}\n", f"{MD5.upper()}  ml-test.zip\n"])
def test_without_a_pinned_checksum_the_published_one_counts(site: Site, tmp_path: Path, line: str) -> None:
    site.files["/ml-test.zip.md5"] = line.encode()
    downloaded = download(site.edition(checksum=None), tmp_path)
    assert (downloaded.checksum, downloaded.pinned) == (f"md5:{MD5}", False)
    site.files["/ml-test.zip.md5"] = line.casefold().replace(MD5, "0" * 32).encode()
    with pytest.raises(DatasetError, match="does not have the checksum md5:0000"):
        download(site.edition(checksum=None), tmp_path)
    assert downloaded.path.read_bytes() == CONTENT, "the good one was lost"


@pytest.mark.parametrize("content", [None, b"", b"<html>Not here</html>"])
def test_without_any_checksum_nothing_is_downloaded(
    site: Site, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        site.files["/ml-test.zip.md5"] = content
    with pytest.raises(DatasetError, match="run `python -m bot data add PATH`"):
        download(site.edition(checksum=None), tmp_path)
    assert [path for path, _ in site.asked] == ["/ml-test.zip.md5"]


@pytest.mark.parametrize(("status", "text"), [(404, "404 Not Found"), (503, "503 Service Unavailable")])
def test_a_refusal_says_what_to_do(site: Site, tmp_path: Path, status: int, text: str) -> None:
    site.status = status
    with pytest.raises(DatasetError, match=f"{text}; download it elsewhere .* data add PATH") as caught:
        download(site.edition(), tmp_path)
    assert "\n" not in str(caught.value)


def test_no_network_says_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/ml-test.zip"
    edition = replace(EDITIONS[0], url=address)
    with pytest.raises(DatasetError, match=r"cannot be reached .* data add PATH") as caught:
        download(edition, tmp_path)
    assert "\n" not in str(caught.value)


def test_a_silent_server_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        edition = replace(EDITIONS[0], url=f"http://127.0.0.1:{server.getsockname()[1]}/ml-test.zip")
        with pytest.raises(DatasetError, match="broke off after 0 bytes"):
            download(edition, tmp_path, timeout=0.05)


class Enough(Exception):
    """The person pressed Ctrl-C."""


@pytest.mark.parametrize("checksum", [SHA256, None], ids=["the file hangs", "its checksum hangs"])
def test_a_download_that_hangs_can_be_given_up_at_once(tmp_path: Path, checksum: str | None) -> None:
    def enough(_done: int, _total: int) -> None:
        raise Enough

    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/ml-test.zip"
        # The server never answers: without giving up, this would wait for an hour.
        with pytest.raises(Enough):
            download(
                replace(EDITIONS[0], url=url, checksum=checksum), tmp_path, progress=enough, timeout=3600
            )


def test_what_came_before_it_was_given_up_is_kept(site: Site, tmp_path: Path) -> None:
    site.hangs_after = 300_000
    there: list[int] = []

    def enough(done: int, _total: int) -> None:
        if there and done == there[-1]:
            raise Enough
        there.append(done)

    with pytest.raises(Enough):
        download(site.edition(), tmp_path, enough, timeout=3600)
    site.go_on.set()
    assert (tmp_path / "ml-test.zip.part").read_bytes() == CONTENT[:300_000], "to the last byte that came"
    site.hangs_after = len(CONTENT)
    assert download(site.edition(), tmp_path).path.read_bytes() == CONTENT
    assert site.asked[-1] == ("/ml-test.zip", "bytes=300000-")


def test_more_than_any_edition_is_refused(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recommender.datasets.download.MOST_BYTES", 500_000)
    for site.lengths in (True, False):
        with pytest.raises(DatasetError, match="larger than any data set"):
            download(site.edition(), tmp_path)
        assert not (tmp_path / "ml-test.zip").exists()


def test_a_folder_that_cannot_be_written(site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DatasetError, match="cannot be written: ") as caught:
        download(site.edition(), tmp_path / "file")
    assert "\n" not in str(caught.value)
