"""Somebody's own ratings: what was recorded, the list, the form for stars, the quick start."""

from collections.abc import Mapping, Sequence
from typing import Literal

import discord

from bot.services.answers import Picks, RatingChange, RatingsPage
from bot.services.shown_titles import name_of
from bot.services.stars import format_stars
from bot.services.unmatched import Unmatched, UnmatchedPage
from bot.services.wording import change_line, counted, stars_number, stars_words
from bot.ui.embeds import Colour, embed
from bot.ui.ids import custom_id
from bot.ui.movies import genre_line, movie_name, popular_embed
from bot.ui.paginator import page_buttons
from bot.ui.picker import movie_menu
from bot.ui.screen import Button, Item, Person, Screen
from bot.ui.text import joined, label, plain, sentence
from recommender.catalogue import Movie

Order = Literal["newest", "stars"]
ORDERS: tuple[Order, ...] = ("newest", "stars")
HALVES = tuple(range(1, 11))
"""Half stars, as controls remember them: 9 is 4.5 stars."""

_FORM_TITLE = 45
_NAMED = 3


def mine_button(person: Person) -> Button:
    """Shows the person's picks as they are now."""
    return discord.ui.Button(
        label="My picks now", custom_id=custom_id("mine", person.id), style=discord.ButtonStyle.primary
    )


def change_screen(person: Person, change: RatingChange, *, undoable: bool = True) -> Screen:
    """What was recorded, what it replaced, and the way back."""
    stars = "" if change.stars is None else f"{format_stars(change.stars)}  "
    undo: Button = discord.ui.Button(
        label="Undo", custom_id=custom_id("undo", person.id, change.change_id), emoji="↩️"
    )
    return Screen(
        embeds=(
            embed(
                f"{stars}{movie_name(change.movie)}",
                f"{sentence(change_line(change, plain))}.",
                colour=Colour.LEAF if change.stars is not None else Colour.SLATE,
            ),
        ),
        rows=((undo, mine_button(person)),) if undoable else (),
    )


def may_be(row: Unmatched) -> str:
    """What a row that waits may be, behind a dot; empty if nothing of its title is known."""
    names = " or ".join(name_of(movie) for movie in row.may_be[:_NAMED])
    return f" · may be {names}" if names else ""


def waiting_line(row: Unmatched) -> str:
    """A row that waits for its movie."""
    question = may_be(row)
    stars = "" if row.stars is None else f"{format_stars(row.stars)}  "
    return f"⏳ {stars}{plain(row.name, 200)}{plain(question) if question else ''}"


def ratings_screen(
    asker_id: int, whose: Person, page: RatingsPage, order: Order, waiting: UnmatchedPage
) -> Screen:
    """A page of somebody's ratings, on the first one with the newest that wait for their movie."""
    title = f"Ratings of {plain(whose.name, 100)}"
    if not page.ratings and not waiting.total:
        advice = (
            "\nStart with `/rate`, or with `/recommend` and its quick start." if asker_id == whose.id else ""
        )
        return Screen(embeds=(embed(title, f"Nothing rated yet.{advice}", colour=Colour.SLATE),))
    lines = [
        f"{'' if one.known else '⏳ '}{format_stars(one.stars)}  {movie_name(one.movie)}"
        for one in page.ratings
    ]
    lines += map(waiting_line, waiting.rows if page.page == 0 else ())
    facts = [counted(page.total, "rating")]
    facts += [f"{waiting.total:,} waiting for the movie"] if waiting.total else []
    facts += [] if page.mean is None else [f"mean {page.mean:.1f}"]
    facts += [f"page {page.page + 1} of {page.pages}"] if page.pages > 1 else []
    facts += ["newest first" if order == "newest" else "best first"]
    other: Order = "stars" if order == "newest" else "newest"
    sort: Button = discord.ui.Button(
        label="Best first" if other == "stars" else "Newest first",
        custom_id=custom_id("sort", asker_id, whose.id, ORDERS.index(other)),
    )
    turning = page_buttons("rated", asker_id, page.page, page.pages, whose.id, ORDERS.index(order))
    return Screen(
        embeds=(embed(title, joined(lines, 4000), colour=Colour.GOLD, footer=" · ".join(facts)),),
        rows=(
            (*turning, sort) if page.total > 1 else (),
            (_waiting_button(asker_id, waiting.total),) if waiting.total and asker_id == whose.id else (),
        ),
    )


