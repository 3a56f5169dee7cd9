"""What is said about nights, the same in Discord and in the console.

Titles and names go through `escape`, and times through `when`, which shows one in the way of each place.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.services.answers import Filters
from bot.services.filters import in_words
from bot.services.nights.answers import (
    Ballot,
    Candidate,
    DateOption,
    Night,
    Tally,
    WatchedNight,
)
from bot.services.nights.states import State
from bot.services.shown_titles import name_of
from bot.services.wording import Escape, counted, listed, some_of, stars_number

When = Callable[[datetime], str]

COUNTED = 12
"""So many movies of a count are named."""

VOTE_KINDS = {"approval": "approval vote", "ranked": "ranked vote", "score": "score vote"}
HOW = {
    "approval": "approve every movie you would watch; most approvals win",
    "ranked": "rank the movies; the last one drops out and its ballots move on until one has more than half",
    "score": "give each movie 0 to 5 points; most points win",
}
RULES = {
    "approval": "of equal ones the one higher on the list wins",
    "ranked": (
        "of equal last ones that one drops out which had fewer in the last round in which they differed, "
        "else the one lower on the list"
    ),
    "score": "of equal ones the one that more people gave points wins, else the one higher on the list",
}
"""What decides between equal ones; told wherever people vote."""
TIES = {
    "givers": "equal points, so more people who gave it any decided",
    "rounds": "an equal end, so the rounds before decided",
    "list": "a tie, so the place on the list decided",
}
_STATES: Mapping[State, str] = {
    "planning": "choosing a date",
    "gathering": "collecting movies",
    "voting": "voting",
    "undecided": "too few ballots",
    "decided": "decided",
    "running": "running",
    "rating": "rating",
    "over": "over",
    "cancelled": "cancelled",
}


def title(night: Night, escape: Escape = str) -> str:
    """``Movie night 3: Space``."""
    return f"Movie night {night.night_id}" + (f": {escape(night.theme)}" if night.theme else "")


def state_words(night: Night) -> str:
    """The state in two words."""
    return _STATES[night.state]


def filters_words(filters: Filters) -> str:
    """Filters in words; empty without any."""
    return ", ".join(in_words(filters).values())


def comers_line(night: Night, escape: Escape = str) -> str:
    """``in: Ana and Ben · maybe: Cleo · can't: Dan``; what nobody answered is left out."""
    sides = (("in", night.who("in")), ("maybe", night.who("maybe")), ("can't", night.who("out")))
    parts = [f"{word}: {listed([escape(one.name) for one in people])}" for word, people in sides if people]
    return " · ".join(parts) or "nobody has answered yet"


def date_line(date: DateOption, when: When) -> str:
    """A proposed date and how many it suits."""
    maybe = f", {len(date.maybe)} maybe" if date.maybe else ""
    return f"{when(date.starts_at)}: {len(date.suits)} in{maybe}"


def candidate_line(night: Night, candidate: Candidate, escape: Escape = str) -> str:
    """A candidate, where it is from, and who has seen it."""
    # A crowd's names are made safe one by one, and only where they are said.
    said = {*candidate.nominated_by, *candidate.seen_by}
    names = {one.user_id: escape(one.name) for one in night.people if one.user_id in said}
    marks: list[str] = []
    if candidate.nominated_by:
        # Somebody may nominate and not come; and whose data is deleted has no name any more.
        who = [names[user_id] for user_id in candidate.nominated_by if user_id in names]
        marks.append(f"nominated by {some_of(who)}" if who else "nominated")
    if candidate.source == "carried":
        marks.append("carried over")
    if candidate.seen_by:
        marks.append(f"seen by {some_of([names[user_id] for user_id in candidate.seen_by])}")
    return escape(name_of(candidate.movie)) + (f" ({'; '.join(marks)})" if marks else "")


def next_line(night: Night, when: When) -> str:
    """What comes next, in one line."""
    if night.state == "planning" and night.dates_close_at is not None:
        return (
            f"the date is fixed {when(night.dates_close_at)}: most who are in, then most maybes, the earliest"
        )
    if night.state == "gathering" and night.vote_opens_at is not None:
        return f"the vote opens {when(night.vote_opens_at)}"
    if night.state == "gathering":
        return "the vote opens when the host opens it: there was nothing to vote on"
    if night.state == "voting" and night.vote_closes_at is not None:
        return f"the vote closes {when(night.vote_closes_at)}; {ballots_line(night)}"
    if night.state == "undecided":
        return f"{ballots_line(night)}: the host opens the vote again, or closes it with what there is"
    if night.state == "running" and night.ratings_at is not None:
        return f"ratings are asked for {when(night.ratings_at)}"
    if night.state == "rating":
        return "say what you give it"
    return ""


