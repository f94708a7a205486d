"""The duty system's log entries as messages: its codes are translated here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from samsyn_adapter_sdk import Saying, Skipped, Statement, event_id
from samsyn_adapter_sdk.codes import CodeTable, UnknownCodeError, load_tables
from samsyn_contracts.cancellation_risk import DisturbanceEnded
from samsyn_contracts.capacity import (
    CapacityOffered,
    CapacityWithdrawn,
    DisturbanceReported,
    PoliceCancellationRetracted,
    PoliceCancelled,
    PoliceRestored,
)
from samsyn_contracts.message import Message
from samsyn_contracts.operations import NotificationAcknowledged, PoliceCommitted, PoliceDeclined

AGENCY = "polisen"
TABLES = load_tables("samsyn_adapter_polisen")

Facts = Mapping[str, Any]


def own(number: str) -> str:
    """The id under which others know a thing of the police."""
    return f"{AGENCY}:{number}"


def saying_of(entry: Facts) -> Saying:
    """What the police say with one entry of the log; skipped if a code is unknown or a fact is missing."""
    number, code = str(entry["nr"]), str(entry["kod"])
    try:
        facts = entry["uppgifter"]
        return Statement(
            message=_TRANSLATIONS[code](facts),
            occurred_at=datetime.fromisoformat(entry["tid"]),
            key=_key(number),
            centre=TABLES["region"][entry["region"]],
            cursor=number,
            causationid=facts.get("fraga"),
        )
    except UnknownCodeError as error:
        return Skipped(number, unknown=f"{error} in entry {number}")
    except (KeyError, TypeError, ValueError):  # one broken entry must not stop those after it
        return Skipped(number, unknown=f"entry {number}, a {code[:40]!r} with facts missing or of the wrong form")


def _key(number: str) -> str:
    return f"handelse:{number}"


def _offered(facts: Facts) -> Message:
    return CapacityOffered.model_validate(
        {
            "capacity_id": own(facts["pass"]),
            "unit": TABLES["enhet"][facts["enhet"]],
            "start_at": facts["fran"],
            "end_at": facts["till"],
            "staff": facts["styrka"],
            "consent": TABLES["samtycke"][facts["samtycke"]],
            "base": {"lat": facts["lat"], "lon": facts["lon"]},
            "municipality": facts["kommun"],
            "experience_band": TABLES["erfarenhet"][facts["erfarenhet"]],
            "max_travel_minutes": facts["max_restid_min"],
            "max_inspections": facts["max_kontroller"],
        }
    )


def _cancelled(facts: Facts) -> Message:
    """Whole (PASS_INSTALLT), shorter (PASS_KORTAT) or with fewer officers (STYRKA_MINSKAD)."""
    disturbance = facts.get("storning")
    return PoliceCancelled.model_validate(
        {
            "capacity_id": own(facts["pass"]),
            "cause_code": TABLES["orsak"][facts["orsak"]],
            "disturbance_id": None if disturbance is None else own(disturbance),
            "available_from": facts.get("fran"),
            "available_until": facts.get("till"),
            "officers_left": facts.get("kvar"),
            "may_return_at": facts.get("kan_ater"),
        }
    )


def _retracted(facts: Facts) -> Message:
    cancelled = event_id(AGENCY, _key(str(facts["avser"])))
    return PoliceCancellationRetracted(capacity_id=own(facts["pass"]), cancelled_event=cancelled)


def _restored(facts: Facts) -> Message:
    disturbance = facts.get("storning")
    return PoliceRestored(
        capacity_id=own(facts["pass"]), disturbance_id=None if disturbance is None else own(disturbance)
    )


def _withdrawn(facts: Facts) -> Message:
    return CapacityWithdrawn(capacity_id=own(facts["pass"]), reason_code=TABLES["nej_orsak"][facts["orsak"]])


def _disturbance(facts: Facts) -> Message:
    return DisturbanceReported.model_validate(
        {
            "disturbance_id": own(facts["storning"]),
            "kind": TABLES["slag"][facts["slag"]],
            "severity": TABLES["allvar"][facts["allvar"]],
            "municipality": facts.get("kommun"),
            "verified": facts["bekraftad"],
            "expected_end_at": facts.get("vantat_slut"),
        }
    )


def _disturbance_over(facts: Facts) -> Message:
    return DisturbanceEnded(disturbance_id=own(facts["storning"]), ended_at=facts["slut"])


def _committed(facts: Facts) -> Message:
    return PoliceCommitted(
        operation_id=facts["insats"], capacity_id=own(facts["pass"]), unit=TABLES["enhet"][facts["enhet"]]
    )


def _declined(facts: Facts) -> Message:
    return PoliceDeclined(
        operation_id=facts["insats"],
        capacity_id=own(facts["pass"]),
        reason_code=TABLES["nej_orsak"][facts["orsak"]],
    )


def _acknowledged(facts: Facts) -> Message:
    return NotificationAcknowledged(
        operation_id=facts["insats"],
        agency=AGENCY,
        plan_version=facts["planversion"],
        by_function="vakthavande_befal",
        acknowledged_event=facts["fraga"],
    )


_TRANSLATIONS = CodeTable(
    "kod",
    {
        "PASS_ERBJUDET": _offered,
        "PASS_INDRAGET": _withdrawn,
        "PASS_INSTALLT": _cancelled,
        "PASS_KORTAT": _cancelled,
        "STYRKA_MINSKAD": _cancelled,
        "PASS_ATER": _restored,
        "PASS_ANGRAT": _retracted,
        "STORNING": _disturbance,
        "STORNING_SLUT": _disturbance_over,
        "FORFRAGAN_JA": _committed,
        "FORFRAGAN_NEJ": _declined,
        "KVITTENS": _acknowledged,
    },
)
