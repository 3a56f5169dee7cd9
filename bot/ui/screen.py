"""What is shown: text, embeds and controls, put together once and delivered in several ways."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import discord

from bot.services.pictures.painter import Picture
from bot.ui.embeds import fitted
from bot.ui.text import clip, label

CONTENT, ROWS, ALT = 2000, 5, 1024

Item = discord.ui.Item[discord.ui.View]
Button = discord.ui.Button[discord.ui.View]
Select = discord.ui.Select[discord.ui.View]


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: a Discord user id and the name to be shown."""

    id: int
    name: str

    @classmethod
    def of(cls, user: discord.abc.User) -> "Person":
        """The person behind a Discord user."""
        return cls(user.id, user.display_name)


@dataclass(frozen=True, slots=True)
class Screen:
    """One message of the bot.

    Attributes
    ----------
    content : str
        Ready-made markdown above the embeds.
    embeds : tuple of discord.Embed
    rows : tuple of tuples
        Buttons (up to five) or one menu for each of up to five rows; their state is in their
        `custom_id`, so nothing is kept in memory for them.
    pictures : tuple of Picture
        Files; an embed shows one as ``attachment://`` and its name.
    """

    content: str = ""
    embeds: tuple[discord.Embed, ...] = ()
    rows: tuple[tuple[Item, ...], ...] = ()
    pictures: tuple[Picture, ...] = ()

    def view(self) -> discord.ui.View | None:
        """The controls, if there are any."""
        rows = [row for row in self.rows if row]
        return controls(rows) if rows else None

    def message(self) -> dict[str, Any]:
        """Arguments for sending it as a new message."""
        view = self.view()
        message: dict[str, Any] = {
            "content": clip(self.content, CONTENT) or None,
            "embeds": fitted(self.embeds),
        }
        if self.pictures:
            message["files"] = [_file(one) for one in self.pictures]
        return message if view is None else {**message, "view": view}

    def edit(self) -> dict[str, Any]:
        """Arguments for turning an existing message into it."""
        message = {"view": None, **self.message()}
        # Those of what was there before go as well.
        return {**message, "attachments": message.pop("files", [])}


def _file(one: Picture) -> discord.File:
    """The file of a picture, with its alt text, which Discord cuts at 1,024 characters."""
    return discord.File(BytesIO(one.png), one.name, description=label(one.alt, ALT))


def controls(rows: list[tuple[Item, ...]]) -> discord.ui.View:
    """A view of these rows.

    It is stopped, which tells discord.py to send it and to keep nothing: presses arrive by their
    `custom_id` (`bot.ui.dispatch`), now and after a restart alike.
    """
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for item in row:
            item.row = number
            view.add_item(item)
    view.stop()
    return view
