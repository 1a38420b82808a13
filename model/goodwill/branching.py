"""One run to a period, then several futures: a branch is, to the last bit, a run from the start of the scenario in which its policy
was scheduled for that period.

That holds only for what could not be felt before: programmes that start, stop or follow each other later, levers that change later,
strategies that decide later. Whatever else differs is refused, with the remedy.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from goodwill.engine.levers import Plan, options_of
from goodwill.engine.parameters import parameters_of
from goodwill.engine.state import Customers, Levers, Members, Totals, new_totals
from goodwill.errors import StudyError
from goodwill.firms import Firms, firms_of
from goodwill.population import Population, allocate, make_population
from goodwill.programmes.terms import TermsArrays
from goodwill.scenario.scenario import Scenario
from goodwill.schedule import BY_PERIOD, joined, scheduled_plan
from goodwill.steering import write

# Of customers, what is drawn at the start for programmes alone and never changes.
_DRAWN = ("inclination", "birthday", "discomfort")
# Of customers, what changes whatever firms do: it cannot be made up for later.
_REMEMBERED = ("rate",)
# Rows of the memberships' arrays by the column of the terms that names them; all others have one row a programme.
_ROWS_BY = {
    "tier": "tier_row", "tier_shift": "tier_row", "missed": "tier_row", "counted": "limit_row", "period_credits": "limit_row",
    "notice": "bond_row", "pooled": "pool_row",
}  # fmt: skip
_OPEN = ("name", "description", "sources", "changes")  # keys of a scenario in which a branch may differ
_OPEN_IN_FIRMS = ("programmes", "options", "strategy")


def branched(simulation: Any, scenario: Scenario, branchable: bool | None = None) -> Any:
    """A simulation of `scenario` in the period in which the given one is, as if it had been run from the start; see the module.

    branchable: whether the branch can branch in its turn; default: as the given one. Raises `StudyError` where the two would have
    differed before.
    """
    t = int(simulation.period)
    branchable = simulation.branchable if branchable is None else branchable
    if t == 0:  # nothing has happened yet
        shared = {name: getattr(simulation, name) for name in ("replicate", "threads", "rules")}
        return type(simulation)(scenario, engine=simulation.engine.name, branchable=branchable, **shared)
    plan = scheduled_plan(scenario)
    rows = _rows_in_common(simulation.scenario, _planned(simulation), simulation.plan, scenario, plan, t)
    twin = copy.copy(simulation)
    twin.scenario, twin.parameters, twin.plan, twin.branchable = scenario, parameters_of(scenario), plan, branchable
    twin.firms = firms_of(scenario, plan)
    _take_over_conduct(simulation, twin, rows, t)
    twin.population = _grown(simulation, twin, rows)
    twin.totals = _counted(simulation.totals, _new_totals(twin), rows, t)
    twin.engine = simulation.engine.bound_to(twin)
    return twin


def share_the_past(one: Scenario, other: Scenario, t: int) -> bool:
    """Whether a run of the one scenario can branch into the other in period t, as far as the scenarios tell."""
    try:
        check_past(one, other, t)
    except StudyError:
        return False
    return True


def check_past(one: Scenario, other: Scenario, t: int) -> None:
    """See that a run of the one scenario can branch into the other in period t, as far as the scenarios tell.

    Raises `StudyError` with the first reason why not.
    """
    plan = scheduled_plan(one)
    _rows_in_common(one, plan, plan, other, scheduled_plan(other), t)


def _rows_in_common(
    before: Scenario, planned: Plan, written: Plan, scenario: Scenario, plan: Plan, t: int
) -> dict[int, int]:
    """Row of the branch -> row of the run, of the programmes for members that have begun. Raises `StudyError`, see the module.

    planned, written: the run's plan as its scenario lays it out, and as its firms have written on it.
    """
    _check_world(before, scenario)
    _check_conduct(before, scenario, t)
    _check_levers(planned, plan, scenario, t)
    return _lived(written, plan, scenario, t)


def _new_totals(twin: Any) -> Totals:
    scenario = twin.scenario
    return new_totals(scenario.periods, len(scenario.firms), len(twin.plan.programmes), scenario.behaviour.stages.on)


def _refuse(problem: str, t: int) -> StudyError:
    return StudyError(f"cannot branch in period {t}: {problem}")


# -- what may differ ----------------------------------------------------------------------------------------------


def _check_world(one: Scenario, other: Scenario) -> None:
    """Everything but programmes, options, strategies and changes is the same. Raises `StudyError` naming the first key that is not."""
    for path, here, there in _differences(_world(one), _world(other)):
        raise StudyError(
            f"cannot branch: {path} is {here!r} in the run and {there!r} in the branch; what is true from the start has to be the "
            "same - let levers of firms change from the period on (`changes`), or run this world from the start"
        )


def _world(scenario: Scenario) -> dict[str, Any]:
    content = {key: value for key, value in scenario.to_dict().items() if key not in _OPEN}
    firms = [{key: value for key, value in firm.items() if key not in _OPEN_IN_FIRMS} for firm in content["firms"]]
    return {**content, "firms": firms}


def _differences(one: Any, other: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Dotted paths at which two plain contents differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from _differences(one[key], other[key], f"{path}.{key}" if path else str(key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for k, (a, b) in enumerate(zip(one, other, strict=True)):
            yield from _differences(a, b, f"{path}.{k}")
    elif one != other:
        yield path, one, other


def _check_conduct(before: Scenario, scenario: Scenario, t: int) -> None:
    """Strategies that have decided go on, with the options they decided between, and did not look ahead."""
    for j, (old, new) in enumerate(zip(before.firms, scenario.firms, strict=True)):
        decided: list[Any] = [f.strategy for f in (old, new) if _decides_before(f.strategy, t, before.warm_up)]
        launched = any(option.start is not None and option.start < t for option in (*old.options, *new.options))
        if decided and old.strategy != new.strategy:
            raise _refuse(
                f"the strategy of {new.name} differs, but decides from period {_first(decided[0], before)} on; set its `first` to "
                f"{t} or later",
                t,
            )
        if (decided or launched) and options_of(before, j) != options_of(scenario, j):
            raise _refuse(
                f"{new.name} has chosen between its options already, and they differ in the branch; list the same `options` for it "
                "in both, instead of having it take over those of its rivals",
                t,
            )
        if decided and "forecast" in type(decided[0]).observes and before.to_dict() != scenario.to_dict():
            raise _refuse(
                f"{new.name} tries out what is to come and would have seen the change coming; set its strategy's `first` to {t} or "
                "later",
                t,
            )


def _first(strategy: Any, scenario: Scenario) -> int:
    return scenario.warm_up if strategy.first is None else int(strategy.first)


def _decides_before(strategy: Any, t: int, warm_up: int) -> bool:
    return strategy is not None and any(strategy.is_due(period, warm_up) for period in range(t))


def _planned(simulation: Any) -> Plan:
    """The plan as the scenario lays it out."""
    plan: Plan = simulation.plan if simulation.firms is None else simulation.firms.planned
    return plan


def _check_levers(one: Plan, other: Plan, scenario: Scenario, t: int) -> None:
    """The plans are the same before period t."""
    rows = {
        **{name: (a, b) for name, a, b in zip(one.levers._fields, one.levers, other.levers, strict=True)},
        **{name: (a, other.outreach_costs[name]) for name, a in one.outreach_costs.items()},
        **{name: (getattr(one, name), getattr(other, name)) for name in BY_PERIOD if name != "running"},
    }
    for name, (a, b) in rows.items():
        past = a if a.ndim == 1 else a[..., :t, :]
        known = b if b.ndim == 1 else b[..., :t, :]
        if not np.array_equal(past, known):
            places = np.argwhere(past != known)
            firm, when = scenario.firms[int(places[0][-1])].name, 0 if a.ndim == 1 else int(places[:, -2].min())
            raise _refuse(
                f"{name.replace('_', ' ')} of {firm} differs from period {when} on; start the programme or the change in period {t} "
                "or later",
                t,
            )


def _lived(old: Plan, new: Plan, scenario: Scenario, t: int) -> dict[int, int]:
    """Row of the branch -> row of the run, of every programme for members that has begun. Raises `StudyError` for one that differs."""
    known = {(firm, position): q for q, (firm, position, _, _) in enumerate(old.programmes)}
    there = {(firm, position): q for q, (firm, position, _, _) in enumerate(new.programmes)}
    rows: dict[int, int] = {}
    for place in sorted({*known, *there}):
        firm = scenario.firms[place[0]].name
        begun = known.get(place) is not None and int(old.terms.start[known[place]]) < t
        starts = there.get(place) is not None and new.programmes[there[place]][3].start < t
        if not begun and not starts:
            continue
        name = f"programme {place[1] + 1} of {firm}"
        if place not in there:
            raise _refuse(
                f"{name} has begun and is missing in the branch; end it with `stop: {t + 1}` or later instead", t
            )
        if place not in known or not begun:
            raise _refuse(f"{name} would have begun before; start it in period {t} or later", t)
        p, q = known[place], there[place]
        here, branch = old.programmes[p], new.programmes[q]
        if here[2] != branch[2] or replace(here[3], stop=0) != replace(branch[3], stop=0):
            raise _refuse(
                f"{name} has begun, and its terms differ in the branch, while members hold on to what they were promised; end it with "
                f"`stop: {t + 1}` and let the new one follow it",
                t,
            )
        ends = (here[3].stop, branch[3].stop)
        if ends[0] != ends[1] and min(ends) <= t:
            raise _refuse(
                f"{name} would have ended by then; members hear it a period ahead: stop it in {t + 1} or later", t
            )
        rows[q] = p
    return rows


# -- taking over --------------------------------------------------------------------------------------------------


def _take_over_conduct(simulation: Any, twin: Any, rows: dict[int, int], t: int) -> None:
    """Firms go on with what they have set, measured and remembered; what they wrote into the plan is written there too."""
    if twin.firms is None:
        return
    planned = twin.plan
    twin.plan = planned.copy()
    if simulation.firms is None:
        return
    old: Firms = simulation.firms.copy()
    twin.firms.each = old.each
    for log in ("choices", "waves", "people", "spending"):
        setattr(twin.firms, log, getattr(old, log))
    was: Plan = simulation.plan
    twin.plan = replace(
        twin.plan,
        levers=Levers(*(joined(a, b, t) for a, b in zip(was.levers, twin.plan.levers, strict=True))),
        outreach_costs={name: joined(was.outreach_costs[name], b, t) for name, b in twin.plan.outreach_costs.items()},
        costs={name: amounts.copy() for name, amounts in was.costs.items()},
        **{name: joined(getattr(was, name), getattr(twin.plan, name), t) for name in BY_PERIOD if name != "running"},
    )
    for q, p in rows.items():
        if _is_option(planned, q):
            twin.plan.terms.start[q], twin.plan.terms.stop[q] = was.terms.start[p], was.terms.stop[p]
            twin.plan.running[:, q] = was.running[:, p]
    for j, conduct in enumerate(twin.firms.each):
        if conduct.written:
            write(twin.plan, planned, j, t, conduct.setting, twin.scenario.firms[j].promise is None)


def _is_option(plan: Plan, q: int) -> bool:
    """Whether a row of the terms belongs to an option: its start is the firm's choice."""
    return any(q in option.rows for firm in plan.options for option in firm)


