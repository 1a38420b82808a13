"""Rules and programmes of a user's own in worker processes."""

from __future__ import annotations

import math
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from goodwill.errors import RuleError
from goodwill.lab.compare import compare, key_of
from goodwill.lab.user_code import UserCode, fingerprint
from goodwill.scenario.arms import Arm
from goodwill.scenario.scenario import Scenario

# What a user writes in a script: classes and functions of __main__, which no worker can import.
SCRIPT = """
from typing import ClassVar, Literal

import goodwill as gw
from goodwill.programmes.base import Calendar, Programme
from goodwill.programmes.terms import LeverChange, Mechanics
from goodwill.scenario.declare import parameter

DEEPER = 1.5


class Sale(Programme):
    kind: Literal["sale"] = "sale"
    summary: ClassVar[str] = "a cheaper price for everybody"
    sources: ClassVar[tuple[str, ...]] = ("a test",)
    budget_levers: ClassVar[tuple[str, ...]] = ("off",)
    off: float = parameter(0.1, meaning="price cut", unit="share", low=0, high=0.5)

    def mechanics(self, calendar: Calendar) -> Mechanics:
        start, stop = self.span(calendar)
        return Mechanics(levers=(LeverChange(start=start, stop=stop, price_factor=1 - DEEPER * self.off),))


def grumpy(satisfaction, visit, rate):
    return satisfaction + DEEPER * rate * (min(visit, 7.0) - satisfaction)


def runs(workers, **options):
    scenario = gw.Scenario.preset("coffee-town").with_(customers=300, periods=30, warm_up=8)
    arms = {"nothing": [], "sale": [Sale()]}
    found = gw.compare(scenario, arms, replications=4, workers=workers, **options)
    assert found.value("sale", "purchases") > found.value("nothing", "purchases")
    return found.runs.sort_values(["replicate", "arm", "outcome"], ignore_index=True)
"""


def run_script(text: str, folder: Path) -> None:
    script = folder / "script.py"
    script.write_text(SCRIPT + text, encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr


def test_a_programme_of_the_users_script_runs_in_workers(tmp_path: Path) -> None:
    run_script("assert runs(1).equals(runs(2))\n", tmp_path)


@pytest.mark.slow  # every process compiles the rule
def test_a_rule_of_the_users_script_runs_in_workers(tmp_path: Path) -> None:
    text = """
here, there = (runs(workers, rules={"update_satisfaction": grumpy}) for workers in (1, 2))
assert here.equals(there)
plain = runs(1)
low, high = (r[(r["outcome"] == "satisfaction") & (r["arm"] == "nothing")]["value"].mean() for r in (here, plain))
assert low < high - 0.1
"""
    run_script(text, tmp_path)


def test_a_rule_that_does_not_fit_is_told_before_anything_runs(small: Scenario) -> None:
    with pytest.raises(RuleError, match="takes 3 numbers"):
        compare(small, {"nothing": []}, replications=2, workers=1, rules={"update_satisfaction": lambda s: s})


def test_the_same_functions_come_out_again(small: Scenario) -> None:
    """Otherwise a worker would compile a rule in every replication."""
    user = UserCode.of({"update_satisfaction": lambda s, visit, rate: s + rate * (visit - s) / 2}, [small])
    packed = pickle.dumps(user)
    one, other = pickle.loads(packed), pickle.loads(packed)
    assert one.rules["update_satisfaction"] is other.rules["update_satisfaction"]
    assert one.rules["update_satisfaction"](1.0, 2.0, 0.5) == 1.25


def slope(factor: float) -> Any:
    def rule(s: float, visit: float, rate: float) -> float:
        return math.fabs(s + factor * rate * (visit - s))

    return rule


def test_fingerprints_tell_functions_apart() -> None:
    assert fingerprint(slope(1.0)) == fingerprint(slope(1.0))
    assert fingerprint(slope(1.0)) != fingerprint(slope(2.0))  # what a closure holds
    assert fingerprint(lambda s: s + 1) != fingerprint(lambda s: s + 2)  # a constant
    assert fingerprint(lambda s: s + 1) != fingerprint(lambda s: s - 1)


def test_what_is_stored_belongs_to_the_rules(small: Scenario) -> None:
    arms = {"nothing": Arm.of("nothing", [])}
    users = [UserCode.of({"update_satisfaction": slope(x)}, [small]) for x in (1.0, 1.0, 2.0)]
    keys = [key_of(small, arms, 0, "nothing", None, user) for user in users]
    assert keys[0] == keys[1] != keys[2]
    assert key_of(small, arms, 0, "nothing", None, UserCode()) == key_of(small, arms, 0, "nothing", None)
