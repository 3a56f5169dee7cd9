"""Help worth reading: by task, with examples, made from what the commands say of themselves."""

from typing import Any

from discord.ext import commands

from bot.ui.embeds import Colour, embed
from bot.ui.screen import Screen
from bot.ui.text import plain

Command = commands.Command[Any, Any, Any]

_RATE = """\
`/rate` a movie, with half stars. `!rate Blade Runner 4.5` does the same.
`/ratings` shows your list or a friend's, `/unrate` takes one back."""
_WATCH = """\
`/recommend` has picks for you and says what drove them, from your first rating on.
Match 97 % means that 97 % of all movies rank lower for you.
Narrow it down: `!recommend 10 genre: Horror, Comedy released: 1980s with: Bill Murray`
`/ask` asks about five movies that tell most about your taste.
`/movie` tells all about one movie, `/similar` lists movies like one, `/popular` what everybody watches."""
_TOGETHER = """\
`/group recommend` has movies for all of you, named or in your voice channel, with everybody's own match.
`strategy:` says how tastes are brought together; `fairness` has something for each of you.
`/watchlist add` keeps what you want to see, `/watchlist remove` takes it off, `/watchlist show` lists it,
`/watchlist together` shows what you all want, `/watchlist pick` draws one of that for tonight."""
_NIGHTS = """\
`/night plan` opens a movie night: `!night plan friday 8pm, sat 19:30 theme: Space vote: ranked`
The buttons on its message do the rest; in words: `/night in`, `/night maybe`, `/night out`,
`/nominate`, `/night withdraw`, `/night vote`, `/night rate`. Ballots are secret until the close.
For the host: `/night open`, `/night close`, `/night move`, `/night cancel`, `/night repeat`,
`/night watched`.
`/night status` and `/night history` show how things stand and how it was."""
_WHY = """\
`/why` takes any movie apart for you: genres, your own ratings, people of your taste, popularity.
The parts add up. `/about` says which model and data are behind it."""
_LOOK = """\
`/taste` shows what you or a friend loves, as pictures and in numbers.
`/compare` sets you beside a friend: how well you match, and what each should show the other.
`/map` shows who of you stands near what.
`/stats` is about this server: what you love most and what divides you. `/leaderboard` says who rated most."""
_DATA = """\
`/privacy show` says what is kept about you and who sees it.
`/privacy hide-ratings` keeps your ratings to yourself, `/privacy delete` deletes everything."""
_BRING = """\
`/import` brings your ratings from Letterboxd, IMDb, Trakt or a table; you see first what it would do.
`/export` sends you everything the bot keeps about you."""
_ADMIN = """\
`/settings`, `/retrain`, `/model status`, `/model history`, `/model rollback`,
`/data status`, `/data add`, `/data refresh`, for people who may manage the server."""
_SECTIONS = (
    ("Rate what you have seen", _RATE),
    ("Find something to watch", _WATCH),
    ("Watch together", _TOGETHER),
    ("Movie nights", _NIGHTS),
    ("Know why", _WHY),
    ("Look at taste", _LOOK),
    ("Keep your data yours", _DATA),
    ("Bring and take your ratings", _BRING),
    ("Look after it", _ADMIN),
)


def overview_screen() -> Screen:
    """What the bot can do, by task."""
    return Screen(
        embeds=(
            embed(
                "Matinée: what shall we watch?",
                "You rate movies, I learn your taste, and I tell you what to watch and why.",
                fields=_SECTIONS,
                footer="/help command:rate explains one command · every command works as /name and as !name",
                colour=Colour.VELVET,
            ),
        )
    )


def command_screen(command: Command) -> Screen:
    """One command: what it does, how it is written, its options, examples, who may use it."""
    name = command.qualified_name
    usage = f" {command.usage}" if command.usage else ""
    lines = [plain(command.help or command.short_doc, 500), f"`!{name}{usage}`"]
    fields = [("Options", "\n".join(_options(command)))] if _options(command) else []
    examples: list[str] = command.extras.get("examples", [])
    fields += [("Examples", "\n".join(f"`{example}`" for example in examples))] if examples else []
    if isinstance(command, commands.Group):
        inside = sorted(command.commands, key=lambda one: one.name)
        # In the text and not in a field, which is too small for a large group.
        lines += ["", *(f"`/{one.qualified_name}` {plain(one.short_doc)}" for one in inside)]
    if command.extras.get("access") == "admin":
        lines.append("Only for people who may manage the server.")
    return Screen(embeds=(embed(f"/{name}", "\n".join(lines), fields=fields, colour=Colour.SLATE),))


def _options(command: Command) -> list[str]:
    """The options of a command that has named ones, each with what it is for."""
    converters = (parameter.converter for parameter in command.clean_params.values())
    return [
        f"`{flag.name}` {plain(str(flag.description))}"
        for converter in converters
        if isinstance(converter, type) and issubclass(converter, commands.FlagConverter)
        for flag in converter.get_flags().values()
    ]
