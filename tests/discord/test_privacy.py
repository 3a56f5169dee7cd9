"""What is kept, who sees it, deletion, and leaving."""

import time
from datetime import timedelta

import pytest

from bot.services.clock import utc_now
from bot.services.privacy import GRACE, HIDDEN, MISSED_DAYS, VETO
from tests.discord.conftest import Friend, World


async def rate(world: World, friend: Friend, name: str, *movie_ids: int, stars: float = 4.5) -> None:
    for movie_id in movie_ids:
        await world.services.ratings.rate(friend.id, name, movie_id, stars)


async def test_show_says_what_is_kept_and_who_sees_it(world: World) -> None:
    nothing = await world.ana.slash("privacy show")
    assert "Nothing is kept" in nothing.text
    await rate(world, world.ana, "Ana", 1, 2)
    await world.services.ratings.dismiss(world.ana.id, "Ana", 3)
    shown = await world.ana.slash("privacy show")
    assert shown.private
    for line in ("your name", "2 ratings", "2 changes of your ratings", "1 movie you are not interested in"):
        assert line in shown.text
    assert "members of servers" in shown.text
    assert f"{GRACE.days} days after you leave" in shown.text
    assert "admins no more than others" in shown.text
    said = await world.ana.say("!privacy")
    assert said is not None
    assert "2 ratings" in said.text


async def test_hidden_ratings_are_seen_by_nobody_else(world: World) -> None:
    await rate(world, world.ana, "Ana", *range(1, 13))
    picks = await world.ana.slash("recommend")
    before = await world.ben.slash("ratings", member=world.ana)
    hidden = await world.ana.slash("privacy hide-ratings", hidden=True)
    assert hidden.private
    for shown in (
        await world.ben.slash("ratings", member=world.ana),
        await world.ben.say(f"!ratings {world.ana.mention}"),
        await world.admin.slash("ratings", member=world.ana),
        await world.ben.press(before, "Next →"),
        await world.ben.press(before, "Best first"),
        await world.ben.press(picks, "1 · Why?"),
    ):
        assert shown is not None
        assert "Ana keeps their ratings to themselves" in shown.text
        assert shown.embeds == []
    shown_again = await world.ana.slash("privacy hide-ratings", hidden=False)
    assert "can be seen" in shown_again.text
    assert "12 ratings" in (await world.ben.slash("ratings", member=world.ana)).text


async def test_who_hides_is_answered_alone(world: World) -> None:
    await rate(world, world.ana, "Ana", 1, 2, 3)
    assert not (await world.ana.slash("ratings")).private
    await world.ana.say("!privacy hide-ratings on")
    for shown in (await world.ana.slash("ratings"), await world.ana.slash("recommend")):
        assert shown.private
        assert shown.embeds
    for text, instead in (
        ("!ratings", "ratings"),
        ("!recommend", "recommend"),
        ("!ask", "ask"),
        ("!why Contact", "why"),
        ("!rate Contact 2", "rate"),
        ("!unrate Contact", "unrate"),
        ("!popular", "popular"),
        ("!import", "import"),
        ("!watchlist", "watchlist show"),
        ("!watchlist show", "watchlist show"),
        ("!watchlist add Alien", "watchlist add"),
        ("!watchlist remove Alien", "watchlist remove"),
        ("!privacy", "privacy show"),
        ("!privacy delete", "privacy delete"),
        ("!night rate 4", "night rate"),
    ):
        said = await world.ana.say(text)
        assert said is not None
        assert f"use /{instead}, which answers you alone" in said.text
        assert "\n" not in said.text
    in_private = await world.in_private(world.ana).say("!ratings")
    assert in_private is not None
    assert "3 ratings" in in_private.text
    assert (await world.services.ratings.page(world.ana.id)).total == 3


