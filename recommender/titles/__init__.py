"""Title search: completion while somebody types, and lookup of what they wrote."""

from recommender.titles.folding import fold
from recommender.titles.index import Lookup, TitleIndex

__all__ = ["Lookup", "TitleIndex", "fold"]
