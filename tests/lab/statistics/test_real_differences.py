"""Differences between arms as the model makes them: are they normal enough for the t-interval and for stopping?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodwill.lab.statistics.intervals import interval
from goodwill.lab.statistics.stopping import StoppingRule
from goodwill.lab.study.study import Study


@pytest.mark.slow
@pytest.mark.statistical
def test_intervals_of_a_market_hold(tmp_path: Path) -> None:
    """Samples of 200 worlds taken for the truth. Measured with 600: 95.0 and 95.1 % at ten worlds, 93.9 and 94.3 % at the stop."""
    study = Study.from_dict(
        {
            "scenario": "mini", "set": {"customers": 300, "warm_up": 6}, "horizon": 24, "outcomes": ["profit"],
            "arms": {
                "nothing": {},
                "card": {"programmes": [{"kind": "stamp_card", "reward": 1.0}]},
                "club": {"programmes": [{"kind": "paid_club"}]},
            },
            "replications": 200,
        }
    )  # fmt: skip
    differences = study.run(folder=tmp_path).differences("profit")
    rng = np.random.default_rng(1)
    for arm in differences:
        worlds = differences[arm].to_numpy()
        rule = StoppingRule(half_width=1.96 * worlds.std() / np.sqrt(30))
        fixed, stopped = [], []
        for _ in range(1500):
            drawn = rng.choice(worlds, 200)
            for held, n in ((fixed, 10), (stopped, rule.stop(drawn))):
                _, low, high = interval(drawn[:n])
                held.append(low <= worlds.mean() <= high)
        assert 0.93 < np.mean(fixed) < 0.97
        assert 0.915 < np.mean(stopped) < 0.965
