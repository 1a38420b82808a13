"""What can be set on the page, without a browser."""

from __future__ import annotations

import pytest

pytest.importorskip("solara")

from goodwill.app.drawings import loyalty_figure, members_figure, network_figure, shares_figure
from goodwill.app.market import market_class
from goodwill.app.serve import chosen_scenario
from goodwill.app.settings import (
    AS_IT_IS,
    PROGRAMME,
    apply_settings,
    explained_parameters,
    page_scenario,
    programme_choices,
    slider_bounds,
    sliders,
)
from goodwill.errors import ScenarioError
from goodwill.scenario.presets import preset_names
from goodwill.scenario.scenario import Scenario


@pytest.mark.parametrize("name", preset_names())
def test_sliders_come_from_the_declarations(name: str) -> None:
    scenario = page_scenario(Scenario.preset(name))
    rows = explained_parameters(scenario)
    assert 4 <= len(rows) <= 7
    for row in rows:
        assert row["meaning"]
        assert row["low"] <= row["value"] <= row["high"]
        assert row["unit"]
    for key, options in sliders(scenario).items():
        value = options["value"]
        assert apply_settings(scenario, {key: value}) == scenario, key
        if "min" in options:
            for end in (options["min"], options["max"]):
                apply_settings(scenario, {key: end})  # every position is valid
            assert 10 <= (options["max"] - options["min"]) / options["step"] <= 120, key


@pytest.mark.parametrize("name", preset_names())
def test_every_programme_can_be_switched_on_and_drawn(name: str) -> None:
    base = page_scenario(Scenario.preset(name)).with_(customers=100, periods=20, warm_up=3)
    for choice in programme_choices(base):
        market = market_class(base)(**{PROGRAMME: choice, "customers": 100})
        for periods in (0, 1, 8):
            while market.period < periods:
                market.step()
            for draw in (shares_figure, loyalty_figure, members_figure, network_figure):
                assert draw(market.simulation).axes
        assert market.simulation.scenario.firms[0].programmes == (
            base.firms[0].programmes if choice == AS_IT_IS else tuple(programme_choices(base)[choice] or ())
        )


def test_bounds_of_a_slider() -> None:
    assert slider_bounds(7.0, 0, 10) == (0, 10)
    assert slider_bounds(4.0, 0.01, 1e6) == (1, 16)
    assert slider_bounds(-2.6, -100, 0) == (-10.4, -0.65)
    assert slider_bounds(0.0, 0, 8) == (0, 8)


def test_fixed_costs_follow_the_size() -> None:
    scenario = Scenario.preset("coffee-town")
    small = page_scenario(scenario)
    factor = small.customers / scenario.customers
    assert small.firms[0].fixed_cost == pytest.approx(factor * scenario.firms[0].fixed_cost)


def test_scenario_of_the_page() -> None:
    assert chosen_scenario("mini").name == "mini"
    with pytest.raises(ScenarioError, match="no such file"):
        chosen_scenario("nowhere.yaml")
