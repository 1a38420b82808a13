"""Which kind of value moves whom: purchases that, under the same luck, would have been made elsewhere without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from goodwill.errors import GoodwillError
from goodwill.scenario.encounter import VALUE_COMPONENTS

if TYPE_CHECKING:
    from goodwill.record import Record


def value_movers(record: Record, since: int | None = None) -> pd.DataFrame:
    """Firm x segment x component: share of the purchases on record that needed this kind of value or cost to be as it is.

    Segments: light and heavy, the customers on record below and above the median number of purchases, and all. A kind
    counts at a purchase when the customer would have chosen another firm had all firms been as usual in it
    (`value_held_by`). Only what is seen before buying (behaviour.value.search) is in the choice; what is felt at the visit
    works later, through satisfaction.

    Args:
        record: of a run with `behaviour.value.on` and purchases on record.
        since: first period that counts; the end of the warm-up if none is given.
    """
    if not record.scenario.behaviour.value.on:
        raise GoodwillError("kinds of value do not count in this run; set behaviour.value.on: true")
    first = record.scenario.warm_up if since is None else since
    bought = record.purchases[record.purchases["period"] >= first]
    number = bought.groupby("customer")["customer"].transform("size")
    per_customer = bought.groupby("customer").size()
    median = per_customer.median() if len(per_customer) else 0
    rows = []
    for segment, mine in (("light", number <= median), ("heavy", number > median), ("all", number > 0)):
        part = bought[mine]
        held = (
            part["value_held_by"]
            .astype(str)
            .str.get_dummies(", ")
            .reindex(columns=list(VALUE_COMPONENTS), fill_value=0)
        )
        shares = held.groupby(part["firm"], observed=False).mean()
        for firm, share in shares.iterrows():
            purchases = int((part["firm"] == firm).sum())
            rows += [(firm, segment, name, purchases, float(share[name])) for name in VALUE_COMPONENTS]
    return pd.DataFrame(rows, columns=["firm", "segment", "component", "purchases", "moved"])
