"""People are found by what somebody types of their names."""

import numpy as np
import pytest

from recommender.catalogue import Catalogue, Movie
from recommender.titles.credits import Credits

CATALOGUE = Catalogue(
    [
        Movie(1, "Volver", directors=("Pedro Almodóvar",), cast=("Penélope Cruz", "Carmen Maura")),
        Movie(2, "Broken Embraces", directors=("Pedro Almodóvar",), cast=("Penélope Cruz",)),
        Movie(3, "Vanilla Sky", cast=("Tom Cruise", "PENELOPE CRUZ"), writers=("Cameron Crowe",)),
        Movie(4, "Silence"),
    ]
)


def credits_of(catalogue: Catalogue) -> Credits:
    return Credits(catalogue.columns.texts, catalogue.people)


CREDITS = credits_of(CATALOGUE)


def movies_of(name: str) -> list[int]:
    found = CREDITS.named(name)
    return [] if found is None else (np.flatnonzero(CREDITS.movies_of(found.codes)) + 1).tolist()


def test_a_name_in_any_spelling_is_one_person() -> None:
    assert movies_of("penelope cruz") == movies_of(" PENÉLOPE  CRUZ ") == [1, 2, 3]
    found = CREDITS.named("penelope cruz")
    assert found is not None
    assert found.name == "Penélope Cruz"


@pytest.mark.parametrize("name", ["", " ", "Penelope", "Cruz", "Pedro", "Almodóvar Penélope", "\n"])
def test_a_part_of_a_name_is_nobody(name: str) -> None:
    assert movies_of(name) == []


def test_every_trade_counts() -> None:
    assert (movies_of("pedro almodovar"), movies_of("tom cruise"), movies_of("cameron crowe")) == (
        [1, 2],
        [3],
        [3],
    )
    assert CREDITS.someone().tolist() == [True, True, True, False]


def test_who_is_in_most_movies_is_offered_first() -> None:
    assert CREDITS.suggest("p", 2) == ["Pedro Almodóvar", "Penélope Cruz"]
    assert CREDITS.suggest("cru", 5) == ["Penélope Cruz", "Tom Cruise", "PENELOPE CRUZ"]
    assert CREDITS.suggest("", 1) in (["Pedro Almodóvar"], ["Penélope Cruz"])
    assert CREDITS.suggest("zz", 5) == []
    many = [Movie(number, f"{number}", cast=(f"Sam Nobody{number}",)) for number in range(600)]
    many += [Movie(1000 + number, f"{number}", directors=("Steven Spielberg",)) for number in range(3)]
    assert credits_of(Catalogue(many)).suggest("s", 3)[0] == "Steven Spielberg"


def test_near_names_are_told() -> None:
    assert CREDITS.near("Tom Criuse")[0] == "Tom Cruise"
    assert CREDITS.near("qqqqqqqq") == []
    one = {"directors": ("Bong Joon Ho",)}
    apart = Catalogue([Movie(1, "Parasite", **one), Movie(2, "Okja", **one)]).joined(
        Catalogue([Movie(3, "Tokyo!", **one)])
    )
    assert credits_of(apart).near("Bong Jun Ho") == ["Bong Joon Ho"]
    assert credits_of(apart).suggest("bong", 5) == ["Bong Joon Ho"]


def test_a_catalogue_without_people() -> None:
    nobody = credits_of(Catalogue([Movie(1, "Silence")]))
    assert nobody.named("Tom Cruise") is None
    assert nobody.suggest("t", 5) == []
    assert nobody.near("Tom") == []
    assert nobody.someone().tolist() == [False]
