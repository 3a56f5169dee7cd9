"""One person's taste, and two people's side by side."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.errors import UserError
from bot.services.answers import RatedMovie
from bot.services.membership import Viewer
from bot.services.privacy import Privacy
from bot.services.ratings import RatingBook
from bot.services.shelf import Serving, Shelf
from bot.services.taste.answers import Comparison, Period, Shared, Shown, Taste
from bot.services.taste.community import Community
from recommender.catalogue import Catalogue
from recommender.datasets.averages import Averages
from recommender.profiles import LIKED_FROM, NEUTRAL_FROM
from recommender.taste import Usual, match, portrait

EVERYTHING = 1_000_000
MOST_MONTHS = 24
AGREEMENTS = 3


class Tastes:
    """What people's ratings say, to whom they may be shown."""

    def __init__(self, shelf: Shelf, ratings: RatingBook, privacy: Privacy, community: Community) -> None:
        self._shelf = shelf
        self._ratings = ratings
        self._privacy = privacy
        self._community = community

    async def taste(self, viewer: Viewer, user_id: int) -> Taste:
        """Somebody's taste.

        Raises
        ------
        NotAllowed
            If the viewer may not look at it; see `Privacy.look`.
        """
        name = await self._privacy.look(viewer, user_id)
        serving = self._shelf.current
        averages, usual = await self._community.of(serving)
        rated = (await self._ratings.page(user_id, size=EVERYTHING)).ratings
        return await asyncio.to_thread(_taste, name, rated, serving.catalogue, averages, usual)

    async def compare(self, viewer: Viewer, other_id: int) -> Comparison:
        """A person's taste beside somebody else's.

        Raises
        ------
        NotAllowed
            If the viewer may not look at the other's ratings; see `Privacy.look`.
        UserError
            If they are the same person.
        """
        user_id = viewer.user_id
        if user_id == other_id:
            raise UserError("that is you: say whom to compare you with")
        other_name = await self._privacy.look(viewer, other_id)
        serving = self._shelf.current
        averages, _ = await self._community.of(serving)
        mine, theirs = await self._ratings.profile(user_id), await self._ratings.profile(other_id)
        not_mine = mine.keys() | await self._ratings.seen(user_id) | await self._ratings.dismissed(user_id)
        not_theirs = (
            theirs.keys() | await self._ratings.seen(other_id) | await self._ratings.dismissed(other_id)
        )

        def compared() -> Comparison:
            alike = match(mine, theirs, averages)
            common = [
                Shared(movie, mine[movie_id], theirs[movie_id])
                for movie_id in mine
                if movie_id in theirs and (movie := serving.catalogue.get(movie_id)) is not None
            ]
            far = max(common, key=lambda one: abs(one.mine - one.theirs), default=None)
            return Comparison(
                viewer.name,
                other_name,
                alike,
                tuple(common),
                _agreements(common),
                far if far is not None and far.mine != far.theirs else None,
                _worth_showing(serving, mine, theirs, not_theirs),
                _worth_showing(serving, theirs, mine, not_mine),
            )

        return await asyncio.to_thread(compared)


def _taste(
    name: str, rated: Sequence[RatedMovie], catalogue: Catalogue, averages: Averages, usual: Usual
) -> Taste:
    # Newest first: should two stored movies be one in this catalogue, the newer rating stays.
    stars = {one.movie.movie_id: one.stars for one in reversed(rated) if one.known}
    found = portrait(stars, catalogue, averages, usual)
    unusual = None if found.unusual is None else catalogue[found.unusual.movie_id]
    first = min((one.rated_at for one in rated), default=None)
    return Taste(name, len(rated), found, unusual, periods(rated), first)


def periods(rated: Sequence[RatedMovie]) -> tuple[Period, ...]:
    """Ratings by month, or by year if there are more than two years of them; oldest first, without gaps."""
    if not rated:
        return ()
    times = [one.rated_at.astimezone(UTC) for one in rated]
    first, last = min(times), max(times)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    yearly = months > MOST_MONTHS

    def place(time: datetime) -> int:
        return time.year - first.year if yearly else (time.year - first.year) * 12 + time.month - first.month

    counts = [[0, 0, 0] for _ in range(place(last) + 1)]
    for one, time in zip(rated, times, strict=True):
        counts[place(time)][0 if one.stars >= LIKED_FROM else 1 if one.stars >= NEUTRAL_FROM else 2] += 1

    def named(number: int) -> str:
        if yearly:
            return str(first.year + number)
        years, month = divmod(first.month - 1 + number, 12)
        return f"{datetime(first.year + years, month + 1, 1, tzinfo=UTC):%b %Y}"

    return tuple(Period(named(number), *kinds) for number, kinds in enumerate(counts))


def _agreements(common: Sequence[Shared]) -> tuple[Shared, ...]:
    """What both love, best first; where that is not enough, what both cannot stand."""
    near = [one for one in common if abs(one.mine - one.theirs) <= 0.5]
    loved = [one for one in near if min(one.mine, one.theirs) >= LIKED_FROM]
    loathed = [one for one in near if max(one.mine, one.theirs) < NEUTRAL_FROM]
    loved.sort(key=lambda one: -(one.mine + one.theirs))
    loathed.sort(key=lambda one: one.mine + one.theirs)
    return tuple([*loved, *loathed][:AGREEMENTS])


def _worth_showing(
    serving: Serving, mine: Mapping[int, float], theirs: Mapping[int, float], not_theirs: set[int]
) -> Shown | None:
    """The movie of those that one loves and the other does not know that is most to the other's taste."""
    loved = [
        movie_id
        for movie_id, stars in mine.items()
        if stars >= LIKED_FROM and movie_id not in not_theirs and movie_id in serving.catalogue
    ]
    if not loved:
        return None
    places: dict[int, float] = {}
    if serving.model is not None and theirs:
        person = serving.model.person({one: stars for one, stars in theirs.items() if serving.knows(one)})
        places = {one: person.percentile(one) for one in loved if serving.knows(one)}
    best = max(loved, key=lambda one: (places.get(one, -1.0), mine[one], -one))
    return Shown(serving.catalogue[best], mine[best], places.get(best))
