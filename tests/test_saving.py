"""A saved simulation goes on as if nothing had happened, in another process, in either engine; what does not fit is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import pytest
from tests.branches import assert_same, whole_run
from tests.engine.worlds import differences, random_scenario

from goodwill.errors import GoodwillError, StudyError
from goodwill.saving import as_data, from_data
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation
from goodwill.strategies.base import Strategy


def rivals() -> Scenario:
    return Scenario.preset("supermarket-rivals").with_(customers=500, periods=80)


def saved(scenario: Scenario, periods: int, file: Path, **options: Any) -> Path:
    simulation = Simulation(scenario, **{"threads": 1, **options})
    simulation.advance(periods)
    return simulation.save(file)


@pytest.mark.parametrize("seed", range(12))
def test_random_worlds_go_on(seed: int, tmp_path: Path) -> None:
    scenario = random_scenario(seed)
    file = saved(scenario, scenario.periods // 2, tmp_path / "world.npz")
    later = Simulation.load(file, threads=1)
    assert later.period == scenario.periods // 2
    later.run()
    assert_same(later, whole_run(scenario))


def test_firms_that_act_go_on_with_all_they_know(tmp_path: Path) -> None:
    later = Simulation.load(saved(rivals(), 62, tmp_path / "world.npz", replicate=3), threads=2)
    later.run()
    assert_same(later, whole_run(rivals(), replicate=3))


def test_it_goes_on_in_the_other_engine(tmp_path: Path) -> None:
    scenario = random_scenario(5)
    later = Simulation.load(saved(scenario, 9, tmp_path / "world.npz"), engine="reference")
    later.run()
    assert_same(later, whole_run(scenario))


_IN_ANOTHER_PROCESS = """
import sys
from goodwill.simulation import Simulation
later = Simulation.load(sys.argv[1], threads=1)
later.run()
later.save(sys.argv[2])
"""


def test_it_goes_on_in_another_process(tmp_path: Path) -> None:
    file = saved(rivals(), 62, tmp_path / "world.npz")
    subprocess.run([sys.executable, "-c", _IN_ANOTHER_PROCESS, str(file), str(tmp_path / "end.npz")], check=True)
    assert_same(Simulation.load(tmp_path / "end.npz", threads=1), whole_run(rivals()))


def test_a_saved_simulation_branches(tmp_path: Path) -> None:
    scenario = Scenario.preset("coffee-town").with_({"firms.0.programmes": []}, customers=400, periods=30, warm_up=6)
    later = Simulation.load(saved(scenario, 12, tmp_path / "world.npz", branchable=True), threads=1)
    branch = later.branch([{"kind": "stamp_card", "stamps": 6}])
    branch.run()
    assert_same(branch, whole_run(branch.scenario, branchable=True))


def test_rules_of_ones_own_have_to_be_given_again(tmp_path: Path) -> None:
    def update_habit(habit: np.float32, was_last: np.float32, rate: np.float32) -> np.float32:
        return habit

    scenario = random_scenario(2)
    rules = {"update_habit": update_habit}
    file = saved(scenario, 9, tmp_path / "world.npz", rules=rules, engine="reference")
    with pytest.raises(StudyError, match="rule update_habit; now there are none; give the very same with `rules=`"):
        Simulation.load(file)
    later = Simulation.load(file, rules=rules, engine="reference")
    later.run()
    assert_same(later, whole_run(scenario, rules=rules, engine="reference"))


@pytest.fixture
def hoarding() -> Iterator[dict[str, Any]]:
    """A strategy that remembers what no file can hold."""

    class Hoards(Strategy):
        kind: Literal["hoards"] = "hoards"
        summary: ClassVar[str] = "remembers an object"
        sources: ClassVar[tuple[str, ...]] = ("-",)
        moves: ClassVar[dict[str, tuple[float, float]]] = {}
        observes: ClassVar[tuple[str, ...]] = ()

        def decide(self, seen: Any, memory: dict[str, Any]) -> list[Any]:
            memory["thing"] = object()
            return []

    yield {"kind": "hoards", "first": 0}
    del Strategy.known["hoards"]


def test_a_memory_that_is_no_data_is_refused(hoarding: dict[str, Any], tmp_path: Path) -> None:
    scenario = Scenario.preset("mini").with_({"firms.0.strategy": hoarding}, customers=50, periods=12)
    with pytest.raises(GoodwillError, match="what its strategy remembers cannot be saved"):
        saved(scenario, 6, tmp_path / "world.npz")
    assert not list(tmp_path.iterdir())


# -- files that do not fit ----------------------------------------------------------------------------------------


def test_damage_is_noticed_or_harmless(tmp_path: Path) -> None:
    file = saved(random_scenario(1), 8, tmp_path / "world.npz")
    whole, content = Simulation.load(file, threads=1), bytearray(file.read_bytes())
    luck = np.random.default_rng(4)
    refused = 0
    for _ in range(60):
        damaged = bytearray(content)
        damaged[int(luck.integers(len(damaged)))] ^= 1 << int(luck.integers(8))
        file.write_bytes(damaged)
        try:
            assert differences(Simulation.load(file, threads=1), whole) == []  # some bytes say nothing, such as a date
        except StudyError as error:
            refused += 1
            assert "is no whole file of a simulation" in str(error)
    assert refused > 20
    for length in (0, 7, len(content) // 2, len(content) - 1):
        file.write_bytes(content[:length])
        with pytest.raises(StudyError, match="is no whole file of a simulation"):
            Simulation.load(file)


def test_files_of_another_version_are_refused(tmp_path: Path) -> None:
    file = saved(random_scenario(1), 8, tmp_path / "world.npz")
    with np.load(file) as stored:
        arrays = dict(stored)
    about = json.loads(arrays["about"].tobytes()) | {"code": "0123456789ab"}
    np.savez(file, **arrays | {"about": np.frombuffer(json.dumps(about).encode(), np.uint8)})
    with pytest.raises(StudyError, match="another version of goodwill .code 0123456789ab"):
        Simulation.load(file)


def test_what_is_no_simulation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="there is no such file"):
        Simulation.load(tmp_path / "nothing.npz")
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(StudyError, match="is no whole file"):
        Simulation.load(tmp_path / "other.npz")
    np.savez(tmp_path / "code.npz", about=np.array([object()]))
    with pytest.raises(StudyError, match="is no whole file"):  # nothing in a file is executed
        Simulation.load(tmp_path / "code.npz")
    with pytest.raises(StudyError, match="cannot be written"):
        saved(random_scenario(1), 2, tmp_path / "other.npz" / "world.npz")


def test_data_come_back_as_they_were() -> None:
    memory = {
        "level": 1.25, 3: None, "kinds": ["a", ("b", 2)], "seen": {"x", "y"}, "number": np.float32(0.1), "on": True,
        "nan": float("inf"), (1, "a"): {"deep": [1]},
    }  # fmt: skip
    back = from_data(json.loads(json.dumps(as_data(memory))))
    assert back == memory
    assert type(back["number"]) is np.float32 and type(back["kinds"][1]) is tuple
