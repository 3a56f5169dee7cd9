"""The real bot on real services, in a simulated Discord. Only this file knows the simulator."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from copy import deepcopy
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, patch

import discord
import pytest
import simcord
from simcord.actors import _dispatch_actor_interaction
from simcord.backend.models.channel import Overwrite
from simcord.backend.serializers import message_payload
from simcord.enums import InteractionType, OverwriteType

from bot.app import MatineeBot
from bot.cogs.night_watch import NightWatch
from bot.cogs.upkeep import Upkeep
from bot.errors import UserError
from bot.services.app import Services
from bot.services.clock import Clock, utc_now
from bot.settings import Settings
from bot.store import Store, meta
from bot.ui.errors import root_cause
from tests.discord.films import film_dataset
from tests.discord.limits import check_choices, check_components, check_embeds, check_text, components

PATIENCE = 30.0
"""Seconds that the bot may take for anything here, on a busy machine."""


class Shown:
    """What the bot answered: a message as it is now, or a form.

    Attributes
    ----------
    private : bool
        Only the asker sees it.
    form : dict or None
    """

    def __init__(self, world: "World", channel_id: int, message_id: int | None, form: Any = None) -> None:
        self._world = world
        self._channel_id = channel_id
        self._message_id = message_id
        self.form = form
        self.result: Any = None

    @property
    def _stored(self) -> Any:
        assert self._message_id is not None, "the bot did not answer with a message"
        return self._world.env.backend.get_message(self._channel_id, self._message_id)

    @property
    def handle(self) -> Any:
        """The message as the simulator takes it."""
        return simcord.ResponseMessage(self._world.env, self._stored)

    @property
    def private(self) -> bool:
        return bool(self._stored.flags & 64)

    @property
    def content(self) -> str:
        return self._stored.content

    @property
    def embeds(self) -> list[discord.Embed]:
        return [discord.Embed.from_dict(embed) for embed in self._stored.embeds]

    @property
    def text(self) -> str:
        """All that is to be read, line by line."""
        lines = [self.content]
        for embed in self.embeds:
            lines += [embed.author.name or "", embed.title or "", embed.description or ""]
            lines += [text for field in embed.fields for text in (field.name or "", field.value or "")]
            lines.append(embed.footer.text or "")
        return "\n".join(line for line in lines if line)

    @property
    def pictures(self) -> dict[str, str]:
        """Alt texts of the attached files, by name."""
        return {one["filename"]: one.get("description", "") for one in self._stored.attachments}

    @property
    def controls(self) -> list[Any]:
        return list(components(self._stored.components))

    @property
    def rows(self) -> list[Any]:
        """The controls as they are now, to be used later all the same."""
        return deepcopy(self._stored.components)

    @property
    def buttons(self) -> list[str]:
        """Labels of the buttons that can be pressed."""
        return [one["label"] for one in self.controls if one["type"] == 2 and not one.get("disabled", False)]

    @property
    def options(self) -> list[str]:
        """What can be chosen in the menu."""
        (menu,) = (one for one in self.controls if one["type"] == 3)
        return [option["label"] for option in menu["options"]]

    def id_of(self, label: str) -> str:
        """`custom_id` of a button."""
        (button,) = (one for one in self.controls if one.get("label") == label)
        return button["custom_id"]

    def value_of(self, option: str) -> str:
        """Value of a menu's option."""
        found = {
            choice["label"]: choice["value"]
            for one in self.controls
            if one["type"] == 3
            for choice in one["options"]
        }
        return found[option]

    def delete(self) -> None:
        """Have somebody delete the message."""
        self._world.env.backend.delete_message(self._channel_id, self._message_id)

    def check(self) -> "Shown":
        """Fail if Discord's limits are broken."""
        check_text(self.content, 2000)
        check_embeds(self._stored.embeds)
        check_components(self._stored.components)
        return self


