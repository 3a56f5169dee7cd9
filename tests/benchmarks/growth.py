"""Time and memory of import and training over the number of ratings, up to MovieLens 32M's.

    python -m tests.benchmarks.growth OUT [--sizes 1000000 3000000 10000000 32000000]

Prints a line of JSON for each size and keeps it in OUT/growth.jsonl; what is in there is not measured again,
so that an interrupted run can be taken up. Ends with OUT/growth.png.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from .scale import shape_of

ROOT = Path(__file__).parents[2]
SIZES = (1_000_000, 3_000_000, 10_000_000, 32_000_000)
GIB = 1 << 30

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


def measure(ratings: int, place: Path, options: dict[str, Any] | None = None) -> dict[str, Any]:
    """Make an edition with about so many ratings, add it, and train on it.

    Parameters
    ----------
    ratings : int
    place : Path
        An empty folder for all that is written.
    options : dict, optional
        Fields of `TrainingOptions` that are not the usual ones.

    Returns
    -------
    dict
        ``ratings``, ``people``, ``movies``, and of ``import`` and ``train`` each the seconds (``_s``), the
        processor's seconds (``_cpu_s``) and the largest size of the process (``_bytes``).
    """
    shape = shape_of(ratings)
    edition, home = place / f"made-{ratings}", place / "home"
    environment = os.environ | {"MATINEE_HOME": str(home), "PYTHONPATH": str(ROOT)}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    begin = perf_counter()
    run("-m", "tests.benchmarks.scale", str(edition), "--ratings", str(ratings))
    found: dict[str, Any] = {"ratings": ratings, "people": shape.people, "movies": shape.movies}
    found["make_s"] = round(perf_counter() - begin, 1)
    saved = home / "datasets" / edition.name
    for name, work, arguments in (
        ("import", _IMPORT, (str(edition),)),
        ("train", _TRAIN, (str(saved), str(place / "model"), json.dumps(options or {}))),
    ):
        told: dict[str, float] = json.loads(run("-c", _MEASURED.format(work=work), *arguments))
        found |= {f"{name}_{key}": round(value, 1) for key, value in told.items()}
    return found


def measured(file: Path) -> list[dict[str, Any]]:
    """What was measured before, by size; a line that was not written to its end does not count."""
    lines = file.read_text(encoding="utf-8").split("\n")[:-1] if file.exists() else []
    return sorted(map(json.loads, lines), key=lambda line: line["ratings"])


def plot(found: Sequence[dict[str, Any]], file: Path) -> None:
    """Draw time and memory over ratings, both axes in powers, beside what would be linear."""
    from matplotlib.figure import Figure

    drawing: Any = Figure(figsize=(11, 4.5), layout="constrained")
    ratings = [line["ratings"] for line in found]
    for axis, key, part, unit in zip(
        drawing.subplots(1, 2), ("s", "bytes"), (60, GIB), ("min", "GiB"), strict=True
    ):
        for name, colour, marker, bar in (("import", "#0072B2", "o", 0), ("train", "#D55E00", "s", 1)):
            values = [line[f"{name}_{key}"] / part for line in found]
            axis.loglog(ratings, values, color=colour, marker=marker, label=name)
            linear = [values[-1] * count / ratings[-1] for count in ratings]
            axis.loglog(ratings, linear, color=colour, linestyle=":", label=f"{name}, if it were linear")
            limit = ((5, 40), (4, 8))[key == "bytes"][bar]
            axis.loglog(SIZES[-1], limit, color=colour, marker="_", markersize=24, linestyle="")
        axis.set(xlabel="ratings", ylabel=unit, title="time" if key == "s" else "memory")
        axis.grid(alpha=0.25)
    drawing.axes[0].legend(frameon=False)
    drawing.savefig(file, dpi=120)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure import and training over the number of ratings.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--options", type=json.loads, default={}, help="TrainingOptions as JSON")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    file = given.folder / "growth.jsonl"
    for ratings in given.sizes:
        line = next((line for line in measured(file) if line["ratings"] == ratings), None)
        if line is None:
            with tempfile.TemporaryDirectory(dir=given.folder) as place:
                line = measure(ratings, Path(place), given.options)
            # Written anew, as the last line of an interrupted run may be half a one.
            lines = [*measured(file), line]
            file.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
        print(json.dumps(line), flush=True)
    plot(measured(file), given.folder / "growth.png")


if __name__ == "__main__":
    main()
