"""The life of the relationship between a customer and a firm: what comes to mind, and how far it has come."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, switch


class Consideration(Section):
    """Of the firms a customer knows, only those that come to mind are chosen from."""

    on: bool = switch("let customers choose among the firms that come to mind, not among all they know")
    forgetting: float = parameter(
        1.0,
        meaning="hazard that a firm not bought from for long no longer comes to mind",
        unit="per year",
        low=0,
        high=50,
    )
    memory: float = parameter(
        6.0,
        meaning="time in which the trace of a purchase fades to 37 %; while it is fresh nothing is forgotten",
        unit="months",
        low=0.1,
        high=120,
    )
    recall: float = parameter(
        0.3,
        meaning="hazard that a known firm comes to mind by itself (its shop is passed, its product seen)",
        unit="per year",
        low=0,
        high=50,
    )


class Stages(Section):
    """The stage each relationship has reached; it is observed and changes nothing by itself."""

    on: bool = switch("keep the stage of every relationship, and the contacts it took to win a customer")
    loyal_repeats: int = parameter(
        3,
        meaning="repeat purchases from which a customer is called loyal",
        unit="purchases",
        low=1,
        high=100,
        source="practice (three or more repeats)",
    )
    silence: float = parameter(
        0.01,
        meaning="a customer has lapsed when a silence as long as his had at most this chance at his own pace",
        unit="chance",
        low=0.001,
        high=0.5,
    )
    advocate_margin: float = parameter(
        0.5,
        meaning="how far above neutral the satisfaction of an advocate lies",
        unit="points",
        low=0,
        high=5,
    )
