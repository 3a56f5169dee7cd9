"""Embeds within Discord's limits, whatever their text is."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import IntEnum

import discord

from bot.ui.text import clip, label, size

TITLE, DESCRIPTION, FIELD_NAME, FIELD_VALUE, FOOTER, AUTHOR = 256, 4096, 256, 1024, 2048, 256
FIELDS, EMBEDS, TOTAL = 25, 10, 6000


class Colour(IntEnum):
    """The few colours of the bot."""

    VELVET = 0x9B2D4E
    GOLD = 0xE0B354
    TEAL = 0x3E8E8C
    SLATE = 0x5B6478
    LEAF = 0x5F9E6E
    RUST = 0xC0603C


def embed(
    title: str = "",
    description: str = "",
    *,
    colour: Colour = Colour.VELVET,
    fields: Iterable[tuple[str, str]] = (),
    footer: str = "",
    author: str = "",
    timestamp: datetime | None = None,
) -> discord.Embed:
    """An embed of ready-made markdown, cut to Discord's limits.

    `footer` and `author` show no markdown: hand them plain text.
    """
    built = discord.Embed(
        title=clip(title, TITLE) or None,
        description=clip(description, DESCRIPTION) or None,
        colour=int(colour),
        timestamp=timestamp,
    )
    for name, value in list(fields)[:FIELDS]:
        built.add_field(name=clip(name, FIELD_NAME), value=clip(value, FIELD_VALUE), inline=False)
    if footer:
        built.set_footer(text=label(footer, FOOTER))
    if author:
        built.set_author(name=label(author, AUTHOR))
    return built


def weight(item: discord.Embed) -> int:
    """How much of a message's total an embed takes."""
    texts = [item.title, item.description, item.footer.text, item.author.name]
    texts += [text for field in item.fields for text in (field.name, field.value)]
    return sum(size(text) for text in texts if text)


def fitted(embeds: Sequence[discord.Embed]) -> list[discord.Embed]:
    """At most ten embeds that together stay within a message's total; the longest descriptions give way."""
    kept = [item.copy() for item in embeds[:EMBEDS]]
    while (excess := sum(map(weight, kept)) - TOTAL) > 0:
        longest = max(kept, key=lambda item: size(item.description or ""))
        length = size(longest.description or "")
        if length:
            longest.description = (
                clip(longest.description or "", max(1, length - excess)) if length > 1 else None
            )
        elif any(item.fields for item in kept):
            next(item for item in reversed(kept) if item.fields).remove_field(-1)
        else:
            kept.pop()
    return kept
