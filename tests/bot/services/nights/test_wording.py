"""What is said about nights: secrets kept, ties and lateness told, titles made safe."""

from datetime import UTC, datetime

import pytest

from bot.errors import UserError
from bot.services.nights import announcing, wording
from bot.services.nights.answers import Announcement, PostKind, VoteKind
from bot.services.nights.ballot_text import read_choices
from bot.services.nights.counting import count
from tests.bot.services.nights.conftest import ANA, BEN, Evening, key_of, somebody

AT = datetime(2026, 3, 5, 12, tzinfo=UTC)


def when(time: datetime) -> str:
    return f"<{time:%d.%m. %H:%M}>"


def shout(text: str) -> str:
    return text.upper()


def announcement(kind: PostKind, *, late: bool = False, **facts: str) -> Announcement:
    return Announcement(1, 1, kind, "marker", facts, (), AT, late)


async def test_no_count_is_told_while_the_vote_is_open(evening: Evening):
    night = await evening.voting(50, 51, quorum=2)
    await evening.nights.cast(BEN, night.night_id, {key_of(night, 51): 1})
    night = await evening.nights.get(ANA, night.night_id)
    lines = wording.card_lines(night, when)
    assert "the vote closes <05.03. 10:00>; 1 ballot so far, 2 needed" in lines
    assert not any("approval" in line and "51" in line for line in lines)
    said = announcing.announcement_lines(night, announcement("vote_open"), when)
    assert said[0] == "Movie night 1: the vote is open until <05.03. 10:00>"
    assert len(said) == 3 + len(night.candidates)


async def test_the_result_tells_the_count_the_tie_and_what_is_late(evening: Evening):
    night = await evening.voting(50, 51, vote_kind="ranked")
    a, b = key_of(night, 50), key_of(night, 51)
    await evening.nights.cast(ANA, night.night_id, {a: 1})
    await evening.nights.cast(BEN, night.night_id, {b: 1})
    night = await evening.nights.close(ANA, night.night_id)
    first, *rest = announcing.announcement_lines(night, announcement("result", late=True), when, shout)
    name = night.candidates[5].movie.name.upper()
    assert first == f"Movie night 1: we watch {name}, <05.03. 12:00>"
    assert rest[0].startswith("2 ballots, first choices: ")
    assert wording.TIES["list"] in rest
    assert rest[-1] == "late, the bot was away: this was due <05.03. 12:00>"


async def test_every_announcement_can_be_said_of_every_state(evening: Evening):
    """Late ones are said of a night that has gone on since."""
    night = await evening.plan(ANA, evening.date(days=5), evening.date(days=6), theme="Space")
    states = [night]
    for act in (evening.nights.close, evening.nights.open_vote, evening.nights.close, evening.nights.close):
        night = await act(ANA, night.night_id)
        states.append(night)
    for days in (7, 2, 2, 2):
        await evening.go(days=days)
        night = await evening.nights.get(ANA, night.night_id)
        states.append(night)
    assert len({one.state for one in states}) >= 6
    for one in states:
        for kind in announcing._SAID:
            lines = announcing.announcement_lines(one, announcement(kind), when)  # pyright: ignore
            assert lines[0].startswith("Movie night 1: Space")
            assert all(line and "None" not in line for line in lines)
        assert wording.state_words(one)
        assert all(wording.card_lines(one, when))


async def test_who_saw_and_who_nominated(evening: Evening):
    await evening.world.rate(2, 50)
    night = await evening.plan()
    await evening.nights.answer(BEN, night.night_id, "in")
    night = await evening.nights.nominate(ANA, night.night_id, 50)
    (candidate,) = night.candidates
    line = wording.candidate_line(night, candidate, shout)
    assert line == f"{candidate.movie.name.upper()} (nominated by ANA; seen by BEN)"


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("approval", "1, 6", {0: 1, 5: 1}),
        ("approval", "nothing", {}),
        ("ranked", "6 > 1", {5: 1, 0: 2}),
        ("ranked", "6, 1", {5: 1, 0: 2}),
        ("score", "6 = 5, 1=0", {5: 5, 0: 0}),
    ],
)
async def test_ballots_are_read(evening: Evening, kind: str, text: str, expected: dict[int, int]):
    night = await evening.voting(50, vote_kind=kind)
    keys = [one.movie_key for one in night.candidates]
    assert read_choices(night, text) == {keys[place]: value for place, value in expected.items()}
    with pytest.raises(UserError):
        read_choices(night, " , ")


async def test_a_crowd_beside_a_candidate_is_some_names_and_a_number(evening: Evening):
    night = await evening.plan()
    crowd = [somebody(number, f"Guest {number}") for number in range(10, 22)]
    for actor in crowd:
        await evening.nights.answer(actor, night.night_id, "in")
        await evening.world.ratings.rate(actor.user_id, actor.name, 50, 4.0)
    night = await evening.nights.nominate(ANA, night.night_id, 50)
    line = wording.candidate_line(night, night.candidates[0])
    assert line.endswith("seen by Guest 10, Guest 11, Guest 12, Guest 13, Guest 14 and 7 more)")


def test_a_long_count_names_the_best():
    keys = range(1, 41)
    tally = count("approval", keys, [{key: 1 for key in keys if key <= most} for most in range(1, 41)])
    (line, *_) = wording.tally_lines(tally, {key: f"Film {key}" for key in keys})
    assert line.startswith("40 ballots, approvals: Film 1 40, Film 2 39")
    assert line.endswith("Film 12 29 and 28 more")


@pytest.mark.parametrize("kind", ["approval", "ranked", "score"])
async def test_the_rule_of_ties_is_told_when_the_vote_opens(evening: Evening, kind: VoteKind):
    night = await evening.voting(50, 51, vote_kind=kind)
    lines = announcing.announcement_lines(night, announcement("vote_open"), when)
    assert wording.RULES[kind] in lines
