"""Lists for several people, and watchlists."""

from collections.abc import Mapping, Sequence

import discord

from bot.services.answers import GroupList, GroupPick, WatchlistPage
from bot.services.together import heading, kept_line, members_line, notes, reason_line, wanted_line
from bot.services.wording import counted, match
from bot.ui.embeds import Colour, embed
from bot.ui.ids import ANYONE, custom_id
from bot.ui.movies import card_row, genre_line, movie_name
from bot.ui.paginator import page_buttons
from bot.ui.picker import movie_menu
from bot.ui.screen import Button, Item, Person, Screen
from bot.ui.text import joined, plain, sentence
from recommender.catalogue import Movie

Names = Mapping[int, str]
_NAME, _REASON = 60, 600


def names_of(people: Sequence[Person]) -> dict[int, str]:
    """Names by user id."""
    return {person.id: person.name for person in people}


def group_screen(found: GroupList, names: Names) -> Screen:
    """A group's list, each pick with what every member may think of it."""
    lines = [f"**{sentence(heading(found, names, _escaped))}**"]
    lines += [f"{sentence(line)}." for line in notes(found, names, _escaped)]
    return Screen(
        content=joined(lines, 1900),
        embeds=tuple(group_embed(number, pick, names) for number, pick in enumerate(found.picks, 1)),
        rows=card_row([pick.movie for pick in found.picks]),
    )


def group_embed(number: int, pick: GroupPick, names: Names) -> discord.Embed:
    """One pick of a group."""
    movie = pick.movie
    facts = plain(genre_line(movie)) + ("" if movie.runtime is None else f" · {movie.runtime} min")
    lines = [facts]
    if pick.percentile is not None:
        lines.append(f"**{sentence(match(pick.percentile))} on average**")
    reason = reason_line(pick, names)
    lines += [f"*{sentence(plain(reason, _REASON))}*"] if reason else []
    told = (members_line(pick, names, _escaped), sentence(wanted_line(pick, names, _escaped)))
    return embed(
        f"{number}. {movie_name(movie)}",
        "\n".join([*lines, *filter(None, told)]),
        colour=Colour.TEAL if pick.members else Colour.GOLD,
    )


def watchlist_screen(asker_id: int, whose: Person, page: WatchlistPage) -> Screen:
    """A page of somebody's watchlist; its person can take movies off it."""
    title = f"Watchlist of {plain(whose.name, 100)}"
    if not page.wanted:
        advice = "\nPut a movie on it with `/watchlist add`." if asker_id == whose.id else ""
        return Screen(embeds=(embed(title, f"Nothing on it.{advice}", colour=Colour.SLATE),))
    facts = [counted(page.total, "movie")]
    facts += [f"page {page.page + 1} of {page.pages}"] if page.pages > 1 else []
    turning = page_buttons("wanted", asker_id, page.page, page.pages, whose.id)
    movies = [one.movie for one in page.wanted]
    rows: list[tuple[Item, ...]] = [tuple(turning)]
    if asker_id == whose.id:
        own = tuple(one.movie._replace(movie_id=one.ref.key) for one in page.wanted)
        menu = movie_menu("takewanted", asker_id, own, "Take one off", page.page)
        rows.append((menu,))
    return Screen(
        embeds=(
            embed(
                title,
                joined([f"• {movie_name(movie)}" for movie in movies], 4000),
                colour=Colour.GOLD,
                footer=" · ".join(facts),
            ),
        ),
        rows=tuple(rows),
    )


def kept_screen(person: Person, movie: Movie, new: bool) -> Screen:
    """What adding a movie did, and the way back."""
    return Screen(
        embeds=(embed(movie_name(movie), f"{sentence(kept_line(movie, new, plain))}.", colour=Colour.LEAF),),
        rows=((unwant_button(person.id, movie.movie_id, "Take it off"),),),
    )


def removed_screen(movie: Movie) -> Screen:
    """What was taken off."""
    return Screen(
        embeds=(embed(movie_name(movie), "It is off your watchlist.", colour=Colour.SLATE),),
    )


def ours_screen(picks: Sequence[GroupPick], note: str, names: Names) -> Screen:
    """What people have on their watchlists together."""
    draw: Button = discord.ui.Button(
        label="Pick one of ours tonight",
        custom_id=custom_id("draw", ANYONE),
        emoji="🎟️",
        style=discord.ButtonStyle.primary,
    )
    lines: list[str] = [f"{sentence(note)}."] if note else []
    for number, pick in enumerate(picks, 1):
        place = "" if pick.percentile is None else f" · {match(pick.percentile)} on average"
        told = (members_line(pick, names, _escaped), sentence(wanted_line(pick, names, _escaped)))
        lines.append("\n".join([f"**{number}.** {movie_name(pick.movie)}{place}", *filter(None, told)]))
    return Screen(
        embeds=(embed("On your watchlists, what most want first", joined(lines, 4000), colour=Colour.TEAL),),
        rows=((draw,), *card_row([pick.movie for pick in picks])),
    )


def drawn_screen(pick: GroupPick, names: Names) -> Screen:
    """The movie that the lot chose for tonight."""
    return Screen(
        content="🎟️ **Tonight, by lot:**",
        embeds=(group_embed(1, pick, names),),
        rows=card_row([pick.movie]),
    )


def drawn_line(movie: Movie) -> str:
    """The movie that the lot chose, as a line above the list."""
    return f"🎟️ Tonight, by lot: **{movie_name(movie)}**"


def unwant_button(owner: int, movie_id: int, text: str = "On your watchlist · undo") -> Button:
    """Takes the movie off the person's watchlist."""
    return discord.ui.Button(
        label=text, custom_id=custom_id("unwant", owner, movie_id), style=discord.ButtonStyle.success
    )


def _escaped(name: str) -> str:
    return plain(name, _NAME)
