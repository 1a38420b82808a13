"""Remake the validation: the tables in results/validation and docs/validation.md, and the figures.

    python experiments/calibration/validate.py            a few minutes on one core

The curve of real repeat purchases needs the extra [data]; without it the stored one is kept.
"""

from __future__ import annotations

import io
from pathlib import Path

import figures
import numpy as np
import pandas as pd

from goodwill.files import write_atomically
from goodwill.lab.calibrate_targets import Targets
from goodwill.lab.illustrations import churn_by_cause, town_in_numbers
from goodwill.lab.validation import ablate, bgnbd_of, compare_category, compare_cohort, simulate_cohort, track
from goodwill.measures.cdnow import load_cdnow
from goodwill.provenance import versions
from goodwill.scenario.scenario import Scenario

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RESULTS = ROOT / "results" / "validation"
PAGE = ROOT / "docs" / "validation.md"
CATEGORIES = {"coffee": "grocery-coffee", "soft_drinks": "grocery-soft-drinks"}

WITHOUT: dict[str, dict[str, object]] = {
    "no habit": {"behaviour.habit.on": False},
    "last purchase only": {"behaviour.habit.retention": 0.0},
    "one brand a trip": {"behaviour.incidence.extra_brand": 0.0},
    "Poisson trips": {"behaviour.incidence.erlang": 1},
    "no experience": {"behaviour.expectation.on": False, "behaviour.satisfaction.on": False},
    "tastes at shares": {},
}


def save(name: str, table: pd.DataFrame, *scenarios: Scenario) -> None:
    """Write a table with a first line that says where it comes from."""
    made = ", ".join(f"{package} {number}" for package, number in versions().items())
    origin = "; ".join(f"scenario {s.name} {s.hash()} seed {s.seed}" for s in scenarios)
    text = io.StringIO()
    table.to_csv(text, index=False, float_format="%.6g", lineterminator="\n")
    write_atomically(RESULTS / name, lambda p: p.write_text(f"# {origin}; {made}\n{text.getvalue()}", encoding="utf-8"))


def markdown(table: pd.DataFrame, digits: dict[str, int] | int = 3) -> str:
    """A table of the documentation; numbers to so many decimals, by column or for all."""

    def cell(column: str, value: object) -> str:
        if isinstance(value, bool | np.bool_):
            return "yes" if value else "**no**"
        if isinstance(value, float):
            places = digits if isinstance(digits, int) else digits.get(column, 3)
            return "" if np.isnan(value) else f"{value:.{places}f}"
        return str(value)

    head = [str(c) for c in table.columns]
    numeric = [pd.api.types.is_numeric_dtype(table[c]) and table[c].dtype != bool for c in table.columns]
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join("---:" if n else "---" for n in numeric) + "|"]
    for row in table.itertuples(index=False):
        lines.append("| " + " | ".join(cell(c, v) for c, v in zip(head, row, strict=True)) + " |")
    return "\n".join(lines)


def wide(brands: pd.DataFrame) -> pd.DataFrame:
    """Brands in rows, real and simulated side by side; an asterisk where the real number is outside the range."""
    rows = []
    for brand, part in brands.groupby("brand", sort=False):
        row = {"brand": brand}
        for _, line in part.iterrows():
            digits = 2 if line["measure"] in ("w", "wcat") else 3
            star = "" if line["inside"] else "*"
            row[str(line["measure"])] = f"{line['real']:.{digits}f} / {line['simulated']:.{digits}f}{star}"
        rows.append(row)
    return pd.DataFrame(rows)


def fill(page: str, tables: dict[str, str]) -> str:
    """The page with its marked tables replaced."""
    for name, text in tables.items():
        before, start, rest = page.partition(f"<!-- table: {name} -->")
        old, end, after = rest.partition("<!-- end -->")
        if not start or not end:
            raise SystemExit(f"{PAGE.name} has no place for the table {name!r}")
        page = f"{before}{start}\n\n{text}\n\n{end}{after}"
    return page