class Friend:
    """Somebody who uses the bot, on the server or, without a channel, in direct messages."""

    def __init__(self, world: "World", actor: Any, channel: Any = None) -> None:
        self._world = world
        self.actor = actor
        self._channel = channel

    @property
    def id(self) -> int:
        return self.actor.id

    @property
    def mention(self) -> str:
        return self.actor.mention

    async def slash(self, name: str, /, **options: Any) -> Shown:
        """Use a slash command; people are given as `Friend`."""
        given = {key: self._picked(value) for key, value in options.items()}
        place = () if self._channel is None else (self._channel,)
        return self._shown(await self.actor.slash(*place, name, **given))

    def _picked(self, value: Any) -> Any:
        """What a member picker gives for somebody: who is not on the server comes as a mere user."""
        if not isinstance(value, Friend):
            return value
        backend = self._world.env.backend
        guild_id = backend.get_channel(self._place_id).guild_id
        here = guild_id is not None and value.id in backend.get_guild(guild_id).members
        return value.actor if here else value.actor.user

    async def say(self, text: str) -> Shown | None:
        """Write a message; answers what the bot wrote upon it, if anything."""
        before = set(self._messages())
        if self._channel is None:
            await self.actor.send_dm(text)
        else:
            await self.actor.send(self._channel, text)
        new = [
            message.id
            for number, message in self._messages().items()
            if number not in before and message.author_id == self._world.bot_id
        ]
        return self._checked(Shown(self._world, self._place_id, new[-1])) if new else None

    async def complete(self, command: str, option: str, typed: str, **filled: Any) -> list[str]:
        """Names of what is offered while an option is typed."""
        return [choice["name"] for choice in await self.choices(command, option, typed, **filled)]

    async def choices(self, command: str, option: str, typed: str, **filled: Any) -> list[Any]:
        """What is offered while an option is typed."""
        place = () if self._channel is None else (self._channel,)
        offered = await self.actor.autocomplete(*place, command, option, typed, **filled)
        check_choices(offered)
        return offered

    async def press(self, shown: Shown, label: str = "", *, custom_id: str = "") -> Shown:
        """Press a button."""
        handle = shown.handle
        return self._shown(await self.actor.click(handle, custom_id=custom_id or shown.id_of(label)), shown)

    async def press_stale(self, shown: Shown, custom_id: str, rows: list[Any], *values: str) -> Shown:
        """Use a control that the message had when this person last saw it, whatever it has now."""
        stored = shown._stored
        place = self._channel or self.actor.dm_channel
        payload = dict(message_payload(self._world.env.backend, stored)) | {"components": rows}
        data: dict[str, Any] = {"custom_id": custom_id, "component_type": 3 if values else 2}
        if values:
            data["values"] = list(values)
        result = await _dispatch_actor_interaction(
            self.actor,
            InteractionType.MESSAGE_COMPONENT,
            place,
            data,
            extra={"message": payload},
            source_message_id=stored.id,
        )
        return self._shown(result, shown)

    async def choose(self, shown: Shown, *options: Any, menu: str | None = None) -> Shown:
        """Choose from a menu by label, or by handle where `menu` is the start of its `custom_id`."""
        found = [
            one for one in shown.controls if one["type"] != 2 and one["custom_id"].startswith(menu or "")
        ]
        (control,) = found
        values = [shown.value_of(one) if isinstance(one, str) else _handle(one) for one in options]
        return self._shown(
            await self.actor.select(shown.handle, values, custom_id=control["custom_id"]), shown
        )

    async def fill(self, shown: Shown, half_stars: int) -> Shown:
        """Send the form for stars."""
        return self._shown(await self.actor.submit_modal(shown.result, {"stars": [str(half_stars)]}), shown)

    async def write(self, shown: Shown, **fields: str) -> Shown:
        """Send a form of text fields."""
        return self._shown(await self.actor.submit_modal(shown.result, fields), shown)

    @property
    def _place_id(self) -> int:
        return self.actor.dm_channel.id if self._channel is None else self._channel.id

    def _messages(self) -> dict[int, Any]:
        return self._world.env.backend.messages.get(self._place_id, {})

    def _shown(self, result: Any, pressed: Shown | None = None) -> Shown:
        """The newest thing that came of an interaction."""
        assert result.acknowledged, "the interaction was not answered in time"
        if result.modal is not None:
            shown = Shown(self._world, self._place_id, None, result.modal)
            shown.result = result
            return shown
        answers = [message.id for message in result.followups]
        if not answers and result.response is not None:
            answers = [result.response.id]
        return self._checked(Shown(self._world, self._place_id, answers[-1] if answers else None))

    def _checked(self, shown: Shown) -> Shown:
        return shown.check() if shown._message_id is not None else shown


class QuickEnv(simcord.Env):
    """Looks every 15 ms whether the bot is done, and not every 50, which was a tenth of these tests' time."""

    async def _settle_internal(self, *, idle: float = 0.015, **options: Any) -> None:
        await super()._settle_internal(idle=idle, **options)


