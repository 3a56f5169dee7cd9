"""What stays of a night when somebody's data is deleted, and what is handed out of it."""

import json

from sqlalchemy import select

from bot.store.tables import metadata
from tests.bot.services.nights.conftest import ANA, BEN, CLEO, Evening, key_of


async def test_a_past_result_stays_and_has_no_name_any_more(evening: Evening):
    night = await evening.voting(50, 51)
    for actor, movie in ((ANA, 50), (BEN, 51), (CLEO, 51)):
        await evening.nights.cast(actor, night.night_id, {key_of(night, movie): 1})
    await evening.nights.close(ANA, night.night_id)
    await evening.go(days=5)
    for actor in (BEN, CLEO):
        await evening.nights.rate(actor, night.night_id, 4)
    await evening.go(days=4)
    before = await evening.nights.get(ANA, night.night_id)
    for actor in (ANA, CLEO):
        assert await evening.world.store.delete_person(actor.user_id) > 3
    after = await evening.nights.get(ANA, night.night_id)
    assert after.tally == before.tally
    assert after.winner == before.winner
    assert after.host_id is None
    assert [one.name for one in after.people] == ["Ben"]
    (past,) = (await evening.nights.history(ANA)).nights
    assert (past.attended, [person.name for person, _ in past.there]) == (3, ["Ben"])
    async with evening.world.store.read() as db:
        kept = [
            str(tuple(row)) for table in metadata.tables.values() for row in await db.execute(select(table))
        ]
    assert not any("Cleo" in row or "Ana" in row for row in kept)


async def test_a_deletion_in_the_middle_of_a_vote_takes_the_ballot_along(evening: Evening):
    night = await evening.voting(50, 51)
    await evening.nights.cast(BEN, night.night_id, {key_of(night, 51): 1})
    await evening.nights.cast(CLEO, night.night_id, {key_of(night, 50): 1})
    await evening.world.store.delete_person(ANA.user_id)
    await evening.world.store.delete_person(BEN.user_id)
    # The host is gone too, so whoever comes closes the vote.
    night = await evening.nights.close(CLEO, night.night_id)
    assert night.tally is not None
    assert night.tally.ballots == 1
    assert night.winner is not None
    assert night.winner.movie_id == 50
    # What Ana nominated stays, and nobody is said to have done so.
    assert all(one.nominated_by == () for one in night.candidates)
    await evening.run()


async def test_ones_own_ballot_is_exported_with_titles_and_nobody_elses(evening: Evening):
    night = await evening.voting(50, 51)
    await evening.nights.cast(BEN, night.night_id, {key_of(night, 51): 1})
    await evening.nights.cast(CLEO, night.night_id, {key_of(night, 50): 1})
    exported = await evening.world.store.export_person(BEN.user_id)
    (vote,) = exported["night_votes"]
    assert (vote["title"], vote["value"]) == ("Musical Number 51", 1)
    assert vote["movie_key"] == key_of(night, 51)
    assert len(exported["night_presence"]) == 1
    assert "Cleo" not in json.dumps(exported)
