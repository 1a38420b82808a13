"""What an experience does: expectation, satisfaction, the zone of tolerance (rules 6 and 7)."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, switch


class Expectation(Section):
    """Learning what to expect (rule 6)."""

    on: bool = switch("let customers learn from experience and hear promises")
    weight: float = parameter(
        0.15,
        meaning="utility of one service point of expected quality",
        unit="utility per point",
        low=0,
        high=3,
    )
    risk: float = parameter(
        0.1,
        meaning="utility lost per unit of variance of the belief",
        unit="utility per point^2",
        low=0,
        high=3,
        source="Rust et al. 1999 (form); value an assumption",
    )
    noise: float = parameter(
        1.5,
        meaning="variance of one experience as customers see it",
        unit="points^2",
        low=0.01,
        high=25,
    )
    prior: float = parameter(
        1.0,
        meaning="variance of the belief about a firm never tried",
        unit="points^2",
        low=0.001,
        high=25,
    )
    drift: float = parameter(
        0.02,
        meaning="variance added after each experience, because firms change",
        unit="points^2 per experience",
        low=0,
        high=5,
    )
    promise_pull: float = parameter(
        0.3,
        meaning="share of the gap to the promise closed in a month before the first purchase",
        unit="share per month",
        low=0,
        high=1,
        source="Zeithaml, Berry & Parasuraman 1993 (explicit promises raise expectations); value an assumption",
    )
    later_pull: float = parameter(
        0.1,
        meaning="how much of that pull (and of hearsay's) is left after the first purchase",
        unit="share",
        low=0,
        high=1,
        source="Zeithaml, Berry & Parasuraman 1993: promises matter most before experience; value an assumption",
    )
    hearsay_pull: float = parameter(
        1.0,
        meaning="change of expectation per unit of word of mouth heard",
        unit="points per log-odds",
        low=0,
        high=10,
    )


class Satisfaction(Section):
    """Satisfaction with experiences (rule 7)."""

    on: bool = switch("let experiences satisfy or disappoint")
    weight: float = parameter(
        0.25,
        meaning="utility of one point of cumulative satisfaction",
        unit="utility per point",
        low=0,
        high=3,
    )
    neutral: float = parameter(
        7.0,
        meaning="satisfaction at which it neither draws nor repels",
        unit="points",
        low=0,
        high=10,
    )
    experience_weight: float = parameter(
        0.7,
        meaning="satisfaction per point of experience itself",
        unit="points per point",
        low=0,
        high=3,
        source="Oliver 1980; Anderson & Sullivan 1993 (performance counts beside disconfirmation); value an assumption",
    )
    disconfirmation_weight: float = parameter(
        0.5,
        meaning="satisfaction per unit of disconfirmation value",
        unit="points",
        low=0,
        high=5,
    )
    loss_aversion: float = parameter(
        2.0,
        meaning="how much more a shortfall counts than an equal surplus",
        unit="ratio",
        low=1,
        high=5,
        source="meta-analyses 1.31 (Walasek et al. 2024) to 1.96-2.25 (Brown et al. 2024; Tversky & Kahneman 1992)",
    )
    curvature: float = parameter(
        0.88,
        meaning="exponent of gains and losses",
        unit="-",
        low=0.3,
        high=1,
        source="Tversky & Kahneman 1992",
    )
    first_rate: float = parameter(
        0.5,
        meaning="weight of a visit in cumulative satisfaction at the start",
        unit="share",
        low=0.01,
        high=1,
        source="Bolton 1998 (falls with tenure); value an assumption",
    )
    last_rate: float = parameter(
        0.08,
        meaning="the same after a long relationship",
        unit="share",
        low=0,
        high=1,
        source="Bolton 1998 (falls with tenure); value an assumption",
    )
    tenure: float = parameter(
        6.0,
        meaning="purchases after which half of that fall is done",
        unit="purchases",
        low=0.5,
        high=200,
    )


class Match(Section):
    """Differences in how well a firm suits a customer, which only experience tells."""

    on: bool = switch("let what a firm delivers suit some customers better than others, for good")
    sd: float = parameter(
        1.0,
        meaning="standard deviation over customers of what the same firm delivers to them",
        unit="points",
        low=0,
        high=5,
        source="Crawford & Shum 2005; Ackerberg 2003 (experience goods: matches differ and are learnt); value an assumption",
    )


class Delight(Section):
    """More than satisfied: what counts beyond satisfaction."""

    on: bool = switch("let delight bring customers back more than in proportion to their satisfaction")
    threshold: float = parameter(
        1.0,
        meaning="satisfaction above neutral at which delight begins",
        unit="points",
        low=0,
        high=5,
    )
    weight: float = parameter(
        1.0,
        meaning="utility per point of satisfaction beyond it",
        unit="utility per point",
        low=0,
        high=10,
        source="Mittal & Kamakura 2001; Jones & Sasser 1995 (form: convex in behaviour); value an assumption",
    )


class Zone(Section):
    """The zone of tolerance (rules 6 and 7)."""

    on: bool = switch("let small deviations pass unnoticed")
    width: float = parameter(
        0.8,
        meaning="how far below expectation an experience is still adequate",
        unit="points",
        low=0,
        high=8,
        source="Zeithaml, Berry & Parasuraman 1993 (concept); value an assumption",
    )
    ideal_gap: float = parameter(
        0.8,
        meaning="how far the desired level starts above the expectation",
        unit="points",
        low=0,
        high=8,
    )
    ideal_drift: float = parameter(
        0.05,
        meaning="share of the gap to a better experience by which the desired level rises",
        unit="per experience",
        low=0,
        high=1,
    )
