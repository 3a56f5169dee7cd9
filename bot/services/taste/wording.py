"""Taste in words: the numbers of the pictures as text, the same in Discord and in the console."""

from collections.abc import Sequence

from bot.services.shown_titles import name_of, title_of
from bot.services.taste.answers import (
    Comparison,
    Divided,
    Evenings,
    GroupMap,
    Place,
    ServerStats,
    Shared,
    Shown,
    Taste,
)
from bot.services.wording import Escape, counted, listed, match, stars_number
from recommender.taste import Leaning
from recommender.taste.estimates import Estimate
from recommender.taste.match import LEAST

NAMED = 5


def signed(value: float) -> str:
    """Stars more or less: ``+0.4``, ``−0.3``, ``±0``."""
    rounded = round(value, 1)
    return "±0" if rounded == 0 else f"{'+' if rounded > 0 else '−'}{abs(rounded):.1f}"


def interval(one: Estimate) -> str:
    """A value with its interval: ``+0.4 (+0.1 … +0.7)``."""
    return f"{signed(one.value)} ({signed(one.low)} … {signed(one.high)})"


def level_line(taste: Taste) -> str:
    """How many ratings, and how strict."""
    found = taste.portrait
    line = counted(taste.rated, "rating")
    if found.mean is not None:
        line += f", {found.mean:.1f} stars on average"
    level = found.level
    if level is None:
        return line
    if round(abs(level.value), 1) == 0:
        strict = "about as strict as others"
    elif level.below:
        strict = f"{abs(level.value):.1f} stars stricter than others about the same movies"
    elif level.above:
        strict = f"{level.value:.1f} stars kinder than others to the same movies"
    else:
        strict = "about as strict as others"
    return f"{line}; {strict} ({signed(level.low)} … {signed(level.high)})"


def love_lines(taste: Taste) -> list[str]:
    """Which genres are loved and which are not, beyond chance."""
    genres = taste.portrait.genres
    loved = [one for one in genres if one.verdict == "loved"]
    disliked = [one for one in reversed(genres) if one.verdict == "disliked"]
    if not loved and not disliked:
        return ["no genre stands out yet: so far all differences may be chance"]
    lines = [f"loves {listed([_love(one) for one in loved[:NAMED]])}"] if loved else []
    return lines + ([f"rather not {listed([_love(one) for one in disliked[:NAMED]])}"] if disliked else [])


def amount_lines(taste: Taste) -> list[str]:
    """Which genres are watched much, and which little, beyond chance; then the most watched."""
    genres = sorted(taste.portrait.genres, key=lambda one: -one.count)
    lines = [f"mostly {listed([f'{one.name} {one.found:.0%}' for one in genres[:NAMED]])}"]
    much = sorted(
        (one for one in genres if one.amount == "much"), key=lambda one: one.usual - one.share.value
    )
    little = sorted(
        (one for one in genres if one.amount == "little"), key=lambda one: one.share.value - one.usual
    )
    for words, kinds in (("more than others: ", much), ("less than others: ", little)):
        if kinds:
            lines.append(words + listed([_amount(one) for one in kinds[:NAMED]]))
    return lines


def decade_line(taste: Taste) -> str:
    """Each decade with its share and mean stars."""
    decades = sorted(taste.portrait.decades, key=lambda one: -one.count)[:NAMED]
    return listed([f"{one.name} {one.found:.0%} (★{one.mean:.1f})" for one in decades])


def people_line(taste: Taste, escape: Escape = str) -> str:
    """Favourite people; empty where the data has none."""
    people = taste.portrait.people
    return listed(
        [f"{escape(one.name)} (★{one.mean:.1f} in {counted(one.count, 'movie')})" for one in people]
    )


def unusual_line(taste: Taste, escape: Escape = str) -> str:
    """The most unusual opinion; empty if there is none."""
    opinion, movie = taste.portrait.unusual, taste.unusual
    if opinion is None or movie is None:
        return ""
    return (
        f"{escape(name_of(movie))} ★{stars_number(opinion.stars)}, where {counted(opinion.count, 'rating')}"
        f" of others say {opinion.others:.1f}"
    )


def history_line(taste: Taste) -> str:
    """Since when, and when most."""
    most = max(taste.history, key=lambda one: one.total)
    if len(taste.history) == 1:
        return f"all in {most.name} ({most.total:,})"
    return f"since {taste.history[0].name}, most in {most.name} ({most.total:,})"


