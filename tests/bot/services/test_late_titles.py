"""A title index under construction: asked too early, it answers as soon as it can."""

import threading

import pytest

from bot.services import titles
from bot.services.titles import LateTitles
from recommender.catalogue import Catalogue, Movie
from recommender.titles import TitleIndex

CATALOGUE = Catalogue([Movie(1, "Alien", 1979), Movie(2, "Aliens", 1986), Movie(3, "Contact", 1997)])
POPULARITY = [1.0, 5.0, 2.0]


def test_it_answers_like_the_index() -> None:
    late, ready = LateTitles(CATALOGUE, POPULARITY), TitleIndex(CATALOGUE, POPULARITY)
    assert late.find("alien") == ready.find("alien")
    assert late.suggest("ali", 2) == ready.suggest("ali", 2)


def test_who_asks_too_early_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def slow(catalogue: Catalogue, popularity: list[float], _file: object) -> TitleIndex:
        go_on.wait(30)
        return TitleIndex(catalogue, popularity)

    monkeypatch.setattr(titles, "TitleIndex", slow)
    late = LateTitles(CATALOGUE, POPULARITY)
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(late.find("contact").movies[0].title))
    asking.start()
    assert not answers
    go_on.set()
    asking.join(30)
    assert answers == ["Contact"]


def test_a_fault_while_building_is_told_to_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> TitleIndex:
        raise RuntimeError("no index")

    monkeypatch.setattr(titles, "TitleIndex", broken)
    with pytest.raises(RuntimeError, match="no index"):
        LateTitles(CATALOGUE, POPULARITY).find("alien")
