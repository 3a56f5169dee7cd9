"""What the buttons of a round of questions do."""

from collections.abc import Mapping

from bot.ui import screens
from bot.ui.ids import whole
from bot.ui.press import Handler, Press

_OWN = "use /ask for questions of your own"


async def ask(press: Press) -> None:
    """Begin a round, as a message of its own."""
    person = press.own(_OWN)
    await press.reply(screens.ask(press.services, person, 0, []))


async def star(press: Press) -> None:
    """Record the stars, and ask on; after the last answer show the picks as they are now."""
    person = press.own(_OWN)
    movie_id, given = press.number(0), press.number(2)
    await press.services.ratings.rate(person.id, person.name, movie_id, press.stars(1))
    await press.replace(screens.ask(press.services, person, given + 1, _unseen(press.part(3))))


async def not_seen(press: Press) -> None:
    """Ask about another one."""
    person = press.own(_OWN)
    unseen = [*_unseen(press.part(2)), press.number(0)]
    await press.replace(screens.ask(press.services, person, press.number(1), unseen))


def _unseen(text: str) -> list[int]:
    return [whole(movie_id) for movie_id in text.split(".") if movie_id]


HANDLERS: Mapping[str, Handler] = {"ask": ask, "askstar": star, "asknext": not_seen}
