"""From eight profiles to ten movies for all of them, with everybody's place and genre, on 87,000 movies."""

from collections.abc import Iterator
from time import process_time

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bot.services import group_lists
from bot.services.answers import Filters
from bot.services.hiding import Member, Party
from recommender.groups import STRATEGIES, Strategy
from recommender.model import Model

from .test_serving import MOVIES, TEN, big_model, people

MEMBERS = 8
ASKED = 25
WANTED = 20
MOST_MS = 50.0


@pytest.fixture(autouse=True)
def one_core() -> Iterator[None]:
    threads = pytest.importorskip("threadpoolctl", reason="the extra bench is not installed")
    with threads.threadpool_limits(1):
        yield


@pytest.fixture
def model(benchmark: BenchmarkFixture) -> Model:
    return big_model(1000 if benchmark.disabled else MOVIES)


def groups(model: Model, count: int) -> Iterator[Party]:
    rng = np.random.default_rng(3)
    everybody = people(model, count * MEMBERS)
    for first in range(0, len(everybody), MEMBERS):
        members = {
            number: Member(
                person.profile, person.profile, set(), set(rng.choice(model.movie_ids, WANTED).tolist())
            )
            for number, person in enumerate(everybody[first : first + MEMBERS])
        }
        yield Party.of(members, ())


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_list_for_eight(benchmark: BenchmarkFixture, model: Model, strategy: Strategy) -> None:
    seconds: list[float] = []
    # The first answer makes what is made once for a catalogue.
    group_lists.together(model, next(groups(model, 1)), TEN, strategy, Filters(), False)

    def ask() -> None:
        for party in groups(model, 2 if benchmark.disabled else ASKED):
            start = process_time()
            found = group_lists.together(model, party, TEN, strategy, Filters(), False)
            seconds.append(process_time() - start)
            assert len(found.picks) == TEN
            assert all(len(pick.members) == MEMBERS for pick in found.picks)

    benchmark.pedantic(ask, rounds=1)
    p50, p99 = np.quantile(seconds, [0.5, 0.99]) * 1000
    benchmark.extra_info.update(answers=len(seconds), p50_ms=p50, p99_ms=p99)
    assert benchmark.disabled or p50 <= MOST_MS, f"p50 {p50:.1f} ms, p99 {p99:.1f} ms"
