"""One wave: all instruments of a firm that are on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from goodwill.measures.instruments.base import Figure, Scene
from goodwill.measures.instruments.complaints import complaints
from goodwill.measures.instruments.lost_customers import lost_customers
from goodwill.measures.instruments.mystery_shopper import mystery_shopper
from goodwill.measures.instruments.panel import panel
from goodwill.measures.instruments.survey import survey
from goodwill.scenario.instruments import Instruments


def wave(scene: Scene, terms: Instruments, known: np.ndarray) -> Iterator[tuple[str, Figure]]:
    """Figures with the name of their instrument; `known` is what the analysis of lost customers remembers."""
    if terms.survey.on:
        yield from (("survey", figure) for figure in survey(scene, terms.survey))
    if terms.mystery_shopper.on:
        yield from (("mystery_shopper", figure) for figure in mystery_shopper(scene, terms.mystery_shopper))
    if terms.complaints.on:
        since = max(scene.period - terms.every, 0)
        yield from (("complaints", figure) for figure in complaints(scene, since))
    if terms.lost_customers.on:
        yield from (("lost_customers", figure) for figure in lost_customers(scene, terms.lost_customers, known))
    if terms.panel.on:
        yield from (("panel", figure) for figure in panel(scene, terms.panel))
