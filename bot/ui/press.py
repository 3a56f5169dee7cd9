"""A press: somebody used a button, a menu or a form of ours."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import discord

from bot.errors import NotAllowed, UserError
from bot.services.app import Services
from bot.services.membership import Viewer
from bot.ui.ids import ANYONE, Stale, one_of, parse, whole
from bot.ui.patience import in_time
from bot.ui.screen import Button, Item, Person, Screen, controls

_STARS = tuple(half / 2 for half in range(11))


@dataclass(frozen=True, slots=True)
class Press:
    """One press and the ways to answer it.

    Attributes
    ----------
    interaction : discord.Interaction
    services : Services
    owner : int
        User id of the person whose answer the control is part of; `ANYONE` for one that acts for
        whoever presses it.
    state : tuple of str
        What the control remembers.
    values : tuple of str
        What was chosen in a menu or a form.
    """

    interaction: discord.Interaction
    services: Services
    owner: int
    state: tuple[str, ...]
    values: tuple[str, ...] = ()

    @property
    def person(self) -> Person:
        """Who pressed."""
        return Person.of(self.interaction.user)

    @property
    def viewer(self) -> Viewer:
        """Who pressed, and where."""
        return Viewer(self.interaction.user.id, self.interaction.user.display_name, self.interaction.guild_id)

    def part(self, place: int) -> str:
        """What the control remembers in a place.

        Raises
        ------
        Stale
            If it is nothing: no control of ours.
        """
        if place >= len(self.state):
            raise Stale
        return self.state[place]

    def number(self, place: int) -> int:
        """A number that the control remembers; see `part`."""
        return whole(self.part(place))

    def stars(self, place: int) -> float:
        """Stars that the control remembers, by the number of their halves; see `part`."""
        return one_of(_STARS, self.part(place))

    @property
    def value(self) -> str:
        """What was chosen or written, where it is one thing.

        Raises
        ------
        Stale
            If it is nothing.
        """
        if not self.values:
            raise Stale
        return self.values[0]

    @property
    def chosen(self) -> int:
        """The number that was chosen; see `value`."""
        return whole(self.value)

    def own(self, instead: str) -> Person:
        """The presser, if the control is theirs.

        Parameters
        ----------
        instead : str
            What somebody else can do, as the end of a sentence.

        Raises
        ------
        NotAllowed
            If it is part of another person's answer.
        """
        if self.owner not in (ANYONE, self.interaction.user.id):
            raise NotAllowed(f"That is part of somebody else's answer; {instead}.")
        return self.person

    async def replace(self, work: Awaitable[Screen]) -> None:
        """Turn the message with the control into what `work` yields.

        Where everybody would see that and the presser hides their ratings, it is a message for them alone.
        """
        response = self.interaction.response

        async def acknowledge() -> None:
            if not response.is_done():
                await response.defer()

        async with in_time(acknowledge):
            screen = await work
            hidden = await self._shows_hidden()
        if hidden:
            await self._answer_alone(screen)
        elif response.is_done():
            await self.interaction.edit_original_response(**screen.edit())
        else:
            await response.edit_message(**screen.edit())

    async def reply(self, work: Awaitable[Screen]) -> None:
        """Answer with a new message that the presser alone sees."""
        response = self.interaction.response

        async def acknowledge() -> None:
            if not response.is_done():
                await response.defer(ephemeral=True, thinking=True)

        async with in_time(acknowledge):
            screen = await work
        await self._answer_alone(screen)

    async def remake(self, verb: str, make: Callable[[Button], Item]) -> None:
        """Exchange the buttons of `verb` that are about the same thing as this press, and leave the rest.

        Where everybody would see that and the presser hides their ratings, the new ones come in a message for
        them alone.

        Parameters
        ----------
        verb : str
        make : callable
            Answers the new control for the old button.
        """
        message = self.interaction.message
        if message is None:
            raise UserError("That message is no longer there; use the command again.")
        rows: dict[int, list[Item]] = {}
        made: list[Item] = []
        for item in discord.ui.View.from_message(message, timeout=None).children:
            row = rows.setdefault(item.row or 0, [])
            control = parse(item.custom_id or "") if isinstance(item, discord.ui.Button) else None
            about_it = control is not None and control.verb == verb and control.state[:1] == self.state[:1]
            if about_it and isinstance(item, discord.ui.Button):
                made.append(make(item))
                row.append(made[-1])
            else:
                row.append(item)
        if await self._shows_hidden():
            await self._answer_alone(Screen(content="Kept; nobody else is shown that.", rows=(tuple(made),)))
            return
        await self.interaction.response.edit_message(view=controls([tuple(row) for row in rows.values()]))

    async def _answer_alone(self, screen: Screen) -> None:
        if self.interaction.response.is_done():
            await self.interaction.followup.send(**screen.message(), ephemeral=True)
        else:
            await self.interaction.response.send_message(**screen.message(), ephemeral=True)

    async def _shows_hidden(self) -> bool:
        """Whether all see the message with the control, which is part of an answer to somebody who hides."""
        message = self.interaction.message
        return (
            self.owner == self.interaction.user.id
            and self.interaction.guild_id is not None
            and message is not None
            and not message.flags.ephemeral
            and await self.services.privacy.hides(self.owner)
        )


Handler = Callable[[Press], Awaitable[None]]
"""Does what a control says, and answers the press."""
