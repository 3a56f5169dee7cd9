"""The model as the admins see it: its state, its history, a retrain while it runs and what it led to."""

from collections.abc import Sequence
from datetime import datetime

import discord

from bot.services.answers import About, ModelStatus, ModelVersion, Progress, RetrainResult
from bot.services.data_list import DataStatus, data_lines
from bot.services.pictures.painter import Picture
from bot.services.wording import age, counted, fitted_way, progress_line, quality, status_lines, version_line
from bot.ui.embeds import Colour, embed
from bot.ui.screen import Screen
from bot.ui.text import joined, plain, sentence

_BAR = 16


def status_screen(
    status: ModelStatus,
    now: datetime,
    picture: Picture | None = None,
    more: Sequence[str] = (),
) -> Screen:
    """The running model, what comes next and what else is to be told; with a picture of all qualities."""
    lines = [sentence(plain(line, 600)) for line in (*status_lines(status, now), *more) if line]
    colour = Colour.RUST if status.last_error else Colour.TEAL
    shown = embed("The model", "\n".join(f"• {line}" for line in lines), colour=colour)
    if picture is None:
        return Screen(embeds=(shown,))
    shown.set_image(url=f"attachment://{picture.name}")
    return Screen(embeds=(shown,), pictures=(picture,))


def history_screen(versions: Sequence[ModelVersion], now: datetime) -> Screen:
    """The models so far, newest first."""
    lines = [_version(version, now) for version in versions]
    return Screen(
        embeds=(
            embed(
                "Models so far",
                joined(lines, 4000) or "There is none yet; /retrain fits the first.",
                colour=Colour.TEAL,
                footer="/model rollback goes back to one that is kept",
            ),
        )
    )


def rollback_screen(version: ModelVersion, now: datetime) -> Screen:
    """Which model is current after a rollback."""
    return Screen(
        embeds=(embed(f"Back to model {version.version}", _version(version, now), colour=Colour.LEAF),)
    )


def data_screen(status: DataStatus, now: datetime, title: str = "The data") -> Screen:
    """The active data set, and whom to thank for it."""
    lines = [f"• {sentence(plain(line, 600))}" for line in data_lines(status, now)]
    lines += [f"*{plain(text, 1000)}*" for text in (status.licence, status.acknowledgement) if text]
    return Screen(embeds=(embed(title, joined(lines, 4000), colour=Colour.TEAL),))


def progress_embed(progress: Progress | None, title: str = "Retraining") -> discord.Embed:
    """Long work while it is under way."""
    if progress is None:
        return embed(f"{title} …", "Starting.", colour=Colour.GOLD)
    share = min(max(progress.done / progress.total, 0.0), 1.0) if progress.total > 0 else 0.0
    full = round(share * _BAR)
    bar = f"`{'▰' * full}{'▱' * (_BAR - full)}` {share:.0%}"
    return embed(f"{title} …", f"{bar}\n{sentence(plain(progress_line(progress)))}", colour=Colour.GOLD)


def result_screen(result: RetrainResult) -> Screen:
    """What a retrain led to."""
    version = result.version
    lines = [] if result.adopted else [sentence(plain(result.message, 600))]
    lines += [
        f"**Learned from** {_ratings(version)}",
        f"**Quality before** {_measured(result.before)}",
        f"**Quality now** {_measured(result.after)}",
        f"**Took** {version.seconds:.0f} s",
    ]
    if version.way:
        lines.append(f"**Fitted** {plain(fitted_way(version), 200)}")
    title = f"Model {version.version} is serving" if result.adopted else "The model stays as it was"
    return Screen(
        embeds=(embed(title, "\n".join(lines), colour=Colour.LEAF if result.adopted else Colour.RUST),)
    )


def failure_screen(line: str, title: str) -> Screen:
    """Long work that led to nothing, and why."""
    return Screen(embeds=(embed(title, sentence(plain(line, 1000)), colour=Colour.RUST),))


def about_screen(about: About, now: datetime) -> Screen:
    """What the bot is running on, and whom to thank for the data."""
    lines = [
        "Picks by a LightFM model that learns from your ratings and from a community's.",
        f"**Model** — {'none yet' if about.model is None else plain(version_line(about.model, now), 600)}",
        (
            f"**Data** — {plain(about.dataset, 100)}: {counted(about.movies, 'movie')}, "
            f"{counted(about.community_ratings, 'rating')} by its community"
        ),
    ]
    lines += [f"*{plain(about.acknowledgement, 1500)}*"] if about.acknowledgement else []
    return Screen(
        embeds=(embed(f"Matinée {plain(about.bot_version, 40)}", "\n".join(lines), colour=Colour.VELVET),)
    )


def _version(version: ModelVersion, now: datetime) -> str:
    facts = [
        f"**{version.version}** {version.state}",
        age(version.created_at, now),
        quality(version.ndcg),
        plain(version.dataset, 60),
        f"{counted(version.friend_ratings, 'rating')} by friends",
        f"{version.seconds:.0f} s",
    ]
    if version.way:
        facts.append(plain(fitted_way(version), 200))
    line = " · ".join(facts)
    return f"{line}\n*{plain(version.detail, 200)}*" if version.detail else line


def _ratings(version: ModelVersion) -> str:
    return f"{counted(version.friend_ratings, 'rating')} by friends, {version.community_ratings:,} by others"


def _measured(ndcg: float | None) -> str:
    return "not measured" if ndcg is None else f"NDCG@10 {ndcg:.3f}"
