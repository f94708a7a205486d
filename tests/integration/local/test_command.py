"""The command `samsyn` where nothing runs, and where a dead run has left something."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from samsyn_local.cli import app
from samsyn_local.failure import StartError
from samsyn_local.processes import clean_environment
from samsyn_local.run_folder import RunFolder
from typer.testing import CliRunner

from tests.integration.local.running import is_gone


def samsyn(*arguments: str) -> tuple[int, str]:
    """Exit status and output of the command."""
    result = CliRunner().invoke(app, list(arguments))
    if isinstance(result.exception, StartError):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture
def leftover(tmp_path: Path) -> Iterator[int]:
    """A process that an earlier run from the folder started, and that nobody watches."""
    environment = clean_environment(RunFolder(tmp_path).new_mark())
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], env=environment) as process:
        yield process.pid
        process.kill()


def test_the_status_of_a_run_that_is_not_up_has_exit_status_3(tmp_path: Path) -> None:
    assert samsyn("status", "--dir", str(tmp_path)) == (3, "Samsyn is down\n")


def test_a_status_left_by_a_killed_run_does_not_say_that_it_is_up(tmp_path: Path) -> None:
    RunFolder(tmp_path).write_status({"state": "up", "parts": {"kafka": {"state": "up"}}})
    exit_status, said = samsyn("status", "--json", "--dir", str(tmp_path))
    assert exit_status == 3
    assert json.loads(said) == {"state": "down", "parts": {}}


def test_down_where_nothing_runs_says_so(tmp_path: Path) -> None:
    assert samsyn("down", "--dir", str(tmp_path)) == (0, "Nothing was running\n")


def test_down_ends_what_a_killed_run_has_left(tmp_path: Path, leftover: int) -> None:
    _exit_status, said = samsyn("down", "--dir", str(tmp_path))
    assert "1 left-behind process(es) ended" in said
    assert is_gone(leftover)


def test_logs_show_the_last_lines_of_one_part(tmp_path: Path) -> None:
    log = RunFolder(tmp_path).log("kafka")
    log.parent.mkdir()
    log.write_text("one\ntwo\nthree\n")
    assert samsyn("logs", "kafka", "-n", "2", "--dir", str(tmp_path)) == (0, "kafka      two\nkafka      three\n")


def test_logs_of_an_unknown_part_are_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="No log of quay"):
        samsyn("logs", "quay", "--dir", str(tmp_path))


def test_traces_where_nothing_runs_says_how_to_start(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="`samsyn up` or `samsyn demo` makes some"):
        samsyn("traces", "--dir", str(tmp_path))
