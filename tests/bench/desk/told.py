"""What a centre has heard after some months: operations, inspections, plan versions, each with what caused it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from samsyn_contracts.capacity import PoliceCancelled
from samsyn_contracts.envelope import Envelope, party_source, service_source
from samsyn_contracts.inspections import InspectionProposed
from samsyn_contracts.message import Message
from samsyn_contracts.operations import OperationConfirmed, OperationRescheduled, OperationScheduled
from samsyn_contracts.plans import BackupPlanPrepared, PlanPublished, ReplanProposed

CENTRE, POLICE = "akc-vast", "polisen"
AGENCIES = ("skatteverket", "arbetsmiljoverket", "kommun-goteborg")
NOW = datetime(2025, 5, 5, 6, tzinfo=UTC)
NUM_OPERATIONS, NUM_INSPECTIONS, NUM_VERSIONS, NUM_CHANGES = 300, 500, 60, 10
CODE_NAMES = ("Björk", "Ek", "Alm", "Lind", "Rönn", "Sälg", "Hassel", "Gran", "Tall", "En")
GUARDS = {"police": "met", "other_agency": "met", "ready": "met", "coordinator": "met"}
CHECKED_LOSS = {"code": "LOST", "sv": "Polispasset är inställt.", "en": "The police session is cancelled."}
Heard = tuple[Message, Envelope]


class Told:
    """One centre's history, drawn from a seed: the same seed, the same history."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - figures to look at, nothing to guard
        self._num_told = 0

    def all(self) -> Iterator[Heard]:
        """Everything, in an order in which it can be heard."""
        yield from (self._inspection(number) for number in range(NUM_INSPECTIONS))
        yield from (self._operation(number) for number in range(NUM_OPERATIONS))
        for version in range(1, NUM_VERSIONS + 1):
            yield from self._version(version)
        yield from (self._backup(number) for number in range(NUM_OPERATIONS // 3, NUM_OPERATIONS // 2))
        yield self._proposal()

    def change(self) -> Heard:
        """One more thing to hear: a session that was planned is lost."""
        return self._loss(NUM_OPERATIONS // 2 + self._num_told % 50)

    def _version(self, version: int) -> Iterator[Heard]:
        hit = self._random.sample(range(NUM_OPERATIONS), NUM_CHANGES)
        lost = self._loss(hit[0])
        yield lost
        yield from (self._moved(number, version, lost[1].id) for number in hit)
        changes = [_change(number) for number in hit]
        told: dict[str, Any] = {
            "centre": CENTRE,
            "plan_version": version,
            "previous_version": version - 1,
            "hash_prev": f"{version - 1:064x}",
            "hash": f"{version:064x}",
            "replan_id": f"replan:{CENTRE}:{version}",
            "cause_event_ids": [lost[1].id],
            "changes": changes,
            "untouched_count": NUM_OPERATIONS - NUM_CHANGES,
        }
        yield self._by_planning(PlanPublished.model_validate(told))

    def _operation(self, number: int) -> Heard:
        told = {**_named(number), "slot": _slot(number), **_taking_part(number), "plan_version": 1}
        if number % 3:
            return self._by_planning(OperationScheduled.model_validate(told))
        return self._by_planning(OperationConfirmed.model_validate({**told, "guard_results": GUARDS}))

    def _moved(self, number: int, version: int, cause: str) -> Heard:
        told = {
            **_named(number),
            **_taking_part(number),
            "from_slot": _slot(number),
            "to_slot": _slot(number, moved=version),
            "ladder_step": "other_police_session",
            "cause_event_ids": [cause],
            "reasons": [CHECKED_LOSS],
            "plan_version": version + 1,
            "notice_minutes": 600,
            "left_alone": NUM_OPERATIONS - NUM_CHANGES,
        }
        return self._by_planning(OperationRescheduled.model_validate(told))

    def _loss(self, number: int) -> Heard:
        message = PoliceCancelled(capacity_id=_slot(number)["session_id"], cause_code="shooting")
        return message, self._envelope(message, party_source(POLICE))

    def _backup(self, number: int) -> Heard:
        told = {
            **_named(number),
            "centre": CENTRE,
            "against": _slot(number)["session_id"],
            "plan_version": NUM_VERSIONS,
            "ladder_step": "other_police_session",
            "to_slot": _slot(number, moved=1),
            "consent_complete": True,
            "value_loss": 10,
            "valid_until": _at(NOW + timedelta(days=10)),
        }
        return self._by_planning(BackupPlanPrepared.model_validate(told))

    def _proposal(self) -> Heard:
        told = {
            "replan_id": f"replan:{CENTRE}:{NUM_VERSIONS + 1}",
            "centre": CENTRE,
            "base_plan_version": NUM_VERSIONS,
            "changes": [_change(number) for number in range(NUM_CHANGES)],
            "untouched_count": NUM_OPERATIONS - NUM_CHANGES,
            "score_delta": -20,
            "decide_by": _at(NOW + timedelta(hours=3)),
            "if_unanswered": "old_plan_stands",
        }
        return self._by_planning(ReplanProposed.model_validate(told))

    def _inspection(self, number: int) -> Heard:
        owner = AGENCIES[number % 2]
        told = {
            "inspection_id": f"{owner}:inspection-{number}",
            "site": {"site_id": f"{owner}:site-{number}", "municipality": "1480", "industry": "5610"},
            "indications": ["undeclared_work"],
            "police_need": "wanted",
            "value": self._random.randint(1, 100),
            "programme": "akrim",
            "duration_minutes": 60,
            "time_windows": [{"from_at": _at(NOW), "until_at": _at(NOW + timedelta(days=28))}],
        }
        message = InspectionProposed.model_validate(told)
        return message, self._envelope(message, party_source(owner))

    def _by_planning(self, message: Message) -> Heard:
        return message, self._envelope(message, service_source("planning"))

    def _envelope(self, message: Message, source: str) -> Envelope:
        self._num_told += 1
        return Envelope(
            id=f"bench-{self._num_told}",
            source=source,
            type=message.type_name(),
            time=NOW - timedelta(days=30) + timedelta(minutes=self._num_told),
            centre=CENTRE,
            environment="test",
            subject=message.subject,
        )


def operation_id(number: int) -> str:
    """One of the operations."""
    return f"op:{POLICE}:P{number}"


def _slot(number: int, moved: int = 0) -> dict[str, str]:
    """Ten sessions a day, the first half of them before now; `moved` is a plan's version that moved it."""
    start_at = NOW + timedelta(days=(number - NUM_OPERATIONS // 2) // 10, hours=1 + number % 10)
    name = f"P{number}m{moved}" if moved else f"P{number}"
    return {
        "session_id": f"{POLICE}:{name}",
        "start_at": _at(start_at),
        "end_at": _at(start_at + timedelta(hours=4)),
    }


def _named(number: int) -> dict[str, str]:
    return {"operation_id": operation_id(number), "code_name": f"{CODE_NAMES[number % 10]} {number // 10}"}


def _taking_part(number: int) -> dict[str, Any]:
    start_at = datetime.fromisoformat(_slot(number)["start_at"])
    stops = [
        {
            "inspection_id": f"{AGENCIES[which % 2]}:inspection-{(number + which) % NUM_INSPECTIONS}",
            "start_at": _at(start_at + timedelta(hours=which)),
            "end_at": _at(start_at + timedelta(hours=which, minutes=50)),
            "municipality": "1480",
            "police_need": "wanted",
            "indications": ["undeclared_work"],
        }
        for which in range(3)
    ]
    parts = [
        {"agency": agency, "capacity_id": f"{agency}:team-{number}", "status": "accepted" if number % 3 else "invited"}
        for agency in AGENCIES
    ]
    return {"participants": parts, "inspections": stops}


def _change(number: int) -> dict[str, Any]:
    named = {**_named(number), "kinds": ["session"], "ladder_step": "other_police_session"}
    return {**named, "reasons": [CHECKED_LOSS]}


def _at(at: datetime) -> str:
    return at.isoformat()
