"""Whether a freshly fitted model may replace the running one."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

TOLERANCE = 0.01
"""A mean loss of NDCG@10 up to this is never a reason to keep the old model."""


class Verdict(NamedTuple):
    """`reason` says in one line why a model was not adopted; empty when it was."""

    adopt: bool
    reason: str = ""


def judge(new: npt.NDArray[np.float64], running: npt.NDArray[np.float64] | None, friends: int = 0) -> Verdict:
    """Adopt a model unless it is clearly worse than the running one.

    Clearly worse: the mean of the paired differences is a loss of more than `TOLERANCE`, and it is
    more than two standard errors below zero. A small loss may be chance, and the new model knows the
    ratings that came since. It is to be no clear loss for the friends alone either, whom the bot serves.

    Parameters
    ----------
    new : float64, shape (n_people,)
        NDCG@10 of each held-out person with the new model; empty where there were too few to measure.
    running : float64, shape (n_people,), or None
        The same people with the same given ratings and the running model; None where there is none
        that can be compared.
    friends : int
        So many of them, the first ones, are friends.
    """
    if not np.isfinite(new).all():
        return Verdict(False, "it gives scores that are not numbers")
    if running is None or len(new) < 2 or not np.isfinite(running).all():
        return Verdict(True)
    for number, who in ((len(new), "people"), (friends, "friends")):
        if number < 2:
            continue
        now, before = new[:number], running[:number]
        difference = now - before
        mean = float(difference.mean())
        error = float(difference.std(ddof=1)) / float(np.sqrt(number))
        if mean < -TOLERANCE and mean + 2 * error < 0:
            return Verdict(
                False,
                f"its held-out quality is clearly below the running model's: NDCG@10 {now.mean():.3f} "
                f"after {before.mean():.3f} on the same {number} {who}",
            )
    return Verdict(True)
