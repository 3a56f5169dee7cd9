"""What is kept about somebody, who sees it, and how to have it deleted."""

from collections.abc import Mapping

import discord

from bot.services.app import Services
from bot.services.privacy import GRACE, HIDDEN, VETO
from bot.services.wording import counted
from bot.ui.embeds import Colour, embed
from bot.ui.ids import custom_id
from bot.ui.press import Handler, Press
from bot.ui.screen import Button, Person, Screen
from bot.ui.text import plain

_OWN = "use /privacy show for what is kept about you"


async def show(services: Services, person: Person) -> Screen:
    """What is kept about a person, and who sees it."""
    kept = await services.privacy.kept(person.id)
    if not kept.lines:
        return Screen(embeds=(embed("Nothing is kept about you", colour=Colour.SLATE),))
    seen = (
        f"By you alone. {HIDDEN} {VETO}"
        if kept.hidden
        else "By the members of servers that you share with me: `/ratings`, `/taste`, `/compare`, `/map`, "
        "`/stats`, `/leaderboard`, lists for several people and movie nights show them, and "
        "`/watchlist show` your watchlist. `/privacy hide-ratings` hides all that."
    )
    seen += (
        " What you are not interested in is left out of lists and shown to nobody, and nobody sees how you "
        "vote in secret, admins no more than others. Whoever hosts me has the database."
    )
    long = (
        f"Until you delete it, or {GRACE.days} days after you leave the last server that you share with me; "
        f"coming back in time keeps it. {kept.remains}"
    )
    fields = [
        ("What", "\n".join(f"• {plain(line)}" for line in kept.lines)),
        ("Who sees your ratings", seen),
        (
            "What it is for",
            "Your picks, and the next model. A model holds no people: it learns what goes with what.",
        ),
        ("How long", long),
    ]
    hide: Button = discord.ui.Button(
        label="Show my ratings to others" if kept.hidden else "Hide my ratings",
        custom_id=custom_id("hide", person.id, int(not kept.hidden)),
    )
    delete: Button = discord.ui.Button(
        label="Delete everything …",
        custom_id=custom_id("forget", person.id),
        style=discord.ButtonStyle.danger,
    )
    return Screen(
        embeds=(embed("What is kept about you", fields=fields, colour=Colour.SLATE),),
        rows=((hide, delete),),
    )


async def hidden(services: Services, person: Person, hide: bool) -> Screen:
    """Hide a person's ratings or show them again."""
    if hide:
        await services.privacy.hide(person.id, person.name)
        return Screen(
            embeds=(
                embed(
                    "Your ratings are hidden",
                    f"{HIDDEN}\n\n{VETO}\n\nAnswers to your /commands are for you alone. Your ratings still "
                    "count for your own picks and for the model, which everybody gets picks from. What "
                    "stands in channels already stays there.",
                    colour=Colour.LEAF,
                ),
            )
        )
    await services.privacy.unhide(person.id)
    return Screen(
        embeds=(
            embed(
                "Your ratings can be seen",
                "By the members of servers that you share with me, and your watchlist too.",
                colour=Colour.LEAF,
            ),
        )
    )


async def question(services: Services, person: Person) -> Screen:
    """Ask once whether everything is to be deleted."""
    kept = await services.privacy.kept(person.id)
    if not kept.lines:
        return Screen(embeds=(embed("Nothing is kept about you", colour=Colour.SLATE),))
    yes: Button = discord.ui.Button(
        label="Delete it all", custom_id=custom_id("forgetall", person.id), style=discord.ButtonStyle.danger
    )
    no: Button = discord.ui.Button(label="Keep it", custom_id=custom_id("keepall", person.id))
    lines = "\n".join(f"• {plain(line)}" for line in kept.lines)
    return Screen(
        embeds=(
            embed(
                "Delete everything about you?",
                f"{lines}\n\nIt cannot be undone. The next model is fitted without you. Models that were "
                "fitted before hold no people and no ratings, only what goes with what.",
                colour=Colour.RUST,
            ),
        ),
        rows=((yes, no),),
    )


async def deleted(services: Services, person: Person) -> Screen:
    """Delete everything about a person."""
    rows = await services.privacy.delete(person.id)
    return Screen(
        embeds=(
            embed(
                "Everything about you is deleted",
                f"{counted(rows, 'row')}, for good. The next model is fitted without you.",
                colour=Colour.SLATE,
            ),
        )
    )


async def _ask(press: Press) -> None:
    """Ask whether everything is to be deleted."""
    await press.replace(question(press.services, press.own(_OWN)))


async def _delete(press: Press) -> None:
    """It is to be deleted."""
    await press.replace(deleted(press.services, press.own(_OWN)))


async def _keep(press: Press) -> None:
    """It is not to be deleted: show what is kept."""
    await press.replace(show(press.services, press.own(_OWN)))


async def _hide(press: Press) -> None:
    """Hide the ratings or show them again."""
    await press.replace(hidden(press.services, press.own(_OWN), bool(press.number(0))))


HANDLERS: Mapping[str, Handler] = {
    "forget": _ask,
    "forgetall": _delete,
    "keepall": _keep,
    "hide": _hide,
}
