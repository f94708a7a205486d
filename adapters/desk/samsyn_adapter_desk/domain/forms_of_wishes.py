"""Forms about what an agency wants and can spare: inspections, interest, readiness, consent, capacity."""

from __future__ import annotations

import csv
import uuid
from functools import cache
from importlib.resources import files
from typing import Any

from samsyn_contracts import capacity, inspections
from samsyn_contracts.register import load_register

from samsyn_adapter_desk.domain.choices import (
    COVERS,
    DECLINED,
    EXPERIENCE,
    GONE,
    INTEREST,
    POLICE_NEED,
    YES_NO,
    causes,
    indications,
    municipalities,
    programmes,
)
from samsyn_adapter_desk.domain.forms import (
    Asked,
    Draft,
    Fault,
    Field,
    Form,
    FormError,
    Kept,
    Option,
    Values,
    instant,
    number,
    present,
)
from samsyn_adapter_desk.marks import msgid

INSPECTION = Field("inspection_id", msgid("Inspection"), "hidden")
STANDING = (
    Option("ask", "fråga varje gång", "ask each time"),
    Option("standing", "stående: får användas utan fråga", "standing: may be used without asking"),
)
AREA = msgid("Of a police session, in small letters, such as lpo-goteborg-city.")
TEAM_OR_POLICE = (
    Option("team", "ett team", "a team"),
    Option("local_police", "ett polispass", "a police session"),
)


def propose(values: Values, asked: Asked) -> Draft:
    """The agency wants a site inspected; a sole trader's identity and free text go to the contents store."""
    own_id = _own_id(asked, "inspection")
    site_id = f"{own_id}-site"
    site: dict[str, Any] = present(
        site_id=site_id,
        municipality=values["municipality"],
        industry=values.get("industry"),
        position=position_of(values["municipality"]),
        address=values.get("address"),
    )
    kept = []
    identity = present(name=values.get("name"), organisation_number=values.get("organisation_number"))
    if is_of_a_person(values.get("organisation_number", "")):
        kept.append(Kept(_contents_id(asked, "identity"), identity, site_id))
        site["identity_ref"] = kept[-1].ref
    else:
        site |= identity
    why_ref = None
    if values.get("why"):
        kept.append(Kept(_contents_id(asked, "why"), {"text": values["why"]}, site_id))
        why_ref = kept[-1].ref
    told = present(
        inspection_id=own_id,
        site=site,
        indications=(values["indication"],),
        police_need=values["police_need"],
        value=number(values, "value"),
        programme=values["programme"],
        duration_minutes=number(values, "duration_minutes"),
        time_windows=({"from_at": instant(values, "from_at"), "until_at": instant(values, "until_at")},),
        deadline_at=instant(values, "deadline_at"),
        required_agencies=(asked.party,) if values.get("must_take_part") == "yes" else (),
        exploitation_indicated=True if values["indication"] == "labour_exploitation" else None,
        why_ref=why_ref,
    )
    return Draft(inspections.InspectionProposed.model_validate(told), tuple(kept))


def withdraw_inspection(values: Values, asked: Asked) -> Draft:
    """The agency no longer wants it."""
    told = {key: values[key] for key in ("inspection_id", "reason_code")}
    return Draft(inspections.InspectionWithdrawn.model_validate(told))


def declare_interest(values: Values, asked: Asked) -> Draft:
    """How much the agency wants to take part."""
    told = {"inspection_id": values["inspection_id"], "agency": asked.party, "interest": values["interest"]}
    return Draft(inspections.InterestDeclared.model_validate(told))


def declare_readiness(values: Values, asked: Asked) -> Draft:
    """Whether the agency is prepared for the site."""
    told = present(
        inspection_id=values["inspection_id"],
        agency=asked.party,
        ready=values["ready"] == "yes",
        valid_until=instant(values, "valid_until"),
    )
    return Draft(inspections.ReadinessDeclared.model_validate(told))


