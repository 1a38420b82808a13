"""Runs experiments and refreshes what is committed of them: results/NAME/ and the answer in experiments/NAME/README.md.

    python experiments/remake.py                  all of them
    python experiments/remake.py tiers referral   these

What is done is kept in results/NAME/runs/ (ignored by git), so that an interrupted run goes on.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from goodwill.errors import GoodwillError
from goodwill.lab.experiment import Experiment
from goodwill.scenario.explain import nearest

HERE = Path(__file__).resolve().parent
RESULTS = HERE.parent / "results"


def experiments() -> dict[str, Experiment]:
    """All experiments by name: the folders that have an answer.py."""
    return {
        path.parent.name: Experiment(path.parent, RESULTS / path.parent.name)
        for path in sorted(HERE.glob("*/answer.py"))
    }


def main() -> int:
    """The command."""
    from goodwill.commands.progress import Bar

    parser = argparse.ArgumentParser(description="Run experiments and refresh their results.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="which; default: all")
    parser.add_argument("--workers", type=int, default=None, help="processes; default: all processors")
    options = parser.parse_args()
    known = experiments()
    try:
        for name in options.names or known:
            if name not in known:
                raise GoodwillError(f"there is no experiment {name!r}{nearest(name, list(known))}")
            began = time.perf_counter()
            with Bar("runs") as bar:
                bar.stage(name)
                known[name].remake(
                    workers=options.workers,
                    progress=bar.advance,
                    stage=bar.stage,
                    command=f"python experiments/remake.py {name}",
                )
            print(f"{name}: refreshed results/{name} in {time.perf_counter() - began:.0f} s")
    except GoodwillError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; what is done is kept, and the same command goes on from there", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
