"""/help and /about."""

from tests.discord.conftest import World


async def test_help_is_by_task_with_examples(world: World) -> None:
    for shown in (
        await world.ana.slash("help"),
        await world.ana.say("!help"),
        await world.ana.say("!help  "),
    ):
        assert shown is not None
        assert "Rate what you have seen" in shown.text
        assert "!rate Blade Runner 4.5" in shown.text
        assert "/help command:rate" in shown.text


async def test_help_names_every_command(world: World) -> None:
    shown = await world.ana.slash("help")
    for command in world.bot.walk_commands():
        if not getattr(command, "commands", None):
            name = command.qualified_name
            assert f"`/{name}`" in shown.text or f"`!{name}" in shown.text or f"/{name} " in shown.text, name


async def test_help_explains_every_command(world: World) -> None:
    for command in world.bot.walk_commands():
        shown = await world.ana.slash("help", command=command.qualified_name)
        assert f"/{command.qualified_name}" in shown.text
        assert command.help
        assert command.help.split(".")[0].split(":")[0] in shown.text
        assert command.extras["examples"][0] in shown.text


async def test_help_of_one_command_by_prefix(world: World) -> None:
    for text in ("!help rate", "!help /rate", "!help !rate", "!help RATE"):
        shown = await world.ana.say(text)
        assert shown is not None
        assert "!rate <title> <stars>" in shown.text
    model = await world.ana.say("!help model rollback")
    assert model is not None
    assert "may manage the server" in model.text


async def test_help_of_what_does_not_exist(world: World) -> None:
    shown = await world.ana.slash("help", command="*dance*")
    assert shown.private
    assert shown.text == "There is no command “\\*dance\\*”; /help lists them all."


async def test_completion_of_commands(world: World) -> None:
    assert await world.ana.complete("help", "command", "model r") == ["model rollback"]
    assert "rate" in await world.ana.complete("help", "command", "")


async def test_about(world: World) -> None:
    for shown in (await world.ana.slash("about"), await world.ana.say("!about")):
        assert shown is not None
        assert "Matinée" in shown.text
        assert "Model 1" in shown.text or "model 1" in shown.text
        assert "films: 106 movies" in shown.text
        assert "Thanks to \\*nobody\\* for the data." in shown.text
