"""The compiled engine's period: every step of it, tile by tile, over a range of periods and tiles.

A thread is given a range of tiles; a run on one thread may be given many periods at once. Customers of different tiles meet
only through what was said in the period before, so the order of tiles does not matter.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.borrow import hand
from goodwill.engine.jit import entry, stage
from goodwill.engine.maths import ZERO
from goodwill.engine.scratch import (
    BOUGHT,
    CHOSEN,
    EVERYBODY,
    LANE,
    PREVIOUS,
    RELATED,
    SECOND,
    SHOPPERS,
    SHOPPING,
    TRIPS,
    padded,
)
from goodwill.engine.state import ARRIVED, PRESENT, TILE, TRIPS_MADE
from goodwill.engine.steps.buy import (
    collect_buyers,
    count_buyers,
    count_purchases,
    draw_purchases,
    enter_purchases,
    experience,
    form_habits,
    point_at_firms,
    remember,
    suit,
)
from goodwill.engine.steps.choose import (
    add_offers,
    add_programmes,
    add_welcome_prices,
    buy_nothing,
    exclude_first_choice,
    forbid_firms,
    keep_lanes,
    pick_firms,
    set_inclusive_values,
    set_utilities,
    want_second_brand,
)
from goodwill.engine.steps.contact import keep_in_contact
from goodwill.engine.steps.database import count_files, personalise
from goodwill.engine.steps.encounter import (
    bond,
    deliver_value,
    get_involved,
    leave_aggrieved,
    let_time_pass,
    meet,
)
from goodwill.engine.steps.gifts import give_gifts
from goodwill.engine.steps.hear import hear_advertising, hear_promises, hear_ties
from goodwill.engine.steps.incidence import contract_trips, draw_luck, draw_trips, first_purchase_trips, nearest_goals
from goodwill.engine.steps.leave import drop_out, end_by_firm, end_contracts, lapse, leave_market, seek_providers
from goodwill.engine.steps.memberships import end_of_period, pool_credits
from goodwill.engine.steps.offers import (
    ask_back,
    fade_favours,
    redeem_offers,
    send_samples,
    send_warnings,
)
from goodwill.engine.steps.posts import read_posts
from goodwill.engine.steps.record import note_causes, note_providers, write_purchases
from goodwill.engine.steps.referral import recommend
from goodwill.engine.steps.relationship import bring_to_mind, count_exposures, move_on, note_contacts
from goodwill.engine.steps.serve import after_paying, before_paying
from goodwill.engine.steps.spending import add_lines, fill_baskets
from goodwill.engine.steps.talk import close_window, count_aware, count_subscribers, talk

_DENSE = 8  # with more than one customer in so many on a trip, utilities are faster computed for all


@stage
def choose(
    t: int, trip: int, pick: int, lo: int, size: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, s: Any,
    panel: Any, k0: Any, k1: Any,
) -> None:  # fmt: skip
    """The n lanes in LANE, of a tile of `size` customers, choose a firm: CHOSEN, -1 for none."""
    firms = c.taste.shape[0]
    w = padded(n)
    for l in range(n, w):
        s.who[LANE + l] = 0
    if n * _DENSE > size:
        set_utilities(t, EVERYBODY, lo, size, c, p, v, s)
        keep_lanes(w, firms, s)
    else:
        set_utilities(t, np.int64(LANE), lo, w, c, p, v, s)
    add_welcome_prices(t, np.int64(LANE), lo, w, c, v, s)
    if panel.on:
        s.before[:, :] = s.u
    if p.programmes_on:
        add_programmes(t, lo, n, c, m, p, g, v, s)
    if c.favour.shape[1] > 0:
        add_offers(t, np.int64(LANE), w, lo, c, s)
    if p.limits_choice:
        forbid_firms(np.int64(LANE), lo, w, c, s)
    if pick == 1:
        exclude_first_choice(w, firms, s)
    if p.outside_on and pick == 0:
        set_inclusive_values(w, firms, s)
    pick_firms(t, trip, lo, w, firms, s, k0, k1)
    if p.outside_on and pick == 0:
        buy_nothing(t, trip, lo, w, p, s, k0, k1)
    if p.incidence_extra_brand > ZERO and pick == 0:
        want_second_brand(t, trip, lo, w, p, s, k0, k1)
    if panel.on:
        note_causes(t, trip, lo, n, c, p, v, s, panel, k0, k1)


@stage
def shop(
    t: int, row: int, trip: int, pick: int, lo: int, size: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, a: Any,
    s: Any, panel: Any, k0: Any, k1: Any,
) -> None:  # fmt: skip
    """One trip (pick 0), or its second brand (pick 1), of the n lanes in LANE: choice, purchase and what follows from it."""
    if p.contract:
        k, who, last = s.k, s.who, c.last[lo:]
        for l in range(n):
            k[CHOSEN + l] = last[who[LANE + l]]
        if panel.on:
            note_providers(t, lo, n, c, m, p, g, v, s, panel)
    else:
        choose(t, trip, pick, lo, size, n, c, m, p, g, v, s, panel, k0, k1)
    occasion = 2 * trip + pick
    buyers = collect_buyers(n, s)
    if buyers == 0:
        return
    point_at_firms(lo, buyers, c, s)
    draw_purchases(t, occasion, lo, buyers, c, p, v, s, k0, k1)
    if p.match_on:
        suit(buyers, c, s)
    if p.spending_on:
        fill_baskets(t, lo, buyers, c, p, v, s)
    if c.rate.shape[1] > 0:
        remember(t, buyers, c, p, s)
    if p.programmes_on:
        before_paying(t, row, occasion, lo, buyers, c, m, p, g, v, s, a, panel.on != 0, k0, k1)
    if c.favour.shape[1] > 0:
        redeem_offers(t, row, buyers, c, s, a)
    if c.discomfort.shape[0] > 0:
        personalise(t, row, lo, buyers, c, m, p, g, v, s, a, k0, k1)
    if p.encounter_on:
        meet(t, row, occasion, lo, buyers, c, m, p, g, v, s, a, k0, k1)
    if p.experience_on:
        experience(t, buyers, c, p, v, s)
    if p.encounter_on:
        bond(t, lo, buyers, c, m, p, g, v, s)
    if p.defection_on and p.defection_lapse > ZERO and not p.contract:
        lapse(t, row, lo, buyers, c, m, p, g, v, a, s)
        point_at_firms(lo, buyers, c, s)
    if p.habit_on:
        form_habits(lo, buyers, c, p, s)
        if p.experiences_on:
            get_involved(buyers, c, p, s)
    enter_purchases(t, lo, buyers, c, s)
    count_purchases(row, buyers, p, s, a)
    if p.spending_on:
        add_lines(t, row, occasion, lo, buyers, c, p, v, s, a, k0, k1)
    if p.programmes_on:
        after_paying(t, row, occasion, lo, buyers, c, m, p, g, s, a, k0, k1)
    if panel.on:
        write_purchases(t, trip, occasion, lo, buyers, c, p, v, s, panel)
    if p.defection_on and not p.contract:
        drop_out(t, row, lo, buyers, c, m, p, g, a, s)


@stage
def run_tile(
    t: int, row: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, a: Any, s: Any, panel: Any,
    k0: Any, k1: Any,
) -> None:  # fmt: skip
    """One period of one tile, steps 2 to 8; `row` is the row of the totals to count in."""
    f, k, who = s.f, s.k, s.who
    if p.value_on:
        deliver_value(t, lo, n, c, v)
    if p.experiences_on:
        for l in range(n):
            f[RELATED + l] = ZERO
    if t > 0 and p.talk_listened:
        hear_ties(t, lo, n, c, p, s)
    if p.posts_on:
        read_posts(t, row, lo, n, c, p, v, a, k0, k1)
    if p.expectation_on and p.expectation_promise_pull > ZERO:
        hear_promises(t, lo, n, c, p, v, s)
    hear_advertising(t, lo, n, c, v, s, k0, k1)
    if p.consideration_on or p.stages_on:
        count_exposures(t, lo, n, c, p, v, s, k0, k1)
        if p.consideration_on:
            bring_to_mind(t, lo, n, c, p, s, k0, k1)
        if p.stages_on:
            note_contacts(t, row, lo, n, c, s, a)
    if c.favour.shape[1] > 0:
        fade_favours(lo, n, c, p)
        if p.offers_on:
            send_samples(t, row, lo, n, c, p, v, a, k0, k1)

    draw_luck(t, lo, n, s, k0, k1)
    goals = p.programmes_on and p.programmes_acceleration > ZERO and g.firm.shape[0] > 0
    if p.contract:
        contract_trips(t, lo, n, c, s)
    else:
        if goals:
            nearest_goals(t, lo, n, c, m, g, s)
        draw_trips(t, lo, n, c, p, goals, s)
        if p.cohort:
            first_purchase_trips(t, lo, n, c, s)
    arrival, leaving = c.arrival[lo : lo + n], c.exit[lo : lo + n]
    present, arrived, trips_made = 0, 0, 0
    for l in range(n):
        present += (arrival[l] <= t) & (leaving[l] > t)
        arrived += arrival[l] == t
        trips_made += k[TRIPS + l]
    for l in range(n):
        k[BOUGHT + l] = 0
    a.market[row, PRESENT] += present
    a.market[row, ARRIVED] += arrived
    a.market[row, TRIPS_MADE] += trips_made

    shoppers = np.int64(0)
    for l in range(n):
        who[SHOPPERS + shoppers] = np.uint32(l)
        shoppers += 1 if k[TRIPS + l] > 0 else 0
    lanes = shoppers
    for l in range(lanes):
        who[SHOPPING + l] = who[SHOPPERS + l]
    trip, first_brand, second_brand = np.int64(0), np.int64(0), np.int64(1)
    while lanes > 0:
        for l in range(lanes):
            who[LANE + l] = who[SHOPPING + l]
        shop(t, row, trip, first_brand, lo, n, lanes, c, m, p, g, v, a, s, panel, k0, k1)
        if p.incidence_extra_brand > ZERO and not p.contract:
            second = np.int64(0)
            for l in range(lanes):
                wants = k[SECOND + l]
                who[LANE + second] = who[LANE + l]
                k[PREVIOUS + second] = k[CHOSEN + l]
                second += wants
            if second > 0:
                shop(t, row, trip, second_brand, lo, n, second, c, m, p, g, v, a, s, panel, k0, k1)
        trip += 1
        again = np.int64(0)
        for l in range(lanes):
            place = who[SHOPPING + l]
            who[SHOPPING + again] = place
            again += 1 if k[TRIPS + place] > trip else 0
        lanes = again
    count_buyers(row, lo, n, c, s, a)

    if p.programmes_on:
        if c.birthday.shape[0] > 0:
            give_gifts(t, row, lo, n, c, m, p, g, v, a, k0, k1)
        end_of_period(t, row, lo, n, c, m, p, g, v, a, k0, k1)
    if p.defection_on:
        if p.contract:
            end_contracts(t, row, lo, n, c, m, p, g, v, a, s, k0, k1)
        elif p.defection_malicious > ZERO:
            end_by_firm(t, row, lo, n, c, m, p, g, a, s)
    if p.defection_on and p.recovery_on and not p.contract:
        leave_aggrieved(t, row, lo, n, c, m, p, g, a, k0, k1)
    if p.natural_exit > ZERO:
        leave_market(t, row, lo, n, c, m, p, g, a, s)
    if p.contract:
        seek_providers(t, lo, n, c, p, v, s, k0, k1)
    if p.contact_on:
        keep_in_contact(t, row, lo, n, c, p, v, a)
    if c.favour.shape[1] > 0:
        if p.win_back_on:
            ask_back(t, row, lo, n, c, m, p, g, v, a, k0, k1)
        if p.offers_on:
            send_warnings(t, row, lo, n, c, m, g, v, a, k0, k1)
    count_files(t, row, lo, n, c, m, g, v, a, k0, k1)
    if p.talk_listened:
        talk(t, row, lo, n, shoppers, c, p, s, a)
    if p.referral_on:
        recommend(t, row, lo, n, c, m, p, g, v, a, k0, k1)
    if p.recovery_on or p.fairness_on or p.bonds_on:
        let_time_pass(lo, n, c, p, s)
    if p.contract:
        count_subscribers(t, row, lo, n, c, a)
    count_aware(t, row, lo, n, c, p, a)
    if p.stages_on:
        move_on(t, row, lo, n, c, p, s, a)
    if (t + 1 - p.warm_up) % p.window == 0:
        close_window(row, lo, n, c, a)
    if p.programmes_on:
        pool_credits(t, row, lo, n, m, g, a)


@entry
def run_tiles(
    first: int, last: int, first_tile: int, last_tile: int, c: Any, m: Any, p: Any, g: Any, v: Any, a: Any, s: Any,
    panel: Any, k0: Any, k1: Any,
) -> None:  # fmt: skip
    """Periods first..last-1 of tiles first_tile..last_tile-1. Totals row 0 is period `first`.

    Where nobody listens, tiles have nothing to do with each other, and each takes all its periods in one go while it is in the caches.
    """
    customers = c.need.shape[0]
    c, m, p, g, v, a, s, panel = hand(c), hand(m), hand(p), hand(g), hand(v), hand(a), hand(s), hand(panel)
    together = 1 if p.talk_listened else max(last - first, 1)
    for start in range(first, last, together):
        for tile in range(first_tile, last_tile):
            lo = tile * TILE
            n = min(TILE, customers - lo)
            for t in range(start, start + together):
                run_tile(t, t - first, lo, n, c, m, p, g, v, a, s, panel, k0, k1)
