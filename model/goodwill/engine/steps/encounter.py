"""Step 4c: what happens at a visit beyond the usual - delivered value, staged experiences, surprises, failures and complaints -
and what that does to trust, fairness, commitment and certainty.

BONUS gathers what is added to the experience of the visit, so that satisfaction, expectation and delight follow from it as ever.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.borrow import flat
from goodwill.engine.draws import ENCOUNTER, GRIEVANCE, SEVERITY, SEVERITY_2
from goodwill.engine.jit import kernel, rule
from goodwill.engine.maths import ONE, ZERO
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.scratch import (
    BONUS,
    BOUGHT,
    BUYER,
    CHANNELS,
    COMPLAINT_LUCK,
    DELIVERED,
    EXPERIENCE,
    FAIL_LUCK,
    FED,
    FIRM,
    HARM,
    HERE,
    INSIDE,
    LOST,
    OUTCOME,
    REDRESS_LUCK,
    RELATED,
    SATISFIED,
    SHORTFALL,
    SURPRISE_LUCK,
    SURPRISED,
    TERM,
    TRUSTED,
    UNFAIR,
    VISITS,
    padded,
)
from goodwill.engine.state import (
    COMPLAINTS,
    FAILURES,
    FAULT,
    REDRESSED,
    RESOLVED,
    RESTORED,
    SILENT,
    SURPRISES,
    TILE,
    UNANSWERED,
    UNHAPPY,
)
from goodwill.engine.steps.leave import leave_firm
from goodwill.engine.steps.serve import benefit_per_purchase, find_buyers
from goodwill.rules.bonds import (
    fade_unfairness,
    feed_commitment,
    involve,
    make_sure,
    neglect,
    resent,
    trust_after_visit,
)
from goodwill.rules.defection import leave_probability
from goodwill.rules.recovery import (
    complaint_probability,
    fade_grievance,
    failure_severity,
    fresh_grievance,
    grievance_hazard,
    restored_share,
)
from goodwill.rules.value import component_value

_BLOCK = np.uint32(256)
_THOUSAND = np.float32(1000.0)
_MOST_FAILURES = 127
SENSE, FEEL, THINK, ACT, RELATE = (
    CHANNELS,
    CHANNELS + TILE,
    CHANNELS + 2 * TILE,
    CHANNELS + 3 * TILE,
    CHANNELS + 4 * TILE,
)


@kernel
def deliver_value(t: int, lo: int, n: int, c: Any, v: Any) -> None:
    """At the start of a period: what each offer is worth to each customer."""
    for j in range(c.delivered.shape[0]):
        delivered = c.delivered[j, lo : lo + n]
        for l in range(n):
            delivered[l] = ZERO
        for kind in range(c.value_weight.shape[0]):
            amount = v.value[kind, t, j]
            weight = c.value_weight[kind, lo : lo + n]
            for l in range(n):
                delivered[l] = delivered[l] + component_value(weight[l], amount)


@rule
def draw_luck_of_encounters(t: int, occasion: int, lo: int, n: int, s: Any, k0: Any, k1: Any) -> None:
    """Luck of n buyers with failure, complaint, redress and surprise."""
    f, who = s.f, s.who
    for b in range(n):
        i = lo + who[BUYER + b]
        w0, w1, w2, w3 = philox4x32(np.uint32(i), np.uint32(t), np.uint32(occasion), ENCOUNTER, k0, k1)
        f[FAIL_LUCK + b] = uniform32(w0)
        f[COMPLAINT_LUCK + b] = uniform32(w1)
        f[REDRESS_LUCK + b] = uniform32(w2)
        f[SURPRISE_LUCK + b] = uniform32(w3)


@rule
def stage_experiences(t: int, lo: int, n: int, m: Any, p: Any, g: Any, v: Any, s: Any) -> None:
    """The five channels of what is staged for everybody and for members; sense is part of the visit itself."""
    f, k, who = s.f, s.k, s.who
    w = padded(n)
    for channel in range(5):
        staged = v.experiences[channel, t]
        for b in range(w):
            f[CHANNELS + channel * TILE + b] = staged[k[FIRM + b]]
    if p.programmes_on:
        for q in range(g.firm.shape[0]):
            if not (g.start[q] <= t < g.stop[q] and g.stages[q]):
                continue
            found = find_buyers(np.int64(g.firm[q]), m.joined[q, lo:], True, n, s)
            for channel in range(5):
                for x in range(found):
                    b = who[HERE + x]
                    f[CHANNELS + channel * TILE + b] = f[CHANNELS + channel * TILE + b] + g.experiences[q, channel]
    for b in range(w):
        f[BONUS + b] = f[BONUS + b] + p.experiences_sense * f[SENSE + b]
    for b in range(n):
        f[RELATED + who[BUYER + b]] = f[RELATE + b]


@rule
def surprise(t: int, row: int, n: int, v: Any, s: Any, a: Any) -> None:
    """Some visits are better than anybody expected."""
    f, k = s.f, s.k
    for b in range(n):
        j = np.int64(k[FIRM + b])
        hit = f[SURPRISE_LUCK + b] < v.surprise_share[t, j]
        f[SURPRISED + b] = v.surprise_gain[t, j] if hit else ZERO
        a.firms[row, j, SURPRISES] += 1 if hit else 0
    for b in range(n):
        f[BONUS + b] = f[BONUS + b] + f[SURPRISED + b]


@rule
def severity_of(t: int, occasion: int, i: int, k0: Any, k1: Any) -> Any:
    """How grave a failure is, 0 to 1."""
    a, b, c, d = philox4x32(np.uint32(i), np.uint32(t), np.uint32(occasion), SEVERITY, k0, k1)
    e, f, _, _ = philox4x32(np.uint32(i), np.uint32(t), np.uint32(occasion), SEVERITY_2, k0, k1)
    return failure_severity(uniform32(a), uniform32(b), uniform32(c), uniform32(d), uniform32(e), uniform32(f))


@rule
def suffer_failure(
    t: int, row: int, occasion: int, b: int, i: int, x: Any, c: Any, p: Any, v: Any, s: Any, a: Any, k0: Any, k1: Any
) -> None:
    """The visit of buyer b, customer i, fails: he may complain, and the firm may make good. LOST is what he ends up short of."""
    f, k = s.f, s.k
    j = np.int64(k[FIRM + b])
    firm = a.firms[row, j]
    grievance, failures, complaint = flat(c.grievance), flat(c.failures), flat(c.complaint)
    severity = severity_of(t, occasion, i, k0, k1)
    lost = np.float32(p.recovery_scale * severity)
    firm[FAILURES] += 1
    earlier = np.float32(failures[x])
    failures[x] = np.int8(min(np.int64(failures[x]) + 1, _MOST_FAILURES))
    f[SHORTFALL + b] = lost
    f[LOST + b] = lost
    if lost <= p.recovery_tolerance:
        return
    firm[UNHAPPY] += 1
    commitment = flat(c.commitment)[x] if p.commitment_on else ZERO
    trust = flat(c.trust)[x] if p.trust_on else ZERO
    visits = f[VISITS + b] + np.float32(flat(c.history)[x])
    fresh = fresh_grievance(lost, trust, p.recovery_forgiveness, visits, p.recovery_tenure)
    chance = complaint_probability(severity, commitment, v.ease[t, j], p.recovery_low, p.recovery_high)
    outcome = SILENT
    if f[COMPLAINT_LUCK + b] < chance:
        firm[COMPLAINTS] += 1
        if f[REDRESS_LUCK + b] < v.effort[t, j]:
            firm[RESOLVED] += 1
            outcome = REDRESSED
            share = restored_share(v.generosity[t, j], earlier, p.recovery_paradox, p.recovery_later)
            restored = np.float32(share * lost)
            firm[RESTORED] += np.int64(restored * _THOUSAND)
            f[LOST + b] = lost - restored
            left = max(ONE - share, ZERO)  # of what he had against the firm, then and now
            grievance[x] = left * (grievance[x] + fresh)
        else:
            outcome = UNANSWERED
            grievance[x] = grievance[x] + p.recovery_unanswered * fresh
    else:
        grievance[x] = grievance[x] + fresh
    complaint[x] = np.int8(outcome)
    k[OUTCOME + b] = outcome


@rule
def fail(
    t: int, row: int, occasion: int, lo: int, n: int, c: Any, p: Any, v: Any, s: Any, a: Any, k0: Any, k1: Any
) -> None:
    """Some visits fail."""
    f, k, who, at = s.f, s.k, s.who, s.at
    chance = v.failure[t]
    failing = 0
    for b in range(n):
        f[SHORTFALL + b] = ZERO
        k[OUTCOME + b] = 0
        who[HERE + failing] = np.uint32(b)
        failing += 1 if f[FAIL_LUCK + b] < chance[k[FIRM + b]] else 0
    for y in range(failing):
        b = np.int64(who[HERE + y])
        suffer_failure(t, row, occasion, b, lo + np.int64(who[BUYER + b]), at[b], c, p, v, s, a, k0, k1)
    for b in range(n):
        f[BONUS + b] = f[BONUS + b] - f[LOST + b]


@kernel
def meet(
    t: int, row: int, occasion: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, s: Any, a: Any,
    k0: Any, k1: Any,
) -> None:  # fmt: skip
    """Before the experience is formed: what is delivered, staged, given as a surprise, or goes wrong."""
    f, at = s.f, s.at
    w = padded(n)
    for b in range(w):
        f[LOST + b] = ZERO
        f[SURPRISED + b] = ZERO
        f[DELIVERED + b] = ZERO
    if p.value_on:
        delivered = flat(c.delivered)
        for b in range(w):
            f[DELIVERED + b] = delivered[at[b]]
    if p.recovery_on or p.surprise_on:
        draw_luck_of_encounters(t, occasion, lo, w, s, k0, k1)
    if p.experiences_on:
        stage_experiences(t, lo, n, m, p, g, v, s)
    if p.surprise_on:
        surprise(t, row, n, v, s, a)
    if p.recovery_on:
        fail(t, row, occasion, lo, n, c, p, v, s, a, k0, k1)


@rule
def see_unequal_treatment(t: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, s: Any) -> None:
    """Unfairness that each of the n buyers meets at this visit, into UNFAIR, and then what he feels in all."""
    f, k, who, at = s.f, s.k, s.who, s.at
    w = padded(n)
    intrusion, discount, history = v.intrusion[t], v.newcomer_discount[t], flat(c.history)
    for b in range(w):
        f[UNFAIR + b] = p.fairness_intrusion * intrusion[k[FIRM + b]]
        f[HARM + b] = np.float32(history[at[b]])
        f[TERM + b] = discount[k[FIRM + b]]
    for b in range(w):
        known = f[VISITS + b] + f[HARM + b] > ZERO
        f[UNFAIR + b] = f[UNFAIR + b] + (p.fairness_newcomers * f[TERM + b] if known else ZERO)
    if p.programmes_on:
        attention = c.attention[lo:]
        for q in range(g.firm.shape[0]):
            if not g.start[q] <= t < g.stop[q]:
                continue
            j = np.int64(g.firm[q])
            best = g.tier_liking[q, g.tier_count[q] - 1] if g.tier_row[q] >= 0 else ZERO
            seen = p.fairness_benefit * benefit_per_purchase(q, p, g, v)
            seen = seen + p.fairness_service * g.service_bonus[q] + p.fairness_tier * best
            found = find_buyers(j, m.joined[q, lo:], False, n, s)
            for x in range(found):
                b = who[HERE + x]
                f[UNFAIR + b] = f[UNFAIR + b] + seen * attention[who[INSIDE + x]]
            if g.tier_row[q] < 0 and g.binding[q] == 0:
                continue
            found = find_buyers(j, m.joined[q, lo:], True, n, s)
            if g.tier_row[q] >= 0:
                tier = m.tier[g.tier_row[q], lo:]
                for x in range(found):
                    place = who[INSIDE + x]
                    level = np.int64(tier[place])
                    own = g.tier_liking[q, level - 1] if level > 0 else ZERO
                    b = who[HERE + x]
                    f[UNFAIR + b] = f[UNFAIR + b] + p.fairness_tier * (best - own) * attention[place]
            if g.binding[q] != 0 and p.satisfaction_on:
                for x in range(found):
                    b = who[HERE + x]
                    unhappy = f[SATISFIED + b] < p.satisfaction_neutral
                    f[UNFAIR + b] = f[UNFAIR + b] + (p.fairness_binding if unhappy else ZERO)
    unfairness = flat(c.unfairness)
    for b in range(w):
        f[TERM + b] = unfairness[at[b]]
    for b in range(w):
        f[UNFAIR + b] = resent(f[TERM + b], f[UNFAIR + b])
    for b in range(n):
        unfairness[at[b]] = f[UNFAIR + b]


@rule
def keep_or_break_trust(t: int, n: int, c: Any, p: Any, v: Any, s: Any) -> None:
    """Trust after the visit."""
    f, k, at = s.f, s.k, s.at
    w = padded(n)
    trust, promise = flat(c.trust), v.promise[t]
    for b in range(w):
        f[TRUSTED + b] = trust[at[b]]
        f[TERM + b] = promise[k[FIRM + b]]
    for b in range(w):
        gap = f[EXPERIENCE + b] - (f[TERM + b] + f[DELIVERED + b] - p.trust_tolerance)
        harm = p.trust_failure * max(f[LOST + b], ZERO) + p.trust_unfairness * f[UNFAIR + b]
        f[TRUSTED + b] = trust_after_visit(f[TRUSTED + b], gap, p.trust_gain, p.trust_loss, harm)
    for b in range(n):
        trust[at[b]] = f[TRUSTED + b]


@rule
def tend_commitment(t: int, n: int, c: Any, p: Any, v: Any, s: Any) -> None:
    """Commitment after the visit, beyond delight."""
    f, k, at = s.f, s.k, s.at
    w = padded(n)
    recognition = v.recognition[t]
    for b in range(w):
        f[FED + b] = ZERO
        f[HARM + b] = ZERO
    if p.bonds_on:
        for b in range(w):
            f[TERM + b] = recognition[k[FIRM + b]]
        for b in range(w):
            f[FED + b] = p.bonds_recognition * f[TERM + b]
            f[HARM + b] = p.bonds_failure * max(f[LOST + b], ZERO) + p.bonds_unfairness * f[UNFAIR + b]
    if p.experiences_on:
        for b in range(w):
            f[FED + b] = f[FED + b] + p.experiences_feel * f[FEEL + b] + p.experiences_community * f[RELATE + b]
    if p.surprise_on:
        for b in range(w):
            f[FED + b] = f[FED + b] + p.surprise_bond * f[SURPRISED + b]
    commitment = flat(c.commitment)
    for b in range(w):
        f[TERM + b] = commitment[at[b]]
    for b in range(w):
        f[TERM + b] = feed_commitment(f[TERM + b], f[FED + b], f[HARM + b])
    for b in range(n):
        commitment[at[b]] = f[TERM + b]


@kernel
def bond(t: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, s: Any) -> None:
    """After the experience: fairness, trust, commitment, and how sure one is of the firm."""
    f, at = s.f, s.at
    w = padded(n)
    for b in range(w):
        f[UNFAIR + b] = ZERO
    if p.fairness_on:
        see_unequal_treatment(t, lo, n, c, m, p, g, v, s)
    if p.trust_on:
        keep_or_break_trust(t, n, c, p, v, s)
    if p.commitment_on and (p.bonds_on or p.experiences_on or p.surprise_on):
        tend_commitment(t, n, c, p, v, s)
    if p.experiences_on and p.expectation_on:
        uncertainty = flat(c.uncertainty)
        for b in range(w):
            f[TERM + b] = uncertainty[at[b]]
        for b in range(w):
            f[TERM + b] = make_sure(f[TERM + b], p.experiences_think * f[THINK + b])
        for b in range(n):
            uncertainty[at[b]] = f[TERM + b]


@kernel
def get_involved(n: int, c: Any, p: Any, s: Any) -> None:
    """Doing binds: habit at the firm grows by more than the purchase (act)."""
    f, at = s.f, s.at
    w = padded(n)
    habit = flat(c.habit)
    for b in range(w):
        f[TERM + b] = habit[at[b]]
    for b in range(w):
        f[TERM + b] = involve(f[TERM + b], p.experiences_act * f[ACT + b])
    for b in range(n):
        habit[at[b]] = f[TERM + b]


@kernel
def leave_aggrieved(
    t: int, row: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, a: Any, k0: Any, k1: Any
) -> None:
    """Without a contract: those with a grievance may never come back (fault)."""
    for j in range(c.taste.shape[0]):
        grievance = c.grievance[j, lo : lo + n]
        for l in range(n):
            if grievance[l] <= ZERO:
                continue
            i = lo + l
            if not c.arrival[i] <= t < c.exit[i] or (c.gone[i] >> j) & 1:
                continue
            chance = leave_probability(grievance_hazard(grievance[l], p.recovery_hazard, ZERO))
            word, _, _, _ = philox4x32(
                np.uint32(i), np.uint32(t), np.uint32(0), GRIEVANCE + _BLOCK * np.uint32(j), k0, k1
            )
            if uniform32(word) < chance:
                c.gone[i] |= np.int32(1 << j)
                leave_firm(row, i, j, FAULT, c, m, p, g, a)


@kernel
def let_time_pass(lo: int, n: int, c: Any, p: Any, s: Any) -> None:
    """At the end of a period: grievances and unfairness fade, and bonds that nobody kept up loosen."""
    k = s.k
    for j in range(c.taste.shape[0]):
        if p.recovery_on:
            grievance = c.grievance[j, lo : lo + n]
            for l in range(n):
                grievance[l] = fade_grievance(grievance[l], p.recovery_retention)
        if p.fairness_on:
            unfairness = c.unfairness[j, lo : lo + n]
            for l in range(n):
                unfairness[l] = fade_unfairness(unfairness[l], p.fairness_retention)
        if p.bonds_on and p.commitment_on:
            commitment = c.commitment[j, lo : lo + n]
            bit = np.int32(1 << j)
            for l in range(n):
                idle = neglect(commitment[l], p.bonds_neglect)
                commitment[l] = commitment[l] if (k[BOUGHT + l] & bit) != 0 else idle
