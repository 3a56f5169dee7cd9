"""Our own Discord is one that discord.py accepts, and as strict as the real one."""

from typing import Any

import discord
import pytest
from discord import app_commands

from tests.wire.fake_discord import FakeDiscord
from tests.wire.fake_gateway import Op
from tests.wire.fake_journal import Journal
from tests.wire.fake_payloads import ANA_ID, GENERAL_ID


class Client(discord.Client):
    """A client with one command, which does what the test says."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.all(), guild_ready_timeout=0.1)
        self.tree = app_commands.CommandTree(self)
        self.codes: Journal[int] = Journal()

        @self.tree.command(name="twice", description="Acknowledges two times")
        async def twice(interaction: discord.Interaction[Any], text: str) -> None:  # pyright: ignore[reportUnusedFunction]
            await interaction.response.send_message(text)
            raw: Any = interaction.response
            raw._response_type = None
            try:
                await interaction.response.send_message("again")
            except discord.HTTPException as error:
                self.codes.add(error.code)
            await interaction.followup.send("afterwards")
            await interaction.edit_original_response(content="changed")
            self.codes.add(0)

    async def setup_hook(self) -> None:
        """Make the command usable."""
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait five seconds before the second IDENTIFY: here is nobody to be polite to."""


@pytest.fixture
async def client(fake: FakeDiscord):
    """A client that is ready."""
    client = Client()
    async with fake.connected(client):
        await client.wait_until_ready()
        yield client


async def test_a_client_knows_itself_and_the_server(client: Client):
    assert client.user is not None
    assert client.user.name == "matinée"
    (guild,) = client.guilds
    assert [channel.name for channel in guild.text_channels][:2] == ["general", "lounge"]
    assert [member.display_name for member in guild.members] == ["Matinée", "Ana", "Ben"]
    # Friends with a number are on it too, when they are asked for.
    assert (await guild.fetch_member(4711)).display_name == "Friend 4711"


async def test_an_interaction_is_acknowledged_once_and_then_followed_up(client: Client, fake: FakeDiscord):
    pending = await fake.slash("twice", text="hello")
    await client.codes.first(lambda code: code == 0)
    assert client.codes.entries[0] == 40060
    shown = [fake.rest.messages[each]["content"] for each in pending.shown]
    assert shown == ["changed", "afterwards"]


async def test_only_what_was_synced_can_be_used(client: Client, fake: FakeDiscord):
    with pytest.raises(LookupError):
        await fake.slash("thrice")
    with pytest.raises(LookupError):
        await fake.slash("twice", texts="hello")


async def test_an_interaction_that_waited_too_long_is_forgotten(client: Client, fake: FakeDiscord):
    payload = fake.slash_payload("twice", text="hello")
    fake.interactions.begin(payload).sent_at -= 4
    await fake.gateway.session.dispatch("INTERACTION_CREATE", payload)
    request = await fake.rest.requests.first(lambda request: request.path.endswith("/callback"))
    assert request.status == 404


async def test_an_unknown_session_is_not_resumed(client: Client, fake: FakeDiscord):
    first = fake.gateway.session
    del fake.gateway.sessions[first.session_id]
    await fake.gateway.close()
    second = await fake.gateway.opened.first(lambda session: session is not first)
    assert [hand.op for hand in fake.gateway.hands.entries] == [Op.IDENTIFY, Op.RESUME, Op.IDENTIFY]
    assert second.session_id != first.session_id


async def test_a_message_lacks_its_content_without_the_intent(fake: FakeDiscord):
    client = discord.Client(intents=discord.Intents.default(), guild_ready_timeout=0.1)
    heard: Journal[discord.Message] = Journal()

    @client.event
    async def on_message(message: discord.Message) -> None:  # pyright: ignore[reportUnusedFunction]
        heard.add(message)

    async with fake.connected(client):
        await fake.say("hello")
        message = await heard.first(lambda _: True)
    assert (message.content, message.author.id, message.channel.id) == ("", ANA_ID, GENERAL_ID)
