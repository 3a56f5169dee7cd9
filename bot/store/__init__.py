"""The database: the only place that knows SQL.

`Store.open` opens it; each other module holds the queries of one subject, as functions of a connection.
"""

from bot.store.store import Store

__all__ = ["Store"]
