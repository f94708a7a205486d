"""The supervisor: starts a run, keeps it up, tells its status and takes everything down again."""

import os
import signal
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from samsyn_local.artifacts import Say
from samsyn_local.failure import StartError
from samsyn_local.infrastructure import SERVICES, Infrastructure
from samsyn_local.people import mail_folder, people, told_users
from samsyn_local.processes import Part
from samsyn_local.run_folder import RunFolder
from samsyn_local.services import MODULE, services

TICK_SECONDS = 0.2
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 10.0
# More deaths than this within the window is a crash loop: the part is left down, and that is said.
NUM_DEATHS, WINDOW_SECONDS = 5, 60.0


@dataclass(frozen=True)
class Wanted:
    """What a run shall consist of; `env` is told to every service, `module` is what runs for each.

    With `has_desk` the desk and its sign-in run too.
    """

    run_dir: Path
    traces: bool = False
    only_infra: bool = False
    has_desk: bool = False
    env: Mapping[str, str] = field(default_factory=dict)
    module: str = MODULE


@dataclass
class Watch:
    """One part under the supervisor's eyes: starting, up, waiting (for its next start) or failed."""

    part: Part
    state: str = "up"
    num_restarts: int = 0
    next_start: float = 0.0
    deaths: deque[float] = field(default_factory=deque)

    def look(self, now: float, say: Say) -> bool:
        """Do what the part needs now; whether anything changed. `now` is monotonic, in seconds."""
        if self.state in ("up", "starting") and not self.part.is_running:
            self._note_death(now, say)
            return True
        if self.state == "waiting" and now >= self.next_start:
            self.part.start()
            self.state, self.num_restarts = "starting", self.num_restarts + 1
            return True
        if self.state == "starting" and self.part.is_ready():
            self.state = "up"
            say(f"{self.part.name} is up (process {self.part.pid})")
            return True
        return False

    def _note_death(self, now: float, say: Say) -> None:
        self.part.kill()  # what it started may still hold its port
        self.deaths.append(now)
        while now - self.deaths[0] > WINDOW_SECONDS:
            self.deaths.popleft()
        if len(self.deaths) > NUM_DEATHS:
            self.state = "failed"
            say(
                f"{self.part.name} died {len(self.deaths)} times within {WINDOW_SECONDS:.0f} s and is left down; "
                f"the last lines of {self.part.log}:\n{self.part.last_lines()}"
            )
            return
        pause = min(FIRST_PAUSE_SECONDS * 2 ** (len(self.deaths) - 1), LONGEST_PAUSE_SECONDS)
        self.state, self.next_start = "waiting", now + pause
        say(f"{self.part.name} died; it is started again in {pause:g} s (see {self.part.log})")


