"""What the case system says of the day itself: started, done, broken off; findings, and who may have them."""

from __future__ import annotations

from samsyn_adapter_sdk import contents_ref
from samsyn_contracts.carrying_out import InspectionCompleted, InspectionSuspended, OperationAborted, OperationStarted
from samsyn_contracts.findings import DisclosureAssessed, FindingRecorded
from samsyn_contracts.message import Message

from samsyn_adapter_arbetsmiljoverket.tables import AGENCY, TABLES, Facts, own


def started(facts: Facts) -> Message:
    """The operation has begun."""
    return OperationStarted(
        operation_id=facts["insats"],
        agency=AGENCY,
        plan_version=facts["planversion"],
        police_present=facts["polis"],
        lead_function="insatsledare",
    )


def completed(facts: Facts) -> Message:
    """The authority's part of an inspection is done."""
    return InspectionCompleted(
        operation_id=facts["insats"],
        inspection_id=facts["kontroll"],
        agency=AGENCY,
        plan_version=facts["planversion"],
        outcome=TABLES["utfall"][facts["utfall"]],
        num_workers_met=facts.get("traffade"),
    )


def suspended(facts: Facts) -> Message:
    """The operation is broken off."""
    return InspectionSuspended(
        operation_id=facts["insats"],
        agency=AGENCY,
        plan_version=facts["planversion"],
        cause_code=TABLES["orsak"][facts["orsak"]],
        remaining_inspection_ids=tuple(facts["kvar"]),
    )


def aborted(facts: Facts) -> Message:
    """The operation is given up."""
    return OperationAborted(
        operation_id=facts["insats"],
        agency=AGENCY,
        plan_version=facts["planversion"],
        cause_code=TABLES["orsak"][facts["orsak"]],
        left_inspection_ids=tuple(facts["kvar"]),
    )


def found(facts: Facts) -> Message:
    """A finding; what was found is in the contents store."""
    return FindingRecorded(
        finding_id=own(facts["fynd"]),
        operation_id=facts["insats"],
        inspection_id=facts["kontroll"],
        plan_version=facts["planversion"],
        category=TABLES["omrade"][facts["omrade"]],
        subject_kind=TABLES["slag"][facts["slag"]],
        payload_ref=_finding_ref(facts),
        also_relevant_for=tuple(TABLES["myndighet"][code] for code in facts["aven_for"]),
    )


def contents_of_finding(facts: Facts) -> tuple[dict[str, Facts], str]:
    """What was found, and the operation that it is about."""
    what = {
        "category_codes": [TABLES["brist"][code] for code in facts["brister"]],
        "severity": TABLES["grad"][facts["allvar"]],
        "text": facts["text"],
    }
    return {_finding_ref(facts): what}, str(facts["insats"])


def assessed(facts: Facts) -> Message:
    """Whether a receiver may have what the authority knows in a field of law."""
    finding = facts.get("fynd")
    return DisclosureAssessed.model_validate(
        {
            "assessment_id": own(facts["bedomning"]),
            "receiver": TABLES["myndighet"][facts["mottagare"]],
            "category": TABLES["omrade"][facts["omrade"]],
            "purpose": TABLES["andamal"][facts["andamal"]],
            "outcome": TABLES["bedomning"][facts["utfall"]],
            "document_ref": facts["dokument"],
            "valid_until": facts["giltig_till"],
            "finding_id": None if finding is None else own(finding),
        }
    )


def _finding_ref(facts: Facts) -> str:
    return contents_ref(AGENCY, f"fynd:{facts['fynd']}")
