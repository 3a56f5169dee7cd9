"""!taste, !compare: the numbers as text, and the pictures as files."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from bot.console.flags import split_flags
from bot.console.people import person
from bot.console.screen import isolated
from bot.console.talk import Command, Talk
from bot.errors import UserError
from bot.services.pictures import draw
from bot.services.pictures.painter import Picture
from bot.services.taste import wording

SAVE = "[save: FOLDER]"


async def _taste(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("save",))
    whose = person(flags.text) if flags.text else talk.person
    found = await talk.services.tastes.taste(talk.person.user_id, whose.user_id, whose.name)
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
        await save(talk, flags.values["save"], pictures.values())


async def _compare(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("save",))
    if not flags.text:
        raise UserError("say with whom, for example: !compare Ana")
    me, other = talk.person, person(flags.text)
    found = await talk.services.tastes.compare(me.user_id, me.name, other.user_id, other.name)
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
        await save(talk, flags.values["save"], [picture])


async def save(talk: Talk, folder: str, pictures: Iterable[Picture]) -> None:
    """Write pictures into a folder, and say where.

    Raises
    ------
    UserError
        If they cannot be written.
    """

    def write() -> list[Path]:
        target = Path(folder).expanduser()
        target.mkdir(parents=True, exist_ok=True)
        files = [(target / picture.name, picture.png) for picture in pictures]
        for file, png in files:
            file.write_bytes(png)
        return [file for file, _ in files]

    try:
        written = await asyncio.to_thread(write)
    except OSError as error:
        raise UserError(f"the pictures cannot be written to {folder[:200]}: {error.strerror}") from error
    for file in written:
        talk.screen.note(f"saved {file}", indent=2)


COMMANDS = {
    "taste": Command(
        f"[NAME] {SAVE}", "Genres by love and amount, decades, strictness, favourite people.", _taste
    ),
    "compare": Command(f"NAME {SAVE}", "Your taste beside somebody else's.", _compare),
}
