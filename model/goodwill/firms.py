"""Firms as agents: what each one knows, how it decides at the start of a period, and what it has chosen so far.

Every firm decides on what was to be seen at the end of the period before; only then is anything written, so the order
of the firms does not matter. Decisions depend on totals, on named draws and on states between periods, hence neither on
threads nor on the engine.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from goodwill.accounts.ledger import PROGRAMME_ACCOUNTS, post
from goodwill.budgeting import spend
from goodwill.engine.draws import NOBODY, STRATEGY
from goodwill.engine.jit import interpreted
from goodwill.engine.levers import Plan
from goodwill.engine.philox import philox4x32, uniform32
from goodwill.engine.state import PURCHASES, SALES, SATISFACTION_SUM
from goodwill.errors import GoodwillError
from goodwill.measures.instruments.base import Scene
from goodwill.measures.instruments.wave import wave
from goodwill.rules.registry import in_python
from goodwill.scenario.scenario import Scenario
from goodwill.steering import Setting, launch, stop, write
from goodwill.strategies.observation import BUDGET, LAUNCH, PRICE, STOP, Action, Measured, Observation
from goodwill.workforce import WorkforceState, live_a_period, workforce_at_start

# What programmes cost; prices that a strategy sets are no spending.
_PAID_FOR_PROGRAMMES = tuple(account for account in PROGRAMME_ACCOUNTS if account != "price reductions")


@dataclass(frozen=True)
class Choice:
    """One action of one firm, as it goes on record."""

    period: int
    firm: int
    strategy: str
    action: Action


@dataclass
class Conduct:
    """One firm's part: what it has set, what it measured last, what its strategy remembers, how its people are."""

    setting: Setting = field(default_factory=Setting)
    written: bool = False  # whether a setting was ever written into the plan
    memory: dict[str, Any] = field(default_factory=dict)
    measured: dict[str, Measured] = field(default_factory=dict)
    known_causes: np.ndarray = field(
        default_factory=lambda: np.zeros(0, np.int8)
    )  # [N] of those lost before the last wave
    workforce: WorkforceState | None = None


Row = dict[str, Any]


