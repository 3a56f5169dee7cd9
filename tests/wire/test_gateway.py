"""A connection that breaks is taken up where it was left, and nothing that happened meanwhile is lost."""

from bot.app import MatineeBot
from tests.wire.fake_discord import FakeDiscord
from tests.wire.fake_gateway import Op
from tests.wire.fake_payloads import ANA_ID

UNKNOWN_ERROR = 4000


async def test_after_close_4000_the_session_is_resumed_and_what_was_missed_is_answered(
    bot: MatineeBot, fake: FakeDiscord
):
    session = fake.gateway.session
    seen = len(session.events)
    pending = fake.interactions.begin(fake.slash_payload("rate", title="Sci-Fi Number 2", stars="4"))
    await fake.gateway.drop(UNKNOWN_ERROR, missed=[("INTERACTION_CREATE", pending.payload)])

    assert await fake.gateway.resumed.first(lambda _: True) is session
    await fake.answered(pending)
    assert await bot.services.ratings.profile(ANA_ID) == {2: 4.0}

    identify, resume = fake.gateway.hands.entries
    assert (identify.op, resume.op) == (Op.IDENTIFY, Op.RESUME)
    assert resume.path == "/resume"
    assert (resume.data["session_id"], resume.data["seq"]) == (session.session_id, seen)


async def test_what_was_heard_before_a_resume_is_not_done_again(bot: MatineeBot, fake: FakeDiscord):
    pending = await fake.slash("rate", title="Sci-Fi Number 2", stars="4")
    await fake.answered(pending)
    await fake.gateway.drop(UNKNOWN_ERROR)
    await fake.gateway.resumed.first(lambda _: True)
    await fake.answered(await fake.slash("rate", title="Sci-Fi Number 6", stars="4"))
    callbacks = fake.rest.requests.all(lambda request: request.path.endswith("/callback"))
    assert [callback.status for callback in callbacks] == [200, 200]
    assert await bot.services.ratings.profile(ANA_ID) == {2: 4.0, 6: 4.0}
