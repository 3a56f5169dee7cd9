"""Lists of movies: picks with their reasons, the popular list, movies alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import discord

from bot.services.answers import Filters, Pick, Picks, SimilarMovies, Style
from bot.services.shown_titles import name_of
from bot.services.wording import bar, counted, evidence_line, likely_line, match
from bot.ui.embeds import Colour, embed
from bot.ui.ids import ANYONE, Stale, custom_id, one_of, pack_filters, unpack_filters, whole
from bot.ui.paginator import page_buttons
from bot.ui.picker import movie_menu
from bot.ui.screen import ROWS, Button, Item, Person, Screen
from bot.ui.text import joined, plain, sentence
from recommender.catalogue import Movie

PAGE = 5
MOST = 10
STYLES: tuple[Style, ...] = ("safe", "balanced", "adventurous")
_NAME = 200
_BARS = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked to be recommended, and which page of it is shown."""

    count: int = PAGE
    filters: Filters = field(default_factory=Filters)
    style: Style = "balanced"
    page: int = 0
    start: int | None = None
    """So many better ones are left out; None where that is for the service to say."""

    def pack(self) -> tuple[str | int, ...]:
        """All but the page, for a `custom_id`."""
        return self.count, pack_filters(self.filters), STYLES.index(self.style), self.start or 0

    @classmethod
    def unpack(cls, state: Sequence[str]) -> "Wish":
        """From the state of a page button: the page, then what `pack` packed."""
        if len(state) != 5:
            raise Stale
        page, count, filters, style, start = state
        return cls(whole(count), unpack_filters(filters), one_of(STYLES, style), whole(page), whole(start))


def movie_name(movie: Movie) -> str:
    """Title and year, safe in markdown."""
    return plain(name_of(movie), _NAME)


def genre_line(movie: Movie, most: int | None = None) -> str:
    """Its genres: ``Drama · Sci-Fi``."""
    return " · ".join(movie.shown_genres[:most]) or "no genres known"


def pick_embed(number: int, pick: Pick, colour: Colour = Colour.VELVET) -> discord.Embed:
    """One pick with the genres and the ratings that drove it."""
    stars = likely_line(pick.likely)
    place = f"**{sentence(match(pick.percentile))}**" + (f" · {stars}" if stars else "")
    lines = [f"{plain(genre_line(pick.movie))}", place]
    lines += [f"`{bar(one.share)}` {plain(one.genre)}" for one in pick.genres[:_BARS]]
    reason = sentence(plain(pick.reason)) if pick.reason else ""
    because = evidence_line(pick.evidence, lambda title: plain(title, 100))
    told = ", ".join(part for part in (reason, because) if part)
    if told:
        lines.append(f"*{sentence(told)}*")
    return embed(f"{number}. {movie_name(pick.movie)}", "\n".join(lines), colour=colour)


def seen_button(owner: int, movie_id: int, text: str = "Seen it") -> Button:
    """Asks for the stars of a movie that the person has seen."""
    return discord.ui.Button(label=text, custom_id=custom_id("seen", owner, movie_id))


def dismiss_button(owner: int, movie_id: int, text: str = "Not interested") -> Button:
    """Never shows the movie to the person again."""
    return discord.ui.Button(label=text, custom_id=custom_id("no", owner, movie_id))


def why_button(owner: int, movie_id: int, text: str = "Why?") -> Button:
    """Explains the movie for the person."""
    return discord.ui.Button(label=text, custom_id=custom_id("why", owner, movie_id))


def want_button(owner: int, movie_id: int) -> Button:
    """Puts the movie on the person's watchlist."""
    return discord.ui.Button(label="Watchlist", custom_id=custom_id("want", owner, movie_id), emoji="🔖")


def ask_button(owner: int) -> Button:
    """Begins a round of questions."""
    return discord.ui.Button(label="Ask me", custom_id=custom_id("ask", owner), emoji="💬")


def more_button(owner: int, wish: Wish) -> Button:
    """Shows the next ones, as many as a message may have."""
    following = replace(wish, count=MOST, start=(wish.start or 0) + wish.count)
    return discord.ui.Button(
        label=f"{MOST} more", custom_id=custom_id("recs", owner, 0, *following.pack()), emoji="⏬"
    )


