"""Finding out: best response by trying candidates in a copied world, and learning by doing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from goodwill.scenario.declare import parameter
from goodwill.strategies.base import Strategy, only
from goodwill.strategies.observation import LAUNCH, PRICE, STOP, Action, Memory, Observation

Candidate = tuple[int | None, float]  # the one option that runs (None: none of them) and the price factor


def _candidates(seen: Observation, prices: tuple[float, ...]) -> list[Candidate]:
    """Nothing, then each option alone, each at every price."""
    return [(k, price) for k in (None, *range(len(seen.options))) for price in prices or (seen.price_factor,)]


def _words(candidate: Candidate, seen: Observation) -> str:
    option, price = candidate
    what = "no option" if option is None else f"option {option}, {seen.options[option]}"
    return what if price == 1 else f"{what}, price x {price:.3g}"


def _actions(candidate: Candidate, seen: Observation, reason: str) -> list[Action]:
    """The actions that lead to a candidate from where the firm stands."""
    option, price = candidate
    actions = only(() if option is None else (option,), seen, reason)
    return actions if price == seen.price_factor else [*actions, Action(PRICE, price, reason)]


class BestResponse(Strategy):
    """The firm tries every candidate in a copy of the market under the same luck, rivals as they are, and takes the best profit.

    An upper bound of what planning can do: the firm's model of the market is the market itself. It does not foresee that rivals
    will answer.
    """

    kind: Literal["best_response"] = "best_response"
    summary: ClassVar[str] = "tries its options in a copied world and takes the most profitable"
    sources: ClassVar[tuple[str, ...]] = (
        "Cournot 1838 (best reply to rivals as they are)",
        "Dube, Hitsch & Rossi 2009 (firms that value the future under switching costs)",
    )
    moves: ClassVar[Mapping[str, tuple[float, float]]] = {LAUNCH: (0, 31), STOP: (0, 31), PRICE: (0.5, 1.5)}
    observes: ClassVar[tuple[str, ...]] = ("forecast", "options", "running", "price_factor")

    every: int = parameter(26, meaning="periods from one decision to the next", unit="periods", low=1, high=520)
    horizon: int = parameter(26, meaning="periods over which profit counts", unit="periods", low=1, high=520)
    prices: tuple[float, ...] = Field(
        (),
        description="price factors to try (.5 to 1.5); empty: the price stays",
        json_schema_extra={"unit": "factors", "source": "assumption"},
        max_length=25,
    )
    gain: float = parameter(
        0.0, meaning="least gain in profit, as a share of the profit as things are, for which the firm changes anything",
        unit="share", low=0, high=1,
    )  # fmt: skip

    def decide(self, seen: Observation, memory: Memory) -> list[Action]:
        """Forecast each candidate; change to the best one if it beats going on as now."""
        if seen.forecast is None:
            return []
        as_now = seen.forecast([], self.horizon)
        best, value = None, as_now + self.gain * abs(as_now)
        for candidate in _candidates(seen, self.prices):
            actions = _actions(candidate, seen, "")
            if actions:
                profit = seen.forecast(actions, self.horizon)
                if profit > value:
                    best, value = candidate, profit
        if best is None:
            return []
        reason = f"best of {len(_candidates(seen, self.prices))} tried: {_words(best, seen)}; as now {as_now:,.0f}"
        return [Action(a.lever, a.value, reason, value, self.horizon) for a in _actions(best, seen, reason)]

    def trouble(self, names: tuple[str, ...], firm: int, options: int) -> str | None:
        """Nothing to choose from, or a price out of bounds."""
        return _price_trouble(self.prices, options, self.kind)


class Bandit(Strategy):
    """The firm tries its candidates one after the other in earnest, and keeps to those that earned most: a multi-armed bandit."""

    kind: Literal["bandit"] = "bandit"
    summary: ClassVar[str] = "learns from its own profit which option pays"
    sources: ClassVar[tuple[str, ...]] = (
        "Auer, Cesa-Bianchi & Fischer 2002 (UCB1, epsilon-greedy)",
        "Sutton & Barto 2018 (chapter 2)",
    )
    moves: ClassVar[Mapping[str, tuple[float, float]]] = {LAUNCH: (0, 31), STOP: (0, 31), PRICE: (0.5, 1.5)}
    observes: ClassVar[tuple[str, ...]] = ("profit", "luck", "options", "running", "price_factor")

    every: int = parameter(13, meaning="periods for which a candidate is kept", unit="periods", low=1, high=520)
    method: Literal["epsilon_greedy", "ucb"] = Field(
        "ucb",
        description="how it weighs trying against keeping",
        json_schema_extra={"unit": "choice", "source": "Auer, Cesa-Bianchi & Fischer 2002"},
    )
    epsilon: float = parameter(
        0.1, meaning="chance to try another candidate (epsilon_greedy)", unit="share", low=0, high=1
    )
    width: float = parameter(
        0.5, meaning="weight of what is little known, in ranges of the profits seen (ucb)", unit="ranges", low=0, high=10,
        source="Auer, Cesa-Bianchi & Fischer 2002 (sqrt 2 for the worst case); value an assumption",
    )  # fmt: skip
    prices: tuple[float, ...] = Field(
        (),
        description="price factors to try (.5 to 1.5); empty: the price stays",
        json_schema_extra={"unit": "factors", "source": "assumption"},
        max_length=25,
    )

    def decide(self, seen: Observation, memory: Memory) -> list[Action]:
        """Book what the last candidate earned; every candidate once; then by the method."""
        arms = _candidates(seen, self.prices)
        earned: list[list[float]] = memory.setdefault("earned", [[] for _ in arms])
        if "arm" in memory:
            earned[memory["arm"]].append(seen.recent("profit", self.every))
        arm, reason = self._pick(earned, seen.luck)
        memory["arm"] = arm
        mean = sum(earned[arm]) / len(earned[arm]) * self.every if earned[arm] else None
        actions = _actions(arms[arm], seen, f"{reason}: {_words(arms[arm], seen)}")
        return [Action(a.lever, a.value, a.reason, mean, self.every) for a in actions]

    def _pick(self, earned: list[list[float]], luck: tuple[float, float]) -> tuple[int, str]:
        untried = [k for k, profits in enumerate(earned) if not profits]
        if untried:
            return untried[0], "tries"
        means = [sum(profits) / len(profits) for profits in earned]
        best = max(range(len(means)), key=lambda k: (means[k], -k))
        if self.method == "epsilon_greedy":
            if luck[0] < self.epsilon:
                return min(int(luck[1] * len(earned)), len(earned) - 1), "explores"
            return best, "earned most"
        seen_all = [profit for profits in earned for profit in profits]
        spread = max(seen_all) - min(seen_all)
        plays = len(seen_all)
        bound = [
            m + self.width * spread * math.sqrt(math.log(plays) / len(p)) for m, p in zip(means, earned, strict=True)
        ]
        arm = max(range(len(bound)), key=lambda k: (bound[k], -k))
        return arm, "earned most" if arm == best else "may earn more"

    def trouble(self, names: tuple[str, ...], firm: int, options: int) -> str | None:
        """Nothing to choose from, or a price out of bounds."""
        return _price_trouble(self.prices, options, self.kind)


def _price_trouble(prices: tuple[float, ...], options: int, kind: str) -> str | None:
    low, high = BestResponse.moves[PRICE]
    for k, price in enumerate(prices):
        if not low <= price <= high:
            return f"strategy.prices.{k}: is {price:g} but must be {low} to {high}"
    if options == 0 and not prices:
        return f"options: is empty, but strategy {kind!r} needs options, or prices, to choose from"
    return None
