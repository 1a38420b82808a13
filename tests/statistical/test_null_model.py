"""With every mechanism off the market is the NBD-Dirichlet; with dropout on, the BG/NBD (Goodhardt, Ehrenberg &
Chatfield 1984; Fader, Hardie & Lee 2005). Customers are independent there, so every standard error is known and no
tolerance has to be chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from scipy import stats
from tests.statistical.worlds import bound, market, ratio_z, run

from goodwill.engine.state import LONG_AGO
from goodwill.lab.calibrate_panel import Panel, watch
from goodwill.measures.bgnbd import BGNBD
from goodwill.measures.dirichlet import Dirichlet
from goodwill.measures.repeat_buying import Trips, duplication_coefficient, excess_repeat, top_share, wheat_morrison_k
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation

pytestmark = pytest.mark.statistical

CUSTOMERS = 60_000
EVEN = (0.25, 0.25, 0.25, 0.25)
SMALL_BRANDS = (0.4, 0.3, 0.2, 0.08, 0.02)
LEADER = (0.7, 0.15, 0.1, 0.04, 0.01)


@dataclass(frozen=True)
class Null:
    """One market without mechanisms."""

    shares: tuple[float, ...]
    mean: float  # trips in a year
    k: float
    strength: float
    period: str
    seed: int

    @property
    def scenario(self) -> Scenario:
        return market(
            self.shares, customers=CUSTOMERS, period=self.period, periods=52 if self.period == "week" else 12, seed=self.seed,
            trips_per_year=self.mean, trips_shape=self.k, loyalty_spread=self.strength,
        )  # fmt: skip

    @property
    def norms(self) -> Dirichlet:
        return Dirichlet(self.mean, self.k, self.strength, np.array(self.shares))


MARKETS = [
    Null(SMALL_BRANDS, 8.0, 0.6, 0.3, "week", 11),
    Null(EVEN, 4.0, 1.5, 0.3, "month", 12),
    Null(SMALL_BRANDS, 15.0, 0.3, 1.0, "week", 13),
    Null(LEADER, 6.0, 1.0, 1.0, "month", 14),
    Null(EVEN, 2.3, 0.3, 2.5, "week", 15),
    Null(SMALL_BRANDS, 24.0, 3.0, 2.5, "month", 16),
    Null(LEADER, 10.0, 0.8, 8.0, "week", 17),
    Null(SMALL_BRANDS, 5.0, 1.0, 8.0, "month", 18),
]
IDS = [f"{len(m.shares)} brands, S {m.strength}, K {m.k}, {m.period}" for m in MARKETS]


@cache
def _panel(null: Null) -> Panel:
    return watch(null.scenario, first=0)


def _everybody(panel: Panel, rows: np.ndarray) -> np.ndarray:
    """Rows of buyers, with zeros for those who never bought."""
    table = np.zeros((panel.customers, *rows.shape[1:]))
    table[panel.trips.ids] = rows
    return table


def _pairs(trips: Trips) -> tuple[np.ndarray, np.ndarray]:
    """By buyer and brand: purchases followed by a trip, and those bought again on it."""
    after = np.flatnonzero(trips.customer[1:] == trips.customer[:-1])
    base = np.zeros((trips.ids.size, trips.bought.shape[1]))
    again = np.zeros_like(base)
    np.add.at(base, trips.customer[after], trips.bought[after])
    np.add.at(again, trips.customer[after], trips.bought[after] & trips.bought[after + 1])
    return again, base


def z_scores(null: Null) -> dict[str, np.ndarray]:
    """Simulated against analytic, in standard errors of the simulation."""
    panel, norms = _panel(null), null.norms
    counts = _everybody(panel, panel.trips.counts())
    bought = counts > 0
    total = counts.sum(axis=1)
    everybody = np.ones(len(counts))
    again, base = _pairs(panel.trips)
    several = bought[:, :, None] & bought[:, None, :]
    off = ~np.eye(len(null.shares), dtype=bool)
    duplication = ratio_z(
        several[:, off], np.broadcast_to(bought[:, :, None], several.shape)[:, off], norms.duplication()[off]
    )
    only = bought & (counts == total[:, None])
    return {
        "share": ratio_z(counts, np.broadcast_to(total[:, None], counts.shape), norms.shares),
        "trips": ratio_z(total, everybody, null.mean),
        "no purchase": ratio_z(total == 0, everybody, norms.zero_purchase_share()),
        "penetration": ratio_z(bought, everybody[:, None], norms.penetration()),
        "purchases per buyer": ratio_z(counts, bought, norms.purchases_per_buyer()),
        "category rate of buyers": ratio_z(total[:, None] * bought, bought, norms.category_rate_of_buyers()),
        "sole buyers": ratio_z(only, bought, norms.sole_buyers()),
        "duplication": duplication,
        "repeat at the next trip": ratio_z(again, base, norms.repeat_rate()),
    }


@pytest.mark.parametrize("null", MARKETS, ids=IDS)
def test_every_norm_of_the_dirichlet(null: Null) -> None:
    """Goodhardt, Ehrenberg & Chatfield 1984: share, penetration, frequency, duplication, sole buyers, repeat, non-
    buyers.
    """
    scores = z_scores(null)
    comparisons = sum(np.size(z) for z in scores.values()) * len(MARKETS)
    worst = {name: float(np.abs(z).max()) for name, z in scores.items()}
    assert max(worst.values()) < bound(comparisons), worst


def test_scores_scatter_as_they_should() -> None:
    """Neither too far off nor too close: over all markets the z of penetrations have about unit variance and mean nil."""
    z = np.concatenate([z_scores(null)["penetration"] for null in MARKETS])
    assert abs(z.mean()) < 3.3 / np.sqrt(len(MARKETS))  # brands of one market are not independent
    assert 0.4 < z.var() < 2.0


@pytest.mark.parametrize("null", MARKETS, ids=IDS)
def test_period_to_period_repeat(null: Null) -> None:
    """Buyers of one half year who buy the brand again in the next (conditional trend of the Dirichlet)."""
    scenario = null.scenario
    simulation = Simulation(scenario, threads=1)
    simulation.advance(scenario.periods // 2)
    first = simulation.population.customers.visits.T.copy()
    simulation.run()
    second = simulation.population.customers.visits.T - first
    half = null.norms.scaled(0.5)
    z = ratio_z((first > 0) & (second > 0), first > 0, half.period_repeat_rate())
    assert np.abs(z).max() < bound(z.size * len(MARKETS)), z


@pytest.mark.parametrize("null", MARKETS, ids=IDS)
def test_trips_are_negative_binomial(null: Null) -> None:
    """Ehrenberg 1959. Chi-square over 0, 1, 2, ... trips, the tail pooled from an expected count of 50 on."""
    trips = _everybody(_panel(null), _panel(null).trips.number()).astype(int)
    law = stats.nbinom(null.k, null.k / (null.k + null.mean))
    last = int(np.flatnonzero(CUSTOMERS * law.sf(np.arange(2000)) > 50).max())
    seen = np.bincount(np.minimum(trips, last + 1), minlength=last + 2)
    expected = CUSTOMERS * np.append(law.pmf(np.arange(last + 1)), law.sf(last))
    pooled = np.minimum(np.cumsum(expected) // 50, expected.sum() // 50 - 1).astype(int)  # cells of 50 and more
    chi = stats.chisquare(
        np.bincount(pooled, seen)[np.unique(pooled)], np.bincount(pooled, expected)[np.unique(pooled)]
    )
    assert chi.pvalue > 1e-3 / len(MARKETS)


@pytest.mark.parametrize("null", MARKETS, ids=IDS)
def test_order_of_purchases_says_nothing(null: Null) -> None:
    """A zero-order market has no excess repeat at any lag, whatever the heterogeneity."""
    table = excess_repeat(_panel(null).trips, (1, 2, 4))
    assert (table["excess"] / table["se"]).abs().max() < bound(3 * len(MARKETS))


@pytest.mark.parametrize("null", MARKETS, ids=IDS)
def test_fitting_it_back_recovers_it(null: Null) -> None:
    """S and K of a Dirichlet fitted to the simulated counts are those put in, within two per cent or so."""
    panel = _panel(null)
    counts = panel.trips.counts()
    fitted = Dirichlet.fit(counts, customers=panel.customers)
    assert fitted.strength == pytest.approx(null.strength, rel=0.04)
    assert fitted.k == pytest.approx(null.k, rel=0.04)
    assert duplication_coefficient(counts, panel.customers) == pytest.approx(
        null.norms.duplication_coefficient(), rel=0.03
    )


def test_heavy_buyers_carry_half_the_category() -> None:
    """Top 20 % of buyers: from the NBD's own distribution (simulated here by numpy), about half of all purchases."""
    null = MARKETS[0]
    rng = np.random.default_rng(1)
    drawn = rng.poisson(rng.gamma(null.k, null.mean / null.k, 400_000))
    assert top_share(_panel(null).trips.number()) == pytest.approx(top_share(drawn), abs=0.01)


