"""Several comparisons at once: published examples, and how often all intervals hold together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from goodwill.lab.statistics.best import compare_with_best
from goodwill.lab.statistics.intervals import interval
from goodwill.lab.statistics.multiplicity import benjamini_hochberg, holm, paired_p, simultaneous_intervals

# Benjamini & Hochberg (1995), section 3.2: fifteen p-values of a study of thrombolysis
PUBLISHED = np.array(
    [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
)  # fmt: skip


def test_holm_by_hand() -> None:
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm(np.array([0.5, np.nan, 0.9])) == pytest.approx([1.0, np.nan, 1.0], nan_ok=True)


def test_the_published_example() -> None:
    assert (benjamini_hochberg(PUBLISHED) <= 0.05).sum() == 4  # "rejects the four hypotheses"
    assert (holm(PUBLISHED) <= 0.05).sum() == 3
    assert np.isnan(benjamini_hochberg(np.array([0.1, np.nan]))[1])


def test_paired_p() -> None:
    assert paired_p(np.array([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])) == pytest.approx(0.002833, abs=1e-6)
    assert np.isnan(paired_p(np.zeros(5)))


def table(columns: int, n: int, shared: float, seed: int, mean: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    values = shared * rng.standard_normal((n, 1)) + np.sqrt(1 - shared**2) * rng.standard_normal((n, columns))
    return pd.DataFrame(values + mean, columns=[f"arm {x}" for x in range(columns)])


def test_one_arm_needs_no_correction() -> None:
    one = table(1, 12, 0.0, 14, mean=0.4)
    row = simultaneous_intervals(one).iloc[0]
    assert tuple(row[["difference", "low", "high"]]) == pytest.approx(interval(one["arm 0"].to_numpy()))
    assert row["p"] == pytest.approx(paired_p(one["arm 0"].to_numpy()))


def test_between_uncorrected_and_bonferroni() -> None:
    many = table(5, 15, 0.7, 15)
    found = simultaneous_intervals(many)
    for arm in many:
        mean, low, high = interval(many[arm].to_numpy())
        _, lowest, highest = interval(many[arm].to_numpy(), 1 - 0.05 / 5)
        assert lowest < found.loc[arm, "low"] < low < mean < high < found.loc[arm, "high"] < highest
        assert found.loc[arm, "p"] >= paired_p(many[arm].to_numpy())
    # arms that always move together are one comparison
    same = pd.DataFrame({"a": many["arm 0"], "b": 2 * many["arm 0"], "c": -many["arm 0"]})
    assert simultaneous_intervals(same).loc["a", "high"] == pytest.approx(
        interval(many["arm 0"].to_numpy())[2], rel=0.03
    )


def test_the_drawn_bar_is_that_of_dunnett() -> None:
    """Differences to one control with correlation 1/2: Dunnett's (1964) two-sided 5 % point is 2.44 for 4 arms."""
    rng = np.random.default_rng(16)
    values = rng.standard_normal((400, 5))
    differences = pd.DataFrame(values[:, 1:] - values[:, [0]])
    found = simultaneous_intervals(differences)
    error = differences.std(ddof=1) / 20
    assert ((found["high"] - found["difference"]) / error).to_numpy() == pytest.approx(2.44, abs=0.06)


def test_what_does_not_vary() -> None:
    found = simultaneous_intervals(table(2, 10, 0.5, 17).assign(idle=0.0, lacking=np.nan))
    assert found["difference"].isna().all()  # no row is whole
    found = simultaneous_intervals(table(2, 10, 0.5, 17).assign(idle=0.0))
    assert tuple(found.loc["idle", ["difference", "low", "high"]]) == (0, 0, 0) and np.isnan(found.loc["idle", "p"])
    assert simultaneous_intervals(table(2, 1, 0.5, 17))["low"].isna().all()
    with pytest.raises(ValueError, match="method"):
        simultaneous_intervals(table(2, 10, 0.5, 17), method="guess")


@pytest.mark.statistical
@pytest.mark.parametrize(
    ("n", "method", "low", "high"),
    [(8, "normal", 0.93, 0.97), (25, "normal", 0.93, 0.97), (25, "bootstrap", 0.93, 0.985)],
)
def test_all_hold_together(n: int, method: str, low: float, high: float) -> None:
    held = []
    for seed in range(400 if method == "normal" else 150):
        found = simultaneous_intervals(table(4, n, 0.6, 1000 + seed), method=method)
        held.append(bool(((found["low"] <= 0) & (found["high"] >= 0)).all()))
    assert low < np.mean(held) < high


# -- the best arm -------------------------------------------------------------------------------------------------


def test_a_clear_best() -> None:
    arms = table(3, 20, 0.9, 18)
    arms["arm 1"] += 5
    found = compare_with_best(arms)
    assert list(found["could_be_best"]) == [False, True, False]
    assert found.loc["arm 1", "low"] == 0 < found.loc["arm 1", "lead"] < found.loc["arm 1", "high"]
    assert (found.loc[["arm 0", "arm 2"], "high"] == 0).all()
    assert found["probability"].to_numpy() == pytest.approx([0, 1, 0])
    lowest = compare_with_best(-arms, lowest=True)
    assert list(lowest["could_be_best"]) == [False, True, False]
    assert lowest.loc["arm 1", "high"] == 0 > lowest.loc["arm 1", "lead"]


def test_two_arms_are_a_one_sided_t_test() -> None:
    arms = table(2, 12, 0.5, 19)
    arms["arm 0"] += 0.4
    p = paired_p((arms["arm 0"] - arms["arm 1"]).to_numpy()) / 2
    assert compare_with_best(arms)["probability"].to_numpy() == pytest.approx([1 - p, p], abs=0.015)


def test_equals_share_the_probability() -> None:
    arms = table(1, 10, 0.0, 20)
    found = compare_with_best(arms.assign(same=arms["arm 0"], worse=arms["arm 0"] - 3))
    assert found["probability"].to_numpy() == pytest.approx([0.5, 0.5, 0.0], abs=1e-6)
    assert list(found["could_be_best"]) == [True, True, False]
    assert compare_with_best(arms)["probability"].iloc[0] == 1
    assert compare_with_best(arms.head(1).assign(b=1.0))["probability"].isna().all()


@pytest.mark.statistical
@pytest.mark.parametrize("n", [8, 25])
def test_the_best_is_among_those_that_could_be(n: int) -> None:
    """Equal arms are the hardest case: then all leads are zero, and every interval has to hold zero."""
    held = []
    for seed in range(400):
        found = compare_with_best(table(4, n, 0.6, 3000 + seed))
        held.append(bool(found["could_be_best"].loc["arm 2"]))
    assert np.mean(held) > 0.93
