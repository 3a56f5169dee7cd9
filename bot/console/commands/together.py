"""!group and !watchlist."""

from functools import partial

from bot.console.choosing import with_movie
from bot.console.commands.watching import (
    FILTERS_USAGE,
    YES_OR_NO,
    dismiss,
    filters_of,
    seen,
    want,
)
from bot.console.flags import Flags, split_flags
from bot.console.groups import show_group, show_group_pick
from bot.console.people import Person
from bot.console.picks import INDENT
from bot.console.screen import isolated
from bot.console.talk import Command, Talk
from bot.errors import UserError
from bot.services.answers import GroupPick
from bot.services.filters import OPTIONS
from bot.services.shown_titles import name_of
from bot.services.together import Names
from bot.services.wording import age, counted
from bot.store.movies import MovieRef
from recommender.catalogue import Movie
from recommender.groups import DEFAULT, STRATEGIES, Strategy

MOST = 10


async def _recommend(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("members", "count", "strategy", *OPTIONS, "rewatch"))
    people = await _people(talk, _members(flags), "group recommend")
    strategy = _strategy(flags.values.get("strategy", DEFAULT))
    rewatch = YES_OR_NO.get(flags.values.get("rewatch", "no").casefold())
    if rewatch is None:
        raise UserError("rewatch: is yes or no")
    count = flags.whole("count")
    if count is not None and not 1 <= count <= MOST:
        raise UserError(f"count goes from 1 to {MOST}")
    found = await talk.services.groups.recommend(
        list(people), count=count or 5, strategy=strategy, filters=filters_of(talk, flags), rewatch=rewatch
    )
    show_group(talk.screen, found, people, partial(_offer, talk))


def _members(flags: Flags) -> str:
    if flags.text and "members" in flags.values:
        raise UserError("the members stand in front or behind members:, not both")
    return flags.text or flags.values.get("members", "")


async def _people(talk: Talk, text: str, command: str) -> dict[int, str]:
    """Names with commas between them, by number; without any, who is in for the next night."""
    names = [name.strip().removeprefix("@") for name in text.split(",") if name.strip()]
    if names:
        known = [await talk.whom(name) for name in names]
        return {one.user_id: one.name for one in known}
    coming = await talk.services.nights.coming(talk.actor)
    if not coming:
        raise UserError(f"say who watches, with commas: !{command} Ana, Ben; or !night in, for a night ahead")
    return {one.user_id: one.name for one in coming}


def _strategy(text: str) -> Strategy:
    wanted = " ".join(text.casefold().split())
    for strategy in STRATEGIES:
        if strategy == wanted:
            return strategy
    raise UserError(f"strategy: is one of {', '.join(STRATEGIES)}")


def _offer(talk: Talk, pick: GroupPick) -> None:
    buttons = (
        talk.choice("seen it", partial(seen, pick.movie)),
        talk.choice("not interested", partial(dismiss, pick.movie)),
        talk.choice("watchlist", partial(want, pick.movie)),
    )
    talk.screen.note("  ".join(buttons), indent=INDENT)


async def _add(talk: Talk, text: str) -> None:
    async def act(talk: Talk, movie: Movie) -> None:
        await want(movie, talk)

    await with_movie(talk, text, await talk.services.movies.locate(text), act)


async def _remove(talk: Talk, text: str) -> None:
    lookup = await talk.services.watchlists.find(talk.person.user_id, text)
    if lookup.kind == "none":
        raise UserError(f"nothing on your watchlist is like “{text[:60]}”; !watchlist show shows it")

    async def act(talk: Talk, movie: Movie) -> None:
        await _take_off(MovieRef(movie.movie_id), talk)

    await with_movie(talk, text, lookup, act)


async def _take_off(ref: MovieRef, talk: Talk) -> None:
    removed = await talk.services.watchlists.remove(talk.person.user_id, ref)
    talk.screen.line(("✓ ", "green"), f"{isolated(removed.name)} is off your watchlist")


async def _show(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("page",))
    await _show_page(await talk.whom(flags.text), max((flags.whole("page") or 1) - 1, 0), talk)


async def _show_page(whose: Person, number: int, talk: Talk) -> None:
    await talk.services.privacy.look(talk.viewer, whose.user_id, "watchlist")
    page = await talk.services.watchlists.page(whose.user_id, page=number)
    name = isolated(whose.name)
    if not page.total:
        talk.screen.line(f"{name} has nothing on the watchlist; !watchlist add Alien is how.")
        return
    where = f" (page {page.page + 1} of {page.pages})" if page.pages > 1 else ""
    talk.screen.heading(f"{name} wants to see {counted(page.total, 'movie')}{where}:")
    mine = whose == talk.person
    for one in page.wanted:
        off = f"  {talk.choice('take off', partial(_take_off, one.ref))}" if mine else ""
        when = f"  {age(one.added_at, talk.services.clock())}"
        talk.screen.line(isolated(name_of(one.movie)), (f"{when}{off}", "dim"), indent=2)
    turns = [("page before", page.page - 1)] * (page.page > 0)
    turns += [("next page", page.page + 1)] * (page.page + 1 < page.pages)
    if turns:
        choices = (talk.choice(label, partial(_show_page, whose, page)) for label, page in turns)
        talk.screen.note("  ".join(choices), indent=2)


async def _together(talk: Talk, text: str) -> None:
    people = await _people(talk, text, "watchlist together")
    picks, note = await talk.services.groups.ours(list(people))
    talk.screen.heading("On your watchlists, what most want first:")
    if note:
        talk.screen.line(f"{note[0].upper()}{note[1:]}.")
    for number, pick in enumerate(picks, 1):
        show_group_pick(talk.screen, number, pick, people)
    draw = talk.choice("pick one of ours tonight", partial(_draw, people))
    talk.screen.note(draw, indent=2)


async def _pick(talk: Talk, text: str) -> None:
    await _draw(await _people(talk, text, "watchlist pick"), talk)


async def _draw(people: Names, talk: Talk) -> None:
    pick = await talk.services.groups.pick_one(list(people))
    talk.screen.heading("Tonight, by lot:")
    show_group_pick(talk.screen, 1, pick, people)


_PEOPLE = "[NAME, NAME …]"
_GROUP = f"{_PEOPLE} [count: N] [strategy: {'|'.join(STRATEGIES)}] {FILTERS_USAGE} [rewatch: yes]"

COMMANDS = {
    "group": Command(_GROUP, "The same as !group recommend.", _recommend),
    "group recommend": Command(
        _GROUP, "What to watch together: each member's place for it, and why it is the group's.", _recommend
    ),
    "watchlist": Command("[NAME]", "The same as !watchlist show.", _show),
    "watchlist add": Command("TITLE", "Put a movie you want to see on your list.", _add),
    "watchlist remove": Command("TITLE", "Take a movie off your list.", _remove),
    "watchlist show": Command("[NAME] [page: N]", "What you want to see, or somebody else does.", _show),
    "watchlist together": Command(
        _PEOPLE, "What you have on your lists together, and what each of you may think of it.", _together
    ),
    "watchlist pick": Command(_PEOPLE, "Draws one of the ten best of your lists for tonight.", _pick),
}
