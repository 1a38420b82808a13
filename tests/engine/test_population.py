"""Traits against the distributions they are meant to have, and ties against the network they are meant to make."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from goodwill.engine.levers import plan_of
from goodwill.engine.parameters import parameters_of
from goodwill.population import Population, make_population
from goodwill.scenario.scenario import Scenario

N = 20_000
LEVEL = 1e-4  # of the tests: seeds are fixed, so that this is no chance of failing but a measure of how near is near


def _draw(preset: str = "coffee-town", threads: int = 1, **changes: Any) -> tuple[Scenario, Population]:
    scenario = Scenario.preset(preset).with_({"customers": N, "seed": 5, **changes})
    key = (np.uint32(scenario.seed), np.uint32(0))
    return scenario, make_population(scenario, plan_of(scenario), parameters_of(scenario), key, threads)


def _fits(sample: np.ndarray, distribution: Any) -> bool:
    return stats.kstest(sample.astype(np.float64), distribution.cdf).pvalue > LEVEL


@pytest.mark.statistical
@pytest.mark.parametrize("shape", [0.3, 1.0, 1.2, 8.0])
def test_needs_are_gamma(shape: float) -> None:
    scenario, population = _draw(**{"population.trips_shape": shape})
    mean = scenario.population.trips_per_year / 52
    assert _fits(population.customers.need, stats.gamma(shape, scale=mean / shape))


@pytest.mark.statistical
@pytest.mark.parametrize("spread", [0.3, 1.5, 6.0])
def test_tastes_are_dirichlet(spread: float) -> None:
    """Each share of a Dirichlet is a Beta, and the shares of a customer sum to one."""
    scenario, population = _draw(**{"population.loyalty_spread": spread})
    shares = np.exp(population.customers.taste.astype(np.float64))
    # Where a share all but vanishes the taste is cut off; what is cut off weighs 1e-7.
    assert np.allclose(shares.sum(axis=0), 1, atol=1e-5)
    for firm, share in zip(scenario.firms, shares, strict=True):
        beta = stats.beta(spread * firm.share, spread * (1 - firm.share))
        seen = share[share > 2e-7]
        assert abs(np.mean(share > 2e-7) - beta.sf(2e-7)) < 4 / N**0.5
        below = beta.cdf(2e-7)
        # Near one float32 cannot tell 1 - 1e-8 from 1.
        inner = seen[seen < 1 - 1e-6]
        assert abs(share.mean() - firm.share) < 4 * (beta.var() / N) ** 0.5
        assert (
            stats.kstest(inner, lambda x, b=beta, a=below: (b.cdf(x) - a) / (b.cdf(1 - 1e-6) - a)).pvalue > LEVEL  # type: ignore[misc]
        )


@pytest.mark.statistical
def test_tastes_for_different_firms_are_correlated_as_a_dirichlet() -> None:
    scenario, population = _draw()
    shares = np.exp(population.customers.taste.astype(np.float64))
    a, b = scenario.firms[0].share, scenario.firms[1].share
    expected = -a * b / (scenario.population.loyalty_spread + 1)
    assert abs(np.cov(shares)[0, 1] - expected) < 0.003


@pytest.mark.statistical
def test_dropout_hazards_are_those_of_beta_chances() -> None:
    scenario, population = _draw(**{"behaviour.defection.dropout_a": 0.6, "behaviour.defection.dropout_b": 9.0})
    chance = -np.expm1(-population.customers.dropout.astype(np.float64))
    assert _fits(chance, stats.beta(0.6, 9.0))


@pytest.mark.statistical
def test_hazards_under_contract_are_gamma_with_mean_one() -> None:
    scenario, population = _draw("mobile-contract")
    spread = scenario.behaviour.defection.spread
    assert _fits(population.customers.dropout, stats.gamma(spread, scale=1 / spread))


@pytest.mark.statistical
def test_single_traits() -> None:
    scenario, population = _draw(**{"behaviour.choice.price_sensitivity_sd": 0.4, "population.attention": 0.7})
    traits, customers = scenario.population, population.customers
    wide = traits.basket_spread
    assert _fits(customers.log_basket, stats.norm(np.log(traits.basket) - wide**2 / 2, wide))
    choice = scenario.behaviour.choice
    assert _fits(
        customers.price_sensitivity / choice.price_sensitivity, stats.lognorm(0.4, scale=np.exp(-(0.4**2) / 2))
    )
    assert _fits(
        customers.sociability, stats.lognorm(traits.sociability_sd, scale=np.exp(-(traits.sociability_sd**2) / 2))
    )
    assert _fits(customers.hassle, stats.expon(scale=scenario.behaviour.programmes.hassle))
    assert _fits(customers.redeem_hassle, stats.norm(0, scenario.behaviour.programmes.redeem_hassle_sd))
    assert abs(customers.attention.mean() - 0.7) < 4 * (0.21 / N) ** 0.5
    for j, firm in enumerate(scenario.firms):
        aware = ((customers.aware >> j) & 1).mean()
        assert abs(aware - firm.awareness) <= 4 * (firm.awareness * (1 - firm.awareness) / N) ** 0.5


@pytest.mark.statistical
def test_newcomers_arrive_evenly() -> None:
    scenario, population = _draw(**{"population.newcomers": 0.4, "population.arrival_periods": 0})
    arrival = population.customers.arrival
    assert abs((arrival > 0).mean() - 0.4 * (1 - 1 / scenario.periods)) < 4 * (0.24 / N) ** 0.5
    late = arrival[arrival > 0]
    counts = np.bincount(late, minlength=scenario.periods)[1:]
    assert stats.chisquare(counts).pvalue > LEVEL


@pytest.mark.parametrize("threads", [2, 3])
def test_everybody_is_drawn_the_same_on_any_number_of_threads(threads: int) -> None:
    one, several = _draw()[1], _draw(threads=threads)[1]
    for a, b in zip((*one.customers, *one.members), (*several.customers, *several.members), strict=True):
        assert np.array_equal(a, b)


def test_ties_are_a_ring_without_rewiring() -> None:
    _, population = _draw(**{"network.rewiring": 0.0, "network.strong_ties": 6, "network.weak_ties": 0})
    i = np.arange(N)
    for k, step in enumerate((1, -1, 2, -2, 3, -3)):
        assert np.array_equal(population.customers.ties[k], (i + step) % N)


def test_rewired_and_weak_ties_go_anywhere_but_to_oneself() -> None:
    _, population = _draw(**{"network.rewiring": 0.25, "network.strong_ties": 6, "network.weak_ties": 2})
    ties, i = population.customers.ties, np.arange(N)
    assert (ties < N).all()
    assert (ties != i).all()
    steps = np.array([1, -1, 2, -2, 3, -3])[:, None]
    rewired = ties[:6] != (i + steps) % N
    assert abs(rewired.mean() - 0.25) < 4 * (0.19 / (6 * N)) ** 0.5
    for weak in ties[6:]:
        assert stats.chisquare(np.bincount(weak // (N // 20), minlength=20)).pvalue > LEVEL


def test_a_mechanism_that_is_off_has_no_arrays() -> None:
    off = {f"behaviour.{name}.on": False for name in ("habit", "expectation", "satisfaction", "commitment", "zone")}
    _, population = _draw(**off, **{"behaviour.word_of_mouth.on": False})
    customers = population.customers
    for name in (
        "habit",
        "expectation",
        "uncertainty",
        "ideal",
        "satisfaction",
        "commitment",
        "opinion",
        "ties",
        "said",
    ):
        assert getattr(customers, name).size == 0, name
