"""What firms and their programmes set, laid out by period for the engines and the books."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from goodwill.engine.encounter_levers import EncounterCosts, change_encounters, encounter_costs, encounter_levers
from goodwill.engine.maths import log32
from goodwill.engine.outreach import advertising_cents, bought_rate, outreach_of
from goodwill.engine.state import Levers
from goodwill.programmes.base import FOREVER, Calendar, Programme
from goodwill.programmes.terms import LeverChange, Terms, TermsArrays, stack_terms
from goodwill.scenario.scenario import Scenario

COSTS_OF_ACTING = ("workforce", "marketing budget", "market research")


@dataclass(frozen=True)
class Option:
    """A programme that a firm may launch and stop in the run: its terms lie ready, and do not run yet."""

    programme: Programme
    rows: tuple[int, ...]  # its terms among those of the market
    changes: tuple[LeverChange, ...]


@dataclass(frozen=True)
class Plan:
    """Levers and terms of all firms over the whole run, and the costs that go with them.

    A simulation in which firms act has a plan of its own, whose arrays they write from the present period on.
    """

    levers: Levers
    terms: TermsArrays
    programmes: list[tuple[int, int, str, Terms]]  # firm, position in the firm, label, terms
    usual_price: np.ndarray  # [J] cents, float64
    unit_cost: np.ndarray  # [J] cents, float64
    firm_cost: np.ndarray  # [T, J] fixed cost of the firm, cents per period, float64
    lever_fixed_cost: np.ndarray  # [T, J] fixed cost of lever programmes, cents per period
    lever_purchase_cost: np.ndarray  # [T, J] cents per purchase
    encounter_costs: EncounterCosts
    recovery_on: bool  # whether visits can fail
    advertising_cost: np.ndarray  # [T, J] advertising and posts, cents per period
    outreach_costs: dict[str, np.ndarray]  # [T, J] cents for each of what these columns of the firms' totals count
    running: np.ndarray  # [T, P] bool, whether a programme runs
    options: tuple[tuple[Option, ...], ...]  # by firm
    costs: dict[str, np.ndarray]  # [T, J] cents per period that firms spend as they act, by account
    line_cost: np.ndarray  # [J] cents per extra line, float64
    suggestion_cost: np.ndarray  # [J] cents per suggestion made, float64
    by_relationship: bool  # the engines count the cost to serve by customer; else every purchase costs the same

    def reaches_by(self, lever: str) -> bool:
        """Whether any firm uses this lever of outreach at any time, or has an option that would."""
        changes = (change for firm in self.options for option in firm for change in option.changes)
        return bool((getattr(self.levers, lever) > 0).any()) or any(lever in change.outreach for change in changes)

    def copy(self) -> Plan:
        """The same plan with arrays of its own, wherever firms may write."""
        arrays = ("firm_cost", "lever_fixed_cost", "lever_purchase_cost", "running")
        return replace(
            self,
            levers=Levers(*(a.copy() for a in self.levers)),
            terms=TermsArrays(*(a.copy() for a in self.terms)),
            costs={account: amounts.copy() for account, amounts in self.costs.items()},
            outreach_costs={column: cents.copy() for column, cents in self.outreach_costs.items()},
            **{name: getattr(self, name).copy() for name in arrays},
        )


def options_of(scenario: Scenario, firm: int) -> tuple[Programme, ...]:
    """The programmes a firm may launch: those it lists; for a strategy that copies and lists none, its rivals' kinds."""
    mine = scenario.firms[firm]
    if mine.options or mine.strategy is None or not mine.strategy.copies_rivals:
        return mine.options
    found: dict[str, Programme] = {}
    for j, other in enumerate(scenario.firms):
        if j != firm:
            for programme in (*other.programmes, *other.options):
                found.setdefault(programme.kind, programme.model_copy(update={"start": None, "stop": None}))
    return tuple(found.values())


def _laid_ready(option: Programme, calendar: Calendar) -> tuple[list[Terms], tuple[LeverChange, ...]]:
    """An option's mechanics, which run only once it is launched."""
    mechanics = option.mechanics(calendar)
    return [replace(terms, start=FOREVER, stop=FOREVER) for terms in mechanics.terms], mechanics.levers


def _spans(rows: list[tuple[int, int, str, Terms]], periods: int) -> Iterator[np.ndarray]:
    for _, _, _, terms in rows:
        t = np.arange(periods)
        yield (t >= terms.start) & (t < terms.stop)


