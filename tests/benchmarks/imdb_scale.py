"""Made-up files in IMDb's format, of the size and shape of the whole.

``python -m tests.benchmarks.imdb_scale OUT [SHARE]`` writes them packed into a folder: 11.5 million titles,
1.6 million of them with votes, 54 million other titles, 92 million credits, 14.5 million names. Every fact is
drawn by the hash of its row, so that the same share makes the same files.
"""

import gzip
import shutil
import sys
from pathlib import Path

import duckdb

TITLES = 11_500_000
NAMES = 14_500_000

_SETUP = """
create macro drawn(seed, row, most) as cast(hash(row, seed) % most as integer);
create macro share(seed, row) as (hash(row, seed) % 1000003) / 1000003.0;
create macro word(number) as
    chr(65 + cast(number % 26 as integer))
    || substr('aououiiayeíóéßøñ', 1 + cast(number // 26 % 16 as integer), 1)
    || substr('ndrstmhcklngreliaonsterandingvilorbenstkumarshi', 1 + cast(number // 416 % 40 as integer),
        2 + cast(number // 16640 % 6 as integer));
create macro title(seed, row) as
    word(hash(row, seed) % 1000000) || ' ' || word(hash(row, seed) // 1000000 % 1000000)
    || case hash(row, seed) // 7 % 4 when 0 then '' when 1 then ': "' || word(hash(row, seed) // 99991) || '"'
        else ' ' || word(hash(row, seed) // 10000000000 % 1000000) end;
create macro kind(row) as
    case
        when share(1, row) < 0.78 then 'tvEpisode' when share(1, row) < 0.87 then 'short'
        when share(1, row) < 0.933 then 'movie' when share(1, row) < 0.96 then 'video'
        when share(1, row) < 0.983 then 'tvSeries' when share(1, row) < 0.993 then 'tvMovie'
        when share(1, row) < 0.996 then 'tvMiniSeries' else 'tvSpecial'
    end;
create macro tt(row) as format('tt{:07d}', row * 3 + 1);
create macro nm(number) as format('nm{:07d}', number);
create macro voted(row) as share(2, row) < case when kind(row) = 'movie' then 0.46 else 0.122 end;
"""

_TABLES = {
    "title.basics": r"""
        select tt(i) as tconst, kind(i) as "titleType", title(3, i) as "primaryTitle",
            case when share(4, i) < 0.3 then title(5, i) else title(3, i) end as "originalTitle",
            case when share(6, i) < 0.03 then 1 else 0 end as "isAdult",
            case when share(7, i) < 0.1 then '\N'
                else cast(2027 - cast(100 * share(7, i) ** 3 as integer) as varchar) end as "startYear",
            '\N' as "endYear",
            case when share(8, i) < 0.3 then '\N' else cast(20 + drawn(8, i, 120) as varchar) end
                as "runtimeMinutes",
            ['Drama', 'Comedy', 'Documentary', 'Action,Crime,Drama', 'Horror', 'Biography,Drama,History',
                'Family', 'Music', 'Drama,Romance', '\N'][1 + drawn(9, i, 10)] as genres
        from range($titles) as rows(i)
    """,
    "title.ratings": r"""
        select tt(i) as tconst, round(3 + 6 * share(10, i), 1) as "averageRating",
            5 + cast(exp(14 * share(11, i) ** 2.6) as integer) as "numVotes"
        from range($titles) as rows(i) where voted(i)
    """,
    "title.akas": r"""
        select tt(i) as "titleId", ordering, title(100 + ordering, i) as title,
            ['JP', 'FR', 'DE', 'PT', 'IN', 'ES', 'IT', 'US', 'RU', 'BR', 'KR', 'PL'][1 + (ordering + i) % 12]
                as region,
            case when share(12, i) < 0.2 then 'en' else '\N' end as language,
            case when ordering = 1 then 'original' else 'imdbDisplay' end as types,
            '\N' as attributes, case when ordering = 1 then 1 else 0 end as "isOriginalTitle"
        from (
            select i, unnest(range(1, 2 + case when voted(i) and kind(i) = 'movie' then 10
                else 1 + drawn(13, i, 6) end)) as ordering
            from range($titles) as rows(i)
        )
    """,
    "title.crew": r"""
        select tt(i) as tconst,
            case when share(14, i) < 0.3 then '\N' else nm(1 + drawn(15, i, $names)) end as directors,
            case when share(16, i) < 0.5 then '\N'
                else nm(1 + drawn(17, i, $names)) || ',' || nm(1 + drawn(18, i, $names)) end as writers
        from range($titles) as rows(i)
    """,
    "title.principals": r"""
        select tt(i) as tconst, ordering, nm(1 + drawn(200 + ordering, i, $names)) as nconst,
            ['actor', 'actress', 'self', 'director', 'writer', 'producer', 'composer', 'editor',
                'cinematographer'][1 + drawn(300 + ordering, i, 9)] as category,
            '\N' as job,
            case when ordering < 5 then '["' || title(400 + ordering, i) || '"]' else '\N' end as characters
        from (
            select i, unnest(range(1, 2 + drawn(19, i, 15))) as ordering from range($titles) as rows(i)
        )
    """,
    "name.basics": r"""
        select nm(1 + i) as nconst, title(20, i) as "primaryName", '\N' as "birthYear", '\N' as "deathYear",
            'actor,producer' as "primaryProfession",
            tt(drawn(21, i, $titles)) || ',' || tt(drawn(22, i, $titles)) as "knownForTitles"
        from range($names) as rows(i)
    """,
}


def write_imdb(folder: Path, share: float = 1.0) -> None:
    """Write all files.

    Parameters
    ----------
    folder : Path
    share : float
        Of the titles and names of the whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    numbers = {"titles": int(TITLES * share), "names": int(NAMES * share)}
    options = "format csv, delimiter '\t', quote '', escape '', header"
    plain = folder / "plain.tsv"
    with duckdb.connect(":memory:", config={"memory_limit": "2GB"}) as database:
        database.execute(_SETUP)
        for table, statement in _TABLES.items():
            wanted = {name: number for name, number in numbers.items() if f"${name}" in statement}
            database.execute(f"copy ({statement}) to '{plain}' ({options})", wanted)
            # DuckDB packs too, in four times the time.
            with plain.open("rb") as source, gzip.open(folder / f"{table}.tsv.gz", "wb", 1) as target:
                shutil.copyfileobj(source, target, 1 << 20)
            plain.unlink()


if __name__ == "__main__":
    write_imdb(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 1.0)
