"""Many texts folded and sorted in arrays are what the same texts are one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.catalogue import Catalogue, Movie, Movies
from recommender.columns import Texts
from recommender.titles import TitleIndex, fold
from recommender.titles.blocks import among, folded, in_order
from recommender.titles.folding import same_name, words_of

TEXTS = st.text(max_size=30) | st.text(alphabet=" .*aALthe&'é$が기\u0301_", max_size=20)


@given(st.lists(TEXTS, max_size=6))
def test_texts_are_folded_as_they_are_one_by_one(texts: list[str]) -> None:
    lines = folded(Texts.of(texts))
    bounds = zip(lines.starts[:-1].tolist(), lines.starts[1:].tolist(), strict=True)
    words = [[lines.words[number] for number in range(start, end)] for start, end in bounds]
    expected = {number: split for number, text in enumerate(texts) if (split := words_of(fold(text)))}
    assert dict(zip(lines.origins.tolist(), words, strict=True)) == expected
    keys = lines.keys()
    assert [keys[number] for number in range(len(keys))] == ["".join(split) for split in words]


NO_NUL = st.characters(exclude_characters="\0", exclude_categories=("Cs",))


@given(st.lists(st.text(NO_NUL, max_size=40) | st.text("ab", max_size=40), max_size=60))
def test_texts_are_sorted_by_their_characters(texts: list[str]) -> None:
    order, is_new = in_order(Texts.of(texts))
    ordered = [texts[number] for number in order.tolist()]
    assert ordered == sorted(texts)
    assert is_new.tolist() == [at == 0 or ordered[at - 1] != text for at, text in enumerate(ordered)]


def test_short_words_are_told_from_longer_ones_that_begin_like_them() -> None:
    words = Texts.of(["la", "las", "l", "thirteen", "thirteenth", "été", ""])
    assert among(words, {"la", "thirteen"}).tolist() == [True, False, False, True, False, False, False]


def test_no_movie_is_made_but_of_what_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = Catalogue(Movie(number, f"Title {number}", aliases=("Другое",)) for number in range(500))
    made: list[int] = []

    def watched(catalogue: Catalogue) -> Movies:
        return Movies(lambda row: made.append(row) or catalogue[row], range(len(catalogue)))

    monkeypatch.setattr(Catalogue, "movies", property(watched))
    index = TitleIndex(catalogue)
    assert not made
    assert index.find("title 77").movies[0].movie_id == 77
    assert len(made) < 50


def test_marks_that_make_another_word_count_and_accents_do_not() -> None:
    assert not same_name("दंगल", "दगल")
    assert not same_name("パパ", "ハハ")
    assert same_name("Ёлка", "ёлка")
    assert same_name("Ёлка", "елка")
    assert same_name("ＡＫＩＲＡ", "Akira")
    assert same_name("ｱｷﾗ", "アキラ")
    assert same_name("기생충", "\u1100\u1175\u1109\u1162\u11bc\u110e\u116e\u11bc")
