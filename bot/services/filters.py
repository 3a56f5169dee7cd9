"""Wishes that narrow a list: checked, and turned into a mask over a catalogue."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from difflib import get_close_matches
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from bot.errors import UserError
from bot.services.answers import Filters
from bot.services.clock import utc_now
from bot.services.foreign import short
from bot.services.newer import bare_of
from bot.services.wording import NO_CATALOGUE
from recommender.catalogue import GENRES, Catalogue

Mask = npt.NDArray[np.bool_]

FIRST_YEAR, LAST_YEAR = 1870, 2100
LONGEST = 1000
"""Minutes that nobody would wish for less than."""
_UNKNOWN_YEAR = 0
_COLUMN = {genre: column for column, genre in enumerate(GENRES)}
_ALSO = {"sciencefiction": "Sci-Fi", "noir": "Film-Noir", "kids": "Children", "animated": "Animation"}


def checked(filters: Filters) -> Filters:
    """The filters with genres as `GENRES` spells them.

    Raises
    ------
    UserError
        If a genre is unknown, a year or a runtime impossible, or they contradict each other.
    """
    genre = None if filters.genre is None else genre_named(filters.genre)
    exclude = None if filters.exclude_genre is None else genre_named(filters.exclude_genre)
    if genre is not None and genre == exclude:
        raise UserError(f"{genre} cannot be both wanted and excluded: leave one of the two out")
    for year in (filters.from_year, filters.to_year):
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            raise UserError(f"{year} is no year of a film: use {FIRST_YEAR} to {LAST_YEAR}")
    if filters.from_year is not None and filters.to_year is not None and filters.from_year > filters.to_year:
        raise UserError(
            f"no year lies from {filters.from_year} to {filters.to_year}: "
            f"did you mean {filters.to_year} to {filters.from_year}?"
        )
    if filters.max_runtime is not None and not 1 <= filters.max_runtime <= LONGEST:
        raise UserError(f"{filters.max_runtime} minutes are no runtime of a film: use 1 to {LONGEST}")
    return replace(filters, genre=genre, exclude_genre=exclude)


def genre_named(text: str) -> str:
    """The genre of this name, in any case and with or without hyphens.

    Raises
    ------
    UserError
        If there is none; the line names the closest ones.
    """
    known = {_folded(genre): genre for genre in GENRES} | _ALSO
    folded = _folded(text)
    if folded in known:
        return known[folded]
    close = dict.fromkeys(known[name] for name in get_close_matches(folded, known, n=3, cutoff=0.5))
    advice = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(GENRES)}"
    raise UserError(f"“{short(text)}” is not a genre: {advice}")


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@dataclass(frozen=True, slots=True, eq=False)
class Facets:
    """Years, genres and runtimes of a catalogue as arrays, in its order.

    Attributes
    ----------
    years : int64, shape (n_movies,)
        0 where unknown.
    genres : bool, shape (n_movies, n_genres)
        Columns in the order of `recommender.catalogue.GENRES`.
    runtimes : int64, shape (n_movies,)
        Minutes; 0 where unknown.
    released : bool, shape (n_movies,)
        What is not out yet can be found and wanted, and is in no list of what to watch; neither is that of
        which nothing is known any more but its name.
    ids : int64, shape (n_movies,)
        Ascending.
    rows : int64, shape (n_movies,)
        Place in the catalogue of each of these ids.
    """

    years: npt.NDArray[np.int64]
    genres: Mask
    runtimes: npt.NDArray[np.int64]
    released: Mask
    ids: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]

    @classmethod
    def of(cls, catalogue: Catalogue) -> "Facets":
        """The facets of a catalogue, made once for each."""
        facets = _FACETS.get(catalogue)
        if facets is None:
            years = catalogue.number("year", _UNKNOWN_YEAR)
            # By column, because it is asked for a genre at a time.
            genres = np.zeros((len(catalogue), len(GENRES)), np.bool_, order="F")
            starts, numbers = catalogue.genres
            genres[np.repeat(np.arange(len(catalogue)), np.diff(starts)), numbers] = True
            ids = catalogue.movie_ids
            rows = np.argsort(ids)
            facets = _FACETS[catalogue] = cls(
                years,
                genres,
                catalogue.number("runtime"),
                catalogue.released(utc_now().date()) & ~bare_of(catalogue),
                ids[rows],
                rows,
            )
        return facets

    def fit(self, filters: Filters) -> Mask:
        """Which movies fit checked filters.

        A movie without a year fits no wish for years, one without a runtime fits every wish for runtimes: of
        years the data has nearly all, of runtimes some catalogues have none.

        Returns
        -------
        bool, shape (n_movies,)
        """
        mask = np.ones(len(self.years), np.bool_)
        if filters.genre is not None:
            mask &= self.genres[:, _COLUMN[filters.genre]]
        if filters.exclude_genre is not None:
            mask &= ~self.genres[:, _COLUMN[filters.exclude_genre]]
        if filters.from_year is not None:
            mask &= self.years >= filters.from_year
        if filters.to_year is not None:
            mask &= (self.years <= filters.to_year) & (self.years != _UNKNOWN_YEAR)
        if filters.max_runtime is not None:
            mask &= self.runtimes <= filters.max_runtime
        return mask

    def rows_of(self, movie_ids: Collection[int]) -> npt.NDArray[np.int64]:
        """Places in the catalogue of those of the movies that it has; int64, shape (at most n_ids,)."""
        if not len(self.ids):
            return self.rows
        wanted = np.fromiter(movie_ids, np.int64, len(movie_ids))
        places = np.searchsorted(self.ids, wanted)
        return self.rows[places[np.take(self.ids, places, mode="clip") == wanted]]

    def without(self, movie_ids: Collection[int]) -> Mask:
        """Which movies are out and not among these.

        Returns
        -------
        bool, shape (n_movies,)
        """
        mask = self.released.copy()
        mask[self.rows_of(movie_ids)] = False
        return mask


_FACETS: WeakKeyDictionary[Catalogue, Facets] = WeakKeyDictionary()


def nothing_fits(facets: Facets, filters: Filters, free: Mask, who: str = "you have") -> UserError:
    """What to tell somebody for whom no movie is left.

    Parameters
    ----------
    facets : Facets
    filters : Filters
        Checked ones.
    free : bool, shape (n_movies,)
        What this person could be shown without filters.
    who : str
        Whose list it is, as the beginning of a sentence.
    """
    if not len(free):
        return UserError(NO_CATALOGUE)
    if not free.any():
        return UserError(f"{who} rated or put aside every movie there is: nothing is left to recommend")
    fitting = int((facets.fit(filters) & facets.released).sum())
    wishes = _wishes(filters)
    what = ", ".join(wishes.values())
    if fitting:
        line = f"{who} rated or put aside all that fits {what} ({fitting})"
    else:
        line = f"no movie fits {what}"
    for name in wishes:
        left = int((facets.fit(replace(filters, **{name: None})) & free).sum())
        if left:
            return UserError(f"{line}: leave out {name}, and {left:,} are left")
    return UserError(f"{line}: use fewer filters")


def _wishes(filters: Filters) -> dict[str, str]:
    """The filters that are set, by name, in words."""
    words: dict[str, str] = {}
    if filters.genre is not None:
        words["genre"] = filters.genre
    if filters.exclude_genre is not None:
        words["exclude_genre"] = f"no {filters.exclude_genre}"
    if filters.from_year is not None:
        words["from_year"] = f"from {filters.from_year}"
    if filters.to_year is not None:
        words["to_year"] = f"up to {filters.to_year}"
    if filters.max_runtime is not None:
        words["max_runtime"] = f"up to {filters.max_runtime} minutes"
    return words
