"""Lines of plain text that Discord and the console share, so that both say the same.

Titles and names go through `escape` wherever they occur: Discord hands in what makes them safe there, the
console nothing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.services.answers import (
    Evidence,
    LikelyStars,
    ModelStatus,
    ModelVersion,
    Progress,
    RatingChange,
    WhyPart,
)
from bot.services.shown_titles import name_of, title_of
from bot.services.stars import format_stars
from recommender.catalogue import IMAX

Escape = Callable[[str], str]

BAR_LENGTH = 5
FULL, EMPTY = "▰", "▱"
NAMED = 5
"""So many people of a crowd are named, if there are more than one more."""


def stars_number(stars: float) -> str:
    """Stars as a number: ``4½``, ``½``, ``3``."""
    whole, half = int(stars), "½" if stars % 1 else ""
    return f"{whole or ''}{half}" or "0"


def stars_words(stars: float) -> str:
    """Stars in words: ``4½ stars``, ``1 star``, ``½ star``."""
    return f"{stars_number(stars)} {'star' if stars <= 1 else 'stars'}"


def listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence: ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def some_of(names: Sequence[str]) -> str:
    """The first names of many: a list of 25 movies that 25 people have seen has to stay one."""
    return listed([*names[:NAMED], f"{len(names) - NAMED} more"] if len(names) > NAMED + 1 else names)


def counted(number: int, word: str) -> str:
    """A number with its noun: ``1 rating``, ``1,200 ratings``."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def evidence_line(evidence: Sequence[Evidence], escape: Escape = str) -> str:
    """``because you gave Contact ★5 and Arrival ★4½``; empty without evidence."""
    if not evidence:
        return ""
    return "because you gave " + listed(
        [f"{escape(title_of(rating.movie))} ★{stars_number(rating.stars)}" for rating in evidence]
    )


def bar(share: float) -> str:
    """A signed share between -1 and 1 as a small bar: ``▰▰▰▰▱ +``; never quite empty."""
    full = min(max(round(abs(share) * BAR_LENGTH), 1), BAR_LENGTH)
    return f"{FULL * full}{EMPTY * (BAR_LENGTH - full)} {'−' if share < 0 else '+'}"


def match(percentile: float) -> str:
    """A percentile as a match: ``match 97 %``. It is never rounded up to 100."""
    digits = 1 if percentile > 99 else 0
    step = 10**digits
    return f"match {int(percentile * step) / step:.{digits}f} %" if percentile < 100 else "match 100 %"


def likely_line(likely: LikelyStars | None, who: str = "you") -> str:
    """``you would probably give it ★★★★, give or take 0.7``; empty where nothing is known."""
    if likely is None:
        return ""
    return f"{who} would probably give it {format_stars(likely.stars)}, give or take {likely.error:.1f}"


def change_line(change: RatingChange, escape: Escape = str) -> str:
    """``recorded 4½ stars for Blade Runner (1982), was 3``, and what else is to be said about it."""
    name = escape(name_of(change.movie))
    if change.stars is None:
        was = "" if change.previous is None else f", which was {stars_words(change.previous)}"
        return f"removed your rating of {name}{was}"
    if change.previous is None:
        was = ""
    elif change.previous == change.stars:
        was = ", as before"
    else:
        was = f", was {stars_number(change.previous)}"
    line = f"recorded {stars_words(change.stars)} for {name}{was}"
    if not change.known:
        line += "; the catalogue lacks it now: it counts again as soon as it is back"
    elif not change.in_model:
        line += "; the model does not know it yet: it counts as seen, and as taste from the next retrain on"
    return line


def span(time: timedelta) -> str:
    """A length of time in its largest fitting unit: ``40 s``, ``5 min``, ``3 h``, ``2 days``."""
    seconds = max(time.total_seconds(), 0)
    if seconds < 60:
        return f"{int(seconds)} s"
    if seconds < 3600:
        return f"{int(seconds // 60)} min"
    if seconds < 48 * 3600:
        return f"{int(seconds // 3600)} h"
    return f"{int(seconds // 86400)} days"


def age(then: datetime, now: datetime) -> str:
    """How long ago: ``3 h ago``, ``just now``."""
    return "just now" if (now - then).total_seconds() < 1 else f"{span(now - then)} ago"


def due(then: datetime, now: datetime) -> str:
    """How soon: ``in 3 h``, ``now``."""
    return "now" if (then - now).total_seconds() < 1 else f"in {span(then - now)}"


NO_CATALOGUE = "there is no catalogue that can be read: the host finds the reason in the log"
"""Told where the active data set is damaged, instead of that a movie is unknown or nothing is left."""


def part_name(part: WhyPart) -> str:
    """A part of a score, named as what it is."""
    named = {
        "movie": "similar people's taste",
        "popularity": "general popularity",
        "fame": "how well known it is",
        "language": f"language {part.name}",
        "collection": collection_name(part.name),
    }
    return "being shown in IMAX" if part.name == IMAX else named.get(part.kind, part.name)


def collection_name(name: str) -> str:
    """A series of films inside a sentence: ``the Matrix Collection``."""
    return f"the {name.removeprefix('The ').removeprefix('the ')}"


def quality(ndcg: float | None) -> str:
    """Held-out quality of a model, or that there were too few people to measure it."""
    return "quality not measured (too few people)" if ndcg is None else f"NDCG@10 {ndcg:.3f}"


def fitted_way(version: ModelVersion) -> str:
    """Whether a model was fitted warm or full, and why: ``warm, because only 3 ratings were added``."""
    return f"{version.way}, because {version.why}" if version.way else ""


def version_line(version: ModelVersion, now: datetime) -> str:
    """One line about a model: what it learned from, how good it is, and what became of it."""
    line = (
        f"model {version.version}, {version.state}, {age(version.created_at, now)}: {version.dataset}, "
        f"{counted(version.friend_ratings, 'rating')} by friends and {version.community_ratings:,} "
        f"by others, {quality(version.ndcg)}, fitted in {version.seconds:.0f} s"
    )
    if version.way:
        line += f", {fitted_way(version)}"
    return f"{line} ({version.detail})" if version.detail else line


def progress_line(progress: Progress) -> str:
    """How far a retrain is: ``fitting 12 of 48, 7 s``."""
    steps = f" {progress.done} of {progress.total}" if progress.total > 1 else ""
    return f"{progress.stage}{steps}, {progress.seconds:.0f} s"


def status_lines(status: ModelStatus, now: datetime) -> list[str]:
    """The running model and what comes next, a line for each."""
    current = status.current
    if current is None:
        lines = [f"no model yet; {counted(status.movies, 'movie')} in the catalogue, listed by popularity"]
    else:
        lines = [
            version_line(current, now),
            f"knows {counted(status.movies, 'movie')}; {counted(status.new_ratings, 'rating')} changed since",
        ]
    if status.running is not None:
        lines.append(f"retraining now: {progress_line(status.running)}")
    elif status.next_run is not None:
        soon = due(status.next_run, now)
        missing = counted(status.next_run_ratings, "more rating")
        lines.append(f"next retrain {soon}" if soon == "now" else f"next retrain {soon}, or after {missing}")
    else:
        lines.append(
            f"next retrain after {counted(status.next_run_ratings, 'more rating')}; nothing has changed yet"
        )
    if status.last_error:
        lines.append(f"last error: {status.last_error}")
    return lines
