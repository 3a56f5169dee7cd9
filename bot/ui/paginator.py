"""Turning pages: the one row of buttons that does it."""

import discord

from bot.ui.ids import custom_id
from bot.ui.screen import Button


def page_buttons(verb: str, owner: int, page: int, pages: int, *state: int | str) -> list[Button]:
    """Buttons to the page before and after; none if there is one page only.

    The page (from 0) comes first in the state of `verb`, then `state`.
    """
    if pages < 2:
        return []

    def button(text: str, target: int) -> Button:
        return discord.ui.Button(
            label=text,
            custom_id=custom_id(verb, owner, target, *state),
            disabled=not 0 <= target < pages,
        )

    return [button("← Back", page - 1), button("Next →", page + 1)]
