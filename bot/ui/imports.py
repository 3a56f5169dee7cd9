"""Imports as they are shown: the preview with its corrections, what was done, and the way back."""

import asyncio
import io
import logging
from collections.abc import Mapping, Sequence

import discord

from bot.services.imports import telling
from bot.services.imports.applying import Applied
from bot.services.imports.entries import FIELDS
from bot.services.imports.planning import POLICIES
from bot.services.imports.scale import SCALES
from bot.services.imports.service import DoneImport, Preview
from bot.services.imports.undoing import Undone
from bot.ui.embeds import Colour, embed
from bot.ui.ids import custom_id
from bot.ui.press import Handler, Press
from bot.ui.progress import EDIT_SECONDS
from bot.ui.screen import Button, Item, Person, Screen, Select
from bot.ui.text import joined, label, plain, sentence

_log = logging.getLogger(__name__)

_OWN = "bring a file of your own with /import"
_AT_ONCE = 25
"""Discord shows no more choices in a menu; four such menus and a row of buttons have room."""


def preview_screen(person: Person, preview: Preview) -> Screen:
    """What an import would do, with everything that can be corrected, to be confirmed."""
    lines = telling.preview_lines(preview, plain)
    columns = telling.columns_line(preview, plain)
    lines += [columns] if columns else []
    batch = preview.batch_id
    buttons: list[Item] = []
    if preview.ready:
        buttons.append(_button("Import", custom_id("impyes", person.id, batch), discord.ButtonStyle.success))
    buttons.append(_button("Cancel", custom_id("impno", person.id, batch)))
    if preview.plan.waiting:
        buttons.append(_button("Rows without a movie", custom_id("imprest", person.id, batch)))
    if preview.wishes.sure:
        buttons.append(_button("Take unsure ones too", custom_id("impsure", person.id, batch, 0)))
    elif preview.may_leave_out:
        buttons.append(_button("Leave unsure ones out", custom_id("impsure", person.id, batch, 1)))
    rows: list[tuple[Item, ...]] = [tuple(buttons)]
    if preview.plan.undecided or preview.wishes.kind:
        kinds = {"seen": "I have seen these movies", "watchlist": "I want to see these movies"}
        menu = custom_id("impkind", person.id, batch)
        rows.append((_menu(menu, "Have you seen these movies?", kinds, preview.wishes.kind),))
    if preview.plan.newer or preview.plan.older:
        menu = custom_id("impway", person.id, batch)
        words = {policy: sentence(telling.POLICY_WORDS[policy]) for policy in POLICIES}
        rows.append((_menu(menu, "Whose rating stays?", words, preview.policy),))
    found = preview.parsed.columns
    if found is not None:
        fields = {field: _field_line(preview, field) for field in FIELDS}
        rows.append((_menu(custom_id("impcol", person.id, batch), "Correct a column", fields, None),))
        if found.scale is not None:
            scales = {str(scale): f"The best rating is {scale}" for scale in SCALES}
            menu = custom_id("impscale", person.id, batch)
            rows.append((_menu(menu, "Correct the scale", scales, str(found.scale)),))
    text = joined([f"{sentence(line)}." for line in lines], 4000)
    return Screen(
        embeds=(embed("Nothing is stored yet", text, colour=Colour.TEAL),),
        rows=tuple(rows),
    )


