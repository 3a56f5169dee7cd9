"""What of somebody who hides their ratings counts in an answer that others may see.

The rule, in full:

- Such an answer is made of the *shown* people alone, who hide nothing: its movies and their order, scores,
  averages, reasons, marks, sums and notes.
- Of those who hide, their veto counts: what they have seen, rated or not, and what they are not interested in
  is left out of a group's list, while at least `LEAST_SHOWN` shown people are in the group. Beside fewer,
  what is missing would be theirs for sure, and so it would be among few movies: filters that leave fewer than
  `LEAST_FITTING` of `bot.services.group_lists` pass over it. Which stars they gave never matters: where seen
  movies may come again, their veto is what they are not interested in.
- Their watchlist is hidden with their ratings: a movie that is rated leaves it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bot.store import Connection, privacy

LEAST_SHOWN = 2


async def shown(db: Connection, user_ids: Iterable[int]) -> list[int]:
    """Those of these people who hide nothing, in their order, each once."""
    hiding = await privacy.hiding(db)
    return [user_id for user_id in dict.fromkeys(user_ids) if user_id not in hiding]


@dataclass(frozen=True, slots=True)
class Member:
    """What is known of a member of a group.

    Attributes
    ----------
    profile : dict
        Stars by movie, of the movies that the model knows.
    rated : dict
        Stars by movie of the active catalogue.
    dismissed, wanted : set of int
        What they do not want to see, and what is on their watchlist.
    unrated : set of int
        What they have seen without giving it stars.
    """

    profile: Mapping[int, float]
    rated: Mapping[int, float]
    dismissed: Collection[int]
    wanted: Collection[int]
    unrated: Collection[int] = ()

    @property
    def seen(self) -> set[int]:
        """What they have seen, rated or not."""
        return {*self.rated, *self.unrated}


@dataclass(frozen=True, slots=True)
class Party:
    """A group as its lists may know it; made by `of`.

    Attributes
    ----------
    everybody, hiding : tuple of int
        User ids of all members, and of those who hide their ratings.
    shown : mapping of int to Member
        The others, by user id.
    vetoed, dismissed : frozenset of int
        What those who hide have seen or do not want to see, and the latter alone; empty where their veto does
        not count.
    """

    everybody: tuple[int, ...]
    hiding: tuple[int, ...]
    shown: Mapping[int, Member]
    vetoed: frozenset[int]
    dismissed: frozenset[int]

    @classmethod
    def of(cls, members: Mapping[int, Member], hiding: Collection[int]) -> "Party":
        """A group of which some hide their ratings.

        Parameters
        ----------
        members : mapping of int to Member
            All of them, by user id.
        hiding : collection of int
            Whoever hides their ratings, in the group or not.
        """
        open_ones = {user_id: member for user_id, member in members.items() if user_id not in hiding}
        others = {user_id: member for user_id, member in members.items() if user_id in hiding}
        heard = others.values() if len(open_ones) >= LEAST_SHOWN else ()
        dismissed = frozenset[int]().union(*(member.dismissed for member in heard))
        seen = frozenset[int]().union(*(member.seen for member in heard))
        return cls(tuple(members), tuple(others), open_ones, seen | dismissed, dismissed)
