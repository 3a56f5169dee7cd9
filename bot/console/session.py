"""One person after another speaking to the bot in a terminal."""

import difflib
import logging

from bot.console.commands import COMMANDS
from bot.console.flags import whole_number
from bot.console.nights import ConsoleChannel
from bot.console.people import Everybody, person
from bot.console.screen import Screen, isolated
from bot.console.talk import GUILD_ID, Press, Talk
from bot.errors import UserError
from bot.services.app import Services
from bot.services.unmatched import found_lines

log = logging.getLogger(__name__)

FIRST_SPEAKER = "Host"


class Session:
    """Answers line after line; a wrong one gets one line and changes nothing.

    Parameters
    ----------
    services : Services
    screen : Screen
    """

    def __init__(self, services: Services, screen: Screen) -> None:
        self._services = services
        self._screen = screen
        self._everybody = Everybody(GUILD_ID, services.privacy)
        services.privacy.membership = self._everybody
        self.speak(FIRST_SPEAKER)
        self._choices: list[Press] = []
        self._asked = self.speaker
        self._channel = ConsoleChannel(screen)

    def speak(self, name: str) -> None:
        """Let somebody speak from now on.

        Raises
        ------
        UserError
            If that is no name.
        """
        self.speaker = person(name)
        self._everybody.introduce(self.speaker)

    async def handle(self, line: str) -> None:
        """Answer one line: ``as NAME``, ``!pick N`` or ``!command``. A ``#`` remark is passed over."""
        line = line.strip()
        if not line or line.startswith("#"):
            return
        try:
            # What came due since the last line comes first, and then what this one led to.
            await self._catch_up()
            await self._answer(line)
            await self._catch_up()
        except UserError as error:
            self._screen.error(str(error))
        except Exception:
            log.exception("the line %r could not be answered", line[:200])
            self._screen.error("that went wrong inside the bot; what happened is in its log")

    async def _catch_up(self) -> None:
        await self._services.nights.run_due()
        await self._services.nights.deliver(self._channel)

    async def _answer(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        if word.casefold() == "as":
            self.speak(rest)
            self._screen.note(f"{isolated(self.speaker.name)} speaks now.")
            return
        if line[0] not in "!/":
            raise UserError(
                "commands begin with !, for example !help or !rate Alien 4.5; “as Ana” says who speaks"
            )
        await self._services.guilds.show_titles(GUILD_ID)
        name, rest = _split(line[1:])
        if name == "pick":
            await self._press(rest)
            return
        command = COMMANDS.get(name)
        if command is None:
            raise UserError(_unknown(name))
        talk = self._talk()
        await command.run(talk, rest)
        self._offer(talk)
        for told in found_lines(await self._services.unmatched.news(self.speaker.user_id), isolated):
            self._screen.note(f"{told[:1].upper()}{told[1:]}.")

    def _talk(self) -> Talk:
        return Talk(self._services, self.speaker, self._everybody, self._screen, COMMANDS)

    def _offer(self, talk: Talk) -> None:
        # An answer without choices leaves the last ones in place, as buttons stay in a chat.
        if talk.choices:
            self._choices, self._asked = talk.choices, talk.person

    async def _press(self, text: str) -> None:
        if not self._choices:
            raise UserError("there is nothing to pick: an answer with numbers like [1] comes first")
        number = whole_number(text.strip(), "the number behind !pick")
        if not 1 <= number <= len(self._choices):
            raise UserError(f"pick a number from 1 to {len(self._choices)}")
        if self._asked != self.speaker:
            raise UserError(f"these choices are {self._asked.name}'s; ask for your own")
        talk = self._talk()
        await self._choices[number - 1](talk)
        self._offer(talk)


def _split(text: str) -> tuple[str, str]:
    """The command's full name, such as ``model status``, and what stands behind it."""
    word, _, rest = text.partition(" ")
    second, _, behind = rest.strip().partition(" ")
    longer = f"{word} {second}".casefold()
    if longer in COMMANDS:
        return longer, behind.strip()
    return word.casefold(), rest.strip()


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, COMMANDS, n=1)
    hint = f"did you mean !{near[0]}?" if near else "!help lists them all"
    return f"there is no command !{name[:40]}; {hint}"
