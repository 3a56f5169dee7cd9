"""Files in IMDb's format, written by tests from rows of the columns that are read."""

import gzip
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

COLUMNS = {
    "title.basics": (
        *("tconst", "titleType", "primaryTitle", "originalTitle", "isAdult", "startYear", "endYear"),
        *("runtimeMinutes", "genres"),
    ),
    "title.ratings": ("tconst", "averageRating", "numVotes"),
    "title.akas": (
        *("titleId", "ordering", "title", "region", "language", "types", "attributes", "isOriginalTitle"),
    ),
    "title.crew": ("tconst", "directors", "writers"),
    "title.principals": ("tconst", "ordering", "nconst", "category", "job", "characters"),
    "name.basics": ("nconst", "primaryName", "birthYear", "deathYear", "primaryProfession", "knownForTitles"),
}

Row = Mapping[str, object]


def tt(number: int) -> str:
    """A number as IMDb writes it."""
    return f"tt{number:07}"


def film(number: int, title: str, year: int | str = 2010, **more: object) -> dict[str, object]:
    """A row of ``title.basics``."""
    row = {"tconst": tt(number), "titleType": "movie", "primaryTitle": title, "originalTitle": title}
    return row | {"isAdult": 0, "startYear": year, "runtimeMinutes": 100, "genres": "Drama"} | more


def votes(number: int, count: int, mean: float = 7.5) -> dict[str, object]:
    """A row of ``title.ratings``."""
    return {"tconst": tt(number), "averageRating": mean, "numVotes": count}


def aka(number: int, title: str, region: str = r"\N", **more: object) -> dict[str, object]:
    """A row of ``title.akas``."""
    return {
        "titleId": tt(number),
        "ordering": 1,
        "title": title,
        "region": region,
        "isOriginalTitle": 0,
    } | more


def lines(table: str, rows: Iterable[Row | str], header: Sequence[str] = ()) -> str:
    """The text of a file. A row given as a text is written as it is."""
    columns = header or COLUMNS[table]
    written = [
        row if isinstance(row, str) else "\t".join(str(row.get(column, r"\N")) for column in columns)
        for row in rows
    ]
    return "".join(f"{line}\n" for line in ("\t".join(columns), *written))


def write_imdb(folder: Path, *, packed: bool = True, **tables: Iterable[Row | str]) -> Path:
    """Write files, named as in ``title_basics=``; answers their folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        table = name.replace("_", ".")
        data = lines(table, rows).encode()
        path = folder / f"{table}.tsv{'.gz' if packed else ''}"
        path.write_bytes(gzip.compress(data, mtime=0) if packed else data)
    return folder
