"""!rate, !unrate, !ratings."""

from functools import partial
from typing import Literal

from bot.console.choosing import with_movie
from bot.console.flags import split_flags
from bot.console.people import Person
from bot.console.screen import isolated
from bot.console.talk import Command, Talk
from bot.errors import UserError
from bot.services.answers import RatingChange
from bot.services.stars import format_stars
from bot.services.wording import age, change_line, counted
from recommender.catalogue import Movie

Order = Literal["newest", "stars"]


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

    await with_movie(talk, title, talk.services.movies.find(title), act, instead)


async def rate_movie(talk: Talk, movie: Movie, stars: float) -> RatingChange:
    """Record stars and offer to take them back."""
    person = talk.person
    change = await talk.services.ratings.rate(person.user_id, person.name, movie.movie_id, stars)
    show_change(talk, change)
    return change


async def _unrate(talk: Talk, text: str) -> None:
    lookup = await talk.services.ratings.rated(talk.person.user_id, text)
    if lookup.kind == "none":
        raise UserError(f"you have not rated anything like “{text[:60]}”; !ratings shows what you rated")
    await with_movie(talk, text, lookup, _unrate_movie)


async def _unrate_movie(talk: Talk, movie: Movie) -> None:
    show_change(talk, await talk.services.ratings.unrate(talk.person.user_id, movie.movie_id))


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
    name = isolated(whose.name)
    if not page.total:
        talk.screen.line(f"{name} has rated nothing yet; !rate Alien 4.5 is how.")
        return
    mean = "" if page.mean is None else f", {page.mean:.1f} stars on average"
    where = f"page {page.page + 1} of {page.pages}, {'newest' if order == 'newest' else 'best'} first"
    talk.screen.heading(f"{name} has rated {counted(page.total, 'movie')}{mean} ({where}):")
    for rated in page.ratings:
        talk.screen.line(
            (f"{format_stars(rated.stars):<5}", "yellow"),
            f"  {isolated(rated.movie.name)}",
            (f"  {age(rated.rated_at, talk.services.clock())}", "dim"),
            indent=2,
        )
    turns: list[tuple[str, int, Order]] = []
    if page.page > 0:
        turns.append(("page before", page.page - 1, order))
    if page.page + 1 < page.pages:
        turns.append(("next page", page.page + 1, order))
    turns.append(("newest first", 0, "newest") if order == "stars" else ("best first", 0, "stars"))
    talk.screen.note(
        "  ".join(
            talk.choice(label, partial(_show_page, whose, page, order)) for label, page, order in turns
        ),
        indent=2,
    )


COMMANDS = {
    "rate": Command("TITLE STARS", "Rate a movie with half to five stars: 4.5, 4½, 9/10 or ★★★★½.", _rate),
    "unrate": Command("TITLE", "Take a rating back.", _unrate),
    "ratings": Command(
        "[NAME] [page: N] [order: newest|stars]", "What you rated, or somebody else did.", _ratings
    ),
}
