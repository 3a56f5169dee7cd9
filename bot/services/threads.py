"""Long work in threads, beside which the event loop has to have its turn every few milliseconds."""

import ctypes
import gc
import sys
from collections.abc import Generator
from contextlib import contextmanager

SWITCH_SECONDS = 0.001
_NEVER = 1 << 30


@contextmanager
def loop_first() -> Generator[None]:
    """Let the event loop wait for threads as briefly as can be, while these make very many objects.

    They hand over more often, and the collector does not walk over all objects there are, again and again,
    during which nobody else does anything; what is new it looks at as before.
    """
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(thresholds[0], thresholds[1], _NEVER)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        sys.setswitchinterval(interval)


@contextmanager
def made_to_stay() -> Generator[None]:
    """Keep the garbage collector from walking, again and again, over the many objects being made.

    They are there to stay, so that it never looks at them afterwards either.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()


def give_back() -> None:
    """Give memory that is free again back to the system, after work that needed much of it for a moment.

    The C library of most Linux systems keeps it otherwise: twice of what is left in use. Elsewhere nothing is
    done.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
