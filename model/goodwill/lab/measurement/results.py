"""What came of a measurement: truths, estimates, and how good these are."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from goodwill.errors import StudyError
from goodwill.lab.jobs.job import RUNS
from goodwill.lab.jobs.store import Store
from goodwill.lab.measurement.performance import performance
from goodwill.lab.measurement.simulate import MEASURED
from goodwill.lab.measurement.trial import PLACEBO, REAL

if TYPE_CHECKING:
    from goodwill.plots.style import PaperFigure


class Measured:
    """Read one with `Measured.load(folder)`, finished or not; tables are pandas DataFrames.

    The worlds are told apart by `arm`, and `case` or the names of the factors that were varied.
    """

    def __init__(self, folder: str | Path, keep_alive: Any = None) -> None:
        self.folder = Path(folder)
        self._store = Store(folder, read_only=True)
        manifest = self._store.manifest()
        if manifest is None or "measurement" not in manifest:
            raise StudyError(f"{folder}: holds no measurement; name the folder of a `goodwill measure`")
        self.manifest: dict[str, Any] = manifest
        self._keep_alive = keep_alive

    @classmethod
    def load(cls, folder: str | Path) -> Measured:
        """Read the measurement of a folder. Raises `StudyError` when it holds none."""
        return cls(folder)

    @property
    def name(self) -> str:
        """Of the file."""
        return str(self.manifest["measurement"]["name"])

    @property
    def labels(self) -> list[str]:
        """Columns that tell the worlds apart."""
        return list(dict.fromkeys(name for cell in self.manifest["cells"] for name in cell["label"]))

    @cached_property
    def keys(self) -> pd.DataFrame:
        """point, replicate, run and the labels: one row for each trial that was asked for."""
        rows = [
            {"point": cell["point"], **cell["label"], "replicate": replicate, "run": run}
            for cell in self.manifest["cells"]
            for replicate, run in enumerate(cell["runs"])
        ]
        return pd.DataFrame(rows)

    def _table(self, name: str) -> pd.DataFrame:
        import duckdb

        if not self._store.files(name):
            raise StudyError(f"{self.folder}: holds no finished trial yet")
        query = f"select * exclude (place) from {self._store.once(name)} order by run, place"
        found = duckdb.connect().execute(query).df()
        return self.keys.merge(found, on="run", how="inner")

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Trials: customers on file, share of members and of those who could join, seconds, error (none: it went well)."""
        return self._table(RUNS)

    @cached_property
    def truths(self) -> pd.DataFrame:
        """Trial x outcome: att, ate, spillover (per customer and year), and what members would have done without the programme."""
        return self._table("truths")

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """Trial x outcome x data (real, placebo) x estimator: value, low, high, and diagnostics."""
        return self._table("estimates")

    @cached_property
    def performance(self) -> pd.DataFrame:
        """World x outcome x estimator: truth, bias, rmse, coverage and size with intervals; see `Performance`."""
        by = ["point", *self.labels, "outcome"]
        merged = self.estimates.merge(
            self.truths[["run", "point", "outcome", "att", "ate"]], on=["run", "point", "outcome"], how="left"
        )
        merged = merged.sort_values(["point", "replicate"])
        rows = []
        order = {name: x for x, name in enumerate(self.manifest["estimands"])}
        groups = merged.groupby([*by, "estimator"], sort=False, dropna=False)
        for key, part in groups:
            label = dict(zip([*by, "estimator"], key, strict=True))
            estimand = self.manifest["estimands"][label["estimator"]]
            real, null = (part[part["data"] == kind] for kind in (REAL, PLACEBO))
            arrays = [real[c].to_numpy(float) for c in ("value", "low", "high", estimand)]
            arrays += [null[c].to_numpy(float) for c in ("low", "high")]
            found = performance(*arrays)
            rows.append({**label, "estimand": estimand, **found.to_dict()})
        table = pd.DataFrame(rows)
        table["order"] = table["estimator"].map(order)
        table = table.sort_values(["point", "arm", "outcome", "order"], kind="stable", ignore_index=True)
        return table.drop(columns="order")

    def unit(self, outcome: str) -> str:
        """Unit of an outcome."""
        currency = self.manifest["measurement"]["scenario"]["measurement"]["currency"]
        return MEASURED[outcome][1].replace("currency", currency)

    @property
    def summaries(self) -> dict[str, str]:
        """What each estimator does, in a line."""
        return dict(self.manifest["summaries"])

    def plot(self, outcome: str | None = None) -> PaperFigure:
        """Estimates against the truth, world by world."""
        from goodwill.plots.measurement import measurement_figure

        return measurement_figure(self, outcome)

    def __repr__(self) -> str:
        return f"<Measurement {self.name}: {len(self.runs):,} trials of {len(self.keys):,}>"
