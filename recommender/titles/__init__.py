"""Title search: completion while somebody types, and lookup of what they wrote."""

from recommender.titles.folding import fold, same_name
from recommender.titles.index import Lookup, TitleIndex
from recommender.titles.links import is_address, link

__all__ = ["Lookup", "TitleIndex", "fold", "is_address", "link", "same_name"]
