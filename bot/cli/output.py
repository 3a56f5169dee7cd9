"""What goes to standard output, and how a command says that it failed."""

import dataclasses
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any


class Failure(Exception):
    """A command came to nothing for no mistake of the user's; the message is one line. Exit status 1."""


def print_json(value: Any) -> None:
    """Print one JSON object; dataclasses become objects, times ISO 8601."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, allow_nan=False, default=_plain)
    sys.stdout.write("\n")


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
