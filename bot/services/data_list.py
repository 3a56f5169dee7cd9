"""The data sets by their names: what can be added, what is active, and what is told of it."""

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.services.clock import utc_now
from bot.services.data_folder import IMDB_OPTIONS, DataFolder, imdb_folder
from bot.services.wording import age, counted, due
from recommender.catalogue import Catalogue
from recommender.datasets import imdb, imdb_download
from recommender.datasets.editions import EDITIONS, WITH_IMDB, WITH_TMDB, edition_of, joined_edition

IMDB_MOVIES = "170,000"
IMDB_COST = "2 min, 1.2 GB; beside ml-latest-small 30 s, 0.9 GB"
"""Measured on made-up files of IMDb's size."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """When the catalogue was joined with IMDb's newest files, and when it will be.

    Attributes
    ----------
    last, next : datetime or None
        None where it is not known, and where it is not to be renewed by itself.
    failure : str
        What the last try came to, if that was nothing.
    failed_at : datetime or None
    """

    last: datetime | None
    next: datetime | None
    failure: str = ""
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DataStatus:
    """The active data set.

    Attributes
    ----------
    name : str
    movies, rated, ratings : int
        Of the catalogue; those of them that the community rated; its ratings.
    up_to : str
        How new the newest films in it are, in words; empty if that is not known.
    licence, acknowledgement : str
        What may be done with it, and what is to be said; empty if nothing is known.
    dropped : dict
        Number of source rows that were left out, by reason.
    matched : int
        Movies that friends rated or put aside and that the catalogue has.
    unmatched : tuple of str
        Names of those that it lacks. What friends said of them is kept.
    renewal : Renewal or None
        None where nothing is to be renewed, as IMDb's files are not among its sources.
    """

    name: str
    movies: int
    rated: int
    up_to: str
    ratings: int
    licence: str
    acknowledgement: str
    dropped: dict[str, int] = field(default_factory=dict[str, int])
    matched: int = 0
    unmatched: tuple[str, ...] = ()
    renewal: Renewal | None = None


@dataclass(frozen=True, slots=True)
class DataEntry:
    """A data set that is there or can be downloaded; sizes as people read them.

    Attributes
    ----------
    films : str
        What the newest ones are of.
    bytes : int
        Size of the download; 0 for what cannot be downloaded.
    cost : str
        Time and memory that adding it takes, and fitting on it.
    """

    name: str
    on_disk: bool
    active: bool
    movies: str
    films: str
    ratings: str
    bytes: int
    cost: str
    licence: str


def has_imdb(name: str) -> bool:
    """Whether IMDb's files are among the sources of a data set of this name."""
    return name == imdb.NAME or WITH_IMDB in name


def how_to_add(name: str) -> str:
    """The command that brings a data set of this name into a home."""
    edition = joined_edition(name)
    if edition is None:
        return f"python -m bot data add FILE, with the file or folder that {name} was made from"
    joined_with = name.casefold().removeprefix(edition.name)
    more = {
        WITH_IMDB: ("IMDB", "the folder of IMDb's files"),
        WITH_TMDB: ("FILE", "the file of The Movies Dataset"),
    }
    wanted = [told for suffix, told in more.items() if suffix in joined_with]
    names = " ".join([edition.name, *(word for word, _ in wanted)])
    return ", with ".join([f"python -m bot data add {names}", *(told for _, told in wanted)])


def entries(folder: DataFolder, active: str | None) -> list[DataEntry]:
    on_disk = folder.names()
    names = dict.fromkeys([*(edition.name for edition in EDITIONS), imdb.NAME, *on_disk])
    return [_entry(folder, name, name in on_disk, name == active) for name in names]


def _entry(folder: DataFolder, name: str, on_disk: bool, active: bool) -> DataEntry:
    edition = edition_of(name)
    if edition is not None:
        about = edition.movies, edition.films, edition.ratings, edition.bytes, edition.cost, edition.licence
    elif name == imdb.NAME:
        there = on_disk or not imdb_download.missing_in(imdb_folder(folder.home))
        return DataEntry(
            name, there, active, IMDB_MOVIES, "this week", "", imdb_download.BYTES, IMDB_COST, imdb.LICENCE
        )
    else:
        popularity = folder.popularity(name)
        until = folder.until(name)
        films = "" if until is None else f"{until:%b %Y}"
        about = f"{len(popularity):,}", films, f"{int(popularity.sum()):,}", 0, "", ""
    return DataEntry(name, on_disk, active, *about)


def up_to(catalogue: Catalogue, until: date | None) -> str:
    """How new the newest films are that somebody rated or voted on: a day only where films bear it out."""
    years = catalogue.number("year")
    newest = int(years[(years <= utc_now().year) & (catalogue.number("votes", 1) > 0)].max(initial=0))
    if until is not None and newest == until.year:
        return f"{until.day} {until:%B %Y}"
    return str(newest) if newest else ""


def catalogue_lines(status: DataStatus, now: datetime) -> list[str]:
    """How large and how new the catalogue is, and how it comes to be renewed: a line for each."""
    until = f", up to {status.up_to}" if status.up_to else ""
    size = f"{status.name}: {counted(status.movies, 'movie')}{until}"
    lines = [f"the catalogue is {size}; {status.rated:,} of them rated by the community"]
    renewal = status.renewal
    if renewal is None:
        return lines
    last = "at a time that is not known" if renewal.last is None else age(renewal.last, now)
    soon = "not by itself" if renewal.next is None else due(renewal.next, now)
    lines.append(f"joined with IMDb's files {last}, next {soon}")
    if renewal.failure and renewal.failed_at is not None:
        lines.append(f"the last renewal came to nothing {age(renewal.failed_at, now)}: {renewal.failure}")
    return lines


def data_lines(status: DataStatus, now: datetime) -> list[str]:
    """The active data set, a line for each thing that is known of it but for what was left out of it."""
    lines = [*catalogue_lines(status, now), f"its community gave {counted(status.ratings, 'rating')}"]
    if status.renewal is not None:
        taken = IMDB_OPTIONS
        lines.append(
            f"of IMDb's titles it has films with at least {taken.votes} votes ({taken.new_votes} if from the "
            f"last {taken.new_months} months), shorts and mini-series with {taken.small_votes:,}, and all "
            "that the edition has or a friend rated"
        )
    lacking = len(status.unmatched)
    lines.append(f"movies that friends rated: {status.matched:,} are in it, {lacking:,} are not")
    return lines
