"""!taste, !compare, !map, !stats, !leaderboard: the numbers as text, and the pictures as files."""

from bot.console.flags import nothing_behind, split_flags
from bot.console.pictures import SAVE, save_pictures
from bot.console.screen import isolated
from bot.console.talk import GUILD_ID, Command, Talk
from bot.errors import UserError
from bot.services.pictures import draw
from bot.services.taste import wording


async def _taste(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("save",))
    whose = await talk.whom(flags.text)
    found = await talk.services.tastes.taste(talk.viewer, whose.user_id)
    if not found.rated:
        talk.screen.line(f"{isolated(whose.name)} has rated nothing yet; !rate Alien 4.5 is how.")
        return
    talk.screen.heading(f"Taste of {isolated(whose.name)}: {wording.level_line(found)}")
    if found.portrait.genres:
        talk.screen.lines([*wording.love_lines(found), *wording.amount_lines(found)], indent=2)
    if found.portrait.decades:
        talk.screen.line(f"decades: {wording.decade_line(found)}", indent=2)
    for words, line in (
        ("favourite people: ", wording.people_line(found, isolated)),
        ("most unusual opinion: ", wording.unusual_line(found, isolated)),
        ("rated ", wording.history_line(found)),
    ):
        if line:
            talk.screen.line(words + line, indent=2)
    if "save" in flags.values:
        pictures = await draw.taste(talk.services.painter, found)
        if not pictures:
            raise UserError(f"no picture yet: there have to be {draw.LEAST} ratings")
        await save_pictures(talk, flags.values["save"], pictures.values())


async def _compare(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("save",))
    if not flags.text:
        raise UserError("say with whom, for example: !compare Ana")
    me, other = talk.person, await talk.whom(flags.text)
    found = await talk.services.tastes.compare(talk.viewer, other.user_id)
    talk.screen.heading(f"{isolated(me.name)} and {isolated(other.name)}: {wording.match_line(found)}")
    for words, line in (
        ("you agree on ", wording.agreement_line(found.agreements, isolated)),
        ("what divides you most: ", wording.disagreement_line(found, isolated)),
        ("", wording.show_line(found.to_show, me.name, other.name, isolated)),
        ("", wording.show_line(found.to_see, other.name, me.name, isolated)),
    ):
        if line:
            talk.screen.line(words + line, indent=2)
    if "save" in flags.values:
        picture = await draw.comparison(talk.services.painter, found)
        if picture is None:
            raise UserError("no picture yet: you have too few movies in common")
        await save_pictures(talk, flags.values["save"], [picture])


async def _map(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("save",))
    nothing_behind(flags.text, "map")
    found = await talk.services.maps.group(await talk.services.privacy.roster(talk.viewer))
    talk.screen.lines(wording.near_lines(found, isolated))
    talk.screen.lines(wording.side_lines(found), style="dim")
    if "save" in flags.values:
        picture = await draw.group_map(talk.services.painter, "this console", found)
        await save_pictures(talk, flags.values["save"], [picture])


async def _stats(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("save",))
    nothing_behind(flags.text, "stats")
    found = await talk.services.servers.stats(await talk.services.privacy.roster(talk.viewer))
    talk.screen.heading(wording.stats_line(found))
    for heading, lines in (
        ("most loved:", wording.loved_lines(found.loved, isolated)),
        ("most divisive:", wording.divided_lines(found.divided, isolated)),
    ):
        if lines:
            talk.screen.line(heading, indent=2)
            talk.screen.lines(lines, indent=4)
    talk.screen.lines(wording.evening_lines(await talk.services.evenings.of(talk.actor), isolated), indent=2)
    if "save" in flags.values:
        picture = await draw.server(talk.services.painter, "this console", found)
        if picture is None:
            raise UserError("no picture yet: two people have to rate the same movie")
        await save_pictures(talk, flags.values["save"], [picture])


async def _leaderboard(talk: Talk, text: str) -> None:
    nothing_behind(text, "leaderboard")
    if not (await talk.services.guilds.get(GUILD_ID)).leaderboard:
        raise UserError("the leaderboard is switched off; !settings leaderboard: on switches it on")
    members = await talk.services.privacy.roster(talk.viewer)
    found = await talk.services.servers.leaders(members, talk.person.user_id)
    talk.screen.lines(
        [wording.place_line(place, isolated) for place in found.top] or ["nobody has rated yet"]
    )
    if found.own is not None and found.own not in found.top:
        talk.screen.line(wording.place_line(found.own, isolated))


COMMANDS = {
    "taste": Command(
        f"[NAME] {SAVE}", "Genres by love and amount, decades, strictness, favourite people.", _taste
    ),
    "compare": Command(f"NAME {SAVE}", "Your taste beside somebody else's.", _compare),
    "map": Command(SAVE, "Everybody and their movies on a map: who is near what.", _map),
    "stats": Command(
        SAVE, "What everybody rated: most loved, most divisive; the nights and who hosts them.", _stats
    ),
    "leaderboard": Command("", "Who rated most.", _leaderboard),
}
