"""Purchases on record: what was bought, and which component of utility held the customer.

`held_by` is a bit mask over the components of utility (`goodwill.engine.components`): a bit is set when the choice would have
fallen on another firm, under the same luck, had that component been missing. `cause` names the most decisive of them: the one in
which the chosen firm is furthest ahead of the firm that would have been chosen instead, or "no single one", or "no other firm".
"""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.borrow import hand
from goodwill.engine.components import (
    COMMITMENT,
    CONTRACT_HOLDS,
    DELIVERED_VALUE,
    EXPECTATION,
    FAIRNESS,
    HABIT,
    NO_OTHER_FIRM,
    NO_SINGLE_ONE,
    OPINION,
    PART_COUNT,
    PRICE,
    PROGRAMME,
    SATISFACTION,
    TASTE,
    TRUST,
    UNSETTLED,
)
from goodwill.engine.draws import CHOICE
from goodwill.engine.jit import entry, kernel, rule
from goodwill.engine.maths import ONE, ZERO, log32
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.scratch import (
    BUYER,
    CENTS,
    CHOSEN,
    CREDITS,
    EXPECTED,
    EXPERIENCE,
    FIRM,
    LANE,
    MILLI,
    OUTCOME,
    REDEEMED,
    SATISFIED,
    SHORTFALL,
)
from goodwill.engine.steps.choose import BARELY, UNAVAILABLE, never_bought, possible_firms, settled_uncertainty
from goodwill.engine.steps.leave import lost_value
from goodwill.engine.steps.strength import sensitivity_of
from goodwill.rules.bonds import risk_premium, trust_utility, unfairness_utility
from goodwill.rules.choice import (
    base_utility,
    delight_utility,
    expectation_utility,
    gumbel,
    habit_utility,
    opinion_utility,
    relational_utility,
    satisfaction_utility,
)
from goodwill.rules.recovery import grievance_utility
from goodwill.rules.value import component_value, value_utility

_BLOCK = np.uint32(256)


@rule
def utility_terms(t: int, i: int, j: int, c: Any, p: Any, v: Any, out: Any) -> None:
    """The components of customer i's utility of firm j before luck and programmes, into out by the numbers of `PARTS`."""
    beta = c.price_sensitivity[i]
    out[TASTE] = c.taste[j, i]
    felt = sensitivity_of(np.uint64(j * c.need.shape[0] + i), beta, c, p) if p.spending_on else beta
    out[PRICE] = base_utility(ZERO, felt, v.log_price_ratio[t, j])
    out[HABIT] = habit_utility(c.habit[j, i], p.habit_strength) if p.habit_on else ZERO
    out[SATISFACTION] = (
        satisfaction_utility(c.satisfaction[j, i], p.satisfaction_neutral, p.satisfaction_weight)
        if p.satisfaction_on
        else ZERO
    )
    if p.satisfaction_on and p.delight_on:
        out[SATISFACTION] += delight_utility(
            c.satisfaction[j, i], p.satisfaction_neutral, p.delight_threshold, p.delight_weight
        )
    out[EXPECTATION] = (
        expectation_utility(
            c.expectation[j, i],
            c.uncertainty[j, i],
            p.satisfaction_neutral,
            p.expectation_weight,
            p.expectation_risk,
            settled_uncertainty(p),
        )
        if p.expectation_on
        else ZERO
    )
    out[COMMITMENT] = relational_utility(c.commitment[j, i], p.commitment_weight) if p.commitment_on else ZERO
    if v.newcomer_discount[t, j] > ZERO and never_bought(j, i, c):
        out[PRICE] += base_utility(ZERO, beta, log32(ONE - v.newcomer_discount[t, j]))
    out[DELIVERED_VALUE] = value_utility(c.delivered[j, i], p.value_weight, p.value_search) if p.value_on else ZERO
    out[TRUST] = ZERO
    if p.trust_on:
        premium = (
            risk_premium(c.uncertainty[j, i], p.expectation_risk, settled_uncertainty(p)) if p.expectation_on else ZERO
        )
        out[TRUST] = trust_utility(c.trust[j, i], p.trust_initial, p.trust_weight, premium, p.trust_relief)
    out[FAIRNESS] = unfairness_utility(c.unfairness[j, i], p.fairness_weight) if p.fairness_on else ZERO
    out[UNSETTLED] = grievance_utility(c.grievance[j, i], p.recovery_weight) if p.recovery_on else ZERO
    out[OPINION] = opinion_utility(c.opinion[j, i], p.word_of_mouth_weight) if p.talk_listened else ZERO


