"""What happens at a visit beyond the usual: kinds of experience, and surprises."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, switch

_SCHMITT = "Schmitt 1999 (five kinds of experience); value an assumption"


class Experiences(Section):
    """Five kinds of experience a firm can stage: sense, feel, think, act, relate. Effects are per point of intensity."""

    on: bool = switch("let staged experiences act")
    sense: float = parameter(
        0.5, meaning="experience of the visit", unit="points per point", low=0, high=5, source=_SCHMITT
    )
    feel: float = parameter(0.05, meaning="commitment at a visit", unit="per point", low=0, high=2, source=_SCHMITT)
    think: float = parameter(
        0.3,
        meaning="share by which a visit makes the belief about the firm surer (precision)",
        unit="per point",
        low=0,
        high=10,
        source=_SCHMITT,
    )
    act: float = parameter(
        0.05, meaning="share of the way to full habit that a visit leads besides", unit="per point", low=0, high=1,
        source=_SCHMITT,
    )  # fmt: skip
    relate: float = parameter(
        0.5, meaning="rise of the chance to talk after a visit", unit="share per point", low=0, high=10, source=_SCHMITT
    )
    community: float = parameter(
        0.03,
        meaning="commitment at a visit through those one meets (relate)",
        unit="per point",
        low=0,
        high=2,
        source="McAlexander, Schouten & Koenig 2002 (brand community); value an assumption",
    )


class Surprise(Section):
    """Unexpected extra service: what it gives beyond the disconfirmation."""

    on: bool = switch("let firms surprise some visits")
    bond: float = parameter(
        0.02,
        meaning="commitment per point of a surprise, besides that of delight",
        unit="per point",
        low=0,
        high=2,
        source="Oliver, Rust & Varki 1997 (delight); value an assumption",
    )
