"""From other scales to stars."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.imports import scale
from bot.services.imports.scale import Amount


@pytest.mark.parametrize(
    ("cell", "most", "stars", "rounded"),
    [
        ("2 of 5", 10, 2.0, False),
        ("8/10", 5, 4.0, False),
        ("85/100", 5, 4.5, True),
        ("85", 100, 4.5, True),
        ("84", 100, 4.0, True),
        ("90 %", 5, 4.5, False),
        ("7", 10, 3.5, False),
        ("7.3", 10, 3.5, True),
        ("4,5", 5, 4.5, False),
        ("3½", 5, 3.5, False),
        ("½", 5, 0.5, False),
        ("★★★½", 10, 3.5, False),
        ("★★☆☆☆", 10, 2.0, False),
        ("4.5 stars", 5, 4.5, False),
        ("3 out of 4", 5, 4.0, True),
        ("1", 100, 0.5, True),
        ("10", 10, 5.0, False),
    ],
)
def test_a_rating_in_stars(cell: str, most: int, stars: float, rounded: bool) -> None:
    amount = scale.read(cell)
    assert amount is not None
    assert scale.stars(amount, most) == (stars, rounded)


@pytest.mark.parametrize(
    "cell", ["", "good", "-3", "1/0", "nan", "inf", "1e5", "five", "9" * 80, "4..5", "/5"]
)
def test_what_is_no_rating(cell: str) -> None:
    assert scale.read(cell) is None


@pytest.mark.parametrize(("cell", "most"), [("0", 5), ("0/10", 5), ("6", 5), ("11/10", 5), ("101", 100)])
def test_what_is_not_on_the_scale(cell: str, most: int) -> None:
    amount = scale.read(cell)
    assert amount is not None
    assert scale.stars(amount, most) is None


@pytest.mark.parametrize(
    ("header", "cells", "most"),
    [
        ("Rating", ["0.5", "5"], 5),
        ("Rating", ["1", "6"], 10),
        ("Rating", ["55"], 100),
        ("Rating10", ["4"], 10),
        ("Rating (out of 100)", ["4"], 100),
        ("Rating 1-10", ["4"], 10),
        ("Rating", ["9/10", "4"], 5),
        ("Rating", [], 5),
    ],
)
def test_the_scale_of_a_column(header: str, cells: list[str], most: int) -> None:
    amounts = [amount for cell in cells if (amount := scale.read(cell)) is not None]
    assert scale.guess(header, amounts) == most


@given(st.integers(1, 10))
def test_half_stars_are_themselves(halves: int) -> None:
    assert scale.stars(Amount(Fraction(halves, 2), None), 5) == (halves / 2, False)
    assert scale.stars(Amount(Fraction(halves), None), 10) == (halves / 2, False)


@given(st.fractions(min_value=0, max_value=100), st.sampled_from(scale.SCALES))
def test_stars_are_halves_and_no_farther_than_a_quarter(value: Fraction, most: int) -> None:
    found = scale.stars(Amount(value, None), most)
    if found is None:
        assert value == 0 or value > most
        return
    stars, rounded = found
    exact = value * 5 / most
    assert 0.5 <= stars <= 5
    assert stars * 2 == int(stars * 2)
    assert abs(Fraction(stars) - exact) <= Fraction(1, 4) or (stars == 0.5 and exact < Fraction(1, 2))
    assert rounded == (Fraction(stars) != exact)
