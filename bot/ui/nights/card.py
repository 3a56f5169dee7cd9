"""The night's own message: how things stand, and the controls of this moment. No ballot, no early count."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import discord

from bot.services.nights.answers import Answer, Candidate, DateOption, Night
from bot.services.nights.states import is_legal
from bot.services.nights.wording import HOW, RULES, candidate_line, filters_words, next_line, result_lines
from bot.services.shown_titles import name_of
from bot.services.wording import counted, stars_number
from bot.ui.embeds import Colour, embed
from bot.ui.ids import ANYONE, custom_id
from bot.ui.nights.words import (
    TITLE,
    card_link,
    event_link,
    in_line,
    known,
    names,
    night_name,
    when,
    when_both,
)
from bot.ui.screen import Button, Item, Screen, Select
from bot.ui.text import clip, joined, label, plain, sentence, size

_COLOURS = {"cancelled": Colour.RUST, "over": Colour.SLATE, "decided": Colour.GOLD, "voting": Colour.TEAL}
_LISTED, _SHORT = 3000, 38
_ANSWERS = (("in", "I'm in", "success"), ("maybe", "Maybe", "secondary"), ("out", "Can't", "secondary"))
_HEADINGS: tuple[tuple[Answer, str], ...] = (("in", "In"), ("maybe", "Maybe"), ("out", "Can't"))
_NOW = {
    "planning": "Which dates suit you? Mark all of them below.",
    "gathering": "Who comes, and what shall we watch?",
    "voting": "The vote is open. What is in the ballots stays secret until the close.",
    "undecided": "Too few ballots",
    "cancelled": "This night is cancelled.",
}


def card_screen(night: Night, *, marker: str = "") -> Screen:
    """A night as everybody may see it now, with its controls.

    Parameters
    ----------
    night : Night
    marker : str
        Stands small below, so that the message can be found by it.
    """
    about = embed(
        night_name(night),
        "\n".join(_about(night)),
        colour=_COLOURS.get(night.state, Colour.VELVET),
        fields=_people(night),
        footer=" · ".join(
            filter(None, [marker or f"night {night.night_id}", f"server's time zone: {night.time_zone}"])
        ),
    )
    movies = _movies(night)
    return Screen(embeds=(about, movies) if movies else (about,), rows=tuple(_rows(night)))


def _about(night: Night) -> list[str]:
    following = sentence(next_line(night, when_both))
    lines = [f"**{_now(night)}**", *([following] if following else []), ""]
    if night.starts_at is not None:
        event = f" · [event]({event_link(night)})" if event_link(night) else ""
        weekly = ", every week" if night.series_id is not None else ""
        lines.append(f"**When** {when_both(night.starts_at)}{weekly}{event}")
    host = "nobody; whoever comes runs it" if night.host_id is None else plain(night.host_name, 80)
    lines.append(f"**Host** {host}")
    if night.invited_role_id is not None:
        lines.append(f"**For** <@&{night.invited_role_id}>")
    elif night.guests:
        lines.append(f"**For** {in_line([f'<@{user_id}>' for user_id in night.guests], 900)}")
    if wishes := filters_words(night.filters):
        lines.append(f"**Movies** {plain(wishes)}")
    if night.tally is None and night.state not in ("cancelled", "over"):
        lines.append(f"**Vote** {HOW[night.vote_kind]}; {RULES[night.vote_kind]}")
    if night.trouble:
        lines.append(f"⚠️ {plain(sentence(night.trouble), 400)}")
    return lines


def _now(night: Night) -> str:
    movie = "what we find" if night.winner is None else plain(name_of(night.winner), 200)
    match night.state:
        case "decided":
            return f"We watch {movie}."
        case "running":
            return f"We are watching {movie}. Who came after all, or did not, can say so."
        case "rating":
            return f"How was {movie}?"
        case "over":
            return f"We watched {movie}."
        case _:
            return _NOW[night.state]


def _people(night: Night) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    if night.state == "planning":
        # The stamp stands in the text: Discord does not show stamps in the names of fields everywhere.
        fields += [(f"Date {number}", _suits(night, one)) for number, one in enumerate(night.dates, 1)]
    for answer, text in _HEADINGS:
        said = night.who(answer)
        # With several dates, those who are in stand with the dates that suit them.
        if said and (night.state != "planning" or answer != "in"):
            fields.append((f"{text} ({len(said)})", names(said)))
    return fields


def _suits(night: Night, one: DateOption) -> str:
    sure = in_line(known(night, one.suits), 650) if one.suits else "nobody yet"
    perhaps = f"; maybe {in_line(known(night, one.maybe), 200)}" if one.maybe else ""
    return f"{when_both(one.starts_at)}\n**{len(one.suits)}** · {sure}{perhaps}"


def _movies(night: Night) -> discord.Embed | None:
    """The candidates, or once the vote is closed the count."""
    if night.state in ("planning", "gathering"):
        title = f"Nominated ({len(night.candidates)})"
        if not night.candidates:
            return None
    elif night.state in ("voting", "undecided"):
        title = f"Candidates ({len(night.candidates)})"
    elif night.tally is not None:
        return _count(night)
    else:
        return None
    lines = [
        f"**{number}.** {candidate_line(night, one, _escape)}"
        for number, one in enumerate(night.candidates, 1)
    ]
    if size("\n".join(lines)) > _LISTED:
        # All of fifty titles are worth more than who nominated the first twenty.
        lines = [f"**{number}.** {_short(one)}" for number, one in enumerate(night.candidates, 1)]
    return embed(title, joined(lines, _LISTED) or "none yet", colour=Colour.TEAL)


def _short(candidate: Candidate) -> str:
    seen = f" · seen by {len(candidate.seen_by)}" if candidate.seen_by else ""
    return plain(name_of(candidate.movie), _SHORT) + seen


def _count(night: Night) -> discord.Embed:
    lines = [sentence(line) for line in result_lines(night, _escape)]
    return embed("The result", joined(lines, 3000), colour=Colour.GOLD)


def _escape(text: str) -> str:
    return plain(text, TITLE)


def _rows(night: Night) -> list[tuple[Item, ...]]:
    rows: list[tuple[Item, ...]] = []
    if is_legal(night.state, "answer"):
        rows.append(tuple(answer_buttons(night)))
    if night.state == "planning" and night.dates:
        rows.append((dates_menu(night),))
    doing: list[Item] = []
    if is_legal(night.state, "cast"):
        doing.append(vote_button(night))
    if is_legal(night.state, "nominate") and night.nominations_each:
        doing.append(_button("nominate", night, "Nominate a movie", discord.ButtonStyle.primary))
        doing.append(_button("nomlist", night, "From my watchlist", discord.ButtonStyle.secondary))
    if doing:
        rows.append(tuple(doing))
    if is_legal(night.state, "rate"):
        rows += star_rows(night)
    if hosts := _host_buttons(night):
        rows.append(tuple(hosts))
    return rows


def answer_buttons(night: Night) -> list[Button]:
    """*I'm in*, *Maybe*, *Can't*."""
    return [
        discord.ui.Button(
            label=text,
            style=discord.ButtonStyle[style],
            custom_id=custom_id("rsvp", ANYONE, night.night_id, said),
        )
        for said, text, style in _ANSWERS
    ]


def dates_menu(night: Night, chosen: Sequence[int] = ()) -> Select:
    """The proposed dates, to mark all that suit; in the server's hour, because menus show no stamps."""
    zone = ZoneInfo(night.time_zone)
    return discord.ui.Select(
        custom_id=custom_id("suits", ANYONE, night.night_id),
        placeholder=label(f"Mark all dates that suit you (hours of {night.time_zone})", 150),
        max_values=len(night.dates),
        options=[
            discord.SelectOption(
                label=f"{one.starts_at.astimezone(zone):%a %d %b, %H:%M}",
                description=label(f"{night.time_zone} · suits {len(one.suits)}", 100),
                value=str(one.date_id),
                default=one.date_id in chosen,
            )
            for one in night.dates
        ],
    )


