"""The database: the only place that knows SQL.

`Store.open` opens it; each other module holds the queries of one subject, as functions of a connection.
"""

from sqlalchemy.ext.asyncio import AsyncConnection as Connection

from bot.store.store import Store

__all__ = ["Connection", "Store"]
