"""Title search: completion while somebody types, and lookup of what they wrote."""

from recommender.titles.folding import fold, same_name
from recommender.titles.index import Lookup, TitleIndex

__all__ = ["Lookup", "TitleIndex", "fold", "same_name"]
