"""What the services answer, as plain values that Discord and the console each render in their way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from bot.store.movies import MovieRef
from recommender.catalogue import Movie
from recommender.groups import Strategy

Style = Literal["safe", "balanced", "adventurous"]


@dataclass(frozen=True, slots=True)
class RatedMovie:
    """A rating as it stands.

    Attributes
    ----------
    movie : Movie
        Where the active catalogue lacks it, as it was when it was rated, without a number.
    stars : float
    rated_at : datetime
    ref : MovieRef
    known : bool
        Whether the catalogue has the movie; until it has it again, the rating waits.
    """

    movie: Movie
    stars: float
    rated_at: datetime
    ref: MovieRef
    known: bool = True


@dataclass(frozen=True, slots=True)
class RatingChange:
    """What a rate, unrate or undo did.

    Attributes
    ----------
    change_id : int
        Number of the change, with which its author can undo it.
    movie : Movie
    stars : float or None
        Stars now; None when the rating was removed.
    previous : float or None
        Stars before; None when there were none.
    in_model : bool
        False when the model (where there is none yet, the catalogue) lacks the movie: it counts as
        seen, not as taste, until the next retrain.
    known : bool
        False when the catalogue lacks the movie too, which it had once: the rating waits.
    """

    change_id: int
    movie: Movie
    stars: float | None
    previous: float | None
    in_model: bool
    known: bool = True


@dataclass(frozen=True, slots=True)
class RatingsPage:
    """One page of somebody's ratings; `page` counts from 0."""

    ratings: tuple[RatedMovie, ...]
    total: int
    mean: float | None
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Wishes that narrow a list; `bot.services.filters.wished` makes them of what somebody typed.

    Attributes
    ----------
    genre : tuple of str
        All of these, names of `recommender.catalogue.GENRES` in any case.
    exclude_genre : tuple of str
        None of these.
    from_year, to_year : int or None
    sequels : bool
        Personal picks may hold several movies of one franchise.
    max_runtime : int or None
        In minutes; movies whose runtime is not known stay in.
    language : str or None
        ISO 639-1 code of the original language.
    people : tuple of str
        All of these made it, wrote it or play a lead.
    """

    genre: tuple[str, ...] = ()
    exclude_genre: tuple[str, ...] = ()
    from_year: int | None = None
    to_year: int | None = None
    sequels: bool = False
    max_runtime: int | None = None
    language: str | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GenreBar:
    """How much a genre of a movie pulled it up (+) or down (-) for this person, against the average profile.

    `share` is -1 to 1: its contrast divided by the largest absolute contrast of this movie's parts,
    the person's own level aside, which is the same for all movies.
    """

    genre: str
    share: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """A rating of this person's that drove a pick."""

    movie: Movie
    stars: float


@dataclass(frozen=True, slots=True)
class LikelyStars:
    """The stars that this person would probably give, in halves, and by how much such are off on average."""

    stars: float
    error: float


@dataclass(frozen=True, slots=True)
class Pick:
    """A recommended movie. `evidence` is empty for the popular list.

    Attributes
    ----------
    percentile : float
        0-100, of this movie among all movies of the catalogue for this person (or in popularity).
    genres : tuple of GenreBar
        Driving genres, strongest first.
    reason : str
        One line of plain text without markdown, such as ``mostly Sci-Fi`` or ``people with your
        ratings like it``: what drove the pick, true by construction.
    likely : LikelyStars or None
        None for the popular list, and where it would be no better than a guess.
    """

    movie: Movie
    percentile: float
    genres: tuple[GenreBar, ...]
    evidence: tuple[Evidence, ...]
    reason: str
    likely: LikelyStars | None = None


@dataclass(frozen=True, slots=True)
class Picks:
    """A list of picks and what it is.

    Attributes
    ----------
    personal : bool
        False for the popular list, which is also what somebody without ratings gets.
    ratings : int
        How many ratings of this person it is based on.
    note : str
        One line to be shown with the list; empty if there is nothing to say.
    sure : str
        One line about how sure personal picks are and what would help; empty if there is nothing to say.
    start : int
        So many better ones are not among them.
    more : bool
        Whether others follow.
    """

    picks: tuple[Pick, ...]
    personal: bool
    ratings: int
    style: Style
    note: str = ""
    sure: str = ""
    start: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class WhyPart:
    """One summand of a score. `kind` is one of `recommender.explain.KINDS`."""

    kind: str
    name: str
    value: float
    contrast: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """The whole explanation of one movie for one person; the parts' values add up to `score`.

    `likely` is None where it would be no better than a guess; like the rest it does not know of `rated`.
    """

    movie: Movie
    score: float
    percentile: float
    parts: tuple[WhyPart, ...]
    rated: float | None
    personal: bool
    likely: LikelyStars | None = None


