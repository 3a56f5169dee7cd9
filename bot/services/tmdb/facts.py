"""What The Movie Database answers about new movies, as a catalogue has movies; it may be anything."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from bot.services.newer import id_of
from bot.services.tmdb.details import LONGEST_MOVIE, LONGEST_NAME, Garbage, mapping, text
from recommender.catalogue import Movie
from recommender.datasets.tmdb import LANGUAGES, MOST_CAST, MOST_KEYWORDS, NOTES, OUR_GENRES
from recommender.titles import fold

LONGEST_TITLE = 200
SHORTEST_MOVIE = 40
"""In minutes; what is shorter is no evening."""
MOST_ON_A_PAGE = 50
MOST_ID = 10**8
"""The numbers there have seven digits."""

_IMDB = re.compile(r"tt(\d{5,9})")
_YEAR = re.compile(r"((?:19|20)\d\d)-\d\d-\d\d")
_LANGUAGE = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of new movies: their numbers, and how many pages there are."""

    tmdb_ids: tuple[int, ...]
    pages: int


def read_page(answer: object) -> Page:
    """Take a page apart.

    Raises
    ------
    Garbage
        If it is none.
    """
    found = mapping(answer)
    if not isinstance(found.get("results"), list) or not isinstance(found.get("total_pages"), int):
        raise Garbage("the answer is no list of movies")
    movies = map(mapping, _list(found.get("results"))[:MOST_ON_A_PAGE])
    ids = [_number(one.get("id")) for one in movies if one.get("adult") is one.get("video") is False]
    return Page(tuple(filter(None, ids)), _number(found.get("total_pages")))


def read_found(answer: object) -> tuple[Movie, ...]:
    """The movies that were found for a title or a number at IMDb, each with what it can be told by.

    Raises
    ------
    Garbage
        If it is no such answer.
    """
    found = mapping(answer)
    part = "results" if "results" in found else "movie_results"
    if not isinstance(found.get(part), list):
        raise Garbage("the answer is no list of movies")
    movies: list[Movie] = []
    for one in map(mapping, _list(found.get(part))[:MOST_ON_A_PAGE]):
        title, original = (text(one.get(name), LONGEST_TITLE) for name in ("title", "original_title"))
        year, tmdb_id = _YEAR.fullmatch(text(one.get("release_date"), 10)), _number(one.get("id"))
        if tmdb_id:
            names = (original,) if original else ()
            movies.append(Movie(tmdb_id, title, int(year[1]) if year else None, aliases=names))
    return tuple(movies)


def certain(movie: Movie, found: Sequence[Movie]) -> int | None:
    """Which of the movies that were found is the wanted one; None if none is, or more than one may be."""
    if movie.imdb_id is None:
        wanted = _folded(movie) if movie.year is not None else set[str]()
        found = [one for one in found if one.year == movie.year and wanted & _folded(one)]
    numbers = {one.movie_id for one in found}
    return numbers.pop() if len(numbers) == 1 else None


def read_movie(answer: object) -> Movie | None:
    """Take a movie apart; None if it is nothing for a catalogue.

    That is what is for adults alone, no film, very short, or says nothing by which it could be recommended: a
    title, a year and a genre are the least.

    Raises
    ------
    Garbage
        If it is no movie.
    """
    found = mapping(answer)
    tmdb_id = _number(found.get("id"))
    if not tmdb_id:
        raise Garbage("the answer is no movie")
    title, original = (text(found.get(name), LONGEST_TITLE) for name in ("title", "original_title"))
    year, runtime = _YEAR.fullmatch(text(found.get("release_date"), 10)), _number(found.get("runtime"))
    genres = [OUR_GENRES[name] for name in _names(found.get("genres")) if name in OUR_GENRES]
    no_evening = not (found.get("adult") is found.get("video") is False) or 0 < runtime < SHORTEST_MOVIE
    if no_evening or not (any(map(str.isalnum, title)) and year and genres):
        return None
    credits_, imdb = mapping(found.get("credits")), _IMDB.fullmatch(text(found.get("imdb_id"), 20))
    crew, language = credits_.get("crew"), text(found.get("original_language"), 2)
    keywords = [name.lower() for name in _names(mapping(found.get("keywords")).get("keywords"))]
    directors = [one for one in _list(crew) if mapping(one).get("job") == "Director"]
    return Movie(
        id_of(tmdb_id),
        title,
        int(year[1]),
        tuple(dict.fromkeys(genres)),
        (original,) if original.casefold() not in ("", title.casefold()) else (),
        tuple(_names(directors)[:MOST_CAST]),
        tuple(_names(credits_.get("cast"))[:MOST_CAST]),
        tuple([name for name in dict.fromkeys(keywords) if name not in NOTES][:MOST_KEYWORDS]),
        LANGUAGES.get(language, language if _LANGUAGE.fullmatch(language) else None),
        int(imdb[1]) if imdb else None,
        tmdb_id,
        text(mapping(found.get("belongs_to_collection")).get("name"), LONGEST_NAME) or None,
        runtime if 0 < runtime < LONGEST_MOVIE else None,
    )


def _folded(movie: Movie) -> set[str]:
    """The names of a movie in the form in which they are compared."""
    return {fold(name) for name in (movie.title, *movie.aliases)}


def _number(found: object) -> int:
    """A whole number of a sensible size, or 0."""
    if not isinstance(found, int) or isinstance(found, bool):
        return 0
    return found if 0 < found < MOST_ID else 0


def _list(found: object) -> list[object]:
    return cast(list[object], found) if isinstance(found, list) else []


def _names(found: object) -> list[str]:
    names = [text(mapping(one).get("name"), LONGEST_NAME) for one in _list(found)]
    return [name for name in dict.fromkeys(names) if name]
