"""The nights that were: what was watched, who was there, and what they gave it."""

from bot.services.nights.answers import NightHistory, WatchedNight
from bot.services.nights.wording import watched_lines
from bot.services.wording import counted
from bot.ui.embeds import Colour, embed
from bot.ui.ids import ANYONE
from bot.ui.nights.words import when
from bot.ui.paginator import page_buttons
from bot.ui.screen import Screen
from bot.ui.text import clip, joined, plain, sentence


def history_screen(found: NightHistory) -> Screen:
    """A page of a server's nights."""
    if not found.total:
        text = "No movie night has taken place here yet; `/night plan` opens the first one."
        return Screen(embeds=(embed("Movie nights", text, colour=Colour.SLATE),))
    turning = page_buttons("nights", ANYONE, found.page, found.pages)
    footer = f"page {found.page + 1} of {found.pages}" if found.pages > 1 else ""
    title = f"{counted(found.total, 'movie night')} so far"
    text = joined([_night(one) for one in found.nights], 3900)
    return Screen(
        embeds=(embed(title, text, colour=Colour.GOLD, footer=footer),),
        rows=(tuple(turning),) if turning else (),
    )


def _night(one: WatchedNight) -> str:
    first, *rest = watched_lines(one, lambda moment: when(moment, "D"), lambda text: plain(text, 100))
    return "\n".join([f"**{first}**", *(clip(sentence(line), 700) for line in rest), ""])
