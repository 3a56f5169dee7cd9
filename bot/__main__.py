"""``python -m bot``."""

import os

# Set before numpy is there to read it. Scoring is limited by memory, and threads that wait for each other
# make it several times slower when the machine is busy, as it is during a retrain.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from bot.cli import main
from bot.cli.logs import log_crashes

if __name__ == "__main__":
    # What this process and its children write is its user's alone.
    os.umask(0o077)
    log_crashes()
    raise SystemExit(main())
