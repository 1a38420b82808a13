"""All measurements by the id of their target. A target without one is reported as not yet measurable."""

from __future__ import annotations

from goodwill.lab.evidence import accounts, money, programmes, repeat_buying, satisfaction, talk, tiers
from goodwill.lab.evidence.measurement import Measurement

_SUBJECTS = (repeat_buying, programmes, tiers, satisfaction, talk, money, accounts)

MEASUREMENTS: dict[str, Measurement] = {m.target: m for subject in _SUBJECTS for m in subject.MEASUREMENTS}