def movie_buttons(owner: int, movie_id: int, number: int | None = None) -> tuple[Button, ...]:
    """What can be done with a movie, in one row; `number` says which of several."""
    mark = "" if number is None else f"{number} · "
    return (
        seen_button(owner, movie_id, f"{mark}Seen it"),
        dismiss_button(owner, movie_id, f"{mark}Not interested"),
        why_button(owner, movie_id, f"{mark}Why?"),
    )


def shown_of(picks: Picks, page: int) -> Sequence[Pick]:
    """Those of the picks that a page shows."""
    return picks.picks[page * PAGE : (page + 1) * PAGE]


def picks_screen(person: Person, picks: Picks, wish: Wish) -> Screen:
    """A page of personal picks, each with its buttons."""
    pages = max(1, -(-len(picks.picks) // PAGE))
    page = min(max(wish.page, 0), pages - 1)
    wish = replace(wish, start=picks.start)
    shown = shown_of(picks, page)
    first = picks.start + page * PAGE + 1
    rows: list[tuple[Item, ...]] = [
        movie_buttons(person.id, pick.movie.movie_id, number) for number, pick in enumerate(shown, first)
    ]
    turning = page_buttons("recs", person.id, page, pages, *wish.pack())
    if turning and rows:
        # Five rows are all there are, so the page buttons stand behind the last pick's.
        rows[-1] = (*rows[-1], *turning)
    others = (
        ask_button(person.id),
        *([more_button(person.id, wish)] if picks.more and page == pages - 1 else []),
    )
    if len(rows) < ROWS:
        rows.append(others)
    else:
        rows[0] = (*rows[0], *others)
    heading = (
        f"**Picks for {plain(person.name, 80)}** · {picks.style} · from {counted(picks.ratings, 'rating')}"
    )
    told = [sentence(plain(line, 500)) for line in (picks.note, picks.sure) if line]
    note = "".join(f"\n{line}" for line in told)
    return Screen(
        content=heading + (f" · page {page + 1} of {pages}" if pages > 1 else "") + note,
        embeds=tuple(pick_embed(number, pick) for number, pick in enumerate(shown, first)),
        rows=tuple(rows),
    )


def popular_embed(picks: Picks) -> discord.Embed:
    """The popular list: the same for everybody, and said to be. Without any ratings it is no such list."""
    lines = [
        f"**{number}.** {movie_name(pick.movie)}\n"
        f"*{plain(' · '.join(filter(None, [genre_line(pick.movie), pick.reason])))}*"
        for number, pick in enumerate(picks.picks, 1)
    ]
    rated = any(pick.reason for pick in picks.picks)
    told = [sentence(plain(picks.note, 500))] if picks.note else []
    if not rated:
        told.append("Nobody's ratings are known yet, so these are the first of the catalogue.")
    return embed(
        "Popular with everybody" if rated else "From the catalogue",
        "\n\n".join([*told, joined(lines, 3500)]),
        colour=Colour.GOLD,
    )


def popular_screen(picks: Picks) -> Screen:
    """The popular list, and a menu to act on one of its movies."""
    return Screen(embeds=(popular_embed(picks),), rows=card_row([pick.movie for pick in picks.picks]))


def similar_screen(movie: Movie, found: SimilarMovies) -> Screen:
    """Movies like one movie, with what they share."""
    lines = [
        f"**{number}.** {movie_name(one.movie)} · {one.likeness:.0%} alike"
        + (f"\n*{plain(', '.join(one.shared), 200)}*" if one.shared else "")
        for number, one in enumerate(found.movies, 1)
    ]
    return Screen(
        embeds=(
            embed(
                f"Like {movie_name(movie)}",
                joined([*filter(None, [sentence(found.note)]), *lines], 4000),
                colour=Colour.TEAL,
            ),
        ),
        rows=card_row([one.movie for one in found.movies]),
    )


def card_row(movies: Sequence[Movie]) -> tuple[tuple[Item, ...], ...]:
    """A menu to act on one of these movies, for whoever uses it; nothing without movies."""
    if not movies:
        return ()
    return ((movie_menu("card", ANYONE, tuple(movies), "Rate one of these, or ask why"),),)
