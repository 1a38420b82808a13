"""Step 6: leaving - dropping out after a purchase, lapsing, contracts that end, and leaving the market."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.draws import CONTRACT, SWITCH
from goodwill.engine.jit import kernel, rule
from goodwill.engine.maths import ONE, ZERO, log32
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.scratch import (
    BALANCE,
    BETA,
    BUYER,
    CHOSEN,
    CUMULATIVE,
    DROP_LUCK,
    END_LUCK,
    EVERYBODY,
    EXIT_LUCK,
    FIRM,
    HERE,
    INSIDE,
    LAPSE_LUCK,
    PREVIOUS,
    RATIO,
    VALUE,
    VISITS,
    padded,
)
from goodwill.engine.scratch import PULL as FAULT_HAZARD
from goodwill.engine.scratch import RATE_WEIGHT as NATURAL_HAZARD
from goodwill.engine.scratch import TERM as CHANCE
from goodwill.engine.state import (
    COMPETITIVE,
    FAULT,
    LEFT_MARKET,
    LEFT_NATURAL,
    LEFT_SILENT,
    MALICIOUS,
    NATURAL,
    SATISFIED_NATURAL,
)
from goodwill.engine.steps.bonds import (
    charge_exit,
    fee_for_leaving,
    give_notice,
    has_given_notice,
    is_kept,
    resent_being_kept,
)
from goodwill.engine.steps.choose import (
    UNAVAILABLE,
    add_offers,
    add_up_utility,
    add_welcome_prices,
    forbid_firms,
    set_utilities,
)
from goodwill.engine.steps.credits import balance_of, end_membership
from goodwill.rules.choice import gumbel, habit_utility, relational_utility
from goodwill.rules.defection import (
    competitive_hazard,
    dissatisfaction_hazard,
    fault_hazard,
    lapse_hazard,
    leave_probability,
    switching_cost,
)
from goodwill.rules.programme import money_utility, novelty, tier_shift_utility
from goodwill.rules.recovery import grievance_hazard

_BLOCK = np.uint32(256)


@rule
def end_memberships(row: int, i: int, firm: int, m: Any, g: Any, a: Any) -> None:
    """Customer i leaves a firm (-1: every firm) and with it its programmes."""
    for q in range(g.firm.shape[0]):
        if firm < 0 or g.firm[q] == firm:
            end_membership(row, q, i, m, g, a)


@rule
def count_loss(row: int, i: int, firm: int, cause: int, c: Any, p: Any, a: Any) -> None:
    """Customer i is lost to a firm for one cause; whether he was satisfied even so is counted too."""
    c.cause[firm, i] = np.int8(cause)
    a.firms[row, firm, LEFT_NATURAL + cause - 1] += 1
    if p.satisfaction_on:
        a.firms[row, firm, SATISFIED_NATURAL + cause - 1] += c.satisfaction[firm, i] >= p.satisfaction_neutral
    if p.recovery_on and cause == FAULT:
        complaint = np.int64(c.complaint[firm, i])
        if complaint > 0:
            a.firms[row, firm, LEFT_SILENT + complaint - 1] += 1


@rule
def leave_firm(row: int, i: int, firm: int, cause: int, c: Any, m: Any, p: Any, g: Any, a: Any) -> None:
    """Record that customer i has left a firm, and why."""
    count_loss(row, i, firm, cause, c, p, a)
    end_memberships(row, i, firm, m, g, a)


@kernel
def drop_out(t: int, row: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, a: Any, s: Any) -> None:
    """Without a contract: after a purchase the firm may be dropped for good, of itself (natural) or for a fault.

    VISITS holds the purchases before this one, VALUE the value of its disconfirmation.
    """
    f, k, who = s.f, s.k, s.who
    w = padded(n)
    hazard = c.dropout[lo:]
    for b in range(w):
        f[NATURAL_HAZARD + b] = hazard[who[BUYER + b]]
    if not p.defection_dropout_on_trial:
        for b in range(w):
            f[NATURAL_HAZARD + b] = ZERO if f[VISITS + b] <= ZERO else f[NATURAL_HAZARD + b]
    for b in range(w):
        f[FAULT_HAZARD + b] = ZERO
    if p.satisfaction_on and p.defection_fault > ZERO:
        for b in range(w):
            f[FAULT_HAZARD + b] = fault_hazard(f[VALUE + b], p.defection_fault)
    for b in range(w):
        f[CHANCE + b] = leave_probability(f[NATURAL_HAZARD + b] + f[FAULT_HAZARD + b])
    for b in range(n):
        if f[DROP_LUCK + b] < f[CHANCE + b]:
            i = lo + who[BUYER + b]
            j = np.int64(k[FIRM + b])
            # Given that he leaves, the luck is uniform below the chance: it picks the cause in proportion.
            part = f[DROP_LUCK + b] * (f[NATURAL_HAZARD + b] + f[FAULT_HAZARD + b])
            cause = FAULT if part < f[CHANCE + b] * f[FAULT_HAZARD + b] else NATURAL
            c.gone[i] |= np.int32(1 << j)
            if cause == FAULT:
                charge_exit(t, row, i, j, m, g, a)
            leave_firm(row, i, j, cause, c, m, p, g, a)


@rule
def compare_with_left_out(t: int, lo: int, n: int, c: Any, p: Any, v: Any, s: Any) -> int:
    """Buyers who bought elsewhere before (HERE; the firm in PREVIOUS, by buyer) and by how much the new firm leads (BALANCE).

    The lead is in utility without luck and programmes. Returns how many they are.
    """
    f, k, who, at = s.f, s.k, s.who, s.at
    last, sensitivity = c.last[lo:], c.price_sensitivity[lo:]
    found = 0
    for b in range(n):
        before = np.int32(last[who[BUYER + b]])
        k[PREVIOUS + b] = before
        who[HERE + found] = np.uint32(b)
        who[INSIDE + found] = who[BUYER + b]
        found += 1 if (before >= 0) & (before != k[FIRM + b]) else 0
    w = padded(found)
    for x in range(found, w):
        who[HERE + x] = who[INSIDE + x] = 0
    if found == 0:
        return 0
    for x in range(w):
        f[BETA + x] = sensitivity[who[INSIDE + x]]
    customers = c.need.shape[0]
    for firms, room in ((FIRM, BALANCE), (PREVIOUS, CUMULATIVE)):
        for x in range(w):
            j = max(np.int64(k[firms + who[HERE + x]]), 0)
            f[RATIO + x] = v.log_price_ratio[t, j]
            at[x] = np.uint64(j * customers + lo + who[INSIDE + x])
        add_up_utility(np.int64(-1), w, f[room : room + w], c, p, s)
    for x in range(w):
        f[BALANCE + x] = f[BALANCE + x] - f[CUMULATIVE + x]
    return found


@rule
def mind_exit_fees(t: int, lo: int, n: int, m: Any, g: Any, v: Any, s: Any) -> None:
    """The lead of a rival is the smaller, the more it costs to leave the firm bought from before."""
    f, k, who = s.f, s.k, s.who
    for x in range(n):
        before = np.int64(k[PREVIOUS + who[HERE + x]])
        fee = np.float32(fee_for_leaving(t, lo + np.int64(who[INSIDE + x]), before, m, g))
        f[BALANCE + x] = f[BALANCE + x] - money_utility(fee, f[BETA + x], v.usual_spend[before], ONE)


@kernel
def lapse(t: int, row: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, a: Any, s: Any) -> None:
    """Without a contract: one who buys elsewhere may drop, for good, the firm he bought from before (competitive)."""
    f, k, who = s.f, s.k, s.who
    found = compare_with_left_out(t, lo, n, c, p, v, s)
    for q in range(g.firm.shape[0]):
        if g.term[q] > 0:
            mind_exit_fees(t, lo, found, m, g, v, s)
            break
    for x in range(padded(found)):
        f[CHANCE + x] = leave_probability(lapse_hazard(f[BALANCE + x], p.defection_lapse))
    for x in range(found):
        b = who[HERE + x]
        if f[LAPSE_LUCK + b] < f[CHANCE + x]:
            i = lo + who[INSIDE + x]
            before = np.int64(k[PREVIOUS + b])
            if not (c.gone[i] >> before) & 1 and not is_kept(t, i, before, m, g):
                c.gone[i] |= np.int32(1 << before)
                charge_exit(t, row, i, before, m, g, a)
                leave_firm(row, i, before, COMPETITIVE, c, m, p, g, a)


@kernel
def end_by_firm(t: int, row: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, a: Any, s: Any) -> None:
    """Without a contract: the firm last bought from ends the relationship (malicious)."""
    f = s.f
    chance = leave_probability(p.defection_malicious)
    for l in range(n):
        if f[END_LUCK + l] < chance:
            i = lo + l
            j = np.int64(c.last[i])
            if j >= 0 and c.arrival[i] <= t < c.exit[i] and not (c.gone[i] >> j) & 1:
                c.gone[i] |= np.int32(1 << j)
                leave_firm(row, i, j, MALICIOUS, c, m, p, g, a)


@kernel
def leave_market(t: int, row: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, a: Any, s: Any) -> None:
    """Natural exits: customers who leave the market altogether, at the end of the period."""
    f = s.f
    chance = leave_probability(p.natural_exit)
    for l in range(n):
        i = lo + l
        if f[EXIT_LUCK + l] < chance and c.arrival[i] <= t < c.exit[i]:
            c.exit[i] = t + 1
            a.market[row, LEFT_MARKET] += 1
            firm = np.int64(c.last[i])
            if firm >= 0 and not (c.gone[i] >> firm) & 1:
                count_loss(row, i, firm, NATURAL, c, p, a)
            end_memberships(row, i, -1, m, g, a)


@rule
def forfeited_value(i: int, firm: int, beta: Any, c: Any, m: Any, p: Any, g: Any, v: Any) -> Any:
    """Utility of the credits customer i would forfeit by leaving the firm."""
    value = ZERO
    for q in range(g.firm.shape[0]):
        if g.firm[q] == firm and m.joined[q, i] >= 0 and g.holds[q]:
            worth = np.float32(balance_of(q, i, m, g)) * g.credit_worth[q]
            value += money_utility(worth, beta, v.usual_spend[firm], p.programmes_points_value)
    return np.float32(value)


@rule
def lost_benefits(t: int, i: int, firm: int, beta: Any, c: Any, m: Any, p: Any, g: Any) -> Any:
    """What belonging to the firm's programmes is worth to customer i apart from credits: liking, discount, tier."""
    value = ZERO
    for q in range(g.firm.shape[0]):
        if g.firm[q] == firm and g.start[q] <= t < g.stop[q] and m.joined[q, i] >= 0 and m.engaged[q, i] > 0:
            elapsed = np.float32(t - m.joined[q, i])
            worth = novelty(p.programmes_liking, elapsed, p.programmes_novelty_half_life)
            if g.discount[q] > ZERO:
                worth = worth + beta * log32(ONE - g.discount[q])
            if g.liking[q] != ZERO:
                worth = worth + g.liking[q]
            if g.tier_row[q] >= 0:
                level = np.int64(m.tier[g.tier_row[q], i])
                liking = g.tier_liking[q, level - 1] if level > 0 else ZERO
                shift = m.tier_shift[g.tier_row[q], i]
                worth = worth + (liking + tier_shift_utility(shift, p.programmes_tier_gain, p.programmes_tier_loss))
            if g.tier_perks[q]:
                level = np.int64(m.tier[g.tier_row[q], i])
                off = g.tier_discount[q, level - 1] if level > 0 else ZERO
                worth = worth + beta * log32(ONE - off)
            value = value + c.attention[i] * worth
    return np.float32(value)


