"""Measures goodwill's speed, as ratios taken in one interleaved run, and writes them to docs/performance.md.

`python -m benchmarks.run` runs every part; `--parts mini,town` only some; `--quick` small sizes, and nothing is written.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from goodwill.files import write_atomically
from goodwill.provenance import git_commit, versions
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

ROOT = Path(__file__).resolve().parent.parent
SUMMARY = ROOT / "results" / "performance" / "summary.json"
PAGE = ROOT / "docs" / "performance.md"
MARKS = ("<!-- measured: begin -->", "<!-- measured: end -->")
MECHANISMS = {
    "habit": {"behaviour.habit.on": True},
    "expectation": {"behaviour.expectation.on": True},
    "satisfaction": {"behaviour.satisfaction.on": True},
    "zone of tolerance (with both)": {
        "behaviour.expectation.on": True, "behaviour.satisfaction.on": True, "behaviour.zone.on": True,
    },
    "commitment": {"behaviour.commitment.on": True},
    "defection": {"behaviour.defection.on": True},
    "word of mouth": {"behaviour.word_of_mouth.on": True},
    "outside option": {"behaviour.outside.on": True},
    "natural exit": {"population.natural_exit": 0.05},
}  # fmt: skip


def _simulate(scenario: Scenario, threads: int, warm: int = 2) -> float:
    """Seconds of stepping, after a few periods to warm up, per customer-period."""
    simulation = Simulation(scenario, threads=threads)
    simulation.advance(warm)
    began = time.perf_counter()
    simulation.run()
    return (time.perf_counter() - began) / (scenario.customers * (scenario.periods - warm))


def _mini(customers: int, periods: int = 26) -> Scenario:
    return Scenario.preset("mini").with_(customers=customers, periods=periods)


def _interleaved(tasks: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Every task in turn, `rounds` times: seconds per customer-period by task."""
    found: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            found[name].append(task())
    return found


def _speed(seconds: list[float]) -> float:
    """Millions of customer-periods a second in the fastest round: what else a machine does only ever adds time."""
    return 1e-6 / min(seconds)


