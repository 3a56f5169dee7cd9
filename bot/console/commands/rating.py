"""!rate, !unrate, !ratings."""

from functools import partial
from typing import Literal

from bot.console.choosing import offer_movies, with_movie
from bot.console.flags import split_flags
from bot.console.people import Person
from bot.console.screen import isolated
from bot.console.talk import Command, Talk
from bot.errors import UserError
from bot.services.answers import RatingChange
from bot.services.shown_titles import name_of
from bot.services.stars import format_stars
from bot.services.unmatched import Unmatched, kept_line
from bot.services.wording import age, change_line, counted
from bot.store.movies import MovieRef
from recommender.catalogue import Movie

Order = Literal["newest", "stars"]
WAITING_SHOWN = 3
"""So many ratings that wait for their movie are shown below the others."""


async def _rate(talk: Talk, text: str) -> None:
    title, stars = talk.services.movies.title_and_stars(text)

    given: list[RatingChange] = []

    async def act(talk: Talk, movie: Movie) -> None:
        given.append(await rate_movie(talk, movie, stars))

    async def instead(talk: Talk, movie: Movie) -> None:
        ratings, change_id = talk.services.ratings, given[-1].change_id
        person = talk.person
        given.append(await ratings.rate_instead(person.user_id, person.name, change_id, movie.movie_id))
        show_change(talk, given[-1])

    await with_movie(
        talk, title, await talk.services.movies.locate(title), act, instead, partial(_keep, title, stars)
    )


async def _keep(title: str, stars: float, talk: Talk) -> None:
    rows, person = talk.services.unmatched, talk.person
    row = await rows.keep(person.user_id, person.name, title, stars)
    if isinstance(row, RatingChange):
        show_change(talk, row)
        return
    back = talk.choice("take it back", partial(_unkeep, row.waiting_id))
    line = kept_line(row, rows.reach, isolated(row.name))
    talk.screen.line(("⏳ ", "yellow"), f"{format_stars(stars)}  {line}", (f"  {back}", "dim"))


async def _unkeep(waiting_id: int, talk: Talk) -> None:
    row = await talk.services.unmatched.remove(talk.person.user_id, waiting_id)
    talk.screen.line(("↩ ", "cyan"), f"{isolated(row.name)} does not wait any more")


async def rate_movie(talk: Talk, movie: Movie, stars: float) -> RatingChange:
    """Record stars and offer to take them back."""
    person = talk.person
    change = await talk.services.ratings.rate(person.user_id, person.name, movie.movie_id, stars)
    show_change(talk, change)
    return change


async def _unrate(talk: Talk, text: str) -> None:
    lookup = await talk.services.ratings.rated(talk.person.user_id, text)
    if lookup.kind != "one":
        row = await talk.services.unmatched.named(talk.person.user_id, text)
        if row is not None:
            await _unkeep(row.waiting_id, talk)
            return
    if lookup.kind == "none":
        raise UserError(f"you have not rated anything like “{text[:60]}”; !ratings shows what you rated")
    await with_movie(talk, text, lookup, _unrate_movie)


async def _unrate_movie(talk: Talk, movie: Movie) -> None:
    show_change(talk, await talk.services.ratings.unrate(talk.person.user_id, MovieRef(movie.movie_id)))


def show_change(talk: Talk, change: RatingChange) -> None:
    """Write what was recorded, and offer to take it back."""
    undo = talk.choice("undo", partial(_undo, change.change_id))
    talk.screen.line(("✓ ", "green"), change_line(change, isolated), (f"  {undo}", "dim"))


async def _undo(change_id: int, talk: Talk) -> None:
    undone = await talk.services.ratings.undo(talk.person.user_id, change_id)
    talk.screen.line(("↩ ", "cyan"), change_line(undone, isolated))


async def _ratings(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("page", "order"))
    written = flags.values.get("order", "newest").casefold()
    if written not in ("newest", "stars"):
        raise UserError("order: is newest or stars")
    page = flags.whole("page")
    await _show_page(await talk.whom(flags.text), max((page or 1) - 1, 0), written, talk)


