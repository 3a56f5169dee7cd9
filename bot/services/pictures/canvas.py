"""What all pictures share: size, colours, letters. Importing it loads matplotlib; see `painter`.

A picture is 960 pixels wide, of which a phone shows a third to a half, so no letter is smaller than 22
pixels. It brings its own dark ground, as a message may stand on a dark or on a light page. The colours are
those of Okabe and Ito (Color Universal Design, 2008) that are bright enough for it; what differs in colour
differs in shape as well.
"""

from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from typing import Any

import matplotlib
import matplotlib.figure
from matplotlib import font_manager
from matplotlib.backends import backend_agg
from matplotlib.ft2font import FT2Font

WIDTH, HEIGHT, DPI = 960, 720, 96

GROUND, TEXT, MUTED, LINE = "#1e2127", "#f2f3f5", "#b9bec7", "#444a54"
SKY, ORANGE, YELLOW, GREEN, PURPLE, VERMILLION = (
    "#56B4E9",
    "#E69F00",
    "#F0E442",
    "#00A97C",
    "#CC79A7",
    "#E8702A",
)

FAMILY = "DejaVu Sans"
LARGE, NORMAL, SMALL = 22.5, 18.0, 16.5
"""In points, of which 72 are 96 pixels."""

STYLE: Mapping[str, Any] = {
    "font.family": FAMILY,
    "font.size": NORMAL,
    "axes.facecolor": GROUND,
    "axes.edgecolor": LINE,
    "axes.labelcolor": MUTED,
    "axes.labelsize": SMALL,
    "axes.linewidth": 1.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": GROUND,
    "grid.color": LINE,
    "grid.linewidth": 1.0,
    "text.color": TEXT,
    # A dollar in a title is a dollar.
    "text.parse_math": False,
    "xtick.color": MUTED,
    "ytick.color": TEXT,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": NORMAL,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "legend.fontsize": SMALL,
}

# Their types are not told to the last argument.
_mpl: Any = matplotlib
_figure: Any = matplotlib.figure.Figure
_canvas: Any = backend_agg.FigureCanvasAgg
_fonts: Any = font_manager
_FONT = FT2Font(_fonts.findfont(FAMILY))


def picture(draw: Callable[[Any], None], title: str, subtitle: str = "") -> bytes:
    """A PNG of what `draw` puts onto a figure, under a title."""
    with _mpl.rc_context(dict(STYLE)):
        figure = _figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI)
        canvas = _canvas(figure)
        figure.text(0.035, 0.965, letters(title, 50), fontsize=LARGE, va="top", weight="bold")
        if subtitle:
            figure.text(0.035, 0.89, letters(subtitle, 84), fontsize=SMALL, va="top", color=MUTED)
        draw(figure)
        file = BytesIO()
        canvas.print_png(file, metadata={"Software": None})
        # Its parts refer to each other, and would stay until the collector comes to look at them.
        figure.clear()
    return file.getvalue()


def letters(text: str, limit: int, otherwise: str = "?") -> str:
    """A text on one line with what the font can show and without the rest; `otherwise` if that is nothing."""
    shown = " ".join("".join(one if ord(one) in _known() else " " for one in text).split())
    shown = shown or otherwise
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


@cache
def _known() -> frozenset[int]:
    return frozenset(code for code in _FONT.get_charmap() if code >= ord(" "))
