"""The index of titles: what to offer while somebody types, and which movie they mean."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

from recommender.catalogue import Catalogue, Movie
from recommender.titles.folding import fold
from recommender.titles.links import Link, link
from recommender.titles.query import Reading, readings
from recommender.titles.search import Search

_ENOUGH = 5
_MOST_NEAR = 10
"""So many movies are worth asking about that are merely near."""

FAR_BETTER = 20
"""A movie with so many times the votes of another, or the ratings without votes, is far better known."""
WELL_KNOWN_SHARE = 1 / 100_000
"""A movie needs this share of all votes, and FAR_BETTER at least, to be taken for its bare title.

The film that is meant may be one that the catalogue lacks. So the one it has is taken only if it is far
better known than a film that goes missing is likely to be.
"""

Floats = npt.NDArray[np.float64]

Kind = Literal["one", "several", "close", "none"]


class Lookup(NamedTuple):
    """Which movies a text means.

    Attributes
    ----------
    movies : tuple of Movie
        Best first.
    kind : str
        ``one``: the text is the title of this movie and of no other that is about as well known, act on it.
        ``several``: it is the title of several, such as remakes, ask. ``close``: these are near, or less
        known than the film that may be meant, ask. ``none``: nothing is near.
    others : tuple of Movie
        With ``one``, what else may be meant if no year was typed: first other movies of that name, all of
        them far less known.
    """

    movies: tuple[Movie, ...]
    kind: Kind
    others: tuple[Movie, ...] = ()


class TitleIndex:
    """Finds movies by title; never changes, so threads may share it.

    Parameters
    ----------
    movies : Catalogue, or iterable of Movie
        Of a catalogue no `Movie` is made but of those that are found.
    ratings : sequence of float, same length, optional
        How often each was rated. Together with the movies' votes that says how well known they are: the
        better known of equally good hits comes first. Between equals the given order decides.
    file : Path, optional
        Where the tables of the index are kept from one start to the next; they are made in a few seconds for
        300,000 movies, and read in a quarter of one.
    """

    def __init__(
        self,
        movies: Catalogue | Iterable[Movie],
        ratings: Sequence[float] | Floats | None = None,
        file: Path | None = None,
    ) -> None:
        self._catalogue = catalogue = movies if isinstance(movies, Catalogue) else Catalogue(movies)
        counts = np.zeros(len(catalogue)) if ratings is None else np.asarray(ratings, np.float64)
        votes = catalogue.number("votes", -1).astype(np.float64)
        votes[votes < 0] = np.nan
        fame = _fame(votes, counts)
        self._order = order = np.argsort(-fame, kind="stable")
        self._votes, self._ratings, self._fame = votes[order], counts[order], fame[order]
        # With less than a rating or a vote for each movie, nobody can say which ones are well known.
        counted = float(fame.sum())
        enough = counted >= len(catalogue)
        self._well_known = max(FAR_BETTER, counted * WELL_KNOWN_SHARE) if enough else 0.0
        self._search = Search(catalogue, order, file)

    def __len__(self) -> int:
        return len(self._catalogue)

    def _movie(self, rank: int) -> Movie:
        return self._catalogue.movies[int(self._order[rank])]

    def suggest(self, text: str, limit: int = 25) -> list[Movie]:
        """Complete what somebody is typing; the most popular movies if that is nothing yet.

        Exact titles come first, then titles that begin like the text or have these initials, titles with all
        its words and, if these are few, titles that are near; the most popular ones first within each.
        """
        linked = link(text)
        if linked is not None:
            return list(self._linked(linked, limit).movies)
        ways = readings(text)
        if not ways:
            return [self._movie(rank) for rank in range(min(limit, len(self)))]
        # "lord of t" may be on its way to "lord of the rings", and articles are not in the index.
        ways += [
            replace(way, words=way.words[:-1])
            for way in ways
            if len(way.words) > 1 and way.words[-1] in ("t", "th")
        ]
        search, found = self._search, dict[int, None]()
        for way in ways:
            stages = search.exactly, search.loosely, search.beginning_or_initials
            for stage in (*stages, search.in_series, search.with_words):
                if len(found) < limit:
                    found.update(dict.fromkeys(search.in_years(stage(way), way)[:limit].tolist()))
        if len(found) < _ENOUGH:
            for way in ways:
                found.update(dict.fromkeys(search.misspelt(way, search.near_names(way))))
        return [self._movie(rank) for rank in list(found)[:limit]]

    def find(self, text: str, limit: int = 100) -> Lookup:
        """Find the movie that a title means; a year may stand behind it, also in parentheses.

        A text means a movie without a question only if it is its title (see
        `recommender.titles.folding.spellings`) and no other movie of that name is about as well known. A year
        that was typed is binding. Everything else that is near, other titles of a movie too, is a question.
        An address of a film is a title too; see `recommender.titles.links`.

        Parameters
        ----------
        text : str
            What a person wrote, a whole title rather than the beginning of one. Anything is accepted.
        limit : int
            At most so many movies of one name are returned.
        """
        linked = link(text)
        if linked is not None:
            return self._linked(linked, limit)
        search = self._search
        ways = [way for way in readings(text) if way.years is None or way.has_whole_year]
        alike = [search.loosely(way) for way in ways]
        for way, ranks in zip(ways, alike, strict=True):
            fitting = search.in_years(ranks, way).tolist()
            titled = [rank for rank in fitting if search.is_titled(rank, way)]
            if titled:
                alike_only = [rank for rank in fitting if rank not in titled]
                return self._of_this_title(text, way, titled, alike_only, limit)
        # From here on nothing has that very title: "Tge Mask" and "TheTerminal" are read as mistakes.
        mistaken = [repaired for way in ways if (repaired := self._with_article(way)) is not None]
        alike += [search.loosely(way) for way in mistaken]
        ways += mistaken
        close: list[int] = []
        for way, ranks in zip(ways, alike, strict=True):
            close += search.in_years(ranks, way).tolist()
        for way in ways:
            close += search.in_years(search.in_series(way), way).tolist()
            close += search.in_years(search.by_initials(way), way).tolist()
        near = [search.near_names(way) for way in ways]
        for way, ranks, names in zip(ways, alike, near, strict=True):
            close += [name.rank for name in names if name.typos <= 1]
            close += search.in_years(search.by_part(way), way).tolist()
            # Sources differ in the year by one, and people by more.
            close += ranks.tolist()
        close += [name.rank for names in near for name in names]
        for way, names in zip(ways, near, strict=True):
            for stage in (search.with_whole_words, search.with_words):
                close += search.in_years(stage(way), way)[:limit].tolist()
            close += search.misspelt(way, names)
        if not close:
            close = [rank for way in ways for rank in search.with_most_words(way, limit)]
        return self._answer(close, "close" if close else "none", min(limit, _MOST_NEAR))

    def _linked(self, linked: Link, limit: int) -> Lookup:
        if linked.fact is None:
            return self.find(linked.title, limit)
        rows: list[int] = np.flatnonzero(self._catalogue.number(linked.fact, -1) == linked.number).tolist()
        movies = tuple(self._catalogue.movies[row] for row in rows[:limit])
        return Lookup(movies, "one" if len(movies) == 1 else "several" if movies else "none")

    def _of_this_title(
        self, text: str, way: Reading, titled: list[int], alike: list[int], limit: int
    ) -> Lookup:
        """The answer where movies have this very title, and others have it as an alias or nearly."""
        if way.years is not None:
            return self._answer(titled, "several" if len(titled) > 1 else "one", limit)
        # "Crush(ed)" is itself before it is "Crushed".
        titled.sort(key=lambda rank: fold(self._movie(rank).title) != way.text)
        best = titled[0]
        rivals = [*titled[1:], *(rank for rank in alike if self._search.has_alias(rank, way))]
        # "Killer" may well mean "The Killer", but "The Killer" does not mean "Killer".
        bare = way.text.split() == way.words
        nearly = [rank for rank in alike if bare and rank not in rivals]
        clear = all(self._far_better_known(best, rival) for rival in rivals)
        clear &= all(best < rank for rank in nearly)
        if clear and self._is_well_known(best):
            taken, *others = dict.fromkeys(
                [*(self._movie(rank) for rank in (best, *rivals, *nearly)), *self.suggest(text)]
            )
            return Lookup((taken,), "one", tuple(others[:limit]))
        movies = [*titled, *rivals, *nearly]
        return self._answer(movies, "several" if len(movies) > 1 else "close", limit)

    def _far_better_known(self, rank: int, other: int) -> bool:
        known = self._votes if np.isfinite(self._votes[[rank, other]]).all() else self._ratings
        return bool(known[rank] >= FAR_BETTER * max(known[other], 1.0))

    def _is_well_known(self, rank: int) -> bool:
        """Whether no film that the catalogue lacks is likely to be meant."""
        return bool(self._fame[rank] >= self._well_known)

    def _with_article(self, way: Reading) -> Reading | None:
        """The reading with the article in front of it put right, or None if that is not misspelt."""
        first, *rest = way.words
        if self._search.knows(first):
            return None
        if rest and OSA.distance(first, "the") <= 1:
            words = rest
        elif len(first) > len("the") + 1 and first.startswith("the"):
            words = [first.removeprefix("the"), *rest]
        else:
            return None
        return replace(way, text=f"the {' '.join(words)}", words=words)

    def _answer(self, ranks: Sequence[int], kind: Kind, limit: int) -> Lookup:
        return Lookup(tuple(self._movie(rank) for rank in list(dict.fromkeys(ranks))[:limit]), kind)


def _fame(votes: Floats, ratings: Floats) -> Floats:
    """Votes, and where they are not known what they might be by the ratings: float64, shape (n_movies,)."""
    both = np.isfinite(votes) & (ratings > 0)
    votes_each = votes[both].sum() / ratings[both].sum() if both.any() else 1.0
    return np.where(np.isfinite(votes), votes, ratings * votes_each)
