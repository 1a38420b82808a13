"""The rows of concepts: what they name exists - keys, kinds, files, tests, presets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from goodwill.cli import app
from goodwill.concepts import STATES, Concept, concepts
from goodwill.programmes.catalogue import kinds
from goodwill.programmes.templates import template
from goodwill.scenario.firm import Firm
from goodwill.scenario.presets import preset_names
from goodwill.scenario.scenario import Scenario
from goodwill.scenario.table import parameter_rows

ROOT = Path(__file__).resolve().parents[1]
KEYS = {re.sub(r"\.\*", "", row["key"]) for row in parameter_rows()}
ROWS = [*(f"A{n}" for n in range(1, 16)), *(f"B{n}" for n in range(1, 16)), *(f"C{n}" for n in range(1, 11))]


def test_every_row_is_listed_once_and_in_order() -> None:
    assert [concept.id for concept in concepts()] == ROWS


@pytest.mark.parametrize("concept", concepts(), ids=lambda c: c.id)
def test_what_a_row_names_exists(concept: Concept) -> None:
    assert concept.state in STATES
    assert concept.line.endswith(".")
    if concept.state == "done":
        assert concept.keys and concept.code and concept.test and concept.preset
    if concept.state == "partly":
        assert concept.missing
    for key in concept.keys:
        word, _, name = key.partition(" ")
        if word == "kind":
            assert name in kinds(), key
        elif word == "template":
            from goodwill.programmes.templates import template_names

            assert name in template_names(), key
        elif word == "strategy":
            from goodwill.strategies.catalogue import kinds as strategies

            assert name in strategies(), key
        elif word == "record":
            from goodwill.record import Record

            assert hasattr(Record, name), key
        else:
            plain = key.replace(".*", "")
            assert any(known == plain or known.startswith(plain + ".") for known in KEYS), key
    for file in concept.code:
        assert (ROOT / "model" / "goodwill" / file).is_file(), file
    if concept.test:
        file, _, function = concept.test.partition("::")
        text = (ROOT / file).read_text(encoding="utf-8")
        assert f"def {function}(" in text if function else "def test_" in text
    assert concept.preset in ("", *preset_names())


def differs(content: Any, usual: Any, path: list[str]) -> bool:
    """Some value at or below a path (`*`: any) that is not the default."""
    if not path:
        return bool(content != usual)
    if path[0] == "*":
        return any(differs(part, usual, path[1:]) for part in content)
    return differs(getattr(content, path[0]), getattr(usual, path[0]), path[1:])


@pytest.mark.parametrize("concept", [c for c in concepts() if c.preset], ids=lambda c: c.id)
def test_a_row_can_be_seen_in_its_preset(concept: Concept) -> None:
    """Its switches are on there, one of its programmes or strategies runs there, and its levers are set by one of them."""
    scenario = Scenario.preset(concept.preset)
    firms = scenario.firms
    named = {
        word: {k.partition(" ")[2] for k in concept.keys if k.startswith(word + " ")} for word in ("kind", "strategy")
    }
    named["template"] = {template(k[9:]).programme["kind"] for k in concept.keys if k.startswith("template ")}
    offered = {programme.kind for firm in firms for programme in (*firm.programmes, *firm.options)}
    several = {"offer", "service", "paid_club", "stamp_card", "points", "tiers"}  # each one of several ways to do it
    wanted = named["kind"] | named["template"]
    assert wanted - several <= offered, wanted - offered
    assert not wanted or wanted & offered or wanted == {"offer"}
    if named["strategy"]:
        acting = {firm.strategy.kind for firm in firms if firm.strategy is not None}
        assert len(named["strategy"] & acting) > 2
    for key in concept.keys:
        if key.startswith("behaviour.") and key.endswith(".on"):
            assert getattr(scenario.behaviour, key.split(".")[1]).on, key
        if key.startswith("firms."):
            plain = Firm.model_validate({"name": "usual", "share": 1.0, "price": 1.0})
            assert differs(firms, plain, key.split(".")[1:3]), key


def test_the_command_lists_all_rows_and_one() -> None:
    everything = CliRunner().invoke(app, ["concepts", "--format", "csv"])
    assert everything.exit_code == 0
    assert len(everything.output.splitlines()) == len(ROWS) + 1
    one = CliRunner().invoke(app, ["concepts", "a1"])
    assert one.exit_code == 0
    assert "behaviour.expectation.on" in one.output


def test_a_row_that_does_not_exist_is_named() -> None:
    result = CliRunner().invoke(app, ["concepts", "A77"])
    assert result.exit_code == 2
