"""What the menus do: the picker, the card of one movie of a list, and the quick start."""

from collections.abc import Mapping

import discord

from bot.ui import screens
from bot.ui.ids import parse, unpack_filters
from bot.ui.movie import movie
from bot.ui.press import Handler, Press

_OWN_COMMAND = "use the command yourself"


async def pick_to_rate(press: Press) -> None:
    """The movie was chosen: record the stars that were given with the command."""
    person = press.own(_OWN_COMMAND)
    await press.replace(screens.rate(press.services, person, _chosen(press), press.number(0) / 2))


async def pick_to_unrate(press: Press) -> None:
    """The movie was chosen: remove its rating."""
    person = press.own(_OWN_COMMAND)
    await press.replace(screens.unrate(press.services, person, _chosen(press)))


async def pick_for_why(press: Press) -> None:
    """The movie was chosen: explain it."""
    person = press.own(_OWN_COMMAND)
    await press.replace(screens.why(press.services, person, _chosen(press)))


async def pick_for_similar(press: Press) -> None:
    """The movie was chosen: list movies like it."""
    press.own(_OWN_COMMAND)
    movie = press.services.movies.get(_chosen(press))
    filters = unpack_filters(press.state[1])
    await press.replace(screens.similar(press.services, movie, press.number(0), filters))


async def pick_to_show(press: Press) -> None:
    """The movie was chosen: tell about it."""
    person = press.own(_OWN_COMMAND)
    shown = movie(press.services, person, _chosen(press), press.interaction.guild_id)
    await press.replace(shown)


async def card(press: Press) -> None:
    """A movie of a list, with buttons for whoever chose it."""
    await press.reply(movie(press.services, press.person, _chosen(press), press.interaction.guild_id))


async def quick(press: Press) -> None:
    """Stars for the quick start's movie, and on to the next."""
    person = press.own(_OWN_COMMAND)
    movie_id = press.number(0)
    await press.services.ratings.rate(person.id, person.name, movie_id, press.number(1) / 2)
    await press.replace(screens.quick(press.services, person, _dozen(press), after=movie_id))


async def skip(press: Press) -> None:
    """On to the quick start's next movie."""
    person = press.own(_OWN_COMMAND)
    await press.replace(screens.quick(press.services, person, _dozen(press), after=press.number(0)))


async def jump(press: Press) -> None:
    """Ask about the chosen one of the quick start's movies."""
    person = press.own(_OWN_COMMAND)
    await press.replace(screens.quick(press.services, person, _dozen(press), at=_chosen(press)))


def _chosen(press: Press) -> int:
    return int(press.values[0])


def _dozen(press: Press) -> tuple[int, ...]:
    """The quick start's movies, which the menu of its message remembers."""
    message = press.interaction.message
    rows = message.components if message else []
    for row in rows:
        for item in row.children if isinstance(row, discord.ActionRow) else []:
            control = parse(item.custom_id or "") if isinstance(item, discord.SelectMenu) else None
            if isinstance(item, discord.SelectMenu) and control is not None and control.verb == "jump":
                return tuple(int(option.value) for option in item.options)
    return ()


HANDLERS: Mapping[str, Handler] = {
    "pickrate": pick_to_rate,
    "pickunrate": pick_to_unrate,
    "pickwhy": pick_for_why,
    "picklike": pick_for_similar,
    "pickmovie": pick_to_show,
    "card": card,
    "quick": quick,
    "skip": skip,
    "jump": jump,
}
