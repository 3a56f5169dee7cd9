"""Lines about imports that Discord and the console share; titles and names go through `escape`."""

from bot.services.foreign import short
from bot.services.imports.applying import Applied
from bot.services.imports.matching import How
from bot.services.imports.planning import Step
from bot.services.imports.scale import examples
from bot.services.imports.service import DoneImport, Preview
from bot.services.imports.undoing import Undone
from bot.services.wording import Escape, counted, listed, stars_number

EXAMPLES = 3
POLICY_WORDS = {
    "newest": "the newer rating stays",
    "theirs": "the file's rating stays",
    "mine": "the rating in the bot stays",
}


def preview_lines(preview: Preview, escape: Escape = str) -> list[str]:
    """What an import would do, line by line."""
    plan = preview.plan
    lines = [_read_line(preview, escape)]
    if plan.undecided:
        return [
            *lines,
            f"{counted(plan.undecided, 'movie')} without ratings: have you seen them, or do you want to?",
        ]
    lines.append(f"{counted(len(plan.new), 'new rating')}, {plan.unchanged:,} as in the bot already")
    if plan.newer or plan.older:
        lines.append(
            f"other stars than in the bot: {len(plan.newer):,} given later, {len(plan.older):,} earlier "
            f"or at an unknown time; {POLICY_WORDS[preview.policy]}"
        )
        lines.append(f"such as {_some([_both(step) for step in (*plan.newer, *plan.older)], escape)}")
    if plan.seen or plan.wanted or plan.known:
        lines.append(
            f"{len(plan.seen):,} seen without stars, {len(plan.wanted):,} for the watchlist, "
            f"{plan.known:,} known already"
        )
    for how in (How.YEAR_OFF, How.PART, How.TITLE):
        steps = [step for step in plan.unsure() if step.how is how]
        if steps:
            pairs = [f"{step.entry.name} is {step.movie.name}" for step in steps]
            lines.append(f"to be looked at, {how.value}: {_some(pairs, escape)}")
    if plan.ambiguous:
        names = [f"{entry.name} ({len(found)})" for entry, found in plan.ambiguous if len(found) > 1]
        lines += [f"may be one of several movies: {_some(names, escape)}"] if names else []
        names = [f"{entry.name} may be {found[0].name}" for entry, found in plan.ambiguous if len(found) == 1]
        lines += [f"left out, as it is not sure: {_some(names, escape)}"] if names else []
    if plan.unknown:
        lines.append(f"not known: {_some([entry.name for entry in plan.unknown], escape)}")
    if preview.parsed.export is not None:
        lines.append(
            "history of ratings, what is of no interest, past imports and records of nights come too"
        )
        if preview.parsed.export.get("hidden_ratings"):
            lines.append("ratings are hidden in it, so they will be here")
    if preview.too_many:
        lines.append(preview.too_many)
    elif plan.waiting:
        lines.append("what finds no movie is kept until the catalogue has it")
    if not preview.ready and not preview.too_many:
        lines.append("there is nothing in it to be stored")
    if plan.duplicates:
        lines.append(f"{counted(plan.duplicates, 'row')} of movies that have another one; the newest counts")
    if preview.parsed.rounded:
        told = [f"{cell} is ★{stars_number(stars)}" for cell, stars in preview.parsed.rounded.items()]
        rows = counted(preview.parsed.rounded_rows, "rating")
        lines.append(f"{rows} brought to the nearest half star: {_some(told, escape)}")
    lines += preview.parsed.notes
    lines += [f"left out: {count:,} x {reason}" for reason, count in preview.parsed.skipped.items()]
    return lines


def columns_line(preview: Preview, escape: Escape = str) -> str:
    """How the columns of a table were understood; empty where the form is known."""
    columns = preview.parsed.columns
    if columns is None:
        return ""
    parts = [f"{field} is “{escape(short(columns.header[place]))}”" for field, place in columns.found.items()]
    scale = ""
    if columns.scale is not None:
        scale = f"; the best rating is {columns.scale}, so {examples(columns.scale)}"
    return f"columns: {listed(parts)}{scale}"


def done_line(done: Applied) -> str:
    """What an import did."""
    line = (
        f"imported: {counted(done.new, 'new rating')}, {done.changed:,} changed, {done.seen:,} seen without "
        f"stars, {done.wanted:,} for the watchlist"
    )
    return f"{line}; {counted(done.waiting, 'row')} without a movie kept" if done.waiting else line


def undone_line(undone: Undone) -> str:
    """What taking an import back did."""
    line = f"undone: {counted(undone.ratings, 'rating')} as before, {undone.other:,} other entries removed"
    line += f"; {undone.kept:,} changed again since and left" if undone.kept else ""
    return f"{line}; without a movie again: {counted(undone.waiting, 'row')}" if undone.waiting else line


def recent_line(one: DoneImport, escape: Escape = str) -> str:
    """One past import."""
    line = f"{one.applied_at:%Y-%m-%d} {escape(one.file)} ({one.source})"
    if one.undone:
        return f"{line}, undone"
    return f"{line}, {counted(one.waiting, 'row')} without a movie" if one.waiting else line


def _both(step: Step) -> str:
    mine, theirs = (0.0 if step.before is None else step.before.stars), step.entry.stars or 0.0
    return f"{step.movie.name}: ★{stars_number(mine)} here, ★{stars_number(theirs)} in the file"


def _read_line(preview: Preview, escape: Escape) -> str:
    parsed = preview.parsed
    return f"{escape(preview.file)}, from {parsed.source}: {counted(len(parsed.entries), 'row')}"


def _some(names: list[str], escape: Escape) -> str:
    shown = ", ".join(map(escape, names[:EXAMPLES]))
    return f"{shown} and {len(names) - EXAMPLES:,} more" if len(names) > EXAMPLES else shown
