"""Where the formats hand in what they read, and where it is counted what could not be used."""

from collections import Counter
from datetime import datetime

from bot.services.imports import cells, scale
from bot.services.imports.entries import BadImport, Entry, Kind
from bot.services.imports.reading import MOST_ROWS

NO_TITLE = "no title"
NO_RATING = "not rated"
NO_NUMBER = "the rating is no number"
OFF_SCALE = "the rating is beyond the scale"
NO_MOVIE = "series, episodes, games and videos"
CROOKED = "more cells than columns"


class Intake:
    """Collects the entries of the files of one import.

    Attributes
    ----------
    entries : list of Entry
    skipped : Counter
        Rows left out, by reason.
    rounded : dict
        Ratings brought to the nearest half, as they were written, and that half.
    rounded_rows : int
        How many rows had these.
    notes : list of str
        Lines about how something was understood.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.skipped: Counter[str] = Counter()
        self.rounded: dict[str, float] = {}
        self.rounded_rows = 0
        self.notes: list[str] = []
        self._lines = 0

    def skip(self, reason: str, count: int = 1) -> None:
        """Count rows that are left out."""
        if count:
            self.skipped[reason] += count

    def take(
        self,
        kind: Kind | None,
        title: str,
        *,
        year: str | int | None = "",
        rating: str | scale.Amount | None = None,
        most: int = 5,
        at: str | datetime | None = "",
        watched: str = "",
        imdb: str | int | None = "",
        tmdb: str | int | None = "",
        aliases: tuple[str, ...] = (),
        weight: int = 0,
        replaces: tuple[int, int] | None = None,
    ) -> None:
        """Hand in a row as it stands there; what cannot be used is counted.

        Parameters
        ----------
        kind : str or None
            ``rating`` needs a rating.
        most : int
            The best rating, unless the cell says it itself.

        Raises
        ------
        BadImport
            If there are too many.
        """
        self._lines += 1
        if self._lines > MOST_ROWS:
            raise BadImport(f"that are more than {MOST_ROWS:,} rows: bring them in parts")
        stars: float | None = None
        if kind == "rating":
            stars = self._stars(rating, most)
            if stars is None:
                return
        imdb_id = cells.imdb_id(imdb) if isinstance(imdb, str) else imdb
        tmdb_id = cells.tmdb_id(tmdb) if isinstance(tmdb, str) else tmdb
        named = cells.title(title)
        if not named:
            if imdb_id is None and tmdb_id is None:
                self.skip(NO_TITLE)
                return
            named = f"TMDB {tmdb_id}" if imdb_id is None else f"IMDb tt{imdb_id:07}"
        also = dict.fromkeys(alias for alias in map(cells.title, aliases) if alias and alias != named)
        self.entries.append(
            Entry(
                line=self._lines,
                kind=kind,
                title=named,
                year=cells.year(year) if isinstance(year, str) else year,
                stars=stars,
                at=cells.moment(at) if isinstance(at, str) else at,
                watched=cells.moment(watched),
                imdb_id=imdb_id,
                tmdb_id=tmdb_id,
                aliases=tuple(also),
                weight=weight,
                replaces=replaces,
            )
        )

    def _stars(self, rating: str | scale.Amount | None, most: int) -> float | None:
        if rating is None or (isinstance(rating, str) and not rating.strip()):
            self.skip(NO_RATING)
            return None
        amount = scale.read(rating) if isinstance(rating, str) else rating
        if amount is None:
            self.skip(NO_NUMBER)
            return None
        found = scale.stars(amount, most)
        if found is None:
            self.skip(NO_RATING if amount.value == 0 else OFF_SCALE)
            return None
        if found[1]:
            self.rounded_rows += 1
            value, best = scale.plain(amount.value), amount.most or most
            self.rounded.setdefault(f"{value}/{best}", found[0])
        return found[0]
