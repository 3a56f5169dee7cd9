"""The language in which titles are shown, which a server chooses.

It is set where the bot begins to answer, for that answer alone, so that nobody has to hand it on.
"""

from contextvars import ContextVar

from bot.services.languages import language_name, language_named
from recommender.catalogue import ORIGINAL, Movie

_language: ContextVar[str | None] = ContextVar("language of titles", default=None)


def show_titles(language: str | None) -> None:
    """Show titles in a language from now on, within this task.

    Parameters
    ----------
    language : str or None
        A code of ISO 639-1, or `ORIGINAL`; None for the titles under which the catalogue has its movies,
        which are mostly the English ones.
    """
    _language.set(language)


def title_of(movie: Movie) -> str:
    """The title to be shown: the catalogue's own where it has none in that language."""
    language = _language.get()
    if language is None:
        return movie.title
    known = dict(zip(reversed(movie.alias_languages), reversed(movie.aliases), strict=False))
    if language == movie.language:
        language = language if language in known else ORIGINAL
    return known.get(language, movie.title)


def name_of(movie: Movie) -> str:
    """The title to be shown, with the year behind it."""
    return movie._replace(title=title_of(movie)).name


def is_called(movie: Movie, typed: str) -> bool:
    """Whether a movie has what is being typed in its name, as it is shown or as the catalogue has it."""
    wanted = typed.casefold().strip()
    return wanted in movie.name.casefold() or wanted in name_of(movie).casefold()


def titles_named(text: str) -> str | None:
    """The language of titles that somebody chose: None for English, `ORIGINAL`, or its code.

    Raises
    ------
    UserError
        If there is no such language; the line names the closest ones.
    """
    if text.strip().casefold() == ORIGINAL:
        return ORIGINAL
    code = language_named(text)
    return None if code == "en" else code


def titles_words(language: str | None) -> str:
    """The language as it is shown."""
    return "each film's own" if language == ORIGINAL else language_name(language or "en")
