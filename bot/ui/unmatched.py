"""What somebody typed and the catalogue does not know: kept, listed, matched by hand, taken back."""

from collections.abc import Mapping
from urllib.parse import unquote

import discord

from bot.services.answers import RatingChange
from bot.services.app import Services
from bot.services.stars import format_stars
from bot.services.unmatched import LONGEST_TITLE, Unmatched, UnmatchedPage, kept_line
from bot.services.wording import counted, stars_words
from bot.ui.embeds import Colour, embed
from bot.ui.ids import LIMIT, custom_id
from bot.ui.paginator import page_buttons
from bot.ui.picker import Question, choice_screen
from bot.ui.press import Handler, Press
from bot.ui.ratings import change_screen, may_be, mine_button, waiting_line
from bot.ui.screen import Button, Person, Screen, Select
from bot.ui.text import joined, label, plain, size

PAGE = 10
_TITLE, _LABEL = 200, 100
_OWN = "use /ratings for what waits of yours"


def none_button(owner: int, title: str, stars: float | None, change_id: int = 0) -> Button:
    """Keeps what was typed because it is none of the movies that are offered.

    A title that finds no room in the button, or that a movie was taken for already, is asked for once more.

    Parameters
    ----------
    owner : int
    title : str
    stars : float or None
        None for a wish.
    change_id : int, optional
        The change that gave the stars to another movie; 0 if none did.
    """
    half = round((stars or 0.0) * 2)
    typed = " ".join(title.split())
    packed = typed.replace("%", "%25").replace(":", "%3A")
    verb, state = "keep", (half,)
    if change_id or len(custom_id("keep", owner, half, "")) + size(packed) > LIMIT:
        verb, state = "keepas", (half, change_id)
        room = LIMIT - len(custom_id("keepas", owner, *state, ""))
        while size(packed) > room:
            typed = typed[:-1]
            packed = typed.replace("%", "%25").replace(":", "%3A")
    return discord.ui.Button(
        label="None of these: keep it as typed", custom_id=custom_id(verb, owner, *state, packed)
    )


async def keep_title(services: Services, person: Person, title: str, stars: float | None) -> Screen:
    """Keep what was typed, until its movie is known."""
    row = await services.unmatched.keep(person.id, person.name, title, stars)
    if isinstance(row, RatingChange):
        return change_screen(person, row)
    return kept_screen(person, row, services.unmatched.reach)


async def waiting(services: Services, person: Person, page: int) -> Screen:
    """A page of what waits of a person, with a menu to match or to take back."""
    return waiting_screen(person, await services.unmatched.page(person.id, page=page, size=PAGE))


def waiting_screen(person: Person, found: UnmatchedPage) -> Screen:
    """What waits, as a list and a menu."""
    title = "Ratings that wait for their movie"
    if not found.rows:
        return Screen(embeds=(embed(title, "None of yours do.", colour=Colour.SLATE),))
    menu: Select = discord.ui.Select(
        custom_id=custom_id("waiting", person.id),
        placeholder="Say which movie it is, or take it back",
        options=[
            discord.SelectOption(
                label=label(row.name, _LABEL),
                value=str(row.waiting_id),
                description=label(f"{format_stars(row.stars or 0)}{may_be(row)}", _LABEL),
            )
            for row in found.rows
        ],
    )
    facts = [counted(found.total, "rating")]
    facts += [f"page {found.page + 1} of {found.pages}"] if found.pages > 1 else []
    return Screen(
        embeds=(
            embed(
                title,
                joined(map(waiting_line, found.rows), 4000),
                colour=Colour.GOLD,
                footer=" · ".join(facts),
            ),
        ),
        rows=(tuple(page_buttons("waitspage", person.id, found.page, found.pages)), (menu,)),
    )


async def unkeep(services: Services, person: Person, waiting_id: int) -> Screen:
    """Take back what waits."""
    row = await services.unmatched.remove(person.id, waiting_id)
    stars = "" if row.stars is None else f" Its {stars_words(row.stars)} are gone."
    again = none_button(person.id, row.name, row.stars)
    again.label = "Keep it after all"
    line = f"{plain(row.name, _TITLE)} does not wait any more.{stars}"
    return Screen(embeds=(embed("Taken back", line, colour=Colour.SLATE),), rows=((again,),))