def _grown(simulation: Any, twin: Any, rows: dict[int, int]) -> Population:
    """The customers as they are, with room for the programmes of the branch."""
    old: Population = simulation.population
    new = allocate(twin.scenario, twin.plan, twin.branchable)
    drawn = [name for name in _DRAWN if getattr(new.customers, name).size and not getattr(old.customers, name).size]
    fresh = make_population(twin.scenario, twin.plan, twin.parameters, twin.key, twin.threads) if drawn else None
    arrays: dict[str, np.ndarray] = {}
    for name, array in new.customers._asdict().items():
        known = getattr(old.customers, name)
        if name in drawn and fresh is not None:
            array = getattr(fresh.customers, name)
        elif known.shape == array.shape:
            array = known if name == "ties" else known.copy()
        elif name in _REMEMBERED and array.size:
            raise StudyError(
                "cannot branch into programmes for members: the run did not remember how often customers bought; make it with "
                "Simulation(..., branchable=True)"
            )
        arrays[name] = array
    return Population(
        Customers(**arrays), _members(old.members, new.members, simulation.plan.terms, twin.plan.terms, rows)
    )


def _members(old: Members, new: Members, was: TermsArrays, terms: TermsArrays, rows: dict[int, int]) -> Members:
    """Memberships of the programmes that go on; nobody is a member of the others yet."""
    new.joined[:] = -1
    for q, p in rows.items():
        for name in new._fields:
            to, source = getattr(new, name), getattr(old, name)
            here, there = _rows_of(name, terms, q), _rows_of(name, was, p)
            if to.shape[1] and source.shape[1]:
                to[here] = source[there]
    return new


def _rows_of(name: str, terms: TermsArrays, q: int) -> slice:
    """Rows of an array of `Members` that belong to one programme."""
    first, count = q, 1
    if name == "lots":
        first, count = int(terms.lot_first[q]), int(terms.lot_count[q] + terms.pending[q])
    elif name == "tier_spend":
        first, count = int(terms.tier_first[q]), int(terms.tier_parts[q])
    elif name in _ROWS_BY:
        first = int(getattr(terms, _ROWS_BY[name])[q])
        count = int(first >= 0)
    return slice(max(first, 0), max(first, 0) + count)


def _counted(old: Totals, new: Totals, rows: dict[int, int], t: int) -> Totals:
    """What was counted before period t."""
    for name in ("firms", "market", "stages"):
        getattr(new, name)[:t] = getattr(old, name)[:t]
    for q, p in rows.items():
        new.programmes[:t, q] = old.programmes[:t, p]
    return new
