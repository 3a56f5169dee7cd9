"""Which pictures there are, each painted on demand. Nothing here loads matplotlib before one is painted."""

from collections.abc import Sequence

from bot.services.answers import ModelVersion
from bot.services.pictures.painter import Painter, Picture
from bot.services.taste.answers import Comparison, GroupMap, ServerStats, Taste

LEAST = 5
"""With fewer ratings there is nothing to look at."""


async def taste(painter: Painter, found: Taste) -> dict[str, Picture]:
    """Love, amount, decades and history of somebody's ratings, by these names; none while too few."""
    if found.portrait.ratings < LEAST:
        return {}

    def love() -> Picture:
        from bot.services.pictures.taste import love

        return love(found.name, found.portrait.genres, found.portrait.community)

    def amount() -> Picture:
        from bot.services.pictures.taste import amount

        return amount(found.name, found.portrait.genres)

    def decades() -> Picture:
        from bot.services.pictures.taste import decades

        return decades(found.name, found.portrait.decades)

    def history() -> Picture:
        from bot.services.pictures.taste import history

        return history(found.name, found.history)

    pictures = {"history": await painter.paint(history)}
    if found.portrait.genres:
        pictures |= {"love": await painter.paint(love), "amount": await painter.paint(amount)}
    if found.portrait.decades:
        pictures["decades"] = await painter.paint(decades)
    return pictures


async def comparison(painter: Painter, found: Comparison) -> Picture | None:
    """The stars of two people; None while they have too few movies in common."""
    if found.match.alike is None or not found.common:
        return None

    def scatter() -> Picture:
        from bot.services.pictures.compare import scatter

        return scatter(found)

    return await painter.paint(scatter)


async def server(painter: Painter, name: str, stats: ServerStats) -> Picture | None:
    """What a server loves and what divides it; None while no movie was rated by two of its members."""
    if not stats.loved:
        return None

    def opinions() -> Picture:
        from bot.services.pictures.server import opinions

        return opinions(name, stats)

    return await painter.paint(opinions)


async def group_map(painter: Painter, name: str, found: GroupMap) -> Picture:
    """The map of a group."""

    def paint() -> Picture:
        from bot.services.pictures.map import group_map

        return group_map(name, found)

    return await painter.paint(paint)


async def models(painter: Painter, versions: Sequence[ModelVersion]) -> Picture | None:
    """The quality of the models; None while fewer than two were measured."""
    if sum(one.ndcg is not None for one in versions) < 2:
        return None

    def quality() -> Picture:
        from bot.services.pictures.server import quality

        return quality(versions)

    return await painter.paint(quality)
