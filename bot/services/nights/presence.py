"""Who comes, and which date is the best."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.errors import UserError
from bot.services.nights.answers import Actor, Answer
from bot.services.nights.permissions import check_comes
from bot.services.nights.steps import again, can, say, state_of, take
from bot.store import Connection, night_people, night_votes, nights, people
from bot.store.nights import StoredDate, StoredNight


def best_date(
    dates: Sequence[StoredDate], answers: Mapping[int, str], marks: Mapping[int, Collection[int]]
) -> StoredDate:
    """The date that suits most of those who are in; of equal ones most of those who may come; the earliest.

    Parameters
    ----------
    dates : sequence of StoredDate
        At least one.
    answers : mapping of user id to str
    marks : mapping of user id to date ids
    """

    def suited(date: StoredDate, answer: str) -> int:
        return sum(answers[user] == answer and date.date_id in marks.get(user, ()) for user in answers)

    return min(dates, key=lambda date: (-suited(date, "in"), -suited(date, "maybe"), date.starts_at))


async def put(
    db: Connection,
    actor: Actor,
    night: StoredNight,
    answer: Answer,
    date_ids: Collection[int] | None,
    now: datetime,
) -> None:
    """Note what somebody answers.

    Raises
    ------
    UserError
        If the night takes no answers any more, or a date is none of its.
    NotAllowed
        If the night is for others.
    """
    night = await take(db, night, "answer")
    host = await night_people.host(db, night.night_id)
    guests = await night_people.guests(db, night.night_id)
    check_comes(actor, night, host and host.user_id, [guest.user_id for guest in guests])
    await people.remember(db, actor.user_id, actor.name)
    await night_people.put_answer(db, night.night_id, actor.user_id, answer, now)
    if state_of(night) == "planning":
        known = [date.date_id for date in await nights.dates(db, night.night_id)]
        marked = (await night_people.marks(db, night.night_id)).get(actor.user_id)
        if answer == "out":
            chosen: Collection[int] = ()
        elif date_ids is not None:
            chosen = set(date_ids)
        else:
            # Who says nothing about the dates is taken at their word: they come whenever it is.
            chosen = marked or known
        if not set(chosen) <= set(known):
            raise UserError("that is none of the dates of this night; look at its message again")
        if answer != "out" and not chosen:
            raise UserError("mark at least one date that suits you, or say that you can't come")
        await night_people.put_marks(db, night.night_id, actor.user_id, chosen)


async def settle(db: Connection, night: StoredNight, date_id: int, now: datetime) -> None:
    """Once the date is fixed, count those as not coming whom it does not suit; they can say otherwise."""
    marks = await night_people.marks(db, night.night_id)
    for user_id, dates in marks.items():
        if date_id not in dates:
            await night_people.put_answer(db, night.night_id, user_id, "out", now)


async def comers(db: Connection, night_id: int) -> list[int]:
    """Who is in, first come first."""
    return [one.user_id for one in await night_people.answers(db, night_id) if one.answer == "in"]


async def leave(db: Connection, night: StoredNight, user_id: int, now: datetime) -> bool:
    """Take somebody who left the server out of a night; answers whether that changed anything."""
    host = await night_people.host(db, night.night_id)
    hosted = host is not None and host.user_id == user_id
    answered = await night_people.answer_of(db, night.night_id, user_id) is not None
    cast_at, _ = await night_votes.ballot(db, night.night_id, user_id)
    # A ballot stays with a result that it led to.
    if can(night, "decide") and cast_at is not None:
        await night_votes.remove_ballot(db, night.night_id, user_id)
    elif not hosted and not answered:
        return False
    await night_people.forget_answer(db, night.night_id, user_id)
    if hosted:
        heirs = await comers(db, night.night_id)
        await night_people.set_host(db, night.night_id, heirs[0] if heirs else None)
        await say(db, night, "new_host", now, key=await again(db, night, "new_host"))
    await nights.change(db, night.night_id)
    return True
