"""From an uploaded file to entries: which source it is of, and what that says. To be run in a thread."""

from collections.abc import Callable
from typing import Any, NamedTuple

from bot.services.imports import slashes, zipped
from bot.services.imports.entries import BadImport, Columns, Parsed, Wishes, tallied
from bot.services.imports.formats import generic, imdb, letterboxd, movielens, own, returned, trakt
from bot.services.imports.intake import CROOKED, Intake
from bot.services.imports.reading import Table, decoded, document, looks_like_json, short, table
from recommender.datasets.title import one_line


class _Format(NamedTuple):
    name: str
    fits: Callable[[Table], bool]
    read: Callable[[Table, Intake, Wishes], None]


_TABLES = (
    _Format(returned.NAME, returned.fits, returned.read),
    _Format(letterboxd.NAME, letterboxd.fits, letterboxd.read),
    _Format(imdb.NAME, imdb.fits, imdb.read),
    _Format(movielens.NAME, movielens.fits, movielens.read),
)
_NO_WISHES = Wishes()
_LONGEST_NAME = 80


class _File(NamedTuple):
    name: str
    content: Any
    """A table, or what JSON became."""


def parse(name: str, data: bytes, wishes: Wishes = _NO_WISHES) -> Parsed:
    """Read a file or an archive of files.

    Parameters
    ----------
    name : str
        What the file was called.
    data : bytes
    wishes : Wishes
        What the person corrected, if they were asked.

    Raises
    ------
    BadImport
        If nothing in it can be imported, or it is damaged or hostile.
    """
    shown = one_line(name)[-_LONGEST_NAME:] or "the file"
    if not zipped.is_zip(data):
        return _parsed([_opened(shown, data)], wishes)
    found: list[_File] = []
    refused: BadImport | None = None
    for inner, content in zipped.files(shown, data):
        try:
            found.append(_opened(one_line(inner)[-_LONGEST_NAME:], content))
        except BadImport as error:
            # An export has files that hold nothing, such as comments without a comment.
            refused = error
    if not found and refused is not None:
        raise refused
    return _parsed(found, wishes)


def _opened(name: str, data: bytes) -> _File:
    text = decoded(name, data)
    return _File(name, document(name, text) if looks_like_json(text) else table(name, text))


def _parsed(files: list[_File], wishes: Wishes) -> Parsed:
    intake = Intake()
    for file in files:
        if own.fits(file.content):
            # The tables beside it say the same, and less.
            own.read(file.content, intake)
            return Parsed(own.NAME, tuple(intake.entries), tallied(intake.skipped), export=file.content)
    sources: dict[str, None] = {}
    others: list[Table] = []
    for file in files:
        if not isinstance(file.content, Table):
            if trakt.fits(file.content):
                trakt.read(short(file.name), file.content, intake, wishes)
                sources[trakt.NAME] = None
            continue
        known = next((one for one in _TABLES if one.fits(file.content)), None)
        if known is None:
            others.append(file.content)
            continue
        known.read(_dated(file.content, intake), intake, wishes)
        intake.skip(CROOKED, file.content.crooked)
        sources[known.name] = None
    columns: Columns | None = None
    if not sources and len(others) == 1:
        columns = generic.read(_dated(others[0], intake), intake, wishes)
        intake.skip(CROOKED, others[0].crooked)
        sources[generic.NAME] = None
    if not sources:
        raise BadImport(_nothing(files))
    if not intake.entries and not intake.skipped and columns is None:
        raise BadImport("there is no movie in it")
    return Parsed(
        " and ".join(sources),
        tuple(intake.entries),
        tallied(intake.skipped),
        intake.rounded,
        intake.rounded_rows,
        columns,
        notes=tuple(intake.notes),
    )


def _dated(content: Table, intake: Intake) -> Table:
    found, note = slashes.settled(content)
    if note and note not in intake.notes:
        intake.notes.append(note)
    return found


def _nothing(files: list[_File]) -> str:
    if len(files) == 1:
        return (
            f"{files[0].name} is in no form that is known: bring the export of Letterboxd, IMDb, Trakt or "
            "MovieLens, or a CSV file with the columns Title, Year and Rating"
        )
    return (
        "none of the files in it is known: bring the export of Letterboxd, IMDb, Trakt or MovieLens, "
        "or a single CSV file with the columns Title, Year and Rating"
    )
