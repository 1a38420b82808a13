"""Minimum terms: whether a customer is bound to a firm, what leaving early costs, and what it does to be kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.maths import ZERO
from goodwill.engine.state import EXIT_FEES
from goodwill.rules.bond import resentment


@rule
def bound_by(t: int, q: int, i: int, firm: int, m: Any, g: Any) -> Any:
    """Whether the minimum term of programme q binds customer i to the firm in period t."""
    joined = np.int64(m.joined[q, i])
    return g.firm[q] == firm and g.term[q] > 0 and joined >= 0 and t < joined + g.term[q]


@rule
def fee_for_leaving(t: int, i: int, firm: int, m: Any, g: Any) -> int:
    """Cents that leaving the firm now would cost the customer."""
    fee = 0
    for q in range(g.firm.shape[0]):
        if bound_by(t, q, i, firm, m, g):
            fee += g.exit_fee[q]
    return fee


@rule
def is_kept(t: int, i: int, firm: int, m: Any, g: Any) -> bool:
    """Whether he cannot leave the firm for a rival."""
    kept = False
    for q in range(g.firm.shape[0]):
        kept |= g.binding[q] != 0 and bound_by(t, q, i, firm, m, g)
    return kept


@rule
def give_notice(i: int, firm: int, m: Any, g: Any) -> None:
    """One who would leave and is kept will go when the bond ends."""
    for q in range(g.firm.shape[0]):
        if g.firm[q] == firm and g.bond_row[q] >= 0 and m.joined[q, i] >= 0:
            m.notice[g.bond_row[q], i] = 1


@rule
def has_given_notice(i: int, firm: int, m: Any, g: Any) -> Any:
    """Whether he decided to leave the firm while he was kept."""
    given = False
    for q in range(g.firm.shape[0]):
        given |= g.firm[q] == firm and g.bond_row[q] >= 0 and m.notice[max(g.bond_row[q], 0), i] != 0
    return given


@rule
def charge_exit(t: int, row: int, i: int, firm: int, m: Any, g: Any, a: Any) -> None:
    """One who leaves of his own will before the end of his term pays for it."""
    for q in range(g.firm.shape[0]):
        if bound_by(t, q, i, firm, m, g):
            a.programmes[row, q, EXIT_FEES] += g.exit_fee[q]


@rule
def resent_being_kept(t: int, i: int, firm: int, lead: Any, c: Any, m: Any, p: Any, g: Any) -> None:
    """One who is bound and would rather be with a rival is the less satisfied for it."""
    if lead > ZERO and p.satisfaction_on and (is_kept(t, i, firm, m, g) or fee_for_leaving(t, i, firm, m, g) > 0):
        c.satisfaction[firm, i] = resentment(c.satisfaction[firm, i], lead, p.programmes_resentment)
