"""Four ways to spend the same money on the customers of one coffee brand: the question of `goodwill demo`.

The terms are those a manager would begin with; what each may cost is settled by scaling its main lever (reward,
discount, service gain, depth of the cut) to the same yearly budget.
"""

from __future__ import annotations

from typing import Any

from goodwill.scenario.scenario import Scenario

PRESET = "grocery-coffee"
FIRM = "PL"  # the retailer's own label, the largest brand
BUDGET = "2.5%"  # of the brand's yearly revenue
YEARS = 2  # after the start; the year before is warm-up


def market() -> Scenario:
    """The coffee category, watched for two years after the start of the designs."""
    scenario = Scenario.preset(PRESET)
    return scenario.with_(periods=scenario.warm_up + YEARS * scenario.periods_per_year)


def designs() -> dict[str, dict[str, Any]]:
    """The four designs and doing nothing, by name, as arm files would hold them."""
    return {
        "nothing": {"description": "Everything stays as it is."},
        "stamp card": {
            "description": "A card of ten stamps, two of them given with the card; a full card is worth a reward.",
            "programmes": [{"kind": "stamp_card", "stamps": 10, "head_start": 2, "reward": 5.0}],
        },
        "paid club": {
            "description": "Members pay a small yearly fee and get a discount on every pack.",
            "programmes": [
                {"kind": "paid_club", "fee": 2.0, "discount": 0.1, "service_bonus": 0.0, "member_cost": 0.5}
            ],
        },
        "better service": {
            "description": "A better and steadier product and service for every customer, without any programme.",
            "programmes": [{"kind": "service", "gain": 0.5, "consistency": 0.1}],
        },
        "price cut": {
            "description": "A lower price for everybody, the plain alternative.",
            "programmes": [{"kind": "price_cut", "depth": 0.03}],
        },
    }
