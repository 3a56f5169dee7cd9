"""!recommend, !popular, !why, !similar."""

from functools import partial
from typing import get_args

from bot.console.choosing import ask_stars, with_movie
from bot.console.commands.rating import rate_movie
from bot.console.explaining import show_why
from bot.console.flags import Flags, nothing_behind, split_flags
from bot.console.picks import INDENT, show_pick, show_popular
from bot.console.screen import isolated
from bot.console.talk import GUILD_ID, Command, Talk
from bot.errors import UserError
from bot.services.answers import Filters, Picks, Style
from bot.services.asking import ANSWERS
from bot.services.filters import OPTIONS, wished
from bot.services.shown_titles import name_of
from bot.services.tmdb.movies import fact_lines, offer_lines
from bot.services.together import kept_line
from bot.services.wording import counted
from recommender.catalogue import Movie

MOST = 10
FILTERS_USAGE = (
    "[genre: G, G] [exclude_genre: G, G] [language: L] [released: recent|classics|YEAR-YEAR] "
    "[from_year: YEAR] [to_year: YEAR] [max_runtime: MINUTES] [with: NAME]"
)
YES_OR_NO = {"yes": True, "true": True, "no": False, "false": False}
STYLES: dict[str, Style] = {style: style for style in get_args(Style)}


async def _recommend(talk: Talk, text: str) -> None:
    flags = _first_is_count(split_flags(text, ("count", *OPTIONS, "style", "sequels")), "recommend")
    style = STYLES.get(flags.values.get("style", "balanced").casefold())
    if style is None:
        raise UserError(f"style: is one of {', '.join(STYLES)}")
    sequels = YES_OR_NO.get(flags.values.get("sequels", "no").casefold())
    if sequels is None:
        raise UserError("sequels: is yes or no")
    filters = filters_of(talk, flags, sequels=sequels)
    await _picks(_count(flags, 5), filters, style, None, talk)


async def _picks(count: int, filters: Filters, style: Style, start: int | None, talk: Talk) -> None:
    """Personal picks, and the next ones on demand."""
    recommending, person = talk.services.recommending, talk.person
    picks = await recommending.recommend(
        person.user_id, count=count, filters=filters, style=style, start=start
    )
    _show_picks(talk, picks)
    if picks.personal:
        shown = (pick.movie.movie_id for pick in picks.picks)
        recommending.showed(person.user_id, filters, style, shown)
    if picks.more:
        following = partial(_picks, MOST, filters, style, picks.start + count)
        talk.screen.note(talk.choice(f"{MOST} more", following), indent=2)
    if not picks.ratings:
        await _quick_start(talk)


async def _ask(talk: Talk, text: str) -> None:
    nothing_behind(text, "ask")
    await _question(0, (), talk)


async def _question(given: int, unseen: tuple[int, ...], talk: Talk) -> None:
    if given >= ANSWERS:
        talk.screen.heading(f"Thanks: {counted(given, 'answer')} more to go by.")
        await _recommend(talk, "")
        return
    movie = await talk.services.recommending.question(talk.person.user_id, unseen)
    if movie is None:
        talk.screen.line("Nothing is left to ask: you have rated every well-known movie.")
        return

    async def answered(talk: Talk, movie: Movie, stars: float) -> None:
        await rate_movie(talk, movie, stars)
        await _question(given + 1, unseen, talk)

    ask_stars(talk, movie, answered)
    skip = talk.choice("not seen", partial(_question, given, (*unseen, movie.movie_id)))
    talk.screen.line(skip, (f"  {given} of {ANSWERS} answered", "dim"), indent=2)


async def _popular(talk: Talk, text: str) -> None:
    flags = _first_is_count(split_flags(text, ("count", *OPTIONS)), "popular")
    count, filters = _count(flags, MOST), filters_of(talk, flags)
    _show_picks(
        talk, await talk.services.recommending.popular(talk.person.user_id, count=count, filters=filters)
    )


async def _similar(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("count", *OPTIONS))
    count, filters = _count(flags, MOST), filters_of(talk, flags)

    async def act(talk: Talk, movie: Movie) -> None:
        found = await talk.services.recommending.similar(movie.movie_id, count=count, filters=filters)
        talk.screen.heading(f"Like {isolated(name_of(movie))}:")
        if found.note:
            talk.screen.note(f"{found.note[0].upper()}{found.note[1:]}.")
        for number, similar in enumerate(found.movies, 1):
            shared = f"  {', '.join(map(isolated, similar.shared))}" if similar.shared else ""
            talk.screen.line(
                f"{number:>2}. ",
                (isolated(name_of(similar.movie)), "bold"),
                (f"  {similar.likeness * 100:.0f} % alike", "cyan"),
                (shared, "dim"),
            )

    await with_movie(talk, flags.text, await talk.services.movies.locate(flags.text), act)


