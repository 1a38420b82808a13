"""A scenario: everything a run needs, frozen, validated, hashable."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from goodwill.errors import ScenarioError
from goodwill.programmes.catalogue import PriceCut, Programme
from goodwill.programmes.terms import PROGRAMMES_PER_FIRM
from goodwill.scenario.behaviour import Behaviour
from goodwill.scenario.changes import Change, trouble_with
from goodwill.scenario.declare import Section, parameter, section
from goodwill.scenario.explain import explain
from goodwill.scenario.firm import Firm
from goodwill.scenario.market import Measurement, Network, Population
from goodwill.scenario.paths import set_path

MAX_FIRMS = 30  # customers remember firms in 32-bit masks
MOST_TRIPS = 20  # mean a period; a customer makes at most 100
_MOST_IN_32_BITS = 2**31 - 1
_FAR_OUT = 5.5  # no normal draw is farther from the mean, in standard deviations
PERIODS_PER_YEAR = {"week": 52, "month": 12}


class Scenario(Section):
    """One market, its customers and firms, and how long it is watched.

    Make one with `Scenario.preset`, `Scenario.load` or the constructor; change one with `with_`. It is frozen; `hash`
    is the same for the same content.
    """

    name: str = parameter("market", meaning="short name of the scenario", unit="text", source="-")
    description: str = parameter("", meaning="what the market is", unit="text", source="-")
    sources: tuple[str, ...] = Field((), description="where the numbers come from")
    kind: Literal["repertoire", "contract"] = Field(
        "repertoire",
        description="repertoire: customers buy as they like; contract: each has one provider until he leaves",
        json_schema_extra={"unit": "choice", "source": "design of the model"},
    )
    period: Literal["week", "month"] = Field(
        "week",
        description="length of one period",
        json_schema_extra={"unit": "choice", "source": "design of the model"},
    )
    customers: int = parameter(
        20_000, meaning="customers simulated", unit="customers", low=1, high=100_000_000, source="-"
    )
    periods: int = parameter(104, meaning="periods simulated", unit="periods", low=1, high=5000, source="-")
    warm_up: int = parameter(
        52, meaning="periods before programmes start and results count", unit="periods", low=0, high=4999, source="-"
    )
    seed: int = parameter(1, meaning="seed of all luck", unit="integer", low=0, high=2**32 - 1, source="-")
    firms: tuple[Firm, ...] = Field(..., description="the firms", min_length=1, max_length=MAX_FIRMS)
    population: Population = section(Population, "who the customers are")
    network: Network = section(Network, "who hears whom")
    behaviour: Behaviour = section(Behaviour, "the mechanisms of behaviour")
    measurement: Measurement = section(Measurement, "how results are measured")
    changes: tuple[Change, ...] = Field((), description="what firms change in the course of the run")

    @model_validator(mode="after")
    def _hangs_together(self) -> Scenario:
        total = sum(firm.share for firm in self.firms)
        if abs(total - 1.0) > 1e-3:
            raise ValueError(f"firms: the shares sum to {total:.4g}, not to 1; scale them so that they do")
        names = [firm.name for firm in self.firms]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"firms: the name {name!r} is used twice; give each firm its own")
        trips = self.population.trips_per_year / self.periods_per_year * self.behaviour.incidence.erlang
        if self.kind == "repertoire" and trips > MOST_TRIPS:
            raise ValueError(
                f"population.trips_per_year ({self.population.trips_per_year:g}) means {trips:.3g} trips (or Erlang stages) a "
                f"{self.period}; at most {MOST_TRIPS} can be simulated: use weeks as periods, or fewer trips"
            )
        self._check_largest_purchase()
        if self.warm_up >= self.periods:
            raise ValueError(f"warm_up ({self.warm_up}) must be smaller than periods ({self.periods})")
        self._check_outreach()
        for j, firm in enumerate(self.firms):
            for k, programme in enumerate(firm.programmes):
                self._check_span(f"firms.{j}.programmes.{k}", programme)
            self._check_conduct(j)
        self._check_changes()
        return self

    def _check_changes(self) -> None:
        """Changes in the course of the run: each has to leave a market that is valid."""
        for k, change in enumerate(self.changes):
            if change.start >= self.periods:
                raise ValueError(
                    f"changes.{k}.start: is {change.start}, but the run ends after {self.periods} periods; start it earlier"
                )
            for path in change.set:
                trouble = trouble_with(path)
                if trouble is None and path.split(".")[2] == "promise" and self._steers(path.split(".")[1]):
                    trouble = (
                        "a firm that acts in the run promises what it delivers, unless it has a promise from the start"
                    )
                if trouble is not None:
                    raise ValueError(f"changes.{k}.set.{path}: {trouble}")
            try:
                self.at(change.start)
            except ScenarioError as error:
                raise ValueError(f"changes.{k}.set: {error}") from None

    def _steers(self, place: str) -> bool:
        """Whether a firm without a promise of its own moves its service in the run, so that its promise goes along."""
        firm = self.firms[self.firm_index(place)]
        acts = firm.strategy is not None or firm.options or firm.workforce.on or firm.budget.on
        return firm.promise is None and bool(acts)

    def _check_largest_purchase(self) -> None:
        """Money and quantity of a purchase are counted in cents and thousandths, in 32 bits."""
        people = self.population
        quantity = people.basket * math.exp(_FAR_OUT * (people.basket_spread + people.basket_sd))
        dearest = max(range(len(self.firms)), key=lambda j: self.firms[j].price)
        price = self.firms[dearest].price
        if 1000 * quantity > _MOST_IN_32_BITS or 100 * price * quantity > _MOST_IN_32_BITS:
            raise ValueError(
                f"firms.{dearest}.price ({price:g}) times the largest basket that may be drawn ({quantity:.3g}, from "
                f"population.basket, basket_spread and basket_sd) is {price * quantity:.3g}; a purchase may cost "
                f"{_MOST_IN_32_BITS / 100:.3g} and hold {_MOST_IN_32_BITS / 1000:.3g} units at most: "
                "use a larger unit of money, or smaller baskets"
            )

    def _check_conduct(self, j: int) -> None:
        """Options and strategy of a firm."""
        firm = self.firms[j]
        for k, option in enumerate(firm.options):
            if option.start is not None:
                self._check_span(f"firms.{j}.options.{k}", option)
            if isinstance(option, PriceCut) and option.length is not None:
                raise ValueError(
                    f"firms.{j}.options.{k}.length: an option runs until the strategy ends it, so its price cut cannot "
                    "come and go; leave length and every out"
                )
            if option.stop is not None:
                raise ValueError(
                    f"firms.{j}.options.{k}.stop: is set, but the strategy decides when an option ends; leave it out"
                )
        if len(firm.programmes) + len(firm.options) > PROGRAMMES_PER_FIRM:
            raise ValueError(
                f"firms.{j}.options: programmes and options together are more than {PROGRAMMES_PER_FIRM}; drop some"
            )
        mismatch = firm.trouble(self.behaviour.satisfaction.on, self.behaviour.recovery.on)
        if mismatch is not None:
            raise ValueError(f"firms.{j}.{mismatch}")
        if firm.strategy is not None:
            trouble = firm.strategy.trouble(tuple(f.name for f in self.firms), j, len(firm.options))
            if trouble is not None:
                raise ValueError(f"firms.{j}.{trouble}")

    def _check_outreach(self) -> None:
        behaviour = self.behaviour
        if behaviour.contact.on and not behaviour.commitment.on:
            raise ValueError("behaviour.contact.on: contact acts on commitment; switch behaviour.commitment.on on too")
        if behaviour.posts.on and not behaviour.word_of_mouth.on:
            raise ValueError("behaviour.posts.on: posts move opinions; switch behaviour.word_of_mouth.on on too")
        if behaviour.referral.on and self.network.strong_ties + self.network.weak_ties == 0:
            raise ValueError(
                "behaviour.referral.on: there are no ties to recommend to; set network.strong_ties or weak_ties"
            )
        for j, firm in enumerate(self.firms):
            spans: dict[str, tuple[int, int]] = {}
            for k, programme in enumerate(firm.programmes):
                if not programme.one_at_a_time:
                    continue
                start = self.warm_up if programme.start is None else programme.start
                stop = self.periods if programme.stop is None else programme.stop
                first, last = spans.get(programme.kind, (0, 0))
                if start < last and first < stop:
                    raise ValueError(
                        f"firms.{j}.programmes.{k}: a second {programme.kind!r} runs at the same time as another of the "
                        "firm; only one of a kind is possible: make them follow each other"
                    )
                spans[programme.kind] = (min(first, start) if last else start, max(last, stop))

    def _check_span(self, key: str, programme: Programme) -> None:
        start = self.warm_up if programme.start is None else programme.start
        if start >= self.periods:
            raise ValueError(
                f"{key}.start: is {start}, but the run ends after {self.periods} periods; start it earlier"
            )
        if programme.stop is not None and programme.stop <= start:
            raise ValueError(
                f"{key}.stop: is {programme.stop}, but the programme starts in period {start}; "
                "stop it later or set its start"
            )

    # -- making one ---------------------------------------------------------------------------------------------

    @classmethod
    def from_dict(cls, content: Mapping[str, Any], place: str = "scenario") -> Scenario:
        """Validate a mapping. Raises `ScenarioError` naming every key that is wrong, its value and the remedy."""
        if not isinstance(content, Mapping):
            raise ScenarioError(f"{place}: expected keys and values, found {type(content).__name__}")
        try:
            return cls.model_validate(dict(content))
        except ValidationError as error:
            raise ScenarioError(explain(error, cls, place, content)) from None

    @classmethod
    def load(cls, path: str | Path) -> Scenario:
        """Read and validate a YAML scenario file."""
        from goodwill.scenario.files import read_yaml

        return cls.from_dict(read_yaml(path), place=str(path))

    @classmethod
    def preset(cls, name: str) -> Scenario:
        """One of the scenarios that come with goodwill; `goodwill presets` lists them."""
        from goodwill.scenario.presets import preset_path

        return cls.load(preset_path(name))

    # -- changing one -------------------------------------------------------------------------------------------

    def with_(self, changes: Mapping[str, Any] | None = None, **keywords: Any) -> Scenario:
        """A copy with some keys changed, each given by its dotted path.

        `scenario.with_(seed=7)`, `scenario.with_({"firms.0.price": 4.2, "behaviour.habit.on": False})`. Firms may be
        named by position or by name (`firms.PL.price`). A changed price is felt: the shares stay those of the price before
        (`usual_price`). Raises `ScenarioError` for an unknown key or a bad value.
        """
        content = self.to_dict()
        for path, value in {**(changes or {}), **keywords}.items():
            set_path(content, path, value)
        return type(self).from_dict(content, place="with_")

    def with_programmes(self, firm: int | str, programmes: Any) -> Scenario:
        """A copy in which `firm` (position or name) runs these programmes besides those it has already."""
        j = self.firm_index(firm)
        added = [p.model_dump(mode="json") if hasattr(p, "model_dump") else p for p in programmes]
        content = self.to_dict()
        content["firms"][j]["programmes"] = [*content["firms"][j]["programmes"], *added]
        return type(self).from_dict(content, place=f"programmes of firm {self.firms[j].name!r}")

    def at(self, period: int) -> Scenario:
        """The scenario as if its levers had always been what they are in this period."""
        content = self.to_dict()
        for change in sorted(self.changes, key=lambda change: change.start):
            if change.start <= period:
                for path, value in change.set.items():
                    set_path(content, path, value)
        return type(self).from_dict({**content, "changes": []}, place=f"from period {period} on")

    # -- asking one ---------------------------------------------------------------------------------------------

    def firm_index(self, firm: int | str) -> int:
        """Position of a firm given by position or name; raises `ScenarioError` if there is none."""
        names = [f.name for f in self.firms]
        if isinstance(firm, str) and firm in names:
            return names.index(firm)
        try:
            j = int(firm)
        except (TypeError, ValueError):
            j = -1
        if not 0 <= j < len(names):
            known = ", ".join(f"{i} = {name}" for i, name in enumerate(names))
            raise ScenarioError(f"firm {firm!r} does not exist; the firms of {self.name!r} are {known}")
        return j

    @property
    def periods_per_year(self) -> int:
        """52 or 12."""
        return PERIODS_PER_YEAR[self.period]

    def to_dict(self) -> dict[str, Any]:
        """Plain content, as in a scenario file."""
        return self.model_dump(mode="json")

    def hash(self) -> str:
        """Twelve hex digits that stand for the content."""
        text = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]
