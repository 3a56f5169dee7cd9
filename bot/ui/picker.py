"""Which of these? Where several movies fit, the person decides and the bot does not guess."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import discord

from bot.errors import UserError
from bot.services.shown_titles import name_of
from bot.ui.embeds import Colour, embed
from bot.ui.ids import custom_id
from bot.ui.screen import Button, Item, Screen, Select
from bot.ui.text import label, plain
from recommender.catalogue import Movie
from recommender.titles import Lookup

OPTIONS = 25
MOST = 4 * OPTIONS
"""So many movies have room in the menus of one message."""
ROW = 5
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
    none_of : discord.ui.Button, optional
        Pressed if it is none of the movies that are offered.
    advice : str
        What to do when nothing is near, as one sentence.
    """

    verb: str
    owner: int
    state: tuple[str, ...] = ()
    none_of: Button | None = None
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
    several = lookup.kind == "several"
    title = "Which one do you mean?" if several else "Did you mean one of these?"
    line = "More than one movie is called" if several else "I am not sure which movie you mean by"
    return choice_screen(question, lookup.movies, title, f"{line} “{plain(text, 200)}”.")


def choice_screen(question: Question, movies: Sequence[Movie], title: str, line: str) -> Screen:
    """The question which of these movies is meant, the best known ones in the first menu."""
    menus = [movies[start : start + OPTIONS] for start in range(0, min(len(movies), MOST), OPTIONS)]
    rows = [
        movie_menu(
            question.verb,
            question.owner,
            some,
            "Choose the movie" if place == 0 else f"Less known: {place * OPTIONS + 1} and on",
            *question.state,
            *([f"m{place}"] if place else []),
        )
        for place, some in enumerate(menus)
    ]
    items: list[Item] = [*rows, *([] if question.none_of is None else [question.none_of])]
    return Screen(embeds=(embed(title, line, colour=Colour.SLATE),), rows=tuple((item,) for item in items))


def with_another(screen: Screen, lookup: Lookup, question: Question) -> Screen:
    """The answer about the movie that was taken, with a way to the others that may be meant.

    Parameters
    ----------
    screen : Screen
    lookup : Lookup
        One movie.
    question : Question
        What is done with the other one once it is picked.
    """
    if not lookup.others:
        return screen
    taken = lookup.movies[0].movie_id
    button: Button = discord.ui.Button(
        label="Another one",
        custom_id=custom_id("another", question.owner, taken, question.verb, *question.state),
    )
    *rows, last = screen.rows or ((),)
    # A row has room for five buttons, or for one menu.
    joins = len(last) < ROW and all(isinstance(item, discord.ui.Button) for item in last)
    return replace(screen, rows=(*rows, (*last, button)) if joins else (*screen.rows, (button,)))


def movie_menu(verb: str, owner: int, movies: Sequence[Movie], placeholder: str, *state: int | str) -> Select:
    """A menu of up to 25 movies whose values are their ids."""
    return discord.ui.Select(
        custom_id=custom_id(verb, owner, *state),
        placeholder=label(placeholder, 150),
        options=[
            discord.SelectOption(
                label=label(name_of(movie), _LABEL),
                value=str(movie.movie_id),
                description=label(details(movie), _LABEL) if details(movie) else None,
            )
            for movie in movies[:OPTIONS]
        ],
    )


def details(movie: Movie) -> str:
    """What tells movies of one name apart, besides the year: director and genres."""
    parts = [", ".join(movie.directors[:2]), " · ".join(movie.shown_genres[:3])]
    return " — ".join(part for part in parts if part)
