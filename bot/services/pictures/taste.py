"""One person's taste as pictures. Importing it loads matplotlib; see `painter`."""

from collections.abc import Sequence
from typing import Any

from bot.services.pictures.canvas import (
    LINE,
    MUTED,
    ORANGE,
    SKY,
    SMALL,
    TEXT,
    YELLOW,
    letters,
    picture,
)
from bot.services.pictures.painter import Picture
from bot.services.taste.answers import Period
from recommender.taste import Leaning

ROWS = 9
"""More rows would be too small on a phone."""


def love(name: str, genres: Sequence[Leaning], community: bool) -> Picture:
    """How much better somebody likes each genre than others do, with its uncertainty."""
    shown = _most_telling(genres)
    widest = max(0.5, *(max(abs(one.love.low), abs(one.love.high)) for one in shown))

    def draw(figure: Any) -> None:
        axes = figure.add_axes((0.245, 0.13, 0.60, 0.67))
        axes.axvline(0, color=MUTED, linewidth=1.5)
        for place, one in enumerate(shown):
            colour, marker, fill = _look(one)
            axes.plot(
                (one.love.low, one.love.high),
                (place, place),
                color=colour,
                linewidth=4,
                solid_capstyle="round",
            )
            axes.plot(
                one.love.value,
                place,
                marker=marker,
                markersize=15,
                color=colour,
                markerfacecolor=colour if fill else "#1e2127",
                markeredgewidth=3,
            )
            axes.text(
                1.03, place, f"{one.count}", transform=axes.get_yaxis_transform(), va="center", color=MUTED
            )
        axes.text(1.03, -0.95, "movies", transform=axes.get_yaxis_transform(), fontsize=SMALL, color=MUTED)
        axes.set_yticks(range(len(shown)), [one.name for one in shown])
        axes.set_ylim(max(len(shown), 4) - 0.4, -0.6)
        axes.set_xlim(-widest * 1.05, widest * 1.05)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
        axes.set_axisbelow(True)
        axes.set_xlabel(f"stars more than {'others give' if community else 'usual'}")

    return Picture(
        "genres.png",
        picture(
            draw,
            f"What {_whose(name)} loves",
            "▲ loved · ▼ rather not · ○ neither · line: 95 % sure",
        ),
        "Genres by love: "
        + "; ".join(
            f"{one.name} {one.love.value:+.1f} stars ({one.love.low:+.1f} to {one.love.high:+.1f})"
            for one in shown
        ),
    )


def amount(name: str, genres: Sequence[Leaning]) -> Picture:
    """What somebody watches much of, beside what others do."""
    shown = sorted(genres, key=lambda one: -one.count)[:ROWS]
    return _shares(
        "amount.png",
        f"What {_whose(name)} watches",
        shown,
        [one.name for one in shown],
        "Genres by amount",
    )


def decades(name: str, found: Sequence[Leaning]) -> Picture:
    """From which decades somebody's movies are, beside those of others."""
    shown = sorted(sorted(found, key=lambda one: -one.count)[:ROWS], key=lambda one: one.name)
    return _shares(
        "decades.png",
        f"Decades of {_whose(name)}",
        shown,
        [one.name for one in shown],
        "Decades by amount",
    )


def _shares(file: str, title: str, shown: Sequence[Leaning], names: Sequence[str], what: str) -> Picture:
    def draw(figure: Any) -> None:
        axes = figure.add_axes((0.245, 0.13, 0.56, 0.67))
        for place, one in enumerate(shown):
            axes.barh(place, 100 * one.found, height=0.62, color=SKY)
            axes.plot(
                (100 * one.share.low, 100 * one.share.high),
                (place, place),
                color=TEXT,
                linewidth=2.5,
                alpha=0.75,
            )
            axes.plot(
                100 * one.usual, place, marker="D", markersize=12, color=YELLOW, markeredgecolor="#1e2127"
            )
            axes.text(
                1.03,
                place,
                f"★ {one.mean:.1f}",
                transform=axes.get_yaxis_transform(),
                va="center",
                color=TEXT,
            )
        axes.set_yticks(range(len(shown)), names)
        axes.set_ylim(max(len(shown), 4) - 0.4, -0.6)
        axes.set_xlim(0, None)
        axes.grid(axis="x")
        axes.set_axisbelow(True)
        axes.set_xlabel("% of the movies")

    return Picture(
        file,
        picture(draw, title, "bar: share · line: 95 % sure in the long run · ◆ others · ★ mean"),
        f"{what}: "
        + "; ".join(
            f"{one.name} {one.found:.0%}, others {one.usual:.0%}, mean {one.mean:.1f} stars" for one in shown
        ),
    )


def history(name: str, periods: Sequence[Period]) -> Picture:
    """When somebody rated, and how."""
    places = range(len(periods))
    kinds = (
        ("disliked, up to 2½ ★", [one.disliked for one in periods], ORANGE, "//"),
        ("neutral", [one.neutral for one in periods], MUTED, ""),
        ("liked, from 4 ★", [one.liked for one in periods], SKY, ""),
    )

    def draw(figure: Any) -> None:
        axes = figure.add_axes((0.10, 0.13, 0.86, 0.66))
        below = [0] * len(periods)
        for label, counts, colour, hatch in kinds:
            axes.bar(
                places,
                counts,
                bottom=below,
                width=0.8,
                color=colour,
                label=label,
                hatch=hatch,
                edgecolor="#1e2127",
            )
            below = [low + count for low, count in zip(below, counts, strict=True)]
        step = -(-len(periods) // 6)
        axes.set_xticks(list(places)[::step], [one.name for one in periods][::step])
        axes.tick_params(axis="y", labelcolor=MUTED, labelsize=SMALL)
        axes.yaxis.get_major_locator().set_params(integer=True)
        axes.set_ylim(0, max(below) * 1.08)
        # A few bars stand in the middle, and are no wider than those of many.
        beside = max(4 - len(periods), 0) / 2
        axes.set_xlim(-0.7 - beside, len(periods) - 0.3 + beside)
        axes.grid(axis="y", color=LINE)
        axes.set_axisbelow(True)
        handles, labels = axes.get_legend_handles_labels()
        figure.legend(
            handles[::-1],
            labels[::-1],
            loc="upper left",
            bbox_to_anchor=(0.02, 0.90),
            ncols=3,
            columnspacing=1.2,
            handlelength=1.2,
        )

    totals = [one.total for one in periods]
    most = max(range(len(periods)), key=totals.__getitem__)
    return Picture(
        "history.png",
        picture(draw, f"When {_whose(name)} rated"),
        f"Ratings over time, {periods[0].name} to {periods[-1].name}: {sum(totals)} in all, "
        f"most in {periods[most].name} ({totals[most]})",
    )


def _whose(name: str) -> str:
    return letters(name, 26, "this member")


def _most_telling(genres: Sequence[Leaning]) -> list[Leaning]:
    """The genres that say something, then those with most movies; most loved on top."""
    telling = sorted(genres, key=lambda one: (one.verdict == "", -one.count))[:ROWS]
    return sorted(telling, key=lambda one: -one.love.value)


def _look(one: Leaning) -> tuple[str, str, bool]:
    """Colour, marker, and whether that is filled."""
    if one.verdict == "loved":
        return SKY, "^", True
    if one.verdict == "disliked":
        return ORANGE, "v", True
    return MUTED, "o", False
