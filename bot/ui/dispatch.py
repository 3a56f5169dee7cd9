"""From a press at Discord to the function that handles it."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, cast

import discord

from bot.ui import buttons, gatherings, ids, imports, menus, privacy, questions, server, unmatched
from bot.ui.errors import explain, is_gone, is_lost, report, say_lost
from bot.ui.host import host
from bot.ui.nights import presses as nights
from bot.ui.press import Handler, Press
from bot.ui.screen import CONTENT
from bot.ui.text import plain, sentence

_log = logging.getLogger(__name__)

HANDLERS: Mapping[str, Handler] = {
    **buttons.HANDLERS,
    **menus.HANDLERS,
    **gatherings.HANDLERS,
    **questions.HANDLERS,
    **server.HANDLERS,
    **privacy.HANDLERS,
    **nights.HANDLERS,
    **imports.HANDLERS,
    **unmatched.HANDLERS,
}
"""What each verb of a `custom_id` does."""


async def on_interaction(interaction: discord.Interaction) -> None:
    """Handle every press, menu and form: its `custom_id` says everything, so it outlives the process.

    discord.py's own way to that, `discord.ui.DynamicItem`, makes objects of all controls of a pressed
    message first, which keeps people waiting when many press at once.
    """
    if interaction.type in (discord.InteractionType.component, discord.InteractionType.modal_submit):
        await handle(interaction)


async def handle(interaction: discord.Interaction) -> None:
    """Do what a control or a form says; whatever goes wrong is told to the person and not raised."""
    pressed = _custom_id(interaction)
    try:
        control = ids.parse(pressed)
        handler = HANDLERS.get(control.verb) if control else None
        if control is None or handler is None:
            raise ids.Stale
        services = host(interaction).services
        await services.guilds.show_titles(interaction.guild_id)
        press = Press(interaction, services, control.owner, control.state, _values(interaction))
        with host(interaction).answering():
            await handler(press)
    except Exception as error:  # noqa: BLE001 the last one who can answer the person
        await complain(interaction, error, f"the control {pressed!r}")


async def complain(
    interaction: discord.Interaction, error: BaseException, where: str, command: str = ""
) -> None:
    """Tell the person what went wrong, and the log if nobody expected it."""
    if is_gone(error) or interaction.client.is_closed():
        _log.info("nobody left to answer in %s: %s", where, error)
        return
    line = explain(error, command)
    if line is None:
        line = report(error, f"{where}, user {interaction.user.id}, server {interaction.guild_id}")
    await tell(interaction, line)


async def tell(interaction: discord.Interaction, line: str) -> None:
    """Show a line, to nobody but the person where Discord allows it."""
    text = plain(sentence(line), CONTENT)
    try:
        if not interaction.response.is_done():
            await interaction.response.send_message(text, ephemeral=True)
            return
        if interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
            # "Is thinking" can only be turned into the line, and keeps its visibility.
            await interaction.edit_original_response(content=text)
            return
        await interaction.followup.send(text, ephemeral=True)
    except discord.HTTPException as failure:
        _log.warning("could not tell user %s: %s (%s)", interaction.user.id, line, failure)
        if is_lost(failure) and interaction.type is discord.InteractionType.application_command:
            with suppress(discord.DiscordException):
                await say_lost(interaction.channel, interaction.user)


def _custom_id(interaction: discord.Interaction) -> str:
    return str(cast(Mapping[str, Any], interaction.data or {}).get("custom_id", ""))


def _values(interaction: discord.Interaction) -> tuple[str, ...]:
    """What was chosen, in a menu or in the fields of a form."""
    data = cast(Mapping[str, Any], interaction.data or {})
    values = [str(value) for value in data.get("values", ())]
    for row in data.get("components", ()):
        field = row.get("component", {})
        values += [str(value) for value in field.get("values", ())]
        values += [str(field["value"])] if "value" in field else []
    return tuple(values)
