"""!privacy in the console."""

from bot.console.people import person
from bot.services.privacy import HIDDEN, VETO
from tests.bot.console.conftest import Terminal


async def test_show_hide_and_delete(terminal: Terminal):
    shown = await terminal.say("as Ana", "!privacy")
    assert "ratings" in shown
    assert "seen by others" in shown
    for said in (await terminal.say("!privacy hide-ratings on"), await terminal.say("!privacy show")):
        assert HIDDEN in said
        assert VETO in said
    await terminal.say("!watchlist add Alien")
    assert "and their watchlist with them" in await terminal.say("as Ben", "!watchlist show Ana")
    assert "Alien" in await terminal.say("as Ana", "!watchlist show")
    assert "Ana keeps their ratings to themselves" in await terminal.say("as Ben", "!ratings Ana")
    assert "has rated" in await terminal.say("as Ana", "!ratings")
    await terminal.say("!privacy hide-ratings off")
    assert "Ana has rated" in await terminal.say("as Ben", "!ratings Ana")
    asked = await terminal.say("as Ana", "!privacy delete")
    assert "[1] delete it all" in asked
    assert "is deleted" in await terminal.say("!pick 1")
    assert "Nothing is kept" in await terminal.say("!privacy show")
    assert (await terminal.services.ratings.page(person("Ana").user_id)).total == 0
    assert "Nothing is kept" in await terminal.say("!privacy delete")


async def test_wrong_words_get_one_line(terminal: Terminal):
    for line in ("!privacy hide-ratings", "!privacy hide-ratings maybe", "!privacy what", "!privacy show it"):
        said = await terminal.say(line)
        assert said.startswith("✗ ")
        assert said.count("\n") == 1
