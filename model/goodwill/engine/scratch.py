"""Scratch of one tile: rows of TILE numbers that lie in one array a kind, at constant offsets.

One array each, because the compiler can then prove that rows do not overlap and vectorises loops that write several of them; with
separate arrays it gives up after eight run-time checks (measured). A row ``X`` of lane ``l`` is ``f[X + l]``.

Indices that the compiler cannot prove to be non-negative (``x[lo + l]`` with a run-time ``lo``) stop it as well, because Python's
negative indices have to be provided for; so does a gather in the same loop, because it might read what the loop writes. Kernels
therefore take slices first (``x[lo : lo + n]``), index them by lane or by unsigned places, and gather in loops of their own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from goodwill.engine.jit import rule
from goodwill.engine.state import TILE

_T = TILE

# -- rows of the float array -------------------------------------------------------------------------------------
RATE, UNIFORM, TERM, CUMULATIVE, PROXIMITY = 0 * _T, 1 * _T, 2 * _T, 3 * _T, 4 * _T  # incidence, by customer
BEST, BETA, LUCK = 5 * _T, 6 * _T, 7 * _T  # choice, by lane; four rows of luck
BALANCE, MEMBER, PULL = 11 * _T, 12 * _T, 13 * _T  # programmes, by member among the lanes or buyers
NOISE, QUANTITY, DROP_LUCK, LAPSE_LUCK = 14 * _T, 15 * _T, 16 * _T, 17 * _T  # purchase, by buyer
EXPERIENCE, EXPECTED, UNCERTAIN, GAIN, VALUE, VISIT = 18 * _T, 19 * _T, 20 * _T, 21 * _T, 22 * _T, 23 * _T
SATISFIED, COMMITTED, IDEAL, VISITS, SPEND = 24 * _T, 25 * _T, 26 * _T, 27 * _T, 28 * _T
ELAPSED, REMEMBERED, BONUS, RATE_WEIGHT = 29 * _T, 30 * _T, 31 * _T, 32 * _T
RATIO, GATHERED, SECOND_GATHERED = 33 * _T, 34 * _T, 35 * _T  # utilities, by lane
SENSITIVITY, RATE_HERE, EXPIRING = 36 * _T, 37 * _T, 38 * _T  # programmes again
TALK_LUCK, EXIT_LUCK, END_LUCK = 39 * _T, 40 * _T, 41 * _T  # of the period, by customer; and UNIFORM for the trips
GOAL, WORTH = 42 * _T, 43 * _T  # of the reward a member looks at
FAIL_LUCK, COMPLAINT_LUCK, REDRESS_LUCK, SURPRISE_LUCK = 44 * _T, 45 * _T, 46 * _T, 47 * _T  # encounter, by buyer
LOST, SURPRISED, FED, HARM = 48 * _T, 49 * _T, 50 * _T, 51 * _T
CHANNELS = 52 * _T  # five rows: sense, feel, think, act, relate
RELATED = 57 * _T  # of the last visit of the period, by customer
TRUSTED, UNFAIR, DELIVERED, SHORTFALL = 58 * _T, 59 * _T, 60 * _T, 61 * _T
FLOAT_ROWS = 62

# -- rows of the int array ---------------------------------------------------------------------------------------
TRIPS, CHOSEN, PREVIOUS, FIRM = 0 * _T, 1 * _T, 2 * _T, 3 * _T
BOUGHT, SECOND, MILLI, CENTS, CREDITS, REDEEMED = 4 * _T, 5 * _T, 6 * _T, 7 * _T, 8 * _T, 9 * _T
POSSIBLE, HELD, ADDED, STEP, OUTCOME = 10 * _T, 11 * _T, 12 * _T, 13 * _T, 14 * _T
LINE_CENTS = 15 * _T  # paid for extra lines, by buyer; nobody writes it where there are none
INT_ROWS = 16

# -- rows of places ----------------------------------------------------------------------------------------------
LANE, BUYER = 0 * _T, 1 * _T  # place in the tile of each lane and of each buyer
SHOPPERS, SHOPPING = 2 * _T, 5 * _T  # places in the tile of those who shop this period, and of those on this trip
HERE, INSIDE = 3 * _T, 4 * _T  # which lanes or buyers a programme is about, and their places in the tile
PLACE_ROWS = 6
EVERYBODY = np.int64(-1)  # instead of a row: all customers of the tile, in their order


PAD = 64


@rule
def padded(n: int) -> int:
    """Lanes to compute for n lanes: the next multiple of 64, the step of an unrolled vector loop.

    A loop over 60 lanes would run lane by lane and take longer than one over 64 (measured: ten times). The lanes beyond n compute
    on somebody's values and are never read; loops that write state run over n only.
    """
    return (n + PAD - 1) // PAD * PAD


class Scratch(NamedTuple):
    """Working memory of one thread."""

    f: np.ndarray  # [FLOAT_ROWS * TILE] float32
    k: np.ndarray  # [INT_ROWS * TILE] int32
    who: np.ndarray  # [PLACE_ROWS * TILE] uint32, places
    at: (
        np.ndarray
    )  # [TILE] uint64: place of a lane's or buyer's firm and customer in a [J, N] array laid out in one row
    u: np.ndarray  # [J, TILE] float32: utilities by lane, or messages heard
    before: np.ndarray  # [J, TILE] float32: utilities without programmes and luck, when purchases are recorded
    notes: np.ndarray  # [3, TILE] int32: cause of choice, components and kinds of value that held, by place in the tile


def new_scratch(firms: int) -> Scratch:
    """Scratch for a market of so many firms."""
    return Scratch(
        f=np.zeros(FLOAT_ROWS * TILE, np.float32),
        k=np.zeros(INT_ROWS * TILE, np.int32),
        who=np.zeros(PLACE_ROWS * TILE, np.uint32),
        at=np.zeros(TILE, np.uint64),
        u=np.zeros((firms, TILE), np.float32),
        before=np.zeros((firms, TILE), np.float32),
        notes=np.zeros((3, TILE), np.int32),
    )
