"""The case system's entries as messages: its codes are translated here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from samsyn_adapter_sdk import Saying, Skipped, Statement, contents_ref
from samsyn_adapter_sdk.codes import CodeTable, UnknownCodeError
from samsyn_contracts.capacity import CapacityOffered, CapacityWithdrawn
from samsyn_contracts.inspections import InspectionProposed, InspectionWithdrawn, InterestDeclared, ReadinessDeclared
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    NotificationAcknowledged,
    ParticipationAccepted,
    ParticipationDeclined,
    ParticipationWithdrawn,
)

from samsyn_adapter_arbetsmiljoverket import field_work
from samsyn_adapter_arbetsmiljoverket.tables import AGENCY, TABLES, Facts, own


@dataclass(frozen=True)
class Translation:
    """What one entry says, and the contents to be put in the store first, by their references.

    `about` is the id of the site or the operation that they are about.
    """

    saying: Saying
    contents: Mapping[str, Facts]
    about: str = ""


def translation_of(entry: Facts) -> Translation:
    """What the authority says with one entry; skipped if a code is unknown or a fact is missing."""
    number, kind = str(entry["id"]), str(entry["typ"])
    try:
        facts = entry["data"]
        statement = Statement(
            message=_TRANSLATIONS[kind](facts),
            occurred_at=datetime.fromisoformat(entry["tidpunkt"]),
            key=f"arende:{number}",
            centre=TABLES["region"][entry["region"]],
            cursor=number,
            agencyref=facts.get("dnr"),
            causationid=facts.get("fraga"),
        )
        contents, about = _CONTENTS[kind](facts) if kind in _CONTENTS else ({}, "")
    except UnknownCodeError as error:
        return Translation(Skipped(number, unknown=f"{error} in entry {number}"), {})
    except (KeyError, TypeError, ValueError):  # one broken entry must not stop those after it
        broken = f"entry {number}, a {kind[:40]!r} with facts missing or of the wrong form"
        return Translation(Skipped(number, unknown=broken), {})
    return Translation(statement, contents, about)


def _contents_of_site(facts: Facts) -> tuple[dict[str, Facts], str]:
    contents: dict[str, Facts] = {}
    if facts["enskild"]:
        contents[_identity_ref(facts)] = {"name": facts["firma"], "organisation_number": facts["orgnr"]}
    if facts.get("motivering"):
        contents[_why_ref(facts)] = {"text": facts["motivering"]}
    return contents, _site_id(facts)


def _site_id(facts: Facts) -> str:
    return own(f"plats-{facts['objekt']}")


def _identity_ref(facts: Facts) -> str:
    return contents_ref(AGENCY, f"identitet:{facts['objekt']}")


def _why_ref(facts: Facts) -> str:
    return contents_ref(AGENCY, f"motivering:{facts['objekt']}")


def _offered(facts: Facts) -> Message:
    base = None if facts.get("lat") is None else {"lat": facts["lat"], "lon": facts["lon"]}
    return CapacityOffered.model_validate(
        {
            "capacity_id": own(facts["pass"]),
            "unit": "team",
            "team": re.sub(r"[^a-z0-9-]", "-", f"{AGENCY}-{facts['lag']}".lower()),
            "start_at": facts["fran"],
            "end_at": facts["till"],
            "staff": facts["bemanning"],
            "consent": TABLES["samtycke"][facts["samtycke"]],
            "base": base,
            "skills": [TABLES["kompetens"][code] for code in facts["kompetens"]],
        }
    )


def _proposed(facts: Facts) -> Message:
    return InspectionProposed.model_validate(
        {
            "inspection_id": own(facts["objekt"]),
            "site": _site(facts),
            "indications": [TABLES["brist"][code] for code in facts["brister"]],
            "police_need": TABLES["polisbehov"][facts["polisbehov"]],
            "value": facts["prioritet"],
            "programme": "a-krim",
            "duration_minutes": facts["minuter"],
            "time_windows": [{"from_at": opens, "until_at": closes} for opens, closes in facts["oppet"]],
            "due_at": facts.get("bor_senast"),
            "deadline_at": facts.get("maste_senast"),
            "required_agencies": [TABLES["myndighet"][code] for code in facts["kravda"]],
            "min_officers": facts["minst_poliser"],
            "exploitation_indicated": facts["exploatering"],
            "why_ref": _why_ref(facts) if facts.get("motivering") else None,
        }
    )


def _site(facts: Facts) -> dict[str, Any]:
    """A sole trader's name and number are a person's: only their reference leaves the authority."""
    named = {"name": facts["firma"], "organisation_number": facts["orgnr"]}
    return {
        "site_id": _site_id(facts),
        "municipality": facts["kommun"],
        "industry": facts["sni"],
        "position": {"lat": facts["lat"], "lon": facts["lon"]},
    } | ({"identity_ref": _identity_ref(facts)} if facts["enskild"] else named)


def _interest(facts: Facts) -> Message:
    return InterestDeclared(inspection_id=facts["kontroll"], agency=AGENCY, interest=TABLES["grad"][facts["grad"]])


def _ready(facts: Facts) -> Message:
    return ReadinessDeclared(inspection_id=facts["kontroll"], agency=AGENCY, ready=facts["beredd"])


def _accepted(facts: Facts) -> Message:
    return ParticipationAccepted(
        operation_id=facts["insats"],
        capacity_id=own(facts["pass"]),
        session_id=facts["polispass"],
        head_count=facts["antal"],
    )


def _declined(facts: Facts) -> Message:
    return ParticipationDeclined(
        operation_id=facts["insats"],
        capacity_id=own(facts["pass"]),
        session_id=facts.get("polispass"),
        reason_code=TABLES["orsak"][facts["orsak"]],
    )


def _taken_back(facts: Facts) -> Message:
    return ParticipationWithdrawn(
        operation_id=facts["insats"],
        capacity_id=own(facts["pass"]),
        session_id=facts.get("polispass"),
        reason_code=TABLES["orsak"][facts["orsak"]],
    )


def _shift_struck(facts: Facts) -> Message:
    return CapacityWithdrawn(capacity_id=own(facts["pass"]), reason_code=TABLES["orsak"][facts["orsak"]])


def _site_struck(facts: Facts) -> Message:
    return InspectionWithdrawn(inspection_id=own(facts["objekt"]), reason_code=TABLES["orsak"][facts["orsak"]])


def _acknowledged(facts: Facts) -> Message:
    return NotificationAcknowledged(
        operation_id=facts["insats"],
        agency=AGENCY,
        plan_version=facts["planversion"],
        by_function="samordnare",
        acknowledged_event=facts["fraga"],
    )


_CONTENTS: Mapping[str, Callable[[Facts], tuple[dict[str, Facts], str]]] = {
    "TILLSYNSOBJEKT": _contents_of_site,
    "FYND": field_work.contents_of_finding,
}
_HOW: Mapping[str, Callable[[Facts], Message]] = {
    "LAGPASS": _offered,
    "LAGPASS_STRUKET": _shift_struck,
    "TILLSYNSOBJEKT": _proposed,
    "TILLSYNSOBJEKT_STRUKET": _site_struck,
    "INTRESSE": _interest,
    "BEREDSKAP": _ready,
    "SVAR_JA": _accepted,
    "SVAR_NEJ": _declined,
    "DELTAGANDE_STRUKET": _taken_back,
    "KVITTENS": _acknowledged,
    "INSATS_STARTAD": field_work.started,
    "KONTROLL_KLAR": field_work.completed,
    "INSATS_UPPEHALL": field_work.suspended,
    "INSATS_AVBRUTEN": field_work.aborted,
    "FYND": field_work.found,
    "SEKRETESSBEDOMNING": field_work.assessed,
}
_TRANSLATIONS = CodeTable("typ", _HOW)
