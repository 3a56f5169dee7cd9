"""The commands of the console, under the names they have in Discord."""

from bot.console.commands import admin, importing, information, rating, together, watching
from bot.console.talk import Command

COMMANDS: dict[str, Command] = {
    **rating.COMMANDS,
    **watching.COMMANDS,
    **together.COMMANDS,
    **importing.COMMANDS,
    **admin.COMMANDS,
    **information.COMMANDS,
}
"""By full name, such as ``model status``."""
