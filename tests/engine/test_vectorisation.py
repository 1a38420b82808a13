"""Loops that are meant to take many customers at a time do: the machine code is looked at.

A lost vectorisation changes no result and shows in no other test; it only makes a loop four to eight times slower. A rule that
is not inlined, an index that might be negative or two arrays that might overlap are enough.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import llvmlite.binding as llvm
import pytest

FEATURES = llvm.get_host_cpu_features()
REGISTERS = "zmm" if FEATURES.get("avx512f") and FEATURES.get("avx512dq") else "ymm"
pytestmark = [
    pytest.mark.slow,  # everything is compiled anew, because what comes from the cache cannot be looked at
    pytest.mark.skipif(not FEATURES.get("avx2"), reason="the processor has no AVX2"),
]

# At least so many multiplications of packed floats (vmulps) and of packed integers (vpmuludq, in Philox) in the widest registers:
# about half of what was seen. Kernels that are not named gather, scatter, pick or count.
WANTED = {
    "incidence.draw_luck": (2, 18),
    "incidence.draw_trips": (14, 0),
    "choose.add_up_utility": (14, 0),
    "choose.add_programmes": (34, 0),
    "choose.pick_firms": (16, 18),
    "choose.set_inclusive_values": (12, 0),
    "choose.buy_nothing": (6, 16),
    "choose.want_second_brand": (1, 15),
    "buy.draw_purchases": (36, 18),
    "buy.experience": (18, 0),
    "buy.remember": (6, 0),
    "hear.hear_ties": (6, 0),
    "hear.hear_promises": (5, 0),
    "hear.hear_advertising": (1, 16),
    "serve.before_paying": (1, 15),
    "serve.after_paying": (30, 18),
    "leave.drop_out": (7, 0),
    "leave.lapse": (20, 0),
    "talk.talk": (6, 0),
}

_COUNT = """
import json, re, sys
from goodwill.engine.steps import buy, choose, hear, incidence, leave, serve, talk
from goodwill.scenario.scenario import Scenario
from goodwill.simulation import Simulation
Simulation(Scenario.preset("mini").with_(customers=8, periods=2), threads=1)
found = {}
for module in (buy, choose, hear, incidence, leave, serve, talk):
    for name, function in vars(module).items():
        if getattr(function, "signatures", None) and function.py_func.__module__ == module.__name__:
            code = "\\n".join(function.inspect_asm().values())
            found[module.__name__.split(".")[-1] + "." + name] = [
                len(re.findall(rf"{operation}\\b.*{sys.argv[1]}", code)) for operation in ("vmulps", "vpmuludq")
            ]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, int]]:
    folder: Path = tmp_path_factory.mktemp("cache")
    done = subprocess.run(
        [sys.executable, "-c", _COUNT, REGISTERS],
        env={**os.environ, "GOODWILL_CACHE_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("kernel", WANTED)
def test_kernel_is_vectorised(kernel: str, counts: dict[str, tuple[int, int]]) -> None:
    for wanted, found, what in zip(WANTED[kernel], counts[kernel], ("floats", "integers"), strict=True):
        assert found >= wanted, f"{kernel}: {found} multiplications of packed {what} in {REGISTERS}, expected {wanted}"
