"""Made-up catalogues as large as MovieLens' largest and as all of IMDb, with titles like real ones."""

import random

from recommender.catalogue import GENRES, Movie

MOVIES = 86_000
ALL_MOVIES, NAMES_EACH = 300_000, 5

_FIRST = ("b", "bl", "br", "c", "ch", "d", "dr", "f", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "r")
_FIRST += ("s", "sh", "st", "t", "tr", "v", "w", "")
_MIDDLE = ("a", "e", "i", "o", "u", "ea", "oo", "ai", "ie")
_LAST = ("", "n", "r", "l", "s", "t", "nd", "st", "ng", "m", "ck", "th")
_COMMON = ("the", "of", "a", "and", "in", "my", "love", "man", "night", "day")
_LENGTHS = (1, 2, 2, 3, 3, 3, 4, 5, 6, 8)


def _words(rng: random.Random, count: int) -> list[str]:
    words: set[str] = set()
    while len(words) < count:
        syllables = rng.choice((1, 2, 2, 3))
        words.add(
            "".join(rng.choice(_FIRST) + rng.choice(_MIDDLE) + rng.choice(_LAST) for _ in range(syllables))
        )
    ordered = sorted(words)
    rng.shuffle(ordered)
    return ordered


_SCRIPTS = (
    # Cyrillic, Han with kana, Hangul: their letters, and how long a title is.
    ("".join(map(chr, range(0x430, 0x450))) + " " * 5, 18),
    ("".join(map(chr, range(0x4E00, 0x5600))) + "".join(map(chr, range(0x3042, 0x3094))), 8),
    ("".join(map(chr, range(0xAC00, 0xB400))) + " " * 500, 8),
)


def big_catalogue(count: int = MOVIES, seed: int = 1, names_each: int = 0) -> tuple[list[Movie], list[float]]:
    """Movies and how popular each is: a few common words, many rare ones, sequels, accents, aliases.

    With `names_each`, every movie has so many names: some with the title's words, a third in other scripts.
    """
    rng = random.Random(seed)
    words = _words(rng, 40_000)

    def word() -> str:
        if rng.random() < 0.3:
            return rng.choice(_COMMON)
        if rng.random() < 0.5:
            return words[min(int(rng.paretovariate(0.7)) - 1, len(words) - 1)]
        return rng.choice(words)

    movies: list[Movie] = []
    for movie_id in range(1, count + 1):
        title = " ".join(word() for _ in range(rng.choice(_LENGTHS))).title()
        kind = rng.random()
        if kind < 0.03:
            title += " II"
        elif kind < 0.13:
            title += f": {rng.choice(words).title()} {rng.choice(words).title()}"
        elif kind < 0.18:
            title = title.replace("e", "é", 1)
        aliases = (" ".join(rng.choices(words, k=3)),) if rng.random() < 0.2 and not names_each else ()
        for number in range(1, names_each):
            if number % 3 == 0:
                letters, length = rng.choice(_SCRIPTS)
                aliases += ("".join(rng.choices(letters, k=length)),)
            else:
                foreign = rng.choice(("Der ", "La ", "Le ", *[""] * 9))
                aliases += (foreign + " ".join(word() for _ in range(rng.choice(_LENGTHS))).title(),)
        genres = tuple(rng.sample(GENRES, rng.choice((1, 2, 3))))
        movies.append(Movie(movie_id, title, rng.randint(1900, 2024), genres, aliases))
    return movies, [float(int(rng.paretovariate(0.5))) for _ in movies]
