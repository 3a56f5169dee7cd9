"""What a person is told when something fails, decided in one place for commands, buttons and forms."""

import logging
import secrets

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import UserError
from bot.services.foreign import short

_log = logging.getLogger(__name__)

# Discord's codes for what is no longer there: message, interaction, channel, webhook token; and for
# an interaction that was answered already.
_GONE = frozenset({10003, 10008, 10015, 10062, 40060, 50027})
# Of these, those after which somebody still waits for an answer.
_LOST = frozenset({10015, 10062, 50027})

UNSENT = (discord.HTTPException, discord.RateLimited)
"""What sending raises: Discord refused it, or would take it only after a long while."""


def root_cause(error: BaseException) -> BaseException:
    """The error itself, out of what discord.py wraps around it."""
    wrappers = (
        commands.CommandInvokeError,
        commands.HybridCommandError,
        commands.ConversionError,
        app_commands.CommandInvokeError,
        app_commands.TransformerError,
    )
    while isinstance(error, wrappers):
        inner = getattr(error, "original", None) or error.__cause__
        if not isinstance(inner, BaseException) or inner is error:
            break
        error = inner
    return error


def explain(error: BaseException, command: str = "") -> str | None:
    """One line for a failure that has an explanation; None for one that nobody expected.

    The first that fits decides:

    1. a mistake of the person (`UserError`): its own line;
    2. a place or a permission: what is missing, the bot's own included;
    3. too often: when to try again;
    4. arguments that cannot be understood: which, and where to read how;
    5. a command that Discord still shows and the bot no longer has.

    Parameters
    ----------
    error : BaseException
    command : str
        Name of the command, for the hint on how to use it.
    """
    cause = root_cause(error)
    if isinstance(cause, UserError):
        return str(cause)
    if isinstance(cause, (commands.NoPrivateMessage, app_commands.NoPrivateMessage)):
        return "That works on a server only, not in direct messages."
    if isinstance(cause, (commands.MissingPermissions, app_commands.MissingPermissions)):
        return f"You need the permission {_names(cause.missing_permissions)} for that."
    if isinstance(cause, (commands.BotMissingPermissions, app_commands.BotMissingPermissions)):
        return f"I need the permission {_names(cause.missing_permissions)} here for that; ask an admin."
    if isinstance(cause, discord.Forbidden) and cause.code not in _GONE:
        return (
            "Discord does not allow me to do that here; ask an admin to check my permissions in this channel."
        )
    if isinstance(cause, discord.RateLimited):
        return f"Discord lets me do nothing here for {max(1, round(cause.retry_after))} s; try again then."
    if isinstance(cause, (commands.CommandOnCooldown, app_commands.CommandOnCooldown)):
        return f"That was a bit often; try again in {max(1, round(cause.retry_after))} s."
    if isinstance(cause, commands.UserInputError):
        hint = f" Type !help {command} to see how it is used." if command else ""
        return f"{_misunderstood(cause)}{hint}"
    if isinstance(cause, (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)):
        return "My commands have just changed and Discord shows you the old ones; try again in a minute."
    return None


def is_gone(error: BaseException) -> bool:
    """Whether there is nobody left to tell: the message or the interaction no longer exists."""
    cause = root_cause(error)
    return isinstance(cause, discord.HTTPException) and cause.code in _GONE


def is_lost(error: BaseException) -> bool:
    """Whether the answer came too late for Discord, and the person sees that there is none."""
    return isinstance(error, discord.HTTPException) and error.code in _LOST


async def say_lost(place: object, user: discord.User | discord.Member) -> discord.Message:
    """Say in the channel that an answer was lost, but not what it was: it may have been for one alone.

    Raises
    ------
    discord.DiscordException
        If the bot cannot write there.
    """
    if not isinstance(place, discord.abc.Messageable):
        raise discord.ClientException("no place to write in")
    allowed = discord.AllowedMentions(everyone=False, roles=False, users=[user])
    line = "Discord has lost my answer to you: use the command again."
    return await place.send(f"{user.mention} {line}", allowed_mentions=allowed)


def report(error: BaseException, where: str) -> str:
    """Log a failure that nobody expected, and the polite line for the person, with the code to find it by."""
    code = secrets.token_hex(3)
    _log.error("error %s in %s", code, where, exc_info=root_cause(error))
    return f"Something went wrong on my side (code {code}). Try again; if it stays, tell my host the code."


def _misunderstood(error: commands.UserInputError) -> str:
    match error:
        case commands.MissingRequiredArgument(param=param):
            return f"The {_spoken(_missing(param))} is missing."
        case commands.MissingRequiredFlag(flag=flag):
            return f"The {_spoken(flag.name)} is missing."
        case commands.MissingFlagArgument(flag=flag):
            return f"Nothing follows {flag.name}: there."
        case commands.TooManyFlags(flag=flag):
            return f"{flag.name}: can be given once only."
        case commands.BadFlagArgument(flag=flag, original=original, argument=argument):
            return f"{flag.name} cannot be “{short(argument)}”{_expected(original)}."
        case commands.RangeError(value=value):
            return f"“{short(str(value))}” is out of range{_expected(error)}."
        case commands.BadLiteralArgument(argument=argument):
            return f"“{short(argument)}” is not possible there{_expected(error)}."
        case commands.UserNotFound(argument=argument) | commands.MemberNotFound(argument=argument):
            return f"I know nobody called “{short(argument)}” here; mention the person with @."
        case commands.ChannelNotFound(argument=argument):
            return f"I see no channel “{short(str(argument))}” here; mention it with #."
        case commands.ArgumentParsingError():
            return "A quotation mark is left open or misplaced there."
        case commands.TooManyArguments():
            return "That is more than I understand here."
        case _:
            return "I could not understand that."


def _expected(error: BaseException) -> str:
    match error:
        case commands.RangeError(minimum=minimum, maximum=maximum):
            return f": it goes from {minimum} to {maximum}"
        case commands.BadLiteralArgument(literals=literals):
            return f": it is one of {', '.join(map(str, literals))}"
        case commands.UserNotFound() | commands.MemberNotFound():
            return ": I know nobody of that name here, mention the person with @"
        case commands.ChannelNotFound():
            return ": I see no such channel here, mention it with #"
        case commands.BadBoolArgument():
            return ": it is on or off"
        case commands.BadArgument():
            return ": a number is needed"
        case _:
            return ""


def _missing(parameter: commands.Parameter) -> str:
    """What is missing, where a set of options stands for the first that is needed."""
    converter = parameter.converter
    if isinstance(converter, type) and issubclass(converter, commands.FlagConverter):
        return next(flag.name for flag in converter.get_flags().values() if flag.required)
    return parameter.name


def _names(permissions: list[str]) -> str:
    return ", ".join(name.replace("_", " ").replace("guild", "server").title() for name in permissions)


def _spoken(name: str) -> str:
    return name.replace("_", " ")
