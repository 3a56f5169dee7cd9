"""!retrain, !model, !settings: the host speaks, who may do what admins may."""

from bot.console.flags import nothing_behind, split_flags, whole_number
from bot.console.pictures import SAVE, save_pictures
from bot.console.progress import shown_progress
from bot.console.talk import GUILD_ID, Command, Talk
from bot.errors import UserError
from bot.services.data_list import catalogue_lines
from bot.services.guilds import UNCHANGED
from bot.services.pictures import draw
from bot.services.schedule import thresholds
from bot.services.shown_titles import titles_words
from bot.services.wording import status_lines, version_line

SETTINGS = (
    "movie_night_channel",
    "retrain_hours",
    "retrain_ratings",
    "ephemeral",
    "leaderboard",
    "country",
    "titles",
    "time_zone",
)
_SWITCHES = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}


async def _retrain(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("full",))
    nothing_behind(flags.text, "retrain")
    full = _switch(flags.values.get("full", "no"), "full")
    with shown_progress() as show:
        result = await talk.services.training.retrain(show, full=full)
    talk.screen.line(("✓ ", "green") if result.adopted else ("✗ ", "red"), result.message)


async def _model(talk: Talk, text: str) -> None:
    if text:
        raise UserError("behind !model stands status, history or rollback")
    await _status(talk, text)


async def _status(talk: Talk, text: str) -> None:
    flags = split_flags(text, ("save",))
    nothing_behind(flags.text, "model status")
    services, now = talk.services, talk.services.clock()
    lines = status_lines(await services.training.status(), now)
    lines += catalogue_lines(await services.data.status(), now)
    talk.screen.lines([*lines, *filter(None, [await services.releases.status()])])
    if "save" in flags.values:
        picture = await draw.models(talk.services.painter, await talk.services.training.history())
        if picture is None:
            raise UserError("no picture yet: the quality of two models has to be known")
        await save_pictures(talk, flags.values["save"], [picture])


async def _history(talk: Talk, text: str) -> None:
    nothing_behind(text, "model history")
    versions = await talk.services.training.history()
    now = talk.services.clock()
    talk.screen.lines([version_line(version, now) for version in versions] or ["no model was made yet"])


async def _rollback(talk: Talk, text: str) -> None:
    version = await talk.services.training.rollback(whole_number(text, "version") if text else None)
    talk.screen.line(("✓ ", "green"), version_line(version, talk.services.clock()))


async def _settings(talk: Talk, text: str) -> None:
    flags = split_flags(text, SETTINGS)
    if flags.text:
        raise UserError(
            f"“{flags.text[:40]}” is no setting; they are {', '.join(SETTINGS)}, each with a colon"
        )
    channel, hours, switch = (
        flags.values.get(name) for name in ("movie_night_channel", "retrain_hours", "ephemeral")
    )
    board, country = flags.values.get("leaderboard"), flags.values.get("country")
    titles = flags.values.get("titles")
    due_hours, due_ratings = None if hours is None else _hours(hours), flags.whole("retrain_ratings")
    thresholds(due_hours, due_ratings)
    settings = (
        await talk.services.guilds.change(
            GUILD_ID,
            movie_night_channel_id=UNCHANGED if channel is None else _channel(channel),
            ephemeral=UNCHANGED if switch is None else _switch(switch, "ephemeral"),
            country=UNCHANGED if country is None else country,
            titles=UNCHANGED if titles is None else titles,
            leaderboard=UNCHANGED if board is None else _switch(board, "leaderboard"),
        )
        if flags.values
        else await talk.services.guilds.get(GUILD_ID)
    )
    zone = flags.values.get("time_zone")
    nights = (
        await talk.services.nights.settings(GUILD_ID)
        if zone is None
        else await talk.services.nights.change_settings(GUILD_ID, time_zone=zone)
    )
    await talk.services.training.change_thresholds(hours=due_hours, ratings=due_ratings, by_owner=True)
    due = await talk.services.training.thresholds()
    shown = settings.movie_night_channel_id
    talk.screen.lines(
        (
            f"movie_night_channel: {'none' if shown is None else shown}",
            f"retrain_hours: {due.hours:g} (a retrain at the latest after so many hours)",
            f"retrain_ratings: {due.ratings} (or after so many new ratings)",
            f"ephemeral: {'on' if settings.ephemeral else 'off'} (on: in Discord the asker alone sees it)",
            f"country: {settings.country or 'none'} (where movies are to be watched)",
            f"titles: {titles_words(settings.titles)} (the language in which they are shown)",
            f"leaderboard: {'on' if settings.leaderboard else 'off'} (whether there is one)",
            f"time_zone: {nights.time_zone} (of the movie nights)",
        )
    )


def _channel(text: str) -> int | None:
    if text.casefold() == "none":
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 20):
        raise UserError("movie_night_channel: is the number of a channel in Discord, or none")
    return int(text)


def _hours(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise UserError(f"retrain_hours: is a number of hours, not “{text[:40]}”") from error


def _switch(text: str, name: str) -> bool:
    if text.casefold() not in _SWITCHES:
        raise UserError(f"{name}: is on or off")
    return _SWITCHES[text.casefold()]


COMMANDS = {
    "retrain": Command(
        "[full: on]",
        "Fit the model anew with all ratings there are; with full from the beginning, whatever changed.",
        _retrain,
    ),
    "model": Command("", "The same as !model status.", _model),
    "model status": Command(SAVE, "The running model, its quality, and when the next one comes.", _status),
    "model history": Command("", "The models so far.", _history),
    "model rollback": Command("[VERSION]", "Go back to an earlier model.", _rollback),
    "settings": Command(
        " ".join(f"[{name}: …]" for name in SETTINGS), "Show or change what is set.", _settings
    ),
}
