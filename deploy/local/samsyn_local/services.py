"""Samsyn's services as processes: started, killed and restarted one by one."""

import os
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Self

from samsyn_local.infrastructure import SERVICES, Infrastructure
from samsyn_local.processes import Part, clean_environment
from samsyn_local.traces import answers_up

MODULE = "samsyn_{name}"


class Services:
    """Some services over one infrastructure; as a context manager it starts and stops them."""

    def __init__(self, parts: Sequence[Part], ports: Mapping[str, int]) -> None:
        self.parts = list(parts)
        self._by_name = {part.name: part for part in parts}
        self._ports = dict(ports)

    def start(self) -> None:
        """Start all and wait until each says that it is up; StartError with the log otherwise."""
        for part in self.parts:
            part.start()
        for part in self.parts:
            part.wait_ready()

    def stop(self) -> None:
        """Stop all, the last started first."""
        for part in reversed(self.parts):
            part.stop()

    def part(self, name: str) -> Part:
        """The process of one service."""
        return self._by_name[name]

    def pid(self, name: str) -> int | None:
        """The id of its process, None when it does not run."""
        return self.part(name).pid

    def http_port(self, name: str) -> int:
        """Where it answers on the loopback."""
        return self._ports[name]

    def kill(self, name: str) -> None:
        """End one service with SIGKILL, as a crash would."""
        self.part(name).kill()

    def restart(self, name: str) -> None:
        """Start a service again (stopping it first if it runs) and wait until it is up."""
        self.part(name).stop()
        self.part(name).start()
        self.part(name).wait_ready()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()


def services(
    infrastructure: Infrastructure,
    names: Sequence[str] = SERVICES,
    env: Mapping[str, str] | None = None,
    module: str = MODULE,
    databases: Mapping[str, str] | None = None,
) -> Services:
    """The services, not yet started; `env` is added to what every service is told.

    `databases` gives some services, by name, another database than the infrastructure's (a fresh one).
    `module` is what `python -m` runs, with the service's name at {name}: tests put a stand-in there.
    """
    ports = {name: infrastructure.run.port(f"http_{name}") for name in names}
    dsns = {name: (databases or {}).get(name) or infrastructure.database(name) for name in names}
    parts = [_part(infrastructure, n, ports[n], {"SAMSYN_DATABASE": dsns[n], **(env or {})}, module) for n in names]
    return Services(parts, ports)


def _part(infrastructure: Infrastructure, name: str, port: int, env: Mapping[str, str], module: str) -> Part:
    run = infrastructure.run
    told = {
        "SAMSYN_KAFKA": infrastructure.kafka,
        "SAMSYN_HTTP_PORT": str(port),
        "SAMSYN_ENVIRONMENT": "test",
        "SAMSYN_CLOCK": "real",
        "SAMSYN_STATE_DIR": str(run.state(name)),
        # One process per service: killed and started again it is the same reader, and has its partitions at once.
        "SAMSYN_INSTANCE": name,
        "SAMSYN_DEAD_LETTER_KEY": os.environ.get("SAMSYN_DEAD_LETTER_KEY") or run.dead_letter_key(),
        "PYTHONUNBUFFERED": "1",
    }
    if name == "exchange":
        told["SAMSYN_TOKEN_SECRET"] = os.environ.get("SAMSYN_TOKEN_SECRET") or run.token_secret()
        told["SAMSYN_CONTENTS_KEY"] = os.environ.get("SAMSYN_CONTENTS_KEY") or run.contents_key()
    if infrastructure.otlp is not None:
        told["SAMSYN_OTLP"] = infrastructure.otlp
    return Part(
        name=name,
        command=[sys.executable, "-m", module.format(name=name)],
        environment=clean_environment(infrastructure.mark, **{**told, **env}),
        log=run.log(name),
        address=f"http://127.0.0.1:{port}",
        is_ready=lambda: answers_up(port, "/health"),
        version=_version(name),
    )


def _version(name: str) -> str:
    try:
        return version(f"samsyn-{name}")
    except PackageNotFoundError:
        return ""
