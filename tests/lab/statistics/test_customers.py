"""Effects on segments and single customers, on tables small enough to reckon by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from goodwill.lab.statistics.customers import customer_effects, who_gains
from goodwill.lab.statistics.segments import AFTER, BEFORE, by_membership, by_past_visits, segment_effects


@pytest.fixture
def customers() -> pd.DataFrame:
    """Two worlds of four people: the card brings two visits to the two heaviest, and takes one from the lightest."""
    rows = []
    for replicate in (0, 1):
        for customer, before in enumerate([0, 3, 6, 9]):
            for arm, more in (("nothing", 0), ("card", [-1, 0, 2, 2 + 2 * replicate][customer])):
                rows.append((0, arm, replicate, customer, before, 10 + before + more, more > 0))
    names = ["point", "arm", "replicate", "customer", "visits_before", "visits", "member"]
    return pd.DataFrame(rows, columns=names).sample(frac=1, random_state=1)


def test_each_customer_is_compared_with_himself(customers: pd.DataFrame) -> None:
    found = customer_effects(customers, "nothing").sort_values(["replicate", "customer"])
    assert list(found["effect"]) == [-1, 0, 2, 2, -1, 0, 2, 4]
    assert list(found["without"]) == [10, 13, 16, 19] * 2
    assert set(found["arm"]) == {"card"}


def test_who_gains(customers: pd.DataFrame) -> None:
    found = who_gains(customer_effects(customers, "nothing"), top=0.25).set_index("what")
    assert found.loc["up", "mean"] == 0.5 and found.loc["none", "mean"] == 0.25 and found.loc["down", "mean"] == 0.25
    assert found.loc["mean", "mean"] == pytest.approx((3 / 4 + 5 / 4) / 2)
    assert found.loc["gained", "mean"] - found.loc["lost", "mean"] == pytest.approx(found.loc["mean", "mean"])
    assert found.loc["top", "mean"] == pytest.approx((2 / 4 + 4 / 6) / 2)
    assert found.loc["mean", "low"] < 1 < found.loc["mean", "high"]


def test_an_arm_that_does_nothing(customers: pd.DataFrame) -> None:
    idle = customers.assign(visits=10)
    found = who_gains(customer_effects(idle, "nothing")).set_index("what")["mean"]
    assert found["none"] == 1 and np.isnan(found["top"])


def test_segments_by_the_past() -> None:
    assert list(by_past_visits(pd.Series(range(9)))) == ["0 to 2"] * 3 + ["3 to 5"] * 3 + ["6 and more"] * 3
    many_at_zero = by_past_visits(pd.Series([0] * 6 + [1, 2, 3]))
    assert list(many_at_zero.cat.categories) == ["0", "1 and more"]
    assert list(by_past_visits(pd.Series([4, 4, 4])).cat.categories) == ["4"]
    assert list(by_past_visits(pd.Series([1, 5]), groups=2)) == ["1", "2 and more"]


@pytest.mark.parametrize("seed", range(5))
def test_segments_part_all_customers_in_order(seed: int) -> None:
    visits = pd.Series(np.random.default_rng(seed).negative_binomial(1, 0.1, 3000))
    segment = by_past_visits(visits)
    assert segment.notna().all()
    assert segment.value_counts(normalize=True).between(0.25, 0.42).all()
    ends = visits.groupby(segment, observed=True).agg(["min", "max"])
    assert (ends["max"].iloc[:-1].to_numpy() < ends["min"].iloc[1:].to_numpy()).all()


def test_effects_on_segments(customers: pd.DataFrame) -> None:
    effects = customer_effects(customers, "nothing")
    found = segment_effects(effects, by_past_visits(effects["visits_before"], 2), BEFORE)
    assert list(found["segment"]) == ["0 to 3", "4 and more"]
    assert list(found["effect"]) == pytest.approx([-0.5, 2.5])
    assert found["share"].to_numpy() == pytest.approx([-2 / 8, 10 / 8])
    assert (found["customers"] == 2).all() and (found["defined"] == "before").all()
    weighted = (found["effect"] * found["customers"]).sum() / found["customers"].sum()
    assert weighted == pytest.approx(effects["effect"].mean())


def test_membership_is_called_what_it_is(customers: pd.DataFrame) -> None:
    effects = customer_effects(customers, "nothing")
    found = segment_effects(effects, by_membership(effects["member"]), AFTER)
    assert list(found["segment"]) == ["not members", "members"]
    assert (found["defined"] == "after treatment").all()
