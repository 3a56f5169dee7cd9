"""Speed, measured with ``--benchmark-enable``."""

import os

# As in `bot.__main__`; set before the first of these modules imports numpy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
