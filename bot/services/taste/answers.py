"""What is told about taste, as plain values that Discord and the console each render in their way."""

from dataclasses import dataclass
from datetime import datetime

from recommender.catalogue import Movie
from recommender.taste import Match, Portrait


@dataclass(frozen=True, slots=True)
class Period:
    """Ratings of one month or year, such as ``Mar 2024`` or ``2024``, by how the movies were liked."""

    name: str
    liked: int
    neutral: int
    disliked: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.liked + self.neutral + self.disliked


@dataclass(frozen=True, slots=True)
class Taste:
    """One person's taste.

    Attributes
    ----------
    name : str
    rated : int
        All ratings, also of movies that the catalogue lacks.
    portrait : Portrait
    unusual : Movie or None
        The movie of the portrait's most unusual opinion.
    history : tuple of Period
        Without gaps; empty without ratings.
    first : datetime or None
        When the oldest rating was given.
    """

    name: str
    rated: int
    portrait: Portrait
    unusual: Movie | None
    history: tuple[Period, ...]
    first: datetime | None


@dataclass(frozen=True, slots=True)
class Shared:
    """A movie that two people rated, with the stars of each."""

    movie: Movie
    mine: float
    theirs: float


@dataclass(frozen=True, slots=True)
class Shown:
    """A movie that one should show the other: the stars of who knows it, the other's percentile if known."""

    movie: Movie
    stars: float
    percentile: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two people's taste side by side.

    Attributes
    ----------
    mine, theirs : str
        Their names.
    match : Match
    common : tuple of Shared
        All movies that both rated.
    agreements : tuple of Shared
        What both love, best first; then what both dislike.
    disagreement : Shared or None
        The movie with the most stars between them; None if they always agree.
    to_show, to_see : Shown or None
        What this person should show the other, and what the other should show this person.
    """

    mine: str
    theirs: str
    match: Match
    common: tuple[Shared, ...]
    agreements: tuple[Shared, ...]
    disagreement: Shared | None
    to_show: Shown | None
    to_see: Shown | None


@dataclass(frozen=True, slots=True)
class Divided:
    """A movie that several people rated: how many, their mean, the least and the most stars."""

    movie: Movie
    count: int
    mean: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class ServerStats:
    """What the members of a server think together.

    Attributes
    ----------
    raters, ratings, movies : int
        Members whose ratings can be seen, and what they rated.
    mean : float or None
        None without ratings.
    loved : tuple of Divided
        Best first, by the mean drawn towards that of all movies while few have rated.
    divided : tuple of Divided
        Those they disagree on most.
    """

    raters: int
    ratings: int
    movies: int
    mean: float | None
    loved: tuple[Divided, ...]
    divided: tuple[Divided, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody on the leaderboard."""

    place: int
    name: str
    ratings: int
    mean: float


@dataclass(frozen=True, slots=True)
class Leaders:
    """The leaderboard: its top, the asker's own place (None if they have none), and how many there are."""

    top: tuple[Place, ...]
    own: Place | None
    count: int


@dataclass(frozen=True, slots=True)
class MapMovie:
    """A movie on the map, and how many of the group rated it."""

    movie: Movie
    across: float
    up: float
    raters: int


@dataclass(frozen=True, slots=True)
class MapPerson:
    """Somebody on the map, and the movies beside them."""

    name: str
    across: float
    up: float
    near: tuple[Movie, ...]


@dataclass(frozen=True, slots=True)
class GroupMap:
    """A group's movies and people; what the same people like lies together.

    Attributes
    ----------
    movies : tuple of MapMovie
        Those that most of the group rated.
    people : tuple of MapPerson
    left, right, below, above : tuple of str
        What lies there: genres, and whether it is older or newer.
    """

    movies: tuple[MapMovie, ...]
    people: tuple[MapPerson, ...]
    left: tuple[str, ...]
    right: tuple[str, ...]
    below: tuple[str, ...]
    above: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The night that the model foresaw best: movie, time, who rated it, and how many stars it was off."""

    movie: Movie
    starts_at: datetime
    people: int
    error: float


@dataclass(frozen=True, slots=True)
class Evenings:
    """A server's past nights.

    Attributes
    ----------
    nights : int
    attended : int
        People over all nights.
    hosts : tuple of (str, int)
        Who hosted most, and how often.
    best : Foreseen or None
        None while no night's movie was rated by two who were there.
    """

    nights: int
    attended: int
    hosts: tuple[tuple[str, int], ...]
    best: Foreseen | None
