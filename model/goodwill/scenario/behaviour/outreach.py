"""What customers make of what firms say and send to them, one by one or to all."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, switch


class Offers(Section):
    """Coupons, samples and passing favour."""

    on: bool = switch("let samples, coupons and early warnings reach customers", default=True)
    retention: float = parameter(
        0.7,
        meaning="share of a favour (thanks, curiosity) left after a month",
        unit="per month",
        low=0,
        high=1,
        source="Palmatier et al. 2009: gratitude is short-lived; value an assumption",
    )
    sample_thanks: float = parameter(
        0.2,
        meaning="passing utility of having been given a sample",
        unit="utility",
        low=0,
        high=5,
        source="Bawa & Shoemaker 2004 (samples accelerate and expand buying); value an assumption",
    )


class GiftsFelt(Section):
    """Welcome, birthday and surprise gifts."""

    on: bool = switch("let gifts please members", default=True)
    thanks: float = parameter(
        0.5,
        meaning="passing utility of an unexpected gift worth one usual purchase",
        unit="utility",
        low=0,
        high=10,
        source="Heilman, Nakamoto & Rao 2002 (surprise coupons raise spending); value an assumption",
    )
    bond: float = parameter(
        0.1,
        meaning="commitment from an unexpected gift worth one usual purchase",
        unit="commitment",
        low=0,
        high=5,
        source="Palmatier et al. 2009 (gratitude builds commitment); value an assumption",
    )
    adaptation: float = parameter(
        0.5,
        meaning="share of the surprise of a birthday gift that is gone the next year",
        unit="share a year",
        low=0,
        high=1,
    )


class Personal(Section):
    """Treatment that follows the customer's file."""

    on: bool = switch("let personal treatment change experience", default=True)
    gain: float = parameter(
        1.0,
        meaning="experience added at depth 1 when the file is right",
        unit="points",
        low=0,
        high=5,
        source="Ansari & Mela 2003 (sign); value an assumption",
    )
    loss: float = parameter(
        1.5,
        meaning="experience lost at depth 1 when the file is wrong",
        unit="points",
        low=0,
        high=5,
    )
    discomfort: float = parameter(
        0.3,
        meaning="mean over customers (exponential) of experience lost at depth 1 because one is known",
        unit="points",
        low=0,
        high=5,
        source="White et al. 2008 (reactance to personalised solicitations); value an assumption",
    )


class Contact(Section):
    """Levels of contact: basic, reactive, accountable, proactive, partnership."""

    on: bool = switch("let contact bind or annoy")
    wanted: float = parameter(2.0, meaning="mean level of contact that customers want", unit="level", low=0, high=4)
    wanted_sd: float = parameter(1.0, meaning="standard deviation over customers", unit="level", low=0, high=3)
    bond: float = parameter(
        0.3,
        meaning="commitment that one level of wanted contact can hold",
        unit="commitment per level",
        low=0,
        high=3,
        source="Verhoef 2003 (sign); value an assumption",
    )
    pace: float = parameter(
        0.15,
        meaning="share of the gap to that commitment closed in a month",
        unit="share per month",
        low=0,
        high=1,
    )
    intrusion: float = parameter(
        0.2,
        meaning="commitment lost in a year per level beyond what is wanted",
        unit="per year",
        low=0,
        high=5,
        source="Godfrey, Seiders & Voss 2011 (too much contact repels); value an assumption",
    )
    ease: float = parameter(
        0.1,
        meaning="ease of complaining that each level of contact adds (with recovery on), because the firm asks",
        unit="per level",
        low=0,
        high=0.25,
        source="Kotler (from the reactive level on customers are asked to call); value an assumption",
    )


class Returning(Section):
    """Coming back to a firm that one has left."""

    on: bool = switch("let lost customers be won back", default=True)
    natural: float = parameter(
        0.01, meaning="chance to return when merely asked, left of itself", unit="probability", low=0.001, high=0.9
    )
    malicious: float = parameter(0.01, meaning="the same, ended by the firm", unit="probability", low=0.001, high=0.9)
    competitive: float = parameter(0.06, meaning="the same, gone to a rival", unit="probability", low=0.001, high=0.9)
    fault: float = parameter(0.06, meaning="the same, gone because of a fault", unit="probability", low=0.001, high=0.9)
    price_response: float = parameter(
        5.0,
        meaning="log-odds to return per unit of price taken off the first purchase",
        unit="logits",
        low=0,
        high=20,
        source="Thomas, Blattberg & Fox 2004 (a lower price wins more back); value an assumption",
    )
    repair_response: float = parameter(
        3.0,
        meaning="log-odds to return per usual purchase of worth in the apology and repair",
        unit="logits",
        low=0,
        high=20,
        source="Homburg, Hoyer & Stock 2007 (just recovery revives); value an assumption",
    )
    mismatch: float = parameter(
        0.25,
        meaning="how much of its pull an offer keeps that does not answer the cause",
        unit="share",
        low=0,
        high=1,
        source="Stauss & Friege 1999 (offers have to follow the cause); value an assumption",
    )
    forgiven: float = parameter(
        0.6, meaning="share of dissatisfaction that apology and repair take back", unit="share", low=0, high=1
    )
    reset: float = parameter(
        0.5, meaning="share of the gap between promise and expectation closed on return", unit="share", low=0, high=1
    )


class Posts(Section):
    """Reading what firms post."""

    on: bool = switch("let firms' posts be read")
    attention: float = parameter(0.05, meaning="rate at which a follower reads a post", unit="per post", low=0, high=5)
    acquaintance: float = parameter(
        0.2, meaning="reading of those who know the firm but do not buy, against followers", unit="share", low=0, high=1
    )
    passed_on: float = parameter(
        0.02, meaning="the same of those who never heard of it, when posts please", unit="share", low=0, high=1
    )
    influence: float = parameter(
        0.05, meaning="opinion from reading posts that please fully", unit="log-odds", low=0, high=2
    )
    right: float = parameter(
        0.04,
        meaning="share of commercial content that pleases most",
        unit="share",
        low=0,
        high=0.5,
        source="practitioners' rule: 3 to 5 %",
    )
    repelling: float = parameter(
        0.10,
        meaning="share of commercial content from which on posts repel",
        unit="share",
        low=0.001,
        high=1,
        source="practitioners' rule: above 10 %",
    )
    often: float = parameter(
        30.0, meaning="posts in a month from which on more of them tire", unit="posts a month", low=0, high=1000
    )
    tiring: float = parameter(
        0.05, meaning="loss of pleasure per post beyond that", unit="per post a month", low=0, high=1
    )
    floor: float = parameter(-2.0, meaning="lowest that posts can please; 1 is the best", unit="-", low=-10, high=0)
