"""Files and folders that nobody but their owner can read, from their first byte on."""

import os
from pathlib import Path


def private_folder(folder: Path) -> None:
    """Make a folder, unless it is there, that only its owner can look into.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def private_file(path: Path) -> int:
    """Open a file to read and write, which is new or empty; only its owner may; answers the descriptor.

    Raises
    ------
    OSError
        If it cannot be opened.
    """
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