def kept_screen(person: Person, row: Unmatched, reach: str) -> Screen:
    """What was kept, up to when movies are known, and the way back."""
    stars = "" if row.stars is None else f"{format_stars(row.stars)}  "
    line = kept_line(row, reach, f"*{plain(row.name, _TITLE)}*")
    return Screen(
        embeds=(embed(f"{stars}{plain(row.name, _TITLE)}", line, colour=Colour.LEAF),),
        rows=((_unkeep_button(person.id, row.waiting_id), mine_button(person)),),
    )


async def _row(services: Services, person: Person, waiting_id: int) -> Screen:
    """One row that waits, with the movies that it may be."""
    row, lookup = await services.unmatched.get(person.id, waiting_id)
    back = _unkeep_button(person.id, waiting_id)
    if not lookup.movies:
        line = kept_line(row, services.unmatched.reach, plain(row.name, _TITLE))
        title = f"{format_stars(row.stars or 0)}  {plain(row.name, _TITLE)}"
        return Screen(embeds=(embed(title, line, colour=Colour.SLATE),), rows=((back,),))
    question = Question("pickwaits", person.id, (str(waiting_id),), none_of=back)
    line = f"You typed “{plain(row.name, _TITLE)}”, {stars_words(row.stars or 0)}."
    return choice_screen(question, lookup.movies, "Is it one of these?", line)


def _unkeep_button(owner: int, waiting_id: int) -> Button:
    return discord.ui.Button(label="Take it back", custom_id=custom_id("unkeep", owner, waiting_id))


def _form(owner: int, half: str, change_id: str, title: str) -> discord.ui.Modal:
    form = discord.ui.Modal(title="Which movie is it?", custom_id=custom_id("kept", owner, half, change_id))
    field: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="title", default=title, max_length=LONGEST_TITLE
    )
    form.add_item(discord.ui.Label(text="Its title, with its year in parentheses", component=field))
    form.stop()
    return form


async def _keep(press: Press) -> None:
    """None of the offered movies is it: keep what was typed."""
    person = press.own("use /rate yourself")
    stars, title = press.stars(0) or None, unquote(press.part(1))
    await press.replace(keep_title(press.services, person, title, stars))


async def _keep_as(press: Press) -> None:
    """None of the offered movies is it, and its title has to be written once more."""
    press.own("use /rate yourself")
    press.stars(0)
    form = _form(press.owner, press.part(0), str(press.number(1)), unquote(press.part(2)))
    await press.interaction.response.send_modal(form)


async def _kept(press: Press) -> None:
    """The form was sent: keep its title, and take back the change that gave the stars to another movie."""
    person = press.own("use /rate yourself")
    stars, change_id, title = press.stars(0) or None, press.number(1), press.value

    async def keep() -> Screen:
        if not change_id:
            return await keep_title(press.services, person, title, stars)
        row = await press.services.unmatched.keep_instead(person.id, person.name, change_id, title)
        return kept_screen(person, row, press.services.unmatched.reach)

    await press.replace(keep())


async def _waits(press: Press) -> None:
    """What waits, in a message of its own."""
    await press.reply(waiting(press.services, press.own(_OWN), 0))


async def _waits_page(press: Press) -> None:
    """Another page of what waits."""
    person = press.own(_OWN)
    await press.replace(waiting(press.services, person, press.number(0)))


async def _waiting(press: Press) -> None:
    """One of the rows was chosen."""
    person = press.own(_OWN)
    await press.replace(_row(press.services, person, press.chosen))


async def _pick(press: Press) -> None:
    """The movie was chosen that a row means."""
    person = press.own(_OWN)

    async def match() -> Screen:
        rows = press.services.unmatched
        change = await rows.is_movie(person.id, person.name, press.number(0), press.chosen)
        return change_screen(person, change)

    await press.replace(match())


async def _unkeep(press: Press) -> None:
    """Take back what waits."""
    person = press.own(_OWN)
    await press.replace(unkeep(press.services, person, press.number(0)))


HANDLERS: Mapping[str, Handler] = {
    "keep": _keep,
    "keepas": _keep_as,
    "kept": _kept,
    "waits": _waits,
    "waitspage": _waits_page,
    "waiting": _waiting,
    "pickwaits": _pick,
    "unkeep": _unkeep,
}
