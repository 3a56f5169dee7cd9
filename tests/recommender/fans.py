"""The fan test: ten people who love one genre and dislike a distant one, as known films by title and year."""

from typing import NamedTuple

from recommender import Dataset


class Fan(NamedTuple):
    """`loved` films have the genre and at most two others; `disliked` ones have `distant`, not the genre."""

    genre: str
    distant: str
    loved: tuple[str, ...]
    disliked: tuple[str, ...]

    def profile(self, dataset: Dataset) -> dict[int, float]:
        """The fan's eight ratings by movie id."""
        id_of = {movie.name: movie.movie_id for movie in dataset.catalogue}
        return {id_of[name]: 5.0 for name in self.loved} | {id_of[name]: 1.5 for name in self.disliked}


ROMANCES = ("Pretty Woman (1990)", "Sleepless in Seattle (1993)", "Titanic (1997)")
HORRORS = ("Shining, The (1980)", "Blair Witch Project, The (1999)", "Psycho (1960)")
SPACE = ("Stargate (1994)", "Terminator 2: Judgment Day (1991)", "Matrix, The (1999)")
ACTION = ("Die Hard (1988)", "GoldenEye (1995)", "Speed (1994)")


def _plain(name: str) -> str:
    """Title with its article in front."""
    title, _, year = name.rpartition(" (")
    return f"The {title.removesuffix(', The')} ({year}" if title.endswith(", The") else name


def _fan(genre: str, distant: str, loved: tuple[str, ...], disliked: tuple[str, ...]) -> Fan:
    return Fan(genre, distant, tuple(map(_plain, loved)), tuple(map(_plain, disliked)))


FANS = (
    _fan(
        "Western",
        "Sci-Fi",
        (
            "Unforgiven (1992)",
            "Tombstone (1993)",
            "Butch Cassidy and the Sundance Kid (1969)",
            "True Grit (2010)",
            "Good, the Bad and the Ugly, The (1966)",
        ),
        SPACE,
    ),
    _fan(
        "Horror",
        "Romance",
        (
            "Shining, The (1980)",
            "Psycho (1960)",
            "Exorcist, The (1973)",
            "Jaws (1975)",
            "28 Days Later (2002)",
        ),
        ROMANCES,
    ),
    _fan(
        "Animation",
        "Horror",
        (
            "Chicken Run (2000)",
            "Bambi (1942)",
            "Wallace & Gromit: A Close Shave (1995)",
            "Aristocats, The (1970)",
            "Ratatouille (2007)",
        ),
        HORRORS,
    ),
    _fan(
        "Sci-Fi",
        "Romance",
        (
            "Matrix, The (1999)",
            "Blade Runner (1982)",
            "Terminator, The (1984)",
            "Alien (1979)",
            "Twelve Monkeys (1995)",
        ),
        ROMANCES,
    ),
    _fan(
        "Musical",
        "Action",
        (
            "Grease (1978)",
            "Sound of Music, The (1965)",
            "Moulin Rouge (2001)",
            "Singin' in the Rain (1952)",
            "West Side Story (1961)",
        ),
        ACTION,
    ),
    _fan(
        "War",
        "Comedy",
        (
            "Saving Private Ryan (1998)",
            "Platoon (1986)",
            "Full Metal Jacket (1987)",
            "Apocalypse Now (1979)",
            "Black Hawk Down (2001)",
        ),
        ("Ace Ventura: Pet Detective (1994)", "Home Alone (1990)", "Ferris Bueller's Day Off (1986)"),
    ),
    _fan(
        "Romance",
        "Horror",
        (
            "Pretty Woman (1990)",
            "Four Weddings and a Funeral (1994)",
            "Sleepless in Seattle (1993)",
            "Titanic (1997)",
            "Clueless (1995)",
        ),
        HORRORS,
    ),
    _fan(
        "Comedy",
        "War",
        (
            "Ace Ventura: Pet Detective (1994)",
            "Dumb & Dumber (1994)",
            "Ferris Bueller's Day Off (1986)",
            "There's Something About Mary (1998)",
            "Breakfast Club, The (1985)",
        ),
        ("Saving Private Ryan (1998)", "Platoon (1986)", "Full Metal Jacket (1987)"),
    ),
    _fan(
        "Crime",
        "Children",
        (
            "Godfather, The (1972)",
            "Goodfellas (1990)",
            "Reservoir Dogs (1992)",
            "Usual Suspects, The (1995)",
            "Ocean's Eleven (2001)",
        ),
        ("Babe (1995)", "Home Alone (1990)", "Casper (1995)"),
    ),
    _fan(
        "Documentary",
        "Action",
        (
            "Bowling for Columbine (2002)",
            "Fahrenheit 9/11 (2004)",
            "Hoop Dreams (1994)",
            "Roger & Me (1989)",
            "Super Size Me (2004)",
        ),
        ACTION,
    ),
)
