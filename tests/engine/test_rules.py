"""A user's own rule in place of one of ours, in both engines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from goodwill.engine.jit import interpreted
from goodwill.errors import RuleError
from goodwill.rules.registry import rules
from goodwill.rules.satisfaction import update_satisfaction
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

pytestmark = pytest.mark.slow  # every rule that is replaced is compiled anew


def _run(engine: str = "compiled", **own: Any) -> Simulation:
    scenario = Scenario.preset("coffee-town").with_(customers=120, periods=10, warm_up=2)
    simulation = Simulation(scenario, threads=1, engine=engine, rules=own)  # type: ignore[arg-type]
    simulation.run()
    return simulation


def test_the_same_rule_gives_the_same_bits_and_another_one_does_not() -> None:
    ours = _run()
    same = _run(update_satisfaction=interpreted(update_satisfaction))
    assert np.array_equal(ours.population.customers.satisfaction, same.population.customers.satisfaction)
    assert np.array_equal(ours.totals.firms, same.totals.firms)

    def forgets_nothing(satisfaction: float, visit: float, rate: float) -> float:
        return satisfaction + 0.05 * (visit - satisfaction)

    other = _run(update_satisfaction=forgets_nothing)
    assert not np.array_equal(ours.population.customers.satisfaction, other.population.customers.satisfaction)
    # Python's literals are 64-bit numbers; both engines round the rule's result alike.
    reference = _run("reference", update_satisfaction=forgets_nothing)
    assert np.array_equal(reference.population.customers.satisfaction, other.population.customers.satisfaction)
    assert np.array_equal(reference.totals.firms, other.totals.firms)


def test_every_rule_is_listed_with_a_docstring() -> None:
    assert len(rules()) > 25
    for name, function in rules().items():
        assert interpreted(function).__doc__ or function.__doc__, name


def test_wrong_rules_are_refused() -> None:
    with pytest.raises(RuleError, match="did you mean 'update_satisfaction'"):
        _run(update_satisfactoin=lambda a, b, c: a)
    with pytest.raises(RuleError, match="takes 3 numbers"):
        _run(update_satisfaction=lambda a, b: a)

    def uncompilable(satisfaction: float, visit: float, rate: float) -> float:
        return {"no": object()}[satisfaction]  # type: ignore[index, return-value]

    with pytest.raises(RuleError, match="cannot be compiled"):
        _run(update_satisfaction=uncompilable)
