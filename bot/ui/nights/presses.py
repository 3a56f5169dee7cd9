"""What the controls of a night's messages do. The service decides who may, and when."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps

from bot.services.nights.answers import Answer
from bot.services.nights.states import after
from bot.ui.host import host
from bot.ui.ids import Stale, whole
from bot.ui.nights import screens
from bot.ui.nights.actors import night_of, presser
from bot.ui.nights.voting import HANDLERS as VOTING
from bot.ui.press import Handler, Press
from bot.ui.screen import Screen

_ANSWERS: Mapping[str, Answer] = {"in": "in", "maybe": "maybe", "out": "out"}
_OWN = "press the button on the night's message yourself"


def delivered(act: Handler) -> Handler:
    """Have what a press led to said in the channel, after the presser was answered."""

    @wraps(act)
    async def then_deliver(press: Press) -> None:
        await act(press)
        await host(press.interaction).courier.deliver()

    return then_deliver


async def rsvp(press: Press) -> None:
    """*I'm in*, *Maybe* or *Can't*."""
    said = _said(press)
    actor = await presser(press)
    night = await night_of(press, actor)
    work = screens.answer(press.services, actor, night.night_id, said)
    await press.reply(work)


def _said(press: Press) -> Answer:
    said = _ANSWERS.get(press.part(1))
    if said is None:
        raise Stale
    return said


async def suits(press: Press) -> None:
    """The dates that suit were marked; who can at any of them is in."""
    actor = await presser(press)
    night = await night_of(press, actor)
    chosen = [whole(value) for value in press.values]
    await press.reply(screens.answer(press.services, actor, night.night_id, "in", chosen))


async def nominate(press: Press) -> None:
    """Ask for a title."""
    actor = await presser(press)
    night = await night_of(press, actor)
    after(night.state, "nominate")
    await press.interaction.response.send_modal(screens.title_form(night))


async def nominate_wanted(press: Press) -> None:
    """Offer the presser's watchlist."""
    actor = await presser(press)
    night = await night_of(press, actor)
    after(night.state, "nominate")
    await press.reply(screens.from_watchlist(press.services, actor, night))


async def title_sent(press: Press) -> None:
    """The form was sent: nominate the movie, or ask which one is meant."""
    actor = await presser(press)
    night = await night_of(press, actor)
    await press.reply(screens.nominate_title(press.services, actor, night, press.value))


async def pick_to_nominate(press: Press) -> None:
    """The movie was chosen: nominate it."""
    press.own(_OWN)
    actor = await presser(press)
    night = await night_of(press, actor)
    work = screens.nominate(press.services, actor, night.night_id, press.chosen)
    await press.replace(work)


async def withdraw(press: Press) -> None:
    """Take one's own nomination back."""
    press.own(_OWN)
    actor = await presser(press)
    night = await night_of(press, actor)
    await press.replace(screens.withdraw(press.services, actor, night.night_id, press.number(1)))


async def close(press: Press) -> None:
    """The host closes early what is open."""
    await _as_host(press, screens.close)


async def open_vote(press: Press) -> None:
    """The host opens the vote, or opens it again."""
    await _as_host(press, screens.open_vote)


async def watched(press: Press) -> None:
    """The host says that the movie is over."""
    await _as_host(press, screens.ask_ratings)


async def star(press: Press) -> None:
    """Rate what was watched."""
    actor = await presser(press)
    night = await night_of(press, actor)
    await press.reply(screens.rate(press.services, actor, night.night_id, press.stars(1)))


async def history(press: Press) -> None:
    """Another page of the nights that were."""
    actor = await presser(press)
    await press.replace(screens.history(press.services, actor, press.number(0)))


async def _as_host(press: Press, act: Callable[..., Awaitable[Screen]]) -> None:
    actor = await presser(press)
    night = await night_of(press, actor)
    await press.reply(act(press.services, actor, night.night_id))


HANDLERS: Mapping[str, Handler] = {
    "rsvp": delivered(rsvp),
    "suits": delivered(suits),
    "nominate": nominate,
    "nomlist": nominate_wanted,
    "nomtitle": delivered(title_sent),
    "picknom": delivered(pick_to_nominate),
    "unnom": delivered(withdraw),
    "close": delivered(close),
    "openvote": delivered(open_vote),
    "watched": delivered(watched),
    "nightstar": delivered(star),
    "nights": history,
    **{verb: delivered(act) for verb, act in VOTING.items()},
}
