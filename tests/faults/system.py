"""The whole of Samsyn as processes on a real Kafka and PostgreSQL, with a proxy on every way between them.

Each service reaches Kafka and PostgreSQL through proxies of its own, and so do the agencies; what looks on from outside
goes straight. A part that dies is started again, as the supervisor of `samsyn up` does.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from samsyn_local.artifacts import Say
from samsyn_local.failure import StartError
from samsyn_local.infrastructure import SERVICES, Infrastructure
from samsyn_local.processes import Part
from samsyn_local.run_folder import RunFolder
from samsyn_local.services import Services, services
from samsyn_local.traces import answers_up

from tests.faults.armed import FOLDER
from tests.faults.disks import put_on_small_disk, take_away
from tests.faults.proxy import Proxies

AGENCIES = "agencies"
CLIENTS = (*SERVICES, AGENCIES)
CHECKOUT = Path(__file__).resolve().parents[2]
START_SECONDS = 90.0
NEVER_SECONDS = 10**6
# Megabytes; what is left of them is filled when the fault comes.
SMALL_DISKS = {"kafka": 400, "postgres": 400, "log": 40}
# The clock is read anew each second; the monotonic one, by which services wait and judge the other, stays true.
FAKETIME = {"FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}


@dataclass
class System:
    """Everything that runs, and how to reach it."""

    infrastructure: Infrastructure
    services: Services
    proxies: Proxies
    secret: str
    disks: Mapping[str, Path]

    @property
    def clocks(self) -> Path:
        """Where the clock of each service is bent, if it can be."""
        return self.infrastructure.run.state("clocks")

    @property
    def kafka(self) -> str:
        """The broker itself, for who looks on."""
        return self.infrastructure.kafka

    @property
    def kafka_of_agencies(self) -> str:
        """The broker as the agencies reach it."""
        return f"127.0.0.1:{self.proxies[f'kafka_{AGENCIES}'].port}"

    @property
    def exchange(self) -> str:
        """The exchange as the agencies reach it over HTTP."""
        return f"http://127.0.0.1:{self.proxies['http'].port}"

    @property
    def points(self) -> Path:
        """Where a service is told at which point to die."""
        return self.infrastructure.run.state("points")

    def part(self, name: str) -> Part:
        """A process: a service, kafka or postgres."""
        if name in SERVICES:
            return self.services.part(name)
        return next(part for part in self.infrastructure.parts if part.name == name)

    def parts(self) -> list[Part]:
        """All of them."""
        return [*self.infrastructure.parts, *self.services.parts]

    def start(self, name: str) -> None:
        """Start a part again and wait until it answers; tried again as a supervisor would."""
        until = time.monotonic() + START_SECONDS
        while True:
            part = self.part(name)
            if not part.is_running:
                part.kill()
                part.start()
            try:
                part.wait_ready(until - time.monotonic())
            except StartError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)
            else:
                return

    def raise_the_dead(self) -> list[str]:
        """Start what has died, infrastructure first; the names of what had."""
        dead = [part.name for part in self.parts() if not part.is_running]
        for name in dead:
            self.start(name)
        return dead

    def tell_no_more_time(self) -> None:
        """Start the exchange again with a tick that never comes, so that all can be quiet."""
        part = self.part("exchange")
        part.stop()
        part.environment = {**part.environment, "SAMSYN_CLOCK_TICK_SECONDS": str(NEVER_SECONDS)}
        self.start("exchange")

    def database(self, service: str) -> str:
        """A service's database itself, for who looks on."""
        return self.infrastructure.database(service)

    def second(self, name: str) -> Part:
        """Another process of a service, with a name and a port of its own; not yet started."""
        first = self.part(name)
        port = self.infrastructure.run.port(f"http_{name}_2")
        env = {**first.environment, "SAMSYN_HTTP_PORT": str(port), "SAMSYN_INSTANCE": f"{name}-2"}
        own = services(self.infrastructure, [name]).part(name)
        log = self.infrastructure.run.log(f"{name}-2")
        return replace(
            own,
            command=first.command,
            environment=env,
            log=log,
            address=f"http://127.0.0.1:{port}",
            is_ready=lambda: answers_up(port, "/health"),
        )


@dataclass(frozen=True)
class Conditions:
    """What services are told, and whether disks are small or clocks can be bent."""

    env: Mapping[str, str]
    small_disks: bool = False
    faketime: Path | None = None


