"""The page itself: Mesa's `SolaraViz` with the market's sliders and drawings. `goodwill app` serves this module."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import solara
from matplotlib.figure import Figure
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter

from goodwill.app.drawings import loyalty_figure, members_figure, network_figure, shares_figure
from goodwill.app.market import PageMarket, market_class
from goodwill.app.serve import SCENARIO_VARIABLE, chosen_scenario
from goodwill.app.settings import explained_parameters, page_scenario, sliders
from goodwill.notebook import market_html
from goodwill.scenario.scenario import Scenario


def drawing(draw: Callable[[Any], Figure]) -> Callable[[PageMarket], Any]:
    """A component that draws the market anew after every step."""

    @solara.component
    def Drawing(model: PageMarket) -> None:
        update_counter.get()
        solara.FigureMatplotlib(draw(model.simulation), format="png")

    return Drawing


@solara.component
def KeyNumbers(model: PageMarket) -> None:
    """The figures of the firms, and the shares over the whole run."""
    update_counter.get()
    solara.HTML(unsafe_innerHTML=market_html(model.record()))


@solara.component
def Meanings(model: PageMarket) -> None:
    """What the sliders mean, from the declarations of the parameters."""
    rows = explained_parameters(model.base)
    with solara.Column():
        for row in rows:
            solara.Markdown(f"**{row['name']}** ({row['unit']}): {row['meaning']}. Source: {row['source']}.")
        solara.Markdown("Values of sliders and the programme take effect with **Reset**. All: `goodwill parameters`.")


COMPONENTS = [
    (drawing(shares_figure), 0),
    (drawing(loyalty_figure), 0),
    (drawing(members_figure), 0),
    (drawing(network_figure), 0),
    (KeyNumbers, 1),
    (Meanings, 1),
]


def market_page(scenario: Scenario) -> Any:
    """The page for a scenario, to be shown in a notebook or served; every viewer has a market of his own."""
    base = page_scenario(scenario)

    @solara.component
    def Viewer() -> None:
        model = solara.use_memo(lambda: market_class(base)(), [])
        SolaraViz(
            model,
            components=COMPONENTS,
            model_params=sliders(base),
            name=f"goodwill: {base.name}",
            play_interval=50,
        )

    return Viewer()


@solara.component
def Page() -> None:
    """What `solara run` shows: the scenario that `goodwill app` was given."""
    scenario = solara.use_memo(lambda: chosen_scenario(os.environ.get(SCENARIO_VARIABLE, "")), [])
    market_page(scenario)
