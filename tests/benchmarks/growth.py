"""Time and memory of import and training over the number of ratings, up to MovieLens 32M's.

    python -m tests.benchmarks.growth OUT [--sizes 1000000 3000000 10000000 32000000] [--peers EASE item-kNN]

Prints a line of JSON for each measurement and keeps it in OUT/growth.jsonl; what is in there is not measured
again, so that an interrupted run can be taken up. Ends with OUT/growth.png. Of a peer it measures what it
takes to fit it and to answer ten strangers, with half of the machine's memory.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .scale import shape_of, write

ROOT = Path(__file__).parents[2]
SIZES = (1_000_000, 3_000_000, 10_000_000, 32_000_000)
GIB = 1 << 30
LIMITS = {"import": (5, 4), "train": (80, 8)}
"""At the largest size: minutes of the processor (40 on two cores), GiB."""

# Each in a process of its own, as what one has used would count for the next. Not getrusage: its maximum
# counts what the parent held before this program was started.
_MEASURED = """
import json, os, re, sys
from pathlib import Path
from time import perf_counter

begin = perf_counter()
{work}
size = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]
print(json.dumps({{"s": perf_counter() - begin, "cpu_s": sum(os.times()[:2]), "bytes": int(size) * 1024}}))
"""
_IMPORT = """
from contextlib import redirect_stdout
from bot.cli import main
with redirect_stdout(sys.stderr):
    assert main(["data", "add", sys.argv[1]]) == 0
"""
_TRAIN = """
from recommender import TrainingOptions, load_dataset, train
options = TrainingOptions(**json.loads(sys.argv[3]))
train(load_dataset(sys.argv[1]), options, lambda *step: print(*step, file=sys.stderr)).save(Path(sys.argv[2]))
"""
_PEER = """
import resource
from dataclasses import replace
import numpy as np
from recommender.datasets.dataset import Dataset
from recommender.evaluation.peers import peers_with_grids
from recommender.evaluation.protocol import friends, hold_out
limit = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
dataset = Dataset.load(Path(sys.argv[1]))
strangers = hold_out(dataset.ratings, 10, 0)
community = dataset.ratings.where(~np.isin(dataset.ratings.user_ids, strangers))
peer = peers_with_grids()[sys.argv[2]]
fitted = peer.fit(peer.options)(replace(dataset, ratings=community), 0)
list(fitted.scores(friends(dataset.ratings, strangers, 10, 0)))
"""


def measure(ratings: int, what: str, folder: Path, options: dict[str, Any] | None = None) -> dict[str, Any]:
    """Measure one thing on an edition with about so many ratings, which is made if it is not there.

    Parameters
    ----------
    ratings : int
    what : str
        ``import``, ``train``, or a peer of `recommender.evaluation.peers`.
    folder : Path
        Where all is written.
    options : dict, optional
        Fields of `TrainingOptions` that are not the usual ones.

    Returns
    -------
    dict
        ``ratings``, ``what``, the seconds (``s``), the processor's seconds (``cpu_s``) and the largest size
        of the process (``bytes``); of a peer that could not do it the last thing it said (``error``).
    """
    edition, home = folder / f"made-{ratings}", folder / "home"
    if not edition.exists():
        unfinished = edition.with_suffix(".unfinished")
        write(unfinished, shape_of(ratings))
        unfinished.replace(edition)
    saved = home / "datasets" / edition.name
    if what != "import" and not saved.exists():
        _run(home, _IMPORT, edition)
    if what == "import":
        done = _run(home, _IMPORT, edition)
    elif what == "train":
        done = _run(home, _TRAIN, saved, folder / "model", json.dumps(options or {}))
    else:
        done = _run(home, _PEER, saved, what, stderr=subprocess.PIPE)
        if done.returncode:
            return {"ratings": ratings, "what": what, "error": done.stderr.strip().splitlines()[-1]}
    done.check_returncode()
    return {"ratings": ratings, "what": what, **json.loads(done.stdout)}


def _run(
    home: Path, work: str, *arguments: str | Path, stderr: int | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _MEASURED.format(work=work), *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"MATINEE_HOME": str(home), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        check=False,
    )


def measured(file: Path) -> list[dict[str, Any]]:
    """What was measured before; a line that was not written to its end does not count."""
    lines = file.read_text(encoding="utf-8").split("\n")[:-1] if file.exists() else []
    return [json.loads(line) for line in lines]


def plot(found: Sequence[dict[str, Any]], file: Path) -> None:
    """Draw the processor's time and memory over ratings, both axes in powers, beside what would be linear."""
    from matplotlib.figure import Figure

    drawing: Any = Figure(figsize=(11, 4.5), layout="constrained")
    axes = drawing.subplots(1, 2)
    for number, what in enumerate(dict.fromkeys(line["what"] for line in found)):
        lines = sorted(
            (line for line in found if line["what"] == what and "error" not in line),
            key=lambda line: line["ratings"],
        )
        ratings = [line["ratings"] for line in lines]
        for axis, key, part in zip(axes, ("cpu_s", "bytes"), (60, GIB), strict=True):
            values = [line[key] / part for line in lines]
            axis.loglog(ratings, values, color=f"C{number}", marker="o", label=what)
            if what in LIMITS and lines:
                linear = [values[-1] * count / ratings[-1] for count in ratings]
                axis.loglog(ratings, linear, color=f"C{number}", linestyle=":", label=f"{what}, if linear")
                limit = LIMITS[what][key == "bytes"]
                axis.loglog(SIZES[-1], limit, color=f"C{number}", marker="_", markersize=24, linestyle="")
    for axis, title, unit in zip(axes, ("processor time", "memory"), ("min", "GiB"), strict=True):
        axis.set(xlabel="ratings", ylabel=unit, title=title)
        axis.grid(alpha=0.25)
    drawing.legend(*axes[0].get_legend_handles_labels(), loc="outside right upper", frameon=False)
    drawing.savefig(file, dpi=120)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure import and training over the number of ratings.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--peers", nargs="+", default=[])
    parser.add_argument("--options", type=json.loads, default={}, help="TrainingOptions as JSON")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    file = given.folder / "growth.jsonl"
    for ratings in given.sizes:
        for what in (*LIMITS, *given.peers):
            before = measured(file)
            line = next((one for one in before if (one["ratings"], one["what"]) == (ratings, what)), None)
            if line is None:
                line = measure(ratings, what, given.folder, given.options)
                # Written anew, as the last line of an interrupted run may be half a one.
                lines = [*before, line]
                file.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
            print(json.dumps(line), flush=True)
    plot(measured(file), given.folder / "growth.png")


if __name__ == "__main__":
    main()