@rule
def lost_value(t: int, i: int, firm: int, beta: Any, c: Any, m: Any, p: Any, g: Any, v: Any) -> Any:
    """Financial cost of leaving the firm, in utility: credits forfeited, benefits of members lost, and a fee if he is bound."""
    lost = forfeited_value(i, firm, beta, c, m, p, g, v) + lost_benefits(t, i, firm, beta, c, m, p, g)
    fee = np.float32(fee_for_leaving(t, i, firm, m, g))
    return np.float32(lost + money_utility(fee, beta, v.usual_spend[firm], ONE))


@rule
def best_provider(t: int, i: int, l: int, barred: int, u: Any, k0: Any, k1: Any) -> int:
    """The firm that is best for customer i, at lane l, with the luck of the moment; those in the bits `barred` are out; -1 none."""
    best = UNAVAILABLE
    chosen = -1
    for j in range(u.shape[0]):
        if not (barred >> j) & 1:
            stream = np.uint32(SWITCH + _BLOCK * np.uint32(j // 4))
            w0, w1, w2, w3 = philox4x32(np.uint32(i), np.uint32(t), np.uint32(0), stream, k0, k1)
            word = w0 if j % 4 == 0 else (w1 if j % 4 == 1 else (w2 if j % 4 == 2 else w3))
            utility = np.float32(u[j, l] + gumbel(uniform32(word)))
            if utility > best:
                best = utility
                chosen = j
    return chosen


@kernel
def seek_providers(t: int, lo: int, n: int, c: Any, p: Any, v: Any, s: Any, k0: Any, k1: Any) -> None:
    """Under contract: those without a provider take one of the firms they know and have never left."""
    k, last, arrival, leaving = s.k, c.last[lo : lo + n], c.arrival[lo : lo + n], c.exit[lo : lo + n]
    seekers = 0
    for l in range(n):
        k[CHOSEN + l] = (last[l] < 0) & (arrival[l] <= t) & (leaving[l] > t + 1)
        seekers += k[CHOSEN + l]
    if seekers == 0:
        return
    set_utilities(t, EVERYBODY, lo, n, c, p, v, s)
    add_welcome_prices(t, EVERYBODY, lo, n, c, v, s)
    if c.favour.shape[1] > 0:
        add_offers(t, EVERYBODY, n, lo, c, s)
    forbid_firms(EVERYBODY, lo, n, c, s)
    for l in range(n):
        if k[CHOSEN + l] != 0:
            left = 0
            for j in range(c.cause.shape[0]):
                left |= 1 << j if c.cause[j, lo + l] != 0 else 0
            last[l] = np.int8(best_provider(t, lo + l, l, left, s.u, k0, k1))


@kernel
def end_contracts(
    t: int, row: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, a: Any, s: Any, k0: Any, k1: Any
) -> None:
    """Under contract: competing hazards of leaving the provider, and the choice of the next one."""
    u = s.u
    firms = c.taste.shape[0]
    set_utilities(t, EVERYBODY, lo, n, c, p, v, s)
    add_welcome_prices(t, EVERYBODY, lo, n, c, v, s)
    if c.favour.shape[1] > 0:
        add_offers(t, EVERYBODY, n, lo, c, s)
    forbid_firms(EVERYBODY, lo, n, c, s)
    for l in range(n):
        i = lo + l
        if not (c.last[i] >= 0 and c.arrival[i] <= t < c.exit[i]):
            continue
        own = np.int64(c.last[i])
        rival = UNAVAILABLE
        for j in range(firms):
            if j != own:
                rival = max(rival, u[j, l])
        beta = c.price_sensitivity[i]
        habit = habit_utility(c.habit[own, i], p.habit_strength) if p.habit_on else ZERO
        bond = relational_utility(c.commitment[own, i], p.commitment_weight) if p.commitment_on else ZERO
        at_stake = lost_value(t, i, own, beta, c, m, p, g, v) if p.programmes_on else ZERO
        kept = p.programmes_on and is_kept(t, i, own, m, g)
        cost = switching_cost(
            p.defection_procedural * habit, p.defection_financial * at_stake, p.defection_relational * bond
        )
        base = c.dropout[i]
        compete = competitive_hazard(p.defection_competitive * base, rival - u[own, l], cost)
        if p.programmes_on:
            resent_being_kept(t, i, own, rival - u[own, l], c, m, p, g)
        opinion = c.opinion[own, i] if p.talk_listened else ZERO
        satisfaction = c.satisfaction[own, i] if p.satisfaction_on else p.satisfaction_neutral
        fault = dissatisfaction_hazard(
            p.defection_discontent * base,
            satisfaction,
            p.satisfaction_neutral,
            p.defection_satisfaction_weight,
            opinion,
            cost,
        )
        if p.recovery_on:
            fault = fault + grievance_hazard(c.grievance[own, i], p.recovery_hazard, cost)
        total = compete + fault + p.defection_malicious
        luck, why, _, _ = philox4x32(np.uint32(i), np.uint32(t), np.uint32(0), CONTRACT, k0, k1)
        due = p.programmes_on and not kept and has_given_notice(i, own, m, g)
        if due or uniform32(luck) < leave_probability(total):
            part = uniform32(why) * total
            cause = COMPETITIVE if due or part < compete else (FAULT if part < compete + fault else MALICIOUS)
            if kept and cause == COMPETITIVE:
                give_notice(i, own, m, g)
                continue
            if cause != MALICIOUS:
                charge_exit(t, row, i, own, m, g, a)
            leave_firm(row, i, own, cause, c, m, p, g, a)
            c.last[i] = np.int8(best_provider(t, i, l, 1 << own, u, k0, k1))