# ---- more regular than Poisson ------------------------------------------------------------------------------


@cache
def _timing(order: int, period: str = "week") -> Panel:
    keys = {"behaviour": {"incidence": {"erlang": order}}, "trips_per_year": 6.0, "trips_shape": 1.5}
    periods = 156 if period == "week" else 36
    return watch(market(EVEN, customers=30_000, period=period, periods=periods, seed=5, **keys), first=0, last=periods)


def test_poisson_timing_is_random() -> None:
    """Wheat & Morrison 1990: k = 1 for Poisson trips."""
    assert wheat_morrison_k(_timing(1).trips) == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize(("order", "expected"), [(2, 2.0), (3, 3.0)])
def test_erlang_timing_is_regular(order: int, expected: float) -> None:
    """Chatfield & Goodhardt 1973: Erlang intervals give the condensed NBD; Wheat & Morrison's k is then the order.

    A little less here, because the record knows the week of a trip only.
    """
    k = wheat_morrison_k(_timing(order).trips)
    assert 1.3 < k < expected + 0.05
    assert k == pytest.approx(expected, rel=0.15)


def test_condensed_nbd_counts() -> None:
    """Erlang-2 trips of one week are those of a condensed Poisson: P(n) = p(2n) + (p(2n-1) + p(2n+1)) / 2, mixed over
    rates.

    Chatfield & Goodhardt 1973, equation 4; the rate is gamma over customers, here integrated by numpy.
    """
    rng = np.random.default_rng(2)
    events = 2 * rng.gamma(1.5, 6.0 / 1.5, 200_000)  # Poisson events of three years: two make a trip
    expected = np.zeros(12)
    for n in range(expected.size):
        p = [
            stats.poisson.pmf(x, 0.5 * events) if x >= 0 else np.zeros_like(events)
            for x in (2 * n - 1, 2 * n, 2 * n + 1)
        ]
        expected[n] = (p[1] + 0.5 * (p[0] + p[2])).mean()
    panel = _timing(2)
    half_year = panel.purchases[panel.purchases["period"] < 26]
    trips = np.bincount(half_year["customer"], minlength=panel.customers)
    seen = np.bincount(trips, minlength=expected.size)[: expected.size] / panel.customers
    assert np.abs(seen - expected).max() < 4.5 * np.sqrt(0.25 / panel.customers)
    assert trips.mean() == pytest.approx(3.0, rel=0.02)


