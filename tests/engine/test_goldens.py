"""Small worlds count today what they counted when the goldens were accepted."""

from __future__ import annotations

import json

import pytest
from tests.update_goldens import FILE, counted, worlds


@pytest.mark.parametrize("name", worlds())
def test_a_world_counts_what_it_did(name: str) -> None:
    golden = json.loads(FILE.read_text(encoding="utf-8"))[name]
    now = counted(worlds()[name])
    changed = [
        f"{column}: sum {golden.get(column, {}).get('sum', 0)} was, {now.get(column, {}).get('sum', 0)} is"
        for column in sorted(golden.keys() | now.keys())
        if golden.get(column) != now.get(column)
    ]
    assert not changed, (
        f"{name}: {'; '.join(changed)}. If this was meant, say why in the commit and accept it: make goldens"
    )


def test_every_golden_has_its_world() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")).keys() == worlds().keys()
