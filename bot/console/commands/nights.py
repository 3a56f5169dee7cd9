"""!night and !nominate: a movie night, played by several people in one terminal."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import cast, get_args

from bot.console.choosing import ask_stars, with_movie
from bot.console.commands.rating import show_change
from bot.console.flags import Flags, split_flags, whole_number
from bot.console.nights import show_night, when_in
from bot.console.screen import isolated
from bot.console.talk import CHANNEL_ID, GUILD_ID, Command, Talk
from bot.errors import UserError
from bot.services.filters import OPTIONS, wished
from bot.services.nights import wording
from bot.services.nights.answers import Actor, Answer, Night, Plan, VoteKind
from bot.services.nights.ballot_text import read_choices
from bot.services.nights.dates import parse_date, parse_dates
from bot.services.nights.states import Step, is_legal
from bot.services.shown_titles import is_called, name_of
from bot.services.stars import parse_stars
from bot.services.wording import counted
from recommender.catalogue import Movie

_PLAN = ("theme", "vote", "until", "quorum", "nominations", "carry_over", "who", *OPTIONS)
_YES_OR_NO = {"yes": True, "true": True, "no": False, "false": False}
KINDS: dict[str, VoteKind] = {kind: kind for kind in get_args(VoteKind)}


async def _plan(talk: Talk, text: str) -> None:
    flags = split_flags(text, _PLAN)
    values = flags.values
    kind = KINDS.get(values.get("vote", "approval").casefold())
    if kind is None:
        raise UserError(f"vote: is one of {', '.join(KINDS)}")
    carry_over = _YES_OR_NO.get(values.get("carry_over", "no").casefold())
    if carry_over is None:
        raise UserError("carry_over: is yes or no")
    zone = (await talk.services.nights.settings(GUILD_ID)).time_zone
    now = talk.services.clock()
    plan = Plan(
        dates=tuple(parse_dates(flags.text, now, zone)),
        theme=values.get("theme", ""),
        filters=wished(values, now.date()),
        vote_kind=kind,
        vote_closes_at=parse_date(values["until"], now, zone) if "until" in values else None,
        quorum=_whole(flags, "quorum", 1),
        nominations_each=_whole(flags, "nominations", 3),
        carry_over=carry_over,
        guests=tuple([await talk.whom(name) for name in values.get("who", "").split(",") if name.strip()]),
    )
    await talk.services.nights.plan(talk.actor, CHANNEL_ID, plan)


def _whole(flags: Flags, name: str, default: int) -> int:
    number = flags.whole(name)
    return default if number is None else number


async def _status(talk: Talk, text: str) -> None:
    night = await _night(talk, split_flags(text, ("night",)), number_in_front=True)
    show_night(talk.screen, night)
    await _offer(talk, night)


async def _offer(talk: Talk, night: Night) -> None:
    """Buttons: what the night's message has in Discord."""
    number, choices = night.night_id, list[str]()
    if is_legal(night.state, "answer"):
        answers: tuple[tuple[str, Answer], ...] = (("I'm in", "in"), ("maybe", "maybe"), ("can't", "out"))
        choices += [talk.choice(label, partial(_press_answer, number, answer)) for label, answer in answers]
    if is_legal(night.state, "rate") and night.winner is not None:
        choices.append(talk.choice("rate it", partial(_press_rate, number, night.winner)))
    if choices:
        talk.screen.note("  ".join(choices), indent=2)
    if is_legal(night.state, "cast"):
        ballot = await talk.services.nights.ballot(talk.actor, number)
        talk.screen.note(wording.ballot_line(ballot, night, isolated), indent=2)


async def _press_answer(night_id: int, answer: Answer, talk: Talk) -> None:
    _tell_comers(talk, await talk.services.nights.answer(talk.actor, night_id, answer))


async def _press_rate(night_id: int, movie: Movie, talk: Talk) -> None:
    async def act(talk: Talk, _: Movie, stars: float) -> None:
        show_change(talk, await talk.services.nights.rate(talk.actor, night_id, stars))

    ask_stars(talk, movie, act)


async def _answer(answer: Answer, talk: Talk, text: str) -> None:
    flags = split_flags(text, ("night",))
    night = await _night(talk, flags, "answer")
    chosen = None
    if flags.text:
        known = {date.starts_at: date.date_id for date in night.dates}
        dates = parse_dates(flags.text, talk.services.clock(), night.time_zone)
        unknown = [date for date in dates if date not in known]
        if unknown:
            raise UserError(
                f"{when_in(night.time_zone)(unknown[0])} is no date of this night; !night shows them"
            )
        chosen = [known[date] for date in dates]
    _tell_comers(talk, await talk.services.nights.answer(talk.actor, night.night_id, answer, chosen))


