"""!privacy: what is kept about whoever speaks, who sees it, and how it goes."""

from bot.console.flags import nothing_behind
from bot.console.talk import Command, Talk
from bot.errors import UserError
from bot.services.privacy import GRACE, HIDDEN, VETO
from bot.services.wording import counted

_SWITCHES = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}


async def _privacy(talk: Talk, text: str) -> None:
    if text:
        raise UserError("behind !privacy stands show, hide-ratings or delete")
    await _show(talk, text)


async def _show(talk: Talk, text: str) -> None:
    nothing_behind(text, "privacy show")
    kept = await talk.services.privacy.kept(talk.person.user_id)
    if not kept.lines:
        talk.screen.line("Nothing is kept about you.")
        return
    talk.screen.heading("Kept about you:")
    talk.screen.lines(kept.lines, indent=2)
    talk.screen.line(
        f"Your ratings are hidden from others. {HIDDEN} {VETO}"
        if kept.hidden
        else "Your ratings and your watchlist are seen by others; !privacy hide-ratings on hides them."
    )
    talk.screen.note(
        f"Kept until you delete it; in Discord also no longer than {GRACE.days} days after you left. "
        f"{kept.remains}"
    )


async def _hide(talk: Talk, text: str) -> None:
    hide = _SWITCHES.get(text.casefold())
    if hide is None:
        raise UserError("behind !privacy hide-ratings stands on or off")
    if hide:
        await talk.services.privacy.hide(talk.person.user_id, talk.person.name)
        talk.screen.line(f"Your ratings are hidden. {HIDDEN} {VETO}")
    else:
        await talk.services.privacy.unhide(talk.person.user_id)
        talk.screen.line("Your ratings and your watchlist can be seen by others.")


async def _delete(talk: Talk, text: str) -> None:
    nothing_behind(text, "privacy delete")
    kept = await talk.services.privacy.kept(talk.person.user_id)
    if not kept.lines:
        talk.screen.line("Nothing is kept about you.")
        return
    talk.screen.heading("Delete everything about you? It cannot be undone.")
    talk.screen.lines(kept.lines, indent=2)
    talk.screen.line(talk.choice("delete it all", _deleted), indent=2)


async def _deleted(talk: Talk) -> None:
    rows = await talk.services.privacy.delete(talk.person.user_id)
    talk.screen.line(
        f"Everything about you is deleted: {counted(rows, 'row')}. The next model is fitted without you."
    )


COMMANDS = {
    "privacy": Command("", "The same as !privacy show.", _privacy),
    "privacy show": Command("", "What is kept about you, and who sees it.", _show),
    "privacy hide-ratings": Command(
        "on|off", "Whether others may see your ratings, taste and watchlist.", _hide
    ),
    "privacy delete": Command("", "Delete everything about you, for good; asks once.", _delete),
}
