"""What a person corrected about the reading of a file, as it is kept in the database."""

import json
from dataclasses import asdict
from typing import Any

from bot.errors import UserError
from bot.services.imports.entries import FIELDS, Kind, Wishes
from bot.services.imports.planning import POLICIES, Policy
from bot.services.imports.scale import SCALES

_KINDS: dict[str | None, Kind | None] = {"seen": "seen", "watchlist": "watchlist", None: None}


def as_text(wishes: Wishes, policy: str, kind: str | None = None) -> str:
    """Wishes and policy as a text that `from_text` reads."""
    return json.dumps({**asdict(wishes), "kind": kind, "policy": policy})


def from_text(text: str) -> tuple[Wishes, Policy]:
    """What `as_text` wrote.

    Raises
    ------
    UserError
        If it is no correction that there is.
    """
    said: dict[str, Any] = json.loads(text)
    policies: dict[str, Policy] = {policy: policy for policy in POLICIES}
    columns: dict[str, int] = said["columns"]
    fine = (
        columns.keys() <= set(FIELDS)
        and said["scale"] in (None, *SCALES)
        and said["kind"] in _KINDS
        and said["policy"] in policies
    )
    if not fine:
        raise UserError("that is nothing that can be corrected here")
    wishes = Wishes(columns, said["scale"], _KINDS[said["kind"]], said.get("sure") is True)
    return wishes, policies[said["policy"]]
