"""Which of these? Where several movies fit, the person decides and the bot does not guess."""

from dataclasses import dataclass

import discord

from bot.errors import UserError
from bot.ui.embeds import Colour, embed
from bot.ui.ids import custom_id
from bot.ui.screen import Screen, Select
from bot.ui.text import label, plain
from recommender.catalogue import Movie
from recommender.titles import Lookup

OPTIONS = 25
_LABEL = 100


@dataclass(frozen=True, slots=True)
class Question:
    """What is done with the movie once it is picked: the verb and state of the menu.

    Attributes
    ----------
    verb : str
    owner : int
        Who is asked.
    state : tuple of str
    advice : str
        What to do when nothing is near, as one sentence.
    """

    verb: str
    owner: int
    state: tuple[str, ...] = ()
    advice: str = "Check the spelling, or type the beginning of the title and choose from the list."


def one_of(lookup: Lookup, text: str, question: Question) -> Movie | Screen:
    """The movie if exactly one fits, else the question which it is.

    Raises
    ------
    UserError
        If nothing is near.
    """
    if lookup.kind == "one":
        return lookup.movies[0]
    if lookup.kind == "none" or not lookup.movies:
        raise UserError(f"I find no movie “{label(text, 80)}”. {question.advice}")
    title = "Which one do you mean?" if lookup.kind == "several" else "Did you mean one of these?"
    about = "fits" if lookup.kind == "several" else "is near"
    return Screen(
        embeds=(
            embed(title, f"More than one movie {about} “{plain(text, 200)}”.", colour=Colour.SLATE)
            if len(lookup.movies) > 1
            else embed(title, f"Nothing is called exactly “{plain(text, 200)}”.", colour=Colour.SLATE),
        ),
        rows=(
            (movie_menu(question.verb, question.owner, lookup.movies, "Choose the movie", *question.state),),
        ),
    )


def movie_menu(
    verb: str, owner: int, movies: tuple[Movie, ...], placeholder: str, *state: int | str
) -> Select:
    """A menu of up to 25 movies whose values are their ids."""
    return discord.ui.Select(
        custom_id=custom_id(verb, owner, *state),
        placeholder=label(placeholder, 150),
        options=[
            discord.SelectOption(
                label=label(movie.name, _LABEL),
                value=str(movie.movie_id),
                description=label(details(movie), _LABEL) if details(movie) else None,
            )
            for movie in movies[:OPTIONS]
        ],
    )


def details(movie: Movie) -> str:
    """What tells movies of one name apart, besides the year: director and genres."""
    parts = [", ".join(movie.directors[:2]), " · ".join(movie.genres[:3])]
    return " — ".join(part for part in parts if part)
