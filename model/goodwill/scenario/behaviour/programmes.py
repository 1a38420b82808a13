"""How customers see loyalty programmes (rules 4, 5 and 13)."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, switch


class Programmes(Section):
    """How customers see loyalty programmes (rules 4, 5 and 13)."""

    on: bool = switch("let programmes act on customers", default=True)
    liking: float = parameter(
        0.05,
        meaning="utility of belonging to a new programme",
        unit="utility",
        low=0,
        high=3,
    )
    novelty_half_life: float = parameter(
        7.5,
        meaning="half-life of that liking",
        unit="months",
        low=0.5,
        high=120,
        source="six to nine months (model specification); an assumption",
    )
    points_value: float = parameter(
        0.7,
        meaning="mental value of reward money against cash",
        unit="ratio",
        low=0,
        high=1.5,
        source="Dreze & Nunes 2004 (mental accounting); value an assumption",
    )
    points_curvature: float = parameter(
        2.0,
        meaning="how steeply the pain of paying with credits grows with the share of the balance; just above 1: evenly",
        unit="exponent",
        low=1.05,
        high=6,
        source="Dreze & Nunes 2004 (combined prices: convex cost of one currency); form and value an assumption",
    )
    patience: float = parameter(
        2.0,
        meaning="logits against redeeming when twice the worth a credit is in sight",
        unit="logits",
        low=0,
        high=20,
        source="Lewis 2004 (members look ahead); form and value an assumption",
    )
    load_intercept: float = parameter(
        0.0,
        meaning="log-odds to load a stored-value card that does not cover a purchase",
        unit="logits",
        low=-10,
        high=10,
    )
    load_slope: float = parameter(
        5.0,
        meaning="rise of these per unit of the bonus on what is loaded (a share)",
        unit="logits",
        low=0,
        high=100,
    )
    resentment: float = parameter(
        0.2,
        meaning="satisfaction lost per period by one bound to a firm who would rather leave it",
        unit="points",
        low=0,
        high=5,
        source="Jones et al. 2007 (sign); value an assumption",
    )
    discount: float = parameter(
        0.35,
        meaning="rate at which customers discount rewards to come",
        unit="per year",
        low=0.01,
        high=5,
        source="Hartmann & Viard 2008 use .995 per day in their low case; value an assumption",
    )
    pull: float = parameter(
        0.3,
        meaning="utility of a goal that is all but reached",
        unit="utility",
        low=0,
        high=3,
        source="Kivetz, Urminsky & Zheng 2006 (shape); value an assumption",
    )
    acceleration: float = parameter(
        0.15,
        meaning="log rise of the shopping rate when a goal is all but reached; 0 keeps the category fixed",
        unit="ln",
        low=0,
        high=1.5,
        source="Kivetz, Urminsky & Zheng 2006: last interval a fifth shorter than the first",
    )
    abandonment: float = parameter(
        0.52,
        meaning="hazard of giving a card up at a step of one eighth, all of the way still to go",
        unit="per step",
        low=0,
        high=1,
        source="fitted to the pattern in Nunes & Dreze 2006 (34 % against 19 % completion); form an assumption",
    )
    reengagement: float = parameter(
        0.05,
        meaning="chance, at a purchase, to take a given-up card up again",
        unit="per purchase",
        low=0,
        high=1,
    )
    memory: float = parameter(
        6.0,
        meaning="memory of customers for their own buying rate",
        unit="months",
        low=0.5,
        high=60,
    )
    redeem_intercept: float = parameter(
        1.5,
        meaning="log-odds to redeem at a purchase with the balance just at the threshold",
        unit="logits",
        low=-10,
        high=10,
    )
    redeem_slope: float = parameter(
        1.0,
        meaning="rise of these per ln(balance / threshold)",
        unit="logits",
        low=0,
        high=10,
        source="Stourm, Bradlow & Fader 2015 (form); value an assumption",
    )
    redeem_hassle_sd: float = parameter(
        0.8,
        meaning="standard deviation over customers of the cost of redeeming",
        unit="logits",
        low=0,
        high=5,
    )
    expiry_pressure: float = parameter(
        1.0,
        meaning="rise of the log-odds when the whole balance is about to expire",
        unit="logits",
        low=0,
        high=10,
    )
    exposure: float = parameter(
        0.25,
        meaning="chance that a purchase makes a non-member consider joining",
        unit="per purchase",
        low=0,
        high=1,
    )
    enrol_intercept: float = parameter(
        0.5,
        meaning="log-odds to want the card when benefit equals cost",
        unit="logits",
        low=-10,
        high=10,
    )
    enrol_scale: float = parameter(
        1.0,
        meaning="annual benefit, in usual purchases, that moves the log-odds by one",
        unit="usual purchases",
        low=0.05,
        high=100,
        source="Leenheer et al. 2007 (benefit drives joining); value an assumption",
    )
    hassle: float = parameter(
        1.0,
        meaning="mean cost of joining a programme",
        unit="usual purchases a year",
        low=0,
        high=100,
    )
    tier_gain: float = parameter(
        0.1,
        meaning="utility of one tier gained, until it is taken for granted",
        unit="utility",
        low=0,
        high=3,
        source="Wagner, Hennig-Thurau & Rudolph 2009 (sign and asymmetry); value an assumption",
    )
    tier_loss: float = parameter(
        0.25,
        meaning="utility lost per tier lost, until forgotten",
        unit="utility",
        low=0,
        high=3,
        source="Wagner, Hennig-Thurau & Rudolph 2009 (loss above gain); value an assumption",
    )
    tier_fade: float = parameter(
        0.9,
        meaning="share of such a shift still felt after a month",
        unit="per month",
        low=0,
        high=1,
    )
