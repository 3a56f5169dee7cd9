"""Downloading an edition: resumed where it broke off, checked, and there as a whole or not at all."""

import hashlib
import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

from recommender.datasets.dataset import DatasetError
from recommender.datasets.editions import Edition
from recommender.datasets.patience import Errands

Progress = Callable[[int, int], None]
"""Called with the bytes that are there and the bytes in all (0 if that is not known)."""

TIMEOUT = 30.0
MOST_BYTES = 4 * 2**30
_ATTEMPTS = 4
_PIECE = 2**18
_DIGEST = re.compile(r"\b[0-9a-fA-F]{32}\b")


class _Broken(Exception):
    """The connection ended before everything had come."""


class _Unchanged(Exception):
    """The server has the same file still."""


class Downloaded(NamedTuple):
    """A file that arrived whole.

    Attributes
    ----------
    path : Path
    checksum : str
        ``sha256:`` or ``md5:`` and the digest that it was checked against.
    pinned : bool
        Whether this program knew the checksum beforehand; else it is the one published beside the file.
    """

    path: Path
    checksum: str
    pinned: bool


def download(
    edition: Edition, folder: Path, progress: Progress | None = None, *, timeout: float = TIMEOUT
) -> Downloaded:
    """Download an edition into a folder, unless it is there already.

    What has arrived is kept in ``NAME.zip.part`` when the connection breaks or the program is stopped,
    and the next call goes on from there.

    Parameters
    ----------
    edition : Edition
    folder : Path
        Made if it does not exist.
    progress : callable, optional
        Told how far it is, several times a second even while nothing comes. What it raises ends the download
        at once; what has arrived is kept.
    timeout : float
        Seconds without a byte after which the connection counts as broken.

    Raises
    ------
    DatasetError
        One line for the person: no network, refused by the server, broken off, wrong checksum, disk full.
    """
    target = folder / f"{edition.name}.zip"
    part = folder / f"{edition.name}.zip.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        checksum = edition.checksum or _published_checksum(edition, progress, timeout)
        if not target.is_file() or _digest(target, checksum) != checksum:
            resumed = part.exists()
            fetch(edition.url, part, progress, timeout)
            if resumed and _digest(part, checksum) != checksum:
                # What was there may have been the beginning of another file.
                part.unlink()
                fetch(edition.url, part, progress, timeout)
            if _digest(part, checksum) != checksum:
                part.unlink()
                raise DatasetError(
                    f"what came from {edition.url} does not have the checksum {checksum} "
                    "and was thrown away; try again later"
                )
            part.replace(target)
    except OSError as error:
        raise DatasetError(f"{error.filename or folder} cannot be written: {error.strerror}") from error
    return Downloaded(target, checksum, edition.checksum is not None)


def fetch(
    url: str,
    part: Path,
    progress: Progress | None,
    timeout: float,
    *,
    conditions: Mapping[str, str] = MappingProxyType({}),
    validator: str = "",
    note: Callable[[Mapping[str, str]], None] | None = None,
) -> bool:
    """Fetch a file, or the rest of it, as often as the connection breaks.

    Parameters
    ----------
    url : str
    part : Path
        What has arrived; it is kept when something fails.
    progress : callable, optional
    timeout : float
    conditions : mapping
        Headers with which the server is to answer only if the file has changed; without a part alone.
    validator : str
        The tag of what the part is the beginning of. If the server has another file now, it sends the whole.
    note : callable, optional
        Called with the headers of each answer before anything of it is written.

    Returns
    -------
    bool
        False if the file has not changed.

    Raises
    ------
    DatasetError
    """
    there = part.stat().st_size if part.exists() else 0
    for attempt in range(_ATTEMPTS):
        before = there
        headers = dict(conditions)
        if before:
            headers = {"Range": f"bytes={before}-"} | ({"If-Range": validator} if validator else {})
        try:
            if _receive(url, part, before, headers, progress, timeout, note):
                return True
        except _Broken:
            pass
        except _Unchanged:
            return False
        there = part.stat().st_size if part.exists() else 0
        # A server that sends nothing any more will not do better at once.
        if attempt and there <= before:
            break
    raise DatasetError(
        f"the connection to {urlsplit(url).hostname} broke off after {there:,} bytes; "
        "run the same command again to go on from there"
    )


