"""Single facts that outlive the process."""

from bot.store import Store, meta


class Meta:
    """Facts by key, such as which commands Discord was told about."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, key: str) -> str | None:
        """The fact, or None."""
        async with self._store.read() as db:
            return await meta.get(db, key)

    async def set(self, key: str, value: str) -> None:
        """Note a fact, in place of an earlier one."""
        async with self._store.write() as db:
            await meta.put(db, key, value)
