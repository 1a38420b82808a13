"""What a comparison cannot tell, said in the report itself."""

from __future__ import annotations

from goodwill.lab.comparison import Comparison
from goodwill.report.assumptions import groups


def limits(comparison: Comparison) -> list[str]:
    """The limits of this comparison, the gravest first."""
    scenario = comparison.scenario
    years = (scenario.periods - scenario.warm_up) / scenario.periods_per_year
    flags = [row.flag for group in groups(scenario) for row in group.rows]
    lines = [
        "This is a simulation, not a forecast: differences between designs are more trustworthy than levels, and signs and orders "
        "more than sizes.",
        f"{flags.count('assumption')} of the {len(flags)} parameters below are assumptions within the range of the literature, not "
        "measurements of this market. The intervals do not include what they may be off.",
        "Rivals do not answer: their prices, service and programmes stay as they are.",
        f"{_years(years)} after the start are counted. What comes later, such as habits that outlast a programme or rewards still "
        "owed, is in the figures only as the liability booked.",
        "The behavioural literature behind the rules is Western, mostly of 1970 to 2015; other cultures and times may differ.",
        "The design that looks best of several looks a little better than it is; the intervals are for each difference by itself.",
    ]
    if comparison.budget is not None:
        lines.append(
            "Equal budgets are equal in expectation: levers were scaled in pilot worlds of their own, prices are whole cents, and the "
            "cost in the worlds shown differs a little."
        )
    if scenario.kind == "repertoire":
        lines.append(
            "Retention here is behaviour, not a contract: customers who buy in one window and again in the next "
            f"({scenario.measurement.window} {scenario.period}s). A customer who buys rarely can be loyal and still miss a window."
        )
    return lines


def _years(years: float) -> str:
    return "One year" if years == 1 else f"{years:.3g} years"