def give_consent(values: Values, asked: Asked) -> Draft:
    """The agency agrees beforehand to a kind of change."""
    told = present(
        consent_id=_own_id(asked, "consent"),
        given_by_function=asked.function,
        covers=(values["covers"],),
        valid_until=instant(values, "valid_until"),
        minutes=number(values, "minutes"),
    )
    return Draft(capacity.ConsentGiven.model_validate(told))


def revoke_consent(values: Values, asked: Asked) -> Draft:
    """The agency takes it back."""
    return Draft(capacity.ConsentRevoked(consent_id=values["consent_id"]))


def offer(values: Values, asked: Asked) -> Draft:
    """The agency offers a team, or the police a session."""
    is_team = values["unit"] == "team"
    told = present(
        capacity_id=_own_id(asked, "capacity"),
        unit=values["unit"],
        start_at=instant(values, "start_at"),
        end_at=instant(values, "end_at"),
        staff=number(values, "staff"),
        consent={"mode": values["consent"]},
        municipality=values["municipality"],
        base=None if is_team else position_of(values["municipality"]),
        team=values.get("team") if is_team else None,
        area=None if is_team else values.get("area"),
        experience_band=None if is_team else values.get("experience_band"),
    )
    return Draft(capacity.CapacityOffered.model_validate(told))


def withdraw_capacity(values: Values, asked: Asked) -> Draft:
    """It cannot be used any more."""
    told = {key: values[key] for key in ("capacity_id", "reason_code")}
    return Draft(capacity.CapacityWithdrawn.model_validate(told))


def is_of_a_person(organisation_number: str) -> bool:
    """Whether a number is a sole trader's, which is a personal identity number: its third digit is 0 or 1."""
    digits = [sign for sign in organisation_number if sign.isdigit()]
    if len(digits) == 12:  # with the century before it
        digits = digits[2:]
    return len(digits) == 10 and digits[2] in "01"


@cache
def _points() -> dict[str, dict[str, float]]:
    with files("samsyn_adapter_desk").joinpath("data/municipalities.csv").open(encoding="utf-8") as file:
        return {row["code"]: {"lat": float(row["lat"]), "lon": float(row["lon"])} for row in csv.DictReader(file)}


def position_of(municipality: str) -> dict[str, float]:
    """A representative point of a municipality, degrees in WGS 84, where nobody has given a better one."""
    if municipality not in _points():
        raise FormError([Fault("municipality", msgid("Choose a municipality from the list."))])
    return _points()[municipality]


def _own_id(asked: Asked, what: str) -> str:
    """An id of the party's own, the same each time that the same form is sent."""
    return f"{asked.party}:desk-{uuid.uuid5(uuid.NAMESPACE_URL, f'urn:samsyn:desk:{asked.once}:{what}')}"


def _contents_id(asked: Asked, what: str) -> str:
    return f"contents:{asked.party}:{uuid.uuid5(uuid.NAMESPACE_URL, f'urn:samsyn:desk:{asked.once}:{what}')}"


def roles_of(party: str) -> tuple[str, ...]:
    """The roles in which a party speaks, where it has several."""
    return tuple(role.code for role in load_register().by_code[party].roles)


