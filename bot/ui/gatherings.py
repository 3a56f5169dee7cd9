"""What the commands and controls of groups and watchlists lead to."""

from collections.abc import Mapping, Sequence

import discord

from bot.errors import UserError
from bot.services.answers import Filters
from bot.services.app import Services
from bot.services.membership import Viewer
from bot.store.movies import MovieRef
from bot.ui import together
from bot.ui.ids import parse, whole
from bot.ui.movies import want_button
from bot.ui.picker import Question, one_of, with_another
from bot.ui.press import Handler, Press
from bot.ui.screen import Person, Screen
from recommender.groups import Strategy

PAGE = 10
_OWN_LIST = "use /watchlist show for your own"


async def recommend(
    services: Services,
    people: Sequence[Person],
    count: int,
    strategy: Strategy,
    filters: Filters,
    rewatch: bool,
) -> Screen:
    """The list for these people."""
    found = await services.groups.recommend(
        [person.id for person in people], count=count, strategy=strategy, filters=filters, rewatch=rewatch
    )
    return together.group_screen(found, together.names_of(people))


async def add_title(services: Services, person: Person, title: str) -> Screen:
    """Put the movie that a title means on the list, or ask which it is."""
    lookup, question = await services.movies.locate(title), Question("pickwant", person.id)
    found = one_of(lookup, title, question)
    if isinstance(found, Screen):
        return found
    return with_another(await add(services, person, found.movie_id), lookup, question)


async def add(services: Services, person: Person, movie_id: int) -> Screen:
    """Put a movie on the list."""
    return together.kept_screen(person, *await services.watchlists.add(person.id, person.name, movie_id))


async def remove_title(services: Services, person: Person, title: str) -> Screen:
    """Take the movie that a title means off the list, looked for on the list alone."""
    question = Question(
        "pickwanted", person.id, advice="On your watchlist there is none like it; see /watchlist show."
    )
    found = one_of(await services.watchlists.find(person.id, title), title, question)
    return found if isinstance(found, Screen) else await remove(services, person, MovieRef(found.movie_id))


async def remove(services: Services, person: Person, ref: MovieRef) -> Screen:
    """Take a movie off the list."""
    return together.removed_screen(await services.watchlists.remove(person.id, ref))


async def show(services: Services, viewer: Viewer, whose_id: int, page: int) -> Screen:
    """A page of somebody's list, if the viewer may look at it."""
    whose = Person(whose_id, await services.privacy.look(viewer, whose_id, "watchlist"))
    found = await services.watchlists.page(whose_id, page=page, size=PAGE)
    return together.watchlist_screen(viewer.user_id, whose, found)


async def ours(services: Services, people: Sequence[Person]) -> Screen:
    """What these people have on their lists together."""
    picks, note = await services.groups.ours([person.id for person in people])
    return together.ours_screen(picks, note, together.names_of(people))


async def pick_one(services: Services, people: Sequence[Person]) -> Screen:
    """One movie of their lists, by lot."""
    pick = await services.groups.pick_one([person.id for person in people])
    return together.drawn_screen(pick, together.names_of(people))


async def want(press: Press) -> None:
    """Put a movie on the watchlist; the same button takes it off again."""
    person = press.own("use /watchlist add for your own")
    movie_id = press.number(0)
    await press.services.watchlists.add(person.id, person.name, movie_id)
    await press.remake("want", lambda _: together.unwant_button(person.id, movie_id))


async def unwant(press: Press) -> None:
    """Take a movie off the watchlist after all."""
    person = press.own(_OWN_LIST)
    movie_id = press.number(0)
    await press.services.watchlists.remove(person.id, movie_id)
    await press.remake("unwant", lambda _: want_button(person.id, movie_id))


async def take_off(press: Press) -> None:
    """Take the chosen movie off the list that is shown."""
    person = press.own(_OWN_LIST)

    async def shown() -> Screen:
        await press.services.watchlists.remove(person.id, MovieRef(press.chosen))
        return await show(press.services, press.viewer, person.id, press.number(0))

    await press.replace(shown())


async def wanted_page(press: Press) -> None:
    """Another page of somebody's watchlist."""
    press.own(_OWN_LIST)
    await press.replace(show(press.services, press.viewer, press.number(1), press.number(0)))


async def pick_to_want(press: Press) -> None:
    """The movie was chosen: put it on the list."""
    person = press.own("use the command yourself")
    await press.replace(add(press.services, person, press.chosen))


async def pick_to_remove(press: Press) -> None:
    """The movie was chosen: take it off the list."""
    person = press.own("use the command yourself")
    await press.replace(remove(press.services, person, MovieRef(press.chosen)))


async def draw(press: Press) -> None:
    """One of the movies that the message lists, by lot, said above the list for all to see."""
    movies = _listed(press.interaction.message)
    if not movies:
        raise UserError("That list is no longer there; use /watchlist together again.")
    movie = press.services.groups.draw_movie(movies)
    await press.interaction.response.edit_message(content=together.drawn_line(movie))


def _listed(message: discord.Message | None) -> list[int]:
    """The movies of the message's menu, which is where the list is remembered."""
    for row in message.components if message else []:
        for item in row.children if isinstance(row, discord.ActionRow) else []:
            control = parse(item.custom_id or "") if isinstance(item, discord.SelectMenu) else None
            if isinstance(item, discord.SelectMenu) and control is not None and control.verb == "card":
                return [whole(option.value) for option in item.options]
    return []


HANDLERS: Mapping[str, Handler] = {
    "want": want,
    "unwant": unwant,
    "takewanted": take_off,
    "wanted": wanted_page,
    "pickwant": pick_to_want,
    "pickwanted": pick_to_remove,
    "draw": draw,
}
