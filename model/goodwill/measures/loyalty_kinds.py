"""Seven kinds of loyalty: what actually holds each repeat customer of a firm.

Every purchase on record says without which components of utility, under the same luck, the customer would have bought elsewhere
(`held_by`). A repeat customer's kind is what held him at the largest share of his purchases from the firm:

- monopoly: at half of his purchases or more no other firm was possible (Griffin 2002; Gremler & Brown 1996: no choice)
- latent: he thinks more of this firm than of any other, yet buys most elsewhere (Dick & Basu 1994: high relative attitude, low
  repeat patronage)
- inertia: habit, or a contract that keeps him though a rival would suit him better (Dick & Basu's spurious loyalty)
- price, incentive: the price; a programme or an offer
- super-value: what he thinks and feels of the firm - satisfaction, expectation, commitment, trust, fairness, what he hears of it
- convenience: the rest - liking as it is given (nearness, time and effort, assortment), or nothing in particular

Taste is behind nearly every choice, so it names the kind only when nothing else was decisive in at least `decisive` of the
purchases. The mapping follows the authors named; the thresholds of a half and a quarter are assumptions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from goodwill.engine.components import COMPONENTS, PARTS
from goodwill.errors import GoodwillError

if TYPE_CHECKING:
    from goodwill.record import Record

KINDS = ("monopoly", "inertia", "latent", "convenience", "price", "incentive", "super-value")
KIND_OF = {
    "habit": "inertia",
    "contract": "inertia",
    "price": "price",
    "programme": "incentive",
    "satisfaction": "super-value",
    "expectation": "super-value",
    "commitment": "super-value",
    "word of mouth": "super-value",
    "delivered value": "super-value",
    "trust": "super-value",
    "fairness": "super-value",
    "grievance": "super-value",
    "no other firm": "monopoly",
}  # every other component of utility stands for convenience
ATTITUDE = tuple(part for part in PARTS if KIND_OF.get(part) == "super-value")
_NAMED = ("inertia", "price", "incentive", "super-value")  # kinds that one or several components stand for


def loyalty_kinds(record: Record, least: int = 2, decisive: float = 1 / 4, since: int | None = None) -> pd.DataFrame:
    """Repeat customer x firm, of those on record from period `since` (the end of the warm-up) on.

    Columns: customer, firm, purchases; share (behavioural loyalty: of all his purchases); attitude (attitudinal loyalty: by how much
    utility what he thinks of this firm leads what he thinks of the best other, in the end); the share of his purchases that each
    kind held (`held_inertia` ...); kind. Second brands of a trip are not counted: the first was no possible choice for them.

    Args:
        record: of a run with purchases on record, of everybody or of a panel.
        least: purchases from the firm that make a repeat customer.
        decisive: share of purchases from which a component names the kind.
        since: first period that counts.
    """
    bought = record.purchases
    since = record.scenario.warm_up if since is None else since
    bought = bought[(bought["period"] >= since) & (bought["occasion"] % 2 == 0)]
    if bought.empty:
        raise GoodwillError(f"no purchases on record from period {since} on; record them with run(purchases=...)")
    held = bought["held_by"].astype(str).str.get_dummies(", ").reindex(columns=list(PARTS), fill_value=0)
    cause = bought["cause"].astype(str)
    for outcome in COMPONENTS[len(PARTS) :]:
        held[outcome] = (cause == outcome).astype(int)
    pairs = pd.DataFrame({"customer": bought["customer"], "firm": bought["firm"].cat.codes.astype(int)})
    for kind in ("monopoly", *_NAMED):
        columns = [name for name in held.columns if KIND_OF.get(name) == kind]
        pairs[f"held_{kind}"] = held[columns].max(axis=1).to_numpy()
    grouped = pairs.groupby(["customer", "firm"])
    table = grouped.mean()
    table.insert(0, "purchases", grouped.size())
    table = table.reset_index()
    table.insert(3, "share", table["purchases"] / table.groupby("customer")["purchases"].transform("sum"))
    main = table["share"] == table.groupby("customer")["share"].transform("max")
    table.insert(4, "attitude", _relative_attitude(record, table))
    shares = table[[f"held_{kind}" for kind in _NAMED]].to_numpy()
    strongest = shares.argmax(axis=1)
    named = np.array(_NAMED, object)[strongest]
    chosen: np.ndarray = np.where(shares.max(axis=1) >= decisive, named, "convenience")
    chosen = np.where((table["attitude"] > 0) & ~main, "latent", chosen)
    chosen = np.where(table["held_monopoly"] >= 1 / 2, "monopoly", chosen)
    table["kind"] = pd.Categorical(chosen, categories=list(KINDS))
    table = table[table["purchases"] >= least].reset_index(drop=True)
    table["firm"] = pd.Categorical(
        np.array(record.names, object)[table["firm"].to_numpy()], categories=list(record.names)
    )
    return table


def _relative_attitude(record: Record, table: pd.DataFrame) -> np.ndarray:
    """Lead of a firm in what the customer thinks of it, in utility, over the best other firm; 0 without another."""
    if len(record.names) == 1:
        return np.zeros(len(table))
    who, place = np.unique(table["customer"].to_numpy(np.int64), return_inverse=True)
    terms = record.utility_terms(who)
    attitude = terms[:, :, [PARTS.index(part) for part in ATTITUDE]].sum(axis=2)
    order = np.sort(attitude, axis=1)
    mine = attitude[place, table["firm"].to_numpy()]
    best, second = order[place, -1], order[place, -2]
    lead: np.ndarray = mine - np.where(mine == best, second, best)
    return lead


def kinds_by_firm(table: pd.DataFrame) -> pd.DataFrame:
    """Firm x kind: customers, and their share of the firm's repeat customers."""
    counts = table.groupby(["firm", "kind"], observed=False).size().rename("customers").reset_index()
    total = counts.groupby("firm", observed=False)["customers"].transform("sum")
    counts["share"] = counts["customers"] / total.where(total > 0)
    return counts
