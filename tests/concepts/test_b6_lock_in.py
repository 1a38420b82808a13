"""B6: raising switching costs by contracts - lock-in programmes, with resentment, and exit spikes when bonds end."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.concepts.paired import run

_SIZE: dict[str, Any] = {"customers": 4000, "periods": 40, "warm_up": 2, "seed": 11}
_ALL = {"behaviour.programmes.exposure": 1.0, "behaviour.programmes.enrol_intercept": 8.0}


def world(join: dict[str, Any] | None, **behaviour: Any) -> Any:
    """A mobile-phone market; every customer of the first firm signs in the first months, with a small discount."""
    programme = {"kind": "programme", "start": 2, "join": join or {}, "benefit": {"discount": 0.01}}
    changes = {"firms.0.programmes": [programme], **_ALL, "behaviour.satisfaction.on": True, **behaviour}
    return run("mobile-contract", changes, **_SIZE)


def exits(record: Any, cause: str = "left_competitive") -> np.ndarray:
    return record.firms[record.firms["firm"] == record.names[0]][cause].to_numpy().astype(float)


def test_nobody_leaves_for_a_rival_while_he_is_bound_and_many_when_the_bond_ends() -> None:
    free, bound = world(None), world({"term": 18.0, "binding": True})
    during, after = slice(4, 20), slice(20, 24)  # most signed in period 2
    assert exits(bound)[during].sum() < 0.25 * exits(free)[during].sum()
    assert exits(bound)[after].sum() > 1.3 * exits(free)[after].sum()
    assert exits(bound)[20] > 10 * exits(bound)[during].mean()


def test_an_exit_fee_keeps_some_and_is_paid_by_the_others() -> None:
    free, fee = world(None), world({"term": 24.0, "exit_fee": 40.0})
    assert exits(fee)[3:25].sum() < 0.9 * exits(free)[3:25].sum()
    paid = fee.programmes["exit_fees"].sum()
    left = (exits(fee) + exits(fee, "left_fault")).sum()
    assert 0 < paid <= 40.0 * left
    assert fee.book["exit fees"].sum() == round(100 * paid)


def test_being_kept_breeds_resentment() -> None:
    """Of those bound, satisfaction falls; without a rival that is preferred, or without a bond, it does not."""
    mild, strong = (
        world({"term": 36.0, "binding": True}, **{"behaviour.programmes.resentment": x}) for x in (0.0, 0.4)
    )
    means = []
    for r in (mild, strong):
        population = r.simulation.population
        members = population.members.joined[0] >= 0
        means.append(population.customers.satisfaction[0][members].mean())
    assert means[1] < means[0] - 0.02
