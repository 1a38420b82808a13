"""What a category of a real panel looks like, and the criteria by which a simulated one agrees with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from goodwill.errors import ScenarioError
from goodwill.lab.calibrate_panel import Panel

LARGE = 0.05
"""Brands of this share and more enter the mean errors."""

BRAND_COLUMNS = ("share", "pen", "w", "wcat", "scr", "loyal100", "repeat")


@dataclass(frozen=True, eq=False)
class Targets:
    """Summary numbers of one category.

    brands: by brand, the columns of `brand_performance`, `repeat` included. moments: `value` and `se` (nan where it
    was not computed) by name, those of `category_moments`.
    """

    category: str
    brands: pd.DataFrame
    moments: pd.DataFrame

    @classmethod
    def read(cls, folder: str | Path, category: str) -> Targets:
        """From `brands.csv` (category, brand, ...) and `moments.csv` (category, moment, value, se, ...) of a folder.

        Raises `ScenarioError` for a missing file or category.
        """
        tables = []
        for name, index in (("brands.csv", "brand"), ("moments.csv", "moment")):
            path = Path(folder) / name
            if not path.is_file():
                raise ScenarioError(f"{path}: there is no such file; it holds the targets of a calibration")
            table = pd.read_csv(path, comment="#")
            chosen = table[table["category"] == category]
            if chosen.empty:
                known = ", ".join(sorted(table["category"].unique()))
                raise ScenarioError(f"{path}: has no category {category!r}; known are {known}")
            tables.append(chosen.set_index(index).drop(columns="category"))
        return cls(category, tables[0], tables[1][["value", "se"]].astype(np.float64))

    def value(self, moment: str) -> float:
        """One moment; those that follow from others are derived. Raises KeyError for one that is not known."""
        if moment in self.moments.index:
            return float(self.moments["value"][moment])
        if moment == "repeat_lag1":
            return self.value("exchangeable_agreement") + self.value("excess_lag1")
        if moment == "purchases_per_trip":
            purchases = float((self.brands["pen"] * self.brands["w"]).sum())
            return purchases / (self.value("penetration") * self.value("trips_per_buyer"))
        raise KeyError(moment)

    def known(self, moment: str) -> float:
        """The same, and nan for a moment that is not known."""
        try:
            return self.value(moment)
        except KeyError:
            return float("nan")

    def error(self, moment: str, own: bool = False) -> float:
        """Standard error of one moment, nan without one; for an excess repeat without its `own`, that of lag 1."""
        se = float(self.moments["se"][moment]) if moment in self.moments.index else float("nan")
        if np.isnan(se) and moment.startswith("excess_lag") and not own:
            return float(self.moments["se"]["excess_lag1"])
        return se

    def for_firms(self, names: tuple[str, ...]) -> pd.DataFrame:
        """Brands in the order of a scenario's firms; raises `ScenarioError` when they are not the same."""
        if set(names) != set(self.brands.index):
            raise ScenarioError(f"the firms {', '.join(names)} are not the brands {', '.join(self.brands.index)}")
        return self.brands.loc[list(names)]


def brand_errors(panel: Panel, targets: Targets) -> pd.DataFrame:
    """Simulated less real, by brand: relative for share, pen, w, wcat and scr, absolute for loyal100 and repeat."""
    real = targets.for_firms(panel.names)
    seen = panel.brands
    errors = pd.DataFrame(index=real.index)
    for column in BRAND_COLUMNS:
        difference = seen[column] - real[column]
        errors[column] = difference if column in ("loyal100", "repeat") else difference / real[column]
    return errors


def criteria(panel: Panel, targets: Targets, shares: np.ndarray | None = None) -> pd.DataFrame:
    """The criteria of agreement: what, size of the error, bound, and whether it is met.

    shares: market shares from a larger market, in the order of the panel's names; by default those of the panel, which
    scatter.
    """
    real, errors, moments = targets.for_firms(panel.names), brand_errors(panel, targets), panel.moments
    large = real["share"] >= LARGE
    weight = real.loc[large, "share"] / real.loc[large, "share"].sum()

    share_error = errors["share"].to_numpy() if shares is None else shares / real["share"].to_numpy() - 1.0

    def mean(column: str) -> float:
        return float((weight * errors.loc[large, column].abs()).sum())

    def signed(column: str) -> float:
        return float((weight * errors.loc[large, column]).sum())

    def moment(name: str) -> float:
        return float(moments[name] - targets.value(name))

    rows = [
        ("share of every brand, relative, largest error", float(np.abs(share_error).max()), 0.03),
        ("penetration, relative, weighted mean", mean("pen"), 0.12),
        ("purchases per buyer, relative, weighted mean", mean("w"), 0.15),
        ("share of requirements, relative, weighted mean", mean("scr"), 0.15),
        ("sole buyers, absolute, weighted mean", mean("loyal100"), 0.06),
        ("duplication D, relative", moment("dup_D") / targets.value("dup_D"), 0.10),
        ("repeat rate, overall", moment("repeat_lag1"), 0.02),
        ("repeat rate of brands, weighted mean", signed("repeat"), 0.02),
        ("excess repeat at lag 1, in standard errors", moment("excess_lag1") / targets.error("excess_lag1"), 2.0),
        ("excess repeat at lag 2, in standard errors", moment("excess_lag2") / targets.error("excess_lag2"), 2.0),
    ]
    table = pd.DataFrame(rows, columns=["criterion", "error", "bound"])
    table["met"] = table["error"].abs() <= table["bound"]
    return table
