"""!taste and !compare in the console."""

from pathlib import Path

from tests.bot.console.conftest import Terminal


async def test_taste_in_words_and_as_files(terminal: Terminal, tmp_path: Path):
    said = await terminal.say("as Ana", "!taste")
    assert "Taste of Ana" in said
    assert "decades:" in said
    assert "mostly " in said
    folder = tmp_path / "my pictures"
    said = await terminal.say("as Ben", f"!taste Ana save: {folder}")
    assert {file.name for file in folder.iterdir()} == {
        "genres.png",
        "amount.png",
        "decades.png",
        "history.png",
    }
    assert said.count("saved ") == 4


async def test_compare(terminal: Terminal, tmp_path: Path):
    said = await terminal.say("as Ana", "!compare Ben")
    assert "Ana and Ben: " in said
    assert "show" in said
    await terminal.say("as Cara", "!rate Alien 4")
    said = await terminal.say("!compare Ana")
    assert "not enough: " in said
    assert "no picture yet" in await terminal.say(f"!compare Ana save: {tmp_path}")
    assert "whom to compare you with" in await terminal.say("!compare Cara")
    assert "say with whom" in await terminal.say("!compare")


async def test_nothing_rated_and_one_rating(fresh_terminal: Terminal, tmp_path: Path):
    assert "has rated nothing yet" in await fresh_terminal.say("as Ana", "!taste")
    said = await fresh_terminal.say("!rate Alien 4", "!taste")
    assert "1 rating, 4.0 stars on average" in said
    assert "no genre stands out yet" in said
    assert "no picture yet" in await fresh_terminal.say(f"!taste save: {tmp_path}")


async def test_hidden_ratings_and_a_folder_that_cannot_be(terminal: Terminal, tmp_path: Path):
    await terminal.say("as Ana", "!privacy hide-ratings on")
    for line in ("!taste Ana", "!compare Ana"):
        assert "Ana keeps their ratings to themselves" in await terminal.say("as Ben", line)
    (tmp_path / "file").write_text("")
    said = await terminal.say("as Ana", f"!taste save: {tmp_path / 'file'}")
    assert "cannot be written" in said


async def test_stats_and_leaderboard(terminal: Terminal, tmp_path: Path):
    said = await terminal.say("!stats")
    assert "most loved:" in said
    assert "1. " in said
    assert "saved " in await terminal.say(f"!stats save: {tmp_path}")
    assert (tmp_path / "stats.png").read_bytes().startswith(b"\x89PNG")
    assert "1. " in await terminal.say("!leaderboard")
    await terminal.say("!settings leaderboard: off")
    assert "switched off" in await terminal.say("!leaderboard")
    assert "leaderboard: on" in await terminal.say("!settings leaderboard: on")
    assert "leaderboard: is on or off" in await terminal.say("!settings leaderboard: perhaps")


async def test_nobody_has_rated(fresh_terminal: Terminal, tmp_path: Path):
    assert "0 ratings of 0 movies" in await fresh_terminal.say("!stats")
    assert "no picture yet" in await fresh_terminal.say(f"!stats save: {tmp_path}")
    assert "nobody has rated yet" in await fresh_terminal.say("!leaderboard")
    assert "no picture yet" in await fresh_terminal.say(f"!model status save: {tmp_path}")


async def test_map(terminal: Terminal, tmp_path: Path):
    said = await terminal.say(f"!map save: {tmp_path}")
    assert "Ana is near" in said
    assert (tmp_path / "map.png").exists()
    await terminal.say("as Ana", "!privacy hide-ratings on")
    assert "Ana is near" not in await terminal.say("!map")
