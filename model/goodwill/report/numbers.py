"""Numbers as a reader wants them: few digits, the right unit, a true minus sign, a dash for what is not known."""

from __future__ import annotations

import math

DASH = "–"
MINUS = "\u2212"
THIN = "\u202f"


def money(value: float, signed: bool = False) -> str:
    """Currency: whole units from ten on, two decimals below."""
    if not math.isfinite(value):
        return DASH
    size = abs(value)
    digits = 0 if size >= 9.995 or size == 0 else 2
    return _signed(value, f"{size:,.{digits}f}", signed)


def percent(value: float, signed: bool = False, digits: int = 1) -> str:
    """A share in per cent."""
    return DASH if not math.isfinite(value) else _signed(value, f"{100 * abs(value):.{digits}f}{THIN}%", signed)


def points(value: float, signed: bool = True) -> str:
    """A difference between shares, in percentage points."""
    if not math.isfinite(value):
        return DASH
    return _signed(value, f"{100 * abs(value):.2f}", signed)


def count(value: float, signed: bool = False) -> str:
    """A number of people, purchases or worlds."""
    return DASH if not math.isfinite(value) else _signed(value, f"{abs(value):,.0f}", signed)


def times(value: float) -> str:
    """A ratio such as 2.4 or 110."""
    if not math.isfinite(value):
        return DASH
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def plain(value: float, signed: bool = False) -> str:
    """A number without a unit, three significant digits."""
    return DASH if not math.isfinite(value) else _signed(value, f"{abs(value):,.3g}", signed)


def by_unit(value: float, unit: str, signed: bool = False) -> str:
    """A number in the unit of an outcome; a difference of shares is in percentage points."""
    if unit == "share":
        return points(value) if signed else percent(value)
    if unit in ("money", "balance"):
        return money(value, signed)
    return count(value, signed) if unit == "count" else plain(value, signed)


def _signed(value: float, text: str, signed: bool) -> str:
    """The text with its sign; a number that was rounded to nothing has none."""
    if not any(digit in text for digit in "123456789"):
        return text
    if value < 0:
        return MINUS + text
    return "+" + text if signed else text
