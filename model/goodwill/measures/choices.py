"""Who chose what, when, why, and what it earned."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from goodwill.strategies.observation import BUDGET, LAUNCH, PRICE, STOP

COLUMNS = ("period", "firm", "strategy", "action", "reason", "until", "expected", "realised")


def choice_table(simulation: Any, firms: pd.DataFrame) -> pd.DataFrame:
    """One row for each action of a strategy.

    until: the period up to which the profit counts (exclusive): the horizon over which the firm reckoned, else the firm's next choice,
    at most the end of the run so far. expected: profit over the horizon where the strategy reckoned one, else missing. realised: the
    firm's profit from the choice to `until`, in currency.
    """
    acting = simulation.firms
    choices = [] if acting is None else acting.choices
    names = [f.name for f in simulation.scenario.firms]
    profit = firms["profit"].to_numpy().reshape(-1, len(names))
    rows = []
    for choice in choices:
        later = [c.period for c in choices if c.firm == choice.firm and c.period > choice.period]
        horizon = choice.action.horizon
        until = min(later, default=len(profit)) if horizon is None else choice.period + horizon
        until = min(until, len(profit))
        expected = np.nan if choice.action.expected is None else choice.action.expected
        realised = float(profit[choice.period : until, choice.firm].sum())
        what = action_in_words(choice.action.lever, choice.action.value, _kinds(simulation, choice.firm))
        reason = choice.action.reason
        rows.append((choice.period, names[choice.firm], choice.strategy, what, reason, until, expected, realised))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"expected": float, "realised": float})


def _kinds(simulation: Any, firm: int) -> list[str]:
    return [option.programme.kind for option in simulation.plan.options[firm]]


def action_in_words(lever: str, value: float, kinds: list[str]) -> str:
    """An action as a reader wants it: 'launch stamp_card (option 0)', 'price x 0.9'."""
    if lever in (LAUNCH, STOP):
        return f"{lever} {kinds[int(value)]} (option {int(value)})"
    return f"{PRICE if lever == PRICE else BUDGET} x {value:.3g}"