def _tell_comers(talk: Talk, night: Night) -> None:
    talk.screen.line(("✓ ", "green"), wording.comers_line(night, isolated))
    if night.state == "planning":
        when = when_in(night.time_zone)
        talk.screen.lines([wording.date_line(date, when) for date in night.dates], indent=2)


async def _nominate(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("night",))
    night = await _night(talk, flags, "nominate")
    if not flags.text:
        await _from_watchlist(talk, night)
        return
    await with_movie(
        talk, flags.text, await talk.services.movies.locate(flags.text), partial(_put_forward, night.night_id)
    )


async def _from_watchlist(talk: Talk, night: Night) -> None:
    page = await talk.services.watchlists.page(talk.person.user_id)
    if not page.wanted:
        raise UserError("say which movie: !nominate Alien; or put movies on your watchlist and choose there")
    talk.screen.heading("Which one of your watchlist?")
    for wanted in page.wanted:
        press = partial(_press_movie, night.night_id, wanted.movie)
        talk.screen.line(talk.choice(isolated(name_of(wanted.movie)), press), indent=2)


async def _press_movie(night_id: int, movie: Movie, talk: Talk) -> None:
    await _put_forward(night_id, talk, movie)


async def _put_forward(night_id: int, talk: Talk, movie: Movie) -> None:
    night = await talk.services.nights.nominate(talk.actor, night_id, movie.movie_id)
    candidate = next(one for one in night.candidates if one.movie.movie_id == movie.movie_id)
    talk.screen.line(("✓ ", "green"), wording.candidate_line(night, candidate, isolated))


async def _withdraw(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("night",))
    night = await _night(talk, flags, "nominate")
    me = talk.person.user_id
    mine = [one for one in night.candidates if me in one.nominated_by]
    chosen = [one for one in mine if is_called(one.movie, flags.text)]
    if not chosen:
        names = ", ".join(name_of(one.movie) for one in mine) or "nothing"
        raise UserError(f"you nominated {names}; say which of it to withdraw")
    await talk.services.nights.withdraw(talk.actor, night.night_id, chosen[0].movie_key)
    talk.screen.line(("↩ ", "cyan"), f"{isolated(name_of(chosen[0].movie))} is no longer your nomination")


async def _open(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("night", "until"))
    night = await _night(talk, flags, "open_vote", number_in_front=True)
    until = flags.values.get("until")
    closes = None if until is None else parse_date(until, talk.services.clock(), night.time_zone)
    await talk.services.nights.open_vote(talk.actor, night.night_id, closes)


async def _vote(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("night",))
    night = await _night(talk, flags, "cast")
    if flags.text:
        ballot = await talk.services.nights.cast(talk.actor, night.night_id, read_choices(night, flags.text))
        talk.screen.line(("✓ ", "green"), wording.ballot_line(ballot, night, isolated))
        return
    ballot = await talk.services.nights.ballot(talk.actor, night.night_id)
    show_night(talk.screen, night)
    talk.screen.line(wording.ballot_line(ballot, night, isolated))
    rule = f"{wording.HOW[night.vote_kind]}; {wording.RULES[night.vote_kind]}"
    talk.screen.note(f"{rule}; !help night vote shows how it is written")


async def _move(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("night",))
    night = await _night(talk, flags, "move")
    date = parse_date(flags.text, talk.services.clock(), night.time_zone)
    await talk.services.nights.move(talk.actor, night.night_id, date)


async def _cancel(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("night",))
    night = await _night(talk, flags, "cancel")
    await talk.services.nights.cancel(talk.actor, night.night_id, flags.text)


async def _repeat(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("night",))
    how = flags.text.casefold() or "weekly"
    if how == "weekly":
        night = await _night(talk, flags, "cancel")
        night = await talk.services.nights.repeat(talk.actor, night.night_id)
        talk.screen.line(("✓ ", "green"), f"repeated every week at this hour of {night.time_zone}")
    elif how == "stop":
        night = await talk.services.nights.repeated(talk.actor, flags.whole("night"))
        await talk.services.nights.stop_repeating(talk.actor, night.night_id)
        talk.screen.line(("✓ ", "green"), f"night {night.night_id} is no longer repeated")
    else:
        raise UserError("behind !night repeat stands weekly or stop")


