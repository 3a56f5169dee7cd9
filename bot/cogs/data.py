"""/data: which movies there are, and where they come from.

What changes them concerns all servers, and is the owner's where there are several.
"""

from collections.abc import Awaitable, Callable

from discord.ext import commands

from bot.cogs.base import (
    CHOICES,
    Choice,
    Context,
    Interaction,
    MatineeCog,
    OnNote,
    about,
    admins_only,
    answer,
    host_only,
    show_long_work,
)
from bot.errors import UserError
from bot.services.answers import Progress
from bot.services.clock import utc_now
from bot.services.data_folder import OnProgress
from bot.services.data_list import DataStatus
from bot.ui.access import is_host
from bot.ui.host import Host
from bot.ui.model import data_screen
from bot.ui.screen import Screen
from bot.ui.text import label

Work = Callable[[OnProgress], Awaitable[DataStatus]]


class AddFlags(commands.FlagConverter, case_insensitive=True):
    """What to add."""

    name: str = commands.flag(
        default=None,
        positional=True,
        description="ml-latest-small, imdb, …; several names become one catalogue",
    )


class Data(MatineeCog, name="Look after the data"):
    """Looking after the catalogue and its community."""

    @commands.hybrid_group(extras=about("admin", "!data", "!data add imdb"))
    async def data(self, ctx: Context) -> None:
        """The catalogue that is served: status, add, refresh."""
        await self.status(ctx)

    @data.command(extras=about("admin", "!data status"))
    async def status(self, ctx: Context) -> None:
        """How many movies there are, up to when, who rated them, and when they are renewed."""
        admins_only(ctx)

        async def show() -> Screen:
            return data_screen(await self.services.data.status(), utc_now())

        await answer(ctx, show())

    @data.command(usage="<name …>", extras=about("admin", "!data add imdb", "!data add ml-32m imdb"))
    async def add(self, ctx: Context, *, flags: AddFlags) -> None:
        """Download data by name and serve them; several names become one catalogue."""
        host_only(ctx)
        names = (flags.name or "").casefold().split()
        offered = sorted(entry.name for entry in await self.services.data.list())
        if not names:
            raise UserError(f"which data? There are {', '.join(offered)}")
        # A path would show whoever asks what is on the host's disk.
        unknown = [name for name in names if name not in offered]
        if unknown:
            raise UserError(f"there is no data set “{unknown[0][:64]}”: there are {', '.join(offered)}")

        async def add(tell: OnProgress) -> DataStatus:
            return await self.services.data.add(names[0], tell, joined_with=names[1:])

        await self._work(ctx, "Adding data", add)

    @data.command(extras=about("admin", "!data refresh"))
    async def refresh(self, ctx: Context) -> None:
        """Renew the catalogue now with IMDb's newest files."""
        host_only(ctx)
        await self._work(ctx, "Renewing the catalogue", self.services.data.refresh)

    async def _work(self, ctx: Context, title: str, work: Work) -> None:
        async def done(note: OnNote) -> Screen:
            began = utc_now()

            def tell(stage: str, done: int, total: int) -> None:
                note(Progress(stage, done, total, (utc_now() - began).total_seconds()))

            return data_screen(await work(tell), utc_now(), "These data serve now")

        await show_long_work(ctx, title, done)

    @add.autocomplete("name")
    async def names(self, interaction: Interaction, current: str) -> list[Choice]:
        """Offer what can be added, to those who may."""
        permissions = interaction.permissions if interaction.guild else None
        if not is_host(interaction.user.id, permissions, self.bot.owner_id, shared=self.bot.shared):
            return []
        before, _, typed = current.casefold().rpartition(" ")
        names = [entry.name for entry in await self.services.data.list()]
        more = [name for name in names if name.startswith(typed) and name not in before.split()]
        offered = [f"{before} {name}".strip() for name in more]
        return [Choice(name=label(one, 100), value=one) for one in offered if len(one) <= 100][:CHOICES]


async def setup(bot: Host) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Data(bot))
