"""The mini market as a good Numba user would write it: a compiled loop takes one customer through the month.

It has what is commonly advised: float32 state, a customer's firms side by side in memory, a tiny random
generator per customer, no allocation, the interpreter's lock released, a chunk of customers for each thread,
compiled code cached. What it lacks is only the shape that vectorises: a customer's month is full of branches,
so it runs one number at a time.
"""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numba import njit

from . import MiniMarket, starting_state, summary

f32 = np.float32
ZERO, HALF, ONE, TWO, TAU = f32(0), f32(0.5), f32(1), f32(2), f32(2 * math.pi)
UNIT = f32(2**-24)
SILENT = -1


@njit(inline="always")
def next_bits(state: np.uint64) -> np.uint64:
    """Advance a xorshift generator."""
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    return state ^ (state << np.uint64(17))


@njit(inline="always")
def uniform(state: np.uint64) -> np.float32:
    """Turn the generator's upper bits into a number strictly between 0 and 1."""
    return (f32(state >> np.uint64(40)) + HALF) * UNIT


@njit(nogil=True, cache=True, error_model="numpy")
def live_a_month(
    first: int,
    last: int,
    p: Any,
    states: np.ndarray,
    tastes: np.ndarray,
    expectations: np.ndarray,
    satisfactions: np.ndarray,
    points: np.ndarray,
    left: np.ndarray,
    heard: np.ndarray,
    said_before: np.ndarray,
    told_before: np.ndarray,
    said: np.ndarray,
    told: np.ndarray,
    sold: np.ndarray,
) -> None:
    """Take customers first to last - 1 through one month; add purchases per firm and rewards to `sold`."""
    firms = tastes.shape[1]
    weights = np.empty(firms, np.float32)
    card_rise = p.card_pull / f32(p.card_stamps - p.card_near)
    for i in range(first, last):
        for k in range(heard.shape[1]):
            talker = heard[i, k]
            j = said_before[talker]
            if j != SILENT:
                expectations[i, j] += p.influence * (told_before[talker] - expectations[i, j])

        said[i] = SILENT
        state = next_bits(states[i])
        if uniform(state) < p.incidence:
            total = ZERO
            for j in range(firms):
                weights[j] = ZERO
                if not left[i] >> j & 1:
                    utility = (
                        tastes[i, j]
                        + p.weight_expectation * expectations[i, j]
                        + p.weight_satisfaction * satisfactions[i, j]
                        - p.weight_price * p.prices[j]
                    )
                    if j == 0 and points[i, 0] > p.card_near:
                        utility += card_rise * f32(points[i, 0] - p.card_near)
                    weights[j] = math.exp(utility)
                total += weights[j]
            if total > ZERO:
                state = next_bits(state)
                mark = uniform(state) * total
                j = 0
                mark -= weights[0]
                while j < firms - 1 and mark >= ZERO:
                    j += 1
                    mark -= weights[j]
                # Rounding may run past the last firm that is still considered.
                while left[i] >> j & 1:
                    j -= 1
                sold[j] += 1

                state = next_bits(state)
                radius = math.sqrt(-TWO * math.log(uniform(state)))
                state = next_bits(state)
                experience = p.qualities[j] + p.spread * radius * math.cos(TAU * uniform(state))
                gap = experience - expectations[i, j]
                if gap > ZERO:
                    felt = math.exp(p.gap_power * math.log(gap))
                elif gap < ZERO:
                    felt = -p.loss_aversion * math.exp(p.gap_power * math.log(-gap))
                else:
                    felt = ZERO
                expectations[i, j] += p.gain * gap
                worth = p.weight_experience * experience + p.weight_gap * felt
                satisfaction = satisfactions[i, j] + p.memory * (worth - satisfactions[i, j])
                satisfactions[i, j] = satisfaction

                points[i, j] += 1
                if j == 0 and points[i, 0] == p.card_stamps:
                    points[i, 0] = 0
                    sold[firms] += 1

                state = next_bits(state)
                hazard = ONE / (ONE + math.exp(p.desert_threshold + p.desert_slope * satisfaction))
                if uniform(state) < hazard:
                    left[i] |= 1 << j
                    points[i, j] = 0

                state = next_bits(state)
                if uniform(state) < p.talk:
                    said[i] = j
                    told[i] = satisfaction
        states[i] = state


def single(market: MiniMarket) -> MiniMarket:
    """Give the parameters the compiled loop's precision, or Numba would compute in double."""

    def convert(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(f32(v) for v in value)
        return f32(value) if isinstance(value, float) else np.int32(value)

    return MiniMarket(*(convert(value) for value in market))


class Market:
    """The arrays of one market, and its months."""

    def __init__(self, customers: int, seed: int = 1, threads: int = 1, parameters: MiniMarket | None = None) -> None:
        market = parameters or MiniMarket()
        firms = len(market.prices)
        self.parameters = single(market)
        self.tastes, self.heard = starting_state(market, customers, seed)
        self.expectations = np.full((customers, firms), market.first_expectation, np.float32)
        self.satisfactions = np.zeros((customers, firms), np.float32)
        self.points = np.zeros((customers, firms), np.int32)
        self.left = np.zeros(customers, np.int32)
        rng = np.random.default_rng([seed, 1])
        self.states = rng.integers(1, 2**64 - 1, customers, np.uint64, endpoint=True)
        self.said = np.full((2, customers), SILENT, np.int8)
        self.told = np.zeros((2, customers), np.float32)
        self.chunks = [(customers * t // threads, customers * (t + 1) // threads) for t in range(threads)]
        # A row for each thread, padded to two cache lines so that threads don't fight over one.
        self.sold = np.zeros((threads, 16), np.int64)
        self.month = 0

    def step(self, pool: ThreadPoolExecutor) -> None:
        """Advance one month."""
        before, now = (self.month + 1) % 2, self.month % 2

        def work(t: int) -> None:
            live_a_month(
                *self.chunks[t],
                self.parameters,
                self.states,
                self.tastes,
                self.expectations,
                self.satisfactions,
                self.points,
                self.left,
                self.heard,
                self.said[before],
                self.told[before],
                self.said[now],
                self.told[now],
                self.sold[t],
            )

        list(pool.map(work, range(len(self.chunks))))
        self.month += 1


def run(customers: int, months: int, seed: int = 1, threads: int = 1) -> dict[str, Any]:
    """Run the market and time its months, after a warm-up on a tiny one that compiles."""
    with ThreadPoolExecutor(threads) as pool:
        Market(100, seed, threads).step(pool)
        market = Market(customers, seed, threads)
        started = time.perf_counter()
        for _ in range(months):
            market.step(pool)
        seconds = time.perf_counter() - started
    firms = market.tastes.shape[1]
    sold = market.sold.sum(axis=0)
    deserted = (market.left[:, None] >> np.arange(firms)) & 1
    return summary(
        seconds=seconds,
        customers=customers,
        months=months,
        purchases=sold[:firms].tolist(),
        rewards=int(sold[firms]),
        satisfaction=float(market.satisfactions.mean(dtype=np.float64)),
        left=float(deserted.mean()),
    )
