"""!help and !about."""

from bot.console.flags import nothing_behind
from bot.console.talk import Command, Talk
from bot.errors import UserError
from bot.services.wording import counted, version_line

_SECTIONS = {
    "Rate": ("rate", "unrate", "ratings"),
    "Watch": ("recommend", "ask", "why", "movie", "similar", "popular"),
    "Watch together": (
        "group recommend",
        *(f"watchlist {name}" for name in ("add", "remove", "show", "together", "pick")),
    ),
    "Movie nights": (
        *(f"night {name}" for name in ("plan", "status", "in", "maybe", "out")),
        "nominate",
        *(f"night {name}" for name in ("withdraw", "open", "vote", "close", "move", "cancel", "repeat")),
        *(f"night {name}" for name in ("watched", "rate", "history")),
    ),
    "Bring and take": ("import", "export"),
    "Look after the model": ("retrain", "model status", "model history", "model rollback", "settings"),
    "Look after the data": ("data status", "data add", "data refresh"),
    "Look": ("taste", "compare", "map", "stats", "leaderboard"),
    "Your data": ("privacy show", "privacy hide-ratings", "privacy delete"),
    "Know more": ("help", "about", "clock"),
}


async def _help(talk: Talk, text: str) -> None:
    name = " ".join(text.removeprefix("!").casefold().split())
    if name:
        chosen = {
            known: command
            for known, command in talk.commands.items()
            if known == name or known.startswith(f"{name} ")
        }
        if not chosen:
            raise UserError(f"there is no command !{name[:40]}; !help lists them all")
        for known, command in chosen.items():
            _show(talk, known, command)
        return
    talk.screen.line(
        "Rate what you have seen; the more, the better the picks. Everybody speaks under a name: as Ana"
    )
    for section, names in _SECTIONS.items():
        talk.screen.gap()
        talk.screen.heading(section)
        for known in names:
            _show(talk, known, talk.commands[known])
    talk.screen.gap()
    talk.screen.line(
        "!pick N presses the number [N] of an answer; exit (or the end of input) ends the console."
    )


def _show(talk: Talk, name: str, command: Command) -> None:
    usage = f" {command.usage}" if command.usage else ""
    talk.screen.line((f"!{name}", "bold"), (usage, "cyan"), indent=2)
    talk.screen.line((command.summary, "dim"), indent=6)


async def _about(talk: Talk, text: str) -> None:
    nothing_behind(text, "about")
    about = await talk.services.about()
    talk.screen.heading(f"Matinée {about.bot_version}")
    community = counted(about.community_ratings, "rating")
    talk.screen.line(f"{about.dataset}: {counted(about.movies, 'movie')}, {community} by its community")
    talk.screen.line(
        "no model yet" if about.model is None else version_line(about.model, talk.services.clock())
    )
    if about.acknowledgement:
        talk.screen.note(about.acknowledgement)


COMMANDS = {
    "help": Command("[COMMAND]", "What there is, or how one command is used.", _help),
    "about": Command("", "What the bot is running on, and whose data it is.", _about),
}
