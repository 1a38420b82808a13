"""The market behind the page: made anew from the sliders' values whenever the page is reset."""

from __future__ import annotations

from typing import Any

from goodwill.app.settings import apply_settings
from goodwill.market import Market
from goodwill.scenario.scenario import Scenario


class PageMarket(Market):
    """A market whose keyword arguments are the settings of the page, as Mesa's page makes models."""

    base: Scenario  # set in a subclass by `market_class`

    def __init__(self, **kwargs: Any) -> None:
        self.settings = kwargs  # this name is the one Mesa's page lets pass
        # One thread: the market is small, and every visitor of the page has one of his own.
        super().__init__(apply_settings(self.base, kwargs), threads=1)

    # From 3.5 on Mesa's page takes a model's `scenario` for one of its own, made of the same keywords; ours is not.
    @property
    def scenario(self) -> Any:
        """Nothing; see `simulation.scenario`."""
        return None

    @scenario.setter
    def scenario(self, value: Any) -> None:
        self._scenario = value


def market_class(scenario: Scenario) -> type[PageMarket]:
    """The class of markets that vary this scenario."""
    return type("PageMarket", (PageMarket,), {"base": scenario})