def plan_of(scenario: Scenario) -> Plan:
    """Lay out a scenario. Levers of several programmes of one firm add (service) and multiply (price)."""
    periods, firms = scenario.periods, len(scenario.firms)
    shape = (periods, firms)
    usual = np.array([100 * (f.price if f.usual_price is None else f.usual_price) for f in scenario.firms], np.float64)
    price = np.tile(np.array([100 * f.price for f in scenario.firms], np.float64), (periods, 1))
    service = np.tile(np.array([f.service for f in scenario.firms]), (periods, 1))
    spread = np.tile(np.array([f.inconsistency for f in scenario.firms]), (periods, 1))
    encounters = encounter_levers(scenario)
    fixed, per_purchase = np.zeros(shape), np.zeros(shape)
    outreach, unit_costs = outreach_of(scenario)
    rows: list[tuple[int, int, str, Terms]] = []
    for j, firm in enumerate(scenario.firms):
        calendar = Calendar(scenario.periods_per_year, periods, scenario.warm_up, firm.price)
        for programme in firm.programmes:
            mechanics = programme.mechanics(calendar)
            for change in mechanics.levers:
                span = slice(change.start, change.stop)
                price[span, j] *= change.price_factor
                service[span, j] += change.service_gain
                spread[span, j] *= change.inconsistency_factor
                fixed[span, j] += change.fixed_cost
                per_purchase[span, j] += change.cost_per_purchase
                change_encounters(encounters, span, j, change)
                for name, value in change.outreach.items():
                    outreach[name][span, j] = value
                for name, value in change.outreach_costs.items():
                    unit_costs[name][span, j] = value
            for terms in mechanics.terms:
                position = sum(1 for other, _, _, _ in rows if other == j)
                rows.append((j, position, programme.kind, terms))
    options: list[tuple[Option, ...]] = []
    for j, firm in enumerate(scenario.firms):
        calendar = Calendar(scenario.periods_per_year, periods, scenario.warm_up, firm.price)
        mine: list[Option] = []
        for programme in options_of(scenario, j):
            laid, changes = _laid_ready(programme, calendar)
            first = len(rows)
            for terms in laid:
                position = sum(1 for other, _, _, _ in rows if other == j)
                rows.append((j, position, programme.kind, terms))
            mine.append(Option(programme, tuple(range(first, len(rows))), changes))
        options.append(tuple(mine))
    promise = np.tile([np.nan if f.promise is None else f.promise for f in scenario.firms], (periods, 1))
    promise = np.where(np.isnan(promise), service, promise)
    ratio = (price / usual).astype(np.float32)
    log_ratio = np.array([[log32(r) if r != 1 else 0.0 for r in row] for row in ratio], np.float32).reshape(shape)
    rates = [f.advertising + bought_rate(f.media, scenario.customers) for f in scenario.firms]
    reach = 1 - np.exp(-np.array(rates) / scenario.periods_per_year)
    levers = Levers(
        price=price.astype(np.float32),
        log_price_ratio=log_ratio,
        usual_spend=(usual * scenario.population.basket).astype(np.float32),
        service=service.astype(np.float32),
        inconsistency=spread.astype(np.float32),
        promise=promise.astype(np.float32),
        **{name: values.astype(np.float32) for name, values in encounters.items()},
        advertising=np.tile(reach, (periods, 1)).astype(np.float32),
        **{name: array.astype(np.float32) for name, array in outreach.items()},
        standing=np.array([f.share / max(f.share for f in scenario.firms) for f in scenario.firms], np.float32),
        suggestion=np.tile([f.suggestion for f in scenario.firms], (periods, 1)).astype(np.float32),
        line_price=np.tile([100 * f.line_price for f in scenario.firms], (periods, 1)).astype(np.float32),
        service_cost=np.tile([100 * f.service_cost for f in scenario.firms], (periods, 1)).astype(np.float32),
        unit_cost=np.array([100 * f.unit_cost for f in scenario.firms], np.float32),
        line_cost=np.array([100 * f.line_cost for f in scenario.firms], np.float32),
    )
    fixed_cost = np.array([100 * f.fixed_cost / scenario.periods_per_year for f in scenario.firms])
    return Plan(
        levers=levers,
        terms=stack_terms([(j, k, terms) for j, k, _, terms in rows]),
        programmes=rows,
        usual_price=usual,
        unit_cost=np.array([100 * f.unit_cost for f in scenario.firms], np.float64),
        firm_cost=np.tile(fixed_cost, (periods, 1)),
        lever_fixed_cost=fixed,
        lever_purchase_cost=per_purchase,
        encounter_costs=encounter_costs(scenario),
        recovery_on=scenario.behaviour.recovery.on,
        advertising_cost=np.tile([advertising_cents(f, scenario) for f in scenario.firms], (periods, 1)),
        outreach_costs=unit_costs,
        running=np.array(list(_spans(rows, periods)), bool).reshape(len(rows), periods).T.copy(),
        options=tuple(options),
        costs={account: np.zeros(shape) for account in COSTS_OF_ACTING},
        line_cost=np.array([100 * f.line_cost for f in scenario.firms], np.float64),
        suggestion_cost=np.array([100 * f.suggestion_cost for f in scenario.firms], np.float64),
        by_relationship=scenario.behaviour.spending.on,
    )
