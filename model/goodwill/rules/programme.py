"""What a programme does in a customer's head (rules 4, 5 and 13): value, pull, abandoning, redeeming, joining."""

from __future__ import annotations

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ONE, ZERO, exp32, log32, logistic32

_EIGHT = np.float32(8.0)  # steps of the card in Nunes & Dreze (2006), for which the hazard was stated
_ALMOST = np.float32(0.999)
_SMALLEST_RATE = np.float32(1e-4)


@rule
def current_rate(rate: np.float32, elapsed: np.float32, memory: np.float32) -> np.float32:
    """Purchases per period a customer remembers making at a firm: ``rate * exp(-elapsed / memory)``; periods."""
    return rate * exp32(-elapsed / memory)


@rule
def remember_purchase(rate: np.float32, elapsed: np.float32, memory: np.float32) -> np.float32:
    """The same after one more purchase: ``rate * exp(-elapsed / memory) + 1 / memory`` (exponential smoothing)."""
    return rate * exp32(-elapsed / memory) + ONE / memory


@rule
def steps_left(balance: np.float32, threshold: np.float32, earned: np.float32) -> np.float32:
    """Purchases still needed for the next reward, 0 when it can be had now; `earned` is credit per purchase, > 0."""
    return max(threshold - balance, ZERO) / earned


@rule
def next_purchase_value(
    left: np.float32, length: np.float32, rate: np.float32, discount: np.float32, reward: np.float32
) -> np.float32:
    """Marginal value of one more purchase, ``DV = V(c + 1) - V(c)``, in money; the whole reward when it can be had now.

    With purchases at exponential intervals of mean 1 / rate and a discount rate per period, one interval is worth phi = rate / (rate +
    discount). The value of the reward path is V = reward * phi^left / (1 - phi^length) (a renewal argument, after Lewis 2004;
    Hartmann & Viard 2008), so DV = reward * phi^(left - 1) (1 - phi) / (1 - phi^length). left and length in purchases.
    """
    phi = min(max(rate, _SMALLEST_RATE) / (max(rate, _SMALLEST_RATE) + discount), _ALMOST)
    log_phi = log32(phi)
    path = exp32(log_phi * max(left - ONE, ZERO)) * (ONE - phi) / (ONE - exp32(log_phi * length))
    return reward if left <= ZERO else reward * path


@rule
def money_utility(
    value: np.float32, price_sensitivity: np.float32, spend: np.float32, points_value: np.float32
) -> np.float32:
    """Utility of money off, on the scale of price: ``-price_sensitivity * points_value * value / spend``.

    A reward worth 5 % of the purchase acts like a price 5 % lower, times the mental discount on points
    (points_value, .7; an assumption
    after the mental accounting of Dreze & Nunes 2004).
    """
    return -price_sensitivity * points_value * value / spend


@rule
def goal_proximity(balance: np.float32, threshold: np.float32) -> np.float32:
    """Share of the goal reached as the card shows it, 0 to 1; a head start counts as progress (Nunes & Dreze 2006)."""
    return min(balance / threshold, ONE)


@rule
def goal_pull(proximity: np.float32, strength: np.float32) -> np.float32:
    """``strength * proximity^2``: the goal gradient in brand choice (Kivetz et al. 2006); the square is an assumption."""
    return strength * proximity * proximity


@rule
def novelty(liking: np.float32, age: np.float32, half_life: np.float32) -> np.float32:
    """Baseline liking of belonging, fading: ``liking * 2^(-age / half_life)``; age and half-life in periods."""
    return liking * exp32(-age * np.float32(0.6931471805599453) / half_life)


@rule
def abandon_probability(proximity: np.float32, step: np.float32, hazard: np.float32) -> np.float32:
    """Chance to give the card up at one step: ``1 - (1 - hazard * d^2)^(8 step)``, d = 1 - proximity.

    The square of the distance left, with hazard .52 a step of a card of eight, is fitted to the pattern of Nunes & Dreze (2006): with
    two of ten stamps given more cards are completed than without. On its own it gives 53 % against 26 % (theirs: 34 % against 19 %
    in nine months, in which not everybody came eight times). `step` is the progress one purchase makes, so that a finer
    ladder does not multiply the hazard (an assumption).
    """
    d = ONE - proximity
    stay = max(ONE - hazard * d * d, np.float32(1e-3))
    return ONE - exp32(_EIGHT * step * log32(stay))


@rule
def redeem_probability(
    balance: np.float32,
    threshold: np.float32,
    expiring: np.float32,
    intercept: np.float32,
    slope: np.float32,
    hassle: np.float32,
    pressure: np.float32,
) -> np.float32:
    """Chance to redeem at a purchase when the balance allows it, a logit; 0 below the threshold.

    ``logistic(intercept + slope * ln(balance / threshold) - hassle + pressure * expiring)``; expiring: share of the balance that
    expires with its next lot. Costs of redeeming and stockpiling: Stourm, Bradlow & Fader (2015). hassle: customer-specific, logits.
    """
    x = intercept + slope * log32(balance / threshold) - hassle + pressure * expiring
    return logistic32(x) if balance >= threshold else ZERO


@rule
def enrol_surplus(
    benefit: np.float32,
    fee: np.float32,
    hassle: np.float32,
    inclination: np.float32,
    intercept: np.float32,
    scale: np.float32,
) -> np.float32:
    """What speaks for joining, in logits: ``intercept + inclination + (benefit - fee - hassle) / scale``; above 0 he joins.

    benefit: expected annual benefit at the customer's own past buying, fee: the fees of a year; benefit, fee, hassle and scale in
    multiples of the usual purchase, so that markets compare. inclination: a trait, standard logistic over customers: the shares of a
    logit, but one who is not inclined today is not worn down by being asked a hundred times. Heavy buyers join first (Leenheer, van
    Heerde, Bijmolt & Smidts 2007; Meyer-Waarden & Benavent 2009).
    """
    return intercept + inclination + (benefit - fee - hassle) / scale


@rule
def renew_probability(benefit: np.float32, fee: np.float32, intercept: np.float32, scale: np.float32) -> np.float32:
    """Chance to renew a paid membership: ``logistic(intercept + (benefit - fee) / scale)``; units as for joining.

    intercept: the customer's own, with his inclination.
    """
    return logistic32(intercept + (benefit - fee) / scale)


@rule
def tier_shift_utility(shift: np.float32, gain: np.float32, loss: np.float32) -> np.float32:
    """Utility of a change of tier that is still felt: ``gain * shift`` upwards, ``loss * shift`` downwards, loss > gain.

    Demoted customers end below those never elevated (Wagner, Hennig-Thurau & Rudolph 2009). shift: tiers gained (> 0) or lost (< 0)
    against a reference that adapts.
    """
    return gain * max(shift, ZERO) + loss * min(shift, ZERO)


@rule
def fade_shift(shift: np.float32, retention: np.float32) -> np.float32:
    """``shift <- retention * shift``: the reference adapts to the new tier, per period."""
    return retention * shift