@pytest.mark.parametrize("restart", [False, True])
async def test_deletion_asks_once_and_removes_everything(world: World, restart: bool) -> None:
    await rate(world, world.ana, "Ana", 1, 2)
    await rate(world, world.ben, "Ben", 1)
    await world.services.privacy.hide(world.ana.id, "Ana")
    asked = await world.ana.slash("privacy delete")
    assert asked.private
    assert asked.buttons == ["Delete it all", "Keep it"]
    assert (await world.services.ratings.page(world.ana.id)).total == 2
    if restart:
        await world.restart()
    done = await world.ana.press(asked, "Delete it all")
    # After a start it is known as well on which server she is.
    assert f"{6 + restart} rows" in done.text
    assert (await world.services.privacy.kept(world.ana.id)).lines == ()
    assert (await world.services.ratings.page(world.ben.id)).total == 1
    assert "Nothing is kept" in (await world.ana.slash("privacy delete")).text


async def test_deletion_can_be_thought_over_and_is_the_persons_own(world: World) -> None:
    await rate(world, world.ana, "Ana", 1)
    asked = await world.ana.say("!privacy delete")
    assert asked is not None
    refused = await world.admin.press(asked, "Delete it all")
    assert refused.private
    assert "somebody else's" in refused.text
    kept = await world.ana.press(asked, "Keep it")
    assert "1 rating" in kept.text
    assert (await world.services.ratings.page(world.ana.id)).total == 1
    again = await world.ana.press(kept, "Delete everything …")
    await world.ana.press(again, "Delete it all")
    assert (await world.services.ratings.page(world.ana.id)).total == 0


async def test_a_hidden_watchlist_is_its_persons_own(world: World) -> None:
    for movie_id in range(1, 13):
        await world.services.watchlists.add(world.ana.id, "Ana", movie_id)
    before = await world.ana.slash("watchlist show")
    assert "Watchlist of Ana" in (await world.ben.slash("watchlist show", member=world.ana)).text
    await world.ana.slash("privacy hide-ratings", hidden=True)
    for shown in (
        await world.ben.slash("watchlist show", member=world.ana),
        await world.ben.say(f"!watchlist show {world.ana.mention}"),
        await world.admin.slash("watchlist show", member=world.ana),
    ):
        assert shown is not None
        assert "Ana keeps their ratings to themselves, and their watchlist with them" in shown.text
        assert shown.embeds == []
    assert (await world.ana.slash("watchlist show")).private
    assert not before.private
    turned = await world.ana.press(before, "Next →")
    assert turned.private
    assert "page 2 of 2" in turned.text
    assert "page 1 of 2" in before.text


async def test_what_was_asked_before_hiding_shows_nothing_to_others_afterwards(world: World) -> None:
    await rate(world, world.ana, "Ana", *range(1, 13))
    ratings, picks = await world.ana.slash("ratings"), await world.ana.slash("recommend")
    texts, buttons = (ratings.text, picks.text), picks.buttons
    await world.ana.slash("privacy hide-ratings", hidden=True)
    for shown, label in ((ratings, "Next →"), (ratings, "Best first")):
        turned = await world.ana.press(shown, label)
        assert turned.private
        assert "Ratings of Ana" in turned.text
    kept = await world.ana.press(picks, "1 · Not interested")
    assert kept.private
    assert kept.buttons == ["1 · Hidden · undo"]
    movie_id = int(picks.id_of("1 · Not interested").rsplit(":", 1)[-1])
    assert await world.services.ratings.dismissed(world.ana.id) == {movie_id}
    assert (await world.ana.press(kept, "1 · Hidden · undo")).buttons == ["1 · Not interested"]
    assert await world.services.ratings.dismissed(world.ana.id) == set()
    assert (ratings.text, picks.text) == texts
    assert picks.buttons == buttons


async def test_a_group_is_told_that_somebody_hides(world: World) -> None:
    await rate(world, world.ana, "Ana", *range(1, 13))
    await rate(world, world.ben, "Ben", 11, 12, 13)
    await world.ana.slash("privacy hide-ratings", hidden=True)
    shown = await world.ben.slash("group recommend", members="Ana, Ben")
    assert "Ana hides their ratings: the others make the order." in shown.content
    shown = await world.ana.say("!group recommend Ana")
    assert shown is not None
    assert "All of you hide your ratings, so this is the popular list" in shown.content