FORMS = (
    Form(
        "propose",
        "propose",
        msgid("Propose an inspection"),
        msgid("Propose"),
        (
            Field("municipality", msgid("Municipality"), "select", options=municipalities()),
            Field("address", msgid("Address"), hint=msgid("Told only to those who have accepted."), is_required=False),
            Field("name", msgid("Name of the business"), is_required=False),
            Field(
                "organisation_number",
                msgid("Organisation number"),
                hint=msgid("Ten digits. A sole trader's is kept apart and never sent in a message."),
                is_required=False,
                of="organisation_number",
            ),
            Field("industry", msgid("Industry (SNI)"), hint=msgid("Four digits, such as 5610."), is_required=False),
            Field("indication", msgid("What indicates work-life crime"), "select", options=indications()),
            Field("programme", msgid("Programme"), "select", options=programmes(), value="a-krim"),
            Field("police_need", msgid("Police"), "select", options=POLICE_NEED),
            Field("value", msgid("How important"), "number", msgid("From 1 to 1000; 500 is usual."), value="500"),
            Field("duration_minutes", msgid("Minutes on the spot"), "number", msgid("From 10 to 720."), value="60"),
            Field("from_at", msgid("Earliest"), "instant"),
            Field("until_at", msgid("Latest"), "instant"),
            Field("deadline_at", msgid("Of no use after"), "instant", is_required=False),
            Field("must_take_part", msgid("We must be there ourselves"), "select", options=YES_NO, value="yes"),
            Field(
                "why",
                msgid("Why (free text)"),
                "long_text",
                msgid("Kept in the contents store; messages only refer to it."),
                is_required=False,
            ),
        ),
        propose,
        msgid("What you propose is told to the members of the centre as far as each may know it."),
        "/inspections",
    ),
    Form(
        "withdraw_inspection",
        "propose",
        msgid("Withdraw the proposal"),
        msgid("Withdraw"),
        (INSPECTION, Field("reason_code", msgid("Why"), "select", options=causes(*GONE))),
        withdraw_inspection,
        back_to="/inspections",
    ),
    Form(
        "interest",
        "declare",
        msgid("Declare interest"),
        msgid("Declare"),
        (INSPECTION, Field("interest", msgid("Interest"), "select", options=INTEREST)),
        declare_interest,
        back_to="/inspections",
    ),
    Form(
        "readiness",
        "declare",
        msgid("Declare readiness"),
        msgid("Declare"),
        (
            INSPECTION,
            Field("ready", msgid("Prepared, with the decisions needed"), "select", options=YES_NO),
            Field("valid_until", msgid("Holds until"), "instant", is_required=False),
        ),
        declare_readiness,
        back_to="/todo",
    ),
    Form(
        "consent",
        "declare",
        msgid("Consent beforehand"),
        msgid("Consent"),
        (
            Field("covers", msgid("To what"), "select", options=COVERS),
            Field("minutes", msgid("At most this many minutes"), "number", is_required=False),
            Field("valid_until", msgid("Until"), "instant"),
        ),
        give_consent,
        msgid("A new plan within this may be published without asking you. You can take the consent back."),
        "/capacity",
    ),
    Form(
        "revoke",
        "declare",
        msgid("Take the consent back"),
        msgid("Take it back"),
        (Field("consent_id", msgid("Consent"), "hidden"),),
        revoke_consent,
        msgid("Plans that are published already stand; from now on you are asked."),
        "/capacity",
    ),
    Form(
        "offer",
        "offer",
        msgid("Offer capacity"),
        msgid("Offer"),
        (
            Field("unit", msgid("What"), "select", options=TEAM_OR_POLICE, value="team"),
            Field(
                "team",
                msgid("Team"),
                hint=msgid("A name without persons: small letters, such as team-1."),
                is_required=False,
            ),
            Field("municipality", msgid("Starts from"), "select", options=municipalities()),
            Field("start_at", msgid("From"), "instant"),
            Field("end_at", msgid("Until"), "instant"),
            Field("staff", msgid("How many"), "number", value="2"),
            Field("consent", msgid("Use"), "select", options=STANDING, value="ask"),
            Field("area", msgid("Local police area"), hint=AREA, is_required=False),
            Field(
                "experience_band",
                msgid("Experience of joint operations"),
                "select",
                msgid("Of a police session. Left out, that of the area's designated officers is taken."),
                is_required=False,
                options=EXPERIENCE,
            ),
        ),
        offer,
        back_to="/capacity",
    ),
    Form(
        "withdraw_capacity",
        "offer",
        msgid("Take the capacity back"),
        msgid("Take it back"),
        (
            Field("capacity_id", msgid("Capacity"), "hidden"),
            Field("reason_code", msgid("Why"), "select", options=causes(*DECLINED)),
        ),
        withdraw_capacity,
        back_to="/capacity",
        is_grave=True,
    ),
)
