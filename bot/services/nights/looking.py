"""What can be asked about nights, and what servers chose for them."""

from bot.errors import UserError
from bot.services.nights import history
from bot.services.nights.answers import Actor, Night, NightHistory, NightSettings, Presence
from bot.services.nights.states import State, Step, is_legal
from bot.services.nights.steps import night_of, onlooker_of, settings_of
from bot.services.nights.views import night_view
from bot.services.shelf import Shelf
from bot.services.zones import find_zone
from bot.store import Connection, Store, nights
from bot.store.nights import StoredNight, StoredNightSettings

OPEN: tuple[State, ...] = ("planning", "gathering", "voting", "undecided", "decided", "running", "rating")
AHEAD: tuple[State, ...] = ("planning", "gathering", "voting", "undecided", "decided")


class Looking:
    """Answers about nights; `bot.services.nights.service.Nights` is the one that is made."""

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self._store = store
        self._shelf = shelf

    async def settings(self, guild_id: int) -> NightSettings:
        """A server's settings for nights; the defaults where nothing was chosen."""
        async with self._store.read() as db:
            return NightSettings(*await settings_of(db, guild_id))

    async def change_settings(
        self, guild_id: int, *, time_zone: str | None = None, role_id: int | None = None
    ) -> NightSettings:
        """Change what is named; a `role_id` of 0 lets everybody plan again.

        Whether somebody may change settings is the caller's matter.

        Raises
        ------
        UserError
            If there is no such time zone, or several cities of that name; the line names near ones.
        """
        zone = None if time_zone is None else find_zone(time_zone)
        async with self._store.write() as db:
            before = await settings_of(db, guild_id)
            chosen = StoredNightSettings(
                guild_id,
                zone or before.time_zone,
                before.role_id if role_id is None else role_id or None,
            )
            await nights.put_settings(db, chosen)
        return NightSettings(*chosen)

    async def channels(self, guild_id: int) -> list[int]:
        """The channels of a server that nights live or lived in: what an `Actor` may or may not see.

        Those of the newest nights come first.
        """
        async with self._store.read() as db:
            return await nights.channels(db, guild_id)

    async def get(self, actor: Actor, night_id: int) -> Night:
        """The night of this number.

        Raises
        ------
        UserError
            If there is none that the actor may see.
        """
        async with self._store.read() as db:
            return await self._view(db, await night_of(db, night_id, actor))

    async def open(self, actor: Actor) -> list[Night]:
        """The nights that are not over and that the actor may see, the next one first."""
        async with self._store.read() as db:
            found = await nights.of_guild(db, await onlooker_of(db, actor), OPEN)
            return [await self._view(db, night) for night in found]

    async def involved(self, guild_id: int) -> set[int]:
        """Whose leaving the server `Nights.member_left` has to be told of: who hosts or has answered."""
        async with self._store.read() as db:
            stored = await nights.of_guild(db, guild_id, OPEN)
            # A night that was skipped hands its host on to the next one of its series.
            newest = await nights.newest_of_series(db, guild_id)
            stored += [night for night in newest if night.state == "cancelled"]
            found = [await self._view(db, night) for night in stored]
        hosts = {night.host_id for night in found if night.host_id is not None}
        return hosts | {one.user_id for night in found for one in night.people}

    async def coming(self, actor: Actor) -> tuple[Presence, ...]:
        """Who is in for the next night that anybody is in for, else for a running one; seen by the actor."""
        found = await self.open(actor)
        ahead = [night for night in found if night.state in AHEAD]
        running = [night for night in found if night.state == "running"]
        return next((coming for night in [*ahead, *running] if (coming := night.who("in"))), ())

    async def current(self, actor: Actor, night_id: int | None = None, step: Step | None = None) -> Night:
        """The night of this number, or the one that people mean who name none; one that the actor may see.

        That is the next one; of those that have begun only if nothing is ahead. With `step`, one that can
        take it goes before those that cannot.

        Raises
        ------
        UserError
            If there is none; the line says how to plan one.
        """
        if night_id is not None:
            return await self.get(actor, night_id)
        open_nights = await self.open(actor)
        if not open_nights:
            raise UserError("no movie night is planned: “night plan friday 8pm” opens one")

        def fits(night: Night) -> tuple[bool, bool]:
            return step is not None and is_legal(night.state, step), night.state in AHEAD

        # The first of the best, and they are in the order of their dates.
        return max(open_nights, key=fits)

    async def repeated(self, actor: Actor, night_id: int | None = None) -> Night:
        """The night of this number, or the newest one of the weekly series, which may have been skipped.

        Raises
        ------
        UserError
            If none is repeated, or several are.
        """
        if night_id is not None:
            return await self.get(actor, night_id)
        async with self._store.read() as db:
            newest = await nights.newest_of_series(db, await onlooker_of(db, actor))
            if not newest:
                raise UserError("no movie night is repeated here")
            if len(newest) > 1:
                numbers = ", ".join(str(night.night_id) for night in newest)
                raise UserError(f"several nights are repeated: name one of them ({numbers})")
            return await self._view(db, newest[0])

    async def history(self, actor: Actor, *, page: int = 0, size: int = 5) -> NightHistory:
        """The nights that took place and that the actor may see: what was watched, by whom, their stars."""
        async with self._store.read() as db:
            return await history.page_of(db, self._shelf.current, await onlooker_of(db, actor), page, size)

    async def _view(self, db: Connection, night: StoredNight) -> Night:
        return await night_view(db, self._shelf.current, night)
