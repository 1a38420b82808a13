"""Runs the experiment and refreshes what is committed of it: results/four-designs/ and the answer in README.md.

    python experiments/four-designs/run.py [--replications 100] [--workers 2]

Finished replications are kept in results/four-designs/runs/ (ignored by git), so that an interrupted run goes on.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from goodwill.errors import GoodwillError
from goodwill.lab.compare import compare
from goodwill.lab.four_designs import BUDGET, FIRM, designs, market
from goodwill.report.files import write_all
from goodwill.report.numbers import money, percent, points

HERE = Path(__file__).resolve().parent
RESULTS = HERE.parents[1] / "results" / "four-designs"
NAME = "four-designs"
BEGIN, END = "<!-- answer: written by run.py -->", "<!-- end of answer -->"


def run(replications: int, workers: int | None) -> None:
    """Compare, and write the small results and the answer."""
    from goodwill.commands.progress import Bar

    with Bar("worlds") as bar:
        result = compare(
            market(),
            designs(),
            firm=FIRM,
            replications=replications,
            budget=BUDGET,
            workers=workers,
            folder=RESULTS,
            progress=bar.advance,
            stage=bar.stage,
            command=f"python experiments/four-designs/run.py --replications {replications}",
        )
    write_all(result, RESULTS, NAME, small=True)
    readme = HERE / "README.md"
    text = readme.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    readme.write_text(f"{before}{BEGIN}\n\n{answer()}\n\n{END}{after}", encoding="utf-8")
    print(f"wrote {RESULTS.relative_to(HERE.parents[1])} and the answer in {readme.relative_to(HERE.parents[1])}")


def answer() -> str:
    """The answer in words and numbers, from the committed summary and nothing else."""
    content = json.loads((RESULTS / f"{NAME}.json").read_text(encoding="utf-8"))
    found = {(row["arm"], row["outcome"]): row for row in content["summary"]}
    verdict, currency = content["verdict"], content["currency"]
    lines = [f"**{verdict['headline']}** {' '.join(verdict['reasons'])}", ""]
    heads = (
        "design",
        "incremental profit",
        "95 % interval",
        "programme cost",
        "ROI",
        "retention",
        "share",
        "given anyway",
    )
    lines += [f"| {' | '.join(heads)} |", f"|---{'|--:' * (len(heads) - 1)}|"]
    for arm in content["arms"]:
        if arm != content["baseline"]:
            lines.append(f"| {' | '.join(_row(arm, found))} |")
    worlds = content["provenance"]["replications"]
    lines += [
        "",
        f"Per year, against doing nothing; money in {currency} for {content['customers']:,} households; retention and share in "
        f"percentage points. {worlds} paired worlds, seed {content['provenance']['seed']}; budget {money(content['budget'])} "
        f"{currency} a year, {BUDGET.replace('%', ' %')} of the brand's revenue.",
    ]
    return "\n".join(lines)


def _row(arm: str, found: dict[tuple[str, str], dict[str, Any]]) -> list[str]:
    gain = found[arm, "incremental_profit"]

    def change(outcome: str) -> str:
        return points(found[arm, outcome]["difference"])

    return [
        arm,
        money(gain["mean"], True),
        f"{money(gain['low'], True)} to {money(gain['high'], True)}",
        money(found[arm, "programme_cost"]["difference"]),
        percent(found[arm, "roi"]["mean"], True, 0),
        change("retention"),
        change("share"),
        percent(found[arm, "anyway"]["mean"], digits=0),
    ]


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Run the experiment of the four designs and refresh its results.")
    parser.add_argument("--replications", type=int, default=100)
    parser.add_argument("--workers", type=int, default=None)
    options = parser.parse_args()
    try:
        run(options.replications, options.workers)
    except GoodwillError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; what is done is kept, and the same command goes on from there", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
