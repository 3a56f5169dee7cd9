"""What can be asked about nights, and what servers chose for them."""

from bot.errors import UserError
from bot.services.nights import history
from bot.services.nights.answers import Night, NightHistory, NightSettings, Presence
from bot.services.nights.states import State, Step, is_legal
from bot.services.nights.steps import night_of, settings_of
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

    async def get(self, night_id: int) -> Night:
        """A night."""
        async with self._store.read() as db:
            return await self._view(db, await night_of(db, night_id))

    async def open(self, guild_id: int) -> list[Night]:
        """The nights of a server that are not over, the next one first."""
        async with self._store.read() as db:
            return [await self._view(db, night) for night in await nights.of_guild(db, guild_id, OPEN)]

    async def involved(self, guild_id: int) -> set[int]:
        """Whose leaving the server `Nights.member_left` has to be told of: who hosts or has answered."""
        found = await self.open(guild_id)
        async with self._store.read() as db:
            # A night that was skipped hands its host on to the next one of its series.
            newest = await nights.newest_of_series(db, guild_id)
            found += [await self._view(db, night) for night in newest if night.state == "cancelled"]
        hosts = {night.host_id for night in found if night.host_id is not None}
        return hosts | {one.user_id for night in found for one in night.people}

    async def coming(self, guild_id: int) -> tuple[Presence, ...]:
        """Who is in for the next night that anybody is in for, else for one that is running."""
        found = await self.open(guild_id)
        ahead = [night for night in found if night.state in AHEAD]
        running = [night for night in found if night.state == "running"]
        return next((coming for night in [*ahead, *running] if (coming := night.who("in"))), ())

    async def current(self, guild_id: int, night_id: int | None = None, step: Step | None = None) -> Night:
        """The night of this number in this server, or the one that people mean who name none.

        That is the next one; of those that have begun only if nothing is ahead. With `step`, one that can
        take it goes before those that cannot.

        Raises
        ------
        UserError
            If there is none; the line says how to plan one.
        """
        if night_id is not None:
            night = await self.get(night_id)
            if night.guild_id != guild_id:
                raise UserError("there is no such movie night")
            return night
        open_nights = await self.open(guild_id)
        if not open_nights:
            raise UserError("no movie night is planned: “night plan friday 8pm” opens one")

        def fits(night: Night) -> tuple[bool, bool]:
            return step is not None and is_legal(night.state, step), night.state in AHEAD

        # The first of the best, and they are in the order of their dates.
        return max(open_nights, key=fits)

    async def repeated(self, guild_id: int, night_id: int | None = None) -> Night:
        """The night of this number, or the newest one of the weekly series, which may have been skipped.

        Raises
        ------
        UserError
            If none is repeated, or several are.
        """
        if night_id is not None:
            return await self.current(guild_id, night_id)
        async with self._store.read() as db:
            newest = await nights.newest_of_series(db, guild_id)
            if not newest:
                raise UserError("no movie night is repeated here")
            if len(newest) > 1:
                numbers = ", ".join(str(night.night_id) for night in newest)
                raise UserError(f"several nights are repeated: name one of them ({numbers})")
            return await self._view(db, newest[0])

    async def history(self, guild_id: int, *, page: int = 0, size: int = 5) -> NightHistory:
        """The nights that took place: what was watched, who was there, what each gave."""
        async with self._store.read() as db:
            return await history.page_of(db, self._shelf.current, guild_id, page, size)

    async def _view(self, db: Connection, night: StoredNight) -> Night:
        return await night_view(db, self._shelf.current, night)
