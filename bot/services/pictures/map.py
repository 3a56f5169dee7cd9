"""The map of a group as a picture. Importing it loads matplotlib; see `painter`."""

from typing import Any

from bot.services.pictures.canvas import (
    GREEN,
    GROUND,
    HEIGHT,
    LINE,
    MUTED,
    NORMAL,
    ORANGE,
    PURPLE,
    SKY,
    SMALL,
    TEXT,
    VERMILLION,
    WIDTH,
    YELLOW,
    letters,
    picture,
)
from bot.services.pictures.painter import Picture
from bot.services.taste.answers import GroupMap

COLOURS = (SKY, ORANGE, GREEN, YELLOW, PURPLE, VERMILLION)
MARKERS = "*sD^vPX<>ph8"
NAME, TITLE = 18, 24
LEFT, BELOW, ACROSS, UP = 0.085, 0.12, 0.895, 0.72
_WIDE, _HIGH = 0.62, 1.5
"""Size of a letter and of a line, in the size of the font; pixels are 4/3 points."""

Box = tuple[float, float, float, float]


def group_map(server: str, found: GroupMap) -> Picture:
    """Movies as dots, people as marks with their names; the sides say what lies there."""
    spots = [(one.across, one.up) for one in (*found.movies, *found.people)]
    low = [min(spot[axis] for spot in spots) for axis in (0, 1)]
    high = [max(spot[axis] for spot in spots) for axis in (0, 1)]
    room = [max(high[axis] - low[axis], 0.5) * 0.12 for axis in (0, 1)]

    def pixel(across: float, up: float) -> tuple[float, float]:
        return (
            WIDTH * (LEFT + ACROSS * (across - low[0] + room[0]) / (high[0] - low[0] + 2 * room[0])),
            HEIGHT * (BELOW + UP * (up - low[1] + room[1]) / (high[1] - low[1] + 2 * room[1])),
        )

    def draw(figure: Any) -> None:
        axes = figure.add_axes((LEFT, BELOW, ACROSS, UP))
        axes.set_xlim(low[0] - room[0], high[0] + room[0])
        axes.set_ylim(low[1] - room[1], high[1] + room[1])
        for one in found.movies:
            size = 6 + 2 * min(one.raters, 4)
            axes.plot(one.across, one.up, marker="o", markersize=size, color=MUTED, zorder=2)
        for number, one in enumerate(found.people):
            axes.plot(
                one.across,
                one.up,
                marker=MARKERS[number % len(MARKERS)],
                markersize=24,
                color=COLOURS[number % len(COLOURS)],
                markeredgecolor=GROUND,
                markeredgewidth=2,
                zorder=4,
            )
        # Twice, as a mark under a name is worse than a dot.
        taken = [_around(pixel(one.across, one.up), 18) for one in found.people] * 2
        taken += [_around(pixel(one.across, one.up), 7) for one in found.movies]
        for number, one in enumerate(found.people):
            colour = COLOURS[number % len(COLOURS)]
            spot = pixel(one.across, one.up)
            # A person is never without a name, even where it covers something.
            others = [box for box in taken if box != _around(spot, 18)]
            _write(
                figure,
                spot,
                letters(one.name, NAME, f"member {number + 1}"),
                NORMAL,
                colour,
                others,
                must=True,
            )
            taken.append(others[-1])
        for one in found.movies:
            spot = pixel(one.across, one.up)
            _write(figure, spot, letters(one.movie.title, TITLE), SMALL, TEXT, taken)
        axes.set_xticks([])
        axes.set_yticks([])
        for side in ("top", "right"):
            axes.spines[side].set_visible(True)
        for side in axes.spines.values():
            side.set_color(LINE)
        for text, place, turned, side in (
            (found.left, (LEFT, BELOW - 0.03), 0, "left"),
            (found.right, (LEFT + ACROSS, BELOW - 0.03), 0, "right"),
            (found.below, (LEFT - 0.055, BELOW), 90, "left"),
            (found.above, (LEFT - 0.055, BELOW + UP), 90, "right"),
        ):
            if text:
                words = letters(", ".join(text), 30)
                arrow = f"◄ {words}" if side == "left" else f"{words} ►"
                across, up = ("left", "bottom") if side == "left" else ("right", "top")
                if turned:
                    figure.text(*place, arrow, rotation=90, ha="left", va=up, fontsize=SMALL, color=MUTED)
                else:
                    figure.text(*place, arrow, ha=across, va="top", fontsize=SMALL, color=MUTED)

    return Picture(
        "map.png",
        picture(
            draw,
            f"Map of {letters(server, 34)}",
            "near: liked by the same people · marks: you · dots: movies",
        ),
        "Map of movies and people: "
        + "; ".join(
            f"{one.name} is near {', '.join(movie.title for movie in one.near)}" for one in found.people
        ),
    )


def _around(spot: tuple[float, float], size: float) -> Box:
    return spot[0] - size, spot[1] - size, spot[0] + size, spot[1] + size


def _write(
    figure: Any,
    spot: tuple[float, float],
    text: str,
    points: float,
    colour: str,
    taken: list[Box],
    *,
    must: bool = False,
) -> None:
    """Write beside, above or below a spot where nothing is written yet."""
    size = points * 4 / 3
    wide, high = _WIDE * size * len(text), _HIGH * size / 2
    away = 20 if must else 12
    x, y = spot
    boxes: tuple[Box, ...] = (
        (x + away, y - high / 2, x + away + wide, y + high / 2),
        (x - away - wide, y - high / 2, x - away, y + high / 2),
        (x - wide / 2, y + away, x + wide / 2, y + away + high),
        (x - wide / 2, y - away - high, x + wide / 2, y - away),
    )
    covered = [sum(_meet(box, other) for other in taken) + 100 * (not _inside(box)) for box in boxes]
    least = min(covered)
    if least and not must:
        return
    box = boxes[covered.index(least)]
    taken.append(box)
    figure.text(
        box[0] / WIDTH,
        (box[1] + box[3]) / 2 / HEIGHT,
        text,
        fontsize=points,
        color=colour,
        va="center",
        weight="bold" if must else "normal",
        zorder=5,
    )


def _inside(box: Box) -> bool:
    return (
        box[0] > WIDTH * LEFT
        and box[1] > HEIGHT * BELOW
        and box[2] < WIDTH * (LEFT + ACROSS)
        and box[3] < HEIGHT * (BELOW + UP)
    )


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
