"""Questions with numbered answers: which movie, how many stars."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from bot.console.screen import isolated
from bot.console.talk import Talk
from bot.errors import UserError
from bot.services.foreign import short
from bot.services.shown_titles import name_of
from bot.services.stars import format_stars
from recommender.catalogue import Movie
from recommender.titles import Lookup

LISTED = 10
ALL_STARS = tuple(half / 2 for half in range(10, 0, -1))

OnMovie = Callable[[Talk, Movie], Awaitable[None]]
Keep = Callable[[Talk], Awaitable[None]]
OnStars = Callable[[Talk, Movie, float], Awaitable[object]]


async def with_movie(
    talk: Talk,
    text: str,
    lookup: Lookup,
    act: OnMovie,
    instead: OnMovie | None = None,
    keep: Keep | None = None,
) -> None:
    """Act on the movie that was meant, or ask which one.

    Parameters
    ----------
    talk : Talk
    text : str
        What was written.
    lookup : Lookup
    act : callable
    instead : callable, optional
        What is done with another movie of the name once `act` has been done; `act` if left out.
    keep : callable, optional
        What is done where no movie is meant; without it that is a mistake.

    Raises
    ------
    UserError
        If nothing is near what was written.
    """
    wanted = short(text)
    if lookup.kind == "none" and keep is not None:
        await keep(talk)
        return
    if lookup.kind == "none":
        raise UserError(f"no movie like “{wanted}” is known; check the spelling, or try a word of the title")
    if lookup.kind == "one":
        await act(talk, lookup.movies[0])
        if lookup.others:
            taken = lookup.movies[0]
            other = talk.choice("another one", partial(_ask_other, taken, lookup.others, instead or act))
            talk.screen.note(other, indent=2)
        return
    if lookup.kind == "several":
        talk.screen.heading(f"Several movies are called “{isolated(wanted)}”. Which one?")
    else:
        talk.screen.heading(f"I am not sure which movie “{isolated(wanted)}” is. Did you mean one of these?")
    _list(talk, lookup.movies, act)
    if keep is not None:
        talk.screen.note(talk.choice("none of these: keep it as typed", keep), indent=2)


async def _ask_other(taken: Movie, others: Sequence[Movie], act: OnMovie, talk: Talk) -> None:
    offer_movies(talk, f"Not {isolated(name_of(taken))}. Which one?", others, act)


def offer_movies(talk: Talk, question: str, movies: Sequence[Movie], act: OnMovie) -> None:
    """Ask which of these movies it is."""
    talk.screen.heading(question)
    _list(talk, movies, act)


def _list(talk: Talk, movies: Sequence[Movie], act: OnMovie) -> None:
    """Offer the first few movies, and the rest behind one choice."""
    for movie in movies[:LISTED]:
        line = talk.choice(isolated(name_of(movie)), partial(_take_movie, movie, act))
        talk.screen.line(line, (_details(movie), "dim"), indent=2)
    if len(movies) > LISTED:
        talk.screen.note(talk.choice("less known ones", partial(_list_rest, movies[LISTED:], act)), indent=2)


async def _list_rest(movies: Sequence[Movie], act: OnMovie, talk: Talk) -> None:
    _list(talk, movies, act)


def ask_stars(talk: Talk, movie: Movie, act: OnStars) -> None:
    """Ask for the stars of a movie."""
    talk.screen.heading(f"How many stars for {isolated(name_of(movie))}?")
    for stars in ALL_STARS:
        talk.screen.line(talk.choice(format_stars(stars), partial(_take_stars, movie, stars, act)), indent=2)


async def _take_movie(movie: Movie, act: OnMovie, talk: Talk) -> None:
    await act(talk, movie)


async def _take_stars(movie: Movie, stars: float, act: OnStars, talk: Talk) -> None:
    await act(talk, movie, stars)


def _details(movie: Movie) -> str:
    """What tells movies of one name apart."""
    known = (", ".join(map(isolated, movie.directors[:2])), ", ".join(movie.shown_genres[:3]))
    return "".join(f"  {detail}" for detail in known if detail)
