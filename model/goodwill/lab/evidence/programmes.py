"""What programmes do: who joins, whose buying rises, the goal gradient, head starts, breakage.

Effects are read off paired worlds: the same customers under the same luck with and without the programme.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from goodwill.lab.calibrate_panel import watch
from goodwill.lab.evidence.measurement import Measurement, Worlds
from goodwill.lab.evidence.purchases import card_purchases, mean, ratio, start
from goodwill.lab.evidence.worlds import FIRM, YEAR, town
from goodwill.measures.dirichlet import Dirichlet
from goodwill.measures.repeat_buying import repeat_rates
from goodwill.record import Record
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

POINTS = {"kind": "points"}
"""A points programme with all its defaults: a point a unit of money, 5 units back for 100 points, valid for a year."""

CARD = {"kind": "stamp_card", "stamps": 10, "reward": 3.8, "cost_share": 0.35}
"""The stamp card of the coffee-town preset (ten stamps, one coffee)."""

QUARTER = 13


def spent_and_joined(world: Scenario, seed: int, until: int) -> tuple[Simulation, np.ndarray, np.ndarray]:
    """(market, money spent at the firm in the warm-up year, period of joining or -1) at the start of period `until`."""
    market = start(world, seed)
    market.advance(world.warm_up)
    spent = market.population.customers.spent[FIRM].astype(float)
    market.advance(until - world.warm_up)
    return market, spent, market.population.members.joined[0].astype(int)


def self_selection(worlds: Worlds, seed: int) -> dict[str, float]:
    """T09: yearly spending before the launch, of the first and the last third of those who join in the first year."""
    world = worlds["with"]
    _, spent, joined = spent_and_joined(world, seed, world.warm_up + YEAR)
    members = np.flatnonzero(joined >= 0)
    order = members[np.argsort(joined[members], kind="stable")]
    third = len(order) // 3
    early, late = mean(spent[order[:third]]), mean(spent[order[len(order) - third :]])
    never = mean(spent[(joined < 0) & (spent > 0)])
    return {"first_to_last_third": ratio(early, late), "members_to_others": ratio(mean(spent[members]), never)}


def excess_loyalty(worlds: Worlds, seed: int) -> dict[str, float]:
    """T11: the firm's loyalty in the second year of its programme against a Dirichlet with one S for all firms.

    repeat: next purchases that are at the firm again. frequency: purchases per buyer. quarters: buyers of a quarter who
    buy in the next.
    """
    found: dict[str, float] = {}
    for name, world in worlds.items():
        begin = world.warm_up + YEAR
        panel = watch(world, first=begin, last=begin + YEAR, replicate=seed)
        rows, firms = panel.purchases, len(panel.names)
        quarter = ((rows["period"] - begin) // QUARTER).to_numpy()
        counts = np.zeros((YEAR // QUARTER, panel.customers, firms), np.int64)
        np.add.at(counts, (quarter, rows["customer"], rows["firm"]), 1)
        year = counts.sum(axis=0)
        norm = Dirichlet.fit(year, method="penetration")
        mine = counts[:, :, FIRM] > 0
        again = float((mine[:-1] & mine[1:]).sum() / mine[:-1].sum())
        frequency = year[:, FIRM].sum() / (year[:, FIRM] > 0).sum()
        found[f"repeat_{name}"] = float(repeat_rates(panel.trips)[FIRM] / norm.repeat_rate()[FIRM] - 1)
        found[f"frequency_{name}"] = float(frequency / norm.purchases_per_buyer()[FIRM] - 1)
        found[f"quarters_{name}"] = again / float(norm.scaled(QUARTER / YEAR).period_repeat_rate()[FIRM]) - 1
    return found


def who_gains(worlds: Worlds, seed: int) -> dict[str, float]:
    """T12: purchases of members in the two years after the launch against the world without it, by what they spent before it."""
    world = worlds["with"]
    market, spent, joined = spent_and_joined(world, seed, world.periods)
    without = start(worlds["without"], seed)
    without.advance(world.warm_up)
    before = without.population.customers.visits[FIRM].astype(float)
    without.run()
    bought = {
        name: run.population.customers.visits[FIRM] - before for name, run in (("with", market), ("without", without))
    }
    members = np.flatnonzero((joined >= 0) & (joined < world.warm_up + YEAR) & (spent > 0))
    ranked = np.array_split(members[np.argsort(spent[members], kind="stable")], 3)
    rewards = market.population.members.rewards[0]
    lift = [ratio(bought["with"][part].sum(), bought["without"][part].sum()) - 1 for part in ranked]
    taken = [mean(rewards[part]) for part in ranked]
    return {
        "light": lift[0],
        "moderate": lift[1],
        "heavy": lift[2],
        "twice_heavy": 2 * lift[2],
        "light_less_twice_heavy": lift[0] - 2 * lift[2],
        "redeemed_by_heavy_to_moderate": ratio(taken[2], taken[1]),
    }


def whole_cards(rows: pd.DataFrame, stamps: int) -> pd.DataFrame:
    """Cards filled without a break: customer, days from the first stamp to the second, from the last but one to the last, of the
    whole card, and from the first to the second stamp of the next card (missing when there was none).
    """
    rows = rows[rows["member"] > 0]
    held = rows["credits_before"].to_numpy() - stamps * rows["redeemed"].to_numpy()  # before this purchase's own stamp
    customer, day = rows["customer"].to_numpy(), rows["day"].to_numpy()
    first = np.flatnonzero(held == 0)
    first = first[first + stamps < len(rows)]
    steps = np.arange(stamps)
    places = first[:, None] + steps
    whole = (held[places] == steps).all(axis=1) & (customer[places] == customer[first][:, None]).all(axis=1)
    first = first[whole]
    last = first + stamps - 1
    nxt = last + 1  # the purchase after the full card: the next card's first stamp, when the reward is taken
    goes_on = (nxt + 1 < len(rows)) & (customer[np.minimum(nxt + 1, len(rows) - 1)] == customer[first])
    goes_on &= (held[np.minimum(nxt, len(rows) - 1)] == 0) & (held[np.minimum(nxt + 1, len(rows) - 1)] == 1)
    after = np.where(goes_on, day[np.minimum(nxt + 1, len(rows) - 1)] - day[np.minimum(nxt, len(rows) - 1)], np.nan)
    return pd.DataFrame(
        {
            "customer": customer[first],
            "begun": day[first],
            "first": day[first + 1] - day[first],
            "last": day[last] - day[last - 1],
            "whole": day[last] - day[first],
            "next_first": after,
        }
    )


def goal_gradient(worlds: Worlds, seed: int) -> dict[str, float]:
    """T15: intervals between the visits on whole stamp cards; the same card without a reward is the control."""
    found = {}
    bought = {}
    members = {}
    for name in ("reward", "no_reward"):
        world = worlds[name]
        rows, market = card_purchases(world, seed, FIRM, world.warm_up)
        cards = whole_cards(rows, 10)
        # Only cards begun in the first half: one begun late is seen whole only if it was filled fast.
        cards = cards[cards["begun"] < 364.0 / YEAR * (world.warm_up + world.periods) / 2]
        renewed = cards[cards["next_first"].notna()]
        found[name] = ratio(cards["last"].sum(), cards["first"].sum())
        found[f"{name}_reset"] = ratio(renewed["next_first"].sum(), renewed["last"].sum())
        joined = market.population.members.joined[0]
        members[name] = (joined >= 0) & (joined < world.warm_up + QUARTER)
        late = rows["period"] >= world.warm_up + QUARTER
        bought[name] = np.bincount(rows["customer"][late].astype(int), minlength=world.customers)
    both = members["reward"] & members["no_reward"]
    return {
        "last_to_first": found["reward"],
        "after_reward_to_last": found["reward_reset"],
        "faster_than_without": 1 - ratio(bought["no_reward"][both].sum(), bought["reward"][both].sum()),
        "last_to_first_no_reward": found["no_reward"],
    }


def head_start(worlds: Worlds, seed: int) -> dict[str, float]:
    """T17: cards filled within nine months by those who join in the first quarter, in both worlds; eight stamps to go in each."""
    filled, joined = {}, {}
    for name in ("ten", "eight"):
        world = worlds[name]
        rows, market = card_purchases(world, seed, FIRM, world.warm_up)
        joined[name] = market.population.members.joined[0].astype(int)
        full = 10 if name == "ten" else 8
        rows = rows[rows["member"] > 0]
        within = rows["period"].to_numpy() <= joined[name][rows["customer"].astype(int)] + 3 * QUARTER
        done = within & (
            rows["credits_before"].to_numpy() >= full - 1
        )  # one more stamp by this purchase, or full already
        filled[name] = np.zeros(world.customers, bool)
        filled[name][rows["customer"][done].astype(int)] = True
    early = [(joined[name] >= 0) & (joined[name] < worlds[name].warm_up + QUARTER) for name in ("ten", "eight")]
    both = early[0] & early[1]
    return {name: mean(filled[name][both]) for name in ("ten", "eight")}


def breakage(worlds: Worlds, seed: int) -> dict[str, float]:
    """T18: credits of the last two years that were not redeemed; memberships ever opened that saw a purchase in the last year.

    A customer who stops coming cancels nothing: his membership counts as opened, as it does in a firm's files.
    """
    world = worlds["shops"]
    market = start(world, seed)
    market.run()
    table = Record.of(market).programmes
    late = table[table["period"] >= world.periods - 2 * world.periods_per_year]
    gained = float(late["earned"].sum() + late["granted"].sum())
    customers, members = market.population.customers, market.population.members
    opened = float(table["joined"].sum())
    held = members.joined >= 0  # one programme for each firm, in order
    active = held & (members.engaged > 0) & (customers.last_bought >= world.periods - world.periods_per_year)
    return {
        "unredeemed": 1 - ratio(late["redeemed"].sum(), gained),
        "lapsed": ratio(late["expired"].sum() + late["forfeited"].sum(), gained),
        "active_memberships": ratio(active.sum(), opened),
    }


def _launch() -> Worlds:
    return {"with": town(3, POINTS), "without": town(3, None)}


def _settled() -> Worlds:
    """The launch in a market nobody enters or leaves: the Dirichlet is a norm of stationary markets."""
    still = {"behaviour.defection.on": False, "population.natural_exit": 0.0, "population.newcomers": 0.0}
    return {name: world.with_(still) for name, world in _launch().items()}


def _cards() -> Worlds:
    return {"reward": town(3, CARD), "no_reward": town(3, {**CARD, "reward": 0.0})}


SELDOM: dict[str, Any] = {"population.trips_per_year": 24.0, "behaviour.programmes.reengagement": 0.05}
"""The town as one of car washes or shops: an occasion a fortnight, and a card that was put away is found again as by default."""


def _washes() -> Worlds:
    """A new card, with and without a head start; eight stamps to go on both."""
    return {
        "ten": town(2, {**CARD, "stamps": 10, "head_start": 2}, SELDOM),
        "eight": town(2, {**CARD, "stamps": 8}, SELDOM),
    }


def _shops() -> Worlds:
    """Every firm has a points programme, for eight years."""
    world = town(8, None, SELDOM)
    return {"shops": world.with_({f"firms.{j}.programmes": [POINTS] for j in range(len(world.firms))})}


MEASUREMENTS = (
    Measurement("T09", lambda: {"with": town(3, POINTS)}, self_selection),
    Measurement("T11", _settled, excess_loyalty),
    Measurement("T12", _launch, who_gains),
    Measurement("T15", _cards, goal_gradient),
    Measurement("T17", _washes, head_start),
    Measurement("T18", _shops, breakage),
)
