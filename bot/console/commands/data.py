"""!data: the host speaks."""

from bot.console.flags import nothing_behind
from bot.console.progress import shown_data
from bot.console.talk import Command, Talk
from bot.errors import UserError
from bot.services.data_list import DataStatus, data_lines


async def _data(talk: Talk, text: str) -> None:
    if text:
        raise UserError("behind !data stands status, add or refresh")
    await _status(talk, text)


async def _status(talk: Talk, text: str) -> None:
    nothing_behind(text, "data status")
    _tell(talk, await talk.services.data.status())


async def _add(talk: Talk, text: str) -> None:
    names = text.split()
    if not names:
        raise UserError("behind !data add stands a name, such as ml-latest-small or imdb, or several")
    with shown_data() as show:
        _tell(talk, await talk.services.data.add(names[0], show, joined_with=names[1:]))


async def _refresh(talk: Talk, text: str) -> None:
    nothing_behind(text, "data refresh")
    with shown_data() as show:
        _tell(talk, await talk.services.data.refresh(show))


def _tell(talk: Talk, status: DataStatus) -> None:
    talk.screen.lines(data_lines(status, talk.services.clock()))


COMMANDS = {
    "data": Command("", "The same as !data status.", _data),
    "data status": Command("", "The movies there are, and where they come from.", _status),
    "data add": Command("NAME [NAME …]", "Download data by name, or read files, and serve them.", _add),
    "data refresh": Command("", "Renew the catalogue with IMDb's newest files.", _refresh),
}
