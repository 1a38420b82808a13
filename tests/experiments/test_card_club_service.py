"""The designs of card-club-service have the same terms in every market, in usual purchases of the firm, as its README says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from goodwill.lab.study.study import Study

FOLDER = Path(__file__).resolve().parents[2] / "experiments" / "card-club-service"


@pytest.fixture(params=sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def study(request: pytest.FixtureRequest) -> Study:
    return Study.load(request.param)


def programme(study: Study, arm: str) -> dict[str, Any]:
    (found,) = study.arms[arm]["programmes"]
    return found


def test_terms_are_the_same_in_usual_purchases(study: Study) -> None:
    content, _ = study.world(None)
    firms = content["firms"]
    (firm,) = [one for one in firms if one["name"] == study.firm]
    usual = firm["price"] * content["population"]["basket"]
    card, club, price_cut = (programme(study, arm) for arm in ("card", "club", "price cut"))
    assert sorted(firms, key=lambda one: -one["share"])[1] is firm, "the second largest tries the designs"
    assert not firm["programmes"] and study.budget == "3%"
    assert card["reward"] == pytest.approx(0.1 * card["stamps"] * usual, rel=0.01)
    assert card["cost_share"] == pytest.approx(firm["unit_cost"] / firm["price"], abs=0.01), "a reward in kind"
    assert 0.15 <= card["head_start"] / card["stamps"] <= 0.25
    assert club["fee"]["amount"] == pytest.approx(usual / 2, rel=0.01)
    assert club["benefit"]["member_cost"] == pytest.approx(usual / 2, rel=0.01)
    assert price_cut["depth"] == 0.03
    for arm, times in (("service", 1), ("dear service", 4)):
        service = programme(study, arm)
        assert service["gain_cost"] == pytest.approx(0.05 * times * usual, rel=0.01)
        assert service["consistency_cost"] == pytest.approx(0.12 * times * usual, rel=0.01)
    # members' better service costs what it costs for everybody
    assert club["benefit"]["purchase_cost"] == pytest.approx(0.05 * usual * club["benefit"]["service"] ** 2, rel=0.05)
