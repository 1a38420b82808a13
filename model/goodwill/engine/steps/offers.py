"""What firms send to single customers: samples, coupons and the use of them, early warnings, offers to those who left.

Few customers are concerned in a period, so these are plain loops over customers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.borrow import flat
from goodwill.engine.draws import FILE, SENT
from goodwill.engine.jit import kernel, rule
from goodwill.engine.maths import HALF, ONE, ZERO, normal_quantile32
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.scratch import CENTS, FIRM
from goodwill.engine.state import (
    COMPETITIVE,
    FALSE_WARNINGS,
    FAULT,
    MALICIOUS,
    NATURAL,
    OFFER_DISCOUNT,
    OFFERS_REDEEMED,
    REPAIRS,
    SAMPLES,
    WARNINGS,
    WIN_BACK_OFFERS,
    WON_BACK,
)
from goodwill.engine.steps.leave import leave_firm
from goodwill.rules.expectation import kalman_gain, update_expectation, update_uncertainty
from goodwill.rules.offers import fade_favour, pace_kept
from goodwill.rules.satisfaction import experience_level
from goodwill.rules.win_back import forgive, reset_expectation, win_back_probability

_BLOCK = np.uint32(256)
SAMPLED, COURTED, WARNED = 0, 1, 2  # rows of Customers.sent


@rule
def stays(t: int, i: int, c: Any) -> bool:
    """Whether customer i is in the market now and will be in the next period."""
    return c.arrival[i] <= t and c.exit[i] > t + 1


@rule
def has_bought(j: int, i: int, c: Any) -> Any:
    """Whether customer i has ever bought from firm j, before the run or in it."""
    return c.visits[j, i] > 0 or (c.history.shape[1] > 0 and c.history[j, i] > 0)


@rule
def make_think(j: int, i: int, c: Any) -> None:
    """Customer i knows of firm j now and thinks of it."""
    bit = np.int32(1 << j)
    c.aware[i] |= bit
    if c.considered.shape[0] > 0:
        c.considered[i] |= bit


@rule
def is_on_file(j: int, i: int, share: np.float32, m: Any, g: Any, k0: Any, k1: Any) -> tuple[Any, Any]:
    """Whether firm j has customer i on file (members are; of others a share is), and the luck with which the file is right."""
    w0, w1, _, _ = philox4x32(np.uint32(i), np.uint32(0), np.uint32(0), np.uint32(FILE + _BLOCK * np.uint32(j)), k0, k1)
    known = uniform32(w0) < share
    for q in range(g.firm.shape[0]):
        known = known or (g.firm[q] == j and m.joined[q, i] >= 0)
    return known, uniform32(w1)


@kernel
def redeem_offers(t: int, row: int, n: int, c: Any, s: Any, a: Any) -> None:
    """Buyers who hold a valid coupon of the firm use it."""
    k, at = s.k, s.at
    offer, ends = flat(c.offer), flat(c.offer_ends)
    for b in range(n):
        x = at[b]
        if offer[x] > ZERO and ends[x] >= t:
            off = np.int32(np.float32(k[CENTS + b]) * offer[x] + HALF)
            k[CENTS + b] -= off
            offer[x] = ZERO
            firm = a.firms[row, np.int64(k[FIRM + b])]
            firm[OFFERS_REDEEMED] += 1
            firm[OFFER_DISCOUNT] += off


@kernel
def fade_favours(lo: int, n: int, c: Any, p: Any) -> None:
    """Thanks and curiosity pass."""
    for j in range(c.favour.shape[0]):
        favour = c.favour[j, lo : lo + n]
        for l in range(n):
            favour[l] = fade_favour(favour[l], p.offers_retention)


@kernel
def send_samples(t: int, row: int, lo: int, n: int, c: Any, p: Any, v: Any, a: Any, k0: Any, k1: Any) -> None:
    """Those who never bought from the firm may get one sample of its service in their life."""
    for j in range(c.favour.shape[0]):
        if not v.sampling[t, j] > ZERO:
            continue
        bit = np.int32(1 << j)
        for i in range(lo, lo + n):
            if (
                not (c.arrival[i] <= t and c.exit[i] > t)
                or has_bought(j, i, c)
                or c.gone[i] & bit
                or c.sent[SAMPLED, i] & bit
            ):
                continue
            _, _, word, noise = philox4x32(
                np.uint32(i), np.uint32(t), np.uint32(0), np.uint32(SENT + _BLOCK * np.uint32(j)), k0, k1
            )
            if not uniform32(word) < v.sampling[t, j]:
                continue
            c.sent[SAMPLED, i] |= bit
            make_think(j, i, c)
            c.favour[j, i] = c.favour[j, i] + p.offers_sample_thanks
            a.firms[row, j, SAMPLES] += 1
            if p.expectation_on:
                met = experience_level(v.service[t, j], v.inconsistency[t, j], normal_quantile32(uniform32(noise)))
                gain = kalman_gain(c.uncertainty[j, i], p.expectation_noise)
                c.uncertainty[j, i] = update_uncertainty(c.uncertainty[j, i], gain, p.expectation_drift)
                c.expectation[j, i] = update_expectation(c.expectation[j, i], met, gain)


@kernel
def send_warnings(t: int, row: int, lo: int, n: int, c: Any, m: Any, g: Any, v: Any, a: Any, k0: Any, k1: Any) -> None:
    """A good customer on file who falls behind his own pace is sent a coupon, once a pause.

    It was a false alarm if he has neither left nor bought elsewhere since: he has not shopped at all. One whose file is wrong gets
    what is of no use to him.
    """
    for j in range(c.favour.shape[0]):
        if not v.warning[t, j] > ZERO:
            continue
        bit = np.int32(1 << j)
        for i in range(lo, lo + n):
            if c.last_bought[j, i] == t:
                c.sent[WARNED, i] &= ~bit
            if c.visits[j, i] == 0 or c.sent[WARNED, i] & bit or c.rate[j, i] < v.warning_good[t, j]:
                continue
            if not pace_kept(c.rate[j, i], np.float32(t - c.last_bought[j, i])) < v.warning[t, j]:
                continue
            known, luck = is_on_file(j, i, v.coverage[t, j], m, g, k0, k1)
            if not known:
                continue
            c.sent[WARNED, i] |= bit
            a.firms[row, j, WARNINGS] += 1
            lost = (c.gone[i] & bit) != 0 or not stays(t, i, c) or c.last[i] != j
            a.firms[row, j, FALSE_WARNINGS] += 0 if lost else 1
            if not luck < v.file_error[t, j]:
                make_think(j, i, c)
                c.offer[j, i] = v.warning_depth[t, j]
                c.offer_ends[j, i] = np.int16(t + np.int64(v.warning_valid[t, j]))


@kernel
def ask_back(
    t: int, row: int, lo: int, n: int, c: Any, m: Any, p: Any, g: Any, v: Any, a: Any, k0: Any, k1: Any
) -> None:
    """Lost customers get one offer, by the cause for which they left or the same for all; some come back."""
    for j in range(c.favour.shape[0]):
        if not v.win_back[t, j] > ZERO:
            continue
        bit = np.int32(1 << j)
        for i in range(lo, lo + n):
            lost = (c.last[i] != j and c.last[i] >= 0) if p.contract else (c.gone[i] & bit) != 0
            cause = np.int64(c.cause[j, i])
            if not lost or cause == 0 or c.sent[COURTED, i] & bit or not stays(t, i, c):
                continue
            reached, answer, _, _ = philox4x32(
                np.uint32(i), np.uint32(t), np.uint32(0), np.uint32(SENT + _BLOCK * np.uint32(j)), k0, k1
            )
            if not uniform32(reached) < v.win_back[t, j]:
                continue
            c.sent[COURTED, i] |= bit
            by_cause = v.win_back_by_cause[t, j] > ZERO
            if by_cause and cause in (NATURAL, MALICIOUS):
                continue
            repair = by_cause and cause == FAULT
            a.firms[row, j, WIN_BACK_OFFERS] += 1
            worth = v.win_back_repair[t, j] if repair else v.win_back_depth[t, j]
            base = p.win_back_natural
            if cause == MALICIOUS:
                base = p.win_back_malicious
            if cause == COMPETITIVE:
                base = p.win_back_competitive
            if cause == FAULT:
                base = p.win_back_fault
            fit = ONE if repair or cause == COMPETITIVE else p.win_back_mismatch
            response = p.win_back_repair_response if repair else p.win_back_price_response
            if not uniform32(answer) < win_back_probability(base, worth, response, fit):
                continue
            a.firms[row, j, WON_BACK] += 1
            make_think(j, i, c)
            if p.contract:
                leave_firm(row, i, np.int64(c.last[i]), COMPETITIVE, c, m, p, g, a)
                c.last[i] = np.int8(j)
            c.gone[i] &= ~bit
            c.cause[j, i] = 0
            c.sent[COURTED, i] &= ~bit
            if repair:
                a.firms[row, j, REPAIRS] += 1
                if p.satisfaction_on:
                    c.satisfaction[j, i] = forgive(c.satisfaction[j, i], p.satisfaction_neutral, p.win_back_forgiven)
            else:
                c.offer[j, i] = v.win_back_depth[t, j]
                c.offer_ends[j, i] = np.int16(t + np.int64(v.win_back_valid[t, j]))
            if p.expectation_on:
                c.uncertainty[j, i] = p.expectation_prior
                c.expectation[j, i] = reset_expectation(c.expectation[j, i], v.promise[t, j], p.win_back_reset)
