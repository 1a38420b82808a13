"""What a relationship does to spending and to the cost of serving a customer."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, switch


class Spending(Section):
    """Spending, buying across, price sensitivity and cost to serve, by the strength of the relationship."""

    on: bool = switch("let spending and the cost to serve depend on the relationship")
    satisfaction: float = parameter(
        0.2,
        meaning="strength of the relationship per point of satisfaction above neutral",
        unit="per point",
        low=0,
        high=5,
    )
    commitment: float = parameter(
        0.5,
        meaning="strength of the relationship per unit of commitment",
        unit="per unit",
        low=0,
        high=5,
    )
    tenure: float = parameter(
        0.2,
        meaning="strength of a long relationship by its length alone",
        unit="-",
        low=0,
        high=5,
    )
    habituation: float = parameter(
        10.0,
        meaning="purchases after which half of what length does is done",
        unit="purchases",
        low=0.5,
        high=500,
    )
    basket: float = parameter(
        0.2,
        meaning="rise of the quantity bought in the strongest relationship",
        unit="ln",
        low=0,
        high=2,
        source="Reichheld & Sasser 1990 (claim); small after Reinartz & Kumar 2002; value an assumption",
    )
    price: float = parameter(
        0.2,
        meaning="share of price sensitivity that the strongest relationship takes away",
        unit="share",
        low=0,
        high=1,
        source="Krishnamurthi & Raj 1991 (sign: the loyal are less price sensitive in choice); value an assumption",
    )
    lines: float = parameter(
        0.1,
        meaning="extra lines a stranger buys along with a purchase, on average",
        unit="lines a purchase",
        low=0,
        high=3,
    )
    across: float = parameter(
        0.4,
        meaning="how many more in the strongest relationship",
        unit="lines a purchase",
        low=0,
        high=3,
        source="Reinartz, Thomas & Bascoul 2008 (cross-buying follows behavioural loyalty); value an assumption",
    )
    lines_spread: float = parameter(
        0.8,
        meaning="standard deviation over customers of the ln of the inclination to buy extra lines",
        unit="ln",
        low=0,
        high=3,
    )
    impulse: float = parameter(
        0.4,
        meaning="how many more when every purchase comes with suggestions or packages",
        unit="lines a purchase",
        low=0,
        high=3,
        source="Rook 1987; Mattila & Wirtz 2008 (prompts raise impulse buying); value an assumption",
    )
    tolerated: float = parameter(
        0.3,
        meaning="intensity of suggestions up to which nobody minds",
        unit="share of purchases",
        low=0,
        high=1,
    )
    irritation: float = parameter(
        1.5,
        meaning="experience lost per unit of intensity beyond that",
        unit="points",
        low=0,
        high=10,
        source="Edwards, Li & Lee 2002 (intrusive selling irritates); value an assumption",
    )
    served_floor: float = parameter(
        0.7,
        meaning="share of the cost to serve that remains after a long relationship",
        unit="share",
        low=0,
        high=1,
        source="Reichheld & Sasser 1990 (falls); Reinartz & Kumar 2002 (hardly); value an assumption",
    )
    served_spread: float = parameter(
        0.6,
        meaning="standard deviation over customers of the ln of the service they ask for",
        unit="ln",
        low=0,
        high=3,
    )
