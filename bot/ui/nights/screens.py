"""What a night's command or control leads to: one service is asked and its answer rendered."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

import discord

from bot.errors import UserError
from bot.services.app import Services
from bot.services.nights.answers import Actor, Answer, Night
from bot.services.shown_titles import is_called, name_of, title_of
from bot.services.wording import change_line, counted
from bot.ui.embeds import Colour, embed
from bot.ui.ids import ANYONE, custom_id
from bot.ui.nights.ballot import ballot_screen
from bot.ui.nights.card import card_screen, dates_menu, night_line
from bot.ui.nights.past import history_screen
from bot.ui.nights.words import card_link, night_name, when, when_both
from bot.ui.picker import OPTIONS, Question, movie_menu, one_of, with_another
from bot.ui.screen import Button, Person, Screen
from bot.ui.text import joined, label, plain, sentence
from recommender.catalogue import Movie

_SAID = {"in": "You are in", "maybe": "You may come", "out": "You do not come"}
_NAME = 200


async def answer(
    services: Services, actor: Actor, night_id: int, said: Answer, date_ids: Collection[int] | None = None
) -> Screen:
    """Record whether somebody comes; with several dates show which ones they marked, to be changed."""
    night = await services.nights.answer(actor, night_id, said, date_ids)
    if night.state != "planning":
        date = f" on {when(night.starts_at)}" if night.starts_at else ""
        return told(f"{_SAID[said]}{date}.", night)
    marked = [one for one in night.dates if actor.user_id in (*one.suits, *one.maybe)]
    if said == "out":
        return told(f"{_SAID[said]}.", night)
    dates = "\n".join(f"✓ {when(one.starts_at)}" for one in marked) or "*none of the dates*"
    screen = told(f"{_SAID[said]}. These suit you; mark others if that is wrong:\n{dates}", night)
    return Screen(embeds=screen.embeds, rows=((dates_menu(night, [one.date_id for one in marked]),),))


def title_form(night: Night) -> discord.ui.Modal:
    """The form that asks for the title of a nomination."""
    form = discord.ui.Modal(title="Nominate a movie", custom_id=custom_id("nomtitle", ANYONE, night.night_id))
    field: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="title", placeholder="Alien, or the beginning of the title", max_length=200
    )
    form.add_item(discord.ui.Label(text="Title", component=field))
    form.stop()
    return form


async def nominate_title(services: Services, actor: Actor, night: Night, title: str) -> Screen:
    """Nominate the movie that a title means, or ask which it is."""
    question = Question("picknom", actor.user_id, (str(night.night_id),))
    lookup = await services.movies.locate(title)
    found = one_of(lookup, title, question)
    if isinstance(found, Screen):
        return found
    return with_another(await nominate(services, actor, night.night_id, found.movie_id), lookup, question)


async def nominate(services: Services, actor: Actor, night_id: int, movie_id: int) -> Screen:
    """Nominate a movie."""
    night = await services.nights.nominate(actor, night_id, movie_id)
    name = plain(name_of(services.movies.get(movie_id)), _NAME)
    mine = [one for one in night.candidates if actor.user_id in one.nominated_by]
    left = max(night.nominations_each - len(mine), 0)
    lines = [f"**{name}** is nominated. You can nominate {counted(left, 'more movie')}."]
    nominated = next((one for one in mine if one.movie.movie_id == movie_id), None)
    screen = told("\n".join(lines), night)
    if nominated is None:
        return screen
    back: Button = discord.ui.Button(
        label="Take it back", custom_id=custom_id("unnom", actor.user_id, night_id, nominated.movie_key)
    )
    return Screen(embeds=screen.embeds, rows=((back,),))


async def from_watchlist(services: Services, actor: Actor, night: Night) -> Screen:
    """The person's watchlist, to nominate one of its movies."""
    page = await services.watchlists.page(actor.user_id, size=OPTIONS)
    movies = [one.movie for one in page.wanted if one.known]
    if not movies:
        raise UserError("Say which movie, as in !nominate Alien, or put some on your watchlist first.")
    menu = movie_menu("picknom", actor.user_id, tuple(movies), "Nominate …", night.night_id)
    # A menu has room for 25; the others are nominated by their titles.
    rest = page.total - len(page.wanted)
    others = f"\n{counted(rest, 'more movie')} on it: nominate them by title." if rest else ""
    about = f"{night_name(night)}{others}"
    return Screen(
        embeds=(embed("Which one of your watchlist?", about, colour=Colour.SLATE),),
        rows=((menu,),),
    )