@rule
def decisive(chosen: int, firms: int, terms: Any, total: Any) -> tuple[int, int]:
    """(held_by, cause) of one choice; terms [J, PART_COUNT], total [J] utilities with luck (UNAVAILABLE: not in the choice)."""
    held, cause, most = 0, NO_SINGLE_ONE, ZERO
    others = 0
    for j in range(firms):
        others += 1 if j != chosen and total[j] > UNAVAILABLE else 0
    if others == 0:
        return 0, NO_OTHER_FIRM
    for part in range(terms.shape[1]):
        winner, best = chosen, np.float32(total[chosen] - terms[chosen, part])
        for j in range(firms):
            if total[j] > UNAVAILABLE and np.float32(total[j] - terms[j, part]) > best:
                winner, best = j, np.float32(total[j] - terms[j, part])
        if winner != chosen:
            held |= 1 << part
            weight = np.float32(terms[chosen, part] - terms[winner, part])
            if weight > most:
                cause, most = part, weight
    return held, cause


@rule
def deciding_kinds_of_value(t: int, i: int, chosen: int, firms: int, c: Any, p: Any, v: Any, total: Any) -> int:
    """Bit mask over the eight kinds of value and cost: without which the choice would have fallen on another firm."""
    held = 0
    for kind in range(c.value_weight.shape[0]):
        weight = c.value_weight[kind, i]
        own = value_utility(component_value(weight, v.value[kind, t, chosen]), p.value_weight, p.value_search)
        for j in range(firms):
            other = value_utility(component_value(weight, v.value[kind, t, j]), p.value_weight, p.value_search)
            if total[j] > UNAVAILABLE and np.float32(total[j] - other) > np.float32(total[chosen] - own):
                held |= 1 << kind
    return held


