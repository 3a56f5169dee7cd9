"""Several sources in one data set: the ratings and ids of one, the facts of all, the movies of all."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from recommender.catalogue import Catalogue, Movie
from recommender.columns import Rows
from recommender.datasets.dataset import Dataset
from recommender.datasets.matching import MovieIndex, by_key, name_keys
from recommender.datasets.numbering import IMDB_FIRST, own_ids

_LONGEST_NAME = 64
AGAIN = "its id is taken by the same movie"


class Source(NamedTuple):
    """A source of facts.

    Attributes
    ----------
    suffix : str
        Follows the name of what it is joined with.
    catalogue : Catalogue
    acknowledgement : str
    dropped : dict
        What was left out when it was read, by reason.
    until : date or None
        As of a data set.
    """

    suffix: str
    catalogue: Catalogue
    acknowledgement: str = ""
    dropped: Mapping[str, int] = MappingProxyType({})
    until: date | None = None


def without_facts(suffix: str) -> str:
    """The reason under which the movies are counted that a source of this suffix says nothing about."""
    return f"joining{suffix}: no facts for the movie (it is kept)"


def _renews(first: Dataset, source: Source) -> bool:
    """Whether a data set was joined with this source before."""
    return bool(source.suffix) and source.suffix in first.name


def _forget(dropped: Counter[str], source: Source) -> None:
    """Take out what was noted when a data set was joined with an earlier state of this source."""
    kinds = {reason.partition(":")[0] for reason in source.dropped} | {f"joining{source.suffix}"}
    for reason in [reason for reason in dropped if reason.partition(":")[0] in kinds]:
        del dropped[reason]


def joined(first: Dataset, sources: Sequence[Source]) -> Dataset:
    """A data set whose movies have the facts of other sources as well, and beside them what it lacks.

    A movie is recognised by its number at IMDb, then at TMDB, then by title and year. Movie ids, titles,
    genres and ratings of the data set stay; of the sources the earlier one counts, and the later one says
    what is not known yet. Keywords and other titles are collected from all. A movie that only a source has
    comes behind, under an id of its own (`recommender.datasets.numbering`), without ratings.

    Parameters
    ----------
    first : Dataset
    sources : sequence of Source

    """
    catalogue = first.catalogue
    dropped = Counter(first.dropped)
    own = len(catalogue)
    for source in sources:
        facts = source.catalogue
        found = _same(catalogue, facts)
        if _renews(first, source):
            _forget(dropped, source)
        dropped.update(source.dropped)
        if source.suffix:
            dropped[without_facts(source.suffix)] += int((found[:own] < 0).sum())
        catalogue = _enriched(catalogue, facts, found, own if _renews(first, source) else 0)
        unused = np.ones(len(facts), np.bool_)
        unused[found[found >= 0]] = False
        more, again = _numbered(facts.take(np.flatnonzero(unused)), catalogue)
        dropped[f"joining{source.suffix}: {AGAIN}"] += again
        catalogue = catalogue.joined(more)
    suffixes = "".join(source.suffix for source in sources if not _renews(first, source))
    name = first.name[: _LONGEST_NAME - len(suffixes)] + suffixes
    said = [first.acknowledgement]
    said += [one.acknowledgement for one in sources if one.acknowledgement not in first.acknowledgement]
    dates = [one.until for one in (first, *sources) if one.until is not None]
    until = max(dates, default=None)
    told = " ".join(filter(None, dict.fromkeys(said)))
    return Dataset(name, catalogue, first.ratings, told, dict(+dropped), until)


def _same(catalogue: Catalogue, facts: Catalogue) -> Rows:
    """Row of the facts of each movie of a catalogue, -1 without any: int64, shape (n_movies,)."""
    found = np.full(len(catalogue), -1, np.int64)
    for number in ("imdb_id", "tmdb_id"):
        rows = {one: row for row, one in enumerate(facts.number(number).tolist()) if one}
        wanted = catalogue.number(number)
        for row in np.flatnonzero((found < 0) & (wanted > 0)).tolist():
            found[row] = rows.get(int(wanted[row]), -1)
    _find_by_name(catalogue, facts, found)
    return found


def _find_by_name(catalogue: Catalogue, facts: Catalogue, found: Rows) -> None:
    """Fill in the facts of movies that no number tells."""
    free = np.ones(len(facts), np.bool_)
    free[found[found >= 0]] = False
    # Two numbers that differ are two movies: whoever has one can be found only among those without.
    mine, theirs = catalogue.number("imdb_id") == 0, facts.number("imdb_id") == 0
    wanted = (found < 0) & (mine | bool((theirs & free).any()))
    free &= theirs | bool((mine & wanted).any())
    if not wanted.any() or not free.any():
        return
    movies = [catalogue.movies[row] for row in np.flatnonzero(wanted).tolist()]
    keys = set(name_keys(name for movie in movies for name in (movie.title, *movie.aliases)))
    rows = np.flatnonzero(free).tolist()
    index = MovieIndex(facts.movies[row]._replace(movie_id=row) for row in _named(facts, rows, keys))
    for row, movie in zip(np.flatnonzero(wanted).tolist(), movies, strict=True):
        same = index.by_name(movie)
        found[row] = -1 if same is None else same


def _named(facts: Catalogue, rows: Sequence[int], keys: set[str]) -> list[int]:
    """The rows of the movies one of whose names has one of these keys."""
    movies = [facts.movies[row] for row in rows]
    names = [
        (name, row) for row, movie in zip(rows, movies, strict=True) for name in (movie.title, *movie.aliases)
    ]
    table = by_key(names)
    return sorted({row for key in keys & table.keys() for row in table[key]})


def _enriched(catalogue: Catalogue, facts: Catalogue, found: Rows, renewed: int) -> Catalogue:
    """The catalogue with what the facts say of its movies, the first `renewed` of which they say anew."""
    known = np.flatnonzero(found >= 0)
    if not len(known):
        return catalogue
    movies: list[Movie] = []
    for row in known.tolist():
        movie, fact = catalogue.movies[row], facts.movies[int(found[row])]
        voted = movie if fact.votes is None else fact
        if row < renewed and movie.movie_id >= IMDB_FIRST:
            # No edition has it: the source brought it, and may say something else by now.
            movie, fact = fact._replace(movie_id=movie.movie_id), movie
        movies.append(_with_facts(movie, fact)._replace(votes=voted.votes, mean_vote=voted.mean_vote))
    rest = np.flatnonzero(found < 0)
    return Catalogue(movies).joined(catalogue.take(rest)).take(np.argsort(np.concatenate([known, rest])))


def _with_facts(movie: Movie, fact: Movie) -> Movie:
    languages = dict(_spoken(fact)) | dict(_spoken(movie))
    titles = {title.casefold(): title for title in reversed((*movie.aliases, fact.title, *fact.aliases))}
    titles.pop(movie.title.casefold(), None)
    aliases = tuple(reversed(titles.values()))
    alias_languages = tuple(languages.get(alias.casefold(), "") for alias in aliases)
    return movie._replace(
        year=movie.year or fact.year,
        genres=movie.genres or fact.genres,
        aliases=aliases,
        directors=movie.directors or fact.directors,
        cast=movie.cast or fact.cast,
        keywords=tuple(dict.fromkeys((*movie.keywords, *fact.keywords))),
        language=movie.language or fact.language,
        imdb_id=movie.imdb_id or fact.imdb_id,
        tmdb_id=movie.tmdb_id or fact.tmdb_id,
        collection=movie.collection or fact.collection,
        runtime=movie.runtime or fact.runtime,
        writers=movie.writers or fact.writers,
        alias_languages=alias_languages if any(alias_languages) else (),
    )


def _spoken(movie: Movie) -> list[tuple[str, str]]:
    """The languages of the aliases, where one is known."""
    pairs = zip(movie.aliases, movie.alias_languages, strict=False)
    return [(alias.casefold(), language) for alias, language in pairs if language]


def _numbered(more: Catalogue, catalogue: Catalogue) -> tuple[Catalogue, int]:
    """Movies that a catalogue lacks under ids of their own, and of how many the id was taken."""
    ids = own_ids(more)
    free = np.zeros(len(ids), np.bool_)
    free[np.unique(ids, return_index=True)[1]] = True
    free &= ~np.isin(ids, catalogue.movie_ids)
    rows = np.flatnonzero(free)
    return Catalogue(more.columns.take(rows)._replace(movie_id=ids[rows])), int((~free).sum())
