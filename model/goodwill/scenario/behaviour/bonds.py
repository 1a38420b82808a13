"""Trust, fairness, and what feeds and wears affective commitment besides delight (rule 9)."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, switch


class Trust(Section):
    """Trust in a firm, 0 to 1."""

    on: bool = switch("let kept promises build trust, and failures and broken promises destroy it")
    initial: float = parameter(0.5, meaning="trust at the start, at which it neither draws nor repels", low=0, high=1)
    tolerance: float = parameter(
        0.5, meaning="how far below the promise a visit still keeps it", unit="points", low=0, high=10
    )
    gain: float = parameter(
        0.03, meaning="share of the way to full trust that a kept promise leads", unit="per visit", low=0, high=1
    )
    loss: float = parameter(
        0.06,
        meaning="share of trust destroyed per point by which a visit breaks the promise",
        unit="per point",
        low=0,
        high=1,
        source="Slovic 1993 (trust is destroyed more easily than created); value an assumption",
    )
    failure: float = parameter(
        0.05,
        meaning="share of trust destroyed besides, per point lost to a failure and not restored",
        unit="per point",
        low=0,
        high=1,
        source="Tax, Brown & Chandrashekaran 1998 (form); value an assumption",
    )
    unfairness: float = parameter(
        0.05, meaning="share of trust destroyed at a visit per unit of unfairness felt", unit="per unit", low=0, high=1
    )
    weight: float = parameter(
        0.8,
        meaning="utility of full trust against none: the risk one perceives without it",
        unit="utility",
        low=0,
        high=10,
        source="Morgan & Hunt 1994; Mayer, Davis & Schoorman 1995 (form); value an assumption",
    )
    relief: float = parameter(
        0.7,
        meaning="share of the premium for not knowing a firm (expectation.risk) that full trust takes away",
        unit="share",
        low=0,
        high=1,
    )


class Fairness(Section):
    """Unfairness felt at a firm: a stock that unequal treatment fills and time empties."""

    on: bool = switch("let customers resent visible unequal treatment")
    retention: float = parameter(
        0.8, meaning="share of felt unfairness left after a month", unit="per month", low=0, high=1
    )
    benefit: float = parameter(
        1.5,
        meaning="unfairness at a visit of one left out, per share of the price that members save or earn",
        unit="units per share of price",
        low=0,
        high=20,
        source="Feinberg, Krishna & Zhang 2002 (betrayal by others' benefits); value an assumption",
    )
    service: float = parameter(
        0.15,
        meaning="the same per point by which members are served better",
        unit="units per point",
        low=0,
        high=10,
    )
    tier: float = parameter(
        0.15,
        meaning="the same per utility by which the highest tier is set above one's own",
        unit="units per utility",
        low=0,
        high=10,
    )
    newcomers: float = parameter(
        1.5,
        meaning="unfairness at a visit of one who has bought before, per share of the price that newcomers save",
        unit="units per share of price",
        low=0,
        high=20,
        source="Feinberg, Krishna & Zhang 2002 (switchers' prices); value an assumption",
    )
    intrusion: float = parameter(
        0.1,
        meaning="unfairness at a visit per point by which the firm uses personal data beyond the service",
        unit="units per point",
        low=0,
        high=10,
    )
    binding: float = parameter(
        0.2,
        meaning="unfairness at a visit of a member who is bound and not satisfied",
        unit="units",
        low=0,
        high=10,
    )
    weight: float = parameter(
        0.4,
        meaning="utility lost per unit of unfairness",
        unit="utility per unit",
        low=0,
        high=10,
        source="Xia, Monroe & Cox 2004 (form); value an assumption",
    )


class Bonds(Section):
    """What feeds and wears affective commitment besides delight (with commitment on)."""

    on: bool = switch("let recognition feed commitment, and failure, unfairness and neglect wear it")
    recognition: float = parameter(
        0.02, meaning="commitment at a visit per point of recognition", unit="per point", low=0, high=2
    )
    failure: float = parameter(
        0.05, meaning="commitment lost per point lost to a failure and not restored", unit="per point", low=0, high=2
    )
    unfairness: float = parameter(
        0.05, meaning="commitment lost at a visit per unit of unfairness felt", unit="per unit", low=0, high=2
    )
    neglect: float = parameter(
        0.03,
        meaning="share of commitment that a month without a visit wears off",
        unit="share per month",
        low=0,
        high=1,
    )