class Firms:
    """All firms of a simulation, as they act between periods.

    Args:
        scenario: what is simulated.
        planned: the plan as the scenario lays it out; kept as it is.
    """

    def __init__(self, scenario: Scenario, planned: Plan) -> None:
        self.scenario = scenario
        self.planned = planned
        self.each = [_conduct(scenario, j) for j in range(len(scenario.firms))]
        self.choices: list[Choice] = []
        self.waves: list[Row] = []  # measured beside true, for the record only
        self.people: list[Row] = []  # the workforces
        self.spending: list[Row] = []  # the budgets
        self.decide = True  # off in the worlds in which a firm tries out what it might do

    def copy(self) -> Firms:
        """The same firms in the same state, going their own way."""
        twin = copy.copy(self)
        twin.each = copy.deepcopy(self.each)
        for log in ("choices", "waves", "people", "spending"):
            setattr(twin, log, list(getattr(self, log)))
        return twin

    # -- the start of a period ------------------------------------------------------------------------------------

    def act(self, simulation: Any) -> None:
        """Everybody looks, everybody decides, then all of it is done."""
        t = int(simulation.period)
        deciding = self._deciding(t) if self.decide else []
        budgets = [j for j, f in enumerate(self.scenario.firms) if f.budget.on]
        book = post(simulation.plan, simulation.totals, t) if deciding or budgets else {}
        for j in range(len(self.each)):
            self._measure(simulation, j, t)
        profits = _profits(book) if deciding else np.zeros((0, 0))
        decisions = [(j, self._decision(simulation, j, profits)) for j in deciding]
        for j, firm in enumerate(self.scenario.firms):
            for k, option in enumerate(self.planned.options[j]):
                if firm.options and option.programme.start == t:
                    self._do(simulation.plan, j, t, Action(LAUNCH, k, "planned"))
        for j, actions in decisions:
            self.choices += [Choice(t, j, self._strategy(j).kind, action) for action in actions]
            self.put(simulation.plan, j, t, actions)
        for j in range(len(self.each)):
            self._provide(simulation, j, t, book)

    def _deciding(self, t: int) -> list[int]:
        firms, warm_up = self.scenario.firms, self.scenario.warm_up
        return [j for j, f in enumerate(firms) if f.strategy is not None and f.strategy.is_due(t, warm_up)]

    def _strategy(self, j: int) -> Any:
        return self.scenario.firms[j].strategy

    def _decision(self, simulation: Any, j: int, books: np.ndarray) -> list[Action]:
        """What a firm's strategy wants, within its bounds."""
        strategy = self._strategy(j)
        actions = list(strategy.decide(self.seen_by(simulation, j, books), self.each[j].memory))
        for action in actions:
            check_action(strategy, action)
        return actions

    def put(self, plan: Plan, j: int, t: int, actions: Sequence[Action]) -> None:
        """Do what one firm has decided, from period t on: in its own column and its own programmes only."""
        for action in actions:
            self._do(plan, j, t, action)

    def _do(self, plan: Plan, j: int, t: int, action: Action) -> None:
        conduct = self.each[j]
        running = conduct.setting.launched
        setting = conduct.setting
        option = int(action.value)
        if action.lever in (LAUNCH, STOP) and option >= len(plan.options[j]):
            name, count = self.scenario.firms[j].name, len(plan.options[j])
            raise GoodwillError(f"firm {name}: its strategy names option {option}, but it has {count}, numbered from 0")
        if action.lever == LAUNCH and option not in running:
            launch(plan, j, option, t)
            setting = setting.with_(launched=(*running, option))
        elif action.lever == STOP and option in running:
            stop(plan, j, option, t)
            setting = setting.with_(launched=tuple(k for k in running if k != option))
        elif action.lever == PRICE:
            setting = setting.with_(price=float(action.value))
        elif action.lever == BUDGET:
            setting = setting.with_(budget=float(action.value))
        self._set(plan, j, t, setting)

    def _set(self, plan: Plan, j: int, t: int, setting: Setting) -> None:
        if setting != self.each[j].setting:
            self.each[j].setting, self.each[j].written = setting, True
            write(plan, self.planned, j, t, setting, self.scenario.firms[j].promise is None)

    # -- what a firm does besides: measuring, looking after its people, spending its budget ------------------------

    def _measure(self, simulation: Any, j: int, t: int) -> None:
        """A wave of the firm's instruments, when it is due; what it costs is booked."""
        terms, conduct = self.scenario.firms[j].instruments, self.each[j]
        if not terms.measuring or t <= terms.first or (t - terms.first) % terms.every:
            return
        for instrument, figure in wave(Scene(simulation, j, t), terms, conduct.known_causes):
            if figure.answers and figure.value == figure.value:
                conduct.measured[figure.name] = Measured(figure.value, figure.error, figure.answers, t)
            simulation.plan.costs["market research"][t, j] += 100 * figure.cost
            self.waves.append(
                {
                    "period": t, "firm": self.scenario.firms[j].name, "instrument": instrument, "figure": figure.name,
                    "measured": figure.value, "standard_error": figure.error, "answers": figure.answers,
                    "true": figure.truth, "error": figure.value - figure.truth, "cost": figure.cost,
                }
            )  # fmt: skip

    def _provide(self, simulation: Any, j: int, t: int, book: dict[str, np.ndarray]) -> None:
        """Budget and workforce of one period: what customers notice of the workforce is what it was like the period before."""
        firm, conduct, plan = self.scenario.firms[j], self.each[j], simulation.plan
        setting = conduct.setting
        service, spread, training = 0.0, 1.0, firm.workforce.training
        name = firm.name
        if firm.budget.on:
            year = self.scenario.periods_per_year
            paid = sum(-book[account][max(t - year, 0) : t, j].sum() for account in _PAID_FOR_PROGRAMMES) / max(
                min(t, year), 1
            )
            spent = spend(firm.budget, setting.budget, float(paid), year)
            plan.costs["marketing budget"][t, j] = sum(spent.by_purpose.values()) - spent.by_purpose["training"]
            service += spent.service
            setting = setting.with_(advertising=spent.advertising, recovery=spent.recovery, promotion=spent.promotion)
            if conduct.workforce is not None and firm.budget.shares.training > 0:
                training = spent.by_purpose["training"] / conduct.workforce.wage_bill
            money = {purpose: cents / 100 for purpose, cents in spent.by_purpose.items()}
            given = {
                f"{name}_effect": getattr(spent, name) for name in ("service", "advertising", "recovery", "promotion")
            }
            self.spending.append({"period": t, "firm": name, "programmes": spent.programmes / 100, **money, **given})
        if conduct.workforce is not None:
            service += conduct.workforce.service
            spread *= conduct.workforce.spread
            attitude = self._attitude(simulation, j, t)
            figures, cents = live_a_period(
                conduct.workforce, self.scenario, j, attitude, training, in_python(simulation.rules)
            )
            plan.costs["workforce"][t, j] = cents
            self.people.append({"period": t, "firm": name, **figures})
        self._set(plan, j, t, setting.with_(service=service, spread=spread))

    def _attitude(self, simulation: Any, j: int, t: int) -> float:
        """By how much customers were more satisfied in the period before than customers of such a firm are at the start, points."""
        behaviour = self.scenario.behaviour.satisfaction
        if not behaviour.on or t == 0:
            return 0.0
        counts = simulation.totals.firms[t - 1, j]
        if counts[PURCHASES] == 0:
            return 0.0
        usual = behaviour.neutral + behaviour.experience_weight * (self.scenario.firms[j].service - behaviour.neutral)
        return float(counts[SATISFACTION_SUM] / 1000 / counts[PURCHASES] - usual)

    # -- what a firm knows ----------------------------------------------------------------------------------------

    def seen_by(self, simulation: Any, j: int, books: np.ndarray) -> Observation:
        """The observation of firm j at the start of the present period; `books` is profit [periods so far, J], cents."""
        t, plan, scenario = int(simulation.period), simulation.plan, self.scenario
        last = max(t - 1, 0)
        own = simulation.totals.firms[:t, j]
        options = plan.options[j]
        return Observation(
            firm=j,
            period=t,
            periods_per_year=scenario.periods_per_year,
            names=tuple(f.name for f in scenario.firms),
            known_shares=tuple(f.share for f in scenario.firms),
            prices=tuple(float(x) / 100 for x in plan.levers.price[last]),
            usual_prices=tuple(float(x) / 100 for x in plan.usual_price),
            programmes=tuple(_in_sight(plan, other, last) for other in range(len(scenario.firms))),
            unit_cost=float(plan.unit_cost[j]) / 100,
            options=tuple(option.programme.kind for option in options),
            running=tuple(k in self.each[j].setting.launched for k in range(len(options))),
            price_factor=self.each[j].setting.price,
            sales=tuple((own[:, SALES] / 100).tolist()),
            purchases=tuple(own[:, PURCHASES].tolist()),
            profit=tuple((books[:, j] / 100).tolist()),
            budget_factor=self.each[j].setting.budget if scenario.firms[j].budget.on else None,
            measured=dict(self.each[j].measured),
            luck=_luck(simulation.key, t, j),
            forecast=lambda actions, horizon: self._forecast(simulation, j, actions, horizon),
        )

    def _forecast(self, simulation: Any, j: int, actions: Sequence[Action], horizon: int) -> float:
        """Profit of firm j over the next periods in a copy of the market with the same luck; strategies rest there."""
        t = int(simulation.period)
        for action in actions:
            check_action(self._strategy(j), action)
        twin = simulation.copy()
        twin.firms.decide = False
        twin.firms.put(twin.plan, j, t, actions)
        twin.advance(horizon)
        return float(books_of(twin)[t:, j].sum()) / 100


