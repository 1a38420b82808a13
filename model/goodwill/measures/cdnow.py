"""The CDNOW cohort: 23,570 customers who first bought in the first quarter of 1997, followed for 78 weeks.

The data file comes with the package `lifetimes` (extra `[data]`) and is read by path: importing the package fails with
today's pandas. Customer rows are for computing; they are never stored with the project. Source of the data: Fader &
Hardie (2001), Marketing Science 20, 280-296.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd

START = pd.Timestamp("1997-01-01")


def cdnow_file(name: str) -> Path:
    """A data file of the package `lifetimes`; raises ModuleNotFoundError when it is not installed."""
    found = importlib.util.find_spec("lifetimes")
    path = Path(found.origin).parent / "datasets" / name if found and found.origin else None
    if path is None or not path.exists():
        raise ModuleNotFoundError(f"{name} comes with the package `lifetimes`; install the extra [data]")
    return path


def load_cdnow(sample: bool = False) -> tuple[np.ndarray, pd.DataFrame]:
    """(first, purchases): week of every customer's first purchase, and purchase days as customer and time in weeks
    since 1997-01-01.

    sample: only the 1/10 sample of 2,357 customers. Several orders of one day count as one purchase.
    """
    names = ["id", "date", "cds", "dollars"]
    rows = pd.read_csv(cdnow_file("CDNOW_master.txt"), sep=r"\s+", header=0, names=names, usecols=["id", "date"])
    if sample:
        drawn = pd.read_csv(cdnow_file("CDNOW_sample.txt"), sep=r"\s+", header=None, usecols=[0])[0]
        rows = rows[rows["id"].isin(drawn)]
    day = (pd.to_datetime(rows["date"].astype(str)) - START).dt.days
    customer = np.unique(rows["id"], return_inverse=True)[1]
    table = pd.DataFrame({"customer": customer, "time": day.to_numpy() / 7.0}).drop_duplicates()
    first = table.groupby("customer")["time"].min().to_numpy()
    return first, table.reset_index(drop=True)