class Supervisor:
    """One run from its start to its end."""

    def __init__(self, wanted: Wanted, say: Say) -> None:
        self._wanted = wanted
        self._say = say
        self._began = time.monotonic()
        self._started_at = datetime.now(UTC)
        self._watches: list[Watch] = []
        self._is_zipkin_wanted = wanted.traces

    def run(self) -> None:
        """Start everything, watch it until Ctrl-C or SIGTERM, stop it; StartError when it cannot start."""
        signal.signal(signal.SIGTERM, _interrupt)
        signal.signal(signal.SIGUSR1, self._want_zipkin)
        try:
            self._start_and_watch()
        except KeyboardInterrupt:
            self._say("Stopped")

    def _start_and_watch(self) -> None:
        wanted = self._wanted
        with Infrastructure.start(wanted.run_dir, traces=True, say=self._timed) as infrastructure:
            names = () if wanted.only_infra else SERVICES
            over = services(infrastructure, names, wanted.env, wanted.module)
            guests = people(infrastructure, over.part("exchange").address) if wanted.has_desk and names else []
            self._watches = [Watch(part) for part in [*infrastructure.parts, *over.parts, *guests]]
            try:
                self._write_status(infrastructure, "starting")
                self._start_services(over.parts)
                self._start_services(guests)
                self._write_status(infrastructure, "up")
                self._tell_of_the_desk(guests)
                self._timed("Samsyn is up")
                self._watch(infrastructure)
            finally:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                self._write_status(infrastructure, "stopping")
                for part in reversed(guests):
                    part.stop()
                over.stop()
                infrastructure.stop_parts()
                self._write_status(infrastructure, "down")

    def _start_services(self, parts: list[Part]) -> None:
        for part in parts:
            part.start()
        for part in parts:
            part.wait_ready()
            self._timed(f"{part.name} {part.version} on {part.address}")

    def _watch(self, infrastructure: Infrastructure) -> None:
        while True:
            changed = self._start_zipkin_if_wanted(infrastructure)
            for watch in self._watches:
                changed |= watch.look(time.monotonic(), self._say)
            if changed:
                self._write_status(infrastructure, "up")
            time.sleep(TICK_SECONDS)

    def _start_zipkin_if_wanted(self, infrastructure: Infrastructure) -> bool:
        if not self._is_zipkin_wanted:
            return False
        self._is_zipkin_wanted = False
        if any(watch.part.name == "zipkin" for watch in self._watches):
            return False
        try:
            part = infrastructure.start_zipkin(self._say)
        except StartError as error:
            self._say(f"Zipkin does not start: {error}")
            return False
        self._watches.append(Watch(part, state="starting"))
        return True

    def _want_zipkin(self, *_signal: object) -> None:
        self._is_zipkin_wanted = True

    def _tell_of_the_desk(self, guests: list[Part]) -> None:
        if guests:
            self._say(f"The desk: {guests[-1].address}, without passwords, for trying it. Sit there as")
            for line in told_users():
                self._say(f"  {line}")
            self._say(f"What is mailed is kept in {mail_folder(RunFolder(self._wanted.run_dir))}")

    def _timed(self, sentence: str) -> None:
        self._say(f"{time.monotonic() - self._began:5.1f} s  {sentence}")

    def _write_status(self, infrastructure: Infrastructure, state: str) -> None:
        infrastructure.run.write_status(self._status(infrastructure, state))

    def _status(self, infrastructure: Infrastructure, state: str) -> dict[str, Any]:
        return {
            "state": state,
            "run": str(infrastructure.run.path),
            "version": version("samsyn-local"),
            "supervisor": {"pid": os.getpid(), "started_at": self._started_at.isoformat()},
            "kafka": infrastructure.kafka,
            "databases": {name: infrastructure.database(name) for name in SERVICES},
            "otlp": infrastructure.otlp,
            "clock": self._wanted.env.get("SAMSYN_CLOCK", "real"),
            "parts": {watch.part.name: _told(watch) for watch in self._watches},
        }


def _told(watch: Watch) -> dict[str, Any]:
    part = watch.part
    return {
        "state": watch.state if part.is_running or watch.state in ("waiting", "failed") else "down",
        "pid": part.pid,
        "address": part.address,
        "log": str(part.log),
        "version": part.version,
        "num_restarts": watch.num_restarts,
        "started_at": part.started_at.isoformat() if part.started_at else None,
    }


def _interrupt(*_signal: object) -> None:
    raise KeyboardInterrupt


def take_down(run: RunFolder, say: Say, timeout_seconds: float = 90.0) -> bool:
    """Stop the run of a folder, by force when it does not stop; whether there was one."""
    holder = run.holder()
    if holder is None:
        return False
    os.kill(holder, signal.SIGTERM)
    until = time.monotonic() + timeout_seconds
    while run.holder() == holder:
        if time.monotonic() > until:
            say(f"The supervisor (process {holder}) does not stop and is killed; its watchdog ends the rest")
            os.kill(holder, signal.SIGKILL)
            return True
        time.sleep(0.05)
    return True