def match_line(found: Comparison) -> str:
    """How alike two people are, how sure that is, and from how many movies."""
    alike = found.match.alike
    common = counted(found.match.common, "movie")
    if alike is None:
        return f"not enough: {common} in common, and under {LEAST} nobody can say"
    unsure = "" if found.match.told else "; too near to 50 % to tell you from two strangers"
    return (
        f"match {alike.value:.0f} % ({alike.low:.0f} … {alike.high:.0f} %), from {common} in common; "
        f"50 % are two strangers, 100 % the same opinions{unsure}"
    )


def agreement_line(agreements: Sequence[Shared], escape: Escape = str) -> str:
    """What both say about the same; empty if there is nothing."""
    return listed([f"{escape(name_of(one.movie))} ({_both(one)})" for one in agreements])


def disagreement_line(found: Comparison, escape: Escape = str) -> str:
    """What divides the two most; empty if nothing does."""
    one = found.disagreement
    if one is None:
        return ""
    return (
        f"{escape(name_of(one.movie))}: {escape(found.mine)} ★{stars_number(one.mine)}, "
        f"{escape(found.theirs)} ★{stars_number(one.theirs)}"
    )


def show_line(shown: Shown | None, who: str, whom: str, escape: Escape = str) -> str:
    """What one should show the other."""
    if shown is None:
        return f"{escape(who)} loves nothing yet that {escape(whom)} has not seen"
    fits = "" if shown.percentile is None else f", {match(shown.percentile)} for {escape(whom)}"
    name = escape(name_of(shown.movie))
    return f"{escape(who)}, show {escape(whom)} {name} (★{stars_number(shown.stars)}{fits})"


def stats_line(stats: ServerStats) -> str:
    """How much a server rated."""
    mean = "" if stats.mean is None else f", {stats.mean:.1f} stars on average"
    people = f"{stats.raters:,} {'person' if stats.raters == 1 else 'people'}"
    return f"{counted(stats.ratings, 'rating')} of {counted(stats.movies, 'movie')} by {people}{mean}"


def loved_lines(movies: Sequence[Divided], escape: Escape = str) -> list[str]:
    """The most loved movies, a line for each."""
    return [
        f"{number}. {escape(name_of(one.movie))} ★{one.mean:.1f} by {one.count}"
        for number, one in enumerate(movies, 1)
    ]


def divided_lines(movies: Sequence[Divided], escape: Escape = str) -> list[str]:
    """The most divisive movies, a line for each."""
    return [
        f"{number}. {escape(name_of(one.movie))} ★{stars_number(one.least)} to ★{stars_number(one.most)} "
        f"by {one.count}"
        for number, one in enumerate(movies, 1)
    ]


def evening_lines(found: Evenings, escape: Escape = str) -> list[str]:
    """How many nights, who hosts, and which one was foreseen best; empty without nights."""
    if not found.nights:
        return []
    lines = [f"{counted(found.nights, 'movie night')}, {found.attended / found.nights:.1f} people each"]
    if found.hosts:
        hosts = [f"{escape(name)} ({times})" for name, times in found.hosts]
        lines.append(f"hosted most by {listed(hosts)}")
    if found.best is not None:
        best = found.best
        lines.append(
            f"foreseen best: {escape(name_of(best.movie))} on {best.starts_at:%d %b %Y}, "
            f"{best.error:.1f} stars off on average for {best.people} who rated it"
        )
    return lines


def side_lines(found: GroupMap) -> list[str]:
    """What lies where on a map; empty where nothing can be said."""
    ways = ((("left", found.left), ("right", found.right)), (("below", found.below), ("above", found.above)))
    lines = ["; ".join(f"{way}: {', '.join(words)}" for way, words in axis if words) for axis in ways]
    return [line for line in lines if line]


def near_lines(found: GroupMap, escape: Escape = str) -> list[str]:
    """Who stands beside which movies, a line for each."""
    return [
        f"{escape(one.name)} is near {listed([escape(title_of(movie)) for movie in one.near])}"
        for one in found.people
    ]


def place_line(place: Place, escape: Escape = str) -> str:
    """A place on the leaderboard."""
    ratings = counted(place.ratings, "rating")
    return f"{place.place}. {escape(place.name)}: {ratings}, ★{place.mean:.1f} on average"


def _love(one: Leaning) -> str:
    others = "" if one.others is None else f", others {one.others:.1f}"
    return f"{one.name} {interval(one.love)} from {counted(one.count, 'movie')} (★{one.mean:.1f}{others})"


def _amount(one: Leaning) -> str:
    return f"{one.name} {one.found:.0%} (others {one.usual:.0%})"


def _both(one: Shared) -> str:
    if one.mine == one.theirs:
        return f"★{stars_number(one.mine)} both"
    return f"★{stars_number(one.mine)} and ★{stars_number(one.theirs)}"