def part_mini(quick: bool) -> dict[str, Any]:
    """The 'mini' market against the baselines, and over sizes."""
    from benchmarks.baselines import fused_numba, mesa_idiomatic

    large, middle = (100_000, 5_000) if quick else (1_000_000, 100_000)

    def baseline(module: Any, customers: int, months: int, **kw: Any) -> float:
        result = module.run(customers=customers, months=months, **kw)
        return result["seconds"] / result["customer_months"]

    tasks: dict[str, Callable[[], float]] = {
        "goodwill, large, 2 threads": lambda: _simulate(_mini(large), 2),
        "fused loop, large, 2 threads": lambda: baseline(fused_numba, large, 24, threads=2),
        "goodwill, large, 1 thread": lambda: _simulate(_mini(large), 1),
        "fused loop, large, 1 thread": lambda: baseline(fused_numba, large, 24, threads=1),
        "goodwill, middle, 2 threads": lambda: _simulate(_mini(middle), 2),
        "Mesa, middle": lambda: baseline(mesa_idiomatic, middle, 4),
    }
    fused_numba.run(customers=2000, months=2, threads=2)
    seconds = _interleaved(tasks, 1 if quick else 6)

    def ratio(slow: str, fast: str) -> float:
        return min(seconds[slow]) / min(seconds[fast])

    sizes = (10_000, 100_000) if quick else (10_000, 100_000, 1_000_000, 10_000_000)
    # The same number of customer-periods at every size, small markets not below a second's worth of it.
    by_size = {
        str(n): _speed([_simulate(_mini(n, max(6, min(1000, 20_000_000 // n))), 2) for _ in range(4)]) for n in sizes
    }
    return {
        "sizes": {"large": large, "middle": middle},
        "million_per_second": {name: _speed(values) for name, values in seconds.items()},
        "ratios": {
            "fused loop / goodwill, large, 2 threads": ratio(
                "fused loop, large, 2 threads", "goodwill, large, 2 threads"
            ),
            "fused loop / goodwill, large, 1 thread": ratio("fused loop, large, 1 thread", "goodwill, large, 1 thread"),
            "Mesa / goodwill, middle": ratio("Mesa, middle", "goodwill, middle, 2 threads"),
        },
        "by_size": by_size,
        "flatness": max(by_size.values()) / min(by_size.values()),
    }


_TOWN = """
import json, sys, time
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation
customers, periods = int(sys.argv[1]), int(sys.argv[2])
Simulation(Scenario.preset("coffee-town").with_(customers=2000, periods=3, warm_up=1), threads=2).run()
def peak_bytes():
    # The process's own high-water mark; the one of getrusage starts at its parent's.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
before = peak_bytes()
began = time.perf_counter()
simulation = Simulation(Scenario.preset("coffee-town").with_(customers=customers, periods=periods), threads=2)
built = time.perf_counter()
simulation.run()
end = time.perf_counter()
peak = peak_bytes()
print(json.dumps({"customers": customers, "periods": periods, "build_seconds": built - began, "run_seconds": end - built,
    "peak_bytes_per_customer": peak / customers, "net_bytes_per_customer": (peak - before) / customers,
    "state_bytes_per_customer": simulation.population.bytes / customers}))
"""


def part_town(quick: bool) -> dict[str, Any]:
    """coffee-town, every mechanism on, in a process of its own."""
    size = ("50000", "60") if quick else ("1000000", "104")
    runs = []
    for _ in range(1 if quick else 2):
        done = subprocess.run([sys.executable, "-c", _TOWN, *size], capture_output=True, text=True, check=True)
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    return min(runs, key=lambda run: run["run_seconds"])


def _small_runs(block: range) -> int:
    """Runs of 5,000 customers x 60 months; returns purchases, so that the work cannot be left out."""
    scenario = _mini(5_000, 60)
    bought = 0
    for replicate in block:
        simulation = Simulation(scenario, replicate=replicate, threads=1)
        simulation.run()
        bought += int(simulation.totals.firms[:, :, 0].sum())
    return bought


def part_many(quick: bool) -> dict[str, Any]:
    """Many small runs in two warm processes."""
    from loky import get_reusable_executor

    runs = 40 if quick else 1000
    pool = get_reusable_executor(max_workers=2)
    blocks = [range(start, min(start + 25, runs)) for start in range(0, runs, 25)]
    list(pool.map(_small_runs, [range(2)] * 2))  # start and warm both
    began = time.perf_counter()
    purchases = sum(pool.map(_small_runs, blocks))
    return {"runs": runs, "seconds": time.perf_counter() - began, "purchases": purchases}


def part_mechanisms(quick: bool) -> dict[str, Any]:
    """Nanoseconds per customer-period that each mechanism adds to the null market, one thread."""
    customers = 20_000 if quick else 200_000
    switched_off = {
        f"behaviour.{name}.on": False for name in ("expectation", "satisfaction", "defection", "word_of_mouth")
    }
    null = _mini(customers, 14).with_({**switched_off, "firms.0.programmes": []})
    tasks = {"null market": lambda: _simulate(null, 1), "null market again": lambda: _simulate(null, 1)}
    for name, change in MECHANISMS.items():
        tasks[name] = partial(_simulate, null.with_(change), 1)
    card = null.with_programmes(0, [{"kind": "stamp_card", "start": 0}])
    points = null.with_programmes(0, [{"kind": "points", "start": 0, "threshold": 20}])
    tasks["stamp card"] = lambda: _simulate(card, 1)
    tasks["points with expiry"] = lambda: _simulate(points, 1)
    seconds = _interleaved(tasks, 1 if quick else 5)
    base = seconds["null market"]
    added = {name: (min(values) - min(base)) * 1e9 for name, values in seconds.items() if name != "null market"}
    return {"null_ns": min(base) * 1e9, "added_ns": added}


def _command(arguments: list[str], rounds: int, **environment: str) -> float:
    """Median seconds of a whole process."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        subprocess.run(arguments, capture_output=True, check=True, env={**os.environ, **environment})
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def part_start(quick: bool) -> dict[str, Any]:
    """Start-up: help, import, first compile."""
    rounds = 2 if quick else 5
    python = sys.executable
    compile_once = (
        "from goodwill.scenario.scenario import Scenario; from goodwill.simulation import Simulation; "
        "Simulation(Scenario.preset('mini').with_(customers=100, periods=2), threads=1).run()"
    )
    with tempfile.TemporaryDirectory() as folder:
        first = _command([python, "-c", compile_once], 1, GOODWILL_CACHE_DIR=folder)
        second = _command([python, "-c", compile_once], 1, GOODWILL_CACHE_DIR=folder)
    return {
        "help_seconds": _command([str(Path(python).with_name("goodwill")), "--help"], rounds),
        "import_goodwill_seconds": _command([python, "-c", "import goodwill"], rounds),
        "import_market_seconds": _command([python, "-c", "import goodwill; goodwill.Market"], rounds),
        "import_mesa_seconds": _command([python, "-c", "import mesa"], rounds),
        "first_ever_seconds": first,
        "next_process_seconds": second,
    }


PARTS = {"mini": part_mini, "town": part_town, "many": part_many, "mechanisms": part_mechanisms, "start": part_start}


def processor() -> str:
    """What the machine says its processor is."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"


def table(summary: dict[str, Any]) -> str:
    """The measured part of the page."""
    mini, town, many, start = (summary[name] for name in ("mini", "town", "many", "start"))
    speed, ratios = mini["million_per_second"], mini["ratios"]
    flat = ", ".join(f"{int(n):,}: {value:.0f}" for n, value in mini["by_size"].items())
    rows = [
        ("mini, 1 million customers, 2 threads", f"{speed['goodwill, large, 2 threads']:.0f} M customer-months/s", "40, aim 70"),
        ("the same, 1 thread", f"{speed['goodwill, large, 1 thread']:.0f} M/s", "-"),
        ("against one fused Numba loop, 2 threads", f"{ratios['fused loop / goodwill, large, 2 threads']:.2f} times", "2.5"),
        ("against one fused Numba loop, 1 thread", f"{ratios['fused loop / goodwill, large, 1 thread']:.2f} times", "-"),
        ("against idiomatic Mesa, 100 thousand customers", f"{ratios['Mesa / goodwill, middle']:.0f} times", "200"),
        (f"speed by size (M/s: {flat})", f"within {mini['flatness']:.2f} times", "1.5"),
        (
            f"coffee-town, {town['customers']:,} customers x {town['periods']} weeks, 2 threads",
            f"{town['run_seconds']:.1f} s (+ {town['build_seconds']:.1f} s to draw the customers)",
            "15 s",
        ),
        (
            "its peak memory per customer",
            f"{town['net_bytes_per_customer']:.0f} bytes above the started process ({town['peak_bytes_per_customer']:.0f} with it)",
            "400",
        ),
        (f"{many['runs']:,} runs of 5,000 customers x 60 months, 2 processes", f"{many['seconds']:.1f} s", "6 s"),
        ("`goodwill --help`", f"{start['help_seconds']:.2f} s", "0.5 s"),
        ("`import goodwill`, against `import mesa`",
         f"{start['import_goodwill_seconds'] / start['import_mesa_seconds']:.2f} times", "1.2"),
        ("first run ever on a machine, compiling", f"{start['first_ever_seconds']:.0f} s", "60 s"),
        ("the next process", f"{start['next_process_seconds']:.1f} s", "-"),
    ]  # fmt: skip
    lines = ["| what | measured | target |", "|---|---|---|", *(f"| {a} | {b} | {c} |" for a, b, c in rows), ""]
    mechanisms = summary["mechanisms"]
    lines += [
        f"The null market takes {mechanisms['null_ns']:.1f} ns per customer-month on one thread; each mechanism adds:",
        "",
        "| mechanism | ns per customer-month |",
        "|---|---|",
        *(f"| {name} | {value:+.1f} |" for name, value in mechanisms["added_ns"].items()),
        "",
        f"Measured on {summary['machine']['processor']}, {summary['machine']['processors']} processors; goodwill "
        f"{summary['versions']['goodwill']} at {summary['git_commit']}, Python {summary['versions']['python']}, Numba "
        f"{summary['versions']['numba']}.",
    ]
    return "\n".join(lines)


def write(summary: dict[str, Any]) -> None:
    """Store the summary and put its table into the page."""
    text = json.dumps(summary, indent=1) + "\n"
    write_atomically(SUMMARY, lambda path: path.write_text(text, encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8")
    begin, end = page.index(MARKS[0]) + len(MARKS[0]), page.index(MARKS[1])
    page = page[:begin] + "\n\n" + table(summary) + "\n\n" + page[end:]
    write_atomically(PAGE, lambda path: path.write_text(page, encoding="utf-8"))


def main() -> None:
    """Run the parts asked for; a full run is written down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", default=",".join(PARTS), help=f"some of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it works; nothing is written")
    chosen = parser.parse_args()
    names = chosen.parts.split(",")
    for name in names:
        if name not in PARTS:
            parser.error(f"there is no part {name!r}; known are {', '.join(PARTS)}")
    summary: dict[str, Any] = {
        "machine": {"processor": processor(), "processors": os.cpu_count()},
        "versions": versions(),
        "git_commit": git_commit(),
    }
    if not chosen.quick and SUMMARY.exists():
        summary = {**json.loads(SUMMARY.read_text(encoding="utf-8")), **summary}
    _simulate(_mini(5_000, 4), 2)  # so that nothing below has to compile
    for name in names:
        print(f"{name} ...", flush=True)
        summary[name] = PARTS[name](chosen.quick)
        print(json.dumps(summary[name], indent=1), flush=True)
    if not chosen.quick and all(name in summary for name in PARTS):
        write(summary)


if __name__ == "__main__":
    main()