@dataclass(frozen=True, slots=True)
class SimilarMovie:
    """A movie near another one. `likeness` is 0-1; `shared` names genres, people and keywords of both."""

    movie: Movie
    likeness: float
    shared: tuple[str, ...]


class SimilarMovies(NamedTuple):
    """Movies like one, nearest first, and a line to be shown with them; empty if there is nothing to say."""

    movies: tuple[SimilarMovie, ...]
    note: str


@dataclass(frozen=True, slots=True)
class MemberView:
    """What a member of a group may think of a movie.

    Attributes
    ----------
    percentile : float
        0-100, among all movies for this member.
    genre : GenreBar or None
        The genre that pulled it most, up or down; None where genres say nothing.
    """

    percentile: float
    genre: GenreBar | None


@dataclass(frozen=True, slots=True)
class GroupPick:
    """A movie for several people.

    Attributes
    ----------
    percentile : float or None
        Mean of the members' percentiles; None where nothing is known of the members or the movie.
    members : dict
        For each member who has ratings and does not hide them, by user id. All else is made of these alone.
    disagreement : float
        Mean distance between two members' percentiles.
    reason : str
        One line of plain text without markdown: what made it the group's.
    wanted_by, seen_by : tuple of int
        User ids of those who have it on their watchlist, and of those who have seen it; nobody who hides.
    chosen_for : tuple of int
        User ids of those in `members` for whom ``fairness`` chose it more than for others.
    """

    movie: Movie
    percentile: float | None
    members: dict[int, MemberView]
    disagreement: float
    reason: str
    wanted_by: tuple[int, ...] = ()
    seen_by: tuple[int, ...] = ()
    chosen_for: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupList:
    """A list for several people and what it is.

    Attributes
    ----------
    people : tuple of int
        User ids of all whom it is for.
    raters : tuple of int
        Those of them whose percentiles counted.
    personal : bool
        False for the popular list, which a group gets of whom nothing may be used.
    note : str
        One line to be shown with the list; empty if there is nothing to say.
    hiding : tuple of int
        Those of `people` who hide their ratings.
    """

    picks: tuple[GroupPick, ...]
    people: tuple[int, ...]
    raters: tuple[int, ...]
    strategy: Strategy
    personal: bool
    note: str = ""
    hiding: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedMovie:
    """A movie on a watchlist; see `RatedMovie`."""

    movie: Movie
    added_at: datetime
    ref: MovieRef
    known: bool = True


@dataclass(frozen=True, slots=True)
class WatchlistPage:
    """One page of somebody's watchlist, newest first; `page` counts from 0."""

    wanted: tuple[WantedMovie, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What the admins of one server chose."""

    guild_id: int
    movie_night_channel_id: int | None = None
    ephemeral: bool = False
    leaderboard: bool = True
    country: str | None = None
    titles: str | None = None


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A fitted model, adopted or not.

    Attributes
    ----------
    version : int
    state : str
        ``current``, ``kept`` (can be rolled back to), ``rejected``, ``failed`` or ``removed``.
    dataset : str
        Name of the data set it was fitted on.
    friend_ratings, community_ratings : int
    ndcg : float or None
        Held-out NDCG@10; None where there were too few people to measure.
    seconds : float
        Time the fit took.
    detail : str
        Why it was rejected or failed; empty otherwise.
    way : str
        ``warm`` if it went on with the fit before it, ``full`` if it began from the beginning; empty where
        that is not known.
    why : str
        Why in that way, in words that follow "because".
    """

    version: int
    created_at: datetime
    state: Literal["current", "kept", "rejected", "failed", "removed"]
    dataset: str
    friend_ratings: int
    community_ratings: int
    ndcg: float | None
    seconds: float
    detail: str = ""
    way: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a retrain is."""

    stage: str
    done: int
    total: int
    seconds: float


@dataclass(frozen=True, slots=True)
class RetrainResult:
    """What a retrain led to."""

    version: ModelVersion
    adopted: bool
    before: float | None
    after: float | None
    message: str


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """The running model and what comes next."""

    current: ModelVersion | None
    movies: int
    new_ratings: int
    running: Progress | None
    last_error: str
    next_run: datetime | None
    next_run_ratings: int


@dataclass(frozen=True, slots=True)
class About:
    """What the bot is running on."""

    bot_version: str
    model: ModelVersion | None
    dataset: str
    movies: int
    community_ratings: int
    acknowledgement: str