def tracking() -> pd.DataFrame:
    """Cumulative repeat purchases of the cohort by week: real (where the data are there), simulated, BG/NBD."""
    scenario = Scenario.preset("music-retailer")
    weeks = scenario.periods
    first, purchases = simulate_cohort(scenario)
    table = pd.DataFrame({"week": np.arange(1, weeks + 1), "simulated": track(first, purchases, weeks)})
    try:
        begin, rows = load_cdnow()
        table["real"] = track(begin, rows, weeks)
    except ModuleNotFoundError as error:
        print(f"{error}; the stored curve is kept")
        begin = first
        table["real"] = pd.read_csv(RESULTS / "cdnow-tracking.csv", comment="#")["real"]
    table["bgnbd"] = bgnbd_of(scenario).cohort_repeats(begin, table["week"])
    return table[["week", "real", "simulated", "bgnbd"]]


def errors_of(curve: pd.DataFrame) -> pd.DataFrame:
    """Errors of simulated and BG/NBD repeats: cumulative, cumulative since week 39, and week by week."""
    rows = []
    for name in ("simulated", "bgnbd"):
        made, real = curve[name].to_numpy(float), curve["real"].to_numpy(float)
        late = slice(39, 78)
        since = [np.cumsum(np.diff(x)[38:77]) for x in (made, real)]
        weekly = [np.diff(x)[38:77] for x in (made, real)]
        rows.append(
            {
                "curve": {"simulated": "preset, one run", "bgnbd": "BG/NBD, analytic"}[name],
                "cumulative, weeks 1-78": float(np.abs(made / real - 1).mean()),
                "cumulative, weeks 40-78": float(np.abs(made[late] / real[late] - 1).mean()),
                "since week 39, read weekly": float(np.abs(since[0] / since[1] - 1).mean()),
                "repeats of the single weeks 40-78": float(np.abs(weekly[0] / weekly[1] - 1).mean()),
            }
        )
    return pd.DataFrame(rows)


def main() -> None:
    tables: dict[str, str] = {}
    brands_by_category = {}
    for category, preset in CATEGORIES.items():
        name = category.replace("_", "-")
        scenario, targets = Scenario.preset(preset), Targets.read(HERE / "targets", category)
        brands, moments, met = compare_category(scenario, targets)
        shares = {f"firms.{j}.share": float(targets.brands["share"][f.name]) for j, f in enumerate(scenario.firms)}
        ablated = ablate(scenario, targets, {**WITHOUT, "tastes at shares": shares})
        for kind, table in (("brands", brands), ("moments", moments), ("criteria", met), ("ablation", ablated)):
            save(f"{kind}-{name}.csv", table, scenario)
        brands_by_category[category] = brands
        tables[f"brands {name}"] = markdown(wide(brands))
        known = moments[moments["real"].notna()]
        tables[f"moments {name}"] = markdown(
            known[["moment", "role", "real", "se", "simulated", "low", "high", "inside"]], 4
        )
        tables[f"criteria {name}"] = markdown(met, 4)
        tables[f"ablation {name}"] = markdown(ablated.drop(columns="bound"), 3)
        print(met.to_string(index=False), flush=True)
    cohort = Scenario.preset("music-retailer")
    known = pd.read_csv(HERE / "targets" / "moments.csv", comment="#")
    compared = compare_cohort(cohort, known[known["category"] == "cdnow"].set_index("moment"))
    save("cdnow-moments.csv", compared, cohort)
    tables["cdnow moments"] = markdown(compared, 4)
    curve = tracking()
    save("cdnow-tracking.csv", curve, cohort)
    tables["cdnow errors"] = markdown(errors_of(curve), 3)
    churn, town = churn_by_cause(Scenario.preset("mobile-contract")), town_in_numbers(Scenario.preset("coffee-town"))
    save("mobile-contract.csv", churn, Scenario.preset("mobile-contract"))
    save("coffee-town.csv", town, Scenario.preset("coffee-town"))
    tables["mobile-contract"], tables["coffee-town"] = markdown(churn, 2), markdown(town, 3)
    figures.brands(brands_by_category, RESULTS / "brands.png")
    figures.tracking(curve, RESULTS / "cdnow-tracking.png")
    text = fill(PAGE.read_text(encoding="utf-8"), tables)
    write_atomically(PAGE, lambda p: p.write_text(text, encoding="utf-8"))
    print(f"wrote {RESULTS.relative_to(ROOT)} and {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
