"""One customer's story: every purchase and the reason for it, memberships, and why he left."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from goodwill.engine.components import COMPONENTS, CONTRACT_HOLDS, NO_OTHER_FIRM, NO_SINGLE_ONE, PARTS
from goodwill.engine.state import (
    ADVOCATE,
    CAUSES,
    COMPLAINTS_BY_OUTCOME,
    LAPSED,
    LOYAL,
    NEVER,
    PURCHASE_COLUMNS,
    REGAINED,
    STAGES,
)

if TYPE_CHECKING:
    import pandas as pd

    from goodwill.engine.reference import Customer

# Order of what happens within a period.
_BUYS, _JOINS, _LEAVES = 0, 1, 2

# Stages that a diary tells: purchases and losses are told anyhow.
_TOLD = (LOYAL, ADVOCATE, LAPSED, REGAINED)

_WHY_LEFT = {
    "natural": "without any reason of the firm's (natural)",
    "malicious": "because the firm ended the relationship (malicious)",
    "competitive": "for a better offer (competitive)",
    "fault": "after being disappointed (fault)",
}


@dataclass(frozen=True)
class Event:
    """Something that happened: when (period, order within it) and the sentence about it."""

    period: int
    order: int
    text: str


@dataclass(frozen=True)
class Diary:
    """The story of one customer up to the present period; `print` it, or look at `events` and `purchases`."""

    customer: int
    title: str
    events: tuple[Event, ...]
    ending: str
    rows: np.ndarray
    names: tuple[str, ...]
    unit: str  # week or month

    @cached_property
    def purchases(self) -> pd.DataFrame:
        """His purchases as a table, like `record.purchases`."""
        from goodwill.record import purchase_table

        return purchase_table(self.rows, list(self.names))

    def __str__(self) -> str:
        lines = [f"{self.unit} {e.period}: {e.text}" for e in self.events]
        return "\n".join([self.title, *lines, self.ending])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{self.unit} {e.period}: {escape(e.text)}</li>" for e in self.events)
        return f"<p>{escape(self.title)}</p><ul>{items}</ul><p>{escape(self.ending)}</p>"


def diary_of(customer: Customer, rows: np.ndarray | None = None) -> Diary:
    """The diary of a customer up to his market's present period.

    rows: his purchases [R, PURCHASE_COLUMNS] if they are on record. Without them, the same world is simulated once more, with
    only him on record: the same seed gives the same life. That also dates what purchases do not tell (joining, leaving).
    """
    simulation = customer.world.simulation
    words = _Words(simulation.scenario)
    if rows is None:
        rows, events = _live_again(simulation, customer.index, words)
    else:
        events = _leaving(simulation, customer.index, words)
    events = [*words.purchases(rows), *events]
    events.sort(key=lambda e: (e.period, e.order))
    return Diary(
        customer=customer.index,
        title=_portrait(customer, words),
        events=tuple(events),
        ending=_ending(customer, words),
        rows=rows,
        names=tuple(words.names),
        unit=words.unit,
    )


class _Words:
    """Says things in the scenario's names and units."""

    def __init__(self, scenario: Any) -> None:
        self.names = [firm.name for firm in scenario.firms]
        self.unit: str = scenario.period
        self.currency: str = scenario.measurement.currency
        self.contract = scenario.kind == "contract"

    def purchases(self, rows: np.ndarray) -> list[Event]:
        """One event for each purchase."""
        return [self._purchase(dict(zip(PURCHASE_COLUMNS, row, strict=True))) for row in rows]

    def _purchase(self, row: dict[str, float]) -> Event:
        firm = self.names[int(row["firm"])]
        verb = "billed by" if self.contract else "bought from"
        parts = [
            f"{verb} {firm}: {row['quantity']:.3g} for {row['spend']:.2f} {self.currency} ({row['price']:.2f} a unit)"
        ]
        if row["member"]:
            parts.append(f"member with {_credits(row['credits_before'])}")
        if row["redeemed"]:
            parts.append("redeemed a reward")
        if not math.isnan(row["experience"]):
            gap = row["experience"] - row["expectation_before"]
            parts.append(
                f"experience {row['experience']:.1f} against {row['expectation_before']:.1f} expected ({gap:+z.1f})"
            )
        if row["shortfall"] > 0:
            parts.append(
                f"failed by {row['shortfall']:.1f} points{_DID_ABOUT_IT[COMPLAINTS_BY_OUTCOME[int(row['complaint'])]]}"
            )
        if not math.isnan(row["satisfaction_after"]):
            parts.append(f"satisfaction now {row['satisfaction_after']:.2f}")
        parts.append(self._reason(int(row["cause"]), int(row["held_by"])))
        return Event(int(row["period"]), _BUYS, "; ".join(parts))

    @property
    def stays_or_chosen(self) -> str:
        """How one speaks of the firm bought from: a provider is stayed with."""
        return "stayed" if self.contract else "chosen"

    def _reason(self, cause: int, held_by: int) -> str:
        if cause == CONTRACT_HOLDS:
            return "held by the contract alone"
        if cause == NO_OTHER_FIRM:
            return "no other firm was possible"
        held = [part for x, part in enumerate(PARTS) if held_by >> x & 1]
        if not held:
            return f"{self.stays_or_chosen} on balance: no single reason decided"
        others = [part for part in held if part != COMPONENTS[cause]]
        if cause == NO_SINGLE_ONE:
            return f"would have gone elsewhere without {_and(others)}"
        return f"{self.stays_or_chosen} for {COMPONENTS[cause]}" + (
            f", and not without {_and(others)}" if others else ""
        )

    def left(self, firm: int, cause: int) -> str:
        """Leaving a firm, with its cause."""
        return f"left {self.names[firm]} {_WHY_LEFT[CAUSES[cause]]}"


