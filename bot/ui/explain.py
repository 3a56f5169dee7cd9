"""The whole explanation of one movie for one person, whose shown numbers add up as the exact ones do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import floor, log10

from bot.services.answers import Evidence, Why, WhyPart
from bot.services.shown_titles import title_of
from bot.services.stars import format_stars
from bot.services.wording import likely_line, listed, match, part_name, stars_number
from bot.ui.embeds import Colour, embed
from bot.ui.movies import genre_line, movie_buttons, movie_name, want_button
from bot.ui.screen import Button, Person, Screen
from bot.ui.text import clip, joined, label, plain
from recommender.catalogue import IMAX

_GROUPS = {
    "genre": "Genres",
    "keyword": "Other features",
    "person": "Other features",
    "decade": "Other features",
    "language": "Other features",
    "collection": "Other features",
    "movie": "Similar people's taste",
    "popularity": "General popularity",
    "fame": "How well known it is",
}
_NAMELESS = ("movie", "popularity", "fame")
_ORDER = list(dict.fromkeys(_GROUPS.values()))
_STRONGEST = 5
_ROWS = 6
_WIDTH = 22


@dataclass(frozen=True, slots=True)
class Scale:
    """How many decimals the parts of one explanation are shown with: about three figures for the largest."""

    decimals: int

    @classmethod
    def of(cls, values: Iterable[float]) -> "Scale":
        """The scale that suits these values."""
        largest = max(map(abs, values), default=0.0)
        return cls(min(max(2 - floor(log10(largest)), 0), 4) if largest > 0 else 0)

    def rounded(self, values: Sequence[float]) -> list[float]:
        """The values with these decimals, adding up to their sum with these decimals.

        What rounding leaves over goes to the values that it treated worst.
        """
        unit = 10**self.decimals
        exact = [value * unit for value in values]
        whole = [floor(value) for value in exact]
        left = round(sum(exact)) - sum(whole)
        for place in sorted(range(len(exact)), key=lambda place: whole[place] - exact[place])[:left]:
            whole[place] += 1
        return [value / unit for value in whole]

    def show(self, value: float) -> str:
        """A value with its sign."""
        return f"{value:+.{self.decimals}f}"


def why_screen(person: Person, why: Why, *, buttons: bool = True) -> Screen:
    """Why this movie has the place it has for this person."""
    name = plain(person.name, 80)
    scale = Scale.of([part.value for part in why.parts] + [part.contrast for part in why.parts])
    fields = [
        ("▲ Pulled it up", _pulls(scale, [part for part in why.parts if part.contrast > 0])),
        ("▼ Pulled it down", _pulls(scale, [part for part in why.parts if part.contrast < 0])),
        (f"Ratings of {name} behind it", _own(why)),
        ("All that adds up to its score", _sum(scale, why)),
    ]
    lines = [
        plain(genre_line(why.movie)),
        f"**{match(why.percentile).capitalize()}** of all movies for {name}",
    ]
    if stars := likely_line(why.likely, name):
        lines.append(f"{stars}.")
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
                footer="▲ ▼ compare with the average person; the sum is all of it.",
                colour=Colour.VELVET if why.personal else Colour.GOLD,
            ),
        ),
        rows=(_buttons(person.id, why.movie.movie_id),) if buttons else (),
    )


def _buttons(owner: int, movie_id: int) -> tuple[Button, ...]:
    seen, dismiss, _ = movie_buttons(owner, movie_id)
    return seen, dismiss, want_button(owner, movie_id)


def _pulls(scale: Scale, parts: Sequence[WhyPart]) -> str:
    """The strongest pulls with the ratings behind each."""
    strongest = sorted(parts, key=lambda part: -abs(part.contrast))[:_STRONGEST]
    lines = [_pull(scale, part) for part in strongest if float(scale.show(part.contrast))]
    return joined(lines, 1000)


def _pull(scale: Scale, part: WhyPart) -> str:
    behind = f"\n*{_rated(part.evidence[:2])}*" if part.evidence else ""
    return f"`{scale.show(part.contrast)}` {plain(part_name(part), 100)}{behind}"


def _rated(evidence: Sequence[Evidence]) -> str:
    return listed([f"{plain(title_of(one.movie), 80)} ★{stars_number(one.stars)}" for one in evidence])


def _own(why: Why) -> str:
    """The ratings that stand behind the parts, each once, the strongest parts' first."""
    seen = {one.movie.movie_id: one for part in why.parts for one in part.evidence}
    return clip(_rated(list(seen.values())[:_ROWS]), 1000)


def _sum(scale: Scale, why: Why) -> str:
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
    values = iter(scale.rounded([value for _, value in rows if value is not None]))
    (total,) = scale.rounded([sum(part.value for part in why.parts)])
    lines = [_cell(name) if value is None else _row(scale, name, next(values)) for name, value in rows]
    last = _row(scale, "Sum, its score", total)
    return "```\n" + "\n".join([*lines, "─" * len(last), last]) + "\n```"


def _group(part: WhyPart) -> str:
    return _GROUPS["keyword" if part.name == IMAX else part.kind]


def _grouped(parts: Iterable[WhyPart]) -> list[WhyPart]:
    return sorted(parts, key=lambda part: _ORDER.index(_group(part)))


def _row(scale: Scale, name: str, value: float) -> str:
    return f"{_cell(name):<{_WIDTH}} {scale.show(value):>7}"


def _cell(name: str) -> str:
    indent = " " * (len(name) - len(name.lstrip(" ")))
    return indent + label(name, _WIDTH - len(indent)).replace("`", "ˋ")
