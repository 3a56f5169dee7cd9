"""Which movie somebody means."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from bot.errors import UserError
from bot.services.shelf import Shelf
from bot.services.stars import split_rating
from bot.services.wording import NO_CATALOGUE
from bot.store.movies import MovieRef
from recommender.catalogue import Movie
from recommender.titles import Lookup, TitleIndex, is_address, link, same_name

Elsewhere = Callable[[str], Awaitable[bool]]

LONGEST_TITLE = 400
_LONGEST_NUMBER = 18
_IN_CATALOGUE, _OWN = "movie:", "own:"
_NO_FILM = (
    "that address does not say which film it is: use a film's page at IMDb, TMDB or Letterboxd (a short"
    " boxd.it address has to be opened first), or type the title"
)


def reference(movie: Movie | MovieRef) -> str:
    """The text that stands for exactly this movie; completion sends it.

    ``movie:603`` is one of the catalogue, ``own:12`` one of somebody's rows.
    """
    return f"{_OWN}{movie.key}" if isinstance(movie, MovieRef) else f"{_IN_CATALOGUE}{movie.movie_id}"


def referred(text: str) -> int | MovieRef | None:
    """What a text that `reference` made names; None if the text is a title."""
    prefix, colon, number = text.strip().rpartition(":")
    if not (number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER):
        return None
    if prefix + colon == _OWN:
        return MovieRef(int(number))
    return int(number) if prefix + colon == _IN_CATALOGUE else None


def title_text(text: str) -> str:
    """The text as it can be looked up.

    Raises
    ------
    UserError
        If there is nothing to look up, or far too much, or an address that does not tell a film.
    """
    line = " ".join(text.split())
    if not line:
        raise UserError("say the title of a movie, or its beginning")
    if len(line) > LONGEST_TITLE:
        raise UserError(f"that is no title: it has {len(line)} characters, {LONGEST_TITLE} are the most")
    if is_address(line) and link(line) is None:
        raise UserError(_NO_FILM)
    return line


async def find_among(movies: Iterable[tuple[MovieRef, Movie]], text: str) -> Lookup:
    """Which of the movies of a person's rows is meant.

    Returns
    -------
    Lookup
        Its movies are numbered by the keys of their `MovieRef`.

    Raises
    ------
    UserError
        If the text is empty or has more than 400 characters.
    """
    named, title = referred(text), title_text(text)
    listed = list(movies)
    own = [movie._replace(movie_id=ref.key) for ref, movie in listed]
    if named is not None:
        names = ((ref, movie.movie_id) for ref, movie in listed)
        fitting = [one for one, its in zip(own, names, strict=True) if named in its]
        return Lookup((fitting[0],), "one") if fitting else Lookup((), "none")
    # In a thread, for somebody who rated everything there is.
    return await asyncio.to_thread(lambda: TitleIndex(own).find(title))


class Movies:
    """Looks movies up in the active catalogue.

    Wherever a title is taken, the text of `reference` is one too.

    Parameters
    ----------
    shelf : Shelf
    elsewhere : callable, optional
        Looks for a title that is not found, and answers whether the catalogue has something for it now.
    """

    def __init__(self, shelf: Shelf, elsewhere: Elsewhere | None = None) -> None:
        self._shelf = shelf
        self._elsewhere = elsewhere

    async def locate(self, text: str, limit: int = 100) -> Lookup:
        """As `find`; what is not found here is looked for elsewhere, and joins the catalogue if it is there.

        Raises
        ------
        UserError
            As `find` does.
        """
        lookup = self.find(text, limit)
        if lookup.kind not in ("none", "close") or self._elsewhere is None:
            return lookup
        return self.find(text, limit) if await self._elsewhere(title_text(text)) else lookup

    def find(self, text: str, limit: int = 100) -> Lookup:
        """Which movies a text means, best first.

        Raises
        ------
        UserError
            If the text is empty or has more than 400 characters, or refers to an unknown movie, or
            the active data set could not be read.
        """
        movie_id = referred(text)
        if isinstance(movie_id, int):
            return Lookup((self.get(movie_id),), "one")
        title = title_text(text)
        if not len(self._shelf.current.catalogue):
            raise UserError(NO_CATALOGUE)
        return self._shelf.current.titles.find(title, limit)

    def title_and_stars(self, text: str) -> tuple[str, float]:
        """Title and stars of a line whose last word is the stars: ``Blade Runner 4.5``.

        Raises
        ------
        UserError
            If the stars are missing or no stars, or if the whole line is a movie too: ``Toy Story 3``
            may be the third one without stars, or three stars for the first.
        """
        title, stars = split_rating(text)
        whole = self._shelf.current.titles.find(title_text(text), 1).movies
        # A row of ★ is never part of a title, and a search passes over it.
        spoken = any(letter.isalnum() for letter in text.split()[-1])
        if spoken and whole and same_name(whole[0].title, text):
            name = whole[0].title
            raise UserError(
                f"{name} is a movie too: for that one write its stars behind it ({name} {stars:g}), for"
                f" the other one its year before them ({title} (year) {stars:g})"
            )
        return title, stars

    def suggest(self, text: str, limit: int = 25) -> list[Movie]:
        """What somebody who is still typing may mean; the best known movies at first."""
        movie_id = referred(text)
        if isinstance(movie_id, int):
            movie = self._shelf.current.catalogue.get(movie_id)
            return [] if movie is None else [movie]
        return [] if len(text) > LONGEST_TITLE else self._shelf.current.titles.suggest(text, limit)

    def get(self, movie_id: int) -> Movie:
        """The movie with this id.

        Raises
        ------
        UserError
            If the active catalogue lacks it.
        """
        movie = self._shelf.current.catalogue.get(movie_id)
        if movie is None:
            raise UserError("the catalogue does not have that movie any more: look it up by its title")
        return movie
