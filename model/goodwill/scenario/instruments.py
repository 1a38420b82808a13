"""The parameters of the instruments by which a firm learns the truth, more or less."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter, section, switch


class Survey(Section):
    """Customers of the firm are asked how satisfied they are, and how likely they are to recommend it."""

    on: bool = switch("ask a sample of the firm's customers")
    sample: int = parameter(200, meaning="customers asked in one wave", unit="customers", low=1, high=1_000_000)
    cost: float = parameter(5.0, meaning="cost of asking one", unit="currency", low=0, high=1e4)
    response: float = parameter(
        0.3, meaning="share of customers at neutral satisfaction who answer", unit="share", low=0.001, high=0.999
    )
    selectivity: float = parameter(
        0.4, meaning="rise of the log-odds to answer per point of satisfaction: the dissatisfied do not bother", unit="per point",
        low=-3, high=3, source="Peterson & Wilson 1992 (ratings are skewed upwards); value an assumption",
    )  # fmt: skip
    courtesy: float = parameter(
        0.3, meaning="points by which answers are kinder than what is felt", unit="points", low=-3, high=3,
        source="Peterson & Wilson 1992 (direction); value an assumption",
    )  # fmt: skip
    noise: float = parameter(1.0, meaning="standard deviation of an answer", unit="points", low=0, high=5)
    recommend_noise: float = parameter(
        1.5, meaning="standard deviation of the answer about recommending", unit="points", low=0, high=5
    )


class MysteryShopper(Section):
    """Hired visitors rate the service they get."""

    on: bool = switch("send mystery shoppers")
    visits: int = parameter(12, meaning="visits in one wave", unit="visits", low=1, high=100_000)
    cost: float = parameter(40.0, meaning="cost of a visit", unit="currency", low=0, high=1e5)
    severity: float = parameter(
        0.0, meaning="points by which trained shoppers rate lower than customers", unit="points", low=-3, high=3
    )


class LostCustomers(Section):
    """Those who left are called and asked why."""

    on: bool = switch("ask customers who left why they did")
    reach: float = parameter(0.3, meaning="share of them who are reached", unit="share", low=0, high=1)
    reach_natural: float = parameter(
        0.3, meaning="reach of those who left the market, relative to the others", unit="ratio", low=0, high=1
    )
    candour: float = parameter(
        0.7,
        meaning="share of those reached who give the true cause; the others give any other",
        unit="share",
        low=0,
        high=1,
    )
    cost: float = parameter(15.0, meaning="cost of trying to reach one", unit="currency", low=0, high=1e4)


class Complaints(Section):
    """Complaints that come in are counted; the channel they come by is paid for under `recovery`."""

    on: bool = switch("count complaints")


class Panel(Section):
    """A household panel tells where a sample of the whole market bought last."""

    on: bool = switch("buy market shares from a household panel")
    sample: int = parameter(500, meaning="households in the panel", unit="customers", low=1, high=10_000_000)
    cost: float = parameter(2.0, meaning="cost of a household in one wave", unit="currency", low=0, high=1e4)


class Instruments(Section):
    """What a firm measures, in waves."""

    first: int = parameter(0, meaning="first period with a wave", unit="period", low=0, high=5000)
    every: int = parameter(13, meaning="periods from one wave to the next", unit="periods", low=1, high=520)
    survey: Survey = section(Survey, "asking customers: satisfaction, net promoter score")
    mystery_shopper: MysteryShopper = section(MysteryShopper, "trying the service oneself")
    complaints: Complaints = section(Complaints, "counting complaints")
    lost_customers: LostCustomers = section(LostCustomers, "asking those who left")
    panel: Panel = section(Panel, "market shares from a panel")

    @property
    def measuring(self) -> bool:
        """Whether anything is measured."""
        return any(
            part.on for part in (self.survey, self.mystery_shopper, self.complaints, self.lost_customers, self.panel)
        )