def _waiting_button(owner: int, total: int) -> Button:
    return discord.ui.Button(label=f"Waiting ({total:,})", custom_id=custom_id("waits", owner), emoji="⏳")


def stars_form(owner: int, movie: Movie) -> discord.ui.Modal:
    """The form that asks for the stars of one movie; its `custom_id` says which."""
    form = discord.ui.Modal(
        title=label(name_of(movie), _FORM_TITLE), custom_id=custom_id("stars", owner, movie.movie_id)
    )
    menu: discord.ui.Select[discord.ui.Modal] = discord.ui.Select(
        custom_id="stars",
        placeholder="Your stars",
        options=[
            discord.SelectOption(
                label=format_stars(half / 2), value=str(half), description=stars_words(half / 2)
            )
            for half in reversed(HALVES)
        ],
    )
    form.add_item(discord.ui.Label(text="How many stars?", component=menu))
    form.stop()
    return form


def newcomer_screen(person: Person, picks: Picks, movies: Sequence[Movie]) -> Screen:
    """For somebody without ratings: the popular list, and a dozen movies to rate with one press each."""
    start = quick_screen(person, movies, {}, movies[0].movie_id if movies else None)
    return Screen(embeds=(popular_embed(picks), *start.embeds), rows=start.rows)


def quick_screen(
    person: Person, movies: Sequence[Movie], rated: Mapping[int, float], current: int | None
) -> Screen:
    """The quick start: one movie at a time, one press for its stars.

    Parameters
    ----------
    person : Person
    movies : sequence of Movie
        The dozen, which the menu remembers.
    rated : mapping of movie id to stars
        What the person has rated by now.
    current : int or None
        The movie that is being asked about; None when all have been.
    """
    if not movies:
        return Screen()
    lines = [_line(movie, rated, current) for movie in movies]
    asked = next((movie for movie in movies if movie.movie_id == current), None)
    done = sum(movie.movie_id in rated for movie in movies)
    if asked is None:
        question = (
            f"**That was the dozen; {counted(done, 'movie')} of it rated.** `/recommend` now is yours alone."
        )
        stars_rows: list[tuple[Item, ...]] = []
    else:
        question = f"**{movie_name(asked)}**\n{plain(genre_line(asked))}"
        stars_rows = [_stars_row(person, asked, HALVES[:5]), _stars_row(person, asked, HALVES[5:])]
        skip: Button = discord.ui.Button(
            label="Not seen, next", custom_id=custom_id("skip", person.id, asked.movie_id)
        )
        stars_rows.append((skip, mine_button(person)))
    menu = movie_menu("jump", person.id, tuple(movies), "Another one of these")
    return Screen(
        embeds=(
            embed(
                "Quick start: rate what you have seen",
                f"{question}\n\n{joined(lines, 3000)}",
                colour=Colour.TEAL,
                footer=f"{done} of {len(movies)} rated · every rating counts at once",
            ),
        ),
        rows=(*stars_rows, *(((mine_button(person),),) if asked is None else ()), (menu,)),
    )


def _stars_row(person: Person, movie: Movie, halves: Sequence[int]) -> tuple[Button, ...]:
    return tuple(
        discord.ui.Button(
            label=f"{stars_number(half / 2)} ★", custom_id=custom_id("quick", person.id, movie.movie_id, half)
        )
        for half in halves
    )


def _line(movie: Movie, rated: Mapping[int, float], current: int | None) -> str:
    name = movie_name(movie)
    if movie.movie_id == current:
        name = f"**{name}**"
    if movie.movie_id in rated:
        return f"{format_stars(rated[movie.movie_id])} {name}"
    return f"{'→' if movie.movie_id == current else '·'} {name}"
