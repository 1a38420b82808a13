"""Customers as arrays: allocated by what the scenario switches on, and drawn each from his own draws."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from goodwill.engine.draws import HOLDOUT
from goodwill.engine.encounter_start import start_encounters
from goodwill.engine.levers import Plan
from goodwill.engine.sampling import draws_of
from goodwill.engine.state import TILE, Customers, Members
from goodwill.engine.traits import draw_ties, draw_touch, draw_traits, set_start
from goodwill.programmes.terms import HELD_OUT
from goodwill.scenario.scenario import Scenario


@dataclass(frozen=True)
class Population:
    """All customers of a market and their memberships."""

    customers: Customers
    members: Members

    def copy(self) -> Population:
        """An independent copy of every array (the network of ties never changes and is shared)."""
        customers = Customers(*(a if name == "ties" else a.copy() for name, a in self.customers._asdict().items()))
        return Population(customers, Members(*(a.copy() for a in self.members)))

    @property
    def bytes(self) -> int:
        """Memory of all arrays."""
        return sum(a.nbytes for a in (*self.customers, *self.members))


def allocate(scenario: Scenario, plan: Plan, branchable: bool = False) -> Population:
    """Zeroed arrays; those of mechanisms that are off have no columns. `branchable`: with what programmes that come later ask for."""
    n, firms = scenario.customers, len(scenario.firms)
    behaviour = scenario.behaviour
    ties = (
        scenario.network.strong_ties + scenario.network.weak_ties
        if behaviour.word_of_mouth.on or behaviour.referral.on
        else 0
    )
    listens = behaviour.word_of_mouth.on and (ties > 0 or behaviour.posts.on)
    rows = len(plan.programmes)
    terms = plan.terms
    gifts = behaviour.gifts.on and bool((plan.terms.gift_worth > 0).any())
    warns = behaviour.offers.on and plan.reaches_by("warning")
    wins_back = behaviour.win_back.on and plan.reaches_by("win_back")
    refers = behaviour.referral.on
    offers = refers or gifts or warns or wins_back or (behaviour.offers.on and plan.reaches_by("sampling"))
    personal = behaviour.personal.on and plan.reaches_by("personal")

    def each(kind: Any = np.float32) -> np.ndarray:
        return np.zeros(n, kind)

    def by_firm(used: bool = True, kind: Any = np.float32) -> np.ndarray:
        return np.zeros((firms, n if used else 0), kind)

    customers = Customers(
        need=each(), log_basket=each(), price_sensitivity=each(), attention=each(), redeem_hassle=each(), hassle=each(),
        sociability=each(), dropout=each(), arrival=each(np.int32), exit=each(np.int32), aware=each(np.int32),
        gone=each(np.int32), last=each(np.int8), phase=each(np.int8), window=np.zeros((2, n), np.int32),
        said=np.zeros((2, n if listens else 0), np.int8), ties=np.zeros((ties, n), np.uint32), taste=by_firm(),
        habit=by_firm(behaviour.habit.on), expectation=by_firm(behaviour.expectation.on),
        uncertainty=by_firm(behaviour.expectation.on), ideal=by_firm(behaviour.zone.on),
        satisfaction=by_firm(behaviour.satisfaction.on), commitment=by_firm(behaviour.commitment.on),
        opinion=by_firm(listens), rate=by_firm(rows > 0 or warns or branchable), last_bought=by_firm(kind=np.int16),
        visits=by_firm(kind=np.int16), history=by_firm(_remembers(behaviour), np.int16), spent=by_firm(kind=np.int32),
        cause=by_firm(kind=np.int8),
        considered=np.zeros(n if behaviour.consideration.on else 0, np.int32), stage=by_firm(behaviour.stages.on, np.int8),
        contacts=by_firm(behaviour.stages.on, np.int16), first_bought=by_firm(behaviour.stages.on or behaviour.spending.on, np.int16),
        inclination=np.zeros(n if rows or branchable else 0, np.float32),
        value_weight=np.zeros((8, n if behaviour.value.on else 0), np.float32), delivered=by_firm(behaviour.value.on),
        trust=by_firm(behaviour.trust.on), unfairness=by_firm(behaviour.fairness.on),
        grievance=by_firm(behaviour.recovery.on), failures=by_firm(behaviour.recovery.on, np.int8),
        complaint=by_firm(behaviour.recovery.on, np.int8),
        favour=by_firm(offers), offer=by_firm(offers), offer_ends=by_firm(offers, np.int16),
        sent=np.zeros((3, n if offers else 0), np.int32),
        contact_wanted=np.zeros(n if behaviour.contact.on else 0, np.float32),
        discomfort=np.zeros(n if personal else 0, np.float32), birthday=np.zeros(n if gifts else 0, np.int16),
        recommends=np.zeros(n if refers else 0, np.int8), introduced_by=np.full(n if refers else 0, -1, np.int32),
        introduced_to=np.zeros(n if refers else 0, np.int8),
        breadth=np.zeros(n if behaviour.spending.on else 0, np.float32),
        demand=np.zeros(n if behaviour.spending.on else 0, np.float32), lines=by_firm(behaviour.spending.on, np.int32),
        margin=by_firm(behaviour.spending.on, np.int32), served=by_firm(behaviour.spending.on, np.int32),
        match=by_firm(behaviour.match.on),
    )  # fmt: skip
    tiers = int((terms.tier_row >= 0).sum())
    limits, pools = int((terms.limit_row >= 0).sum()), int((terms.pool_row >= 0).sum())

    def rows_of(count: int, kind: Any = np.int32) -> np.ndarray:
        return np.zeros((count, n), kind)

    members = Members(
        joined=rows_of(rows, np.int16), engaged=rows_of(rows, np.int8),
        lots=rows_of(int((terms.lot_count + terms.pending).sum())), rewards=rows_of(rows), tier=rows_of(tiers, np.int8),
        tier_spend=rows_of(int(terms.tier_parts.sum())), tier_shift=rows_of(tiers, np.float32),
        missed=rows_of(tiers, np.int8), worth=rows_of(rows), counted=rows_of(limits, np.int16),
        period_credits=rows_of(limits), notice=rows_of(int((terms.bond_row >= 0).sum()), np.int8), pooled=rows_of(pools),
        gift_awaited=np.zeros((rows, n if gifts else 0), np.float32),
        referred=np.zeros((rows, n if refers else 0), np.int16),
    )  # fmt: skip
    return Population(customers, members)


def _remembers(behaviour: Any) -> bool:
    """Whether it makes a difference how often somebody has met a firm before the run."""
    return any(
        part.on for part in (behaviour.satisfaction, behaviour.expectation, behaviour.recovery, behaviour.fairness)
    )


def make_population(
    scenario: Scenario,
    plan: Plan,
    parameters: Any,
    key: tuple[np.uint32, np.uint32],
    threads: int = 1,
    branchable: bool = False,
) -> Population:
    """Draw all customers of a scenario; the same whatever the number of threads."""
    population = allocate(scenario, plan, branchable)
    customers, members = population.customers, population.members
    traits, network = scenario.population, scenario.network
    fresh = traits.first_purchase_on_arrival
    behaviour = scenario.behaviour
    per_period = traits.trips_per_year / scenario.periods_per_year
    vector = np.array(
        [
            per_period, traits.trips_shape, traits.loyalty_spread, traits.basket, traits.basket_spread, traits.attention,
            traits.sociability_sd, traits.newcomers, traits.arrival_periods, float(fresh),
        ],
        np.float32,
    )  # fmt: skip
    shares = np.array([f.share for f in scenario.firms], np.float64)
    shares = np.maximum(shares / shares.sum(), 1e-6).astype(np.float32)
    aware = np.array([f.awareness for f in scenario.firms], np.float32)
    past = np.float32(traits.history * scenario.periods_per_year)

    def fill(first: int, last: int) -> None:
        draw_traits(first, last, customers, parameters, shares, aware, vector, scenario.periods, *key)
        draw_touch(first, last, customers, parameters, *key)
        set_start(first, last, customers, parameters, plan.levers, members, int(fresh), past, *key)
        if behaviour.value.on or behaviour.trust.on:
            start_encounters(first, last, customers, parameters, plan.levers, *key)
        if customers.ties.shape[0]:
            draw_ties(first, last, customers.ties, network.strong_ties, np.float32(network.rewiring), *key)

    if threads == 1:
        fill(0, scenario.customers)
    else:
        block = max(TILE, -(-scenario.customers // threads))
        starts = range(0, scenario.customers, block)
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda s: fill(s, min(s + block, scenario.customers)), starts))
    for q in np.flatnonzero(plan.terms.holdout > 0):
        members.joined[q, held_out(plan, int(q), scenario.customers, key)] = HELD_OUT
    return population


def held_out(plan: Plan, row: int, customers: int, key: tuple[np.uint32, np.uint32]) -> np.ndarray:
    """Who is kept out of a programme at random [customers] bool; one customer more or less changes nobody else's lot."""
    stream = int(HOLDOUT) + 256 * int(plan.terms.stream[row])
    luck: np.ndarray = draws_of(np.arange(customers, dtype=np.uint32), 0, stream, *key)[0]
    found: np.ndarray = luck < plan.terms.holdout[row]
    return found
