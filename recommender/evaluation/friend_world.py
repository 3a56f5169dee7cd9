"""A world of friends alone: the starter catalogue, eight friends, no community.

The model learns from what eight friends tell and from what the films are; nobody else says what is good. The
friends are invented fans of one genre each, or real people of MovieLens with a clear taste, of whose ratings
only those of starter films count. How well picks follow a friend's genres is told by ratings that no model
has seen. ``python -m recommender.evaluation.friend_world [DATA]`` measures it.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from recommender.catalogue import Catalogue
from recommender.datasets import Dataset, Ratings, load_dataset
from recommender.datasets.matching import MovieIndex, match
from recommender.datasets.starter import load_starter
from recommender.evaluation.frontier import DISTANT
from recommender.evaluation.peers.popular import Popular, PopularOptions, most_popular
from recommender.evaluation.peers.table import Scores
from recommender.evaluation.protocol import Comparison, Fit, Friend, K, Values, friends
from recommender.evaluation.yardstick import ALL_MEASURES, Yardstick
from recommender.model import Model
from recommender.options import TrainingOptions
from recommender.ranking import BALANCED
from recommender.training import train

OURS = "Matinée"
FRIENDS = 8
GENRE, ALIKE = "genre@10", "alike@10"
MEASURES: Mapping[str, str] = {
    GENRE: "share of the ten picks that have one of the friend's genres",
    "ndcg@10": "as everywhere, over what the friend likes besides",
    "bad@10": "as everywhere",
    ALIKE: "share of the ten picks that another friend of the same world has too, mean over the others",
}

SHRINKAGE = 5
"""Added to the number of ratings of a genre: a liking that rests on few ratings is small."""
CLEAR, FAIR = 0.3, 0.15
"""Stars above their own mean that somebody with a clear taste gives the best liked genre, and any named."""
MOST_GENRES = 2
LEAST_RATINGS = 60
_FAN_TELLS = ("loved", "other", "loved", "distant", "loved")
_FAN_STARS = {"loved": 5.0, "other": 3.0, "distant": 1.5}


@dataclass(frozen=True, slots=True)
class World:
    """Some friends.

    Attributes
    ----------
    dataset : Dataset
        The starter catalogue and what the friends tell; nothing else.
    friends : sequence of Friend
    genres : mapping of user id to frozenset of str
        What each of them likes, from ratings that are not told.
    """

    dataset: Dataset
    friends: Sequence[Friend]
    genres: Mapping[int, frozenset[str]]


def fan_worlds(starter: Dataset, given: int, worlds: int, seed: int) -> list[World]:
    """Invented fans: of five films they tell three love theirs, one is distant to it, one is neither.

    Parameters
    ----------
    starter : Dataset
    given : int
        Ratings that each tells; the first is of a loved film.
    worlds : int
        Each has eight of the ten genres of the fan test.
    seed : int
    """
    rng = np.random.default_rng((seed, given))
    genres = list(DISTANT)
    found: list[World] = []
    for _ in range(worlds):
        places: list[int] = rng.permutation(len(genres))[:FRIENDS].tolist()
        loved = [genres[place] for place in places]
        fans = [_fan(starter.catalogue, number, genre, given, rng) for number, genre in enumerate(loved)]
        tastes = {fan.user_id: frozenset([genre]) for fan, genre in zip(fans, loved, strict=True)}
        found.append(_world(starter, fans, tastes))
    return found


def _fan(catalogue: Catalogue, number: int, genre: str, given: int, rng: np.random.Generator) -> Friend:
    shelves: dict[str, list[int]] = {kind: [] for kind in _FAN_STARS}
    for movie in catalogue:
        loves, hates = genre in movie.genres, DISTANT[genre] in movie.genres
        if not (loves and hates):
            shelves["loved" if loves else "distant" if hates else "other"].append(movie.movie_id)
    for shelf in shelves.values():
        rng.shuffle(shelf)
    kinds = [_FAN_TELLS[place % len(_FAN_TELLS)] for place in range(given)]
    told = {shelves[kind].pop(): _FAN_STARS[kind] for kind in kinds}
    rated = {movie: _FAN_STARS[kind] for kind in ("loved", "distant") for movie in shelves[kind]}
    return Friend(number, told, frozenset(shelves["loved"]), rated)


def people_worlds(starter: Dataset, movielens: Dataset, given: int, seed: int) -> list[World]:
    """People of MovieLens with at least 60 ratings of starter films and a clear taste, by eights.

    Parameters
    ----------
    starter, movielens : Dataset
    given : int
        Ratings that each tells, drawn at random.
    seed : int
        Draws who are friends, and what they tell.
    """
    ratings = on_starter(starter, movielens)
    users, counts = np.unique(ratings.user_ids, return_counts=True)
    clear = [
        user
        for user in users[counts >= LEAST_RATINGS].tolist()
        if max(likings(starter.catalogue, _stars_of(ratings, user)).values(), default=0) >= CLEAR
    ]
    drawn = np.random.default_rng(seed).permutation(np.array(clear, np.int64))
    found: list[World] = []
    for start in range(0, len(drawn) - FRIENDS + 1, FRIENDS):
        some = friends(ratings, drawn[start : start + FRIENDS], given, seed)
        found.append(
            _world(starter, some, {one.user_id: favourites(starter.catalogue, one.rated) for one in some})
        )
    return found


def on_starter(starter: Dataset, movielens: Dataset) -> Ratings:
    """Ratings of films that the starter catalogue has, with its numbers; one rating per person and film."""
    index = MovieIndex(starter.catalogue)
    numbers = {movie.movie_id: match(movie, index) for movie in movielens.catalogue}
    ratings = movielens.ratings
    new = np.array([numbers[movie] or 0 for movie in ratings.movie_ids.tolist()], np.int64)
    pairs = np.stack([ratings.user_ids, new], axis=1)
    first = np.zeros(len(ratings), np.bool_)
    first[np.unique(pairs, axis=0, return_index=True)[1]] = True
    return replace(ratings, movie_ids=new).where(first & (new > 0))


def likings(catalogue: Catalogue, stars: Mapping[int, float]) -> dict[str, float]:
    """By how much a person rates each genre above their own mean; few ratings say little."""
    if not stars:
        return {}
    mean = float(np.mean(list(stars.values())))
    above: dict[str, list[float]] = defaultdict(list)
    for movie_id, given in stars.items():
        for genre in catalogue[movie_id].genres:
            above[genre].append(given - mean)
    return {genre: sum(some) / (len(some) + SHRINKAGE) for genre, some in above.items()}


def favourites(catalogue: Catalogue, stars: Mapping[int, float]) -> frozenset[str]:
    """The genres a person likes best: the first, and another that is clearly above their mean."""
    liked = likings(catalogue, stars)
    best = sorted(liked, key=lambda genre: -liked[genre])[:MOST_GENRES]
    return frozenset(genre for genre in best if genre == best[0] or liked[genre] >= FAIR)


def compare_worlds(worlds: Mapping[int, Sequence[World]], models: Mapping[str, Fit], seed: int) -> Comparison:
    """Measure models on the same friends; each is fitted anew in each world.

    Parameters
    ----------
    worlds : mapping of number of ratings told to sequence of World
    models : mapping of name to Fit
    seed : int

    Returns
    -------
    Comparison
        The share of picks that have the friend's genres; `MEASURES` with `of`.
    """
    collected: dict[str, dict[tuple[str, int], list[float]]] = {name: defaultdict(list) for name in MEASURES}
    whose: dict[int, list[int]] = {n: [] for n in worlds}
    for n, some in worlds.items():
        for world in some:
            whose[n] += [friend.user_id for friend in world.friends]
            for name, fit in models.items():
                for values in _measured(world, fit, seed):
                    for measure, value in values.items():
                        collected[measure][name, n].append(value)
    measured: dict[str, Values] = {
        measure: {key: np.array(values) for key, values in found.items()}
        for measure, found in collected.items()
    }
    people = {n: np.array(ids, np.int64) for n, ids in whose.items()}
    return Comparison(measured[GENRE], people, measured)


def _measured(world: World, fit: Fit, seed: int) -> Iterator[dict[str, float]]:
    catalogue, yardstick = world.dataset.catalogue, Yardstick(world.dataset)
    fitted = fit(world.dataset, seed)
    answers = [
        yardstick.measure(scores, friend)
        for friend, scores in zip(world.friends, fitted.scores(world.friends), strict=True)
    ]
    lists = [set(picks.tolist()) for _, picks in answers]
    for place, (friend, (values, picks)) in enumerate(zip(world.friends, answers, strict=True)):
        table = dict(zip(ALL_MEASURES, values.tolist(), strict=True))
        wanted = world.genres[friend.user_id]
        rows: list[int] = picks.tolist()
        having = [bool(wanted & set(catalogue.movies[row].genres)) for row in rows]
        shared = [len(lists[place] & other) / K for number, other in enumerate(lists) if number != place]
        yield {
            GENRE: float(np.mean(having)),
            "ndcg@10": table["ndcg@10"],
            "bad@10": table["bad@10"],
            ALIKE: float(np.mean(shared)) if shared else float("nan"),
        }


@dataclass(frozen=True, slots=True)
class _AsServed:
    model: Model

    def scores(self, friends: Sequence[Friend]) -> Iterator[Scores]:
        for friend in friends:
            levers = BALANCED.after(len(friend.told))
            yield self.model.scores(friend.told, levers.adventure, levers.calibration)


def as_served(options: TrainingOptions) -> Fit:
    """The project's model, in the style that friends get unless they ask for another."""
    return lambda community, seed: _AsServed(train(community, replace(options, seed=seed)))


