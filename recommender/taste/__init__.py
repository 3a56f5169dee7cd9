"""What somebody's ratings say about their taste, and how sure that is."""

from recommender.taste.match import Match, match
from recommender.taste.portrait import Favourite, Leaning, Opinion, Portrait, Usual, portrait

__all__ = ["Favourite", "Leaning", "Match", "Opinion", "Portrait", "Usual", "match", "portrait"]
