"""Small random markets, in which every mechanism and programme occurs, and the comparison of two runs to the last bit."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation
from goodwill.sinks import MemorySink

SWITCHES = ("outside", "habit", "expectation", "satisfaction", "zone", "commitment", "defection", "word_of_mouth")


def life_of_relationships(seed: int) -> dict[str, Any]:
    """Sections on the life of relationships, by luck of their own."""
    luck = np.random.default_rng([seed, 45])
    return {
        "consideration": {"on": bool(luck.random() < 0.5), "forgetting": 6.0, "recall": 2.0, "memory": 1.0},
        "stages": {
            "on": bool(luck.random() < 0.6), "silence": float(luck.choice([0.05, 0.3])), "loyal_repeats": 2,
            "advocate_margin": 0.1,
        },
        "match": {"on": bool(luck.random() < 0.4)},
        "delight": {"on": bool(luck.random() < 0.4), "threshold": 0.3},
        "spending": {"on": bool(luck.random() < 0.5), "lines": 0.5, "price": 0.5},
    }  # fmt: skip


def random_language(luck: np.random.Generator) -> dict[str, Any]:
    """Sections of the full language, put together at random."""

    def perhaps(chance: float, value: Any, otherwise: Any) -> Any:
        return value if luck.random() < chance else otherwise

    stored = bool(luck.random() < 0.15)
    join = {
        "automatic": bool(luck.random() < 0.3), "visibility": 1.2, "welcome": int(luck.choice([0, 3])),
        "term": luck.choice([None, 2.0]), "exit_fee": 0.0,
    }  # fmt: skip
    if join["term"] is not None:
        join |= {"exit_fee": float(luck.choice([0, 3.0])), "binding": bool(luck.random() < 0.4)}
    levels = [
        {"reach": 1.0, "earn": 1.5, "liking": 0.1, "service": 0.2},
        {"reach": 2.0, "earn": 2.0, "discount": 0.05},
        {"reach": 3.0, "earn": 2.5, "liking": 0.3},
    ][: int(luck.integers(1, 4))]
    by = str(luck.choice(["spend", "visits", "credits"]))
    for level in levels:
        level["reach"] *= {"spend": 9.0, "visits": 1.5, "credits": 12.0}[by]
    tier = {
        "levels": levels, "by": by, "months": float(luck.choice([1.0, 4.0])), "at_once": bool(luck.random() < 0.3),
        "window": str(luck.choice(["calendar", "anniversary", "rolling"])), "fall": str(luck.choice(["earned", "one"])),
        "grace": int(luck.choice([0, 1])), "keep": float(luck.choice([1.0, 0.6])), "match": bool(luck.random() < 0.3),
        "lifetime": luck.choice([None, 40.0]),
    }  # fmt: skip
    rewards = [
        {"credits": 8, "value": 2.0, "cost_share": 0.7}, {"credits": 15, "value": 5.0, "cost_share": 0.5},
        {"credits": 40, "value": 12.0},
    ][: int(luck.integers(0, 4))]  # fmt: skip
    points = {
        "earn": {
            "per_currency": 0.9, "per_purchase": float(luck.choice([0, 2])), "extra_lines": 2.0,
            "cap_per_purchase": perhaps(0.3, 9, None), "cap_per_period": perhaps(0.3, 14, None),
            "velocity": perhaps(0.3, 2, None),
            "campaigns": perhaps(0.4, [{"after": 0.5, "months": 0.5, "every": 2.0, "factor": 3.0}, {"factor": 1.5}], []),
        },
        "burn": {
            "rewards": rewards, "automatic": bool(luck.random() < 0.3), "card": bool(luck.random() < 0.3),
            "credit_value": float(luck.choice([0, 0.08])), "minimum": int(luck.choice([1, 10])),
        },
        "partners": perhaps(
            0.4,
            {"purchases": 1.5, "credits": 4, "pays": 0.02, "redeem_share": 0.4, "is_paid": 0.03, "member_fee": 2.0},
            {},
        ),
    }  # fmt: skip
    money = {"hold": {"load": 12.0, "bonus": 0.1}}
    return {
        "join": join,
        "expire": {
            "rule": str(luck.choice(["never", "age", "inactivity", "date"])), "months": float(luck.choice([1.0, 3.0])),
            "shift": float(luck.choice([0, 0.5])),
        },
        "tier": perhaps(0.4, tier, {}),
        "benefit": perhaps(
            0.4,
            {"discount": 0.05, "service": 0.2, "liking": 0.1, "community": 0.05, "per_month": 2.0, "member_cost": 3.0},
            {},
        ),
        "fee": perhaps(0.3, {"amount": 1.5, "months": 1.0, "trial": float(luck.choice([0, 0.5, 1.0]))}, {}),
        **(
            money
            if stored
            else {**points, "hold": {"pending": float(luck.choice([0, 1.0])), "household": int(luck.choice([1, 1, 3]))}}
        ),
    }  # fmt: skip


def random_programme(luck: np.random.Generator, periods: int) -> dict[str, Any]:
    """A programme of any kind; one in three stops before the run ends."""
    kind = luck.choice(["stamp_card", "points", "tiers", "paid_club", "service", "price_cut", *["programme"] * 6])
    start = int(luck.integers(0, periods // 3))
    levers: dict[str, dict[str, Any]] = {
        "stamp_card": {
            "stamps": int(luck.integers(2, 7)), "reward": 5.0, "head_start": int(luck.integers(0, 2)),
            "expiry": luck.choice([None, 0.5, 2.0]),
        },
        "points": {
            "per_currency": 1.7, "per_purchase": float(luck.choice([0, 3])), "threshold": int(luck.integers(10, 40)),
            "welcome": int(luck.choice([0, 7])), "expiry": luck.choice([None, 1.0, 3.0]),
            "lot": float(luck.choice([0.25, 1.0])), "automatic": bool(luck.random() < 0.3),
        },
        "tiers": {
            "spend": [15.0, 40.0, 90.0], "earn": [1.5, 2.0, 3.0], "liking": [0.1, 0.3, 0.6], "months": 1.0,
            "threshold": 25, "expiry": luck.choice([None, 2.0]),
        },
        "paid_club": {"fee": float(luck.choice([0.5, 6.0])), "months": 1.0, "discount": 0.15, "service_bonus": 0.4},
        "service": {"gain": 0.7, "consistency": 0.3},
        "price_cut": {"depth": 0.2},
        "programme": random_language(luck),
    }  # fmt: skip
    stop = int(luck.integers(start + 2, periods)) if luck.random() < 0.33 else None
    return {"kind": str(kind), "start": start, "stop": stop, **levers[str(kind)]}


def random_encounters(seed: int) -> dict[str, Any]:
    """Value, failures, trust, fairness, bonds, experiences and surprises, each on in half of the worlds."""
    luck = np.random.default_rng([seed, 40])
    names = ("value", "recovery", "trust", "fairness", "bonds", "experiences", "surprise")
    return {name: {"on": bool(luck.random() < 0.5)} for name in names}


def random_encounter_levers(seed: int, firm: int) -> dict[str, Any]:
    """What a firm does in the encounter with its customers."""
    luck = np.random.default_rng([seed, 41, firm])
    return {
        "failure": luck.choice([None, 0.3]),
        "value": {"product": float(luck.normal()), "time": float(luck.normal()), "purchase_cost": 0.1},
        "recovery": {"ease": float(luck.random()), "effort": 0.6, "generosity": float(luck.choice([0.5, 1.2]))},
        "surprise": {"share": float(luck.choice([0, 0.3]))},
        "treatment": {
            "recognition": float(luck.choice([0, 2])), "intrusion": float(luck.choice([0, 2])),
            "newcomer_discount": float(luck.choice([0, 0.2])),
        },
    }  # fmt: skip


def random_staging(seed: int, firm: int, periods: int) -> list[dict[str, Any]]:
    """In one firm of three an experience or another offer, for a time."""
    luck = np.random.default_rng([seed, 42, firm])
    if luck.random() > 0.33:
        return []
    span = {"start": 1, "stop": luck.choice([None, periods - 3])}
    everybody = luck.random() < 0.5
    audience = "everybody" if everybody else "members"
    return [
        {"kind": "experience", "think": 1.0, "act": 0.5, "relate": 1.0, "audience": audience, **span},
        {"kind": "offer", "image": 1.0, "psychic": 0.7, **span},
    ]


def random_outreach(luck: np.random.Generator, periods: int) -> list[dict[str, Any]]:
    """What a firm sends to customers one by one: at most one programme of each kind."""
    levers: dict[str, dict[str, Any]] = {
        "samples": {"reach": 3.0},
        "win_back": {"reach": 20.0, "depth": 0.4, "by_cause": bool(luck.random() < 0.9), "repair": 5.0},
        "early_warning": {"share": 0.9, "good": 1.0, "depth": 0.3},
        "personalisation": {"depth": 1.2},
        "gifts": {"worth": 3.0, "surprises": float(luck.choice([0, 4])), "automatic": bool(luck.random() < 0.6)},
    }
    levers["referral"] = {
        "reward": 6.0, "welcome": float(luck.choice([0, 2.0])), "cap": 2, "automatic": bool(luck.random() < 0.6),
    }  # fmt: skip
    start = int(luck.integers(0, periods // 3))
    return [{"kind": kind, "start": start, **values} for kind, values in levers.items() if luck.random() < 0.4]


def random_scenario(seed: int, customers: int = 60, periods: int = 18) -> Scenario:
    """A small market with a random choice of mechanisms and strengths; the same for the same seed."""
    luck = np.random.default_rng(seed)
    more = np.random.default_rng([seed, 1])  # for what came later, so that older worlds stay as they are
    contract = luck.random() < 0.3
    firms = int(luck.integers(1, 7))
    shares = luck.dirichlet(np.ones(firms) * 3)
    on = {name: {"on": bool(luck.random() < 0.7)} for name in SWITCHES}
    behaviour: dict[str, Any] = {
        **on,
        **life_of_relationships(seed),
        "incidence": {"erlang": int(luck.integers(1, 4)), "extra_brand": float(luck.choice([0, 0.4]))},
        "choice": {"price_sensitivity_sd": float(luck.choice([0, 0.4]))},
        "defection": {
            **on["defection"], "dropout_a": 0.8, "dropout_b": 20, "dropout_on_trial": bool(luck.random() < 0.5),
            "fault": float(luck.choice([0, 0.05])), "lapse": float(luck.choice([0, 0.05])),
            "malicious": float(luck.choice([0, 0.3])), "competitive": 1.0, "discontent": 0.8,
        },
        "word_of_mouth": {**on["word_of_mouth"], "base": 0.3, "awareness": bool(luck.random() < 0.7)},
        "programmes": {
            "on": bool(luck.random() < 0.9), "acceleration": float(luck.choice([0, 0.4])), "exposure": 0.8,
            "abandonment": float(luck.choice([0, 0.52])), "reengagement": 0.3, "hassle": 0.3,
        },
        **random_encounters(seed),
    }  # fmt: skip
    behaviour["contact"] = {"on": bool(on["commitment"]["on"] and more.random() < 0.6), "pace": 0.4, "intrusion": 0.5}
    behaviour["win_back"] = {"fault": 0.5, "competitive": 0.3}
    behaviour["posts"] = {"on": bool(on["word_of_mouth"]["on"] and more.random() < 0.6), "passed_on": 0.3}
    content: dict[str, Any] = {
        "name": f"random-{seed}",
        "kind": "contract" if contract else "repertoire",
        "period": str(luck.choice(["week", "month"])),
        "customers": customers,
        "periods": periods,
        "warm_up": int(luck.integers(0, 5)),
        "seed": seed,
        "firms": [
            {
                "name": f"F{j}",
                "share": float(shares[j]),
                "price": float(luck.uniform(1, 9)),
                "service": float(luck.uniform(6, 8)),
                "promise": luck.choice([None, 8.0]),
                "awareness": float(luck.choice([1.0, 0.6])),
                "advertising": float(luck.choice([0, 3.0])),
                "programmes": [
                    *(random_programme(luck, periods) for _ in range(int(luck.integers(0, 3)))),
                    *random_staging(seed, j, periods),
                    *random_outreach(more, periods),
                ],
                "media": {"spend": float(more.choice([0, 20.0]))},
                "contact": {"level": int(more.integers(0, 5))},
                "posts": {
                    "per_month": float(more.choice([0, 8, 40])),
                    "commercial": float(more.choice([0.04, 0.3])),
                },
                "database": {"coverage": float(more.choice([0, 0.5])), "error": float(more.choice([0, 0.3]))},
                **random_encounter_levers(seed, j),
                **({"service_cost": 0.4, "line_price": 1.5, "line_cost": 0.7, "suggestion": 0.6} if j % 2 else {}),
            }
            for j in range(firms)
        ],
        "population": {
            "trips_per_year": float(luck.choice([12, 36])),
            "basket": 1.3,
            "basket_sd": 0.3,
            "basket_spread": 0.2,
            "natural_exit": float(luck.choice([0, 0.3])),
            "newcomers": float(luck.choice([0, 0.3, 1.0])),
            "arrival_periods": int(luck.choice([0, 4])),
            "first_purchase_on_arrival": bool(not contract and luck.random() < 0.3),
        },
        "network": {"strong_ties": int(luck.integers(0, 5)), "weak_ties": int(luck.integers(0, 3))},
        "behaviour": behaviour,
        "measurement": {"window": int(luck.integers(1, 6))},
    }
    if sum(content["network"].values()):
        content["behaviour"]["referral"] = {
            "on": bool(more.random() < 0.6), "occasions": 6.0, "told": int(more.integers(1, 5)), "conversion": 0.4,
        }  # fmt: skip
    return Scenario.from_dict(content)


def run_to_end(scenario: Scenario, **options: Any) -> tuple[Simulation, np.ndarray]:
    """A finished simulation and its purchases, in order of period, customer and occasion."""
    simulation = Simulation(scenario, **options)
    sink = MemorySink()
    simulation.run(sink=sink)
    rows = sink.rows()
    return simulation, rows[np.lexsort((rows[:, 3], rows[:, 1], rows[:, 0]))]


def differences(one: Simulation, other: Simulation) -> list[str]:
    """Names of the arrays of state and totals that are not the same to the last bit, with the first place of each."""
    found = []
    for group, left, right in (
        ("customers", one.population.customers, other.population.customers),
        ("members", one.population.members, other.population.members),
        ("totals", one.totals, other.totals),
    ):
        for name, a, b in zip(left._fields, left, right, strict=True):
            same = (a == b) | ((a != a) & (b != b))
            if not same.all():
                place = tuple(int(x) for x in np.argwhere(~same)[0])
                found.append(f"{group}.{name}{list(place)}: {a[place]!r} is not {b[place]!r}")
    return found


def assert_identical(scenario: Scenario, **options: Any) -> Simulation:
    """Run a scenario in both engines and demand the same bits everywhere; returns the compiled run."""
    compiled, rows = run_to_end(scenario, engine="compiled", threads=1, **options)
    reference, other_rows = run_to_end(scenario, engine="reference", threads=1, **options)
    assert differences(compiled, reference) == []
    assert rows.shape == other_rows.shape
    np.testing.assert_array_equal(rows, other_rows)
    return compiled
