"""The parameters of the customers' behaviour, one section per mechanism, each with one key that switches it off."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, section, switch


class Incidence(Section):
    """Shopping trips in the category (rule 1)."""

    erlang: int = parameter(
        1,
        meaning="order of the Erlang intervals between trips; 1 is Poisson, 2 and more are regular",
        unit="order",
        low=1,
        high=4,
        source="Chatfield & Goodhardt 1973 (condensed NBD); Wheat & Morrison 1990: real categories 1.2 to 1.8",
    )
    extra_brand: float = parameter(
        0.0,
        meaning="chance that a trip brings home a second brand as well",
        unit="probability",
        low=0,
        high=0.9,
        source="Complete Journey: .23 of soft-drink trips, .05 of coffee trips",
    )


class Choice(Section):
    """Choice among firms (rule 2)."""

    price_sensitivity: float = parameter(
        -2.6,
        meaning="mean coefficient of ln(price / usual price) in utility",
        unit="utility per ln price",
        low=-10,
        high=0,
        source="Bijmolt, van Heerde & Pieters 2005: mean elasticity -2.62",
    )
    price_sensitivity_sd: float = parameter(
        0.0,
        meaning="standard deviation of ln(price sensitivity) over customers; the mean stays as it is",
        unit="ln",
        low=0,
        high=1.5,
    )


class Outside(Section):
    """The option not to buy from any firm on a trip (nested logit, rule 2)."""

    on: bool = switch("let a trip end without a purchase")
    utility: float = parameter(
        -1.0,
        meaning="utility of buying nothing; higher means more trips end without a purchase",
        unit="utility",
        low=-20,
        high=20,
    )
    nest: float = parameter(
        0.5,
        meaning="dissimilarity of the nest of firms; 1 is the multinomial logit, near 0 the category is fixed",
        unit="-",
        low=0.01,
        high=1,
        source="McFadden 1978; value an assumption",
    )


class Habit(Section):
    """Procedural switching cost: a decaying stock of past choices (rule 2)."""

    on: bool = switch("let buying build a habit")
    strength: float = parameter(
        1.5,
        meaning="utility of a full habit",
        unit="utility",
        low=0,
        high=8,
        source="fitted to excess repeat in nine grocery categories (docs/validation.md)",
    )
    retention: float = parameter(
        0.5,
        meaning="share of the habit stock kept at each purchase in the category",
        unit="per purchase",
        low=0,
        high=0.99,
        source="Guadagni & Little 1983 (loyalty variable); fitted to lags 1, 2 and 4",
    )


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


class Commitment(Section):
    """Affective commitment: the relational switching cost."""

    on: bool = switch("let delight bind and disappointment loosen")
    weight: float = parameter(
        0.3,
        meaning="utility of one unit of commitment",
        unit="utility",
        low=0,
        high=5,
    )
    gain: float = parameter(
        0.1,
        meaning="commitment per unit of disconfirmation value at a visit",
        unit="per unit",
        low=0,
        high=2,
    )
    decay: float = parameter(
        0.03,
        meaning="share of commitment worn off at each visit",
        unit="per visit",
        low=0,
        high=1,
    )


class Defection(Section):
    """Leaving a firm for good (rule 10)."""

    on: bool = switch("let customers leave firms for good")
    dropout_a: float = parameter(
        0.8,
        meaning="first parameter of the Beta over customers of the chance to drop out after a purchase",
        unit="-",
        low=0.01,
        high=1000,
        source="Fader, Hardie & Lee 2005 (BG/NBD); CDNOW .793",
    )
    dropout_b: float = parameter(
        40.0,
        meaning="second parameter of that Beta; mean a / (a + b)",
        unit="-",
        low=0.01,
        high=1e6,
        source="Fader, Hardie & Lee 2005 (BG/NBD); CDNOW 2.426",
    )
    dropout_on_trial: bool = switch("let the very first purchase from a firm end in dropout too (BG/NBD: it cannot)")
    fault: float = parameter(
        0.0,
        meaning="extra hazard of dropout per unit of disappointment at a purchase (no contract)",
        unit="per unit",
        low=0,
        high=2,
    )
    lapse: float = parameter(
        0.0,
        meaning="hazard, at each purchase, that the firm bought from last is dropped for a better rival (no contract)",
        unit="per unit of utility",
        low=0,
        high=1,
    )
    malicious: float = parameter(
        0.0,
        meaning="hazard that the firm itself ends the relationship",
        unit="per year",
        low=0,
        high=1,
    )
    competitive: float = parameter(
        0.12,
        meaning="mean base hazard of going to a rival (contract)",
        unit="per year",
        low=0,
        high=5,
        source="monthly churn of mobile operators about 1 to 2 % (Ahn, Han & Lee 2006)",
    )
    discontent: float = parameter(
        0.06,
        meaning="mean base hazard of leaving out of discontent (contract)",
        unit="per year",
        low=0,
        high=5,
    )
    spread: float = parameter(
        2.0,
        meaning="gamma shape of the base hazards over customers (contract)",
        unit="shape",
        low=0.05,
        high=1000,
    )
    satisfaction_weight: float = parameter(
        0.4,
        meaning="log hazard of discontent per point of satisfaction below neutral (contract)",
        unit="per point",
        low=0,
        high=5,
        source="Bolton 1998 (form); value an assumption",
    )
    procedural: float = parameter(
        0.5,
        meaning="weight of habit in the cost of switching (contract)",
        unit="-",
        low=0,
        high=5,
        source="Burnham, Frels & Mahajan 2003 (three kinds); value an assumption",
    )
    financial: float = parameter(
        1.0,
        meaning="weight of credits forfeited in the cost of switching (contract)",
        unit="-",
        low=0,
        high=5,
        source="Burnham, Frels & Mahajan 2003 (three kinds); value an assumption",
    )
    relational: float = parameter(
        1.0,
        meaning="weight of commitment in the cost of switching (contract)",
        unit="-",
        low=0,
        high=5,
        source="Burnham, Frels & Mahajan 2003 (three kinds); value an assumption",
    )


class WordOfMouth(Section):
    """Talking and listening on a network (rule 11)."""

    on: bool = switch("let customers talk to their ties")
    base: float = parameter(
        0.03,
        meaning="chance to talk, after a purchase, at neutral satisfaction",
        unit="per period with a purchase",
        low=0,
        high=1,
        source="Anderson 1998 (U shape); value an assumption",
    )
    positive: float = parameter(
        0.05,
        meaning="rise of that chance per point above neutral",
        unit="per point",
        low=0,
        high=1,
        source="Anderson 1998; value an assumption",
    )
    negative: float = parameter(
        0.065,
        meaning="rise of that chance per point below neutral",
        unit="per point",
        low=0,
        high=1,
        source="Anderson 1998: the dissatisfied talk 1.3 times as much",
    )
    strong: float = parameter(
        0.04,
        meaning="influence of a message over a strong tie",
        unit="log-odds",
        low=0,
        high=2,
    )
    weak: float = parameter(
        0.01,
        meaning="influence of a message over a weak tie",
        unit="log-odds",
        low=0,
        high=2,
    )
    retention: float = parameter(
        0.8,
        meaning="share of an opinion left after a month",
        unit="per month",
        low=0,
        high=1,
    )
    weight: float = parameter(
        1.0,
        meaning="utility per unit of opinion heard",
        unit="utility per log-odds",
        low=0,
        high=10,
    )
    awareness: bool = switch("let a message make its listener aware of the firm", default=True)


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
        -1.0,
        meaning="log-odds to join when benefit equals cost",
        unit="logits",
        low=-10,
        high=10,
    )
    enrol_scale: float = parameter(
        0.5,
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


class Behaviour(Section):
    """Every mechanism of the customers."""

    incidence: Incidence = section(Incidence, "how often customers shop in the category")
    choice: Choice = section(Choice, "how they choose a firm")
    outside: Outside = section(Outside, "the option to buy nothing")
    habit: Habit = section(Habit, "procedural switching cost")
    expectation: Expectation = section(Expectation, "what they expect")
    satisfaction: Satisfaction = section(Satisfaction, "how experiences satisfy")
    zone: Zone = section(Zone, "zone of tolerance")
    commitment: Commitment = section(Commitment, "relational switching cost")
    defection: Defection = section(Defection, "leaving for good")
    word_of_mouth: WordOfMouth = section(WordOfMouth, "talking and listening")
    programmes: Programmes = section(Programmes, "how they see loyalty programmes")
