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


def recall(hits: npt.NDArray[np.bool_], relevant: int) -> float:
    """Share of all relevant movies that are in the list; 0 when nothing is relevant.

    Manning, Raghavan and Schütze, Introduction to Information Retrieval, 2008, section 8.3.
    """
    return float(hits.sum() / relevant) if relevant else 0.0


def precision(hits: npt.NDArray[np.bool_]) -> float:
    """Share of the list that is relevant (section 8.3 of the same book)."""
    return float(hits.mean())


def auc(relevant: npt.NDArray[np.float32], others: npt.NDArray[np.float32]) -> float:
    """Chance that a relevant movie has a higher score than another one; equal scores count half.

    The area under the ROC curve as the statistic of Mann and Whitney: Hanley and McNeil, The meaning
    and use of the area under a receiver operating characteristic curve, Radiology 143, 1982.

    Parameters
    ----------
    relevant : float32, shape (n_relevant,)
    others : float32, shape (n_others,)

    Returns
    -------
    float
        NaN if either is empty.
    """
    if not len(relevant) or not len(others):
        return float("nan")
    ordered = np.sort(others)
    below = np.searchsorted(ordered, relevant, "left")
    not_above = np.searchsorted(ordered, relevant, "right")
    return float((below + not_above).mean() / 2 / len(others))


def diversity(unit_vectors: npt.NDArray[np.float64]) -> float:
    """Intra-list diversity: 1 minus the mean cosine likeness of all pairs of the list.

    Ziegler, McNee, Konstan and Lausen, Improving recommendation lists through topic diversification,
    WWW 2005, whose intra-list similarity this is the complement of.

    Parameters
    ----------
    unit_vectors : float64, shape (k, n)
        Of length 1, or 0 for a movie of which nothing is known.

    Returns
    -------
    float
        0 to 1; NaN for fewer than two movies.
    """
    k = len(unit_vectors)
    if k < 2:
        return float("nan")
    together = unit_vectors.sum(axis=0)
    return float(1 - (together @ together - (unit_vectors**2).sum()) / (k * (k - 1)))


def percentiles(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Place of each movie by its number of ratings, 0 to 100; equal counts share their mean place."""
    ordered = np.sort(counts)
    below = np.searchsorted(ordered, counts, "left")
    not_above = np.searchsorted(ordered, counts, "right")
    return 100 * (below + not_above - 1) / 2 / max(len(counts) - 1, 1)


def coverage(lists: npt.NDArray[np.int64], movies: int) -> float:
    """Share of a catalogue of so many movies that is in at least one list.

    Herlocker, Konstan, Terveen and Riedl, Evaluating collaborative filtering recommender systems,
    ACM TOIS 22(1), 2004, section 5.2.1. It grows with the number of lists: compare equal numbers.
    """
    return len(np.unique(lists)) / movies if movies else 0.0
