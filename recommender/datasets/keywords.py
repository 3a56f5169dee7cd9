"""Keywords of movies, from the tags that people put on them."""

import re
from array import array
from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from recommender.catalogue import GENRES, Movie
from recommender.titles.folding import fold_all

MOST_KEYWORDS = 6
AGREEING_USERS = 2
KNOWN_MOVIES = 5
_LONGEST = 40
_YEAR = re.compile(r"(?:18|19|20)\d\ds?")
_GENRES = frozenset({*fold_all(GENRES), "science fiction", "childrens", "kids", "documentaries"})

# What people note for themselves says nothing of a movie.
_NOTES = re.compile(
    r".*\bnetflix\b.*|(?:un|not )?seen\b.*|(?:re)?watch(?:ed|list)?|(?:want )?to (?:see|watch)|own(?:ed)?"
    r"|my (?:movies|dvds|collection)|.*\bdvds?\b.*|vhs|betamax|blu ?ray|bd r|clv|cav|tivo|dvr|rental|library"
    r"|imdb top 250|afi 100.*|less than \d+ ratings|movielens"
)

Integers = npt.NDArray[np.int64]


class Tags:
    """Collects tags and decides which of them are keywords.

    Tags that differ in case, accents, blanks or punctuation are one, shown in its most frequent spelling, in
    lower case. It is a keyword of a movie if two people gave it to this movie, or if it is on at least
    five movies; but not if it is the movie's own title, a year, a genre, or a note to oneself such as
    *in netflix queue*. A movie keeps the six that most people gave it; among equals those on more movies.
    """

    def __init__(self) -> None:
        self._users, self._movies, self._tags = array("q"), array("q"), array("q")
        self._spellings: dict[str, int] = {}

    def add(self, user_id: int, movie_id: int, tag: str) -> None:
        """Note that somebody gave a tag to a movie."""
        spelling = " ".join(tag.split()).lower()
        if spelling:
            self._users.append(user_id)
            self._movies.append(movie_id)
            self._tags.append(self._spellings.setdefault(spelling, len(self._spellings)))

    def keywords(self, movies: Mapping[int, Movie]) -> dict[int, tuple[str, ...]]:
        """Keywords by movie id, best first; movies without any are left out."""
        idea_of, shown, folded = self._ideas()
        if not shown:
            return {}
        ideas = idea_of[np.frombuffer(self._tags, np.int64)]
        usable = ideas >= 0
        _, users = np.unique(np.frombuffer(self._users, np.int64), return_inverse=True)
        movie_ids, positions = np.unique(np.frombuffer(self._movies, np.int64), return_inverse=True)
        # One number for each (movie, idea, user): rows would take ten times as long to sort.
        people = int(users.max()) + 1
        pairs = positions[usable] * len(shown) + ideas[usable]
        pairs, given = np.unique(np.unique(pairs * people + users[usable]) // people, return_counts=True)
        known_from = np.bincount(pairs % len(shown), minlength=len(shown))
        kept = (given >= AGREEING_USERS) | (known_from[pairs % len(shown)] >= KNOWN_MOVIES)
        ranked: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for pair, count in zip(pairs[kept].tolist(), given[kept].tolist(), strict=True):
            idea = pair % len(shown)
            ranked[int(movie_ids[pair // len(shown)])].append((-count, -int(known_from[idea]), idea))
        chosen: dict[int, tuple[str, ...]] = {}
        for movie_id in ranked.keys() & movies.keys():
            own = set(fold_all([movies[movie_id].title, *movies[movie_id].aliases]))
            names = [shown[idea] for *_, idea in sorted(ranked[movie_id]) if folded[idea] not in own]
            if names:
                chosen[movie_id] = tuple(names[:MOST_KEYWORDS])
        return chosen

    def _ideas(self) -> tuple[Integers, list[str], list[str]]:
        """The idea that each spelling stands for, or -1; each idea's best spelling; its folded form."""
        spellings = list(self._spellings)
        forms = [" ".join(form.split()) for form in fold_all(spellings)]
        uses = np.bincount(np.frombuffer(self._tags, np.int64), minlength=len(spellings)).tolist()
        best: dict[str, tuple[int, str]] = {}
        for spelling, form, count in zip(spellings, forms, uses, strict=True):
            useless = _YEAR.fullmatch(form) or form in _GENRES or _NOTES.fullmatch(form)
            if form and len(spelling) <= _LONGEST and not useless:
                best[form] = min(best.get(form, (0, "")), (-count, spelling))
        codes = {form: code for code, form in enumerate(best)}
        idea_of = np.array([codes.get(form, -1) for form in forms], np.int64)
        return idea_of, [spelling for _, spelling in best.values()], list(codes)
