"""A count as text that is kept with the night, in totals and without anybody's ballot."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.services.answers import Filters
from bot.services.nights.answers import Round, Tally


def tally_text(tally: Tally) -> str:
    """A count as JSON."""
    return json.dumps(asdict(tally))


def read_tally(text: str) -> Tally:
    """The count in a text of `tally_text`."""
    values: dict[str, Any] = json.loads(text)
    rounds = tuple(Round(_keyed(one["counts"]), one["exhausted"], one["dropped"]) for one in values["rounds"])
    values |= {"order": tuple(values["order"]), "totals": _keyed(values["totals"]), "rounds": rounds}
    return Tally(**values)


def filters_text(filters: Filters) -> str:
    """Filters as JSON; those that are not set are left out."""
    return json.dumps(
        {name: value for name, value in asdict(filters).items() if value not in (None, False, ())}
    )


def read_filters(text: str) -> Filters:
    """The filters in a text of `filters_text`."""
    values: dict[str, Any] = json.loads(text)
    values |= {name: tuple(values[name]) for name in ("genre", "exclude_genre", "people") if name in values}
    return Filters(**values)


def _keyed(values: Mapping[str, int]) -> dict[int, int]:
    # JSON has no numbers as keys.
    return {int(key): value for key, value in values.items()}
