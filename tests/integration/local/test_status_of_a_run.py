"""`samsyn status` and `samsyn why` of a whole run, every service a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from samsyn_local.infrastructure import SERVICES
from samsyn_local.processes import sweep
from samsyn_local.run_folder import CHECKOUT, RunFolder

from tests.integration.local.running import eventually

# Two seconds are promised on an idle machine; the margin is for one that runs much else.
LONGEST_SECONDS = 30.0
DEAD_LETTER = """
insert into outbox (topic, key, headers, body, created_at)
values ('samsyn.dlq.planning.v1', 'k', '[["ce_id", "e-1"]]', '{}', now())
"""


@dataclass(frozen=True)
class Up:
    """A run that is up, and the command that asks about it."""

    folder: RunFolder

    def samsyn(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "samsyn_local.cli", *arguments, "--dir", str(self.folder.path)]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SAMSYN_")}
        return subprocess.run(command, cwd=CHECKOUT, env=kept, capture_output=True, text=True, check=False)

    def status(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.samsyn("status", "--json").stdout)
        return told

    def pid(self, name: str) -> int:
        pid: int = self.folder.read_status()["parts"][name]["pid"]
        return pid

    def execute(self, service: str, statement: str) -> None:
        asyncio.run(_execute(self.folder.read_status()["databases"][service], statement))

    def pass_time(self, now: str) -> None:
        address = self.folder.read_status()["parts"]["exchange"]["address"]
        httpx.post(f"{address}/v1/clock", json={"now": now, "centres": ["akc-vast"]}, timeout=60).raise_for_status()


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(statement)
    await connection.close()


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    with tempfile.TemporaryDirectory(prefix="samsyn-run-", ignore_cleanup_errors=True) as folder:
        started = Up(RunFolder(Path(folder)))
        answer = started.samsyn("up", "--detach", "--clock", "driven")
        try:
            assert answer.returncode == 0, answer.stdout + answer.stderr
            yield started
        finally:
            started.samsyn("down")
            sweep(started.folder.mark_prefix())


def test_where_all_is_well_every_service_is_told_and_the_exit_status_is_0(up: Up) -> None:
    # A machine that runs much else may keep a service from answering in time: it is asked until all have.
    asked: list[tuple[subprocess.CompletedProcess[str], float]] = []

    def is_well() -> bool:
        began = time.monotonic()
        asked.append((up.samsyn("status"), time.monotonic() - began))
        return asked[-1][0].returncode == 0

    eventually(is_well)
    told, seconds = asked[-1]

    lines = told.stdout.splitlines()
    assert {"service", *SERVICES} <= {line.split()[0] for line in lines if line}
    assert "No alert stands" in lines
    assert "No adapter has been heard" in lines
    assert seconds < LONGEST_SECONDS


def test_a_dead_letter_is_counted_and_stands_with_its_runbook(up: Up) -> None:
    up.execute("planning", DEAD_LETTER)
    eventually(lambda: up.status()["services"]["planning"]["dead_letters"] == 1)
    standing: list[dict[str, Any]] = []

    def stands() -> bool:
        standing[:] = up.status()["alerts"]
        return len(standing) == 1

    eventually(stands)
    told = up.samsyn("status")
    (alert,) = standing
    up.execute("planning", "delete from outbox")
    eventually(lambda: up.status()["alerts"] == [])

    assert told.returncode == 1
    assert (alert["alert"], alert["service"]) == ("dead_letter", "planning")
    assert (CHECKOUT / alert["runbook"]).exists()


def test_a_service_that_hangs_is_said_not_to_answer_with_how_far_it_is_behind(up: Up) -> None:
    up.pass_time("2030-01-01T05:00:00Z")
    eventually(lambda: up.status()["services"]["planning"]["oldest_time"] == "2030-01-01T05:00:00+00:00")
    os.kill(up.pid("planning"), signal.SIGSTOP)
    try:
        up.pass_time("2030-01-01T06:00:00Z")
        eventually(lambda: up.status()["services"]["planning"]["lag"] == 1)
        began = time.monotonic()
        told = up.samsyn("status")
        seconds = time.monotonic() - began
    finally:
        os.kill(up.pid("planning"), signal.SIGCONT)

    assert told.returncode == 1
    assert "planning (alerts, times): no answer within" in told.stdout
    assert seconds < LONGEST_SECONDS
    eventually(lambda: up.status()["services"]["planning"]["lag"] == 0)
    eventually(lambda: up.status()["services"]["planning"]["oldest_time"] == "2030-01-01T06:00:00+00:00")


def test_why_of_what_nobody_knows_says_what_can_be_asked_about(up: Up) -> None:
    told = up.samsyn("why", "Nowhere")

    assert told.returncode == 1
    assert told.stderr.strip() == (
        "Nowhere: Nothing is noted of it. Give a code name, an operation's id (op:<session>) or an event's id."
    )
