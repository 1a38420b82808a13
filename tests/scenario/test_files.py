"""Reading YAML: the core schema, broken and missing files, notes and numbers in the text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from goodwill.errors import ScenarioError
from goodwill.scenario.files import read_yaml
from goodwill.scenario.scenario import Scenario
from goodwill.scenario.text import notes, replace_numbers
from goodwill.scenario.yaml_core import CoreLoader

TEXT = """\
seed: 3  # any
firms:
  - name: A
    share: 0.6  # data: share
    price: 3
  - {name: B, share: 0.4, price: 2}  # the rest
population:
  basket: 1.0
"""


def load(text: str) -> Any:
    return yaml.load(text, CoreLoader)


def mistake(path: Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on: true", {"on": True}),
        ("y: no", {"y": "no"}),
        ("1e6", 1e6),
        ("-.5", -0.5),
        ("010", 10),
        ("0x1F", 31),
        ("0o17", 15),
        ("~", None),
        ("", None),
        ("a:", {"a": None}),
        ("2020-01-01", "2020-01-01"),
        ("12:30", "12:30"),
        (".inf", float("inf")),
        ("'1'", "1"),
        ("base: &b {x: 1}\nmore: {<<: *b, y: 2}", {"base": {"x": 1}, "more": {"x": 1, "y": 2}}),
    ],
)
def test_yaml_is_read_by_the_core_schema(text: str, value: Any) -> None:
    read = load(text)
    assert read == value and type(read) is type(value)


# Beyond U+FFFF the two differ: JSON escapes in pairs, YAML does not.
WORDS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=60)  # keys have a limit


@given(st.recursive(st.none() | st.booleans() | st.integers() | WORDS, lambda s: st.dictionaries(WORDS, s)))
def test_what_json_writes_is_read_as_it_was(value: Any) -> None:
    assert load(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty; `goodwill init"),
        ("# only a comment\n", "the file is empty"),
        ("seed: 1\nseed: 2\n", "line 2, column 1: the key 'seed' is given twice"),
        ("firms: [", "line 1, column"),
        ("seed: 1\n  x: 2", "line 2, column"),
        ("a: !!python/object/apply:os.getcwd []", "could not determine a constructor"),
        ("- 1\n- 2", "expected keys and values, found list"),
        ("on: 1\nfirms: []", "on: unknown key"),
    ],
)
def test_a_broken_file_says_where(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "market.yaml"
    path.write_text(text, encoding="utf-8")
    text = mistake(path)
    assert text.startswith(str(path)) and message in text


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    path = tmp_path / "no.yaml"
    assert mistake(path) == f"{path}: there is no such file; `goodwill init {path}` writes a starter"
    assert mistake(tmp_path) == f"{tmp_path}: is a folder, not a file"
    path.write_bytes(b"\xff\xfe\x00")
    assert "cannot be read as text" in mistake(path)


def test_notes_stand_beside_their_values() -> None:
    assert notes(TEXT) == {"seed": "any", "firms.0.share": "data: share"}


def test_numbers_are_replaced_and_all_else_stays() -> None:
    changed = replace_numbers(TEXT, {"firms.1.share": 0.25, "firms.0.share": 0.75, "population.basket": 2.5})
    expected = TEXT.replace("0.6", "0.75").replace("share: 0.4", "share: 0.25").replace("1.0", "2.5")
    assert changed == expected
    with pytest.raises(ScenarioError, match="firms.2.share: is not in the file"):
        replace_numbers(TEXT, {"firms.2.share": 0.1})


@given(st.floats(0.01, 1e6))
def test_a_replaced_number_is_read_back_exactly(value: float) -> None:
    assert load(replace_numbers(TEXT, {"firms.0.price": value}))["firms"][0]["price"] == value


def test_a_remedy_of_ones_own(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no such file; write one$"):
        read_yaml(tmp_path / "x.yaml", "write one")
