"""Questions that teach the model most about a person, one after the other."""

from collections.abc import Collection

from bot.services.filters import Facets
from bot.services.lists import Person
from bot.services.quick_start import well_known_and_diverse
from bot.services.shelf import Serving
from recommender.asking import questions
from recommender.catalogue import Movie

ANSWERS = 5
"""A round of questions ends after so many answers."""


def question(serving: Serving, person: Person, asked: Collection[int]) -> Movie | None:
    """The movie to ask about next; None when no well-known one is left.

    Parameters
    ----------
    serving : Serving
        Without a model the question is about the best known movie.
    person : Person
        What they rated or put aside is not asked about.
    asked : collection of int
        Movies they said they have not seen.
    """
    closed = person.hidden | set(asked)
    model = serving.model
    if model is None:
        facets = Facets.of(serving.catalogue)
        rows = well_known_and_diverse(facets, serving.popularity, facets.without(closed), 1)
        return serving.catalogue.movies[rows[0]] if rows else None
    open_ = Facets.of(model.catalogue).without(closed)
    found = questions(model, person.profile, 1, candidates=open_)
    return model.catalogue[found[0]] if found else None