async def withdraw(services: Services, actor: Actor, night_id: int, movie_key: int) -> Screen:
    """Take a nomination back."""
    night = await services.nights.withdraw(actor, night_id, movie_key)
    return told("You have taken that nomination back.", night)


async def open_vote(services: Services, actor: Actor, night_id: int, until: datetime | None = None) -> Screen:
    """Open the vote, or open it again."""
    night = await services.nights.open_vote(actor, night_id, until)
    closes = f" It closes {when_both(night.vote_closes_at)}." if night.vote_closes_at else ""
    return told(f"The vote is open.{closes}", night)


async def close(services: Services, actor: Actor, night_id: int) -> Screen:
    """Close early what is open."""
    night = await services.nights.close(actor, night_id)
    if night.state == "gathering" and night.starts_at:
        return told(f"The date is {when_both(night.starts_at)}.", night)
    if night.winner is not None:
        return told(f"The vote is closed: **{plain(name_of(night.winner), _NAME)}**.", night)
    return told("It is closed; what came of it stands in the channel.", night)


async def ask_ratings(services: Services, actor: Actor, night_id: int) -> Screen:
    """Ask for ratings now."""
    night = await services.nights.ask_ratings(actor, night_id)
    return told("Everybody who was in is asked for their stars now.", night)


async def rate(services: Services, actor: Actor, night_id: int, stars: float) -> Screen:
    """Give what was watched stars."""
    change = await services.nights.rate(actor, night_id, stars)
    line = change_line(change, lambda text: plain(text, _NAME))
    return Screen(embeds=(embed("", sentence(line), colour=Colour.LEAF),))


async def status(services: Services, actor: Actor, night_id: int | None) -> Screen:
    """A night as it stands, and which others are open."""
    night = await services.nights.current(actor, night_id)
    others = [one for one in await services.nights.open(actor) if one.night_id != night.night_id]
    screen = card_screen(night)
    if night_id is not None or not others:
        return screen
    also = joined([night_line(one) for one in others], 1500)
    return Screen(content=f"Also ahead:\n{also}", embeds=screen.embeds, rows=screen.rows)


async def own_ballot(services: Services, voter: Person, actor: Actor, night: Night) -> Screen:
    """Somebody's own ballot."""
    return ballot_screen(voter, night, await services.nights.ballot(actor, night.night_id))


async def history(services: Services, actor: Actor, page: int) -> Screen:
    """The nights that were, newest first."""
    return history_screen(await services.nights.history(actor, page=page))


def told(line: str, night: Night) -> Screen:
    """A line about a night, with the way to its message, and what is wrong with it."""
    link = f"\n[{night_name(night, 65)}]({card_link(night)})" if card_link(night) else ""
    # Whoever acts learns of it too: the host may take no messages.
    trouble = f"\n⚠️ {plain(sentence(night.trouble), 400)}" if night.trouble else ""
    return Screen(embeds=(embed("", f"{line}{link}{trouble}", colour=Colour.LEAF),))


def night_choice(night: Night) -> str:
    """A night in a list of choices, where stamps are not shown: ``12 · Fri 04 Dec, 20:00 (UTC) · Aliens``."""
    begin = night.starts_at or min((one.starts_at for one in night.dates), default=None)
    zone = ZoneInfo(night.time_zone)
    date = f"{begin.astimezone(zone):%a %d %b, %H:%M} ({night.time_zone})" if begin else ""
    return " · ".join(filter(None, [str(night.night_id), date, night.theme]))


def _names(movie: Movie) -> set[str]:
    return {name.casefold() for name in (name_of(movie), title_of(movie), movie.name, movie.title)}


async def withdraw_title(services: Services, actor: Actor, night: Night, title: str) -> Screen:
    """Take back the nomination that a title means, looked for among the person's own."""
    mine = [one for one in night.candidates if actor.user_id in one.nominated_by]
    wanted = " ".join(title.casefold().split())
    fits = [one for one in mine if wanted in _names(one.movie)]
    fits = fits or [one for one in mine if is_called(one.movie, wanted)]
    if len(fits) != 1:
        names = ", ".join(label(name_of(one.movie), 60) for one in (fits or mine)[:5]) or "none"
        which = "more than one of your nominations fits" if fits else "you have nominated no"
        raise UserError(f"{which} “{label(title, 60)}”; yours are: {names}")
    return await withdraw(services, actor, night.night_id, fits[0].movie_key)
