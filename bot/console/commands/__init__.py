"""The commands of the console, under the names they have in Discord."""

from bot.console.commands import (
    admin,
    clock,
    data,
    importing,
    information,
    nights,
    privacy,
    rating,
    taste,
    together,
    watching,
)
from bot.console.talk import Command

COMMANDS: dict[str, Command] = {
    **rating.COMMANDS,
    **watching.COMMANDS,
    **taste.COMMANDS,
    **privacy.COMMANDS,
    **together.COMMANDS,
    **nights.COMMANDS,
    **importing.COMMANDS,
    **admin.COMMANDS,
    **data.COMMANDS,
    **information.COMMANDS,
    **clock.COMMANDS,
}
"""By full name, such as ``model status``."""
