"""What a factor is called, its unit, and how it is spread: for rules, axes and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

# Units that add nothing to a number.
_SILENT = {
    "-",
    "share",
    "probability",
    "chance",
    "ratio",
    "factor",
    "factors",
    "true/false",
    "text",
    "integer",
    "0 to 1",
}


@dataclass(frozen=True)
class FactorName:
    """A factor in words. logarithmic: spread by ratio."""

    label: str
    unit: str = ""
    logarithmic: bool = False

    @property
    def title(self) -> str:
        """For an axis."""
        return f"{self.label}, {self.unit}" if self.unit else self.label

    def amount(self, value: float, digits: int = 3) -> str:
        """A value with its unit."""
        text = shown(value, digits)
        return f"{text} {self.unit}" if self.unit and np.isfinite(value) else text


def named(names: Mapping[str, FactorName], factor: object) -> FactorName:
    """A factor in words, whether or not anything is known of it."""
    return names.get(str(factor), FactorName(str(factor).replace("_", " ")))


def shown(value: float, digits: int = 6) -> str:
    """A number with so many significant digits and a true minus sign."""
    return f"{value:,.{digits}g}".replace("-", "\u2212")


def names_of(results: Any) -> dict[str, FactorName]:
    """The factors of a study: labels as its file gives them, units of the parameters they stand for."""
    study = results.study
    currency = study.scenario.measurement.currency
    found = {}
    for name, factor in study.factors.items():
        label = factor.label or name.replace("_", " ")
        found[name] = FactorName(label, unit_of(_key(factor, results), currency), bool(factor.log))
    return found


def unit_of(key: str, currency: str) -> str:
    """The unit of a parameter by its dotted path, '' where it says nothing."""
    from goodwill.scenario.table import parameter_rows

    for row in parameter_rows():
        if re.fullmatch(re.escape(row["key"]).replace(r"\*", r"[^.]+"), key):
            unit = str(row["unit"])
            return "" if unit in _SILENT or "|" in unit else unit.replace("currency", currency)
    return ""


def _key(factor: Any, results: Any) -> str:
    """The path of a factor as the table of parameters has it: terms of a programme begin with its kind."""
    path = str(factor.targets[0])
    found = re.fullmatch(r"programmes\.(\d+)\.(.+)", path)
    if factor.arm is None or found is None:
        return path.removeprefix("set.")
    programmes = results.study.arms[factor.arm]["programmes"]
    kind = programmes[int(found[1])]["kind"] if int(found[1]) < len(programmes) else ""
    return f"{kind}.{found[2]}"
