"""The compiled engine's period: every step of it, tile by tile, over a range of periods and tiles.

A thread is given a range of tiles; a run on one thread may be given many periods at once. Customers of different tiles meet
only through what was said in the period before, so the order of tiles does not matter.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.borrow import borrowed, hand, take
from goodwill.engine.jit import kernel, rule
from goodwill.engine.maths import ZERO
from goodwill.engine.scratch import (
    BALANCE,
    BOUGHT,
    BUYER,
    CHOSEN,
    FIRM,
    LANE,
    PREVIOUS,
    SECOND,
    TRIPS,
    padded,
)
from goodwill.engine.state import ARRIVED, PRESENT, TILE, TRIPS_MADE
from goodwill.engine.steps.buy import (
    collect_buyers,
    count_purchases,
    draw_purchases,
    experience,
    form_habits,
    remember,
)
from goodwill.engine.steps.choose import (
    add_programmes,
    buy_nothing,
    exclude_first_choice,
    forbid_firms,
    pick_firms,
    set_inclusive_values,
    set_utilities,
    want_second_brand,
)
from goodwill.engine.steps.hear import hear_advertising, hear_promises, hear_ties
from goodwill.engine.steps.incidence import contract_trips, draw_trips, first_purchase_trips, nearest_goals
from goodwill.engine.steps.leave import drop_out, end_by_firm, end_contracts, lapse, leave_market
from goodwill.engine.steps.memberships import end_of_period
from goodwill.engine.steps.record import note_causes, write_purchases
from goodwill.engine.steps.serve import after_paying, before_paying
from goodwill.engine.steps.talk import close_window, count_subscribers, talk


@rule
def keep_rival_advantage(lo: int, n: int, c: Any, s: Any) -> None:
    """For the lapse rule: by buyer, the firm bought from last (PREVIOUS) and the chosen rival's lead over it (BALANCE).

    The lead is in utility without luck and programmes, which s.u holds by buyer.
    """
    f, k, u = s.f, s.k, s.u
    for b in range(n):
        before = np.int64(c.last[lo + k[BUYER + b]])
        k[PREVIOUS + b] = np.int32(before)
        f[BALANCE + b] = ZERO
        if before >= 0:
            f[BALANCE + b] = u[k[FIRM + b], b] - u[before, b]


@kernel
def shop(
    t: int, row: int, trip: int, pick: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, a: Any, s: Any,
    panel: Any, before: Any, notes: Any, k0: Any, k1: Any,
) -> None:  # fmt: skip
    """One trip (pick 0), or its second brand (pick 1), of the n lanes in LANE: choice, purchase and what follows from it."""
    customers, behaviour, scratch, recording = take(c), take(p), take(s), take(panel)
    k = scratch.k
    firms = customers.taste.shape[0]
    if behaviour.contract:
        for l in range(n):
            k[CHOSEN + l] = customers.last[lo + k[LANE + l]]
    else:
        w = padded(n)
        for l in range(n, w):
            k[LANE + l] = 0
        set_utilities(t, np.int64(LANE), lo, w, c, p, v, s, True)
        if recording.on:
            before[:, :] = scratch.u
        if behaviour.programmes_on:
            add_programmes(t, lo, w, c, m, p, g, v, s)
        if behaviour.limits_choice:
            forbid_firms(lo, w, c, s)
        if pick == 1:
            exclude_first_choice(w, firms, s)
        if behaviour.outside_on and pick == 0:
            set_inclusive_values(w, firms, s)
        pick_firms(t, trip, lo, w, firms, s, k0, k1)
        if behaviour.outside_on and pick == 0:
            buy_nothing(t, trip, lo, w, p, s, k0, k1)
        if behaviour.incidence_extra_brand > ZERO and pick == 0:
            want_second_brand(t, trip, lo, w, p, s, k0, k1)
        if recording.on:
            note_causes(t, trip, lo, n, c, p, v, s, panel, before, notes, k0, k1)
    occasion = 2 * trip + pick
    buyers = collect_buyers(n, scratch)
    if buyers == 0:
        return
    draw_purchases(t, occasion, lo, buyers, c, p, v, s, k0, k1)
    remember(t, lo, buyers, c, p, s)
    if behaviour.programmes_on:
        before_paying(t, row, occasion, lo, buyers, c, m, p, g, v, s, a, k0, k1)
    if behaviour.experience_on:
        experience(t, lo, buyers, c, p, v, s)
    if behaviour.defection_on and behaviour.defection_lapse > ZERO and not behaviour.contract:
        set_utilities(t, np.int64(BUYER), lo, padded(buyers), c, p, v, s, True)
        keep_rival_advantage(lo, buyers, customers, scratch)
        lapse(t, row, lo, buyers, c, m, p, g, a, s)
    if behaviour.habit_on:
        form_habits(lo, buyers, c, p, s)
    count_purchases(t, row, lo, buyers, c, p, v, s, a)
    if behaviour.programmes_on:
        after_paying(t, row, occasion, lo, buyers, c, m, p, g, v, s, a, k0, k1)
    if recording.on:
        write_purchases(t, trip, occasion, lo, buyers, c, p, v, s, panel, notes)
    if behaviour.defection_on and not behaviour.contract:
        drop_out(t, row, lo, buyers, c, m, p, g, a, s)


@kernel
def run_tile(
    t: int, row: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, a: Any, s: Any, panel: Any, before: Any,
    notes: Any, k0: Any, k1: Any,
) -> None:  # fmt: skip
    """One period of one tile, steps 2 to 8; `row` is the row of the totals to count in."""
    customers, behaviour, terms, totals, scratch = take(c), take(p), take(g), take(a), take(s)
    k = scratch.k
    if t > 0 and behaviour.talk_listened:
        hear_ties(t, lo, n, c, p, s)
    if behaviour.expectation_on and behaviour.expectation_promise_pull > ZERO:
        hear_promises(t, lo, n, c, p, v)
    hear_advertising(t, lo, n, c, v, k0, k1)

    goals = behaviour.programmes_on and behaviour.programmes_acceleration > ZERO and terms.firm.shape[0] > 0
    if behaviour.contract:
        contract_trips(t, lo, n, c, s)
    else:
        if goals:
            nearest_goals(t, lo, n, c, m, g, s)
        draw_trips(t, lo, n, c, p, goals, s, k0, k1)
        if behaviour.cohort:
            first_purchase_trips(t, lo, n, c, s)
    arrival, leaving = customers.arrival[lo : lo + n], customers.exit[lo : lo + n]
    present, arrived, trips_made = 0, 0, 0
    for l in range(n):
        present += (arrival[l] <= t) & (leaving[l] > t)
        arrived += arrival[l] == t
        trips_made += k[TRIPS + l]
    for l in range(n):
        k[BOUGHT + l] = 0
    totals.market[row, PRESENT] += present
    totals.market[row, ARRIVED] += arrived
    totals.market[row, TRIPS_MADE] += trips_made

    trip = np.int64(0)
    first_brand, second_brand = np.int64(0), np.int64(1)
    while True:
        lanes = np.int64(0)
        for l in range(n):
            k[LANE + lanes] = np.int32(l)
            lanes += 1 if k[TRIPS + l] > trip else 0
        if lanes == 0:
            break
        shop(t, row, trip, first_brand, lo, lanes, c, m, p, g, v, a, s, panel, before, notes, k0, k1)
        if behaviour.incidence_extra_brand > ZERO and not behaviour.contract:
            second = np.int64(0)
            for l in range(lanes):
                wants = k[SECOND + l]
                k[LANE + second] = k[LANE + l]
                k[PREVIOUS + second] = k[CHOSEN + l]
                second += wants
            if second > 0:
                shop(t, row, trip, second_brand, lo, second, c, m, p, g, v, a, s, panel, before, notes, k0, k1)
        trip += 1

    if behaviour.programmes_on:
        end_of_period(t, row, lo, n, c, m, p, g, v, a, k0, k1)
    if behaviour.defection_on:
        if behaviour.contract:
            end_contracts(t, row, lo, n, c, m, p, g, v, a, s, k0, k1)
        elif behaviour.defection_malicious > ZERO:
            end_by_firm(t, row, lo, n, c, m, p, g, a, k0, k1)
    if behaviour.natural_exit > ZERO:
        leave_market(t, row, lo, n, c, m, p, g, a, k0, k1)
    if behaviour.talk_listened:
        talk(t, row, lo, n, c, p, s, a, k0, k1)
    if behaviour.contract:
        count_subscribers(t, row, lo, n, c, a)
    if (t + 1 - behaviour.warm_up) % behaviour.window == 0:
        close_window(row, lo, n, c, a)


@kernel
def run_tiles(
    first: int, last: int, first_tile: int, last_tile: int, c: Any, m: Any, p: Any, g: Any, v: Any, a: Any, s: Any,
    panel: Any, k0: Any, k1: Any,
) -> None:  # fmt: skip
    """Periods first..last-1 of tiles first_tile..last_tile-1. Totals row 0 is period `first`."""
    c, m, g, v, a, s, panel = (
        borrowed(c), borrowed(m), borrowed(g), borrowed(v), borrowed(a), borrowed(s), borrowed(panel),
    )  # fmt: skip
    customers = c.need.shape[0]
    before = np.zeros((s.u.shape[0], TILE if panel.on else 0), np.float32)
    notes = np.zeros((2, TILE if panel.on else 0), np.int32)
    c, m, p, g, v, a, s, panel = hand(c), hand(m), hand(p), hand(g), hand(v), hand(a), hand(s), hand(panel)
    for t in range(first, last):
        for tile in range(first_tile, last_tile):
            lo = tile * TILE
            n = min(TILE, customers - lo)
            run_tile(t, t - first, lo, n, c, m, p, g, v, a, s, panel, before, notes, k0, k1)