# ---- customers who leave ------------------------------------------------------------------------------------


def _histories(panel: Panel, arrival: np.ndarray, end: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Repeat purchases, recency and age of every customer, in weeks; the clock starts at the end of the week of
    arrival.
    """
    trips = panel.trips
    assert trips.time is not None
    number = np.zeros(panel.customers)
    number[trips.ids] = trips.number()
    last = np.zeros(panel.customers)
    np.maximum.at(last, trips.ids[trips.customer], trips.time / 7.0)
    recency = np.where(number > 1, last - (arrival + 1.0), 0.0)
    return number - 1, np.maximum(recency, 0.0), end - (arrival + 1.0)


@cache
def _cohort() -> tuple[Panel, np.ndarray]:
    scenario = Scenario.preset("music-retailer").with_(customers=60_000, seed=21)
    arrival = Simulation(scenario, threads=1).population.customers.arrival
    return watch(scenario, first=0, last=scenario.periods), arrival.astype(np.int64)


CDNOW = BGNBD(0.243, 4.414, 0.793, 2.426)


def test_cumulative_repeats_follow_the_bgnbd() -> None:
    """Fader, Hardie & Lee 2005, equation 9, week by week. The first purchase starts the clock in its week."""
    panel, arrival = _cohort()
    weeks = np.arange(2, 78)
    repeats = np.bincount(panel.purchases["period"], minlength=78) - np.bincount(arrival, minlength=78)
    simulated = np.cumsum(repeats)[weeks]
    expected = CDNOW.cohort_repeats(arrival, weeks)
    per_customer = np.zeros(panel.customers)
    np.add.at(per_customer, panel.purchases["customer"].to_numpy(), 1.0)
    error = per_customer.std() * np.sqrt(panel.customers) / expected[-1]  # relative, at the end
    assert abs(simulated[-1] / expected[-1] - 1) < 3.3 * error
    assert np.abs(simulated / expected - 1)[10:].max() < 0.03


def test_share_without_repeat_follows_the_bgnbd() -> None:
    """Fader, Hardie & Lee 2005: P(X(t) = 0) = (alpha / (alpha + t))^r; at 39 weeks about .6, as in CDNOW."""
    panel, arrival = _cohort()
    early = panel.purchases[panel.purchases["period"] < 39]
    number = np.bincount(early["customer"], minlength=panel.customers) - 1
    expected = CDNOW.zero_repeat_share(38.0 - arrival)
    z = ((number == 0) - expected).sum() / np.sqrt((expected * (1 - expected)).sum())
    assert abs(z) < 3.3
    assert (number == 0).mean() == pytest.approx(0.599, abs=0.02)


def test_number_of_repeats_follows_the_bgnbd() -> None:
    """Fader, Hardie & Lee 2005, equation 8: the whole distribution, for those who arrived in one week."""
    panel, arrival = _cohort()
    chosen = np.flatnonzero(arrival == 3)
    number = (np.bincount(panel.purchases["customer"], minlength=panel.customers) - 1)[chosen]
    expected = CDNOW.probability_of(np.arange(6), 77.0 - 3)
    seen = np.bincount(number)[:6] / chosen.size
    z = (seen - expected) / np.sqrt(expected * (1 - expected) / chosen.size)
    assert np.abs(z).max() < bound(6), z


def test_bgnbd_fitted_back_recovers_its_parameters() -> None:
    """Maximum likelihood on the simulated cohort finds the parameters that made it."""
    panel, arrival = _cohort()
    fitted = BGNBD.fit(*_histories(panel, arrival, 78))
    assert fitted.r == pytest.approx(CDNOW.r, rel=0.03)
    assert fitted.alpha == pytest.approx(CDNOW.alpha, rel=0.04)
    assert fitted.a / (fitted.a + fitted.b) == pytest.approx(CDNOW.a / (CDNOW.a + CDNOW.b), rel=0.05)


def test_nobody_has_bought_before_the_start() -> None:
    """A null market starts empty: no visits, no last purchase of newcomers, all tastes a distribution."""
    simulation = run(market(EVEN, customers=2_000, newcomers=0.5), periods=0)
    customers = simulation.population.customers
    assert not customers.visits.any()
    assert (customers.last_bought[:, customers.arrival > 0] == LONG_AGO).all()
    np.testing.assert_allclose(np.exp(customers.taste.astype(float)).sum(axis=0), 1.0, rtol=1e-4)
