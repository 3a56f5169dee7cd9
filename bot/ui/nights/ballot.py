"""One's own ballot, which nobody else is shown: marks, a ranking, or points, each kept once it is made."""

from collections.abc import Mapping, Sequence

import discord

from bot.services.nights.answers import Ballot, Candidate, Night
from bot.services.nights.wording import HOW, RULES
from bot.services.shown_titles import name_of
from bot.ui.embeds import Colour, embed
from bot.ui.ids import custom_id
from bot.ui.nights.words import movie_line, night_name, when
from bot.ui.paginator import page_buttons
from bot.ui.screen import Button, Item, Person, Screen, Select
from bot.ui.text import joined, label, sentence

PAGE = 25
POINTS = range(5, -1, -1)
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def ballot_screen(
    voter: Person, night: Night, ballot: Ballot, page: int = 0, pointed: int | None = None
) -> Screen:
    """A person's ballot as it counts now, and the controls to change it.

    Parameters
    ----------
    voter : Person
    night : Night
        Whose vote is open.
    ballot : Ballot
        The voter's own.
    page : int
        Of the candidates, from 0; a menu has room for 25.
    pointed : int, optional
        The movie key that is to be given points next.
    """
    match night.vote_kind:
        case "approval":
            return _screen(
                voter, night, ballot, _approved(night, ballot), _approval(voter, night, ballot, page)
            )
        case "ranked":
            return _screen(voter, night, ballot, _ranked(night, ballot), _ranking(voter, night, ballot, page))
        case "score":
            rows = _scoring(voter, night, ballot, page, pointed)
            return _screen(voter, night, ballot, _scored(night, ballot), rows)


def _screen(
    voter: Person, night: Night, ballot: Ballot, lines: Sequence[str], rows: list[tuple[Item, ...]]
) -> Screen:
    closes = f" The vote closes {when(night.vote_closes_at, 'R')}." if night.vote_closes_at else ""
    if ballot.cast_at is None:
        stands = f"You have not voted yet.{closes}"
    else:
        stands = f"It counts as it stands here, and you can change it until the close.{closes}"
        rows.append((_button("unvote", voter, "Take my ballot back", night.night_id),))
    chosen = joined(lines, 3000) or "*nothing chosen*"
    how = ". ".join(map(sentence, (HOW[night.vote_kind], RULES[night.vote_kind])))
    text = f"{stands}\n*{how}.*\n\n{chosen}"
    title = f"Your ballot · {night_name(night)}"
    return Screen(
        embeds=(embed(title, text, colour=Colour.TEAL, footer="Only you can see this."),),
        rows=tuple(rows),
    )


def _approved(night: Night, ballot: Ballot) -> list[str]:
    return [f"✓ {movie_line(one)}" for one in night.candidates if one.movie_key in ballot.choices]


def _approval(voter: Person, night: Night, ballot: Ballot, page: int) -> list[tuple[Item, ...]]:
    shown, page, pages = _page(night.candidates, page)
    menu = _menu("approve", voter, night, shown, "All that you would watch", (page,), chosen=ballot.choices)
    menu.min_values, menu.max_values = 0, len(shown)
    return [(menu,), *_turning(voter, night, page, pages)]


def _ranked(night: Night, ballot: Ballot) -> list[str]:
    names = {one.movie_key: movie_line(one) for one in night.candidates}
    order = sorted(ballot.choices, key=lambda key: ballot.choices[key])
    return [f"**{rank}.** {names[key]}" for rank, key in enumerate(order, 1) if key in names]


def _ranking(voter: Person, night: Night, ballot: Ballot, page: int) -> list[tuple[Item, ...]]:
    left = [one for one in night.candidates if one.movie_key not in ballot.choices]
    rows: list[tuple[Item, ...]] = []
    if left:
        shown, page, pages = _page(left, page)
        place = len(ballot.choices) + 1
        choice = f"Your {ordinal(place)} choice"
        rows = [(_menu("rank", voter, night, shown, choice, (page,)),), *_turning(voter, night, page, pages)]
    if ballot.choices:
        rows.append(
            (
                _button("unrank", voter, "Drop the last choice", night.night_id),
                _button("rerank", voter, "Start over", night.night_id),
            )
        )
    return rows


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``11th``, ``21st``."""
    ending = "th" if number // 10 % 10 == 1 else _ENDINGS.get(number % 10, "th")
    return f"{number}{ending}"


def _scored(night: Night, ballot: Ballot) -> list[str]:
    given = [one for one in night.candidates if one.movie_key in ballot.choices]
    given.sort(key=lambda one: -ballot.choices[one.movie_key])
    return [f"**{ballot.choices[one.movie_key]}** · {movie_line(one)}" for one in given]


def _scoring(
    voter: Person, night: Night, ballot: Ballot, page: int, pointed: int | None
) -> list[tuple[Item, ...]]:
    shown, page, pages = _page(night.candidates, page)
    menu = _menu("score", voter, night, shown, "Which movie?", (page,), points=ballot.choices)
    rows: list[tuple[Item, ...]] = [(menu,), *_turning(voter, night, page, pages)]
    movie = next((one for one in shown if one.movie_key == pointed), None)
    if movie is not None:
        points: Select = discord.ui.Select(
            custom_id=custom_id("points", voter.id, night.night_id, page, movie.movie_key),
            placeholder=label(f"Points for {name_of(movie.movie)}", 150),
            options=[discord.SelectOption(label=_points(number), value=str(number)) for number in POINTS],
        )
        rows.insert(0, (points,))
    return rows


def _points(number: int) -> str:
    return f"{number} point{'' if number == 1 else 's'}"


def _page(candidates: Sequence[Candidate], page: int) -> tuple[Sequence[Candidate], int, int]:
    """The candidates of a page, its number, and how many there are."""
    pages = max(1, -(-len(candidates) // PAGE))
    page = min(max(page, 0), pages - 1)
    return candidates[page * PAGE : (page + 1) * PAGE], page, pages


def _turning(voter: Person, night: Night, page: int, pages: int) -> list[tuple[Item, ...]]:
    buttons = page_buttons("ballots", voter.id, page, pages, night.night_id)
    return [tuple(buttons)] if buttons else []


def _menu(
    verb: str,
    voter: Person,
    night: Night,
    shown: Sequence[Candidate],
    placeholder: str,
    state: tuple[int, ...],
    *,
    chosen: Mapping[int, int] | None = None,
    points: Mapping[int, int] | None = None,
) -> Select:
    """A menu of candidates whose values are their movie keys."""

    def details(one: Candidate) -> str:
        own = f"{_points(points[one.movie_key])} · " if points and one.movie_key in points else ""
        seen = f" · seen by {len(one.seen_by)}" if one.seen_by else ""
        mine = " · you have seen it" if voter.id in one.seen_by else seen
        return f"{own}{' · '.join(one.movie.shown_genres[:3]) or 'no genres known'}{mine}"

    return discord.ui.Select(
        custom_id=custom_id(verb, voter.id, night.night_id, *state),
        placeholder=placeholder,
        options=[
            discord.SelectOption(
                label=label(name_of(one.movie), 100),
                value=str(one.movie_key),
                description=label(details(one), 100),
                default=one.movie_key in (chosen or {}),
            )
            for one in shown
        ],
    )


def _button(verb: str, voter: Person, text: str, *state: int) -> Button:
    return discord.ui.Button(label=text, custom_id=custom_id(verb, voter.id, *state))
