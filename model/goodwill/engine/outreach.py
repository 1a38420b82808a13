"""Levers and costs of what firms say and send, laid out by period."""

from __future__ import annotations

import numpy as np

from goodwill.scenario.firm import Firm
from goodwill.scenario.outreach import Media
from goodwill.scenario.scenario import Scenario

# Levers of outreach that only programmes set.
OUTREACH_LEVERS = (
    "personal", "sampling", "win_back", "win_back_depth", "win_back_repair", "win_back_by_cause", "win_back_valid",
    "warning", "warning_good", "warning_depth", "warning_valid",
)  # fmt: skip


def outreach_of(scenario: Scenario) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Levers of outreach [T, J] as the firms set them, before their programmes; and unit costs in cents, by column counted."""
    firms, year = scenario.firms, scenario.periods_per_year

    def tiled(values: list[float]) -> np.ndarray:
        return np.tile(np.array(values, np.float64), (scenario.periods, 1))

    levers = {
        "contact": tiled([f.contact.level for f in firms]),
        "posts": tiled([12 * f.posts.per_month / year for f in firms]),
        "commercial": tiled([f.posts.commercial for f in firms]),
        "coverage": tiled([f.database.coverage for f in firms]),
        "file_error": tiled([f.database.error for f in firms]),
        **{name: tiled([0.0] * len(firms)) for name in OUTREACH_LEVERS},
    }
    files = [f.database.cost + f.database.care * (1 - f.database.error) ** 2 for f in firms]
    costs = {
        "contacted": tiled([100 * f.contact.cost[f.contact.level] / year for f in firms]),
        "on_file": tiled([100 * cost / year for cost in files]),
        **{
            name: tiled([0.0] * len(firms))
            for name in ("personalised", "samples", "warnings", "win_back_offers", "repairs")
        },
    }
    return levers, costs


def bought_rate(media: Media, customers: int) -> float:
    """Rate per year of making the unaware aware that money buys: ceiling * x / (x + half), x the spending per customer.

    Concave response (Little 1970, ADBUDG with exponent 1; Simon & Arndt 1980).
    """
    each = media.spend / customers
    return media.ceiling * each / (each + media.half)


def advertising_cents(firm: Firm, scenario: Scenario) -> float:
    """Advertising and posts of a firm, cents per period."""
    rate = firm.media.rate_cost * firm.advertising * scenario.customers
    yearly = firm.media.spend + rate + 12 * firm.posts.per_month * firm.posts.cost
    return 100 * yearly / scenario.periods_per_year
