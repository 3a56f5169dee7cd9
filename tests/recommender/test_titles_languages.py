"""Films are found by what they are called anywhere, in the script in which that is written."""

from datetime import date
from pathlib import Path

import pytest

from recommender.catalogue import Catalogue
from recommender.datasets.imdb import ImdbOptions, load_imdb
from recommender.titles import TitleIndex
from tests.recommender.datasets.imdb_on_disk import aka, film, votes, write_imdb

TODAY = date(2026, 11, 28)
# Number at IMDb, title, year, original title, and its names by region.
FILMS: list[tuple[int, str, int, str, dict[str, str]]] = [
    (245429, "Spirited Away", 2001, "Sen to Chihiro no kamikakushi", {"JP": "千と千尋の神隠し"}),
    (
        5311514,
        "Your Name.",
        2016,
        "Kimi no na wa.",
        {"JP": "君の名は。"},
    ),
    (55630, "Yojimbo", 1961, "Yôjinbô", {"JP": "用心棒"}),
    (94625, "Akira", 1988, "Akira", {"JP": "アキラ"}),
    (6751668, "Parasite", 2019, "Gisaengchung", {"KR": "기생충", "FR": "Parasite"}),
    (364569, "Oldboy", 2003, "Oldeuboi", {"KR": "올드보이"}),
    (79944, "Stalker", 1979, "Stalker", {"RU": "Сталкер", "JP": "ストーカー"}),
    (91251, "Come and See", 1985, "Idi i smotri", {"RU": "Иди и смотри", "UA": "Іди і дивись"}),
    (68646, "The Godfather", 1972, "The Godfather", {"DE": "Der Pate", "RU": "Крёстный отец"}),
    (113247, "Hate", 1995, "La haine", {"FR": "La Haine", "GR": "Το μίσος"}),
    (405094, "The Lives of Others", 2006, "Das Leben der Anderen", {"FR": "La vie des autres"}),
    (5074352, "Dangal", 2016, "Dangal", {"IN": "दंगल", "TW": "我和我的冠軍女兒"}),
]
PLAIN = [number for number, *_ in FILMS]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = write_imdb(
        tmp_path_factory.mktemp("imdb"),
        title_basics=[
            film(number, title, year, originalTitle=original) for number, title, year, original, _ in FILMS
        ],
        title_ratings=[votes(number, 400_000, 8.0) for number in PLAIN],
        title_akas=[
            aka(number, name, region, ordering=place, types="imdbDisplay")
            for number, _, _, _, names in FILMS
            for place, (region, name) in enumerate(names.items(), 2)
        ],
    )
    return load_imdb(folder, ImdbOptions(languages=None), today=TODAY).catalogue


@pytest.fixture(scope="module")
def index(catalogue: Catalogue) -> TitleIndex:
    return TitleIndex(catalogue)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("千と千尋の神隠し", "Spirited Away"),
        ("君の名は", "Your Name."),
        ("Kimi no na wa", "Your Name."),
        ("用心棒", "Yojimbo"),
        ("Yôjinbô", "Yojimbo"),
        ("yojinbo", "Yojimbo"),
        ("アキラ", "Akira"),
        ("ｱｷﾗ", "Akira"),  # half as wide
        ("ＡＫＩＲＡ", "Akira"),  # twice as wide
        ("기생충", "Parasite"),
        ("\u1100\u1175\u1109\u1162\u11bc\u110e\u116e\u11bc", "Parasite"),  # letter by letter
        ("Oldeuboi", "Oldboy"),
        ("올드보이", "Oldboy"),
        ("올드 보이", "Oldboy"),
        ("Сталкер", "Stalker"),
        ("СТАЛКЕР", "Stalker"),
        ("иди и смотри", "Come and See"),
        ("Крестный отец", "The Godfather"),  # ё is mostly written as е
        ("Der Pate", "The Godfather"),
        ("pate", "The Godfather"),
        ("La Haine", "Hate"),
        ("ΤΟ ΜΙΣΟΣ", "Hate"),
        ("Das Leben der Anderen", "The Lives of Others"),
        ("La vie des autres (2006)", "The Lives of Others"),
        ("दंगल", "Dangal"),
    ],
)
def test_a_film_is_found_by_its_names_everywhere(index: TitleIndex, text: str, title: str) -> None:
    assert index.find(text).movies[0].title == title
    assert index.suggest(text)[0].title == title


def test_a_name_is_offered_at_every_character(index: TitleIndex) -> None:
    for _, title, _, original, names in FILMS:
        for name in (original, *names.values()):
            # An article is not yet a word of the title.
            for length in range(5 if name.startswith("The ") else 2, len(name) + 1):
                offered = [movie.title for movie in index.suggest(name[:length])]
                assert title in offered, name[:length]


def test_a_korean_syllable_is_offered_while_it_is_typed(index: TitleIndex) -> None:
    assert [movie.title for movie in index.suggest("기새")] == ["Parasite"]
    assert [movie.title for movie in index.suggest("기ㅅ")] == ["Parasite"]


def test_the_romanised_originals_of_the_sample(imdb_sample: Path) -> None:
    index = TitleIndex(load_imdb(imdb_sample, ImdbOptions(languages=None), today=TODAY).catalogue)
    for text, name in {
        "Oldeuboi": "Oldboy (2003)",
        "Kimi no na wa": "Your Name. (2016)",
        "Sen to Chihiro no Kamikakushi": "Spirited Away (2001)",
        "Gisaengchung": "Parasite (2019)",
        "Das Leben der Anderen": "The Lives of Others (2006)",
    }.items():
        assert index.find(text).movies[0].name == name, text
        assert index.suggest(text)[0].name == name, text
