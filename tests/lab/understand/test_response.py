from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.lab.understand.worlds import FakeResults, hypercube

from goodwill.errors import StudyError
from goodwill.lab.understand.response import Response, response

POINTS = hypercube(6, ["habit", "price"])


def two_arms(values: np.ndarray) -> FakeResults:
    return FakeResults(POINTS, {"nothing": np.ones_like(values), "club": values}, "nothing")


def test_paired_values_are_less_the_baseline_of_the_same_world() -> None:
    values = np.arange(12.0).reshape(6, 2)
    assert (response(two_arms(values), "profit").values == values - 1).all()
    alone = response(two_arms(values), "profit", "club", paired=False)
    assert (alone.values == values).all()
    assert alone.label == "Profit of club"


def test_an_arm_has_to_be_said_where_there_are_several() -> None:
    values = np.ones((6, 2))
    results = FakeResults(POINTS, {"nothing": values, "club": values, "card": values}, "nothing")
    with pytest.raises(StudyError, match="say which arm; the study has club, card"):
        response(results, "profit")
    with pytest.raises(StudyError, match="no arm 'pub'; the study has club, card"):
        response(results, "profit", "pub")


def test_gaps_first_take_bad_replicates_then_points() -> None:
    values = np.arange(60.0).reshape(20, 3)
    values[:5, 2] = np.nan  # a replicate that fails often
    values[7, 1] = np.nan  # a run that failed
    whole = Response(hypercube(20, ["a", "b"]), values, "y").complete()
    assert whole.values.shape == (19, 2)
    assert 7 not in whole.points.index
    with pytest.raises(StudyError, match="every replicate failed"):
        Response(POINTS, np.full((6, 3), np.nan), "y").complete()


def test_only_keeps_the_points_asked_for() -> None:
    points = pd.DataFrame({"case": ["a", "a", "b"], "price": [1, 2, 1]})
    outcome = Response(points, np.arange(3.0)[:, None], "y")
    assert outcome.only(case="a", price=2).values.tolist() == [[1.0]]
    with pytest.raises(StudyError, match="no point of the study has case = 'c'|no point of the study has case = c"):
        outcome.only(case="c")
    with pytest.raises(StudyError, match="taste is not a factor"):
        outcome.only(taste=1)
    with pytest.raises(StudyError, match="case: its values are not numbers"):
        outcome.numeric()
