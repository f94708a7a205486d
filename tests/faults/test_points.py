"""A process dies at the point that its file names, after as many passes as it says, and tells what it was doing."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.armed import POINTS
from tests.faults.faults import POINTS_OF

PROGRAM = """
import sys
from pathlib import Path
from tests.faults.armed import Points
points = Points(Path(sys.argv[1]), "planning")
for number in range(5):
    points.reached("after_commit", {"said": number})
    points.reached("before_commit", {"said": number})
"""


def ended(folder: Path) -> int:
    return subprocess.run([sys.executable, "-c", PROGRAM, str(folder)], check=False).returncode


def test_without_a_file_nothing_happens(tmp_path: Path) -> None:
    assert ended(tmp_path) == 0


def test_a_file_of_another_service_or_point_is_passed_by(tmp_path: Path) -> None:
    (tmp_path / "exchange").write_text("after_commit 0")
    (tmp_path / "planning").write_text("after_produce_before_ack 0")

    assert ended(tmp_path) == 0


@pytest.mark.parametrize("num_passed", [0, 3])
def test_it_dies_there_by_sigkill_and_has_told_what_it_was_doing(tmp_path: Path, num_passed: int) -> None:
    (tmp_path / "planning").write_text(f"before_commit {num_passed}")

    assert ended(tmp_path) == -signal.SIGKILL
    told = json.loads((tmp_path / "planning.hit").read_text())
    assert (told["point"], told["doing"]) == ("before_commit", {"said": num_passed})


def test_every_point_is_struck_in_some_service() -> None:
    assert {point for points in POINTS_OF.values() for point in points} == set(POINTS)
