"""Fit the grocery presets to their categories again and write the numbers into their files; comments stay.

    python experiments/calibration/run.py                 both categories, some minutes on one core
    python experiments/calibration/run.py coffee          one of them
    python experiments/calibration/run.py --dry-run       show, write nothing

Deterministic: the search starts from fixed values with a fixed seed, so the same code gives the same numbers.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from goodwill.files import write_atomically
from goodwill.lab.calibrate import calibrate
from goodwill.lab.calibrate_targets import Targets, criteria
from goodwill.scenario.presets import preset_path
from goodwill.scenario.scenario import Scenario
from goodwill.scenario.text import replace_numbers

HERE = Path(__file__).resolve().parent
RESULTS = HERE.parent.parent / "results" / "validation"

PRESETS = {"coffee": "grocery-coffee", "soft_drinks": "grocery-soft-drinks"}

# Where the search starts: a trial fit made by hand, beside the tastes at the shares of the data.
START = {
    "coffee": {
        "population.loyalty_spread": 2.5,
        "population.trips_shape": 0.28,
        "behaviour.habit.strength": 1.5,
        "behaviour.habit.retention": 0.5,
        "behaviour.incidence.extra_brand": 0.05,
    },
    "soft_drinks": {
        "population.loyalty_spread": 5.0,
        "population.trips_shape": 0.71,
        "behaviour.habit.strength": 2.0,
        "behaviour.habit.retention": 0.7,
        "behaviour.incidence.extra_brand": 0.27,
    },
}


def start_of(category: str, targets: Targets) -> Scenario:
    """The preset with the free parameters at their start."""
    preset = Scenario.preset(PRESETS[category])
    shares = targets.for_firms(tuple(f.name for f in preset.firms))["share"]
    tastes = {f"firms.{j}.share": float(s / shares.sum()) for j, s in enumerate(shares)}
    return preset.with_({**START[category], **tastes})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("categories", nargs="*", default=list(PRESETS), help=f"from {', '.join(PRESETS)}")
    parser.add_argument("--customers", type=int, default=100_000, help="customers of every run")
    parser.add_argument("--steps", type=int, default=8, help="steps of the search at most")
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    options = parser.parse_args()
    for category in options.categories:
        if category not in PRESETS:
            parser.error(f"{category!r} is not a category; choose from {', '.join(PRESETS)}")
        targets = Targets.read(HERE / "targets", category)
        print(f"{category}: fitting {PRESETS[category]}", flush=True)
        fit = calibrate(
            start_of(category, targets),
            targets,
            customers=options.customers,
            steps=options.steps,
            report=lambda step, distance, values: print(
                f"  step {step}: distance {distance:.2f}  "
                + "  ".join(f"{path.rsplit('.', 1)[1]} {value:g}" for path, value in values.items()),
                flush=True,
            ),
        )
        print(criteria(fit.panel, targets, fit.shares).to_string(index=False))
        if not options.dry_run:
            path = preset_path(PRESETS[category])
            text = replace_numbers(path.read_text(encoding="utf-8"), fit.values)
            write_atomically(path, lambda there, text=text: there.write_text(text, encoding="utf-8"))
            history = RESULTS / f"calibration-{category.replace('_', '-')}.csv"
            write_atomically(
                history, lambda there, fit=fit: fit.history.to_csv(there, index=False, float_format="%.6g")
            )
            print(f"  wrote {path.name} and {history.name}", flush=True)


if __name__ == "__main__":
    main()