def famous(starter: Dataset, movielens: Dataset) -> Fit:
    """What MovieLens' people rated most, of which a world of friends knows nothing."""
    movies, counts = np.unique(on_starter(starter, movielens).movie_ids, return_counts=True)
    known = dict(zip(movies.tolist(), counts.tolist(), strict=True))
    fame = np.array([known.get(movie.movie_id, 0) for movie in starter.catalogue], np.float32)
    return lambda _community, _seed: Popular(fame)


def _world(starter: Dataset, some: Sequence[Friend], genres: Mapping[int, frozenset[str]]) -> World:
    rows = [(friend.user_id, movie, stars) for friend in some for movie, stars in friend.told.items()]
    users, movies, stars = (np.array(column) for column in zip(*rows, strict=True))
    told = Ratings(
        users.astype(np.int64),
        movies.astype(np.int64),
        stars.astype(np.float32),
        np.zeros(len(rows), np.int64),
    )
    return World(replace(starter, ratings=told), some, genres)


def _stars_of(ratings: Ratings, user_id: int) -> dict[int, float]:
    mine = ratings.where(ratings.user_ids == user_id)
    return dict(zip(mine.movie_ids.tolist(), mine.stars.tolist(), strict=True))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print: a line per number of ratings told, model and kind of friends."""
    parser = argparse.ArgumentParser(prog="python -m recommender.evaluation.friend_world")
    parser.add_argument("data", nargs="?", help="an edition of MovieLens; fans alone if left out")
    parser.add_argument("--given", default="1,3,5,10,20", help="numbers of ratings told, with commas")
    parser.add_argument("--worlds", type=int, default=3, help="worlds of each kind, at most")
    asked = parser.parse_args(arguments)
    given = [int(number) for number in asked.given.split(",")]
    starter = load_starter()
    models = {OURS: as_served(TrainingOptions()), "most popular": most_popular(PopularOptions("rated"))}
    _say("fans", compare_worlds({n: fan_worlds(starter, n, asked.worlds, 0) for n in given}, models, 0))
    if asked.data:
        movielens = load_dataset(asked.data)
        worlds = {n: people_worlds(starter, movielens, n, 0)[: asked.worlds] for n in given}
        models["famous"] = famous(starter, movielens)
        _say("people", compare_worlds(worlds, models, 0))


def _say(kind: str, found: Comparison) -> None:
    for n in found.given:
        for name in found.models:
            figures = [f"{measure} {found.of(measure).mean(name, n):.3f}" for measure in MEASURES]
            if name != OURS:
                figures.append("ahead by {:+.3f} ({:+.3f} … {:+.3f})".format(*found.advantage(OURS, name, n)))
            sys.stdout.write(f"{kind:6} {n:3} {name:13} {' '.join(figures)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
