"""Wishes that narrow a list: read, checked, and turned into a mask over a catalogue."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from bot.errors import UserError
from bot.services.answers import Filters
from bot.services.clock import utc_now
from bot.services.foreign import short
from bot.services.languages import language_name, language_named
from bot.services.newer import bare_of
from bot.services.wording import NO_CATALOGUE, counted, listed
from recommender.catalogue import GENRES, IMAX, Catalogue
from recommender.columns import Lists, Texts
from recommender.titles.credits import Credits, Named

Mask = npt.NDArray[np.bool_]

FIRST_YEAR, LAST_YEAR = 1870, 2100
LONGEST = 1000
"""Minutes that nobody would wish for less than."""
RECENT = 3
"""Recent is what came out this year or in the years before, so many in all."""
LAST_CLASSIC = 1979
MOST_LETTERS = 38
"""Of the names of people: a button has to remember them in a hundred characters with all the rest."""
OPTIONS = ("genre", "exclude_genre", "language", "released", "from_year", "to_year", "max_runtime", "with")
"""What the commands that make a list call the filters."""
_RELEASED = "any, recent, classics, a year, years such as 2019-2024, or a decade such as 1980s"
_UNKNOWN_YEAR = 0
_COLUMN = {genre: column for column, genre in enumerate(GENRES)}
_ALSO = {"sciencefiction": "Sci-Fi", "noir": "Film-Noir", "kids": "Children", "animated": "Animation"}
_BETWEEN = re.compile(r"\s*(?:,|;|/|\+|&|\band\b)\s*", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"\s*[,;]\s*")
_YEARS = re.compile(r"(\d{4})?\s*(?:-|–|to)\s*(\d{4})?|(\d{4})", re.IGNORECASE)
_DECADE = re.compile(r"(\d{3})0s")


def wished(options: Mapping[str, str | int | None], today: date, *, sequels: bool = False) -> Filters:
    """The filters that somebody typed, by `OPTIONS`; what is not among these does not matter.

    Parameters
    ----------
    options : mapping
        None for what was left out.
    today : date
        What is recent depends on it.
    sequels : bool

    Raises
    ------
    UserError
        As `checked` does, and if years are given twice or not understood.
    """
    text = {name: str(value) for name, value in options.items() if name in OPTIONS and value is not None}
    years = (_whole(text, "from_year"), _whole(text, "to_year"))
    if "released" in text:
        if years != (None, None):
            raise UserError("released: already says which years: leave out from_year and to_year")
        years = released(text["released"], today)
    return checked(
        Filters(
            genre=_parts(_BETWEEN, text.get("genre", "")),
            exclude_genre=_parts(_BETWEEN, text.get("exclude_genre", "")),
            from_year=years[0],
            to_year=years[1],
            sequels=sequels,
            max_runtime=_whole(text, "max_runtime"),
            language=text.get("language"),
            people=_parts(_BETWEEN_NAMES, text.get("with", "")),
        )
    )


def released(text: str, today: date) -> tuple[int | None, int | None]:
    """The first and the last year of what somebody typed: ``recent``, ``classics``, ``2019-2024``, ``1980s``.

    Raises
    ------
    UserError
        If it is nothing of the kind.
    """
    wanted = text.strip().casefold()
    named = {
        "any": (None, None),
        "recent": (today.year - RECENT + 1, None),
        "classics": (None, LAST_CLASSIC),
    }
    if wanted in named:
        return named[wanted]
    if decade := _DECADE.fullmatch(wanted):
        first = int(decade[1]) * 10
        return first, first + 9
    years = _YEARS.fullmatch(wanted)
    if years is None or not any(years.groups()):
        raise UserError(f"released: “{short(text)}” is not understood: use {_RELEASED}")
    first, last, only = (None if year is None else int(year) for year in years.groups())
    return (first, last) if only is None else (only, only)


def checked(filters: Filters) -> Filters:
    """The filters with genres as `GENRES` spells them, and the language as its code.

    Raises
    ------
    UserError
        If a genre or language is unknown, a year or a runtime impossible, or they contradict each other.
    """
    genre = tuple(dict.fromkeys(map(genre_named, filters.genre)))
    exclude = tuple(dict.fromkeys(map(genre_named, filters.exclude_genre)))
    if both := [name for name in genre if name in exclude]:
        raise UserError(f"{both[0]} cannot be both wanted and excluded: leave one of the two out")
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
    names = (" ".join(name.replace(":", " ").split()) for name in filters.people)
    people = tuple(dict.fromkeys(name for name in names if name))
    if len(",".join(people)) > MOST_LETTERS:
        raise UserError(f"with: takes at most {MOST_LETTERS} letters: name fewer people, or a shorter name")
    language = None if filters.language is None else language_named(filters.language)
    return replace(filters, genre=genre, exclude_genre=exclude, language=language, people=people)


def _parts(between: re.Pattern[str], text: str) -> tuple[str, ...]:
    # A long run of blanks would be looked at again from each of them.
    return tuple(part for part in between.split(" ".join(text.split())) if part)


def _whole(text: Mapping[str, str], name: str) -> int | None:
    value = text.get(name)
    if value is not None and re.fullmatch(r"-?[0-9]{1,9}", value) is None:
        raise UserError(f"{name} must be a whole number, not “{short(value)}”")
    return None if value is None else int(value)


def typeable(name: str) -> str:
    """The name of a person as `with` takes it, where a comma parts people: ``Robert Downey Jr.``."""
    return " ".join(name.replace(",", " ").replace(";", " ").split())


def genre_named(text: str) -> str:
    """The genre of this name, in any case and with or without hyphens.

    Raises
    ------
    UserError
        If there is none; the line names the closest ones.
    """
    known = {_folded(genre): genre for genre in GENRES if genre != IMAX} | _ALSO
    folded = _folded(text)
    if folded in known:
        return known[folded]
    close = dict.fromkeys(known[name] for name in get_close_matches(folded, known, n=3, cutoff=0.5))
    advice = (
        f"did you mean {' or '.join(close)}?"
        if close
        else f"there are {', '.join(sorted({*known.values()}))}"
    )
    raise UserError(f"“{short(text)}” is not a genre: {advice}")


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@dataclass(frozen=True, slots=True, eq=False)
class Facets:
    """Facts of a catalogue to filter by as arrays, in its order.

    Attributes
    ----------
    years : int64, shape (n_movies,)
        0 where unknown.
    genres : bool, shape (n_movies, n_genres)
        Columns in the order of `recommender.catalogue.GENRES`.
    runtimes : int64, shape (n_movies,)
        Minutes; 0 where unknown.
    languages : tuple of str
        ISO 639-1 codes.
    language_of : int32, shape (n_movies,)
        Number of the language of each movie among these; -1 where unknown.
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
    languages: tuple[str, ...]
    language_of: npt.NDArray[np.int32]
    released: Mask
    ids: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    # Not the catalogue itself, which would never be forgotten then.
    _texts: Texts
    _people: Sequence[Lists]
    _credits: list[Credits] = field(default_factory=list[Credits])

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
                *catalogue.languages,
                catalogue.released(utc_now().date()) & ~bare_of(catalogue),
                ids[rows],
                rows,
                catalogue.columns.texts,
                catalogue.people,
            )
        return facets

    @property
    def credits(self) -> Credits:
        """The people of the catalogue; made when somebody first asks for one, which takes a moment."""
        if not self._credits:
            self._credits.append(Credits(self._texts, self._people))
        return self._credits[0]

    def fit(self, filters: Filters) -> Mask:
        """Which movies fit checked filters.

        A movie of which a fact is not known fits no wish for it, but for a wish for the runtime: there are
        catalogues that know none.

        Returns
        -------
        bool, shape (n_movies,)

        Raises
        ------
        UserError
            If nobody in the catalogue has the name of one of the people.
        """
        mask = np.ones(len(self.years), np.bool_)
        for genre in filters.genre:
            mask &= self.genres[:, _COLUMN[genre]]
        for genre in filters.exclude_genre:
            mask &= ~self.genres[:, _COLUMN[genre]]
        if filters.from_year is not None:
            mask &= self.years >= filters.from_year
        if filters.to_year is not None:
            mask &= (self.years <= filters.to_year) & (self.years != _UNKNOWN_YEAR)
        if filters.max_runtime is not None:
            mask &= self.runtimes <= filters.max_runtime
        if filters.language is not None:
            known = filters.language in self.languages
            mask &= self.language_of == (
                self.languages.index(filters.language) if known else len(self.languages)
            )
        for name in filters.people:
            mask &= self.credits.movies_of(self._person(name).codes)
        return mask

    def lacking(self, filters: Filters) -> list[str]:
        """What to say of movies of which a fact that is filtered by is not known, a line for each fact."""
        lines: list[str] = []
        for option, unknown, left in (
            ("language", self.language_of < 0, "left out"),
            ("max_runtime", self.runtimes == 0, "kept in"),
            ("people", None, "left out"),
        ):
            if getattr(filters, option) in (None, ()):
                continue
            unknown = ~self.credits.someone() if unknown is None else unknown
            fact = {"max_runtime": "runtime"}.get(option, option)
            others = self.fit(replace(filters, **{option: _NOTHING[option]})) & self.released
            missing = int((unknown & others).sum())
            if missing and missing == int(others.sum()):
                lines.append(f"this catalogue does not know the {fact} of any movie that fits the rest")
            elif missing:
                lines.append(f"{counted(missing, 'movie')} whose {fact} I do not know {_is(missing)} {left}")
        return lines

    def _person(self, name: str) -> Named:
        found = self.credits.named(name)
        if found is None and not self.credits.someone().any():
            raise UserError("this catalogue does not name the people of its movies: leave out with")
        if found is None:
            close = self.credits.near(name)
            advice = (
                f"did you mean {' or '.join(map(short, map(typeable, close)))}?"
                if close
                else "check the spelling"
            )
            raise UserError(f"nobody called “{short(name)}” is in my catalogue: {advice}")
        return found

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
        Whose list it is, as the beginning of a sentence; empty for a list that is nobody's.
    """
    if not len(free):
        return UserError(NO_CATALOGUE)
    if not free.any():
        return UserError(f"{who} rated or put aside every movie there is: nothing is left to recommend")
    fitting = int((facets.fit(filters) & facets.released).sum())
    wishes = in_words(filters)
    what = ", ".join(wishes.values())
    if fitting:
        whose = f"{who} rated or put aside all that fits {what} ({fitting})"
        line = whose if who else f"no other movie fits {what}"
    else:
        line = f"no movie fits {what}"
    loose = {"with" if name == "people" else name: (name,) for name in wishes}
    if {"from_year", "to_year"} <= loose.keys():
        # They may have been typed as one.
        loose = {"the years": (loose.pop("from_year") + loose.pop("to_year"))} | loose
    for option, names in loose.items():
        left = int((facets.fit(replace(filters, **{name: _NOTHING[name] for name in names})) & free).sum())
        if left:
            return UserError(f"{line}: leave out {option}, and {left:,} are left")
    return UserError(f"{line}: use fewer filters")


_NOTHING = {name: getattr(Filters(), name) for name in Filters.__dataclass_fields__}


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def in_words(filters: Filters) -> dict[str, str]:
    """The filters that are set, by field, in words."""
    words: dict[str, str] = {}
    if filters.genre:
        words["genre"] = listed(filters.genre)
    if filters.exclude_genre:
        words["exclude_genre"] = f"no {' or '.join(filters.exclude_genre)}"
    if filters.language is not None:
        words["language"] = f"in {language_name(filters.language)}"
    if filters.from_year is not None:
        words["from_year"] = f"from {filters.from_year}"
    if filters.to_year is not None:
        words["to_year"] = f"up to {filters.to_year}"
    if filters.max_runtime is not None:
        words["max_runtime"] = f"up to {filters.max_runtime} minutes"
    if filters.people:
        words["people"] = f"with {listed(filters.people)}"
    return words
