"""The summary of a study: every number is that of the plain functions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from goodwill.lab.statistics.intervals import interval
from goodwill.lab.statistics.multiplicity import simultaneous_intervals
from goodwill.lab.statistics.summary import COLUMNS, summarise


@pytest.fixture
def values() -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(1)
    index = pd.MultiIndex.from_product([[0, 1], range(6)], names=["point", "replicate"])
    names = ["nothing", "card", "club"]
    profit = pd.DataFrame(rng.normal(100, 10, (12, 3)), index, names)
    profit.iloc[2, 1] = np.nan  # a failed run
    rate = pd.DataFrame(rng.uniform(size=(12, 3)), index, names).assign(nothing=np.nan)
    return {"profit": profit, "rate": rate}


def test_every_number(values: dict[str, pd.DataFrame]) -> None:
    found = summarise(values, "nothing")
    assert list(found.columns) == COLUMNS and len(found) == 2 * 3 * 2
    assert list(found["arm"].head(6)) == ["nothing", "nothing", "card", "card", "club", "club"]
    rows = found.set_index(["point", "arm", "outcome"])
    for point in (0, 1):
        table = values["profit"].loc[point]
        apart = table.drop(columns="nothing").sub(table["nothing"], axis=0)
        for arm in table:
            row = rows.loc[(point, arm, "profit")]
            assert tuple(row[["mean", "low", "high"]]) == pytest.approx(interval(table[arm].to_numpy()))
            assert row["replications"] == table[arm].notna().sum()
        together = simultaneous_intervals(apart)
        for arm in apart:
            row = rows.loc[(point, arm, "profit")]
            plain = interval(apart[arm].to_numpy())
            assert tuple(row[["difference", "difference_low", "difference_high"]]) == pytest.approx(plain)
            assert row["together_low"] == pytest.approx(together.loc[arm, "low"])
            assert row["together_low"] < row["difference_low"] < row["difference_high"] < row["together_high"]
            assert row["p"] == together.loc[arm, "p"]


def test_what_cannot_be_said_is_missing(values: dict[str, pd.DataFrame]) -> None:
    rows = summarise(values, "nothing").set_index(["arm", "outcome", "point"]).sort_index()
    assert rows.loc[("nothing", "profit"), "difference"].isna().all()
    assert rows.loc[("card", "rate"), "mean"].notna().all()
    assert rows.loc[("card", "rate"), ["difference", "together_low", "p"]].isna().all().all()
    assert rows.loc[("nothing", "rate"), "replications"].eq(0).all()
    once = {"profit": values["profit"].xs(0, level="replicate", drop_level=False)}
    rows = summarise(once, "nothing").set_index(["arm", "point"]).sort_index()
    assert rows["mean"].notna().all() and rows[["low", "difference_low", "together_low"]].isna().all().all()


def test_one_arm(values: dict[str, pd.DataFrame]) -> None:
    found = summarise({"profit": values["profit"][["nothing"]]}, "nothing")
    assert len(found) == 2 and found["difference"].isna().all()
    assert summarise({}, "nothing").empty