async def _movie(talk: Talk, text: str) -> None:
    async def act(talk: Talk, movie: Movie) -> None:
        country = (await talk.services.guilds.get(GUILD_ID)).country
        card = await talk.services.cards.about(movie.movie_id, country)
        talk.screen.heading(isolated(name_of(movie)))
        talk.screen.lines([isolated(line) for line in fact_lines(card)], indent=2)
        if card.overview:
            talk.screen.line(isolated(card.overview), indent=2)
        talk.screen.lines([isolated(line) for line in offer_lines(card)], indent=2)
        if card.acknowledgement:
            talk.screen.note(card.acknowledgement, indent=2)

    await with_movie(talk, text, await talk.services.movies.locate(text), act)


async def _why(talk: Talk, text: str) -> None:
    await with_movie(talk, text, await talk.services.movies.locate(text), _explain)


async def _explain(talk: Talk, movie: Movie) -> None:
    why = await talk.services.recommending.why(talk.person.user_id, movie.movie_id)
    show_why(talk.screen, talk.person.name, why)


def filters_of(talk: Talk, flags: Flags, *, sequels: bool = False) -> Filters:
    """The wishes of a line."""
    return wished(flags.values, talk.services.clock().date(), sequels=sequels)


def _count(flags: Flags, default: int) -> int:
    """How many are wanted."""
    count = flags.whole("count")
    if count is not None and not 1 <= count <= MOST:
        raise UserError(f"count goes from 1 to {MOST}")
    return default if count is None else count


def _first_is_count(flags: Flags, command: str) -> Flags:
    """The flags, where a number in front of them is the count."""
    if not flags.text:
        return flags
    if "count" in flags.values or not flags.text.lstrip("-").isdecimal():
        raise UserError(f"“{flags.text[:40]}” is not understood; !help {command} shows what can stand there")
    return Flags("", flags.values | {"count": flags.text})


def _show_picks(talk: Talk, picks: Picks) -> None:
    if picks.personal:
        name = isolated(talk.person.name)
        talk.screen.heading(f"For {name}, from {counted(picks.ratings, 'rating')}, {picks.style}:")
    else:
        talk.screen.heading("Popular with everybody:")
    for line in filter(None, (picks.note, picks.sure)):
        talk.screen.line(f"{line[0].upper()}{line[1:]}.")
    show = show_pick if picks.personal else show_popular
    for number, pick in enumerate(picks.picks, picks.start + 1):
        show(talk.screen, number, pick)
        buttons = (
            talk.choice("seen it", partial(seen, pick.movie)),
            talk.choice("not interested", partial(dismiss, pick.movie)),
            talk.choice("why?", partial(_press_why, pick.movie)),
            talk.choice("watchlist", partial(want, pick.movie)),
        )
        talk.screen.note("  ".join(buttons), indent=INDENT)


async def want(movie: Movie, talk: Talk) -> None:
    """Put a movie on the speaker's watchlist."""
    kept, new = await talk.services.watchlists.add(talk.person.user_id, talk.person.name, movie.movie_id)
    talk.screen.line(("✓ ", "green"), kept_line(kept, new, isolated))


async def seen(movie: Movie, talk: Talk) -> None:
    """Ask for the stars of a movie."""
    ask_stars(talk, movie, rate_movie)


async def _press_why(movie: Movie, talk: Talk) -> None:
    await _explain(talk, movie)


async def dismiss(movie: Movie, talk: Talk) -> None:
    """Never show a movie to the speaker again, unless they take it back."""
    await talk.services.ratings.dismiss(talk.person.user_id, talk.person.name, movie.movie_id)
    undo = talk.choice("undo", partial(_restore, movie))
    talk.screen.line(f"{isolated(name_of(movie))} will not be recommended to you again  ", (undo, "dim"))


async def _restore(movie: Movie, talk: Talk) -> None:
    await talk.services.ratings.restore(talk.person.user_id, movie.movie_id)
    talk.screen.line(("↩ ", "cyan"), f"{isolated(name_of(movie))} may be recommended to you again")


async def _quick_start(talk: Talk) -> None:
    movies = await talk.services.recommending.quick_start(talk.person.user_id)
    if movies:
        talk.screen.gap()
        talk.screen.heading("A quick start: which of these have you seen?")
    for movie in movies:
        talk.screen.line(talk.choice(isolated(name_of(movie)), partial(seen, movie)), indent=2)


COMMANDS = {
    "recommend": Command(
        f"[COUNT] {FILTERS_USAGE} [style: {'|'.join(STYLES)}] [sequels: yes]",
        "What to watch next, with the genres and ratings that drove each pick.",
        _recommend,
    ),
    "ask": Command("", "Five questions: the movies whose stars would tell most about your taste.", _ask),
    "why": Command("TITLE", "What pulls one movie up and down for you, in parts that add up.", _why),
    "movie": Command("TITLE", "All about one movie, and where to watch it.", _movie),
    "similar": Command(f"TITLE [count: N] {FILTERS_USAGE}", "Movies like this one.", _similar),
    "popular": Command(f"[COUNT] {FILTERS_USAGE}", "What everybody likes and you have not rated.", _popular),
}
