"""Pictures as files: what a terminal cannot show."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from bot.console.talk import Talk
from bot.errors import UserError
from bot.services.pictures.painter import Picture

SAVE = "[save: FOLDER]"


async def save_pictures(talk: Talk, folder: str, pictures: Iterable[Picture]) -> None:
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
