from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.lab.optimise.made import ONE, THREE, TWO, made, truth

from goodwill.lab.optimise.pareto import non_dominated
from goodwill.lab.optimise.results import Optimisation


def test_the_choice_is_near_the_truth_and_its_interval_holds_it() -> None:
    best = made(**ONE).best
    assert best["arm"] == "card"
    assert 2.2 < best["reward"] < 3.8, "the best reward is 3"
    assert best["reward"] / best["stamps"] < 0.27, "a liability of 100 allows a quarter"
    found = made(**ONE)
    verdict = found.verdict
    assert verdict is not None and verdict.chosen is not None
    gain = truth(verdict.chosen.trial.design)["profit"] - 1000
    assert best["profit_low"] <= gain <= best["profit_high"]


def test_trials_say_what_is_violated_by_how_much() -> None:
    table = made(**ONE).trials
    over = table[~table["feasible"]]
    assert len(over) and (over["liability_violation"] == over["liability"] - 100).all()
    assert (table.loc[table["feasible"], "liability_violation"] == 0).all()
    assert (table.loc[table["trial"] == 0, ["profit", "profit_low", "profit_high"]] == 0).all(axis=None)


def test_the_front_of_the_trials_is_theirs() -> None:
    table = made(**THREE).trials
    points = table[["retention", "liability", "profit"]].to_numpy() * np.array([1, -1, 1])
    assert table["front"].tolist() == non_dominated(points).tolist()


def test_a_lever_set_to_nothing_is_told_from_one_that_is_not_there() -> None:
    table = made(**TWO, search={"trials": 60}).trials
    assert set(table.loc[table["arm"] == "points", "expiry"]) <= {3, 12, "none"}
    assert "none" in set(table["expiry"]) and table.loc[table["arm"] == "card", "expiry"].isna().all()


def test_both_measures_of_an_outcome_have_their_columns() -> None:
    change = {**ONE, "constraints": {"profit": {"at_least": 0, "measure": "value"}}}
    found = made(**change)
    assert list(found.measures) == ["profit (difference)", "profit (value)"]
    row = found.trials.iloc[0]
    assert row["profit (difference)"] == 0 and row["profit (value)"] == pytest.approx(1000, abs=200)


def test_hypervolume_is_free_of_the_luck_that_all_designs_share() -> None:
    """Retention's luck is common to all designs: the front is as large in fresh worlds, only elsewhere."""
    verdict = made(**TWO, verdict={"replications": 40}).verdict
    assert verdict is not None
    volumes = verdict.volumes()
    assert 0.75 < volumes["fresh"][0] / volumes["search"][0] < 1.1
    assert volumes["fresh"][2] - volumes["fresh"][1] < 0.3 * volumes["fresh"][0]


def test_plain_data_and_back(tmp_path: Path) -> None:
    for change in (ONE, THREE):
        found = made(**change)
        again = Optimisation.from_dict(json.loads(json.dumps(found.to_dict())))
        pd.testing.assert_frame_equal(found.trials, again.trials)
        pd.testing.assert_frame_equal(found.finalists, again.finalists)
        content = json.loads(found.to_json(tmp_path / "found.json").read_text(encoding="utf-8"))
        assert len(content["trials"]) == len(found.trials)