def column_screen(person: Person, preview: Preview, field: str) -> Screen:
    """Which column of the file one of the fields is."""
    columns = preview.parsed.columns
    header = () if columns is None else columns.header
    names = [f"{place + 1}. {name or '(no name)'}" for place, name in enumerate(header)]
    rows: list[tuple[Item, ...]] = []
    for first in range(0, len(names), _AT_ONCE):
        some = {str(first + number): name for number, name in enumerate(names[first : first + _AT_ONCE])}
        words = "Choose the column"
        if len(names) > _AT_ONCE:
            words += f" ({first + 1} to {first + len(some)})"
        menu = custom_id("impset", person.id, preview.batch_id, field, first // _AT_ONCE)
        rows.append((_menu(menu, words, some, None),))
    none = _button("None of them", custom_id("impnone", person.id, preview.batch_id, field))
    back = _button("Back", custom_id("impback", person.id, preview.batch_id))
    return Screen(
        embeds=(embed(f"Which column has the {field}?", plain(preview.file), colour=Colour.TEAL),),
        rows=(*rows, (none, back)),
    )


def done_screen(person: Person, batch_id: int, done: Applied) -> Screen:
    """What an import did, and the way back."""
    buttons: list[Item] = [_button("Undo all of it", custom_id("impundo", person.id, batch_id))]
    if done.waiting:
        buttons.append(_button("Rows without a movie", custom_id("imprest", person.id, batch_id)))
    text = f"{sentence(telling.done_line(done))}."
    return Screen(embeds=(embed("Imported", text, colour=Colour.LEAF),), rows=(tuple(buttons),))


def undone_screen(undone: Undone) -> Screen:
    """What taking an import back did."""
    text = f"{sentence(telling.undone_line(undone))}."
    return Screen(embeds=(embed("Undone", text, colour=Colour.SLATE),))


def recent_screen(person: Person, found: Sequence[DoneImport]) -> Screen:
    """The last imports, each with its way back."""
    if not found:
        text = "Nothing imported yet. `/import` takes the export of Letterboxd, IMDb, Trakt or MovieLens."
        return Screen(embeds=(embed("Imports", text, colour=Colour.SLATE),))
    lines = [f"{number}. {telling.recent_line(one, plain)}" for number, one in enumerate(found, 1)]
    buttons = tuple(
        _button(f"Undo {number}", custom_id("impundo", person.id, one.batch_id))
        for number, one in enumerate(found, 1)
        if not one.undone
    )
    return Screen(embeds=(embed("Your last imports", joined(lines, 4000)),), rows=(buttons,))


async def confirm(press: Press) -> None:
    """Do the import, and tell how far it is while it takes long."""
    person = press.own(_OWN)
    latest = ["Reading …"]

    def note(stage: str, done: int, total: int) -> None:
        latest[0] = f"{sentence(stage)} {done:,} of {total:,} …" if total else f"{sentence(stage)} …"

    async def work() -> Screen:
        showing = asyncio.create_task(_show_progress(press, latest), name="show the progress of an import")
        try:
            done = await press.services.imports.confirm(person.id, person.name, press.number(0), note)
        finally:
            showing.cancel()
            await asyncio.wait([showing])
        return done_screen(person, press.number(0), done)

    await press.replace(work())


async def _show_progress(press: Press, latest: Sequence[str]) -> None:
    """Edit the message while the import runs; its acknowledgement has come before the first edit."""
    while True:
        await asyncio.sleep(EDIT_SECONDS)
        if press.interaction.response.is_done():
            try:
                shown = embed("Importing", latest[0], colour=Colour.TEAL)
                await press.interaction.edit_original_response(embed=shown)
            except discord.HTTPException as error:
                _log.info("the progress of an import cannot be shown any more: %s", error)
                return


async def cancel(press: Press) -> None:
    """Forget the import."""
    person = press.own(_OWN)

    async def work() -> Screen:
        file = await press.services.imports.cancel(person.id, press.number(0))
        return Screen(
            embeds=(embed("Cancelled", f"{plain(file)}: nothing was stored.", colour=Colour.SLATE),)
        )

    await press.replace(work())


async def undo(press: Press) -> None:
    """Take the import back."""
    person = press.own(_OWN)

    async def work() -> Screen:
        return undone_screen(await press.services.imports.undo(person.id, press.number(0)))

    await press.replace(work())


async def rest(press: Press) -> None:
    """Hand the rows without a movie back as a file."""
    person = press.own(_OWN)
    await press.interaction.response.defer(ephemeral=True, thinking=True)
    data = await press.services.imports.unmatched(person.id, press.number(0))
    await press.interaction.followup.send(
        "Correct titles, years or numbers in it and bring it again with `/import`.",
        file=table_file(data),
        ephemeral=True,
    )


def table_file(data: bytes) -> discord.File:
    """The rows without a movie as Discord takes files."""
    return discord.File(io.BytesIO(data), "without-a-movie.csv")


async def policy(press: Press) -> None:
    """Whose rating stays was chosen."""
    await _correct(press, policy=press.value)


async def kind(press: Press) -> None:
    """It was chosen whether the movies were seen or are to be."""
    await _correct(press, kind=press.value)


async def scale(press: Press) -> None:
    """The scale was chosen."""
    await _correct(press, scale=press.chosen)


async def column(press: Press) -> None:
    """Ask which column has what was chosen."""
    person = press.own(_OWN)

    async def work() -> Screen:
        preview = await press.services.imports.preview(person.id, press.number(0))
        return column_screen(person, preview, press.value)

    await press.replace(work())


async def set_column(press: Press) -> None:
    """The column was chosen."""
    await _correct(press, column=(press.part(1), press.chosen))


async def no_column(press: Press) -> None:
    """No column has it."""
    await _correct(press, column=(press.part(1), -1))


async def back(press: Press) -> None:
    """Nothing is to be corrected."""
    person = press.own(_OWN)

    async def work() -> Screen:
        return preview_screen(person, await press.services.imports.preview(person.id, press.number(0)))

    await press.replace(work())


async def sure(press: Press) -> None:
    """Whether what is not sure is left out was chosen."""
    await _correct(press, sure=press.number(1) == 1)


async def _correct(
    press: Press,
    *,
    column: tuple[str, int] | None = None,
    scale: int | None = None,
    kind: str | None = None,
    policy: str | None = None,
    sure: bool | None = None,
) -> None:
    person = press.own(_OWN)

    async def work() -> Screen:
        preview = await press.services.imports.correct(
            person.id, press.number(0), column=column, scale=scale, kind=kind, policy=policy, sure=sure
        )
        return preview_screen(person, preview)

    await press.replace(work())


def _button(text: str, control: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary) -> Button:
    return discord.ui.Button(label=text, custom_id=control, style=style)


def _menu(control: str, placeholder: str, choices: Mapping[str, str], chosen: str | None) -> Select:
    return discord.ui.Select(
        custom_id=control,
        placeholder=placeholder,
        options=[
            discord.SelectOption(label=label(text, 100), value=value, default=value == chosen)
            for value, text in choices.items()
        ],
    )


def _field_line(preview: Preview, field: str) -> str:
    columns = preview.parsed.columns
    place = None if columns is None else columns.found.get(field)
    return f"{field}: {'none' if columns is None or place is None else columns.header[place] or '(no name)'}"


HANDLERS: Mapping[str, Handler] = {
    "impyes": confirm,
    "impno": cancel,
    "impundo": undo,
    "imprest": rest,
    "impway": policy,
    "impkind": kind,
    "impscale": scale,
    "impcol": column,
    "impset": set_column,
    "impnone": no_column,
    "impback": back,
    "impsure": sure,
}