async def _close(talk: Talk, text: str) -> None:
    await _run(talk, text, talk.services.nights.close, "decide")


async def _watched(talk: Talk, text: str) -> None:
    await _run(talk, text, talk.services.nights.ask_ratings, "ask_ratings")


async def _run(talk: Talk, text: str, act: Callable[[Actor, int], Awaitable[Night]], step: Step) -> None:
    """What a host does that needs no more words: what came of it is announced."""
    night = await _night(talk, split_flags(text, ("night",)), step, number_in_front=True)
    await act(talk.actor, night.night_id)


async def _rate(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("night",))
    night = await _night(talk, flags, "rate")
    if not flags.text and night.winner is not None:
        await _press_rate(night.night_id, night.winner, talk)
        return
    stars = parse_stars(flags.text)
    show_change(talk, await talk.services.nights.rate(talk.actor, night.night_id, stars))


async def _history(talk: Talk, text: str) -> None:
    page = whole_number(text, "page") if text else 1
    found = await talk.services.nights.history(talk.actor, page=max(page - 1, 0))
    if not found.total:
        talk.screen.line("No night has taken place yet; !night plan friday 8pm opens one.")
        return
    when = when_in((await talk.services.nights.settings(GUILD_ID)).time_zone)
    talk.screen.heading(f"{counted(found.total, 'night')} (page {found.page + 1} of {found.pages}):")
    for watched in found.nights:
        first, *rest = wording.watched_lines(watched, when, isolated)
        talk.screen.line(first, indent=2)
        talk.screen.lines(rest, indent=6, style="dim")


async def _night(
    talk: Talk, flags: Flags, step: Step | None = None, *, number_in_front: bool = False
) -> Night:
    """The night that is meant: of the option, of a number in front, or the next that can take the step."""
    number = flags.whole("night")
    if number_in_front and flags.text:
        if number is not None or not flags.text.isdecimal():
            raise UserError(f"“{flags.text[:40]}” is not understood: the number of a night can stand there")
        number = whole_number(flags.text, "night")
    return await talk.services.nights.current(talk.actor, number, step)


def _says(answer: str) -> Callable[[Talk, str], Awaitable[None]]:
    return partial(_answer, cast(Answer, answer))


COMMANDS = {
    "night": Command("[NUMBER]", "The same as !night status.", _status),
    "night plan": Command(
        "DATE[, DATE …] [theme: T] [vote: approval|ranked|score] [until: DATE] [quorum: N] [nominations: N]"
        " [carry_over: yes] [who: NAME, NAME] [genre: G] [exclude_genre: G] [from_year: Y] [to_year: Y]"
        " [max_runtime: MINUTES]",
        "Open a movie night: friday 8pm, or several dates to choose from.",
        _plan,
    ),
    "night status": Command("[NUMBER]", "A night as it is now.", _status),
    "night in": Command(
        "[DATE, DATE …] [night: N]", "Say that you come, and to which of the dates.", _says("in")
    ),
    "night maybe": Command("[DATE, DATE …] [night: N]", "Say that you may come.", _says("maybe")),
    "night out": Command("[night: N]", "Say that you can't come.", _says("out")),
    "nominate": Command(
        "[TITLE] [night: N]", "Put a movie up for the vote; without one, from your watchlist.", _nominate
    ),
    "night withdraw": Command("TITLE [night: N]", "Take a nomination back.", _withdraw),
    "night open": Command("[NUMBER] [until: DATE]", "Open the vote now, or again.", _open),
    "night vote": Command(
        "1, 3 | 3 > 1 > 2 | 1 = 5, 3 = 2 | nothing [night: N]",
        "Your secret ballot, by number or title: approve, rank, or give points.",
        _vote,
    ),
    "night close": Command("[NUMBER]", "Close the vote on the date or on the movie now.", _close),
    "night move": Command("DATE [night: N]", "Give a night another date.", _move),
    "night cancel": Command(
        "[REASON] [night: N]", "Call a night off; of a weekly one this one alone.", _cancel
    ),
    "night repeat": Command("weekly|stop [night: N]", "Repeat a night every week, or stop that.", _repeat),
    "night watched": Command("[NUMBER]", "The movie is over: ask for ratings now.", _watched),
    "night rate": Command("STARS [night: N]", "Rate what was watched.", _rate),
    "night history": Command("[PAGE]", "What was watched, who was there, and what each gave.", _history),
}
