"""Announcements of a night: what is said once, each findable by its marker."""

from collections.abc import Sequence

from bot.services.nights.announcing import announcement_lines
from bot.services.nights.answers import Announcement, Night
from bot.services.nights.states import is_legal
from bot.ui.embeds import Colour, embed
from bot.ui.nights.card import answer_buttons, card_screen, star_rows, vote_button
from bot.ui.nights.words import card_link, night_name, when_both
from bot.ui.screen import Item, Screen
from bot.ui.text import joined, plain, sentence

_COLOURS = {
    "result": Colour.GOLD,
    "rate": Colour.GOLD,
    "cancelled": Colour.RUST,
    "no_date": Colour.RUST,
    "vote_missed": Colour.RUST,
    "nothing_to_vote": Colour.RUST,
}


def announcement_screen(night: Night, announcement: Announcement, mentioned: Sequence[int] = ()) -> Screen:
    """What is posted: the night's own message, or an announcement with the controls that go with it."""
    if announcement.kind == "card":
        return card_screen(night, marker=announcement.marker)
    first, *rest = [
        sentence(line)
        for line in announcement_lines(night, announcement, when_both, lambda text: plain(text, 150))
    ]
    link = f"[To the night's message]({card_link(night)})" if card_link(night) else ""
    return Screen(
        content=" ".join(f"<@{user_id}>" for user_id in mentioned),
        embeds=(
            embed(
                description=joined(filter(None, [f"**{first}**", *rest, link]), 3500),
                colour=_COLOURS.get(announcement.kind, Colour.VELVET),
                footer=announcement.marker,
            ),
        ),
        rows=tuple(_rows(night, announcement)),
    )


def left_screen(night: Night) -> Screen:
    """What the message says that stayed behind in another channel: no more than where the night is."""
    line = f"{night_name(night)} goes on in <#{night.channel_id}>."
    return Screen(embeds=(embed(description=line, colour=Colour.SLATE),))


def _rows(night: Night, announcement: Announcement) -> list[tuple[Item, ...]]:
    match announcement.kind:
        case "vote_open" if is_legal(night.state, "cast"):
            return [(vote_button(night),)]
        case "remind_day" | "remind_soon" | "date_fixed" | "moved" if is_legal(night.state, "answer"):
            return [tuple(answer_buttons(night))]
        case "rate" if is_legal(night.state, "rate"):
            return star_rows(night)
        case _:
            return []
