"""What the agency's files say of the day itself: started, done, broken off; findings, and who may have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from samsyn_adapter_sdk import contents_ref
from samsyn_contracts.carrying_out import InspectionCompleted, InspectionSuspended, OperationAborted, OperationStarted
from samsyn_contracts.findings import DisclosureAssessed, FindingRecorded
from samsyn_contracts.message import Message

from samsyn_adapter_skatteverket.rows import BadCellError, Row
from samsyn_adapter_skatteverket.translation import AGENCY, TABLES, Contents, Said, own


def day_said(row: Row) -> Said:
    """One step of an operation on its day."""
    step = _STEPS.get(row.text("handelse").lower())
    if step is None:
        raise BadCellError("handelse", "Skriv " + ", ".join(_STEPS) + ".")
    return Said(step(row))


def finding_said(row: Row) -> Said:
    """A finding; what was found goes to the contents store, under the operation's key."""
    number, operation_id = row.text("fynd"), row.text("insats")
    ref = contents_ref(AGENCY, f"fynd:{number}:{row.whole('version')}")
    found = {
        "category_codes": row.codes("brister", TABLES["brister"]),
        "severity": row.code("allvar", TABLES["grad"]),
        "text": row.text("text"),
    }
    recorded = FindingRecorded(
        finding_id=own(number),
        operation_id=operation_id,
        inspection_id=row.text("kontroll"),
        plan_version=row.whole("planversion"),
        category=row.code("omrade", TABLES["omrade"]),
        subject_kind=row.code("slag", TABLES["slag"]),
        payload_ref=ref,
        also_relevant_for=tuple(row.several("aven_for")),
    )
    return Said(recorded, (Contents(ref, operation_id, found),))


def assessment_said(row: Row) -> Said:
    """Whether a receiver may have what the agency knows in a field of law, standing or for one finding."""
    finding = row.optional("fynd")
    return Said(
        DisclosureAssessed(
            assessment_id=own(row.text("bedomning")),
            receiver=row.text("mottagare"),
            category=row.code("omrade", TABLES["omrade"]),
            purpose=row.code("andamal", TABLES["andamal"]),
            outcome=row.code("utfall", TABLES["bedomning"]),
            document_ref=row.text("dokument"),
            valid_until=row.instant("giltig_till"),
            finding_id=None if finding is None else own(finding),
        )
    )


def _started(row: Row) -> Message:
    return OperationStarted(
        operation_id=row.text("insats"),
        agency=AGENCY,
        plan_version=row.whole("planversion"),
        police_present=row.flag("polis"),
    )


def _completed(row: Row) -> Message:
    return InspectionCompleted(
        operation_id=row.text("insats"),
        inspection_id=row.text("kontroll"),
        agency=AGENCY,
        plan_version=row.whole("planversion"),
        outcome=row.code("utfall", TABLES["utfall"]),
        num_workers_met=row.whole("antal_traffade") if row.optional("antal_traffade") else None,
    )


def _suspended(row: Row) -> Message:
    return InspectionSuspended(
        operation_id=row.text("insats"),
        agency=AGENCY,
        plan_version=row.whole("planversion"),
        cause_code=row.code("orsak", TABLES["orsak"]),
        remaining_inspection_ids=tuple(row.several("kvar")),
    )


def _aborted(row: Row) -> Message:
    return OperationAborted(
        operation_id=row.text("insats"),
        agency=AGENCY,
        plan_version=row.whole("planversion"),
        cause_code=row.code("orsak", TABLES["orsak"]),
        left_inspection_ids=tuple(row.several("kvar")),
    )


_STEPS: Mapping[str, Callable[[Row], Message]] = {
    "startad": _started,
    "klar": _completed,
    "uppehåll": _suspended,
    "avbruten": _aborted,
}
