"""What the buttons of ratings and picks do. All of them work after a restart; pressing twice does no harm."""

from collections.abc import Mapping

import discord

from bot.services.wording import stars_number
from bot.ui import screens
from bot.ui.ids import custom_id, one_of
from bot.ui.movies import PAGE, Wish, dismiss_button, seen_button
from bot.ui.press import Handler, Press
from bot.ui.ratings import ORDERS, change_screen, stars_form
from bot.ui.screen import Button, Item

_OWN_LIST = "use /recommend for your own list"
_OWN_RATINGS = "use /ratings to turn pages of your own"


async def undo(press: Press) -> None:
    """Take a rating back. The service refuses what is not theirs or was undone before."""
    person = press.own("only the person who rated can undo it")
    await press.replace(screens.undo(press.services, person, press.number(0)))


async def seen(press: Press) -> None:
    """Ask for the stars of a movie."""
    press.own(_OWN_LIST)
    movie = press.services.movies.get(press.number(0))
    await press.interaction.response.send_modal(stars_form(press.owner, movie))


async def stars(press: Press) -> None:
    """The form was sent: record the stars, mark the button that asked, and offer to undo."""
    person = press.own(_OWN_LIST)
    movie_id, given = press.number(0), press.chosen / 2
    change = await press.services.ratings.rate(person.id, person.name, movie_id, given)

    def marked(control: Button) -> Item:
        button = seen_button(person.id, movie_id, f"{_number(control)}{stars_number(given)} ★")
        button.style = discord.ButtonStyle.success
        return button

    await press.remake("seen", marked)
    await press.interaction.followup.send(**change_screen(person, change).message(), ephemeral=True)


async def dismiss(press: Press) -> None:
    """Never show a movie again; the same button takes it back."""
    person = press.own(_OWN_LIST)
    movie_id = press.number(0)
    await press.services.ratings.dismiss(person.id, person.name, movie_id)

    def undoing(control: Button) -> Item:
        return discord.ui.Button(
            label=f"{_number(control)}Hidden · undo",
            custom_id=custom_id("back", person.id, movie_id),
            style=discord.ButtonStyle.danger,
        )

    await press.remake("no", undoing)


async def restore(press: Press) -> None:
    """Let a movie be shown again after all."""
    person = press.own(_OWN_LIST)
    movie_id = press.number(0)
    await press.services.ratings.restore(person.id, movie_id)
    await press.remake(
        "back", lambda control: dismiss_button(person.id, movie_id, f"{_number(control)}Not interested")
    )


async def why(press: Press) -> None:
    """Explain a pick, for the person whose pick it is, to whoever asks."""
    await press.reply(screens.why_of(press.services, press.viewer, press.owner, press.number(0)))


async def recommendations(press: Press) -> None:
    """Another page of picks, as they are with the ratings of now."""
    person = press.own(_OWN_LIST)
    await press.replace(screens.recommend(press.services, person, Wish.unpack(press.state)))


async def mine(press: Press) -> None:
    """The person's picks, as a new message."""
    person = press.own(_OWN_LIST)
    await press.reply(screens.recommend(press.services, person, Wish(PAGE)))


async def rated_page(press: Press) -> None:
    """Another page of somebody's ratings."""
    press.own(_OWN_RATINGS)
    order = one_of(ORDERS, press.part(2))
    shown = screens.ratings(press.services, press.viewer, press.number(1), press.number(0), order)
    await press.replace(shown)


async def sort(press: Press) -> None:
    """The ratings in the other order, from the first page."""
    press.own(_OWN_RATINGS)
    order = one_of(ORDERS, press.part(1))
    await press.replace(screens.ratings(press.services, press.viewer, press.number(0), 0, order))


def _number(control: Button) -> str:
    """The number of the pick in a button's label, as it stands there."""
    number, dot, _ = (control.label or "").partition(" · ")
    return number + dot if number.isdecimal() else ""


HANDLERS: Mapping[str, Handler] = {
    "undo": undo,
    "seen": seen,
    "stars": stars,
    "no": dismiss,
    "back": restore,
    "why": why,
    "recs": recommendations,
    "mine": mine,
    "rated": rated_page,
    "sort": sort,
}
