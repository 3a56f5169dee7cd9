"""Nights, their dates, their series, and what servers chose for them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import ColumnElement, Select, Table, exists, func, insert, literal, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.night_tables import (
    night_dates,
    night_guests,
    night_hosts,
    night_presence,
    night_series,
    night_settings,
    night_texts,
    nights,
)

Part = Literal["theme", "reason"]
"""What somebody wrote for a night: its theme, or why it was cancelled."""


class StoredNight(NamedTuple):
    """A night; see the table for what the columns mean. `theme` and `reason` are empty where nobody's."""

    night_id: int
    guild_id: int
    channel_id: int
    state: str
    theme: str
    wishes: str
    invited_role_id: int | None
    for_guests: bool
    vote_kind: str
    quorum: int
    nominations_each: int
    carry_over: bool
    starts_at: datetime | None
    created_at: datetime
    series_id: int | None
    slot: datetime | None
    winner_key: int | None
    result: str | None
    attended: int | None
    event_id: int | None
    event_told: str
    revision: int
    shown: int
    trouble: str
    reason: str


class Onlooker(NamedTuple):
    """Somebody who looks at the nights of a server.

    Attributes
    ----------
    role_ids : frozenset of int
    channel_ids : frozenset of int
        The channels that they can see.
    gone_ids : frozenset of int
        The channels that are no longer there, which nobody can see.
    runs : bool
        Whether they run the nights of others, also those that they are not invited to.
    """

    guild_id: int
    user_id: int
    role_ids: frozenset[int]
    channel_ids: frozenset[int]
    gone_ids: frozenset[int]
    runs: bool


class StoredDate(NamedTuple):
    """A proposed date."""

    date_id: int
    starts_at: datetime


class StoredSeries(NamedTuple):
    """A night that is repeated every week."""

    series_id: int
    guild_id: int
    first_local: str
    time_zone: str
    ended_at: datetime | None


class StoredNightSettings(NamedTuple):
    """What a server chose for its nights."""

    guild_id: int
    time_zone: str
    role_id: int | None


def _written(part: Part) -> ColumnElement[str]:
    mine = (night_texts.c.night_id == nights.c.night_id) & (night_texts.c.part == part)
    return func.coalesce(select(night_texts.c.text).where(mine).scalar_subquery(), "").label(part)


_WRITTEN: dict[str, ColumnElement[str]] = {part: _written(part) for part in get_args(Part)}
_NIGHT = select(*(_WRITTEN[name] if name in _WRITTEN else nights.c[name] for name in StoredNight._fields))
_SETTINGS = select(*(night_settings.c[name] for name in StoredNightSettings._fields))


async def _all(db: AsyncConnection, wanted: Select[Any]) -> list[StoredNight]:
    return [StoredNight(*row) for row in await db.execute(wanted)]


def _seen_by(one: Onlooker) -> ColumnElement[bool]:
    """Who sees a night: its host, who is invited, and where nobody is invited whoever sees its channel.

    Of a night whose channel is gone these are the host, who is invited, and who had answered.
    """

    def in_table(table: Table) -> ColumnElement[bool]:
        return exists().where(table.c.night_id == nights.c.night_id, table.c.user_id == one.user_id)

    channel = nights.c.channel_id
    here = channel.in_(one.channel_ids) | (channel.in_(one.gone_ids) & in_table(night_presence))
    invited = in_table(night_guests) | nights.c.invited_role_id.in_(one.role_ids)
    open_to_all = true() if one.runs else nights.c.invited_role_id.is_(None) & ~nights.c.for_guests
    return (nights.c.guild_id == one.guild_id) & (in_table(night_hosts) | invited | (here & open_to_all))


def _of(whose: int | Onlooker) -> ColumnElement[bool]:
    """All nights of a server, or those that somebody sees there."""
    return _seen_by(whose) if isinstance(whose, Onlooker) else nights.c.guild_id == whose


async def get(db: AsyncConnection, night_id: int, onlooker: Onlooker | None = None) -> StoredNight | None:
    """The night of this number, or None; None too for one that the onlooker does not see."""
    wanted = _NIGHT.where(nights.c.night_id == night_id)
    found = await _all(db, wanted if onlooker is None else wanted.where(_of(onlooker)))
    return found[0] if found else None


async def channels(db: AsyncConnection, guild_id: int) -> list[int]:
    """The channels in which nights of a server live or lived, those of the newest nights first."""
    newest = func.max(nights.c.night_id)
    wanted = select(nights.c.channel_id).where(nights.c.guild_id == guild_id).group_by(nights.c.channel_id)
    return list(await db.scalars(wanted.order_by(newest.desc())))


async def add(db: AsyncConnection, **values: Any) -> int:
    """Make a night of these columns; answers its number."""
    given = {"event_told": "", "revision": 1, "shown": 0, "trouble": ""} | values
    result = await db.execute(insert(nights).values(given).returning(nights.c.night_id))
    return result.scalar_one()


async def change(db: AsyncConnection, night_id: int, **values: Any) -> None:
    """Set columns of a night, whose message has to show it anew; without columns it has to all the same."""
    await note(db, night_id, revision=nights.c.revision + 1, **values)


async def note(db: AsyncConnection, night_id: int, **values: Any) -> None:
    """Set columns that a night's message does not show."""
    await db.execute(update(nights).where(nights.c.night_id == night_id).values(values))


