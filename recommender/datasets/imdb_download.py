"""Downloading IMDb's files: only those that have changed, resumed, each of them whole or not at all."""

import gzip
import http.client
import json
import os
import shutil
import urllib.error
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from recommender.datasets.dataset import DatasetError
from recommender.datasets.download import TIMEOUT, Progress, fetch, open_url, refused
from recommender.datasets.imdb import TABLES
from recommender.datasets.patience import Errands

SITE = "https://datasets.imdbws.com/"
BYTES = 1_950_000_000
"""Of all files together, about."""
SPARE_BYTES = 1 << 30
"""What must be left on the disk: reading the files may need it."""

STATE_FILE = "downloads.json"
_PART = ".part"


def download_imdb(
    folder: Path, progress: Progress | None = None, *, site: str = SITE, timeout: float = TIMEOUT
) -> list[str]:
    """Bring a folder with IMDb's files up to date.

    Parameters
    ----------
    folder : Path
        Made if it does not exist. What has arrived stays in it when this is stopped.
    progress : callable, optional
        Told how far it is; may raise.
    site : str
        Address of the files, with a slash at its end.
    timeout : float
        Seconds without a byte after which the connection counts as broken.

    Returns
    -------
    list of str
        The tables that are new.

    Raises
    ------
    DatasetError
        One line for the person: no network, refused by the server, broken off, no room, not IMDb's files.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        state = _State(folder)
        sizes = {table: _size(state, table, site, progress, timeout) for table in TABLES}
        changed = {table: size for table, size in sizes.items() if size is not None}
        _check_room(folder, sum(max(size - state.arrived(table), 0) for table, size in changed.items()))
        total, done = sum(changed.values()), 0
        for table, size in changed.items():
            before = done

            def tell(arrived: int, _size: int, before: int = before) -> None:
                if progress:
                    progress(before + arrived, max(total, before + arrived))

            _bring(state, table, site, tell, timeout)
            done += size
    except OSError as error:
        raise DatasetError(f"{error.filename or folder} cannot be written: {error.strerror}") from error
    return list(changed)


def missing_in(folder: Path) -> list[str]:
    """The tables that a download that was stopped has not brought."""
    return [table for table in TABLES if not (folder / f"{table}.tsv.gz").is_file()]


def state_in(folder: Path) -> str:
    """What tells one state of the files of a folder from another; empty where they were not downloaded."""
    tags = {table: _State(folder).conditions(table) for table in TABLES}
    return json.dumps(tags) if any(tags.values()) else ""


class _State:
    """What is known of the files of a folder: their tags, by table."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            known: Any = json.loads((folder / STATE_FILE).read_text(encoding="utf-8"))
            self._known: dict[str, dict[str, str]] = {str(name): dict(tags) for name, tags in known.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            self._known = {}

    def file(self, table: str) -> Path:
        return self.folder / f"{table}.tsv.gz"

    def part(self, table: str) -> Path:
        return self.folder / f"{table}.tsv.gz{_PART}"

    def arrived(self, table: str) -> int:
        """Bytes of a file that has not arrived whole."""
        part = self.part(table)
        return part.stat().st_size if part.exists() else 0

    def conditions(self, table: str) -> dict[str, str]:
        """Headers that ask for a file only if it is another one than the one that is there."""
        tags = self._known.get(table, {})
        file = self.file(table)
        if not file.is_file() or tags.get("bytes") != str(file.stat().st_size):
            return {}
        names = {"etag": "If-None-Match", "modified": "If-Modified-Since"}
        return {header: tags[name] for name, header in names.items() if tags.get(name)}

    def validator(self, table: str) -> str:
        """The tag of the file that has partly arrived."""
        return self._known.get(table + _PART, {}).get("etag", "")

    def began(self, table: str, headers: Mapping[str, str]) -> None:
        """Note which file is arriving."""
        self._known[table + _PART] = {
            "etag": _header(headers, "etag"),
            "modified": _header(headers, "last-modified"),
        }
        self._write()

    def arrived_whole(self, table: str) -> None:
        """Let what arrived take the place of what was there."""
        part, tags = self.part(table), self._known.pop(table + _PART, {})
        tags["bytes"] = str(part.stat().st_size)
        try:
            published = parsedate_to_datetime(tags.get("modified", "")).timestamp()
            os.utime(part, (published, published))
        except ValueError:
            pass  # the server did not say when it was published
        part.replace(self.file(table))
        self._known[table] = tags
        self._write()

    def forget(self, table: str) -> None:
        """Throw away what arrived."""
        self.part(table).unlink(missing_ok=True)
        self._known.pop(table + _PART, None)
        self._write()

    def _write(self) -> None:
        new = self.folder / f"{STATE_FILE}.new"
        new.write_text(json.dumps(self._known), encoding="utf-8")
        new.replace(self.folder / STATE_FILE)


def _header(headers: Mapping[str, str], wanted: str) -> str:
    return next((value for name, value in headers.items() if name.casefold() == wanted), "")


def _size(state: _State, table: str, site: str, progress: Progress | None, timeout: float) -> int | None:
    """Bytes of a file that has to be fetched (0 if that is not known); None if it has not changed."""
    url = f"{site}{table}.tsv.gz"

    def ask() -> int:
        with open_url(url, timeout, state.conditions(table), method="HEAD") as response:
            return int(response.headers.get("Content-Length") or 0)

    try:
        with Errands(lambda: progress(0, 0) if progress else None) as network:
            return network.wait(ask)
    except urllib.error.HTTPError as error:
        if error.code == http.client.NOT_MODIFIED:
            return None
        if error.code in (http.client.METHOD_NOT_ALLOWED, http.client.NOT_IMPLEMENTED):
            return 0
        raise refused(url, f"the server answers {error.code} {error.reason}") from error


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed and free < needed + SPARE_BYTES:
        raise DatasetError(
            f"{folder} has {free / 1e9:,.1f} GB of free disk; IMDb's files need {needed / 1e9:,.1f} GB more, "
            f"and {SPARE_BYTES / 1e9:,.1f} GB to be read: make room and run the same command again"
        )


def _bring(state: _State, table: str, site: str, progress: Progress, timeout: float) -> None:
    url = f"{site}{table}.tsv.gz"
    new = fetch(
        url,
        state.part(table),
        progress,
        timeout,
        conditions=state.conditions(table),
        validator=state.validator(table),
        note=lambda headers: state.began(table, headers),
    )
    if not new:
        return
    if not _is_table(state.part(table), table):
        state.forget(table)
        raise refused(url, "what came is not IMDb's file but perhaps a page that asks for a login")
    state.arrived_whole(table)


def _is_table(path: Path, table: str) -> bool:
    """Whether a packed file begins as the table does. (Whether it is whole shows when it is read.)"""
    try:
        with gzip.open(path, "rb") as stream:
            return TABLES[table][0].encode() in stream.readline(1 << 16).split(b"\t")
    except (OSError, EOFError):
        return False
