"""Titles as MovieLens writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.datasets.title import parse_title


@pytest.mark.parametrize(
    ("text", "title", "year", "aliases"),
    [
        ("Toy Story (1995)", "Toy Story", 1995, ()),
        ("Matrix, The (1999)", "The Matrix", 1999, ()),
        (
            "Birdman: Or (The Unexpected Virtue of Ignorance) (2014)",
            "Birdman: Or (The Unexpected Virtue of Ignorance)",
            2014,
            (),
        ),
        ("Yours, Mine and (1968)", "Yours, Mine and", 1968, ()),
        ("American in Paris, An (1951)", "An American in Paris", 1951, ()),
        (
            "City of Lost Children, The (Cité des enfants perdus, La) (1995)",
            "The City of Lost Children",
            1995,
            ("La Cité des enfants perdus",),
        ),
        ("Seven (a.k.a. Se7en) (1995)", "Seven", 1995, ("Se7en",)),
        ("Weekend (a.k.a. Le Week-end) (Week End) (1967)", "Weekend", 1967, ("Le Week-end", "Week End")),
        ("X (AKA Y a.k.a. Z) (1990)", "X", 1990, ("Y", "Z")),
        ("Pom Poko (a.k.a. Raccoon War, The) (1994)", "Pom Poko", 1994, ("The Raccoon War",)),
        # Articles of other languages, and one that clings to its word.
        ("Auberge espagnole, L' (2002)", "L'Auberge espagnole", 2002, ()),
        ("Wave, The (Welle, Die) (2008)", "The Wave", 2008, ("Die Welle",)),
        (
            "Seventh Seal, The (Sjunde inseglet, Det) (1957)",
            "The Seventh Seal",
            1957,
            ("Det Sjunde inseglet",),
        ),
        (
            "Children Are Watching Us (Bambini ci guardano, I) (1944)",
            "Children Are Watching Us",
            1944,
            ("I Bambini ci guardano",),
        ),
        ("Olvidados, Los (1950)", "Los Olvidados", 1950, ()),
        # Commas that are no articles.
        ("Monsters, Inc. (2001)", "Monsters, Inc.", 2001, ()),
        ("Good, the Bad and the Ugly, The (1966)", "The Good, the Bad and the Ugly", 1966, ()),
        ("What's Up, Doc? (1972)", "What's Up, Doc?", 1972, ()),
        # Years.
        (
            "From Dusk Till Dawn 2: Texas Blood Money (1999) ",
            "From Dusk Till Dawn 2: Texas Blood Money",
            1999,
            (),
        ),
        ("Babylon 5", "Babylon 5", None, ()),
        ("Death Note: Desu nôto (2006–2007)", "Death Note: Desu nôto", 2006, ()),
        ("2001: A Space Odyssey (1968)", "2001: A Space Odyssey", 1968, ()),
        ("1984 (Nineteen Eighty-Four) (1984)", "1984", 1984, ("Nineteen Eighty-Four",)),
        ("Doctor Who (1996) (TV)", "Doctor Who", 1996, ()),
        # Parentheses that belong to the title, are nested, empty, or do not close.
        ("(500) Days of Summer (2009)", "(500) Days of Summer", 2009, ()),
        ("(Untitled) (2009)", "(Untitled)", 2009, ()),
        ("You Are (Not) Alone (Jo) (2007)", "You Are (Not) Alone", 2007, ("Jo",)),
        ("Foo (Bar (Baz)) (1990)", "Foo", 1990, ("Bar (Baz)",)),
        ("Foo () (1990)", "Foo", 1990, ()),
        ("Foo) (1990)", "Foo)", 1990, ()),
        # An alias that says nothing new.
        ("Promise, The (The promise) (1996)", "The Promise", 1996, ()),
        ("Godzilla (Gojira) (gojira) (1954)", "Godzilla", 1954, ("Gojira",)),
        ("A\x00 tab\tand\r\nlines (1990)", "A tab and lines", 1990, ()),
        ("", "", None, ()),
    ],
)
def test_titles(text: str, title: str, year: int | None, aliases: tuple[str, ...]) -> None:
    assert parse_title(text) == (title, year, aliases)


@given(st.text(alphabet=st.sampled_from("ab (),.akTheL'19 95\n\0é–"), max_size=60) | st.text(max_size=60))
def test_whatever_is_written_something_is_left_to_show(text: str) -> None:
    parsed = parse_title(text)
    visible = " ".join("".join(c if c >= " " and not "\x7f" <= c <= "\x9f" else " " for c in text).split())
    assert bool(parsed.title) == bool(visible)
    for name in (parsed.title, *parsed.aliases):
        assert name == " ".join(name.split())
    assert parsed.title not in parsed.aliases
    assert all(parsed.aliases)