async def put_text(db: AsyncConnection, night_id: int, part: Part, user_id: int, text: str) -> None:
    """Note what somebody, whom the database knows, wrote for a night; nothing where it is empty."""
    if text:
        await db.execute(insert(night_texts).values(night_id=night_id, part=part, user_id=user_id, text=text))


async def copy_theme(db: AsyncConnection, night_id: int, to: int) -> None:
    """Give a night the theme of another one; whose words it is stays known."""
    source = select(literal(to), night_texts.c.part, night_texts.c.user_id, night_texts.c.text)
    mine = source.where(night_texts.c.night_id == night_id, night_texts.c.part == "theme")
    await db.execute(insert(night_texts).from_select(["night_id", "part", "user_id", "text"], mine))


async def of_guild(
    db: AsyncConnection,
    whose: int | Onlooker,
    states: Collection[str],
    *,
    newest_first: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> list[StoredNight]:
    """Nights in these states by their start, all of a server or those that somebody sees there.

    Those without a start come last, or first.
    """
    # A night without a fixed date is ordered by the earliest of those proposed.
    earliest = (
        select(func.min(night_dates.c.starts_at))
        .where(night_dates.c.night_id == nights.c.night_id)
        .scalar_subquery()
    )
    start = func.coalesce(nights.c.starts_at, earliest)
    order = (
        (start.desc(), nights.c.night_id.desc()) if newest_first else (start.asc(), nights.c.night_id.asc())
    )
    wanted = _NIGHT.where(_of(whose), nights.c.state.in_(states)).order_by(*order)
    return await _all(db, wanted.limit(limit).offset(offset))


async def count_of_guild(db: AsyncConnection, whose: int | Onlooker, states: Collection[str]) -> int:
    """How many nights are in these states, of all of a server or of those that somebody sees there."""
    wanted = select(func.count()).where(_of(whose), nights.c.state.in_(states))
    return await db.scalar(wanted) or 0


async def to_be_shown(db: AsyncConnection) -> dict[int, int]:
    """Nights that changed since their message was last brought up to date, and their channels."""
    wanted = select(nights.c.night_id, nights.c.channel_id).where(nights.c.shown < nights.c.revision)
    return {row.night_id: row.channel_id for row in await db.execute(wanted.order_by(nights.c.night_id))}


async def of_slot(db: AsyncConnection, series_id: int, slot: datetime) -> StoredNight | None:
    """The night that a series meant for this hour, or None."""
    found = await _all(db, _NIGHT.where(nights.c.series_id == series_id, nights.c.slot == slot))
    return found[0] if found else None


async def add_dates(db: AsyncConnection, night_id: int, dates: Sequence[datetime]) -> None:
    """Propose dates."""
    await db.execute(insert(night_dates), [{"night_id": night_id, "starts_at": date} for date in dates])


async def dates(db: AsyncConnection, night_id: int) -> list[StoredDate]:
    """The proposed dates of a night, earliest first."""
    rows = await db.execute(
        select(night_dates.c.date_id, night_dates.c.starts_at)
        .where(night_dates.c.night_id == night_id)
        .order_by(night_dates.c.starts_at)
    )
    return [StoredDate(*row) for row in rows]


async def add_series(db: AsyncConnection, guild_id: int, first_local: str, time_zone: str) -> int:
    """Begin a series; answers its number."""
    values = {"guild_id": guild_id, "first_local": first_local, "time_zone": time_zone}
    result = await db.execute(insert(night_series).values(values).returning(night_series.c.series_id))
    return result.scalar_one()


async def series(db: AsyncConnection, series_id: int) -> StoredSeries | None:
    """A series, or None."""
    columns = (night_series.c[name] for name in StoredSeries._fields)
    row = (await db.execute(select(*columns).where(night_series.c.series_id == series_id))).first()
    return None if row is None else StoredSeries(*row)


async def newest_of_series(db: AsyncConnection, whose: int | Onlooker) -> list[StoredNight]:
    """The newest night of each series that goes on, of all of a server or of those that somebody sees."""
    running = select(night_series.c.series_id).where(night_series.c.ended_at.is_(None))
    found = await _all(db, _NIGHT.where(_of(whose), nights.c.series_id.in_(running)).order_by(nights.c.slot))
    return list({night.series_id: night for night in found}.values())


async def end_series(db: AsyncConnection, series_id: int, at: datetime) -> None:
    """Note that a series makes no more nights."""
    await db.execute(update(night_series).where(night_series.c.series_id == series_id).values(ended_at=at))


async def settings(db: AsyncConnection, guild_id: int) -> StoredNightSettings | None:
    """A server's settings for nights, or None if nothing was ever chosen."""
    row = (await db.execute(_SETTINGS.where(night_settings.c.guild_id == guild_id))).first()
    return None if row is None else StoredNightSettings(*row)


async def put_settings(db: AsyncConnection, chosen: StoredNightSettings) -> None:
    """Set a server's settings for nights."""
    values = chosen._asdict()
    changed = await db.execute(
        update(night_settings).where(night_settings.c.guild_id == chosen.guild_id).values(values)
    )
    if changed.rowcount == 0:
        await db.execute(insert(night_settings).values(values))
