"""The pictures look as they did: small copies of them are kept beside this file.

``python -m tests.bot.services.pictures.test_looks`` makes the copies anew; look at them before they are kept.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.image import imread, imsave

from bot.services.pictures import canvas, compare, server
from bot.services.pictures import map as group_map
from bot.services.pictures import taste as taste_pictures
from bot.services.pictures.painter import Picture
from tests.bot.services.pictures import data

EXPECTED = Path(__file__).parent / "expected"
STEP = 4
"""The copies are so many times smaller, which forgives what another version of the fonts moves a little."""
TOLERANCE = 0.008
"""Root of the mean squared difference, of which 1 is black against white."""

TASTE, TWO = data.taste(), data.comparison()
PICTURES: dict[str, Callable[[], Picture]] = {
    "genres": lambda: taste_pictures.love("Ana", TASTE.portrait.genres, True),
    "amount": lambda: taste_pictures.amount("Ana", TASTE.portrait.genres),
    "decades": lambda: taste_pictures.decades("Ana", TASTE.portrait.decades),
    "history": lambda: taste_pictures.history("Ana", TASTE.history),
    "compare": lambda: compare.scatter(TWO),
    "stats": lambda: server.opinions("The Friends", data.stats()),
    "map": lambda: group_map.group_map("The Friends", data.group_map()),
    "quality": lambda: server.quality(data.versions()),
}


def pixels(png: bytes) -> npt.NDArray[Any]:
    """Red, green and blue of every pixel, 0 to 1; fails if one can be seen through."""
    image = imread(BytesIO(png), format="png")
    assert image.shape == (canvas.HEIGHT, canvas.WIDTH, 4)
    assert image[..., 3].min() == 1
    return image[..., :3]


def small(png: bytes) -> npt.NDArray[Any]:
    image = pixels(png)
    height, width = canvas.HEIGHT // STEP, canvas.WIDTH // STEP
    return image.reshape(height, STEP, width, STEP, 3).mean(axis=(1, 3))


def difference(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> float:
    return float(np.sqrt(((one - other) ** 2).mean()))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_looks_as_it_did(name: str):
    expected = imread(EXPECTED / f"{name}.png")[..., :3]
    assert difference(small(PICTURES[name]().png), expected) < TOLERANCE


def test_the_tolerance_tells_small_changes_apart(monkeypatch: pytest.MonkeyPatch):
    amount, genres = (imread(EXPECTED / f"{name}.png")[..., :3] for name in ("amount", "genres"))
    fewer = taste_pictures.amount("Ana", TASTE.portrait.genres[1:])
    assert difference(small(fewer.png), amount) > TOLERANCE
    monkeypatch.setattr(taste_pictures, "YELLOW", canvas.GROUND)
    assert difference(small(PICTURES["amount"]().png), amount) > TOLERANCE
    monkeypatch.setattr(taste_pictures, "SKY", canvas.GREEN)
    assert difference(small(PICTURES["genres"]().png), genres) > TOLERANCE


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_says_in_words_what_it_shows(name: str):
    picture = PICTURES[name]()
    assert picture.name.endswith(".png")
    assert len(picture.alt) > 40
    assert any(letter.isdigit() for letter in picture.alt)


@pytest.mark.parametrize("name", PICTURES)
def test_the_ground_is_dark_on_every_page_and_letters_stand_out(name: str):
    image = pixels(PICTURES[name]().png)
    ground = image[0, 0]
    assert (image[[0, -1]].reshape(-1, 3) == ground).all()
    assert ground.max() < 0.2
    for colour in (canvas.TEXT, canvas.MUTED, canvas.SKY, canvas.ORANGE, canvas.YELLOW, canvas.GREEN):
        assert contrast(colour, canvas.GROUND) > 4.5


def contrast(one: str, other: str) -> float:
    """Contrast of two colours by the Web Content Accessibility Guidelines 2.1, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
        linear = np.where(parts <= 0.03928, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ (0.2126, 0.7152, 0.0722))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_letters_are_large_enough_for_a_phone():
    assert canvas.SMALL / 72 * canvas.DPI >= 22


@pytest.mark.parametrize(
    "name", ["$5 _and_ \\alpha^2$", "שלום עולם", "😀" * 40, "漢字", "\u202eevil", "A\nB", "", "W" * 300]
)
def test_any_name_can_be_shown(name: str):
    for picture in (
        taste_pictures.history(name, TASTE.history),
        compare.scatter(data.comparison(name, name)),
    ):
        assert pixels(picture.png).shape


@pytest.mark.parametrize("count", [1, 5])
def test_little_can_be_shown_too(count: int):
    genres, decades = TASTE.portrait.genres[:count], TASTE.portrait.decades[:count]
    for picture in (
        taste_pictures.love("Ana", genres, False),
        taste_pictures.amount("Ana", genres),
        taste_pictures.decades("Ana", decades),
        taste_pictures.history("Ana", TASTE.history[:count]),
    ):
        assert pixels(picture.png).shape


if __name__ == "__main__":
    for name, make in PICTURES.items():
        imsave(EXPECTED / f"{name}.png", small(make().png))
