"""Making a data set with its truth: one world with the programme, one without, the same customers and the same luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from goodwill.errors import StudyError
from goodwill.lab.measurement.data import Data, Sample, Truth, Windows
from goodwill.population import held_out
from goodwill.programmes.terms import Terms
from goodwill.scenario.arms import Arm
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation
from goodwill.sinks import MemorySink

MEASURED: dict[str, tuple[str, str]] = {
    "purchases": ("purchases", "purchases a year"),
    "revenue": ("revenue", "currency a year"),
    "contribution": ("revenue and fees less cost of goods, rewards and membership", "currency a year"),
}
"""Outcomes of a customer: what it is, and its unit."""


@dataclass(frozen=True)
class Design:
    """The two worlds of a measurement, and when what happens.

    Make one with `Design.of`.
    """

    with_it: Scenario
    without: Scenario
    firm: int
    windows: Windows

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        programme: Any,
        *,
        firm: int | str = 0,
        holdout: float = 0.3,
        before: float = 6.0,
        enrolment: float = 3.0,
        follow_up: float = 9.0,
    ) -> Design:
        """A programme of one firm, launched at the end of the warm-up.

        Args:
            scenario: the world.
            programme: the programme, or an arm with it (programmes, set).
            firm: who launches it.
            holdout: share of customers who are kept out at random, unless the programme says so itself.
            before, enrolment, follow_up: months of data before the launch; in which people join; in which the effect is measured.

        Raises `StudyError` when the warm-up is shorter than `before`, or there is not one programme for members.
        """
        arm = Arm.of("programme", programme)
        j = scenario.firm_index(firm)
        if len(arm.programmes) != 1:
            raise StudyError(f"{len(arm.programmes)} programmes: one is measured at a time, give one")
        months = {"before": before, "enrolment": enrolment, "follow_up": follow_up}
        spans = {name: round(value * scenario.periods_per_year / 12) for name, value in months.items()}
        for name in ("before", "follow_up"):
            if spans[name] < 1:
                raise StudyError(f"{name}: {months[name]} months are less than a {scenario.period}; give more")
        launch = scenario.warm_up
        if arm.programmes[0].start not in (None, launch):
            raise StudyError(
                f"start: the programme begins in period {arm.programmes[0].start}, but what is measured is launched at the end of the "
                f"warm-up ({launch}); leave it out, or change warm_up"
            )
        if spans["before"] > launch:
            raise StudyError(
                f"before: {before} months are {spans['before']} {scenario.period}s, but the programme starts after {launch} "
                f"(warm_up); set warm_up to {spans['before']} or more"
            )
        follow = launch + spans["enrolment"]
        world = scenario.with_(periods=follow + spans["follow_up"])
        content = arm.to_dict()
        content["programmes"] = [_kept_out(content["programmes"][0], holdout)]
        with_it = Arm.of("programme", content).apply(world, j)
        without = Arm.of("nothing", {"set": content["set"]}).apply(world, j)
        windows = Windows(launch - spans["before"], launch, follow, world.periods, world.periods_per_year)
        return cls(with_it, without, j, windows)

    def run(self, outcomes: tuple[str, ...] = ("purchases",), replicate: int = 0) -> dict[str, Sample]:
        """A data set with its truth for each outcome. Raises `StudyError` for a programme that has no members."""
        for name in outcomes:
            if name not in MEASURED:
                raise StudyError(f"outcome {name!r} is not known; known are {', '.join(MEASURED)}")
        costs = "contribution" in outcomes
        world = Watched(self.with_it, self.firm, replicate, costs)
        rows = self.rows(world.simulation)
        world.run(rows)
        other = Watched(self.without, self.firm, replicate, costs)
        other.run({})
        w = self.windows
        on_file = world.purchases[:, w.begin : w.launch].sum(axis=1) > 0
        if not on_file.any():
            raise StudyError(
                "nobody bought from the firm before the launch: give more customers or a longer time before"
            )
        row = next(iter(rows))
        n = self.with_it.customers
        offered = ~held_out(world.simulation.plan, row, n, world.simulation.key)
        samples = {}
        for name in outcomes:
            seen, unseen = world.outcome(name)[on_file], other.outcome(name)[on_file]
            data = Data(
                customer=np.flatnonzero(on_file),
                outcome=seen,
                purchases=world.purchases[on_file],
                spend=world.spend[on_file],
                joined=world.joined[on_file],
                offered=offered[on_file],
                distance=world.simulation.population.customers.hassle[on_file].astype(np.float64),
                windows=w,
                name=name,
            )
            effect = _yearly(seen, w) - _yearly(unseen, w)
            samples[name] = Sample(data, Truth(effect, data.member, data.offered, unseen))
        return samples

    def rows(self, simulation: Simulation) -> dict[int, Terms]:
        """The programme among those of the market."""
        own = len([1 for p in self.without.firms[self.firm].programmes for _ in _terms_of(p, self.without)])
        mine = [(q, k, terms) for q, (j, k, _, terms) in enumerate(simulation.plan.programmes) if j == self.firm]
        rows = {q: terms for q, k, terms in mine if k >= own and terms.start < self.windows.end}
        if not rows:
            kind = self.with_it.firms[self.firm].programmes[-1].kind
            raise StudyError(
                f"a programme of kind {kind!r} has no members; measure a stamp card, points, tiers, a club ..."
            )
        return rows


def _terms_of(programme: Any, scenario: Scenario) -> tuple[Terms, ...]:
    from goodwill.programmes.base import Calendar

    terms: tuple[Terms, ...] = programme.mechanics(
        Calendar(scenario.periods_per_year, scenario.periods, scenario.warm_up, 1.0)
    ).terms
    return terms


def _kept_out(programme: Mapping[str, Any], share: float) -> dict[str, Any]:
    """The programme with a hold-out group, unless it has one."""
    content = dict(programme)
    if "join" in content:
        join = dict(content["join"])
        join["holdout"] = join["holdout"] or share
        content["join"] = join
    elif "holdout" in content:
        content["holdout"] = content["holdout"] or share
    return content


def _yearly(outcome: np.ndarray, w: Windows) -> np.ndarray:
    return np.asarray(outcome[:, w.follow : w.end].sum(axis=1) * w.periods_per_year / (w.end - w.follow))


class Watched:
    """One world, watched period by period."""

    def __init__(self, scenario: Scenario, firm: int, replicate: int, costs: bool) -> None:
        self.simulation = Simulation(scenario, replicate=replicate, threads=1)
        self.scenario, self.firm = scenario, firm
        shape = (scenario.customers, scenario.periods)
        self.purchases, self.spend = np.zeros(shape), np.zeros(shape)
        self.joined = np.full(scenario.customers, -1)
        self._sink = MemorySink() if costs else None
        self._cost = np.zeros(shape)  # of rewards and membership, less fees

    def run(self, rows: Mapping[int, Terms]) -> None:
        """To the end. `rows`: the programme, if this world has it."""
        c, m = self.simulation.population.customers, self.simulation.population.members
        visits, spent = c.visits[self.firm].astype(np.int64), c.spent[self.firm].astype(np.int64)
        for t in range(self.scenario.periods):
            worth = {q: m.worth[q].astype(np.int64) for q in rows}
            was = {q: m.joined[q] >= 0 for q in rows}
            self.simulation.advance(1, sink=self._sink)
            now, paid = c.visits[self.firm].astype(np.int64), c.spent[self.firm].astype(np.int64)
            self.purchases[:, t], self.spend[:, t] = now - visits, (paid - spent) / 100
            visits, spent = now, paid
            for q, terms in rows.items():
                joins = (m.joined[q] == t) & (self.joined < 0)
                self.joined[joins] = t
                if self._sink is not None:
                    self._add_costs(t, q, terms, was[q], m.worth[q] - worth[q])

    def _add_costs(self, t: int, q: int, terms: Terms, was: np.ndarray, worth: np.ndarray) -> None:
        """What the programme cost in period t, less the fees that members paid, by customer, in currency."""
        joined = self.simulation.population.members.joined[q].astype(np.int64)
        member = joined >= 0
        cost = worth * (terms.reward_cost / terms.reward_value if terms.reward_value else 0.0)
        cost = cost + member * (terms.member_cost + terms.benefit_cost * self.purchases[:, t])
        if terms.fee_periods:
            first = (joined == t) & ~was
            due = member & (joined <= t) & (t + 1 > joined) & ((t + 1 - joined - terms.trial) % terms.fee_periods == 0)
            due &= t + 1 - joined - terms.trial >= 0
            cost = cost - first * (0.0 if terms.trial else terms.fee) - due * float(terms.fee)
        self._cost[:, t] += cost / 100

    def outcome(self, name: str) -> np.ndarray:
        """[N, T] of an outcome."""
        if name == "purchases":
            return self.purchases
        if name == "revenue" or self._sink is None:
            return self.spend
        rows = self._sink.rows()
        mine = rows[rows[:, 4] == self.firm]
        quantity = np.zeros_like(self.spend)
        np.add.at(quantity, (mine[:, 1].astype(int), mine[:, 0].astype(int)), mine[:, 5])
        return np.asarray(self.spend - quantity * self.scenario.firms[self.firm].unit_cost - self._cost)
