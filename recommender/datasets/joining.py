"""MovieLens' ratings and TMDB's facts in one data set."""

from collections.abc import Iterable

from recommender.catalogue import Catalogue, Movie
from recommender.datasets.dataset import Dataset
from recommender.datasets.editions import JOINED
from recommender.datasets.matching import MovieIndex
from recommender.datasets.the_movies_dataset import ACKNOWLEDGEMENT

_LONGEST_NAME = 64
WITHOUT_FACTS = "joining: no facts for the movie (it is kept)"
UNUSED = "joining: facts of a movie that the edition does not have"


def joined(edition: Dataset, facts: Iterable[Movie], dropped: dict[str, int]) -> Dataset:
    """An edition of MovieLens whose movies have the facts of TMDB as well.

    A movie is recognised by its number at TMDB, then at IMDb, then by title and year. Movie ids, titles,
    genres and ratings stay those of the edition; TMDB says what it lacks, and adds keywords and other titles.

    Parameters
    ----------
    edition : Dataset
    facts : iterable of Movie
        With ids of any kind, as long as they differ.
    dropped : dict
        What was left out when the facts were read, by reason.
    """
    known = {movie.movie_id: movie for movie in facts}
    index = MovieIndex(known.values())
    movies: list[Movie] = []
    used: set[int] = set()
    lacking = 0
    for movie in edition.catalogue:
        found = _same(movie, index)
        if found is None:
            lacking += 1
            movies.append(movie)
        else:
            used.add(found)
            movies.append(_enriched(movie, known[found]))
    left = {WITHOUT_FACTS: lacking, UNUSED: len(known) - len(used)}
    counts = edition.dropped | dropped | {reason: count for reason, count in left.items() if count}
    name = edition.name.removesuffix(JOINED)[: _LONGEST_NAME - len(JOINED)] + JOINED
    acknowledgement = " ".join(filter(None, (edition.acknowledgement, ACKNOWLEDGEMENT)))
    return Dataset(name, Catalogue(movies), edition.ratings, acknowledgement, counts)


def _same(movie: Movie, index: MovieIndex) -> int | None:
    by_tmdb = index.by_number(movie._replace(imdb_id=None))
    if by_tmdb is not None:
        return by_tmdb
    by_imdb = index.by_number(movie)
    return index.by_name(movie) if by_imdb is None else by_imdb


def _enriched(movie: Movie, fact: Movie) -> Movie:
    titles = {title.casefold(): title for title in reversed((*movie.aliases, fact.title, *fact.aliases))}
    titles.pop(movie.title.casefold(), None)
    return movie._replace(
        year=movie.year or fact.year,
        genres=movie.genres or fact.genres,
        aliases=tuple(reversed(titles.values())),
        directors=fact.directors or movie.directors,
        cast=fact.cast or movie.cast,
        keywords=tuple(dict.fromkeys((*movie.keywords, *fact.keywords))),
        language=fact.language or movie.language,
        imdb_id=movie.imdb_id or fact.imdb_id,
        tmdb_id=movie.tmdb_id or fact.tmdb_id,
        collection=fact.collection or movie.collection,
        runtime=fact.runtime or movie.runtime,
    )
