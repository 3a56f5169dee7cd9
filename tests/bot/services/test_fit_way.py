"""What decides between a warm and a full fit."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.services.fit_way import LEARNED_FILE, MOST_ADDED, MOST_ROUNDS, Facts, Learned, choose
from recommender.datasets.dataset import Ratings

FEW = Facts(added=3, added_since_full=12, ratings=1000, rounds=2)
"""Three ratings were added, nine more by the warm fits before."""


def ratings(*rows: tuple[int, int, float, int]) -> Ratings:
    users, movies, stars, times = zip(*rows, strict=True) if rows else ((),) * 4
    return Ratings(
        np.array(users, np.int64),
        np.array(movies, np.int64),
        np.array(stars, np.float32),
        np.array(times, np.int64),
    )


THEN = ratings((0, 1, 4.5, 10), (0, 2, 3, 11), (1, 1, 4.5, 12))


def test_a_few_added_ratings_are_learned_warm():
    assert choose(FEW).warm
    assert choose(FEW).why == "only 3 ratings were added"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"asked": True}, "asked for"),
        ({"state": False}, "no earlier fit"),
        ({"failed_before": True}, "came to nothing"),
        ({"same": False}, "the data or the program"),
        ({"gone": 1}, "1 rating was changed, taken back or deleted"),
        ({"gone": 2, "added": 0}, "2 ratings were"),
        ({"added": 0}, "nothing was added"),
        ({"rounds": MOST_ROUNDS}, "the last 10 fits were warm"),
        ({"added_since_full": 51}, "51 ratings were added since the last full fit"),
    ],
)
def test_whatever_else_happened_wants_a_full_one(changes: dict[str, Any], why: str):
    way = choose(replace(FEW, **changes))
    assert not way.warm
    assert why in way.why


def test_up_to_the_bounds_it_is_warm():
    most = round(MOST_ADDED * 1000)
    assert choose(replace(FEW, rounds=MOST_ROUNDS - 1, added_since_full=most)).warm


def test_what_changed_since_is_seen_whoever_the_people_are():
    before = Learned.of("key", THEN)
    # The people's numbers are new each time, and so is the order of their ratings.
    now = ratings((5, 1, 4.5, 12), (7, 9, 1, 20), (7, 2, 3, 11), (7, 1, 4.5, 10))
    facts = Learned.of("key", now).facts(before, ratings=90, rounds=1)
    assert facts == Facts(added=1, added_since_full=1, ratings=90, rounds=1)
    assert choose(facts).warm


@pytest.mark.parametrize(
    ("now", "gone", "added"),
    [
        (ratings((0, 1, 4.5, 10), (0, 2, 3, 11)), 1, 0),
        (ratings((0, 1, 4.5, 10), (0, 2, 3.5, 13), (1, 1, 4.5, 12)), 1, 1),
        (ratings((0, 1, 4.5, 10), (0, 2, 3, 13), (1, 1, 4.5, 12)), 1, 1),
        (ratings((0, 1, 4.5, 10), (0, 2, 3, 11), (0, 3, 5, 14)), 1, 1),
        (ratings(), 3, 0),
    ],
    ids=["taken back", "changed", "rated again", "one for another", "everybody left"],
)
def test_a_rating_that_is_gone_is_seen(now: Ratings, gone: int, added: int):
    facts = Learned.of("key", now).facts(Learned.of("key", THEN), ratings=100)
    assert (facts.gone, facts.added) == (gone, added)
    assert not choose(facts).warm


def test_the_same_movie_rated_twice_alike_counts_twice():
    one, two = ratings((0, 1, 4, 10)), ratings((0, 1, 4, 10), (1, 1, 4, 10))
    assert Learned.of("key", two).facts(Learned.of("key", one)).added == 1
    assert Learned.of("key", one).facts(Learned.of("key", two)).gone == 1


def test_another_key_is_other_data():
    facts = Learned.of("other", THEN).facts(Learned.of("key", THEN))
    assert not facts.same


def test_added_ones_are_counted_from_the_last_full_fit_on():
    before = replace(Learned.of("key", THEN), at_full=1)
    more = THEN.joined(ratings((4, 4, 4, 4)))
    assert Learned.of("key", more).facts(before).added_since_full == 3


def test_without_a_state_there_is_nothing_to_compare():
    assert not Learned.of("key", THEN).facts(None).state


def test_it_is_read_back_and_holds_no_ratings(tmp_path: Path):
    learned = Learned.of("key", THEN)
    learned.write(tmp_path)
    assert Learned.read(tmp_path) == learned
    text = (tmp_path / LEARNED_FILE).read_text()
    assert "4.5" not in text
    assert len(set(learned.friends)) == 3


@pytest.mark.parametrize(
    "content", [None, "", "{", "[]", "{}", '{"key": "a", "at_full": "x", "friends": []}']
)
def test_what_cannot_be_read_is_as_if_there_were_none(tmp_path: Path, content: str | None):
    if content is not None:
        (tmp_path / LEARNED_FILE).write_text(content)
    assert Learned.read(tmp_path) is None
