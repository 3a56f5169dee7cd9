"""The file `.env` as ``setup`` changes it: a variable at a time, and nothing else in it."""

import os
import re
from pathlib import Path

from bot.errors import UserError

_PLAIN = re.compile(r"[A-Za-z0-9_.,:/@+=-]*")


class EnvFile:
    """A file of settings.

    Parameters
    ----------
    path : Path
        Need not exist.
    example : Path
        What a new one begins as, if that exists.
    """

    def __init__(self, path: Path, example: Path) -> None:
        self._path = path
        self._example = example

    def put(self, name: str, value: str) -> None:
        """Set a variable; every other line stays as it is, and only the owner can read the file.

        It is written beside the old one and takes its place in one step.

        Raises
        ------
        UserError
            If the file cannot be read or written, or the value is of more than one line.
        """
        if not value.isprintable() or "'" in value:
            raise UserError(f"{name} must be one line without quotes")
        told = value if _PLAIN.fullmatch(value) else f"'{value}'"
        try:
            lines = self._lines()
            # Of several the last one counts.
            place = max((row for row, line in enumerate(lines) if _sets(line, name)), default=None)
            if place is not None:
                end = lines[place][len(lines[place].rstrip("\r\n")) :]
                lines[place] = f"{name}={told}{end or os.linesep}"
            else:
                place = max((row for row, line in enumerate(lines) if _mentions(line, name)), default=-1)
                place = len(lines) if place < 0 else place + 1
                if place and not lines[place - 1].endswith("\n"):
                    lines[place - 1] += "\n"
                lines.insert(place, f"{name}={told}\n")
            self._write("".join(lines))
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"{self._path} cannot be written: {error}") from error

    def _lines(self) -> list[str]:
        source = self._path if self._path.exists() else self._example
        if not source.exists():
            return []
        with source.open(encoding="utf-8", newline="") as stream:
            return stream.read().splitlines(keepends=True)

    def _write(self, text: str) -> None:
        # What a link leads to is changed, and the link stays.
        target = Path(os.path.realpath(self._path))
        new = target.with_name(f"{target.name}.new")
        new.unlink(missing_ok=True)
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(file, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            new.replace(target)
        except BaseException:
            new.unlink(missing_ok=True)
            raise


def _sets(line: str, name: str) -> bool:
    return re.match(rf"\s*(export\s+)?{name}\s*=", line) is not None


def _mentions(line: str, name: str) -> bool:
    return re.match(rf"\s*#\s*{name}\s*=", line) is not None
