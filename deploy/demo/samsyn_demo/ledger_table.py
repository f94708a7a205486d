"""The reporting service's ledger as the demo shows it, and what of it the run's own records confirm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from samsyn_demo.evidence import Record

ALL = "all"
ADMITTED_TOPIC, INSPECTION_TOPIC = "samsyn.admitted.v1", "samsyn.inspection.v1"
# A dotted code of the indicators, or several whose values are added: units of one kind, as the service counts them.
ROWS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("Insatser planerade · operations planned", ("operations.planned",)),
    ("  drabbade · hit by a loss", ("operations.hit",)),
    ("  räddade · rescued", ("operations.rescued",)),
    ("  väntar på nytt tillfälle · waiting for an occasion", ("operations.waiting",)),
    ("  förlorade · lost", ("operations.lost",)),
    ("  framförhållning under 1 dygn · notice under a day", ("notice.under_1_day",)),
    ("  framförhållning 1-3 dygn · notice of 1 to 3 days", ("notice.from_1_to_3_days",)),
    ("  framförhållning över 3 dygn · notice over 3 days", ("notice.over_3_days",)),
    ("Kontroller planerade · inspections planned", ("inspections.planned",)),
    ("  drabbade · hit by a loss", ("inspections.hit",)),
    ("  räddade · rescued", ("inspections.rescued",)),
    ("  förlorade · lost", ("inspections.lost",)),
    ("Objekt planerade · sites planned", ("sites.planned",)),
    ("Företag planerade · companies planned", ("companies.planned",)),
    ("Insatser påbörjade · operations started", ("carried_out.started",)),
    ("  genomförda · completed", ("carried_out.completed",)),
    ("  delvis, avbrutna · in part, aborted", ("carried_out.in_part", "carried_out.aborted")),
    ("  räknas som insats · count as an operation", ("carried_out.counting_operations",)),
    ("Kontroller genomförda · inspections done", ("carried_out.inspections_done",)),
    ("Timmar planerade · person-hours planned", ("hours.planned.total",)),
    ("  genomförda · carried out", ("hours.carried_out.total",)),
    ("  räddade · rescued", ("hours.rescued.total",)),
    ("  förlorade · lost", ("hours.lost.total",)),
    ("Kvitterade ändringar, andel · changes acknowledged, share", ("acknowledgements.share",)),
)


def ledger_rows(ledger: Mapping[str, Any], codes: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Label and a cell for each centre and for all of them; nothing where the run kept no ledger."""
    tables = [_table(ledger, code) for code in (*codes, ALL)] if ledger else []
    if not tables:
        return
    for label, names in ROWS:
        yield label, [_shown(sum(float(table.get(name) or 0) for name in names)) for table in tables]
    for label, beginning, end in (
        ("Fynd om företag och platser · findings", "findings.recorded.", ".about_others"),
        ("  delade, per mottagare · shared, per receiver", "findings.shared.", ".about_others"),
        ("  ej delade, per mottagare · withheld, per receiver", "findings.withheld.", ".about_others"),
    ):
        yield label, [_shown(_summed(table, beginning, end)) for table in tables]


def contradictions(ledger: Mapping[str, Any], codes: Sequence[str], records: Iterable[Record]) -> Iterator[str]:
    """Where the ledger of a centre and the run's own records do not say the same."""
    counted = {code: Counter[str]() for code in codes}
    told: set[tuple[str, str | None]] = set()
    for record in records:
        if record.key in counted and (record.topic, record.event_id) not in told:
            told.add((record.topic, record.event_id))
            counted[record.key].update(_counted(record))
    for code in codes if ledger else ():
        table = _table(ledger, code)
        for name in ("carried_out.completed", "carried_out.inspections_done", "carried_out.started"):
            if table.get(name) != counted[code][name]:
                yield f"ledger of {code}: {name} is {table.get(name)}, the records say {counted[code][name]}"


def _counted(record: Record) -> dict[str, int]:
    body = record.body or {}
    if record.topic == INSPECTION_TOPIC and record.said == "OperationCompleted":
        is_whole = body["outcome"] == "completed"
        return {
            "carried_out.completed": int(is_whole),
            "carried_out.inspections_done": len(body["done_inspection_ids"]),
            "carried_out.started": 1,
        }
    return {}


def _table(ledger: Mapping[str, Any], code: str) -> dict[str, Any]:
    return {row["code"]: row.get("value") for row in ledger[code]["indicators"]["indicators"]}


def _summed(table: Mapping[str, Any], beginning: str, end: str) -> float:
    return sum(float(v) for k, v in table.items() if k.startswith(beginning) and k.endswith(end) and v is not None)


def _shown(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.2f}"
