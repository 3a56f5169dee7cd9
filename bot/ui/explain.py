"""The whole explanation of one movie for one person, whose shown numbers add up as the exact ones do."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from bot.services.answers import Evidence, Why, WhyPart
from bot.services.stars import format_stars
from bot.services.wording import listed, match, stars_number
from bot.ui.embeds import Colour, embed
from bot.ui.movies import genre_line, movie_buttons, movie_name
from bot.ui.screen import Person, Screen
from bot.ui.text import clip, joined, label, plain

POINTS = 100
"""Points to one unit of a score; whole points are what a phone has room for."""

_GROUPS = {
    "genre": "Genres",
    "keyword": "Other features",
    "person": "Other features",
    "decade": "Other features",
    "language": "Other features",
    "movie": "Similar people's taste",
    "popularity": "General popularity",
    "base": "Your own level",
}
_NAMELESS = ("movie", "popularity", "base")
_ORDER = list(dict.fromkeys(_GROUPS.values()))
_STRONGEST = 5
_ROWS = 6
_WIDTH = 22


def whole_points(values: Sequence[float]) -> list[int]:
    """The values in whole points that add up to the rounded sum of the values.

    What rounding leaves over goes to the values that it treated worst.
    """
    exact = [value * POINTS for value in values]
    points = [int(value // 1) for value in exact]
    left = round(sum(exact)) - sum(points)
    by_loss = sorted(range(len(exact)), key=lambda place: points[place] - exact[place])
    for place in by_loss[:left]:
        points[place] += 1
    return points


def part_name(part: WhyPart) -> str:
    """What a part is called, in plain text."""
    if part.kind in _NAMELESS:
        return _group(part)
    return f"language {part.name}" if part.kind == "language" else part.name


def why_screen(person: Person, why: Why, *, buttons: bool = True) -> Screen:
    """Why this movie has the place it has for this person."""
    name = plain(person.name, 80)
    fields = [
        ("▲ Pulled it up", _pulls(part for part in why.parts if part.contrast > 0)),
        ("▼ Pulled it down", _pulls(part for part in why.parts if part.contrast < 0)),
        (f"Ratings of {name} behind it", _own(why)),
        ("The whole sum", _sum(why)),
    ]
    lines = [
        plain(genre_line(why.movie)),
        f"**{match(why.percentile).capitalize()}** of all movies for {name}",
    ]
    if why.rated is not None:
        lines.append(f"{name} gave it {format_stars(why.rated)}; that does not count here.")
    if not why.personal:
        lines.append(f"{name} has no ratings yet, so this is what everybody gets.")
    return Screen(
        embeds=(
            embed(
                f"Why {movie_name(why.movie)}?",
                "\n".join(lines),
                fields=[(name, value) for name, value in fields if value],
                footer="▲▼ compare with the average person · 100 points are 1 of the score",
                colour=Colour.VELVET if why.personal else Colour.GOLD,
            ),
        ),
        rows=(movie_buttons(person.id, why.movie.movie_id)[:2],) if buttons else (),
    )


def _pulls(parts: Iterable[WhyPart]) -> str:
    """The strongest pulls with the ratings behind each."""
    lines: list[str] = []
    strongest = sorted(parts, key=lambda part: -abs(part.contrast))
    for part in strongest:
        points = round(part.contrast * POINTS)
        if not points:
            break
        behind = f"\n-# {_rated(part.evidence[:2])}" if part.evidence else ""
        lines.append(f"`{points:+4d}` {plain(part_name(part), 100)}{behind}")
    return joined(lines[:_STRONGEST], 1000)


def _rated(evidence: Sequence[Evidence]) -> str:
    return listed([f"{plain(one.movie.title, 80)} ★{stars_number(one.stars)}" for one in evidence])


def _own(why: Why) -> str:
    """The ratings that stand behind the parts, each once, the strongest parts' first."""
    seen = {one.movie.movie_id: one for part in why.parts for one in part.evidence}
    return clip(_rated(list(seen.values())[:_ROWS]), 1000)


def _sum(why: Why) -> str:
    """All parts as a table, group by group; what has no row of its own is in "others"."""
    rows: list[tuple[str, float | None]] = []
    for group, members in groupby(_grouped(why.parts), key=_group):
        parts = sorted(members, key=lambda part: -abs(part.value))
        if parts[0].kind in _NAMELESS:
            rows.append((group, sum(part.value for part in parts)))
            continue
        shown = parts if len(parts) <= _ROWS else parts[: _ROWS - 1]
        rows.append((group, None))
        rows += [(f" {part_name(part)}", part.value) for part in shown]
        if rest := parts[len(shown) :]:
            rows.append((f" {len(rest)} others", sum(part.value for part in rest)))
    points = iter(whole_points([value for _, value in rows if value is not None]))
    total = sum(whole_points([part.value for part in why.parts]))
    lines = [_cell(name) if value is None else _row(name, next(points)) for name, value in rows]
    last = _row("Sum = its score", total)
    return "```\n" + "\n".join([*lines, "─" * len(last), last]) + "\n```"


def _group(part: WhyPart) -> str:
    return _GROUPS[part.kind]


def _grouped(parts: Iterable[WhyPart]) -> list[WhyPart]:
    return sorted(parts, key=lambda part: _ORDER.index(_group(part)))


def _row(name: str, points: int) -> str:
    return f"{_cell(name):<{_WIDTH}} {points:+6d}"


def _cell(name: str) -> str:
    indent = " " * (len(name) - len(name.lstrip(" ")))
    return indent + label(name, _WIDTH - len(indent)).replace("`", "ˋ")