def firms_of(scenario: Scenario, plan: Plan) -> Firms | None:
    """The firms of a scenario as agents; None when none of them ever acts, so that a run costs what it did without them."""
    acting = any(
        f.strategy is not None or f.options or f.workforce.on or f.budget.on or f.instruments.measuring
        for f in scenario.firms
    )
    return Firms(scenario, plan.copy()) if acting else None


def check_action(strategy: Any, action: Action) -> None:
    """Raise `GoodwillError` for an action on a lever that the strategy does not declare, or beyond its bounds."""
    if action.lever not in strategy.moves:
        known = ", ".join(strategy.moves) or "none"
        raise GoodwillError(f"strategy {strategy.kind!r}: moves lever {action.lever!r}, but declares only: {known}")
    low, high = strategy.moves[action.lever]
    if not low <= action.value <= high:
        raise GoodwillError(
            f"strategy {strategy.kind!r}: sets {action.lever} to {action.value:g}, outside its bounds {low:g} to {high:g}"
        )


def _conduct(scenario: Scenario, j: int) -> Conduct:
    """A firm's part at the start."""
    firm = scenario.firms[j]
    asks = scenario.customers if firm.instruments.lost_customers.on else 0
    workforce = workforce_at_start(scenario, j) if firm.workforce.on else None
    return Conduct(known_causes=np.zeros(asks, np.int8), workforce=workforce)


def books_of(simulation: Any) -> np.ndarray:
    """Profit of every firm so far [periods, J], cents."""
    return _profits(post(simulation.plan, simulation.totals, int(simulation.period)))


def _profits(book: dict[str, np.ndarray]) -> np.ndarray:
    total: np.ndarray = sum(book.values())  # type: ignore[assignment]
    return total


def _in_sight(plan: Plan, firm: int, period: int) -> tuple[str, ...]:
    """Kinds of the members' programmes a firm ran in a period, as anybody can see."""
    kinds = {kind for q, (j, _, kind, _) in enumerate(plan.programmes) if j == firm and plan.running[period, q]}
    return tuple(sorted(kinds))


def _luck(key: tuple[np.uint32, np.uint32], t: int, j: int) -> tuple[float, float]:
    """Two uniform draws of a firm and period."""
    stream = np.uint32(STRATEGY + 256 * j)
    with np.errstate(over="ignore"):
        first, second, _, _ = interpreted(philox4x32)(NOBODY, np.uint32(t), np.uint32(0), stream, *key)
    return float(interpreted(uniform32)(first)), float(interpreted(uniform32)(second))