# What a customer did about a failure.
_DID_ABOUT_IT = {
    "none": ", which he shrugged off",
    "silent": ", and he said nothing",
    "unanswered": ", and he complained in vain",
    "resolved": ", and his complaint was put right",
}


def _credits(number: float) -> str:
    return f"{number:.0f} credit{'' if number == 1 else 's'}"


def _and(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _live_again(simulation: Any, i: int, words: _Words) -> tuple[np.ndarray, list[Event]]:
    """His purchases and whatever else changed, from the same world simulated once more."""
    from goodwill.simulation import Simulation
    from goodwill.sinks import MemorySink

    twin = Simulation(
        simulation.scenario, replicate=simulation.replicate, threads=simulation.threads, rules=simulation.rules
    )
    panel = np.zeros(simulation.scenario.customers, np.uint8)
    panel[i] = 1
    sink = MemorySink()
    events: list[Event] = []
    before = _state(twin, i)
    while twin.period < simulation.period:
        twin.step(sink=sink, panel=panel)
        now = _state(twin, i)
        events += _changes(twin, twin.period - 1, before, now, words)
        before = now
    return sink.rows(), events


def _state(simulation: Any, i: int) -> dict[str, Any]:
    c, m = simulation.population.customers, simulation.population.members
    state = {name: getattr(c, name)[..., i].copy() for name in ("cause", "exit", "aware", "last")}
    if c.stage.shape[1]:
        state["stage"] = c.stage[:, i].copy()
    return {**state, **{name: getattr(m, name)[:, i].copy() for name in ("joined", "engaged")}}


def _changes(simulation: Any, t: int, before: dict[str, Any], now: dict[str, Any], words: _Words) -> list[Event]:
    """Sentences about what changed in period t."""
    events = []
    for j, name in enumerate(words.names):
        if now["aware"] >> j & 1 and not before["aware"] >> j & 1:
            events.append(Event(t, _BUYS - 1, f"heard of {name}"))
        left_by_contract = words.contract and before["last"] == j != now["last"] and before["exit"] == now["exit"]
        if now["cause"][j] and (now["cause"][j] != before["cause"][j] or left_by_contract):
            events.append(Event(t, _LEAVES, words.left(j, int(now["cause"][j]))))
    if words.contract and now["last"] != before["last"] and now["last"] >= 0:
        events.append(Event(t, _LEAVES, f"signed with {words.names[int(now['last'])]}"))
    if now["exit"] != before["exit"]:
        events.append(Event(t, _LEAVES, "left the market"))
    for j, name in enumerate(words.names):
        if "stage" in now and now["stage"][j] != before["stage"][j] and now["stage"][j] in _TOLD:
            events.append(Event(t, _JOINS, _stage_of(STAGES[now["stage"][j]], name)))
    for q, (firm, _, kind, _) in enumerate(simulation.plan.programmes):
        what = f"the {kind.replace('_', ' ')} of {words.names[firm]}"
        if now["joined"][q] >= 0 > before["joined"][q]:
            events.append(Event(t, _JOINS, f"joined {what}{'' if now['engaged'][q] else ', and gave it up at once'}"))
        elif before["joined"][q] >= 0 > now["joined"][q]:
            events.append(Event(t, _LEAVES, f"no longer a member of {what}"))
        elif before["engaged"][q] != now["engaged"][q]:
            events.append(Event(t, _JOINS, f"{'took up' if now['engaged'][q] else 'gave up'} {what}"))
    return events


def _stage_of(stage: str, firm: str) -> str:
    """A stage of the relationship, as a sentence."""
    return {
        "loyal": f"a loyal customer of {firm} by now",
        "advocate": f"an advocate of {firm}: satisfied, and has recommended it",
        "lapsed": f"silent for longer than usual: lapsed at {firm}",
        "regained": f"back at {firm}: regained",
    }[stage]


def _leaving(simulation: Any, i: int, words: _Words) -> list[Event]:
    """What the state at the end tells about leaving: firms are left at, or some time after, the last purchase there."""
    c = simulation.population.customers
    events = [
        Event(int(c.last_bought[j, i]), _LEAVES, f"{words.left(j, int(c.cause[j, i]))}, now or later")
        for j in range(len(words.names))
        if c.cause[j, i] and c.visits[j, i] > 0
    ]
    if c.exit[i] != NEVER:
        events.append(Event(int(c.exit[i]) - 1, _LEAVES, "left the market"))
    return events


def _portrait(customer: Customer, words: _Words) -> str:
    """Who he is, in one sentence."""
    tastes = sorted(customer.taste.items(), key=lambda pair: -pair[1])[:3]
    likes = ", ".join(f"{name} {math.exp(value):.0%}" for name, value in tastes)
    notices = "notices" if customer.attention else "takes no notice of"
    trips = "" if words.contract else f"{customer.need:.2g} shopping trips a {words.unit}, "
    came = "" if customer.arrival == 0 else f", came in {words.unit} {customer.arrival}"
    return (
        f"Customer {customer.index}: {trips}{customer.basket:.2g} units a purchase, "
        f"by taste {likes}; {notices} loyalty programmes{came}."
    )


def _ending(customer: Customer, words: _Words) -> str:
    """How he stands today, in one sentence."""
    bought = _and([f"{n} from {name}" for name, n in customer.purchases.items() if n] or ["nothing"])
    if customer.world.simulation.period >= int(customer.world.customers.exit[customer.index]):
        today = "has left the market"
    elif words.contract:
        today = f"is with {customer.last}" if customer.last else "has no provider"
    else:
        today = f"last bought from {customer.last}" if customer.last else "has not bought yet"
    cards = [f"{name} with {_credits(customer.credits[name])}" for name, member in customer.member.items() if member]
    member = f"; member at {_and(cards)}" if cards else ""
    return f"So far he bought {bought}, and {today}{member}."
