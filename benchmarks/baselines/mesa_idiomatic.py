"""The mini market as Mesa's own tutorials would have it: agents, a Network, shuffle_do, a DataCollector.

State is kept in plain Python lists and floats, which are several times faster than small NumPy arrays in
code of this kind. The network is never drawn: Mesa 3.5 lays every network out unless told not to, which takes
minutes at ten thousand nodes.
"""

from __future__ import annotations

import inspect
import math
import time
from typing import Any

import mesa
import networkx as nx
from mesa.discrete_space import FixedAgent, Network

from . import MiniMarket, starting_state, summary


class Firm(mesa.Agent):
    """Sells at a price and a quality, and counts what it sold."""

    def __init__(self, model: Market, number: int, price: float, quality: float) -> None:
        super().__init__(model)
        self.number = number
        self.price = price
        self.quality = quality
        self.has_card = number == 0
        self.purchases = 0
        self.rewards = 0


class Customer(FixedAgent):
    """Chooses, experiences, learns, collects, talks and deserts."""

    def __init__(self, model: Market, cell: Any, tastes: list[float]) -> None:
        super().__init__(model)
        self.cell = cell
        self.tastes = tastes
        self.expectations = [model.parameters.first_expectation] * len(tastes)
        self.satisfactions = [0.0] * len(tastes)
        self.points = [0] * len(tastes)
        self.considered = list(model.firms)

    def step(self) -> None:
        """Live one month."""
        p = self.model.parameters
        if self.considered and self.random.random() < p.incidence:
            firm = self.choose()
            self.buy(firm)
            if self.random.random() < p.talk:
                self.model.talks.append((self, firm.number))

    def utility(self, firm: Firm) -> float:
        """Say what a purchase at the firm promises."""
        p = self.model.parameters
        j = firm.number
        utility = (
            self.tastes[j]
            + p.weight_expectation * self.expectations[j]
            + p.weight_satisfaction * self.satisfactions[j]
            - p.weight_price * firm.price
        )
        if firm.has_card and self.points[j] > p.card_near:
            utility += p.card_pull * (self.points[j] - p.card_near) / (p.card_stamps - p.card_near)
        return utility

    def choose(self) -> Firm:
        """Pick a firm by logit."""
        weights = [math.exp(self.utility(firm)) for firm in self.considered]
        return self.random.choices(self.considered, weights)[0]

    def buy(self, firm: Firm) -> None:
        """Experience the purchase and draw every consequence."""
        p = self.model.parameters
        j = firm.number
        firm.purchases += 1

        experience = self.random.gauss(firm.quality, p.spread)
        gap = experience - self.expectations[j]
        felt = gap**p.gap_power if gap >= 0 else -p.loss_aversion * (-gap) ** p.gap_power
        worth = p.weight_experience * experience + p.weight_gap * felt
        self.expectations[j] += p.gain * gap
        self.satisfactions[j] += p.memory * (worth - self.satisfactions[j])

        self.points[j] += 1
        if firm.has_card and self.points[j] == p.card_stamps:
            self.points[j] = 0
            firm.rewards += 1

        hazard = 1 / (1 + math.exp(p.desert_threshold + p.desert_slope * self.satisfactions[j]))
        if self.random.random() < hazard:
            self.considered.remove(firm)
            self.points[j] = 0

    def tell(self, j: int) -> None:
        """Tell those who listen how satisfied it is with firm j."""
        influence = self.model.parameters.influence
        told = self.satisfactions[j]
        for listener in self.cell.neighborhood.agents:
            listener.expectations[j] += influence * (told - listener.expectations[j])


class Market(mesa.Model):
    """Four firms and their customers on a network."""

    def __init__(self, customers: int, seed: int = 1, parameters: MiniMarket | None = None) -> None:
        super().__init__(rng=seed)
        self.parameters = p = parameters or MiniMarket()
        tastes, heard = starting_state(p, customers, seed)
        graph = nx.DiGraph()
        graph.add_nodes_from(range(customers))
        graph.add_edges_from((talker, i) for i, ties in enumerate(heard.tolist()) for talker in ties)
        # Mesa 3.3 has no layouts; later versions have to be told to leave the drawing.
        undrawn = {"layout": None} if "layout" in inspect.signature(Network).parameters else {}
        self.network = Network(graph, capacity=1, random=self.random, **undrawn)

        terms = zip(p.prices, p.qualities, strict=True)
        self.firms = [Firm(self, j, price, quality) for j, (price, quality) in enumerate(terms)]
        for i, own in enumerate(tastes.tolist()):
            Customer(self, self.network[i], own)
        self.customers = self.agents_by_type[Customer]
        self.talks: list[tuple[Customer, int]] = []
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "purchases": lambda m: [firm.purchases for firm in m.firms],
                "rewards": lambda m: m.firms[0].rewards,
                "satisfaction": lambda m: m.customers.agg("satisfactions", mean_of_all),
                "considered": lambda m: m.customers.agg("considered", mean_length),
            }
        )

    def step(self) -> None:
        """Advance one month."""
        self.customers.shuffle_do("step")
        for customer, j in self.talks:
            customer.tell(j)
        self.talks.clear()
        self.datacollector.collect(self)


def mean_of_all(rows: list[list[float]]) -> float:
    """Average over customers and firms."""
    return sum(map(sum, rows)) / sum(map(len, rows))


def mean_length(rows: list[list[Firm]]) -> float:
    """Average the number of firms that customers still consider."""
    return sum(map(len, rows)) / len(rows)


def run(customers: int, months: int, seed: int = 1) -> dict[str, Any]:
    """Run the market and time its steps."""
    market = Market(customers, seed)
    started = time.perf_counter()
    for _ in range(months):
        market.step()
    seconds = time.perf_counter() - started
    last = market.datacollector.get_model_vars_dataframe().iloc[-1]
    return summary(
        seconds=seconds,
        customers=customers,
        months=months,
        purchases=list(last["purchases"]),
        rewards=int(last["rewards"]),
        satisfaction=float(last["satisfaction"]),
        left=1 - float(last["considered"]) / len(market.firms),
    )
