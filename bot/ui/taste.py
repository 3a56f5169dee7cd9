"""Taste as embeds with pictures: the numbers as text, the picture under it."""

from bot.errors import UserError
from bot.services.app import Services
from bot.services.membership import Viewer
from bot.services.nights.answers import Actor
from bot.services.pictures import draw
from bot.services.pictures.painter import Picture
from bot.services.taste import wording
from bot.services.taste.answers import Comparison, Evenings, GroupMap, Leaders, ServerStats, Taste
from bot.ui.embeds import Colour, embed
from bot.ui.screen import Screen
from bot.ui.text import joined, plain, sentence


async def taste(services: Services, viewer: Viewer, whose_id: int) -> Screen:
    """Somebody's taste."""
    found = await services.tastes.taste(viewer, whose_id)
    return taste_screen(found, await draw.taste(services.painter, found))


def taste_screen(found: Taste, pictures: dict[str, Picture]) -> Screen:
    """Somebody's taste, an embed for each picture; without pictures as text alone."""
    title = f"Taste of {plain(found.name, 100)}"
    if not found.rated:
        text = "Nothing rated yet. `/rate` or the quick start of `/recommend` is a beginning."
        return Screen(embeds=(embed(title, text, colour=Colour.SLATE),))
    lines = [sentence(wording.level_line(found))]
    people, unusual = wording.people_line(found, plain), wording.unusual_line(found, plain)
    lines += [f"**Most unusual opinion** {unusual}"] if unusual else []
    lines += [f"**Favourite people** {people}"] if people else []
    first = embed(title, "\n".join(lines), colour=Colour.GOLD)
    if found.portrait.ratings < draw.LEAST:
        first.set_footer(text=f"Pictures, and what can be said about genres, come with {draw.LEAST} ratings")
        return Screen(embeds=(first,))
    texts = {
        "love": ("Genres by love", wording.love_lines(found) if found.portrait.genres else []),
        "amount": ("Genres by amount", wording.amount_lines(found) if found.portrait.genres else []),
        "decades": ("Decades", [wording.decade_line(found)] if found.portrait.decades else []),
        "history": ("Over time", [wording.history_line(found)]),
    }
    embeds = [first]
    for name, (heading, said) in texts.items():
        if name in pictures:
            one = embed(heading, "\n".join(sentence(line) for line in said), colour=Colour.GOLD)
            one.set_image(url=f"attachment://{pictures[name].name}")
            embeds.append(one)
    return Screen(embeds=tuple(embeds), pictures=tuple(pictures[name] for name in texts if name in pictures))


async def compare(services: Services, viewer: Viewer, other_id: int) -> Screen:
    """A person's taste beside somebody else's."""
    found = await services.tastes.compare(viewer, other_id)
    return compare_screen(found, await draw.comparison(services.painter, found))


def compare_screen(found: Comparison, picture: Picture | None) -> Screen:
    """Two people's taste side by side."""
    lines = [f"**{sentence(wording.match_line(found))}**"]
    agreed, divided = (
        wording.agreement_line(found.agreements, plain),
        wording.disagreement_line(found, plain),
    )
    lines += [f"**You agree on** {agreed}"] if agreed else []
    lines += [f"**What divides you most** {divided}"] if divided else []
    lines += [
        f"**To show** {wording.show_line(found.to_show, found.mine, found.theirs, plain)}",
        f"**To see** {wording.show_line(found.to_see, found.theirs, found.mine, plain)}",
    ]
    one = embed(
        f"{plain(found.mine, 80)} and {plain(found.theirs, 80)}", "\n".join(lines), colour=Colour.TEAL
    )
    if picture is None:
        return Screen(embeds=(one,))
    one.set_image(url=f"attachment://{picture.name}")
    return Screen(embeds=(one,), pictures=(picture,))