@kernel
def note_causes(
    t: int, trip: int, lo: int, lanes: int, c: Any, p: Any, v: Any, s: Any, panel: Any, k0: Any, k1: Any
) -> None:
    """For the lanes on record, before their states change: which components hold them, into s.notes by place.

    s.u holds utilities with programmes and luck by lane; s.before the same without either.
    """
    k, u, who, before, notes = s.k, s.u, s.who, s.before, s.notes
    firms = c.taste.shape[0]
    terms = np.zeros((firms, PART_COUNT), np.float32)
    total = np.zeros(firms, np.float32)
    for l in range(lanes):
        place = who[LANE + l]
        i = lo + place
        if not panel.member[i] or k[CHOSEN + l] < 0:
            continue
        for j in range(firms):
            total[j] = UNAVAILABLE
            if u[j, l] > BARELY:
                stream = np.uint32(CHOICE + _BLOCK * np.uint32(j // 4))
                w0, w1, w2, w3 = philox4x32(np.uint32(i), np.uint32(t), np.uint32(trip), stream, k0, k1)
                word = w0 if j % 4 == 0 else (w1 if j % 4 == 1 else (w2 if j % 4 == 2 else w3))
                utility_terms(t, i, j, c, p, v, terms[j])
                total[j] = u[j, l]
                terms[j, PROGRAMME] = np.float32(total[j] - np.float32(before[j, l] + gumbel(uniform32(word))))
        held, cause = decisive(k[CHOSEN + l], firms, terms, total)
        notes[0, place] = cause
        notes[1, place] = held
        if p.value_on:
            notes[2, place] = deciding_kinds_of_value(t, i, np.int64(k[CHOSEN + l]), firms, c, p, v, total)


@rule
def contract_terms(t: int, i: int, own: int, c: Any, m: Any, p: Any, g: Any, v: Any, terms: Any, total: Any) -> int:
    """Components of what each firm is worth to a customer under contract, and their sums; 1 if a rival is worth more.

    As in `end_contracts` there is no luck of the occasion, and what binds counts for the provider only, by its weight in the
    cost of switching.
    """
    in_mind = c.considered[i] if p.consideration_on else c.aware[i]
    possible = possible_firms(c.aware[i], c.gone[i], in_mind)
    for j in range(c.taste.shape[0]):
        total[j] = UNAVAILABLE
        if j == own or (possible >> j) & 1:
            utility_terms(t, i, j, c, p, v, terms[j])
            terms[j, HABIT] = p.defection_procedural * terms[j, HABIT] if j == own else ZERO
            terms[j, COMMITMENT] = p.defection_relational * terms[j, COMMITMENT] if j == own else ZERO
            terms[j, PROGRAMME] = ZERO
            if j == own and p.programmes_on:
                value = lost_value(t, i, own, c.price_sensitivity[i], c, m, p, g, v)
                terms[j, PROGRAMME] = p.defection_financial * value
            total[j] = ZERO
            for part in range(terms.shape[1]):
                total[j] = np.float32(total[j] + terms[j, part])
    worse = 0
    for j in range(c.taste.shape[0]):
        worse |= 1 if total[j] > total[own] else 0
    return worse


@kernel
def note_providers(t: int, lo: int, lanes: int, c: Any, m: Any, p: Any, g: Any, v: Any, s: Any, panel: Any) -> None:
    """Under contract, for the lanes on record: which components keep them with their provider, into s.notes by place.

    Whom a rival would suit better even with all that binds him, the contract holds.
    """
    who, notes = s.who, s.notes
    firms = c.taste.shape[0]
    terms = np.zeros((firms, PART_COUNT), np.float32)
    total = np.zeros(firms, np.float32)
    for l in range(lanes):
        place = who[LANE + l]
        i = lo + place
        own = np.int64(c.last[i])
        if not panel.member[i] or own < 0:
            continue
        worse = contract_terms(t, i, own, c, m, p, g, v, terms, total)
        held, cause = decisive(own, firms, terms, total)
        notes[0, place] = CONTRACT_HOLDS if worse else cause
        notes[1, place] = 0 if worse else held


@entry
def terms_of_everybody(t: int, who: Any, c: Any, p: Any, v: Any, out: Any) -> None:
    """Components of utility in period t, without luck and programmes, of the customers in `who`: out [who, J, PART_COUNT]."""
    c, p, v = hand(c), hand(p), hand(v)
    for x in range(who.shape[0]):
        for j in range(c.taste.shape[0]):
            utility_terms(t, who[x], j, c, p, v, out[x, j])


@kernel
def write_purchases(
    t: int, trip: int, occasion: int, lo: int, n: int, c: Any, p: Any, v: Any, s: Any, panel: Any
) -> None:
    """One row for every buyer on record, in the order of PURCHASE_COLUMNS; experience and beliefs are NaN where they are off."""
    f, k, who, notes = s.f, s.k, s.who, s.notes
    for b in range(n):
        place = who[BUYER + b]
        i = lo + place
        if not panel.member[i]:
            continue
        row = panel.rows[panel.count[0]]
        panel.count[0] += 1
        j = k[FIRM + b]
        row[0], row[1], row[2], row[3], row[4] = t, i, trip, occasion, j
        row[5] = k[MILLI + b] / 1000.0
        row[6] = k[CENTS + b] / 100.0
        row[7] = np.float64(v.price[t, j]) / 100.0
        member = p.programmes_on and k[CREDITS + b] >= 0  # with programmes off nobody has set CREDITS
        row[8] = 1.0 if member else 0.0
        row[9] = k[CREDITS + b] if member else np.nan
        row[10] = k[REDEEMED + b] if member else 0
        row[11] = f[EXPERIENCE + b] if p.experience_on else np.nan
        row[12] = f[EXPECTED + b] if p.experience_on else np.nan
        row[13] = f[SATISFIED + b] if p.satisfaction_on else np.nan
        row[14] = notes[0, place]
        row[15] = notes[1, place]
        row[16] = f[SHORTFALL + b] if p.recovery_on else np.nan
        row[17] = k[OUTCOME + b] if p.recovery_on else 0
        row[18] = notes[2, place] if p.value_on and not p.contract else 0
