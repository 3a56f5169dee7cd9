"""What the menus do: the picker, the card of one movie of a list, and the quick start."""

from collections.abc import Mapping

import discord

from bot.errors import UserError
from bot.services.shown_titles import name_of
from bot.store.movies import MovieRef
from bot.ui import screens
from bot.ui.ids import Stale, parse, unpack_filters, whole
from bot.ui.movie import movie
from bot.ui.picker import Question, choice_screen
from bot.ui.press import Handler, Press
from bot.ui.screen import Screen
from bot.ui.text import plain
from bot.ui.unmatched import none_button

PICKERS = frozenset({"pickother", "pickwhy", "picklike", "pickmovie", "pickwant", "picknom"})
"""What may be done with another movie than the one that was taken."""
_OWN_COMMAND = "use the command yourself"


async def pick_to_rate(press: Press) -> None:
    """The movie was chosen: record the stars that were given with the command."""
    person = press.own(_OWN_COMMAND)
    await press.replace(screens.rate(press.services, person, press.chosen, press.stars(0)))


async def another(press: Press) -> None:
    """Not this movie: ask which other one is meant, the others of its name first."""
    press.own(_OWN_COMMAND)
    verb, state = press.part(1), press.state[2:]
    if verb not in PICKERS:
        raise Stale
    taken = press.services.movies.get(press.number(0))
    lookup = press.services.movies.find(taken.title)
    others = [movie for movie in (*lookup.movies, *lookup.others) if movie != taken]
    # What was rated as the wrong movie can be kept until the right one is known.
    none_of = none_button(press.owner, taken.title, None, press.number(2)) if verb == "pickother" else None
    if not others and none_of is None:
        raise UserError("I know no other movie of that name; write the title with its year behind it.")
    question = Question(verb, press.owner, state, none_of)
    line = f"Not {plain(name_of(taken), 200)}, but:"

    async def ask() -> Screen:
        return choice_screen(question, others, "Which one do you mean?", line)

    await press.reply(ask())


async def pick_instead(press: Press) -> None:
    """The movie that was meant: it gets the stars that went to another one."""
    person = press.own(_OWN_COMMAND)
    await press.replace(screens.rate_instead(press.services, person, press.number(0), press.chosen))


async def pick_to_unrate(press: Press) -> None:
    """The movie was chosen: remove its rating."""
    person = press.own(_OWN_COMMAND)
    await press.replace(screens.unrate(press.services, person, MovieRef(press.chosen)))


async def pick_for_why(press: Press) -> None:
    """The movie was chosen: explain it."""
    person = press.own(_OWN_COMMAND)
    await press.replace(screens.why(press.services, person, press.chosen))


async def pick_for_similar(press: Press) -> None:
    """The movie was chosen: list movies like it."""
    press.own(_OWN_COMMAND)
    movie = press.services.movies.get(press.chosen)
    filters = unpack_filters(press.part(1))
    await press.replace(screens.similar(press.services, movie, press.number(0), filters))


async def pick_to_show(press: Press) -> None:
    """The movie was chosen: tell about it."""
    person = press.own(_OWN_COMMAND)
    shown = movie(press.services, person, press.chosen, press.interaction.guild_id)
    await press.replace(shown)


async def card(press: Press) -> None:
    """A movie of a list, with buttons for whoever chose it."""
    await press.reply(movie(press.services, press.person, press.chosen, press.interaction.guild_id))


async def quick(press: Press) -> None:
    """Stars for the quick start's movie, and on to the next."""
    person = press.own(_OWN_COMMAND)
    movie_id = press.number(0)
    await press.services.ratings.rate(person.id, person.name, movie_id, press.stars(1))
    await press.replace(screens.quick(press.services, person, _dozen(press), after=movie_id))


async def skip(press: Press) -> None:
    """On to the quick start's next movie."""
    person = press.own(_OWN_COMMAND)
    await press.replace(screens.quick(press.services, person, _dozen(press), after=press.number(0)))


async def jump(press: Press) -> None:
    """Ask about the chosen one of the quick start's movies."""
    person = press.own(_OWN_COMMAND)
    await press.replace(screens.quick(press.services, person, _dozen(press), at=press.chosen))


def _dozen(press: Press) -> tuple[int, ...]:
    """The quick start's movies, which the menu of its message remembers."""
    message = press.interaction.message
    rows = message.components if message else []
    for row in rows:
        for item in row.children if isinstance(row, discord.ActionRow) else []:
            control = parse(item.custom_id or "") if isinstance(item, discord.SelectMenu) else None
            if isinstance(item, discord.SelectMenu) and control is not None and control.verb == "jump":
                return tuple(whole(option.value) for option in item.options)
    return ()


HANDLERS: Mapping[str, Handler] = {
    "pickrate": pick_to_rate,
    "another": another,
    "pickother": pick_instead,
    "pickrated": pick_to_unrate,
    "pickwhy": pick_for_why,
    "picklike": pick_for_similar,
    "pickmovie": pick_to_show,
    "card": card,
    "quick": quick,
    "skip": skip,
    "jump": jump,
}