class World:
    """A server with friends, and the bot on it.

    Attributes
    ----------
    ana, ben : Friend
        Ordinary members.
    admin : Friend
        May manage the server.
    owner : Friend
        The configured owner of the bot, an ordinary member here.
    upkeep : AsyncMock
        What the loop calls in place of the services' schedule.
    clock : callable
        The services' time, for the next start of them.
    """

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home)
        self.services: Services
        self.bot: MatineeBot
        self.env: Any = None
        self._opened = AsyncExitStack()
        self.upkeep = AsyncMock(return_value=None)
        self._forgiven: list[BaseException] = []
        self.clock: Clock = utc_now

    async def start(self) -> None:
        """Open everything and log in."""
        await self._open_services()
        self.env = QuickEnv(self._make_bot(), check_errors=False, settle_timeout=PATIENCE)
        await self.env.start()
        self.guild = self.env.create_guild("The Friends")
        self.channel = self.guild.create_text_channel("movies")
        self.elsewhere = self.guild.create_text_channel("elsewhere")
        managers = self.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
        self.ana, self.ben, self.owner = (self.join(name) for name in ("Ana", "Ben", "Olga"))
        self.admin = self.join("Adam", roles=[managers])
        self.bot.owner_id = self.owner.id

    def join(self, name: str, **options: Any) -> Friend:
        """A new member of the server."""
        user = self.env.create_user(name.casefold()[:30] or "x", global_name=name)
        return Friend(self, self.guild.add_member(user, **options), self.channel)

    def allow(self, channel: Any, member_id: int | None = None, **permissions: bool) -> None:
        """Let somebody, or everybody, do in a channel what they cannot elsewhere, or forbid it."""
        allowed, denied = discord.PermissionOverwrite(**permissions).pair()
        kind = OverwriteType.ROLE if member_id is None else OverwriteType.MEMBER
        number = member_id or self.guild.id
        self.env.backend.set_overwrite(channel.id, Overwrite(number, kind, allowed.value, denied.value))

    def elsewhere_join(self, name: str, **options: Any) -> Friend:
        """A member of another server with the bot, on which nobody else is."""
        if not hasattr(self, "second"):
            self.second = self.env.create_guild("The Others")
            self.hall = self.second.create_text_channel("hall")
        user = self.env.create_user(name.casefold()[:30] or "x", global_name=name)
        return Friend(self, self.second.add_member(user, **options), self.hall)

    def leave(self, friend: Friend) -> None:
        """Have a member leave the server."""
        self.guild.remove_member(friend.actor)

    def in_private(self, friend: Friend) -> Friend:
        """The same person in direct messages."""
        return Friend(self, friend.actor.user)

    async def restart(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """End the process, as it were, and start it again on the same home.

        Parameters
        ----------
        meanwhile : callable
            What happens in Discord before it is connected again, of which nobody tells it.
        """
        owner_id = self.bot.owner_id
        await self._opened.aclose()
        # The simulator is connected to the old bot until the new one comes, and would tell that.
        with patch.object(self.env.backend, "emit"):
            meanwhile()
        await self._open_services()
        await self.env.restart_bot(self._make_bot())
        self.bot.owner_id = owner_id

    async def stop(self) -> None:
        """Log out, close everything, and fail for errors that nobody expected."""
        await self.env.shutdown()
        await self._opened.aclose()
        unexpected = [error for error in self.env.errors if not self._polite(error)]
        if unexpected:
            raise ExceptionGroup(
                "errors in the bot", [one for one in unexpected if isinstance(one, Exception)]
            )

    @property
    def bot_id(self) -> int:
        return self.bot.user.id if self.bot.user else 0

    def newest(self) -> Shown:
        """The newest message in the friends' channel."""
        return Shown(self, self.channel.id, max(self.env.backend.messages[self.channel.id]))

    async def advance(self, seconds: float) -> None:
        """Let time pass in Discord and for the bot's timers."""
        await self.env.advance_time(seconds)

    def requests(self, method: str, path: str) -> list[Any]:
        """What the bot asked of Discord, by method and end of path."""
        return [one for one in self.env.http_requests if one.method == method and one.path.endswith(path)]

    def expect_errors(self) -> list[BaseException]:
        """The errors so far, which are no longer held against the bot."""
        self._forgiven = list(self.env.errors)
        return self._forgiven

    def _polite(self, error: BaseException) -> bool:
        cause = root_cause(error)
        return isinstance(cause, (UserError, discord.ext.commands.CommandError)) or error in self._forgiven

    async def _open_services(self) -> None:
        self.services = await self._opened.enter_async_context(Services.open(self.settings, self.clock))
        # Retraining by itself has tests of its own; elsewhere it would take time whenever it is due.
        self.services.training.retrain_if_due = self.upkeep

    def _make_bot(self) -> MatineeBot:
        self.bot = MatineeBot(self.services, self.settings)
        return self.bot


def _handle(value: Any) -> Any:
    return value.actor if isinstance(value, Friend) else value


@pytest.fixture(scope="session", autouse=True)
def leisurely() -> None:
    """Looks at the clock of nights are rarer here: the simulator takes them one by one when time passes."""
    NightWatch.do_what_is_due.change_interval(seconds=10)
    Upkeep.do_errands.change_interval(seconds=600)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the films and a model that was fitted on them, made once."""
    home = tmp_path_factory.mktemp("furnished")
    film_dataset().save(home / "datasets" / "films")

    async def furnish() -> None:
        async with Store.open(home) as store, store.write() as db:
            await meta.put(db, meta.ACTIVE_DATASET, "films")
            await meta.put(db, meta.DATASET_SINCE, utc_now().isoformat())
        async with Services.open(Settings(home=home)) as services:
            result = await services.training.retrain()
            assert result.adopted, result.message

    asyncio.run(furnish())
    return home


@pytest.fixture
async def world(furnished: Path, tmp_path: Path) -> AsyncIterator[World]:
    """A server with friends and the bot, on a home of its own."""
    home = tmp_path / "home"
    shutil.copytree(furnished, home)
    made = World(home)
    await made.start()
    try:
        yield made
    finally:
        await made.stop()
