"""The rows of the agency's files as messages: its codes are translated here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from samsyn_adapter_sdk import Statement, contents_ref
from samsyn_adapter_sdk.codes import load_tables
from samsyn_contracts.capacity import CapacityOffered, CapacityWithdrawn
from samsyn_contracts.inspections import InspectionProposed, InspectionWithdrawn, InterestDeclared, ReadinessDeclared
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    NotificationAcknowledged,
    ParticipationAccepted,
    ParticipationDeclined,
    ParticipationWithdrawn,
)

from samsyn_adapter_skatteverket.rows import BadCellError, Row

AGENCY = "skatteverket"
TABLES = load_tables("samsyn_adapter_skatteverket")
_THIRD_DIGIT_OF_A_PERSON = ("0", "1")


@dataclass(frozen=True)
class Contents:
    """What is put in the contents store before the statement is said; `about` is the operation or the site."""

    ref: str
    about: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """What one row says, and what lies in the contents store."""

    message: Message
    contents: tuple[Contents, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of file: the columns it must have besides the common ones, and how a row of it is said.

    `other_names` are columns that stand for a field of the message in this kind of file alone.
    """

    columns: tuple[str, ...]
    say: Callable[[Row], Said]
    other_names: Mapping[str, str] = field(default_factory=dict)


COMMON = ("nyckel", "version", "tidpunkt", "region")
# The column behind a field of a message, for what the message's own form refuses.
_COLUMN_OF_FIELD: Mapping[str, str] = {
    "capacity_id": "pass",
    "team": "lag",
    "end_at": "slut",
    "staff": "bemanning",
    "lat": "lat",
    "lon": "lon",
    "site_id": "objekt",
    "inspection_id": "kontroll",
    "organisation_number": "orgnr",
    "name": "namn",
    "municipality": "kommun",
    "industry": "sni",
    "indications": "brister",
    "value": "prioritet",
    "duration_minutes": "minuter",
    "time_windows": "oppet",
    "required_agencies": "kravda",
    "min_officers": "minst_poliser",
    "operation_id": "insats",
    "session_id": "polispass",
    "head_count": "antal",
    "plan_version": "planversion",
    "num_workers_met": "antal_traffade",
    "remaining_inspection_ids": "kvar",
    "left_inspection_ids": "kvar",
    "finding_id": "fynd",
    "also_relevant_for": "aven_for",
    "assessment_id": "bedomning",
    "receiver": "mottagare",
    "document_ref": "dokument",
    "by_function": "funktion",
    "acknowledged_event": "fraga",
}


def own(number: str) -> str:
    """The id under which others know a thing of the agency."""
    return f"{AGENCY}:{number}"


def key_of(kind: str, row: Row) -> str:
    """The agency's own key of a row: the same row in another file is the same event, a corrected one is the next."""
    return f"{kind}:{row.text('nyckel')}:{row.whole('version')}"


def said_by(kind: str, row: Row, kinds: Mapping[str, Kind], cursor: str) -> tuple[Statement, tuple[Contents, ...]]:
    """The statement of a row and its contents; raises BadCellError."""
    key = key_of(kind, row)
    occurred_at, centre = row.instant("tidpunkt"), row.code("region", TABLES["region"])
    try:
        said = kinds[kind].say(row)
    except ValidationError as error:
        raise _bad_cell(error, kinds[kind].other_names) from None
    statement = Statement(
        message=said.message,
        occurred_at=occurred_at,
        key=key,
        centre=centre,
        cursor=cursor,
        agencyref=row.optional("dnr"),
        causationid=row.optional("fraga"),
    )
    return statement, said.contents


def column_of(pointer: Sequence[str | int], other_names: Mapping[str, str]) -> str:
    """The column that a field of a message comes from; empty if none alone."""
    names = [str(part) for part in pointer]
    return next((c for n in reversed(names) if (c := other_names.get(n) or _COLUMN_OF_FIELD.get(n))), "")


def shift_said(row: Row) -> Said:
    """A team's shift, offered or struck."""
    capacity_id = own(row.text("pass"))
    if row.text("status") == "struket":
        reason = row.code("orsak", TABLES["orsak"])
        return Said(CapacityWithdrawn(capacity_id=capacity_id, reason_code=reason))
    lat, lon = row.decimal("lat"), row.decimal("lon")
    return Said(
        CapacityOffered.model_validate(
            {
                "capacity_id": capacity_id,
                "unit": "team",
                "team": re.sub(r"[^a-z0-9-]", "-", f"{AGENCY}-{row.text('lag')}".lower()),
                "start_at": row.instant("start"),
                "end_at": row.instant("slut"),
                "staff": row.whole("bemanning"),
                "consent": row.code("samtycke", TABLES["samtycke"]),
                "base": None if lat is None else {"lat": lat, "lon": lon},
                "skills": row.codes("kompetens", TABLES["kompetens"]),
            }
        )
    )


