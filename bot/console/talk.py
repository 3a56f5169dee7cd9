"""What a command of the console is, and what it is given to answer a line."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.console.people import Everybody, Person, person
from bot.console.screen import Screen
from bot.services.app import Services
from bot.services.membership import Viewer
from bot.services.nights.answers import Actor

GUILD_ID = 0
"""The console's settings are kept like a server's, under a number that no server has."""
CHANNEL_ID = 0
"""The terminal, the one channel there is."""
MANAGER = person("Host")
"""Who in a server would manage events."""

Press = Callable[["Talk"], Awaitable[None]]
"""What pressing a choice does; it is given the talk of the line that pressed it."""


class Talk:
    """What a command needs to answer a line: services, who asks, who is known, where to write, what else is.

    Attributes
    ----------
    choices : list of Press
        What can be pressed after this answer, by number from 1.
    """

    def __init__(
        self,
        services: Services,
        person: Person,
        everybody: Everybody,
        screen: Screen,
        commands: "Mapping[str, Command]",
    ) -> None:
        self.services = services
        self.person = person
        self.everybody = everybody
        self.screen = screen
        self.commands = commands
        self.choices: list[Press] = []

    @property
    def actor(self) -> Actor:
        """Who speaks, as the nights know them."""
        user_id, name = self.person
        channels = frozenset({CHANNEL_ID})
        return Actor(user_id, name, GUILD_ID, channels, is_manager=user_id == MANAGER.user_id)

    @property
    def viewer(self) -> Viewer:
        """Who asks, as one who is shown something."""
        return Viewer(self.person.user_id, self.person.name, GUILD_ID)

    async def whom(self, name: str) -> Person:
        """Somebody who is known by this name; without a name who asks.

        Raises
        ------
        UserError
            If nobody is known by it.
        """
        return await self.everybody.called(name) if name else self.person

    def choice(self, label: str, press: Press) -> str:
        """Offer a choice; answers how it is written, ``[3] why?``."""
        self.choices.append(press)
        return f"[{len(self.choices)}] {label}"


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the console, which is one of Discord's under the same name.

    Attributes
    ----------
    usage : str
        What is written behind the name.
    summary : str
        One sentence.
    run : callable
        Takes the talk and the text behind the name.
    """

    usage: str
    summary: str
    run: Callable[[Talk, str], Awaitable[None]]
