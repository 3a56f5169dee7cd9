"""What the admins of each server chose."""

from dataclasses import replace
from enum import Enum

from bot.errors import UserError
from bot.services.answers import GuildSettings
from bot.services.shown_titles import show_titles, titles_named
from bot.store import Store, guild_settings
from bot.store.guild_settings import StoredGuild


class Unchanged(Enum):
    """Stands for a setting that is left as it is, where None means that there is to be none."""

    UNCHANGED = 0


UNCHANGED = Unchanged.UNCHANGED


class Guilds:
    """The settings of the servers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._titles: dict[int, str | None] = {}

    async def get(self, guild_id: int) -> GuildSettings:
        """The settings of a server; the defaults where nothing was chosen."""
        async with self._store.read() as db:
            stored = await guild_settings.get(db, guild_id)
        return GuildSettings(guild_id) if stored is None else GuildSettings(*stored)

    async def show_titles(self, guild_id: int | None) -> None:
        """Show titles, within this task, in the language that a server chose; None for outside of servers."""
        if guild_id is not None and guild_id not in self._titles:
            # Remembered, because it is asked for at every key that somebody presses.
            self._titles.setdefault(guild_id, (await self.get(guild_id)).titles)
        show_titles(None if guild_id is None else self._titles[guild_id])

    async def change(
        self,
        guild_id: int,
        *,
        movie_night_channel_id: int | Unchanged | None = UNCHANGED,
        ephemeral: bool | Unchanged = UNCHANGED,
        leaderboard: bool | Unchanged = UNCHANGED,
        country: str | Unchanged | None = UNCHANGED,
        titles: str | Unchanged = UNCHANGED,
    ) -> GuildSettings:
        """Change what is named, leave the rest, and answer the settings as they are now.

        Raises
        ------
        UserError
            If the country or the language of the titles is none.
        """
        async with self._store.write() as db:
            stored = await guild_settings.get(db, guild_id)
            settings = GuildSettings(guild_id) if stored is None else GuildSettings(*stored)
            if movie_night_channel_id is not UNCHANGED:
                settings = replace(settings, movie_night_channel_id=movie_night_channel_id)
            if ephemeral is not UNCHANGED:
                settings = replace(settings, ephemeral=ephemeral)
            if leaderboard is not UNCHANGED:
                settings = replace(settings, leaderboard=leaderboard)
            if country is not UNCHANGED:
                settings = replace(settings, country=None if country is None else _country(country))
            if titles is not UNCHANGED:
                settings = replace(settings, titles=titles_named(titles))
            await guild_settings.put(
                db,
                StoredGuild(
                    guild_id,
                    settings.movie_night_channel_id,
                    settings.ephemeral,
                    settings.leaderboard,
                    settings.country,
                    settings.titles,
                ),
            )
        self._titles[guild_id] = settings.titles
        return settings


def _country(text: str) -> str | None:
    code = text.strip().upper()
    if code == "NONE":
        return None
    if not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise UserError(f"“{text[:40]}” is no country: write its two letters, such as DE or US, or none")
    return code
