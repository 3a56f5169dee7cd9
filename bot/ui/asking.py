"""*Ask me*: one movie at a time, one press for its stars; what was asked is remembered in the buttons."""

from collections.abc import Sequence

import discord

from bot.services.asking import ANSWERS
from bot.services.wording import stars_number
from bot.ui.embeds import Colour, embed
from bot.ui.ids import custom_id
from bot.ui.movies import genre_line, movie_name
from bot.ui.ratings import HALVES, mine_button
from bot.ui.screen import Button, Person, Screen
from bot.ui.text import plain
from recommender.catalogue import Movie

UNSEEN = 8
"""So many of the newest movies not seen fit into a `custom_id`."""


def question_screen(person: Person, movie: Movie | None, given: int, unseen: Sequence[int]) -> Screen:
    """The next question, or that there is none left.

    Parameters
    ----------
    person : Person
    movie : Movie or None
    given : int
        Answers of this round so far.
    unseen : sequence of int
        Movies of this round that the person has not seen, oldest first.
    """
    if movie is None:
        return Screen(
            embeds=(
                embed("Nothing left to ask", "You have rated every well-known movie.", colour=Colour.SLATE),
            ),
            rows=((mine_button(person),),),
        )
    memory = (given, ".".join(map(str, unseen[-UNSEEN:])))
    stars = [
        discord.ui.Button[discord.ui.View](
            label=f"{stars_number(half / 2)} ★",
            custom_id=custom_id("askstar", person.id, movie.movie_id, half, *memory),
        )
        for half in HALVES
    ]
    skip: Button = discord.ui.Button(
        label="Not seen", custom_id=custom_id("asknext", person.id, movie.movie_id, *memory)
    )
    return Screen(
        embeds=(
            embed(
                f"How was {movie_name(movie)}?",
                plain(genre_line(movie)),
                colour=Colour.TEAL,
                footer=f"{given} of {ANSWERS} answered · chosen because your stars say much",
            ),
        ),
        rows=(tuple(stars[:5]), tuple(stars[5:]), (skip, mine_button(person))),
    )