def site_said(row: Row) -> Said:
    """A site wanted inspected, or struck; a sole trader's identity and the text go to the contents store."""
    number, version = row.text("objekt"), row.whole("version")
    if row.text("status") == "struket":
        reason = row.code("orsak", TABLES["orsak"])
        return Said(InspectionWithdrawn(inspection_id=own(number), reason_code=reason))
    site_id, contents = own(f"plats-{number}"), []
    named = {"name": row.text("namn"), "organisation_number": row.text("orgnr")}
    site: dict[str, Any] = {
        "site_id": site_id,
        "municipality": row.text("kommun"),
        "industry": row.optional("sni"),
        "position": {"lat": row.decimal("lat"), "lon": row.decimal("lon")},
    }
    if row.flag("enskild") or named["organisation_number"][2:3] in _THIRD_DIGIT_OF_A_PERSON:
        contents.append(Contents(contents_ref(AGENCY, f"identitet:{number}:{version}"), site_id, named))
        site["identity_ref"] = contents[0].ref
    else:
        site |= named
    why = row.optional("motivering")
    if why is not None:
        contents.append(Contents(contents_ref(AGENCY, f"motivering:{number}:{version}"), site_id, {"text": why}))
    proposed = InspectionProposed.model_validate(
        {
            "inspection_id": own(number),
            "site": site,
            "indications": row.codes("brister", TABLES["brister"]),
            "police_need": row.code("polisbehov", TABLES["polisbehov"]),
            "value": row.whole("prioritet"),
            "programme": "a-krim",
            "duration_minutes": row.whole("minuter"),
            "time_windows": [{"from_at": opens, "until_at": closes} for opens, closes in row.intervals("oppet")],
            "due_at": row.optional_instant("bor_senast"),
            "deadline_at": row.optional_instant("maste_senast"),
            "required_agencies": row.several("kravda"),
            "min_officers": row.whole("minst_poliser"),
            "exploitation_indicated": row.flag("exploatering"),
            "why_ref": None if why is None else contents[-1].ref,
        }
    )
    return Said(proposed, tuple(contents))


def interest_said(row: Row) -> Said:
    """How much the agency wants to take part in an inspection."""
    level = row.code("grad", TABLES["grad"])
    return Said(InterestDeclared(inspection_id=row.text("kontroll"), agency=AGENCY, interest=level))


def readiness_said(row: Row) -> Said:
    """Whether the agency is prepared for an inspection."""
    return Said(
        ReadinessDeclared(
            inspection_id=row.text("kontroll"),
            agency=AGENCY,
            ready=row.flag("beredd"),
            valid_until=row.optional_instant("giltig_till"),
        )
    )


def answer_said(row: Row) -> Said:
    """Yes, no, or a yes taken back."""
    operation_id, capacity_id, answer = row.text("insats"), own(row.text("pass")), row.text("svar").lower()
    if answer == "ja":
        return Said(
            ParticipationAccepted(
                operation_id=operation_id,
                capacity_id=capacity_id,
                session_id=row.text("polispass"),
                head_count=row.whole("antal"),
            )
        )
    told = {"nej": ParticipationDeclined, "återtag": ParticipationWithdrawn}.get(answer)
    if told is None:
        raise BadCellError("svar", "Skriv ja, nej eller återtag.")
    session_id, reason = row.optional("polispass"), row.code("orsak", TABLES["orsak"])
    return Said(told(operation_id=operation_id, capacity_id=capacity_id, session_id=session_id, reason_code=reason))


def receipt_said(row: Row) -> Said:
    """What the agency was told of an operation has been seen."""
    return Said(
        NotificationAcknowledged(
            operation_id=row.text("insats"),
            agency=AGENCY,
            plan_version=row.whole("planversion"),
            by_function=row.text("funktion"),
            acknowledged_event=row.optional("fraga"),
        )
    )


def _bad_cell(error: ValidationError, other_names: Mapping[str, str]) -> BadCellError:
    found = error.errors(include_input=False, include_context=False, include_url=False)[0]
    remedy = "Värdet går inte att använda: se adapterns README för vad kolumnen ska innehålla."
    return BadCellError(column_of(found["loc"], other_names), remedy)
