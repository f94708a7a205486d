"""The faults: what is done to which part, drawn from a seed, and the evidence that it was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from samsyn_contracts.bus import ADMITTED, INSPECTION, PLANNING
from samsyn_local.infrastructure import SERVICES

from tests.faults.armed import POINTS

NET = ("stall", "half_open", "reset", "partition")
WAYS = (*(f"{server}_{name}" for server in ("kafka", "postgres") for name in SERVICES), "kafka_agencies", "http")
NUM_WAYS = 2
INBOX_POINTS = ("before_inbox_commit", "after_inbox_commit_before_offset_commit")
# Points that each service comes to in ordinary work.
POINTS_OF: Mapping[str, Sequence[str]] = {
    "exchange": POINTS,
    "planning": POINTS,
    "inspection": INBOX_POINTS,
    "reporting": INBOX_POINTS,
}
SHIFTS = ("+1h", "-1h", "+1d", "-1d")
PARTS = ("kafka", "postgres", *SERVICES)


@dataclass(frozen=True)
class Fault:
    """What is done: to whom, at which point or how, for how long (seconds), and so much into a burst of work."""

    kind: str
    target: str
    point: str = ""
    seconds: float = 0.0
    into_seconds: float = 0.0

    @property
    def name(self) -> str:
        """How the report counts it."""
        return f"{self.kind} {self.target} {self.point}".strip()


@dataclass
class Struck:
    """What came of a fault: whether it happened, by what evidence, whether it met work, and how long healing took."""

    fault: Fault
    happened: bool = False
    evidence: str = ""
    met: str = ""
    seconds_to_first_ack: float | None = None
    seconds_to_lag_nil: float | None = None
    stuck: str = ""


def of_processes_and_net(rng: Random) -> Iterator[Fault]:
    """Deaths, pauses, doubles and repetitions of every kind; each fault of the net on some of the ways, drawn."""
    yield from (Fault("kill", target) for target in PARTS)
    yield from (Fault("point", name, point) for name, points in POINTS_OF.items() for point in points)
    yield from (Fault("pause", target) for target in PARTS)
    yield from (Fault("relay_cut", name) for name in ("exchange", "planning"))
    yield from (Fault(kind, way) for kind in NET for way in rng.sample(WAYS, NUM_WAYS))
    yield from (Fault("copies", topic) for topic in (ADMITTED, PLANNING, INSPECTION))
    yield Fault("rewind", rng.choice(SERVICES))
    yield Fault("twins", rng.choice(("exchange", "planning")))


def of_the_share(rng: Random) -> Iterator[Fault]:
    """What `make test` has time for: the deaths that are worst, and one of each other kind."""
    yield from (Fault("kill", target) for target in ("kafka", "postgres", "planning"))
    yield from (Fault("point", "exchange", point) for point in POINTS)
    yield Fault("point", "planning", rng.choice(POINTS))
    yield Fault("pause", "exchange")
    yield Fault(rng.choice(NET), rng.choice(WAYS))
    yield Fault("copies", ADMITTED)


def of_disks(_rng: Random) -> Iterator[Fault]:
    """Each disk full."""
    yield from (Fault("disk_full", target) for target in ("kafka", "postgres", "log"))


def of_clocks(_rng: Random) -> Iterator[Fault]:
    """The wall clock of each service that acts by it, each way; going back to the truth is a step back too."""
    yield from (Fault("clock", "exchange", shift) for shift in SHIFTS)
    yield from (Fault("clock", name, shift) for name in ("planning", "inspection") for shift in ("+1d", "-1h"))


KINDS = {"share": of_the_share, "processes": of_processes_and_net, "disks": of_disks, "clocks": of_clocks}


def schedule(seed: int, phase: str, pauses: tuple[float, float], only: Sequence[str] = ()) -> Iterator[Fault]:
    """Rounds of all kinds of a phase for ever, each round shuffled; the same seed gives the same faults.

    `only` leaves those whose kind, target or point is named.
    """
    rng = Random(f"faults:{phase}:{seed}")
    while one_round := [fault for fault in KINDS[phase](rng) if not only or {*only} & {*fault.name.split()}]:
        rng.shuffle(one_round)
        for fault in one_round:
            into = round(rng.uniform(0.0, 0.12), 3)
            yield replace(fault, seconds=round(rng.uniform(*pauses), 1), into_seconds=into)


def num_of_a_round(phase: str) -> int:
    """How many faults a round of a phase has."""
    return len(list(KINDS[phase](Random(0))))
