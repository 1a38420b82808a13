"""The three postures in competition: attack, defend, retreat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from goodwill.scenario.declare import parameter
from goodwill.strategies.base import Strategy, only
from goodwill.strategies.observation import BUDGET, LAUNCH, PRICE, STOP, Action, Memory, Observation

_STEP = 0.005


def _price(factor: float, seen: Observation, reason: str) -> list[Action]:
    """The action that sets the price, if it is not there yet."""
    return [] if abs(factor - seen.price_factor) < _STEP else [Action(PRICE, factor, reason)]


class Attack(Strategy):
    """The firm cuts its price and launches all its options, and withdraws if that does not bring the customers it wanted."""

    kind: Literal["attack"] = "attack"
    summary: ClassVar[str] = "price cut and programmes at once; withdraws if that fails"
    sources: ClassVar[tuple[str, ...]] = ("Kotler & Singh 1981 (attack: mass against the leader)",)
    moves: ClassVar[Mapping[str, tuple[float, float]]] = {LAUNCH: (0, 31), STOP: (0, 31), PRICE: (0.5, 1)}
    observes: ClassVar[tuple[str, ...]] = ("purchases", "options", "running", "price_factor")

    cut: float = parameter(0.1, meaning="price cut of the attack", unit="share of price", low=0, high=0.5)
    target: float = parameter(
        0.05, meaning="rise of the firm's purchases that the attack has to bring", unit="share", low=0, high=10
    )
    patience: int = parameter(6, meaning="decisions after which an attack without that rise is broken off", unit="decisions",
                              low=1, high=100)  # fmt: skip

    def decide(self, seen: Observation, memory: Memory) -> list[Action]:
        """Begin; look at the rise of purchases from decision to decision; break off once patience is at an end."""
        if "before" not in memory:
            memory["before"] = seen.recent("purchases", 3 * self.every)
            memory["since"] = 0
            reason = "attack"
            return [*_price(1 - self.cut, seen, reason), *only(range(len(seen.options)), seen, reason)]
        memory["since"] += 1
        if memory["since"] != self.patience:
            return []
        rise = seen.recent("purchases", self.every * max(self.patience // 2, 1)) / max(memory["before"], 1e-9) - 1
        if rise >= self.target:
            return []
        reason = f"breaks the attack off: purchases rose by {100 * rise:.0f} %"
        return [*_price(1.0, seen, reason), *only((), seen, reason)]


class Defend(Strategy):
    """The firm waits. When rivals cut prices or launch programmes, and its own purchases fall, it answers; then it rests again."""

    kind: Literal["defend"] = "defend"
    summary: ClassVar[str] = "answers when an attack costs it customers"
    sources: ClassVar[tuple[str, ...]] = (
        "Hauser & Shugan 1983 (defensive marketing)",
        "Roberts 2005 (defensive marketing in practice)",
        "Steenkamp, Nijs, Hanssens & Dekimpe 2005 (most attacks are rightly left unanswered)",
    )
    moves: ClassVar[Mapping[str, tuple[float, float]]] = {LAUNCH: (0, 31), STOP: (0, 31), PRICE: (0.5, 1)}
    observes: ClassVar[tuple[str, ...]] = (
        "prices", "usual_prices", "programmes", "purchases", "unit_cost", "options", "running", "price_factor",
    )  # fmt: skip

    trigger: float = parameter(
        0.03, meaning="fall of the firm's purchases below their level in peace that makes it answer", unit="share", low=0,
        high=1,
    )  # fmt: skip
    share: float = parameter(
        0.5, meaning="share of a rival's price cut that is answered by a cut of its own", unit="share", low=0, high=1,
        source="Hauser & Shugan 1983: a defender's best price is lower, by less than the attack; value an assumption",
    )  # fmt: skip
    hold: int = parameter(
        6, meaning="decisions for which an answer is kept at least", unit="decisions", low=1, high=100
    )

    def decide(self, seen: Observation, memory: Memory) -> list[Action]:
        """Compare with peace; answer; end the answer when the attack is over and the answer has been kept for long enough."""
        deepest = min((seen.prices[j] / seen.usual_prices[j] for j in seen.rivals), default=1.0)
        kinds = sorted({f"{seen.names[j]}: {kind}" for j in seen.rivals for kind in seen.programmes[j]})
        peace = memory.setdefault("peace", {"kinds": kinds, "price": deepest})
        new = sorted(set(kinds) - set(peace["kinds"]))
        attacked = bool(new) or deepest < peace["price"] - _STEP
        level = seen.recent("purchases", 2 * self.every)
        if not attacked:
            memory["level"] = level
        fall = 1 - level / max(memory.get("level", level), 1e-9)
        held = memory.get("held")
        if held is None:
            if not attacked or fall < self.trigger:
                return []
            memory["held"] = 0
            factor = max(
                (deepest / peace["price"]) ** self.share, min(seen.unit_cost / seen.prices[seen.firm], 1.0), 0.5
            )
            reason = f"defends itself: purchases fell by {100 * fall:.0f} %"
            return [*_price(factor, seen, reason), *only(range(len(seen.options)), seen, reason)]
        memory["held"] = held + 1
        if attacked or memory["held"] < self.hold:
            return []
        del memory["held"]
        return [*_price(1.0, seen, "the attack is over"), *only((), seen, "the attack is over")]


class Retreat(Strategy):
    """When its profit has been low for some time, the firm gives up what it ran and falls back on one generic position.

    cost_leadership: a lower price on a smaller budget. differentiation: a higher price with the options that better what
    everybody gets (kind `service`). focus: a higher price with the options for members only.
    """

    kind: Literal["retreat"] = "retreat"
    summary: ClassVar[str] = "falls back on cost leadership, differentiation or focus when profit is low"
    sources: ClassVar[tuple[str, ...]] = (
        "Porter 1980 (three generic strategies)",
        "Harrigan 1980 (retrenchment into a segment)",
    )
    moves: ClassVar[Mapping[str, tuple[float, float]]] = {
        LAUNCH: (0, 31), STOP: (0, 31), PRICE: (0.7, 1.3), BUDGET: (0.5, 1),
    }  # fmt: skip
    observes: ClassVar[tuple[str, ...]] = ("profit", "options", "running", "price_factor", "budget_factor")

    variant: Literal["cost_leadership", "differentiation", "focus"] = Field(
        "focus",
        description="the position to fall back on",
        json_schema_extra={"unit": "choice", "source": "Porter 1980"},
    )
    below: float = parameter(
        0.9, meaning="profit, as a share of what it was at first, below which the firm thinks of retreat", unit="share",
        low=-10, high=2,
    )  # fmt: skip
    patience: int = parameter(3, meaning="decisions in a row with profit so low", unit="decisions", low=1, high=100)
    step: float = parameter(0.05, meaning="change of price that goes with the position", unit="share", low=0, high=0.3)
    saving: float = parameter(
        0.3, meaning="share of the budget saved by cost leadership", unit="share", low=0, high=0.5
    )

    def decide(self, seen: Observation, memory: Memory) -> list[Action]:
        """Watch the profit; retreat once."""
        level = seen.recent("profit", self.every)
        before = memory.setdefault("before", level)
        low = level < before - (1 - self.below) * abs(before)
        memory["low"] = memory.get("low", 0) + 1 if low else 0
        if memory.get("done") or memory["low"] < self.patience:
            return []
        memory["done"] = True
        everybody = {k for k, kind in enumerate(seen.options) if kind in ("service", "price_cut")}
        reason = f"retreats to {self.variant.replace('_', ' ')}: profit is {level:,.0f} a period, was {before:,.0f}"
        if self.variant == "cost_leadership":
            return [
                *_price(1 - self.step, seen, reason),
                Action(BUDGET, 1 - self.saving, reason),
                *only((), seen, reason),
            ]
        wanted = {k for k in everybody if seen.options[k] == "service"}
        if self.variant == "focus":
            wanted = {k for k in range(len(seen.options)) if k not in everybody}
        return [*_price(1 + self.step, seen, reason), *only(wanted, seen, reason)]