def ballots_line(night: Night) -> str:
    """How many have voted; no more than that while the vote is open."""
    wanted = f", {night.quorum} needed" if night.quorum > 1 else ""
    return f"{counted(night.ballots, 'ballot')} so far{wanted}"


def card_lines(night: Night, when: When, escape: Escape = str) -> list[str]:
    """The night as it is now, without its title: what everybody may see."""
    lines: list[str] = []
    if night.starts_at is not None:
        weekly = ", every week" if night.series_id is not None else ""
        lines.append(f"{when(night.starts_at)}{weekly}")
    wishes = filters_words(night.filters)
    host = (
        f"host: {escape(night.host_name)}" if night.host_id is not None else "no host: whoever comes runs it"
    )
    lines.append(" · ".join(filter(None, (host, wishes, VOTE_KINDS[night.vote_kind]))))
    lines.append(comers_line(night, escape))
    if night.state == "planning":
        lines += [date_line(date, when) for date in night.dates]
    following = next_line(night, when)
    if following:
        lines.append(following)
    if night.tally is not None:
        lines += result_lines(night, escape)
    if night.trouble:
        lines.append(f"could not be announced: {night.trouble}")
    return lines


def result_lines(night: Night, escape: Escape = str) -> list[str]:
    """The result with its count."""
    if night.winner is None:
        return ["no movie: there was nothing to vote on"]
    tally = night.tally
    lines = [f"we watch {escape(name_of(night.winner))}"]
    if tally is None or tally.winner is None:
        lines.append("nobody voted, so it is the first of the list")
        return lines
    return lines + tally_lines(tally, {one.movie_key: name_of(one.movie) for one in night.candidates}, escape)


def tally_lines(tally: Tally, names: Mapping[int, str], escape: Escape = str) -> list[str]:
    """A count, a line for each thing worth saying."""
    unit = {"approval": "approval", "ranked": "first choice", "score": "point"}[tally.kind]

    def counts(values: Mapping[int, int]) -> str:
        order = sorted(values, key=lambda key: (-values[key], tally.order.index(key)))
        told = [f"{escape(names.get(key, '?'))} {values[key]}" for key in order[:COUNTED]]
        return ", ".join(told) + (f" and {len(order) - COUNTED} more" if len(order) > COUNTED else "")

    shown = {key: value for key, value in tally.totals.items() if value or key == tally.winner}
    lines = [f"{counted(tally.ballots, 'ballot')}, {unit}s: {counts(shown)}"]
    for number, one in enumerate(tally.rounds[1:], 2):
        gone = f"; {counted(one.exhausted, 'ballot')} exhausted" if one.exhausted else ""
        if number == len(tally.rounds):
            lines.append(f"after {number - 1} dropped out: {counts(one.counts)}{gone}")
    if tally.tie:
        lines.append(TIES[tally.tie])
    if tally.condorcet is not None and tally.condorcet != tally.winner:
        lines.append(f"in pairs {escape(names.get(tally.condorcet, '?'))} beats every other one")
    elif tally.condorcet is not None and tally.kind == "ranked":
        lines.append("it beats every other one in pairs too")
    return lines


def ballot_line(ballot: Ballot, night: Night, escape: Escape = str) -> str:
    """One's own ballot."""
    names = {one.movie_key: escape(name_of(one.movie)) for one in night.candidates}
    if ballot.cast_at is None:
        return "you have not voted yet"
    if not ballot.choices:
        return "your ballot abstains"
    if ballot.kind == "approval":
        return f"your ballot approves {listed([names.get(key, '?') for key in ballot.choices])}"
    if ballot.kind == "ranked":
        order = sorted(ballot.choices, key=ballot.choices.__getitem__)
        return f"your ballot: {' > '.join(names.get(key, '?') for key in order)}"
    points = sorted(ballot.choices.items(), key=lambda one: -one[1])
    given = [f"{names.get(key, '?')} {value}" for key, value in points]
    return f"your ballot: {', '.join(given)}"


def watched_lines(watched: WatchedNight, when: When, escape: Escape = str) -> list[str]:
    """A night of the past."""
    theme = f" ({escape(watched.theme)})" if watched.theme else ""
    movie = "no movie" if watched.movie is None else escape(name_of(watched.movie))
    mean = "" if watched.mean is None else f", {watched.mean:.1f} stars on average"
    there = [
        escape(person.name) + ("" if stars is None else f" ★{stars_number(stars)}")
        for person, stars in watched.there
    ]
    unnamed = watched.attended - len(there)
    if unnamed > 0:
        there.append(f"{unnamed} whose data is deleted")
    lines = [f"{when(watched.starts_at)}{theme}: {movie}{mean}"]
    return [*lines, f"there: {listed(there)}"] if there else lines
