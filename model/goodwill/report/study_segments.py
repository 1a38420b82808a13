"""Whom the arms move: effects by segment and by customer, for a report, when a study kept its customers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from goodwill.lab.statistics.customers import customer_effects, who_gains
from goodwill.lab.statistics.segments import AFTER, BEFORE, by_membership, by_past_visits, segment_effects
from goodwill.report.numbers import count, percent, plain
from goodwill.report.study_findings import Estimate, Findings

MOST_ROWS = 4_000_000  # rows of customers read at once; of larger studies, the first replicates


@dataclass(frozen=True)
class Person:
    """What an arm did to single customers, in words."""

    arm: str
    up: str
    none: str
    down: str
    top: str


class Customers:
    """Effects on purchases of single customers, all points together."""

    def __init__(self, f: Findings) -> None:
        self._f = f

    @cached_property
    def replicates(self) -> int:
        """Replications read: those that all points have, or as many of the first of them as can be held at once."""
        rows = self._f.results.sql(
            "select point, count(*) as n, max(replicate) + 1 as worlds from customers group by point"
        )
        worlds, most = int(rows["worlds"].min()), int(rows["worlds"].max())
        return max(1, min(worlds, int(most * MOST_ROWS / max(int(rows["n"].sum()), 1))))

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Each customer's own difference in purchases from the firm, arm less baseline in the same world."""
        table = self._f.results.sql(
            "select point, arm, replicate, customer, visits_before, visits, member from customers "
            f"where replicate < {self.replicates} order by point, arm, replicate, customer"
        )
        table["arm"] = pd.Categorical(table["arm"], categories=self._f.results.arms, ordered=True)
        return customer_effects(table.sort_values("arm", kind="stable").astype({"arm": str}), self._f.results.baseline)

    @cached_property
    def by_segment(self) -> pd.DataFrame:
        """Effects on thirds by purchases before the programme, and on who joined."""
        pooled = self.effects.assign(point=0)
        before = segment_effects(pooled, by_past_visits(pooled["visits_before"]), BEFORE)
        after = segment_effects(pooled, by_membership(pooled["member"]), AFTER)
        return pd.concat(
            [before.astype({"segment": str}), after[after["customers"] > 0].astype({"segment": str})], ignore_index=True
        )

    def rows(self) -> list[tuple[str, str, str, str, str, str, bool]]:
        """arm, segment, customers, purchases without, effect with interval, share of the whole effect, defined before."""
        found = []
        for row in self.by_segment.to_dict("records"):
            effect = Estimate(row["effect"], row["low"], row["high"])
            text = f"{_per_thousand(effect.mean)} ({_per_thousand(effect.low)} to {_per_thousand(effect.high)})"
            found.append(
                (str(row["arm"]), str(row["segment"]), count(row["customers"]), f"{row['without']:.1f}", text,
                 percent(row["share"], digits=0), row["defined"] == BEFORE)
            )  # fmt: skip
        return found

    def people(self) -> list[Person]:
        """Who gains: shares of customers whose purchases rose, stayed, fell, and how concentrated the rise is."""
        table = who_gains(self.effects.assign(point=0)).set_index(["arm", "what"])["mean"]
        return [
            Person(arm, *(percent(float(table[arm, what])) for what in ("up", "none", "down", "top")))
            for arm in dict.fromkeys(table.index.get_level_values("arm"))
        ]


def _per_thousand(value: float) -> str:
    return count(1000 * value, True) if abs(value) >= 0.01 or value == 0 else plain(round(1000 * value, 1), True)
