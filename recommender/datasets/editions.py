"""The editions of MovieLens that GroupLens offers for download, and what may be done with them."""

from dataclasses import dataclass

SITE = "https://files.grouplens.org/datasets/movielens/"
ACKNOWLEDGEMENT = (
    "MovieLens data of GroupLens, University of Minnesota: F. Maxwell Harper and Joseph A. Konstan. 2015. "
    "The MovieLens Datasets: History and Context. ACM Transactions on Interactive Intelligent Systems 5, 4, "
    "Article 19. https://doi.org/10.1145/2827872"
)
"""What GroupLens asks everybody to cite who uses the data."""

_NO_COPIES = (
    "For research and private use, with acknowledgement; not for commercial use and not to be passed on "
    "without GroupLens' permission."
)
_SAME_TERMS = (
    "For research and private use, with acknowledgement; may be passed on under the same terms; "
    "not for commercial use without GroupLens' permission."
)

WITH_IMDB, WITH_TMDB = "-imdb", "-tmdb"
"""What follows the name of an edition that was joined with IMDb's files, and with The Movies Dataset."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of MovieLens.

    Attributes
    ----------
    name : str
        As GroupLens calls the file, without ``.zip``.
    folder : str
        The folder inside the file.
    bytes : int
        Size of the download; about, where `checksum` is None.
    ratings, movies : str
        About how many it has, for people to read.
    licence : str
        One line, in our words; the README inside the file is what counts.
    films : str
        What the newest films in it are of.
    cost : str
        Memory and time that adding it and fitting on it take, about, on two cores.
    memory : int
        Bytes that fitting on it takes, about.
    checksum : str or None
        ``sha256:`` or ``md5:`` and the digest. None for an edition that GroupLens renews: there the digest
        published beside the file is all there is.
    url : str
        Where the zip file is.
    """

    name: str
    folder: str
    bytes: int
    ratings: str
    movies: str
    licence: str
    films: str
    cost: str
    memory: int
    checksum: str | None
    url: str


def _edition(
    name: str,
    size: int,
    ratings: str,
    movies: str,
    licence: str,
    films: str,
    cost: str,
    checksum: str | None,
    folder: str | None = None,
) -> Edition:
    url = f"{SITE}{name}.zip"
    gigabytes = float(cost.rpartition(", ")[2].removesuffix(" GB"))
    return Edition(
        name,
        folder or name,
        size,
        ratings,
        movies,
        licence,
        films,
        cost,
        int(gigabytes * 1e9),
        checksum,
        url,
    )


EDITIONS: tuple[Edition, ...] = (
    _edition(
        "ml-latest-small",
        978_202,
        "100,000",
        "9,700",
        _SAME_TERMS,
        "Sep 2018",
        "1 s, 0.2 GB; 30 s, 0.6 GB",
        "sha256:696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436",
    ),
    _edition(
        "ml-1m",
        5_917_549,
        "1 million",
        "3,900",
        _NO_COPIES,
        "2000",
        "2 s, 0.3 GB; 4 min, 1.6 GB",
        "sha256:a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20",
    ),
    _edition(
        "ml-10m",
        65_566_137,
        "10 million",
        "10,700",
        _NO_COPIES,
        "Jan 2009",
        "8 s, 0.9 GB; 5 min, 3 GB",
        "md5:ce571fd55effeba0271552578f2648bd",
        folder="ml-10M100K",
    ),
    _edition(
        "ml-20m",
        198_702_078,
        "20 million",
        "27,000",
        _SAME_TERMS,
        "Mar 2015",
        "15 s, 1.5 GB; 6 min, 4.5 GB",
        "sha256:96f243c338a8665f6bcc89c53edf6ee39162a846940de6b7c8c48aeada765ff3",
    ),
    _edition(
        "ml-25m",
        261_978_986,
        "25 million",
        "62,000",
        _SAME_TERMS,
        "Nov 2019",
        "19 s, 1.7 GB; 6 min, 5 GB",
        "sha256:8b21cfb7eb1706b4ec0aac894368d90acf26ebdfb6aced3ebd4ad5bd1eb9c6aa",
    ),
    _edition(
        "ml-32m",
        238_950_008,
        "32 million",
        "87,600",
        _SAME_TERMS,
        "Oct 2023",
        "24 s, 2.1 GB; 6 min, 6 GB",
        "md5:d472be332d4daa821edc399621853b57",
    ),
    _edition(
        "ml-latest",
        351_000_000,
        "33 million",
        "86,500",
        _SAME_TERMS,
        "Jul 2023",
        "25 s, 2.2 GB; 6 min, 6 GB",
        None,
    ),
)
"""The editions, in the order in which they are offered."""


def edition_of(name: str) -> Edition | None:
    """The edition of this name, or whose folder this is; in any case of letters. None if there is none."""
    wanted = name.casefold()
    return next((one for one in EDITIONS if wanted in (one.name, one.folder.casefold())), None)


def joined_edition(name: str) -> Edition | None:
    """The edition of a data set of this name, also where it is joined with other sources."""
    while (shorter := name.removesuffix(WITH_IMDB).removesuffix(WITH_TMDB)) != name:
        name = shorter
    return edition_of(name)
