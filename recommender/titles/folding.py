"""Texts brought to the form in which they are compared: no case, accents, punctuation or articles."""

import re
import unicodedata
from collections.abc import Sequence

ARTICLES = ("the", "a", "an")

_APOSTROPHES = "'’‘`´ʼ"
_LETTERS = {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
_LAST_ARTICLE = re.compile(
    r"(.+),\s*"
    r"(the|an?|les?|la|l'|los|las|el|il|lo|gli|der|die|das|den|det|de|het|une?|una|uno|ein|eine|os|as)",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"[.*](?<=\b\w[.*])(?=\w\b)")

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_ROMAN = "ii iii iv v vi vii viii ix x xi xii xiii xiv xv"
_NUMBER_WORDS = {word: str(number) for number, word in enumerate(_SMALL.split())}
# The letter i, and v or x at the start, are words at least as often as they are numbers.
_ROMAN_NUMBERS = {word: str(number) for number, word in enumerate(_ROMAN.split(), 2)}
_ROMAN_LETTERS = frozenset("vx")
_COUNTED = frozenset({"part", "episode", "chapter", "volume", "vol"})
_DISGUISED = re.compile(r"[a-z]+\d[a-z\d]*[a-z]")
_DISGUISE = str.maketrans("013457", "oieasv")
_AGAINST = ("vs", "versus")
CUT = re.compile(r"(?:,? or)?:\s|\s-\s|\s?\(|\)")
"""What parts a title in two."""
_NUMBERS = {**_NUMBER_WORDS, **_ROMAN_NUMBERS, "i": "1"}
_WAYS = {
    number: (number, *(word for word, value in _NUMBERS.items() if value == number))
    for number in _NUMBERS.values()
}


LOOSE = frozenset({*_NUMBERS, *_AGAINST})
"""The words that `loosened` may write in another way, besides letters that are digits."""


class Characters(dict[int, str]):
    """What becomes of each character: letters and digits in lower case, a blank, or nothing."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(code)).casefold()
        # Again, as lower case may be composed again.
        folded = self[code] = "".join(map(_folded, unicodedata.normalize("NFKD", plain).lower()))
        return folded


def _folded(character: str) -> str:
    if character.isalnum():
        return _LETTERS.get(character, character)
    if character in _APOSTROPHES:
        return ""
    if character in "&+":
        return " and "
    category = unicodedata.category(character)
    if category[0] == "M" and not _is_accent(character, category):
        return character
    # Accents (after decomposition) and invisible marks of direction or joining stand inside words.
    return "" if category[0] == "M" or category == "Cf" else " "


def _is_accent(mark: str, category: str) -> bool:
    """Whether a mark leaves a word the same: not so a vowel of Hindi or Thai, or what が has more than か."""
    kind = unicodedata.combining(mark)
    plain = kind == 0 and (category == "Me" or "VARIATION SELECTOR" in unicodedata.name(mark, ""))
    return plain or kind == 1 or 10 <= kind < 36 or kind >= 200


class _Unmarked(dict[int, str]):
    """Each character as it is, but for punctuation, which vanishes."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        is_mark = CHARACTERS[code] == " " and not character.isspace() and character != "_"
        kept = self[code] = "" if is_mark else character
        return kept


CHARACTERS = Characters()
_UNMARKED = _Unmarked()


def fold_all(texts: Sequence[str]) -> list[str]:
    """Fold many texts at once, which is quicker than one by one.

    Parameters
    ----------
    texts : sequence of str, length n

    Returns
    -------
    list of str, length n
        Lower-case words separated by blanks; the articles are still there. A text without any letter
        or digit is folded to itself in lower case, so that the movie *$* can be found too.
    """
    if not texts:
        return []
    lines = _INITIALS.sub("", "\n".join(text.replace("\n", " ") for text in texts)).split("\n")
    found = [line.translate(CHARACTERS) for line in lines]
    return [symbols(text) if not line.strip() else line for line, text in zip(found, texts, strict=True)]


def symbols(text: str) -> str:
    """What a text that has no letter and no digit is folded to: what it shows, in lower case."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text.casefold())
    return " ".join(shown.split())


def fold(text: str) -> str:
    """Fold one text: ``fold("Amélie & Co.") == "amelie and co"``."""
    return " ".join(fold_all([text])[0].split())


def words_of(folded: str) -> list[str]:
    """Split a folded text into words without articles, unless it is made of nothing else."""
    words = folded.split()
    return [word for word in words if word not in ARTICLES] or words


def words_and_keys(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Do what `words_of` does for one to many folded texts at once.

    Returns
    -------
    lines : list of str, same length
        The texts without articles; blanks may be left around the words.
    keys : list of str, same length
        Their words run together.
    """
    if not lines:
        return [], []
    block = " " + " \n ".join(lines) + " "
    for article in ARTICLES:
        # More than once, because a blank between two articles serves only one of them at a time.
        while (shorter := block.replace(f" {article} ", " ")) != block:
            block = shorter
    stripped = block.split("\n")
    keys = block.replace(" ", "").split("\n")
    for index, key in enumerate(keys):
        if not key:
            stripped[index], keys[index] = lines[index], lines[index].replace(" ", "")
    return stripped, keys


def loosened(words: Sequence[str]) -> list[str]:
    """Write the numbers among words in digits, and undo letters written as digits.

    ``rocky ii`` and ``rocky two`` become ``rocky 2``, ``se7en`` becomes ``7`` by way of ``seven``.
    """
    if LOOSE.isdisjoint(words) and "".join(words).isalpha():
        return list(words)
    result: list[str] = []
    for word in words:
        plain = word
        if not word.isalpha() and _DISGUISED.fullmatch(word):
            plain = word.translate(_DISGUISE)
        if plain in _AGAINST and result:
            # "Batman v Superman": the same letter as the number.
            plain = "v"
        number = _NUMBER_WORDS.get(plain) or _ROMAN_NUMBERS.get(plain)
        if number and plain in _ROMAN_LETTERS and not result:
            number = None
        if plain == "i" and result and result[-1] in _COUNTED:
            number = "1"
        result.append(number or plain)
    return result


def article_first(text: str) -> str:
    """The title with its article in front: *Matrix, The* as *The Matrix*."""
    moved = _LAST_ARTICLE.fullmatch(text)
    return f"{moved[2]} {moved[1]}" if moved else text


def same_name(one: str, other: str) -> bool:
    """Whether two texts are the same name, but for the ways to write it."""
    return not spellings(one).isdisjoint(spellings(other))


def spellings(text: str) -> frozenset[str]:
    """All ways to write one name that leave it the same name.

    Case, accents and punctuation do not count, a mark may part two words or stand inside one (*Spider-Man*,
    *Spiderman*), and the number of a sequel may be written in any way (*Rocky II*, *Rocky 2*). Articles
    count, and so does a number that is the whole title: *Nine* is not *9*.
    """
    titles = {text, article_first(text)}
    plain = [fold(way) for title in titles for way in (title, title.translate(_UNMARKED))]
    return frozenset((*plain, *map(_numbered, plain)))


def _numbered(folded: str) -> str:
    """The folded text with the number of a sequel, of a part or an episode in digits."""
    words = folded.split()
    for place in range(1, len(words)):
        last = place == len(words) - 1 and words[place - 1] not in ARTICLES
        if last or words[place - 1] in _COUNTED:
            words[place] = _NUMBERS.get(words[place], words[place])
    return " ".join(words)


def same_number(word: str) -> tuple[str, ...]:
    """The word and the other ways to write it: *two*, *ii* and *2* of a number, *v* and *vs* of *versus*."""
    number = loosened(["", word])[1]
    return (*_WAYS.get(number, (word,)), *(_AGAINST if word in ("v", *_AGAINST) else ()))
