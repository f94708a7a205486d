"""Builders for the demo's tests: small worlds, rows of disturbances, and hand-made evidence of a run."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from samsyn_demo.disturbances import Disturbance
from samsyn_demo.evidence import Record, RunFacts
from samsyn_demo.places import Municipality, local, municipalities
from samsyn_demo.records import PolicePass, World

Form = dict[str, Any]

TUESDAY = date(2025, 5, 13)
KM_PER_DEGREE_OF_LATITUDE = 6371.0088 * 3.141592653589793 / 180
COMMITTED_MS = 1_747_100_000_000
# By the demo's clock; the problems of planning_forms are made at 08:00 that day.
RECEIVED_AT = local(date(2025, 5, 5), 7)


def goteborg() -> Municipality:
    """The municipality that the tests' disturbances happen in."""
    return municipalities()["1480"]


def a_pass(own_id: str = "p1", start_at: datetime | None = None, north_km: float = 0.0, **overrides: Any) -> PolicePass:
    """Give a police session of a Tuesday, 08:00 to 16:00, based so many km north of Göteborg's point."""
    starts = start_at or local(TUESDAY, 8)
    own: Form = {
        "pass_id": own_id,
        "start_at": starts,
        "end_at": starts + timedelta(hours=8),
        "municipality": "1480",
        "lat": goteborg().lat + north_km / KM_PER_DEGREE_OF_LATITUDE,
        "lon": goteborg().lon,
        "officers": 4,
        "experience_band": "1-3",
        "consent": "standing",
        "max_travel_minutes": 45,
        "max_inspections": 5,
    }
    return PolicePass(**(own | overrides))


def a_world(*passes: PolicePass) -> World:
    """Give a world of nothing but police sessions, one unless others are given."""
    own = passes or (a_pass(),)
    return World(
        centre="akc-vast",
        seed=1,
        starts_at=local(TUESDAY - timedelta(days=8), 8),
        ends_at=local(TUESDAY + timedelta(days=20), 24),
        passes=own,
        shifts=(),
        sites=(),
    )


def a_disturbance(disturbance_id: str = "d1", occurred_at: datetime | None = None, **overrides: Any) -> Disturbance:
    """Give a shooting in Göteborg an hour before the default session starts."""
    own: Form = {
        "disturbance_id": disturbance_id,
        "occurred_at": occurred_at or local(TUESDAY, 7),
        "kind": "shooting",
        "klass": "A",
        "municipality": goteborg(),
    }
    return Disturbance(**(own | overrides))


def an_events_file(folder: Path, *rows: str, header: str = "id,occurred,published,type,klass,kommunkod") -> Path:
    """Write a file of disturbances with those rows."""
    path = folder / "events.csv"
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return path


def a_record(
    topic: str, said: str, body: Form | None = None, event_id: str = "e1", source: str = "polisen", **overrides: Any
) -> Record:
    """Give a record of a message as Kafka had it."""
    own: Form = {
        "topic": topic,
        "partition": 0,
        "offset": 0,
        "timestamp_ms": COMMITTED_MS,
        "key": "akc-vast",
        "headers": {"ce_id": event_id, "ce_source": f"urn:samsyn:{source}", "ce_type": f"se.samsyn.{said}.v1"},
        "body": body or {},
    }
    return Record(**(own | overrides))


def said_and_admitted(event_id: str = "e1", said: str = "PoliceCancelled", body: Form | None = None) -> list[Record]:
    """Give an event of the police's, its answer, and its record among the admitted with the commit's time."""
    admitted = a_record("samsyn.admitted.v1", said, body, event_id)
    committed = {**admitted.headers, "committed_ms": str(COMMITTED_MS), "ce_receivedtime": RECEIVED_AT.isoformat()}
    return [
        a_record("samsyn.from.polisen.v1", said, body, event_id),
        a_record(
            "samsyn.to.polisen.v1", "EventAdmitted", {"admitted_id": event_id}, f"answer-{event_id}", "service:exchange"
        ),
        a_record("samsyn.admitted.v1", said, body, event_id, headers=committed),
    ]


def a_plan_published(*causes: str, after_ms: int = 400, version: int = 2) -> Record:
    """Give planning's record of a plan version so many ms after the commit."""
    body = {"plan_version": version, "cause_event_ids": list(causes)}
    when = COMMITTED_MS + after_ms
    return a_record(
        "samsyn.planning.v1", "PlanPublished", body, f"plan-{version}", timestamp_ms=when, offset=1000 + version
    )


def an_operation_told(
    operation: str = "op:polisen:p1",
    session: str = "polisen:p1",
    capacities: Iterable[str] = ("skatteverket:t1",),
    inspections: Iterable[str] = ("skatteverket:i1",),
    start_at: datetime | None = None,
    said: str = "OperationScheduled",
    version: int = 1,
    offset: int = 0,
) -> Record:
    """Give planning's record of an operation with its slot, participants and inspections."""
    starts = start_at or local(TUESDAY, 8)
    slot = {"session_id": session, "start_at": starts.isoformat(), "end_at": (starts + timedelta(hours=4)).isoformat()}
    body = {
        "operation_id": operation,
        "to_slot" if said == "OperationRescheduled" else "slot": slot,
        "participants": [{"capacity_id": capacity} for capacity in capacities],
        "inspections": [{"inspection_id": inspection} for inspection in inspections],
        "plan_version": version,
    }
    return a_record("samsyn.planning.v1", said, body, f"told-{offset}", "service:planning", offset=offset)


def write_evidence(
    folder: Path,
    replans: Iterable[tuple[Mapping[str, Any] | None, Form, Form]],
    records: Iterable[Record],
    centre: str = "akc-vast",
) -> Path:
    """Write evidence of a run, or add a centre's: replans as (before, problem, plan) numbered from 1, and records."""
    for number, forms in enumerate(replans, start=1):
        place = folder / "replans" / centre / str(number)
        place.mkdir(parents=True)
        for name, form in zip(("before", "problem", "plan"), forms, strict=True):
            (place / f"{name}.json").write_text(json.dumps(form), "utf-8")
    lines = [json.dumps(vars(record)) + "\n" for record in records]
    with (folder / "events.ndjson").open("a", encoding="utf-8") as events:
        events.writelines(lines)
    codes = tuple(sorted((path.name for path in (folder / "replans").iterdir()), reverse=True))
    own = {"akc-vast": 1}
    facts = RunFacts(codes, "2025-05-05", 4, 1, 0.3, "disturbances.csv", own, {}, {"num_rows": 3}, {"samsyn": "0.1.0"})
    facts.write(folder)
    return folder
