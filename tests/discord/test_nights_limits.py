"""Every screen of a night stays within Discord's limits, whatever the names, titles and numbers in it are."""

from datetime import UTC, datetime, timedelta
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from bot.services.answers import Filters
from bot.services.nights.answers import (
    Announcement,
    Ballot,
    Candidate,
    DateOption,
    Night,
    NightHistory,
    PostKind,
    Presence,
    Tally,
    VoteKind,
    WatchedNight,
)
from bot.services.nights.states import State
from bot.ui.nights.announcing import announcement_screen
from bot.ui.nights.ballot import ballot_screen
from bot.ui.nights.card import card_screen, night_line
from bot.ui.nights.events import _description, _name
from bot.ui.nights.past import history_screen
from bot.ui.nights.screens import night_choice, title_form
from bot.ui.screen import Person
from recommender.catalogue import GENRES
from tests.discord.limits import check_label, check_screen, check_text
from tests.discord.test_limits import movies, quick, stars, texts, user_ids

BEGIN = datetime(2026, 11, 28, 19, tzinfo=UTC)
NIGHTS = st.integers(1, 10**9)
KEYS = st.integers(1, 2**31)


@st.composite
def nights(draw: st.DrawFn) -> Night:
    """A night in any state, with up to 60 candidates and 40 people."""
    people = draw(
        st.lists(
            st.builds(Presence, user_ids, texts, st.sampled_from(("in", "maybe", "out"))),
            max_size=40,
            unique_by=lambda one: one.user_id,
        )
    )
    ids = [one.user_id for one in people]
    some = st.lists(st.sampled_from(ids), max_size=40, unique=True).map(tuple) if ids else st.just(())
    candidates = draw(
        st.lists(
            st.builds(Candidate, KEYS, movies, st.sampled_from(("list", "nominated", "carried")), some, some),
            max_size=60,
            unique_by=lambda one: one.movie_key,
        )
    )
    keys = [one.movie_key for one in candidates]
    state = draw(st.sampled_from(get_args(State)))
    kind = draw(st.sampled_from(get_args(VoteKind)))
    counted = state in ("decided", "running", "rating", "over") and bool(keys)
    tally = Tally(kind, 3, keys[0], tuple(keys), dict.fromkeys(keys, 1)) if counted else None
    dates = draw(
        st.lists(
            st.builds(DateOption, KEYS, st.just(BEGIN), some, some),
            min_size=1,
            max_size=10,
            unique_by=lambda one: one.date_id,
        )
    )
    times = st.one_of(st.none(), st.just(BEGIN))
    return Night(
        night_id=draw(NIGHTS),
        guild_id=draw(user_ids),
        channel_id=draw(user_ids),
        state=state,
        host_id=draw(st.one_of(st.none(), user_ids)),
        host_name=draw(texts),
        theme=draw(texts),
        filters=Filters(genre=(draw(st.sampled_from(GENRES)),), from_year=1900, to_year=2000),
        guests=tuple(draw(st.lists(user_ids, max_size=60, unique=True))),
        is_open=draw(st.booleans()),
        invited_role_id=draw(st.one_of(st.none(), user_ids)),
        vote_kind=kind,
        quorum=100,
        nominations_each=10,
        carry_over=True,
        starts_at=None if state == "planning" else BEGIN,
        dates=tuple(dates),
        dates_close_at=draw(times),
        vote_opens_at=draw(times),
        vote_closes_at=draw(times),
        ratings_at=draw(times),
        people=tuple(people),
        candidates=tuple(candidates),
        ballots=3,
        tally=tally,
        winner=candidates[0].movie if counted else None,
        runtime=None,
        series_id=1,
        time_zone="America/Argentina/ComodRivadavia",
        card_message_id=draw(st.one_of(st.none(), user_ids)),
        event_id=draw(st.one_of(st.none(), user_ids)),
        trouble=draw(texts),
        revision=1,
        reason="*" * 200,
    )


@quick
@given(nights())
async def test_the_nights_message(night: Night) -> None:
    check_screen(card_screen(night, marker=f"night-{night.night_id}-{2**31}"))
    check_text(night_line(night), 450)
    assert title_form(night).to_dict()
    check_text(_name(night), 100)
    check_label(_description(night), 1000)
    assert night_choice(night)


@quick
@given(
    nights(), st.sampled_from(get_args(PostKind)), st.lists(user_ids, max_size=80, unique=True), st.booleans()
)
async def test_announcements(night: Night, kind: PostKind, mentioned: list[int], late: bool) -> None:
    facts = {"before": BEGIN.isoformat(), "ballots": "3"}
    said = Announcement(
        2**31, night.night_id, kind, f"night-{night.night_id}-{2**31}", facts, tuple(mentioned), BEGIN, late
    )
    check_screen(announcement_screen(night, said, mentioned))


@quick
@given(st.builds(Person, user_ids, texts), nights(), st.data(), st.integers(-3, 9))
async def test_ballots(voter: Person, night: Night, data: st.DataObject, page: int) -> None:
    keys = [one.movie_key for one in night.candidates]
    if not keys:
        return
    chosen = data.draw(st.lists(st.sampled_from(keys), unique=True))
    ballot = Ballot(
        night.night_id, night.vote_kind, BEGIN, {key: place for place, key in enumerate(chosen, 1)}
    )
    check_screen(ballot_screen(voter, night, ballot, page, data.draw(st.sampled_from(keys))))


watched = st.builds(
    WatchedNight,
    NIGHTS,
    st.just(BEGIN - timedelta(days=7)),
    texts,
    st.one_of(st.none(), movies),
    st.integers(0, 100),
    st.lists(
        st.tuples(st.builds(Presence, user_ids, texts, st.just("in")), st.one_of(st.none(), stars)),
        max_size=40,
    ).map(tuple),
    st.one_of(st.none(), st.floats(0.5, 5)),
    st.none(),
)


@quick
@given(st.lists(watched, max_size=5), st.integers(0, 9))
async def test_history(found: list[WatchedNight], page: int) -> None:
    check_screen(history_screen(NightHistory(tuple(found), 50 if found else 0, page, 10)))
