"""Worker processes that are killed."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import pytest

from goodwill.errors import StudyError
from goodwill.lab.executors import run_all


def die_at_three(item: int) -> int:
    if item == 3:
        time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def fail(item: int) -> int:
    raise ZeroDivisionError(item)


def test_a_killed_worker_is_a_clear_error_and_what_was_done_is_kept() -> None:
    done: list[Any] = []
    with pytest.raises(StudyError, match="a worker process was killed .* with fewer --workers"):
        for result in run_all(die_at_three, range(6), workers=2):
            done.append(result)
    assert done
    assert sorted(run_all(abs, range(4), workers=2)) == [0, 1, 2, 3]  # and the next one works


def test_an_error_in_a_worker_is_told_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError):
        list(run_all(fail, range(3), workers=2))


def test_one_worker_is_this_process() -> None:
    assert list(run_all(lambda _: os.getpid(), range(2), workers=1)) == [os.getpid()] * 2
