"""Orders summed up by customer: counted by hand, and as the data of the package `lifetimes` are counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from goodwill.measures.cdnow import cdnow_file
from goodwill.measures.clv_summary import calibration_and_holdout, clv_summary

ORDERS = pd.DataFrame(
    [
        (1, "2024-01-01", 10.0), (1, "2024-01-15", 20.0), (1, "2024-01-15", 4.0), (1, "2024-02-05", 6.0),
        (2, "2024-01-08", 50.0), (3, "2024-01-02", 5.0), (3, "2024-01-02", 5.0), (4, "2024-02-04", 7.0),
        (4, "2024-02-12", 9.0),
    ],
    columns=["customer_id", "date", "value"],
)  # fmt: skip


def test_by_hand() -> None:
    """Two orders of customer 1 on one day are one purchase of 24; customers 2 and 3 never came again."""
    table = clv_summary(ORDERS, "2024-02-12").set_index("customer_id")
    assert table.loc[1].tolist() == pytest.approx([2, 5.0, 6.0, 15.0])  # weeks; (24 + 6) / 2
    assert table.loc[2].tolist() == pytest.approx([0, 0.0, 5.0, 0.0])
    assert table.loc[3].tolist() == pytest.approx([0, 0.0, 41 / 7, 0.0])
    assert table.loc[4].tolist() == pytest.approx([1, 8 / 7, 8 / 7, 9.0])


def test_the_end_cuts_and_units_are_units() -> None:
    table = clv_summary(ORDERS, "2024-01-31", unit="day").set_index("customer_id")
    assert list(table.index) == [1, 2, 3]
    assert table.loc[1].tolist() == pytest.approx([1, 14, 30, 24.0])


def test_calibration_and_holdout_by_hand() -> None:
    table = calibration_and_holdout(ORDERS, "2024-01-31", "2024-02-12").set_index("customer_id")
    assert table.loc[1, ["frequency_cal", "frequency_holdout", "monetary_value_holdout"]].tolist() == [1, 1, 6.0]
    assert table.loc[2, ["frequency_holdout", "monetary_value_holdout"]].tolist() == [0, 0.0]
    assert table["duration_holdout"].unique() == pytest.approx([12 / 7])
    assert 4 not in table.index  # came after the calibration
    with pytest.raises(ValueError, match="must end before"):
        calibration_and_holdout(ORDERS, "2024-02-12", "2024-02-12")


@pytest.mark.data
def test_as_the_package_lifetimes_counts_cdnow() -> None:
    """Its summary of the 1/10 sample, calibration weeks 1 to 39: frequency, recency and T of all 2,357 customers."""
    try:
        rows = pd.read_csv(cdnow_file("CDNOW_sample.txt"), sep=r"\s+", header=None, dtype={2: str})
        theirs = pd.read_csv(cdnow_file("cdnow_customers_summary.csv"))
    except ModuleNotFoundError as error:
        pytest.skip(str(error))
    orders = pd.DataFrame({"customer_id": rows[1], "date": pd.to_datetime(rows[2]), "value": rows[4]})
    ours = clv_summary(orders, "1997-09-30")
    assert len(ours) == len(theirs) == 2357
    np.testing.assert_array_equal(ours["frequency"], theirs["frequency"])
    np.testing.assert_allclose(ours["recency"], theirs["recency"], atol=0.006)
    np.testing.assert_allclose(ours["T"], theirs["T"], atol=0.006)