async def stats(services: Services, viewer: Viewer, actor: Actor, server: str) -> Screen:
    """What the members of a server think together."""
    found = await services.servers.stats(await services.privacy.roster(viewer))
    evenings = await services.evenings.of(actor)
    return stats_screen(server, found, evenings, await draw.server(services.painter, server, found))


def stats_screen(server: str, found: ServerStats, evenings: Evenings, picture: Picture | None) -> Screen:
    """What the members of a server think together."""
    title = f"Movies of {plain(server, 150)}"
    if not found.ratings:
        return Screen(embeds=(embed(title, "Nobody has rated anything yet.", colour=Colour.SLATE),))
    fields: list[tuple[str, str]] = []
    if found.loved:
        fields.append(("Most loved", joined(wording.loved_lines(found.loved, plain), 1000)))
    if found.divided:
        fields.append(("Most divisive", joined(wording.divided_lines(found.divided, plain), 1000)))
    nights = wording.evening_lines(evenings, plain)
    if nights:
        fields.append(("Movie nights", joined(map(sentence, nights), 1000)))
    text = wording.stats_line(found)
    text += "" if found.loved else "\nNo movie has been rated by two of you yet."
    one = embed(
        title,
        text,
        fields=fields,
        colour=Colour.GOLD,
        footer="Movies that two or more of you rated; hidden ratings do not count",
    )
    if picture is None:
        return Screen(embeds=(one,))
    one.set_image(url=f"attachment://{picture.name}")
    return Screen(embeds=(one,), pictures=(picture,))


async def leaderboard(services: Services, viewer: Viewer, guild_id: int, server: str) -> Screen:
    """Who rated most on a server, unless it wants no such list.

    Raises
    ------
    UserError
        If it is switched off.
    """
    if not (await services.guilds.get(guild_id)).leaderboard:
        raise UserError("the leaderboard is switched off here; an admin can switch it on in /settings")
    members = await services.privacy.roster(viewer)
    return leaders_screen(server, await services.servers.leaders(members, viewer.user_id))


def leaders_screen(server: str, found: Leaders) -> Screen:
    """Who rated most."""
    lines = [
        f"**{place}**" if found.own is not None and place == _own(found) else place
        for place in _places(found)
    ]
    if found.own is not None and found.own not in found.top:
        lines += ["…", f"**{_own(found)}**"]
    return Screen(
        embeds=(
            embed(
                f"Leaderboard of {plain(server, 150)}",
                "\n".join(lines) or "Nobody has rated anything yet.",
                colour=Colour.GOLD,
                footer="By movies rated. Who hides their ratings is not on it",
            ),
        )
    )


def _places(found: Leaders) -> list[str]:
    # A number and a dot would begin a list of Discord's own, which numbers anew.
    return [wording.place_line(place, plain).replace(". ", "\\. ", 1) for place in found.top]


def _own(found: Leaders) -> str:
    return "" if found.own is None else wording.place_line(found.own, plain).replace(". ", "\\. ", 1)


async def group_map(services: Services, viewer: Viewer, server: str) -> Screen:
    """The movies and members of a server on one map."""
    found = await services.maps.group(await services.privacy.roster(viewer))
    return map_screen(server, found, await draw.group_map(services.painter, server, found))


def map_screen(server: str, found: GroupMap, picture: Picture) -> Screen:
    """The movies and members of a server on one map."""
    legend = (
        "What the same people like lies together; everybody stands amid the movies that are to their taste. "
        "The map keeps its place when the model is retrained."
    )
    lines = [legend, *(sentence(line) for line in wording.side_lines(found))]
    one = embed(
        f"Map of {plain(server, 150)}",
        "\n".join(lines),
        fields=[("Who is where", joined((f"• {line}" for line in wording.near_lines(found, plain)), 1000))],
        colour=Colour.TEAL,
        footer="Who hides their ratings is not on it",
    )
    one.set_image(url=f"attachment://{picture.name}")
    return Screen(embeds=(one,), pictures=(picture,))
