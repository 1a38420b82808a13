"""The 'mini' market: one small loyalty market, written here in the ways a user might otherwise have chosen.

Every baseline starts from the same parameters (`MiniMarket`), the same tastes and the same network
(`starting_state`), follows the rules below, and offers `run(customers, months, seed, ...)`. Only the draws
differ, so their totals agree within sampling error. `benchmarks/README.md` says what each baseline is for.

One month:

1. Every customer, with probability `incidence`, buys once (if a firm is left that it has not deserted).
2. It chooses by logit among the firms it has not deserted:
   `taste + weight_expectation * expectation + weight_satisfaction * satisfaction - weight_price * price`,
   plus, at firm 0 near the end of its card, `card_pull * (stamps - card_near) / (card_stamps - card_near)`.
3. It has an experience, `quality + spread * normal`. With the gap z between experience and expectation:
   the expectation moves by `gain * z`; the purchase is worth
   `weight_experience * experience + weight_gap * f(z)`, f(z) = z^.88, for losses `-loss_aversion * |z|^.88`;
   cumulative satisfaction moves towards that by the share `memory`.
4. It gets one point at the firm. At firm 0, `card_stamps` points are a reward and start a new card.
5. With probability `1 / (1 + exp(desert_threshold + desert_slope * satisfaction))` it deserts the firm for
   good, and its points there are forfeited.
6. With probability `talk` it tells the customers who listen to it. At the end of the month each listener's
   expectation of that firm moves towards the talker's satisfaction by the share `influence`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class MiniMarket(NamedTuple):
    """The parameters, the same in every baseline."""

    prices: tuple[float, ...] = (1.0, 1.0, 0.9, 1.1)
    qualities: tuple[float, ...] = (0.5, 0.6, 0.4, 0.7)
    incidence: float = 0.6
    taste_spread: float = 1.0
    weight_expectation: float = 1.0
    weight_satisfaction: float = 0.5
    weight_price: float = 2.0
    spread: float = 0.3
    gain: float = 0.2
    weight_experience: float = 1.0
    weight_gap: float = 0.5
    loss_aversion: float = 2.0
    gap_power: float = 0.88
    memory: float = 0.2
    card_stamps: int = 10
    card_near: int = 5
    card_pull: float = 0.8
    desert_threshold: float = 5.0
    desert_slope: float = 2.0
    talk: float = 0.1
    influence: float = 0.04
    ties: int = 8
    rewired: float = 0.1
    first_expectation: float = 0.5


def starting_state(market: MiniMarket, customers: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw tastes [customer, firm] and the ids [customer, tie] each customer listens to: a rewired ring."""
    rng = np.random.default_rng([seed, 0x6D696E69])
    firms = len(market.prices)
    tastes = rng.normal(0.0, market.taste_spread, (customers, firms)).astype(np.float32)
    half = market.ties // 2
    offsets = np.array([d for d in range(-half, half + 1) if d != 0], dtype=np.int64)
    heard = (np.arange(customers)[:, None] + offsets) % customers
    rewire = rng.random(heard.shape) < market.rewired
    heard[rewire] = rng.integers(0, customers, int(rewire.sum()))
    return tastes, heard.astype(np.int32)


def summary(
    *,
    seconds: float,
    customers: int,
    months: int,
    purchases: list[int],
    rewards: int,
    satisfaction: float,
    left: float,
) -> dict[str, Any]:
    """What every baseline returns. `seconds` is the stepping alone: no set-up, no import, no compilation."""
    return {
        "seconds": seconds,
        "customer_months": customers * months,
        "purchases_per_firm": purchases,
        "rewards": rewards,
        "mean_satisfaction": satisfaction,
        "left_share": left,
    }
