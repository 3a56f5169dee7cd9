"""The database: the only place that knows SQL.

`Store.open` opens it; each other module holds the queries of one subject, as functions of a connection.
"""

from sqlalchemy.ext.asyncio import AsyncConnection as Connection

# Imported for what it adds to the tables, so that whoever walks them finds all.
from bot.store import night_tables as night_tables
from bot.store.store import Store

__all__ = ["Connection", "Store"]
