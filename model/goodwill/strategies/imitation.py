"""Following others: copying the leader, matching a rival's programme, matching a rival's price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from goodwill.scenario.declare import parameter
from goodwill.strategies.base import Strategy, only, rival_trouble
from goodwill.strategies.observation import LAUNCH, PRICE, STOP, Action, Memory, Observation

_NOTICEABLE = 0.005  # price changes below half a per cent are not worth the new labels


def _seen_long_enough(kinds: set[str], delay: int, seen: Observation, memory: Memory) -> set[str]:
    """Of the kinds in sight, those that have been so for `delay` periods."""
    since: dict[str, int] = memory.setdefault("since", {})
    for kind in list(since):
        if kind not in kinds:
            del since[kind]
    for kind in kinds:
        since.setdefault(kind, seen.period)
    return {kind for kind in kinds if seen.period - since[kind] >= delay}


class CopyLeader(Strategy):
    """The firm runs the kinds of programmes that the market leader runs, and ends those that the leader has ended."""

    kind: Literal["copy_leader"] = "copy_leader"
    summary: ClassVar[str] = "runs the programmes that the market leader runs"
    sources: ClassVar[tuple[str, ...]] = (
        "Lieberman & Asaba 2006 (information-based imitation of the successful)",
        "Haunschild & Miner 1997 (trait imitation: large and successful firms are copied)",
    )
    moves: ClassVar[Mapping[str, tuple[float, float]]] = {LAUNCH: (0, 31), STOP: (0, 31)}
    observes: ClassVar[tuple[str, ...]] = ("programmes", "known_shares", "measured", "options", "running")
    copies_rivals: ClassVar[bool] = True

    delay: int = parameter(
        8, meaning="periods from seeing a programme to having copied it", unit="periods", low=0, high=520,
    )  # fmt: skip

    def decide(self, seen: Observation, memory: Memory) -> list[Action]:
        """Run what the leader has been running for long enough; the leader itself changes nothing."""
        leader = seen.leader
        if leader == seen.firm:
            return []
        kinds = _seen_long_enough(set(seen.programmes[leader]), self.delay, seen, memory)
        wanted = {k for kind in kinds if (k := seen.option_of(kind)) is not None}
        gone = {k for k, on in enumerate(seen.running) if on and seen.options[k] in seen.programmes[leader]}
        return only(wanted | gone, seen, f"as the leader, {seen.names[leader]}")


class MatchProgramme(Strategy):
    """The firm answers a rival's programme with its own option of the same kind, or else with its first one."""

    kind: Literal["match_programme"] = "match_programme"
    summary: ClassVar[str] = "answers a rival's programme with one of its own"
    sources: ClassVar[tuple[str, ...]] = (
        "Bowman & Gatignon 1995 (response times)",
        "Kopalle & Neslin 2003 (reward programmes in competition)",
    )
    moves: ClassVar[Mapping[str, tuple[float, float]]] = {LAUNCH: (0, 31), STOP: (0, 31)}
    observes: ClassVar[tuple[str, ...]] = ("programmes", "options", "running")
    copies_rivals: ClassVar[bool] = True

    rival: str | None = parameter(
        None, meaning="the rival that is watched; empty: all of them", unit="text", source="-"
    )
    delay: int = parameter(
        8, meaning="periods from seeing a programme to answering it", unit="periods", low=0, high=520
    )

    def decide(self, seen: Observation, memory: Memory) -> list[Action]:
        """Run an answer to every kind in sight for long enough; end the answer when the reason for it is gone."""
        watched = seen.rivals if self.rival is None else [seen.names.index(self.rival)]
        kinds = {kind for j in watched for kind in seen.programmes[j]}
        ripe = _seen_long_enough(kinds, self.delay, seen, memory)
        answers: dict[str, int] = memory.setdefault("answers", {})
        for kind in list(answers):
            if kind not in kinds:
                del answers[kind]
        for kind in sorted(ripe):
            option = seen.option_of(kind)
            if seen.options:
                answers.setdefault(kind, 0 if option is None else option)
        return only(answers.values(), seen, f"answers {', '.join(sorted(kinds)) or 'nothing any more'}")

    def trouble(self, names: tuple[str, ...], firm: int, options: int) -> str | None:
        """A rival that does not exist."""
        return rival_trouble(self.rival, names, firm)


class MatchPrice(Strategy):
    """The firm changes its price by the factor by which the watched rival departs from its usual one, down to a margin."""

    kind: Literal["match_price"] = "match_price"
    summary: ClassVar[str] = "follows a rival's price, down to a margin"
    sources: ClassVar[tuple[str, ...]] = (
        "Rao, Bergen & Davis 2000 (price wars)",
        "Leeflang & Wittink 1996 (simple competitive reactions, in kind)",
    )
    moves: ClassVar[Mapping[str, tuple[float, float]]] = {PRICE: (0.5, 1.5)}
    observes: ClassVar[tuple[str, ...]] = ("prices", "usual_prices", "unit_cost", "price_factor")

    rival: str | None = parameter(
        None, meaning="the rival that is watched; empty: the one with the deepest cut", unit="text", source="-"
    )
    share: float = parameter(
        1.0, meaning="share of the rival's change that is followed", unit="share", low=0, high=1,
        source="Leeflang & Wittink 1996 (form); value an assumption",
    )  # fmt: skip
    margin: float = parameter(
        0.05, meaning="least margin over the unit cost, as a share of it", unit="share", low=-0.5, high=5
    )

    def decide(self, seen: Observation, memory: Memory) -> list[Action]:
        """Follow the change against the usual price, so that firms that were dearer before stay so."""
        watched = seen.rivals if self.rival is None else [seen.names.index(self.rival)]
        if not watched:
            return []
        change = {j: seen.prices[j] / seen.usual_prices[j] for j in watched}
        deepest = min(change, key=lambda j: (change[j], j))
        wanted = change[deepest] ** self.share
        planned = seen.prices[seen.firm] / seen.price_factor
        least = seen.unit_cost * (1 + self.margin) / planned
        low, high = self.moves[PRICE]
        factor = min(max(wanted, min(least, 1.0), low), high)
        if abs(factor - seen.price_factor) < _NOTICEABLE:
            return []
        return [Action(PRICE, factor, f"follows the price of {seen.names[deepest]}")]

    def trouble(self, names: tuple[str, ...], firm: int, options: int) -> str | None:
        """A rival that does not exist."""
        return rival_trouble(self.rival, names, firm)
