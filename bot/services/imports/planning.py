"""What an import would do: new, changed and unchanged ratings, conflicts, and what found no movie."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.services.imports.entries import Entry, Kind, Parsed
from bot.services.imports.matching import Film, Found, How, NewFilm
from bot.services.ratings import NOWHERE
from bot.store.bulk import Mine
from recommender.catalogue import Movie
from recommender.titles import fold

Policy = Literal["newest", "theirs", "mine"]
POLICIES: tuple[Policy, ...] = ("newest", "theirs", "mine")
"""Whose rating stays where both have one: the newer one, that of the file, or the one in the bot."""

Find = Callable[[Entry], Found]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the bot knows of a person.

    Attributes
    ----------
    ratings : dict
        By film.
    seen, wanted : frozenset
        Films: seen without stars, and on the watchlist.
    """

    ratings: Mapping[Film, Mine]
    seen: frozenset[Film] = frozenset()
    wanted: frozenset[Film] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One movie of an import: the entry that counts for it, and the rating there was."""

    entry: Entry
    movie: Movie
    film: Film
    how: How
    before: Mine | None = None


@dataclass(slots=True)
class Plan:
    """What an import would do.

    Attributes
    ----------
    new : list of Step
        Ratings of movies that the person has not rated.
    newer : list of Step
        Other stars than in the bot, and given later.
    older : list of Step
        Other stars than in the bot, and given earlier, or nobody knows when: the conflicts.
    unchanged : int
        The same stars.
    seen, wanted : list of Step
        New ones.
    known : int
        Seen or wanted, as the bot knows already.
    ambiguous : list of (Entry, candidates)
    unknown : list of Entry
    duplicates : int
        Entries of a movie that another entry of the same kind speaks for.
    undecided : int
        Entries of which it has to be said first whether they were seen or are to be.
    replaces : list of (int, int)
        Rows of earlier imports, by import and line, that are corrected.
    """

    new: list[Step] = field(default_factory=list[Step])
    newer: list[Step] = field(default_factory=list[Step])
    older: list[Step] = field(default_factory=list[Step])
    unchanged: int = 0
    seen: list[Step] = field(default_factory=list[Step])
    wanted: list[Step] = field(default_factory=list[Step])
    known: int = 0
    ambiguous: list[tuple[Entry, tuple[Movie, ...]]] = field(
        default_factory=list[tuple[Entry, tuple[Movie, ...]]]
    )
    unknown: list[Entry] = field(default_factory=list[Entry])
    duplicates: int = 0
    undecided: int = 0
    replaces: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    def rating_steps(self, policy: Policy) -> list[Step]:
        """The ratings that are stored if the person wants it so."""
        newer = [] if policy == "mine" else self.newer
        return [*self.new, *newer, *(self.older if policy == "theirs" else [])]

    def unsure(self) -> list[Step]:
        """What was matched by less than a number, or title and year."""
        return [step for step in self._steps() if step.how not in (How.NUMBER, How.NAME)]

    @property
    def waiting(self) -> int:
        """Entries that are kept until there is a movie for them."""
        return len(self.ambiguous) + len(self.unknown)

    def _steps(self) -> Iterator[Step]:
        for steps in (self.new, self.newer, self.older, self.seen, self.wanted):
            yield from steps


def make_plan(parsed: Parsed, find: Find, standing: Standing, *, sure: bool = False) -> Plan:
    """Compare a file with what the bot knows. To be run in a thread.

    With `sure` what has to be looked at counts as not found, with the movie that it may be.
    """
    plan = Plan()
    steps: dict[tuple[Kind, Film], Step] = {}
    lost: dict[tuple[Kind, str, int | None, int | None, int | None], tuple[Entry, tuple[Movie, ...]]] = {}
    for entry in parsed.entries:
        if entry.replaces is not None:
            plan.replaces.append(entry.replaces)
        if entry.kind is None:
            plan.undecided += 1
            continue
        found = find(entry)
        if sure and found.movie is not None and not found.certain:
            found = Found(None, candidates=(found.movie,))
        if found.movie is None or found.film is None:
            one = (entry.kind, fold(entry.title), entry.year, entry.imdb_id, entry.tmdb_id)
            plan.duplicates += one in lost
            if one not in lost or lost[one][0].newness < entry.newness:
                lost[one] = entry, found.candidates
        else:
            _take(plan, steps, Step(entry, found.movie, found.film, found.how or How.NAME))
    plan.ambiguous = [one for one in lost.values() if one[1]]
    plan.unknown = [entry for entry, candidates in lost.values() if not candidates]
    for (kind, film), step in steps.items():
        if kind == "rating":
            _sort(plan, step, standing.ratings.get(film))
        elif kind == "watchlist":
            _note(plan, plan.wanted, step, film in standing.wanted)
        else:
            # An export of this bot tells of both where somebody saw and rated a movie: so it was kept.
            twice = parsed.export is None
            rated = twice and (film in standing.ratings or ("rating", film) in steps)
            _note(plan, plan.seen, step, rated or film in standing.seen)
    return plan


def never_lost(find: Find) -> Find:
    """Let a movie that is not found be one that no catalogue has, always the same one for the same facts.

    For the bot's own exports: what these name was in a catalogue once.
    """
    made: dict[tuple[str, int | None, int | None, int | None], Found] = {}

    def found(entry: Entry) -> Found:
        there = find(entry)
        if there.movie is not None:
            return there
        facts = entry.title, entry.year, entry.imdb_id, entry.tmdb_id
        if facts not in made:
            movie = Movie(NOWHERE, entry.title, entry.year, imdb_id=entry.imdb_id, tmdb_id=entry.tmdb_id)
            made[facts] = Found(movie, NewFilm(len(made)), How.NAME)
        return made[facts]

    return found


def _take(plan: Plan, steps: dict[tuple[Kind, Film], Step], step: Step) -> None:
    """Let a step speak for its movie, unless another one of its kind is newer."""
    if step.entry.kind is None:
        return
    one = step.entry.kind, step.film
    plan.duplicates += one in steps
    if one not in steps or steps[one].entry.newness < step.entry.newness:
        steps[one] = step


def _sort(plan: Plan, step: Step, before: Mine | None) -> None:
    if before is None:
        plan.new.append(step)
    elif before.stars == step.entry.stars:
        plan.unchanged += 1
    elif step.entry.at is not None and step.entry.at > before.rated_at:
        plan.newer.append(replace(step, before=before))
    else:
        plan.older.append(replace(step, before=before))


def wins(entry: Entry, before: Mine, policy: Policy) -> bool:
    """Whether a rating of a file takes the place of one in the bot."""
    if before.stars == entry.stars or policy == "mine":
        return False
    return policy == "theirs" or (entry.at is not None and entry.at > before.rated_at)


def _note(plan: Plan, steps: list[Step], step: Step, known: bool) -> None:
    if known:
        plan.known += 1
    else:
        steps.append(step)