def vote_button(night: Night) -> Button:
    """Opens one's own ballot."""
    return _button("ballot", night, "Vote", discord.ButtonStyle.primary)


def star_rows(night: Night) -> list[tuple[Item, ...]]:
    """Half a star to five stars for what was watched, as two rows of buttons."""
    buttons: list[Item] = [
        discord.ui.Button(
            label=f"{stars_number(half / 2)} ★",
            custom_id=custom_id("nightstar", ANYONE, night.night_id, half),
        )
        for half in range(1, 11)
    ]
    return [tuple(buttons[:5]), tuple(buttons[5:])]


def _host_buttons(night: Night) -> list[Button]:
    """What the host can do early; the service refuses everybody else."""
    red, grey = discord.ButtonStyle.danger, discord.ButtonStyle.secondary
    match night.state:
        case "planning":
            return [_button("close", night, "Host: take the best date now", grey)]
        case "gathering":
            return [_button("openvote", night, "Host: open the vote", grey)]
        case "voting":
            return [_button("close", night, "Host: close the vote", red)]
        case "undecided":
            return [
                _button("close", night, "Host: take what there is", red),
                _button("openvote", night, "Host: vote again", grey),
            ]
        case "running":
            return [_button("watched", night, "Host: it is over, rate it", grey)]
        case _:
            return []


def _button(verb: str, night: Night, text: str, style: discord.ButtonStyle) -> Button:
    return discord.ui.Button(label=text, style=style, custom_id=custom_id(verb, ANYONE, night.night_id))


def night_line(night: Night) -> str:
    """One line of a list of nights: when, what, and where it stands."""
    date = when(night.starts_at) if night.starts_at else f"one of {counted(len(night.dates), 'date')}"
    link = f" · [message]({card_link(night)})" if card_link(night) else ""
    return clip(f"**{night.night_id}** · {night_name(night)} · {date} · {night.state}{link}", 400)
