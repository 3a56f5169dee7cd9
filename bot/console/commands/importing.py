"""!import and !export."""

import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from bot.console.progress import shown_stages
from bot.console.screen import isolated
from bot.console.talk import Command, Press, Talk
from bot.errors import UserError
from bot.services.foreign import short
from bot.services.imports import telling
from bot.services.imports.entries import FIELDS
from bot.services.imports.planning import POLICIES
from bot.services.imports.reading import MOST_BYTES
from bot.services.imports.scale import SCALES
from bot.services.imports.service import Preview


def read_file(path: str) -> bytes:
    """What is in a file, if that can be an import.

    Raises
    ------
    UserError
        If it cannot be read, or is too large.
    """
    try:
        file = Path(path).expanduser()
        if file.stat().st_size > MOST_BYTES:
            raise UserError(f"{short(path, 200)} is too large: {MOST_BYTES >> 20} MB are the most")
        return file.read_bytes()
    except (OSError, ValueError, RuntimeError) as error:
        raise UserError(
            f"{short(path, 200)} cannot be read: {getattr(error, 'strerror', None) or error}"
        ) from error


def write_file(path: Path, data: bytes) -> None:
    """Write a new file.

    Raises
    ------
    UserError
        If it exists already, or cannot be written.
    """
    try:
        with path.expanduser().open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise UserError(f"{short(str(path), 200)} exists already: name another file") from error
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(f"{short(str(path), 200)} cannot be written: {reason}") from error


async def _import(talk: Talk, text: str) -> None:
    if not text:
        await _recent(talk)
        return
    data = await asyncio.to_thread(read_file, text)
    person = talk.person
    _show(talk, await talk.services.imports.begin(person.user_id, person.name, Path(text).name, data))


async def _recent(talk: Talk) -> None:
    found = await talk.services.imports.recent(talk.person.user_id)
    if not found:
        talk.screen.line("Nothing imported yet; !import FILE is how.")
    for one in found:
        undo = "" if one.undone else talk.choice("undo", partial(_undo, one.batch_id))
        talk.screen.line(telling.recent_line(one, isolated), (f"  {undo}", "dim"))


def _show(talk: Talk, preview: Preview) -> None:
    batch = preview.batch_id
    talk.screen.heading("Nothing is stored yet:")
    lines = [*telling.preview_lines(preview, isolated), telling.columns_line(preview, isolated)]
    talk.screen.lines([line for line in lines if line], indent=2)
    buttons = [talk.choice("import", partial(_confirm, batch))] if preview.ready else []
    buttons.append(talk.choice("cancel", partial(_cancel, batch)))
    if preview.plan.waiting:
        buttons.append(talk.choice("rows without a movie", partial(_rest, batch)))
    if preview.wishes.sure:
        buttons.append(talk.choice("take unsure ones too", partial(_sure, batch, False)))
    elif preview.may_leave_out:
        buttons.append(talk.choice("leave unsure ones out", partial(_sure, batch, True)))
    talk.screen.note("  ".join(buttons), indent=2)
    if preview.plan.undecided or preview.wishes.kind:
        _choices(talk, "these movies:", {kind: partial(_kind, batch, kind) for kind in ("seen", "watchlist")})
    if preview.plan.newer or preview.plan.older:
        words = {telling.POLICY_WORDS[policy]: partial(_policy, batch, policy) for policy in POLICIES}
        _choices(talk, "other stars than in the bot:", words)
    columns = preview.parsed.columns
    if columns is not None:
        _choices(talk, "correct:", {field: partial(_column, preview, field) for field in FIELDS})
        if columns.scale is not None:
            _choices(talk, "best rating:", {str(scale): partial(_scale, batch, scale) for scale in SCALES})


def _choices(talk: Talk, words: str, choices: Mapping[str, Press]) -> None:
    offered = [talk.choice(text, press) for text, press in choices.items()]
    talk.screen.note(f"{words}  {'  '.join(offered)}", indent=2)


async def _confirm(batch_id: int, talk: Talk) -> None:
    person = talk.person
    with shown_stages() as draw:
        done = await talk.services.imports.confirm(
            person.user_id, person.name, batch_id, lambda stage, now, all_: draw(stage, now, all_, "")
        )
    undo = talk.choice("undo", partial(_undo, batch_id))
    rest = f"  {talk.choice('rows without a movie', partial(_rest, batch_id))}" if done.waiting else ""
    talk.screen.line(("✓ ", "green"), telling.done_line(done), (f"  {undo}{rest}", "dim"))


async def _cancel(batch_id: int, talk: Talk) -> None:
    file = await talk.services.imports.cancel(talk.person.user_id, batch_id)
    talk.screen.line(f"{isolated(file)}: nothing was stored")


async def _undo(batch_id: int, talk: Talk) -> None:
    undone = await talk.services.imports.undo(talk.person.user_id, batch_id)
    talk.screen.line(("↩ ", "cyan"), telling.undone_line(undone))


async def _rest(batch_id: int, talk: Talk) -> None:
    data = await talk.services.imports.unmatched(talk.person.user_id, batch_id)
    path = Path(f"without-a-movie-{batch_id}.csv")
    await asyncio.to_thread(write_file, path, data)
    talk.screen.line(f"correct {path} and bring it again: !import {path}")


async def _kind(batch_id: int, kind: str, talk: Talk) -> None:
    _show(talk, await talk.services.imports.correct(talk.person.user_id, batch_id, kind=kind))


async def _policy(batch_id: int, policy: str, talk: Talk) -> None:
    _show(talk, await talk.services.imports.correct(talk.person.user_id, batch_id, policy=policy))


async def _scale(batch_id: int, scale: int, talk: Talk) -> None:
    _show(talk, await talk.services.imports.correct(talk.person.user_id, batch_id, scale=scale))


async def _sure(batch_id: int, sure: bool, talk: Talk) -> None:
    _show(talk, await talk.services.imports.correct(talk.person.user_id, batch_id, sure=sure))


async def _column(preview: Preview, field: str, talk: Talk) -> None:
    header = () if preview.parsed.columns is None else preview.parsed.columns.header
    choices = {
        f"{place + 1}. {isolated(name or '(no name)')}": partial(_set_column, preview.batch_id, field, place)
        for place, name in enumerate(header)
    }
    choices["none"] = partial(_set_column, preview.batch_id, field, -1)
    _choices(talk, f"{field} is", choices)


async def _set_column(batch_id: int, field: str, place: int, talk: Talk) -> None:
    _show(talk, await talk.services.imports.correct(talk.person.user_id, batch_id, column=(field, place)))


async def _export(talk: Talk, text: str) -> None:
    export = await talk.services.exports.export(talk.person.user_id, talk.person.name)
    path = Path(text or export.file)
    await asyncio.to_thread(write_file, path, export.data)
    talk.screen.line(("✓ ", "green"), f"{path}: {export.summary}")


COMMANDS = {
    "import": Command(
        "[FILE]",
        "Bring ratings from Letterboxd, IMDb, Trakt or a table; without a file: the last imports.",
        _import,
    ),
    "export": Command("[FILE]", "Write everything that is kept about you to a ZIP file.", _export),
}
