"""The same movie in another catalogue: what is used when one data set is exchanged for another."""

from collections import defaultdict
from collections.abc import Iterable

from recommender.catalogue import Movie
from recommender.titles.folding import fold_all, loosened, words_and_keys


class MovieIndex:
    """Movies of a catalogue by everything that a movie of another one can be recognised by.

    Parameters
    ----------
    movies : iterable of Movie
    """

    def __init__(self, movies: Iterable[Movie]) -> None:
        listed = list(movies)
        self._by_imdb = {movie.imdb_id: movie.movie_id for movie in listed if movie.imdb_id is not None}
        self._by_tmdb = {movie.tmdb_id: movie.movie_id for movie in listed if movie.tmdb_id is not None}
        self._movies = {movie.movie_id: movie for movie in listed}
        self._by_title = by_key((movie.title, movie.movie_id) for movie in listed)
        self._by_alias = by_key((alias, movie.movie_id) for movie in listed for alias in movie.aliases)

    def by_number(self, movie: Movie) -> int | None:
        """Id of the movie with the same number at IMDb, else at TMDB."""
        by_imdb = self._by_imdb.get(movie.imdb_id) if movie.imdb_id is not None else None
        if by_imdb is not None or movie.tmdb_id is None:
            return by_imdb
        return self._by_tmdb.get(movie.tmdb_id)

    def by_name(self, movie: Movie) -> int | None:
        """Id of the only movie of the same title and year, else of the only one a year off."""
        found = self.named(movie)
        return found[0] if len(found) == 1 else None

    def named(self, movie: Movie) -> list[int]:
        """Ids of the movies of the same title and year, else of those a year off; ascending.

        A title counts before an alias. Two numbers at IMDb, or at TMDB, that differ are two movies.
        """
        titles, aliases = name_keys([movie.title]), name_keys(movie.aliases)
        for years_off in (0, 1):
            for wanted, table in (
                (titles, self._by_title),
                (titles, self._by_alias),
                (aliases, self._by_title),
                (aliases, self._by_alias),
            ):
                ids = {movie_id for key in wanted for movie_id in table.get(key, ())}
                found = [other for other in sorted(ids) if self._may_be(movie, other, years_off)]
                if found:
                    return found
        return []

    def _may_be(self, movie: Movie, movie_id: int, years_off: int) -> bool:
        other = self._movies[movie_id]
        if None not in (movie.imdb_id, other.imdb_id) and movie.imdb_id != other.imdb_id:
            return False
        if None not in (movie.tmdb_id, other.tmdb_id) and movie.tmdb_id != other.tmdb_id:
            return False
        if movie.year is None or other.year is None:
            # Without a year only the title speaks; it has to be nobody else's.
            return years_off == 1
        return abs(movie.year - other.year) <= years_off


def match(movie: Movie, index: MovieIndex) -> int | None:
    """Find a movie of one catalogue in another one.

    By its number at IMDb, then at TMDB, then by its title (or an alias) and year, then by its title and a
    year one off, as sources differ in what the first release is. Whatever is not certain, such as
    two movies of the same title and year, is no match.

    Returns
    -------
    int or None
        The movie's id in the other catalogue.
    """
    by_number = index.by_number(movie)
    return index.by_name(movie) if by_number is None else by_number


def name_keys(names: Iterable[str]) -> list[str]:
    """The names in the form in which they are compared; those in which nothing is left are not there."""
    lines, _ = words_and_keys(fold_all(list(names)))
    return [key for key in ("".join(loosened(line.split())) for line in lines) if key]


def by_key(names: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """Ids by the form of `name_keys`, of names that are given with an id each."""
    listed = list(names)
    lines, _ = words_and_keys(fold_all([name for name, _ in listed]))
    table: dict[str, list[int]] = defaultdict(list)
    for line, (_, movie_id) in zip(lines, listed, strict=True):
        key = "".join(loosened(line.split()))
        if key:
            table[key].append(movie_id)
    return dict(table)
