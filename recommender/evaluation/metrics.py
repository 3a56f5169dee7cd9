"""How good a ranked list is."""

import numpy as np
import numpy.typing as npt


def ndcg(hits: npt.NDArray[np.bool_], relevant: int) -> float:
    """Normalised discounted cumulated gain of a list with binary relevance.

    A hit at rank ``r`` (from 1) gains ``1 / log2(r + 1)``; the sum is divided by that of the best
    list of the same length. Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR
    techniques, ACM TOIS 20(4), 2002, with the discount ``log2(r + 1)`` from rank 1 on, as is usual.

    Parameters
    ----------
    hits : bool, shape (k,)
        Whether the movie at each rank, best first, is relevant.
    relevant : int
        How many movies are relevant altogether, in the list or not.

    Returns
    -------
    float
        0 to 1; 0 when nothing is relevant.
    """
    discount = 1 / np.log2(np.arange(2, len(hits) + 2))
    best = discount[:relevant].sum()
    return float(discount[hits].sum() / best) if best else 0.0