def _receive(
    url: str,
    part: Path,
    offset: int,
    headers: Mapping[str, str],
    progress: Progress | None,
    timeout: float,
    note: Callable[[Mapping[str, str]], None] | None,
) -> bool:
    """Receive what is missing; False if the connection ended before all had come."""
    done, total = offset, 0

    def tell() -> None:
        if progress:
            progress(done, total)

    with Errands(tell) as network:
        try:
            response = network.wait(lambda: open_url(url, timeout, headers))
        except urllib.error.HTTPError as error:
            if error.code == http.client.NOT_MODIFIED:
                raise _Unchanged from error
            if error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE and offset:
                # All of it is there already, or it is more than there is: the checksum tells.
                return True
            raise refused(url, f"the server answers {error.code} {error.reason}") from error
        # By the same thread: a response cannot be closed while another one reads it.
        network.at_the_end(response.close)
        if note is not None:
            note(dict(response.headers.items()))
        goes_on = response.status == http.client.PARTIAL_CONTENT
        length = int(response.headers.get("Content-Length") or 0)
        done = offset if goes_on else 0
        total = done + length if length else 0
        with part.open("ab" if goes_on else "wb") as file:
            while piece := network.wait(lambda: _piece(response)):
                file.write(piece)
                done += len(piece)
                if max(done, total) > MOST_BYTES:
                    raise DatasetError(f"{url} is larger than any data set; it was not downloaded")
                tell()
    return not total or done == total


def _piece(response: http.client.HTTPResponse) -> bytes:
    """What has come, without waiting for more: a slow connection is to be seen to move."""
    try:
        return response.read1(_PIECE)
    except (OSError, http.client.HTTPException) as error:
        raise _Broken from error


def _published_checksum(edition: Edition, progress: Progress | None, timeout: float) -> str:
    url = f"{edition.url}.md5"

    def ask() -> str:
        with open_url(url, timeout) as response:
            return _piece(response).decode("ascii", "replace")

    try:
        with Errands(lambda: progress(0, 0) if progress else None) as network:
            match = _DIGEST.search(network.wait(ask))
    except urllib.error.HTTPError as error:
        raise refused(url, f"the server answers {error.code} {error.reason}") from error
    except _Broken as error:
        raise refused(url, "the connection broke off") from error
    if not match:
        raise refused(url, "there is no checksum in it")
    return f"md5:{match[0].lower()}"


def open_url(
    url: str, timeout: float, more: Mapping[str, str] = MappingProxyType({}), method: str = "GET"
) -> http.client.HTTPResponse:
    """Ask a server; what it refuses is an `HTTPError`, what does not come about a `DatasetError`."""
    headers = {"User-Agent": "matinee", "Accept-Encoding": "identity", **more}
    request = urllib.request.Request(url, headers=headers, method=method)  # noqa: S310 - our own addresses
    try:
        return urllib.request.urlopen(request, timeout=timeout)  # noqa: S310
    except urllib.error.HTTPError as error:
        error.close()
        raise
    except urllib.error.URLError as error:
        raise refused(url, f"the server cannot be reached ({error.reason})") from error
    except (OSError, http.client.HTTPException) as error:
        raise _Broken from error


def refused(url: str, reason: str) -> DatasetError:
    """What to tell somebody to whom a server gave nothing."""
    return DatasetError(
        f"{url}: {reason}; download it elsewhere and run `python -m bot data add PATH` with the file"
    )


def _digest(path: Path, like: str) -> str:
    name, _, _ = like.partition(":")
    with path.open("rb") as file:
        return f"{name}:{hashlib.file_digest(file, name).hexdigest()}"
