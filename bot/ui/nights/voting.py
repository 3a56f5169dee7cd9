"""What the controls of a ballot do: acknowledged at once, kept one after the other, then shown as kept."""

from collections.abc import Callable, Mapping

from bot.errors import UserError
from bot.services.nights.answers import Ballot, Night
from bot.services.nights.states import after
from bot.ui.host import host
from bot.ui.ids import whole
from bot.ui.nights.actors import night_of, presser
from bot.ui.nights.ballot import PAGE, ballot_screen
from bot.ui.press import Handler, Press
from bot.ui.screen import Screen

Choices = Mapping[int, int]
"""What a ballot says: for each movie key an approval, a rank or points."""

_OWN = "press Vote on the night's message for your own ballot"


async def ballot(press: Press) -> None:
    """Show the presser's own ballot, to nobody else."""
    await press.reply(_show(press))


async def page(press: Press) -> None:
    """Another page of the candidates."""
    press.own(_OWN)
    await press.replace(_show(press, place=1, page_number=press.number(0)))


async def approve(press: Press) -> None:
    """The approved ones of a page were marked."""

    def change(night: Night, ballot: Ballot) -> Choices:
        start = press.number(1) * PAGE
        here = {one.movie_key for one in night.candidates[start : start + PAGE]}
        kept = {key: 1 for key in ballot.choices if key not in here}
        return kept | {whole(value): 1 for value in press.values}

    await _vote(press, change, page_number=press.number(1))


async def rank(press: Press) -> None:
    """The next choice was made."""

    def change(_: Night, ballot: Ballot) -> Choices:
        chosen = press.chosen
        order = [key for key in _in_order(ballot) if key != chosen]
        return {key: place for place, key in enumerate([*order, chosen], 1)}

    await _vote(press, change, page_number=press.number(1))


async def drop_last(press: Press) -> None:
    """The last choice was taken back."""

    def change(_: Night, ballot: Ballot) -> Choices:
        return {key: place for place, key in enumerate(_in_order(ballot)[:-1], 1)}

    await _vote(press, change)


async def start_over(press: Press) -> None:
    """All choices were taken back."""
    await _vote(press, lambda _night, _ballot: {})


async def which(press: Press) -> None:
    """A movie was chosen that is to be given points."""
    press.own(_OWN)
    chosen = press.chosen
    await press.replace(_show(press, page_number=press.number(1), pointed=chosen))


async def points(press: Press) -> None:
    """Points were given."""

    def change(_: Night, ballot: Ballot) -> Choices:
        return {**ballot.choices, press.number(2): press.chosen}

    await _vote(press, change, page_number=press.number(1))


async def take_back(press: Press) -> None:
    """The whole ballot was taken back."""
    press.own(_OWN)
    rush = host(press.interaction).rush
    await rush.acknowledge(press.interaction.response.defer)
    actor = await presser(press)

    async def show() -> Screen:
        async with rush.turn(press.number(0)):
            night = await night_of(press, actor)
            emptied = await press.services.nights.take_back(actor, night.night_id)
        return ballot_screen(press.person, night, emptied)

    await press.replace(show())


async def _vote(press: Press, change: Callable[[Night, Ballot], Choices], page_number: int = 0) -> None:
    """Change the ballot, keep it, and show it as it counts now."""
    press.own(_OWN)
    rush = host(press.interaction).rush
    await rush.acknowledge(press.interaction.response.defer)
    actor = await presser(press)

    async def cast() -> Screen:
        async with rush.turn(press.number(0)):
            night = await night_of(press, actor)
            mine = await press.services.nights.ballot(actor, night.night_id)
            mine = await press.services.nights.cast(actor, night.night_id, change(night, mine))
        return ballot_screen(press.person, night, mine, page_number)

    await press.replace(cast())


async def _show(press: Press, place: int = 0, page_number: int = 0, pointed: int | None = None) -> Screen:
    actor = await presser(press)
    night = await night_of(press, actor, place)
    after(night.state, "cast")
    if not night.candidates:
        raise UserError("There is nothing to vote on.")
    mine = await press.services.nights.ballot(actor, night.night_id)
    return ballot_screen(press.person, night, mine, page_number, pointed)


def _in_order(ballot: Ballot) -> list[int]:
    return sorted(ballot.choices, key=lambda key: ballot.choices[key])


HANDLERS: Mapping[str, Handler] = {
    "ballot": ballot,
    "ballots": page,
    "approve": approve,
    "rank": rank,
    "unrank": drop_last,
    "rerank": start_over,
    "score": which,
    "points": points,
    "unvote": take_back,
}
