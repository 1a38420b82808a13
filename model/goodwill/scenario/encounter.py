"""Levers of a firm in the encounter with its customers, each with what it costs."""

from __future__ import annotations

from goodwill.scenario.declare import Section, parameter

VALUE_COMPONENTS = ("product", "service", "personnel", "image", "money", "time", "energy", "psychic")
BENEFITS = 4  # of them, the first; the others are costs
EXPERIENCES = ("sense", "feel", "think", "act", "relate")


def points(meaning: str) -> float:
    """One kind of value or cost of an offer against the usual."""
    return parameter(0.0, meaning=meaning, unit="points", low=-10, high=10)


def cost(meaning: str, unit: str, default: float = 0.0) -> float:
    """A cost of the firm."""
    return parameter(default, meaning=meaning, unit=unit, low=0, high=1e9, source="data of the firm")


class OfferValue(Section):
    """The eight kinds of value and cost of the offer, 0 being usual in the market (with behaviour.value on)."""

    product: float = points("product value above the usual")
    service: float = points("value of services around the product above the usual")
    personnel: float = points("personnel value above the usual")
    image: float = points("image value above the usual")
    money: float = points("money cost besides the price above the usual")
    time: float = points("time cost above the usual")
    energy: float = points("energy cost above the usual")
    psychic: float = points("psychic cost above the usual")
    purchase_cost: float = cost("what this mix costs the firm", "currency per purchase")
    fixed_cost: float = cost("what this mix costs the firm besides", "currency per year")

    @property
    def mix(self) -> tuple[float, ...]:
        """The eight components in their order."""
        return tuple(getattr(self, name) for name in VALUE_COMPONENTS)


class ComplaintHandling(Section):
    """How easily customers can complain and what is done about it (with behaviour.recovery on)."""

    ease: float = parameter(0.5, meaning="ease of complaining: 0 no channel, 1 as easy as can be", low=0, high=1)
    effort: float = parameter(0.5, meaning="share of complaints that are put right", unit="share", low=0, high=1)
    generosity: float = parameter(
        1.0,
        meaning="what is given back to one whose complaint is put right, as a share of what he lost",
        unit="ratio",
        low=0,
        high=3,
    )
    channel_cost: float = cost(
        "running the complaint channel at full ease; half the ease costs a quarter", "currency per year"
    )
    handling_cost: float = cost("handling one complaint", "currency", 1.0)
    point_cost: float = cost("giving back one point of lost service", "currency per point", 0.5)


class Surprises(Section):
    """Unexpected extra service to a random share of visits (with behaviour.surprise on)."""

    share: float = parameter(0.0, meaning="share of visits that are surprised", unit="share", low=0, high=1)
    gain: float = parameter(2.0, meaning="extra service of such a visit", unit="points", low=0, high=10)
    cost: float = cost("cost of one surprise", "currency", 1.0)


class Treatment(Section):
    """How the firm treats the customers it knows."""

    recognition: float = parameter(
        0.0, meaning="recognition shown at a visit (with behaviour.bonds on)", unit="points", low=0, high=10
    )
    recognition_cost: float = cost("cost of one point of recognition", "currency per purchase and point", 0.1)
    intrusion: float = parameter(
        0.0,
        meaning="use of personal data beyond what the service needs (with behaviour.fairness on)",
        unit="points",
        low=0,
        high=10,
    )
    newcomer_discount: float = parameter(
        0.0, meaning="discount on the first purchase from the firm", unit="share of price", low=0, high=0.95
    )
