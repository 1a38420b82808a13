"""Analysis of lost customers: of those who left since the last wave, some are reached, and some of them give the true cause."""

from __future__ import annotations

import numpy as np

from goodwill.engine.draws import LOST
from goodwill.engine.state import CAUSES, NATURAL
from goodwill.measures.instruments.base import Figure, Scene
from goodwill.scenario.instruments import LostCustomers


def lost_customers(scene: Scene, terms: LostCustomers, known: np.ndarray) -> list[Figure]:
    """Share of each cause among those who left, as stated and true. `known` [N] int8 marks causes of earlier waves; it is brought
    up to date.
    """
    cause = scene.customers.cause[scene.firm]
    who = np.flatnonzero((cause > 0) & (cause != known)).astype(np.uint32)
    known[:] = cause
    true = cause[who].astype(np.int64)
    reached, candid, other, _ = scene.draws(who, LOST)
    chance = np.where(true == NATURAL, terms.reach * terms.reach_natural, terms.reach)
    answers = reached < chance
    # One who is not candid names any of the three other causes.
    shift = 1 + np.minimum((3 * other).astype(np.int64), 2)
    stated = np.where(candid < terms.candour, true, 1 + (true - 1 + shift) % 4)[answers]
    cost = terms.cost * who.size
    figures = []
    for code, name in enumerate(CAUSES[1:], start=1):
        share = float((stated == code).mean()) if stated.size else float("nan")
        error = float(np.sqrt(share * (1 - share) / stated.size)) if stated.size else float("nan")
        truth = float((true == code).mean()) if true.size else float("nan")
        figures.append(Figure(f"lost {name}", share, error, int(stated.size), truth, cost if code == 1 else 0.0))
    return figures