async def _show_page(whose: Person, number: int, order: Order, talk: Talk) -> None:
    await talk.services.privacy.look(talk.viewer, whose.user_id)
    page = await talk.services.ratings.page(whose.user_id, page=number, order=order)
    waiting = await talk.services.unmatched.page(whose.user_id, size=WAITING_SHOWN)
    name = isolated(whose.name)
    if not page.total and not waiting.total:
        talk.screen.line(f"{name} has rated nothing yet; !rate Alien 4.5 is how.")
        return
    mean = "" if page.mean is None else f", {page.mean:.1f} stars on average"
    where = f"page {page.page + 1} of {page.pages}, {'newest' if order == 'newest' else 'best'} first"
    talk.screen.heading(f"{name} has rated {counted(page.total, 'movie')}{mean} ({where}):")
    for rated in page.ratings:
        waits = "" if rated.known else "  (the catalogue lacks it now)"
        talk.screen.line(
            (f"{format_stars(rated.stars):<5}", "yellow"),
            f"  {isolated(name_of(rated.movie))}{waits}",
            (f"  {age(rated.rated_at, talk.services.clock())}", "dim"),
            indent=2,
        )
    if page.page == 0:
        for row in waiting.rows:
            _show_waiting(talk, row)
    turns: list[tuple[str, int, Order]] = []
    if page.page > 0:
        turns.append(("page before", page.page - 1, order))
    if page.page + 1 < page.pages:
        turns.append(("next page", page.page + 1, order))
    if waiting.total and whose == talk.person:
        talk.screen.note(
            talk.choice(f"{counted(waiting.total, 'rating')} waiting for the movie", partial(_waiting, 0)),
            indent=2,
        )
    turns.append(("newest first", 0, "newest") if order == "stars" else ("best first", 0, "stars"))
    talk.screen.note(
        "  ".join(
            talk.choice(label, partial(_show_page, whose, page, order)) for label, page, order in turns
        ),
        indent=2,
    )


def _show_waiting(talk: Talk, row: Unmatched, press: str = "") -> None:
    may_be = " or ".join(isolated(name_of(movie)) for movie in row.may_be[:3])
    question = f" (may be {may_be})" if may_be else ""
    talk.screen.line(
        (f"{format_stars(row.stars or 0):<5}", "yellow"),
        f"  {isolated(row.name)}{question}",
        (f"  waits for its movie{press}", "dim"),
        indent=2,
    )


async def _waiting(number: int, talk: Talk) -> None:
    """A page of what waits, each with a choice to match it or to take it back."""
    page = await talk.services.unmatched.page(talk.person.user_id, page=number)
    talk.screen.heading(f"{counted(page.total, 'rating')} of yours waiting for the movie:")
    for row in page.rows:
        _show_waiting(talk, row, f"  {talk.choice('match it', partial(_match, row.waiting_id))}")
    if page.page + 1 < page.pages:
        talk.screen.note(talk.choice("next page", partial(_waiting, page.page + 1)), indent=2)


async def _match(waiting_id: int, talk: Talk) -> None:
    row, lookup = await talk.services.unmatched.get(talk.person.user_id, waiting_id)

    async def act(talk: Talk, movie: Movie) -> None:
        person = talk.person
        show_change(
            talk,
            await talk.services.unmatched.is_movie(person.user_id, person.name, waiting_id, movie.movie_id),
        )

    back = partial(_unkeep, waiting_id)
    offer_movies(talk, f"Which movie is {isolated(row.name)}?", lookup.movies, act)
    talk.screen.note(talk.choice("take it back", back), indent=2)


COMMANDS = {
    "rate": Command("TITLE STARS", "Rate a movie with half to five stars: 4.5, 4½, 9/10 or ★★★★½.", _rate),
    "unrate": Command("TITLE", "Take a rating back.", _unrate),
    "ratings": Command(
        "[NAME] [page: N] [order: newest|stars]", "What you rated, or somebody else did.", _ratings
    ),
}
