"""What a firm has set for now, and how that is written into the plan: its own column, from the present period on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from goodwill.engine.encounter_levers import change_encounters
from goodwill.engine.levers import Plan
from goodwill.engine.maths import log32
from goodwill.engine.outreach import OUTREACH_LEVERS
from goodwill.programmes.base import FOREVER


@dataclass(frozen=True)
class Setting:
    """The levers of one firm relative to the plan of the scenario; the default changes nothing."""

    price: float = 1.0  # factor
    service: float = 0.0  # points gained or lost
    spread: float = 1.0  # factor of inconsistency
    advertising: float = 1.0  # factor of the yearly rate
    promotion: float = 1.0  # factor of the programmes' exposure
    recovery: float = 1.0  # factor of the share of complaints put right
    budget: float = 1.0  # factor of the yearly budget
    launched: tuple[int, ...] = ()  # options that run

    def with_(self, **changes: Any) -> Setting:
        """The same setting with some levers changed."""
        return replace(self, **changes)


def write(plan: Plan, planned: Plan, firm: int, t: int, setting: Setting, follows: bool) -> None:
    """Write a setting into rows t.. of the firm's column. `planned` is the plan as the scenario laid it out.

    follows: the firm promises what it delivers, so the promise goes along with the service.
    """
    levers, before = plan.levers, planned.levers
    rows = slice(t, None)
    changes = [change for k in setting.launched for change in plan.options[firm][k].changes]
    factor = setting.price * float(np.prod([change.price_factor for change in changes]))
    gain = setting.service + sum(change.service_gain for change in changes)
    spread = setting.spread * float(np.prod([change.inconsistency_factor for change in changes]))
    levers.price[rows, firm] = before.price[rows, firm].astype(np.float64) * factor
    ratio = (levers.price[rows, firm].astype(np.float64) / plan.usual_price[firm]).astype(np.float32)
    if ratio.size:
        found, place = np.unique(ratio, return_inverse=True)
        logs = np.array([log32(r) if r != 1 else 0.0 for r in found], np.float32)
        levers.log_price_ratio[rows, firm] = logs[place]
    levers.service[rows, firm] = before.service[rows, firm].astype(np.float64) + gain
    levers.inconsistency[rows, firm] = before.inconsistency[rows, firm].astype(np.float64) * spread
    for name in OUTREACH_LEVERS:
        getattr(levers, name)[rows, firm] = getattr(before, name)[rows, firm]
    for column, cents in plan.outreach_costs.items():
        cents[rows, firm] = planned.outreach_costs[column][rows, firm]
    for change in changes:
        for name, value in change.outreach.items():
            getattr(levers, name)[rows, firm] = value
        for column, value in change.outreach_costs.items():
            plan.outreach_costs[column][rows, firm] = value
    if follows:
        levers.promise[rows, firm] = levers.service[rows, firm]
    if setting.advertising != 1:
        unaware = 1 - before.advertising[rows, firm].astype(np.float64)
        levers.advertising[rows, firm] = 1 - unaware**setting.advertising
    else:
        levers.advertising[rows, firm] = before.advertising[rows, firm]
    levers.effort[rows, firm] = np.minimum(before.effort[rows, firm].astype(np.float64) * setting.recovery, 1.0)
    offer = {
        name: getattr(before, name)[:, rows, firm : firm + 1].astype(np.float64) for name in ("value", "experiences")
    }
    for change in changes:
        change_encounters(offer, slice(None), 0, change)
    for name, values in offer.items():
        getattr(levers, name)[:, rows, firm] = values[:, :, 0]
    mine = plan.terms.firm == firm
    plan.terms.exposure[mine] = planned.terms.exposure[mine].astype(np.float64) * setting.promotion
    fixed = sum(change.fixed_cost for change in changes)
    per_purchase = sum(change.cost_per_purchase for change in changes)
    plan.lever_fixed_cost[rows, firm] = planned.lever_fixed_cost[rows, firm] + fixed
    plan.lever_purchase_cost[rows, firm] = planned.lever_purchase_cost[rows, firm] + per_purchase


def launch(plan: Plan, firm: int, option: int, t: int) -> None:
    """The members' terms of an option run from period t on."""
    for q in plan.options[firm][option].rows:
        plan.terms.start[q] = t
        plan.terms.stop[q] = FOREVER
        plan.running[t:, q] = True


def stop(plan: Plan, firm: int, option: int, t: int) -> None:
    """The members' terms of an option end with period t: memberships and credits are gone after it."""
    for q in plan.options[firm][option].rows:
        plan.terms.stop[q] = t + 1
        plan.running[t + 1 :, q] = False