async def test_the_whole_rule_is_told(world: World) -> None:
    await rate(world, world.ana, "Ana", 1)
    told = await world.ana.slash("privacy hide-ratings", hidden=True)
    shown = await world.ana.slash("privacy show")
    for text in (told.text, shown.text):
        assert HIDDEN in text
        assert VETO in text
    assert "Whoever hosts me has the database." in shown.text


async def test_hiding_by_the_button(world: World) -> None:
    await rate(world, world.ana, "Ana", 1)
    shown = await world.ana.slash("privacy show")
    await world.ana.press(shown, "Hide my ratings")
    assert await world.services.privacy.hides(world.ana.id)
    again = await world.ana.slash("privacy show")
    assert "By you alone" in again.text
    await world.ana.press(again, "Show my ratings to others")
    assert not await world.services.privacy.hides(world.ana.id)


async def test_hide_ratings_needs_on_or_off(world: World) -> None:
    for text in ("!privacy hide-ratings", "!privacy hide-ratings perhaps"):
        said = await world.ana.say(text)
        assert said is not None
        assert "\n" not in said.text


async def sweep(world: World) -> None:
    cog = world.bot.get_cog("Your data")
    assert cog is not None
    await cog.forget_the_gone.coro(cog)


async def days_later(world: World, monkeypatch: pytest.MonkeyPatch, days: int, looks: int) -> None:
    """So many days pass while the bot runs, and at the end of each of the last ones it looks who is there."""
    start, up = utc_now(), time.monotonic()
    for day in range(days - looks + 1, days + 1):
        passed = timedelta(days=day, hours=1)
        now, running = start + passed, up + passed.total_seconds()
        monkeypatch.setattr(world.services.privacy, "_clock", lambda now=now: now)
        monkeypatch.setattr(world.services.privacy, "_uptime", lambda running=running: running)
        await sweep(world)


async def test_who_leaves_is_forgotten_after_the_grace_period(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rate(world, world.ana, "Ana", 1, 2)
    await rate(world, world.ben, "Ben", 1)
    world.leave(world.ana)
    await world.advance(1)
    kept = (await world.services.privacy.kept(world.ana.id)).lines
    assert any("you left" in line for line in kept)
    await sweep(world)
    assert (await world.services.ratings.page(world.ana.id)).total == 2
    await days_later(world, monkeypatch, GRACE.days, MISSED_DAYS)
    assert (await world.services.privacy.kept(world.ana.id)).lines == ()
    assert (await world.services.ratings.page(world.ben.id)).total == 1


async def test_coming_back_keeps_everything(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await rate(world, world.ana, "Ana", 1, 2)
    world.leave(world.ana)
    await world.advance(1)
    world.guild.add_member(world.ana.actor.user)
    await world.advance(1)
    kept = (await world.services.privacy.kept(world.ana.id)).lines
    assert kept
    assert not any("you left" in line for line in kept)
    await days_later(world, monkeypatch, 2 * GRACE.days, 4)
    assert (await world.services.ratings.page(world.ana.id)).total == 2


async def test_another_shared_server_keeps_everything(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await rate(world, world.ana, "Ana", 1)
    world.env.create_guild("Another").add_member(world.ana.actor.user)
    world.leave(world.ana)
    await world.advance(1)
    await days_later(world, monkeypatch, 2 * GRACE.days, 4)
    assert (await world.services.ratings.page(world.ana.id)).total == 1


async def test_who_left_while_the_bot_was_off_has_the_grace_period_from_its_start(world: World) -> None:
    await world.services.ratings.rate(999_999_999_999_999_999, "Long gone", 1, 4.0)
    await world.services.ratings.rate(-5, "Of the console", 1, 4.0)
    await sweep(world)
    assert any(
        "you left" in line for line in (await world.services.privacy.kept(999_999_999_999_999_999)).lines
    )
    assert not any("you left" in line for line in (await world.services.privacy.kept(-5)).lines)


async def test_an_outage_makes_nobody_leave(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.services.ratings.rate(999_999_999_999_999_999, "Somebody", 1, 4.0)
    guild = world.bot.guilds[0]
    monkeypatch.setattr(guild, "unavailable", True)
    await sweep(world)
    kept = (await world.services.privacy.kept(999_999_999_999_999_999)).lines
    assert not any("you left" in line for line in kept)
