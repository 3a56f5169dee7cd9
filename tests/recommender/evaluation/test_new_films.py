"""New films: nothing of them is learned, and who is asked tells of older ones."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from recommender.catalogue import Catalogue, Movie
from recommender.datasets import Dataset, Ratings
from recommender.evaluation.bootstrap import bootstrap_ratio
from recommender.evaluation.new_films import NotMeasurable, at_cut, compare_new
from recommender.evaluation.peers.fame import (
    VotesAndGenresOptions,
    most_votes,
    votes_and_genres,
    weighted_rating,
)
from recommender.evaluation.protocol import Fitted, Friend

CUT = 2014
OLD, NEW = range(100), range(100, 200)
EARLY, LATE = range(40), range(40, 60)
FEW_VOTES, OTHERS = 199, 59
"""A new film that next to nobody voted on; somebody who liked only two new films."""


def at(year: int) -> int:
    return int(datetime(year, 6, 1, tzinfo=UTC).timestamp())


@pytest.fixture(scope="module")
def camps() -> Dataset:
    """Even people like even films, comedies, and nothing else; odd ones dramas."""
    rng = np.random.default_rng(5)
    catalogue = Catalogue(
        Movie(
            film,
            f"Film {film}",
            year=1990 if film in OLD else CUT + film % 3,
            genres=(("Comedy", "Drama")[film % 2],),
            votes=50 if film == FEW_VOTES else 1000 + 10 * film,
            mean_vote=5.0 if film < 190 else 9.0,
        )
        for film in (*OLD, *NEW)
    )
    rows = [(user, film, 2010) for user in (*EARLY, *LATE) for film in rng.permutation(OLD)[:30].tolist()]
    for user in LATE:
        films = [FEW_VOTES, 100 + user % 2, 102 + user % 2] if user == OTHERS else rng.permutation(NEW)[:40]
        rows += [(user, int(film), CUT + 1) for film in films]
    users, films, years = np.array(rows, np.int64).T
    stars = np.where(users % 2 == films % 2, 5, 1).astype(np.float32)
    times = np.array([at(year) for year in years.tolist()], np.int64)
    return Dataset("camps", catalogue, Ratings(users, films, stars, times))


def test_the_community_ends_at_the_cut_and_who_is_asked_came_later(camps: Dataset) -> None:
    world = at_cut(camps, CUT)
    assert set(world.community.ratings.user_ids.tolist()) == set(EARLY)
    assert set(camps.catalogue.movie_ids[world.candidates].tolist()) == set(NEW) - {FEW_VOTES}
    asked = world.friends(3, 0)
    assert {friend.user_id for friend in asked} == set(LATE) - {OTHERS}
    for friend in asked:
        assert len(friend.told) == 3
        assert friend.told.keys() <= set(OLD)
        assert friend.relevant <= set(NEW) - {FEW_VOTES}
        assert all(film % 2 == friend.user_id % 2 for film in friend.relevant)
    assert [friend.told for friend in world.friends(3, 0)] == [friend.told for friend in asked]
    assert [friend.told for friend in world.friends(3, 1)] != [friend.told for friend in asked]
    assert not world.friends(31, 0), "nobody rated so many older films"


def test_who_knows_what_people_like_wins(camps: Dataset) -> None:
    class Planted:
        def scores(self, friends: Sequence[Friend]) -> Iterator[np.ndarray]:
            for friend in friends:
                film = next(
                    film for film, stars in friend.told.items() if stars == 5 or len(friend.told) == 1
                )
                yield (camps.catalogue.movie_ids % 2 == film % 2).astype(np.float32)

    def planted(community: Dataset, _seed: int) -> Fitted:
        assert set(community.ratings.user_ids.tolist()) == set(EARLY)
        return Planted()

    models = {
        "planted": planted,
        "votes": most_votes,
        "rating": weighted_rating,
        "votes and genres": votes_and_genres(VotesAndGenresOptions(genres=5)),
    }
    compared = compare_new([at_cut(camps, CUT), at_cut(camps, CUT + 1)], models, given=(10,), draws=2)
    (n,) = compared.given
    # At the second cut nobody's films are older but for the same ones, so that all are asked again.
    assert len(compared.people[n]) == len(compared.values["votes", n]) == 2 * 2 * (len(LATE) - 1)
    ratio, low, high = compared.ratio("planted", "votes", n)
    assert ratio == pytest.approx(compared.mean("planted", n) / compared.mean("votes", n))
    assert 1.2 < low < ratio < high
    assert compared.mean("votes and genres", n) == pytest.approx(compared.mean("planted", n), rel=0.2)
    assert compared.mean("rating", n) > 0


def test_famous_films_and_well_liked_ones_come_first(camps: Dataset) -> None:
    (votes,) = most_votes(camps, 0).scores([Friend(1, {}, frozenset())])
    assert int(np.argmax(votes)) == 198
    (rating,) = weighted_rating(camps, 0).scores([Friend(1, {}, frozenset())])
    assert int(np.argmax(rating)) == 198
    assert rating[190] > rating[189], "as many votes, and better ones"
    assert rating[FEW_VOTES] < rating[198]


@pytest.mark.parametrize("what", ["when its ratings were given", "votes", "too few people"])
def test_data_that_does_not_say_enough_is_refused(camps: Dataset, what: str) -> None:
    ratings = camps.ratings
    lacking = {
        "when its ratings were given": replace(
            camps, ratings=replace(ratings, rated_at=np.zeros_like(ratings.rated_at))
        ),
        "votes": replace(camps, catalogue=Catalogue(m._replace(votes=None) for m in camps.catalogue)),
        "too few people": replace(camps, ratings=ratings.where(np.isin(ratings.user_ids, EARLY))),
    }
    with pytest.raises(NotMeasurable, match=what):
        at_cut(lacking[what], CUT)


def test_a_ratio_is_as_sure_as_its_people_are_many() -> None:
    rng = np.random.default_rng(0)
    theirs = rng.uniform(0.1, 1, 50)
    mine = theirs * 1.2 + rng.normal(0, 0.1, 50)
    once, twice = np.arange(50), np.repeat(np.arange(50), 2)
    low, high = bootstrap_ratio(mine, theirs, once)
    assert 1.1 < low < 1.2 < high < 1.3
    again = bootstrap_ratio(np.repeat(mine, 2), np.repeat(theirs, 2), twice)
    assert again == pytest.approx((low, high)), "the same people asked twice tell no more"
    assert bootstrap_ratio(mine, np.zeros(50), once) == (np.inf, np.inf)
    assert np.isnan(bootstrap_ratio(mine[:0], theirs[:0], once[:0])).all()