@contextmanager
def running(folder: Path, conditions: Conditions, say: Say) -> Iterator[System]:
    """Start all of it; everything is stopped at the end."""
    with contextlib.ExitStack() as stack:
        disks: dict[str, Path] = {}
        stack.callback(take_away, disks)
        if conditions.small_disks:
            disks["log"] = RunFolder(folder).path / "log"
            disks["log"].mkdir()
            put_on_small_disk(disks["log"], SMALL_DISKS["log"])
        infrastructure = stack.enter_context(Infrastructure.start(folder, given={}, say=say))
        proxies = stack.enter_context(Proxies())
        _proxy_all(infrastructure, proxies)
        with _stopped(infrastructure) as run:
            path = run.path / "kafka" / "server.properties"
            path.write_text(_with_listeners(path.read_text(encoding="utf-8"), proxies), encoding="utf-8")
            if conditions.small_disks:
                disks |= {"kafka": run.path / "kafka" / "data", "postgres": run.path / "postgres"}
                for name in ("kafka", "postgres"):
                    put_on_small_disk(disks[name], SMALL_DISKS[name])
        secret = secrets.token_hex(32)
        told = {**conditions.env, "SAMSYN_TOKEN_SECRET": secret, FOLDER: str(infrastructure.run.state("points"))}
        over = services(infrastructure, SERVICES, told)
        system = System(infrastructure, over, proxies, secret, disks)
        for part in over.parts:
            _put_behind_proxies(system, part, conditions.faketime)
        proxies.open("http", infrastructure.run.port("proxy_http"), over.http_port("exchange"))
        stack.enter_context(over)
        say("exchange, planning, inspection and reporting are up")
        yield system


@contextmanager
def _stopped(infrastructure: Infrastructure) -> Iterator[RunFolder]:
    """Kafka and PostgreSQL stand still while what they start from is changed."""
    for part in infrastructure.parts:
        part.stop()
    yield infrastructure.run
    for part in infrastructure.parts:
        part.start()
    for part in infrastructure.parts:
        part.wait_ready()


def _port_of(infrastructure: Infrastructure, name: str) -> int:
    part = next(part for part in infrastructure.parts if part.name == name)
    return int(part.address.rpartition(":")[2])


def _proxy_all(infrastructure: Infrastructure, proxies: Proxies) -> None:
    """A proxy for each client of the broker, and for each service's way to its database."""
    run = infrastructure.run
    for name in CLIENTS:
        proxies.open(f"kafka_{name}", run.port(f"proxy_kafka_{name}"), run.port(f"kafka_{name}"))
        if name != AGENCIES:
            server = _port_of(infrastructure, "postgres")
            proxies.open(f"postgres_{name}", run.port(f"proxy_postgres_{name}"), server)


def _with_listeners(properties: str, proxies: Proxies) -> str:
    """A listener per client that names to it, as the broker's address, the proxy it came by."""
    behind = ",".join(f"{name.upper()}://127.0.0.1:{proxies[f'kafka_{name}'].target}" for name in CLIENTS)
    told = ",".join(f"{name.upper()}://127.0.0.1:{proxies[f'kafka_{name}'].port}" for name in CLIENTS)
    names = ",".join(f"{name}:PLAINTEXT" for name in ("PLAINTEXT", "CONTROLLER", *(c.upper() for c in CLIENTS)))
    lines = []
    for line in properties.splitlines():
        more = {"listeners=": behind, "advertised.listeners=": told}
        lines.append(next((f"{line},{more[start]}" for start in more if line.startswith(start)), line))
    return "\n".join([*lines, f"listener.security.protocol.map={names}", ""])


def _put_behind_proxies(system: System, part: Part, faketime: Path | None) -> None:
    """A service that goes through its proxies, can die at a named point and, with faketime, see another time."""
    known = urlsplit(system.database(part.name))
    host = f"{known.username}@127.0.0.1:{system.proxies[f'postgres_{part.name}'].port}"
    through = {
        "SAMSYN_DATABASE": urlunsplit(known._replace(netloc=host)),
        "SAMSYN_KAFKA": f"127.0.0.1:{system.proxies[f'kafka_{part.name}'].port}",
        "PYTHONPATH": os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH", ""), str(CHECKOUT)])),
    }
    if faketime is not None:
        clock = system.clocks / part.name
        clock.write_text("+0\n", encoding="ascii")
        through |= {"LD_PRELOAD": str(faketime), "FAKETIME_TIMESTAMP_FILE": str(clock), **FAKETIME}
    part.environment = {**part.environment, **through}
    part.command = [sys.executable, "-m", "tests.faults.armed", part.name]
