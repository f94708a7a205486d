"""What the services stand on, for tests, the demo and the supervisor: Kafka, PostgreSQL, topics, traces."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeVar

from samsyn_contracts.register import load_register

from samsyn_local import kafka, postgres
from samsyn_local.artifacts import Say
from samsyn_local.guard import Guard
from samsyn_local.processes import Part, sweep
from samsyn_local.run_folder import RunFolder
from samsyn_local.topics import Topic, declared_topics, empty_topics, ensure_topics
from samsyn_local.traces import span_keeper, zipkin

Result = TypeVar("Result")

SERVICES = ("exchange", "planning", "inspection", "reporting")


def quietly(_sentence: str) -> None:
    """Say nothing of the progress."""


def _apart(work: Callable[[], Result]) -> Result:
    """Do work that has an event loop of its own in a thread: the caller may be within a running loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def register_codes() -> list[str]:
    """The codes of all parties of the register."""
    return [party.code for party in load_register().parties]


@dataclass
class Infrastructure:
    """A running Kafka and PostgreSQL with topics and databases; make one with `start`.

    `kafka` is the broker's host:port; `otlp` is where spans go, None when nobody keeps them.
    """

    run: RunFolder
    mark: str
    kafka: str = ""
    otlp: str | None = None
    parts: list[Part] = field(default_factory=list)
    topics: Sequence[Topic] = ()
    _databases: dict[str, str] = field(default_factory=dict)
    _guard: Guard | None = None

    @classmethod
    def start(
        cls,
        run_dir: Path,
        *,
        databases: Sequence[str] = SERVICES,
        party_codes: Sequence[str] | None = None,
        traces: bool = False,
        say: Say = quietly,
        given: Mapping[str, str] = os.environ,
    ) -> Self:
        """Start all of it and return when it answers; StartError with what to do when it cannot.

        Where `given` has SAMSYN_KAFKA or SAMSYN_DATABASE_<NAME>, that is used and not started.
        """
        run = RunFolder(run_dir)
        run.lock()
        infrastructure = cls(run=run, mark=run.new_mark())
        try:
            run.refuse_half_restored()
            infrastructure._start_all(databases, given, say, traces=traces)
            codes = register_codes() if party_codes is None else party_codes
            infrastructure.topics = declared_topics(codes)
            num_new = _apart(lambda: ensure_topics(infrastructure.kafka, infrastructure.topics))
            say(f"{len(infrastructure.topics)} topics, {num_new} of them new")
        except BaseException:
            infrastructure.stop()
            raise
        return infrastructure

    def database(self, name: str) -> str:
        """How to connect to one of the databases."""
        return self._databases[name]

    def create_database(self, name: str) -> str:
        """Create one more database beside the others, and say how to connect."""
        known = next(iter(self._databases.values()))
        _apart(lambda: postgres.create_databases(known, [name]))
        self._databases[name] = postgres.on_same_server(known, name)
        return self._databases[name]

    def drop_database(self, name: str) -> None:
        """Drop a database that `create_database` made, whoever is connected."""
        gone = self._databases.pop(name)
        known = next(iter(self._databases.values()))
        _apart(lambda: postgres.drop_database(known, gone.rpartition("/")[2]))

    def empty_topics(self) -> None:
        """Delete and create every declared topic anew: fresh ones, under the names of the contract."""
        _apart(lambda: empty_topics(self.kafka, self.topics))

    def start_zipkin(self, say: Say) -> Part:
        """Start Zipkin; the caller waits for it, or does not."""
        part = zipkin(self.run, self.mark, say)
        part.start()
        self.parts.append(part)
        return part

    def stop(self) -> None:
        """Stop everything in reverse order and give the folder back; harmless when done twice."""
        self.stop_parts()
        self.run.unlock()

    def stop_parts(self) -> None:
        """Stop everything in reverse order, and what is left of it; the folder stays this run's."""
        for part in reversed(self.parts):
            part.stop()
        if self._guard is not None:
            self._guard.close()
            self._guard = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    def _start_all(self, databases: Sequence[str], given: Mapping[str, str], say: Say, *, traces: bool) -> None:
        num_left = sweep(self.run.mark_prefix(), but=self.mark)
        if num_left:
            say(f"Ended {num_left} processes that an earlier run had left behind")
        self._guard = Guard.over(self.mark)
        self._databases = {n: given[v] for n in databases if given.get(v := f"SAMSYN_DATABASE_{n.upper()}")}
        starts: list[Callable[[], None]] = [lambda: self._start_kafka(given, say)]
        ours = [name for name in databases if name not in self._databases]
        if ours:
            starts.append(lambda: self._start_postgres(ours, say))
        if traces:
            starts.append(self._start_spans)
        # Side by side, and in threads: they may be asked for from within a running event loop.
        with ThreadPoolExecutor() as pool:
            done = [pool.submit(start) for start in starts]
        self.parts.sort(key=lambda part: part.name)  # the same order at every start
        for future in done:
            future.result()

    def _start_kafka(self, given: Mapping[str, str], say: Say) -> None:
        if given.get("SAMSYN_KAFKA"):
            self.kafka = given["SAMSYN_KAFKA"]
            kafka.wait_answering(self.kafka.split(",")[0])
            say(f"Kafka as given, {self.kafka}")
            return
        part = kafka.broker(self.run, self.mark, say)
        self.kafka = part.address
        self._start_part(part, say)

    def _start_postgres(self, databases: Sequence[str], say: Say) -> None:
        part = postgres.server(self.run, self.mark)
        self._start_part(part, say)
        postgres.create_databases(postgres.dsn(part.address, "postgres"), databases)
        self._databases |= {name: postgres.dsn(part.address, name) for name in databases}

    def _start_spans(self) -> None:
        part = span_keeper(self.run, self.mark)
        self.otlp = part.address
        self._start_part(part, quietly)

    def _start_part(self, part: Part, say: Say) -> None:
        self.parts.append(part)
        part.start()
        part.wait_ready()
        say(f"{part.name} {part.version} on {part.address}".replace("  ", " "))
