"""/import and /export: ratings from elsewhere, and everything to take along."""

import io

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.base import Context, MatineeCog, about, asker, keep_hidden
from bot.errors import UserError
from bot.services.imports.reading import MOST_BYTES
from bot.ui.host import Host
from bot.ui.imports import preview_screen, recent_screen


class Importing(MatineeCog, name="Bring and take"):
    """Bringing ratings from elsewhere, and taking everything along."""

    @commands.hybrid_command(
        name="import", usage="(with the file attached)", extras=about("everyone", "!import")
    )
    @app_commands.describe(file="The ZIP, CSV or JSON file that you exported; none shows your last imports")
    async def import_command(self, ctx: Context, file: discord.Attachment | None = None) -> None:
        """Bring your ratings from Letterboxd, IMDb, Trakt or a table; you see first what it would do."""
        person = asker(ctx)
        with ctx.bot.answering():
            await ctx.defer(ephemeral=True)
            await keep_hidden(ctx)
            if file is None:
                screen = recent_screen(person, await self.services.imports.recent(person.id))
            elif file.size > MOST_BYTES:
                raise UserError(f"that file is too large: {MOST_BYTES >> 20} MB are the most")
            else:
                data = await file.read()
                preview = await self.services.imports.begin(person.id, person.name, file.filename, data)
                screen = preview_screen(person, preview)
            await ctx.send(**screen.message(), ephemeral=True)

    @commands.hybrid_command(name="export", extras=about("everyone", "!export"))
    async def export_command(self, ctx: Context) -> None:
        """Get everything the bot keeps about you as a ZIP file, in a direct message."""
        person = asker(ctx)
        with ctx.bot.answering():
            await ctx.defer(ephemeral=True)
            export = await self.services.exports.export(person.id, person.name)
            try:
                await ctx.author.send(export.summary, file=discord.File(io.BytesIO(export.data), export.file))
            except discord.Forbidden as error:
                raise UserError(
                    "I may not write to you: allow direct messages from members of this server, and try again"
                ) from error
            await ctx.send("It is in your direct messages.", ephemeral=True)


async def setup(bot: Host) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Importing(bot))
