"""Forms by which the police designate officers for joint operations and take slots back: never a person."""

from __future__ import annotations

from samsyn_contracts.officers import OperationOfficerDesignated, OperationOfficerRetired

from samsyn_adapter_desk.domain.choices import EXPERIENCE
from samsyn_adapter_desk.domain.forms import Asked, Draft, Field, Form, Values, listed, present, written_day
from samsyn_adapter_desk.marks import msgid


def designate(values: Values, asked: Asked) -> Draft:
    """The police have an officer of an area for joint operations, from a day on."""
    told = present(
        slot_id=f"{asked.party}:{values['slot']}",
        area=values["area"],
        experience_band=values["experience_band"],
        skills=listed(values, "skills"),
        valid_from=written_day(values["valid_from"]),
    )
    return Draft(OperationOfficerDesignated.model_validate(told))


def retire(values: Values, asked: Asked) -> Draft:
    """From a day on they have that one no more."""
    told = {"slot_id": values["slot_id"], "valid_to": written_day(values["valid_to"])}
    return Draft(OperationOfficerRetired.model_validate(told))


FORMS = (
    Form(
        "designate",
        "designate",
        msgid("Designate an operation officer"),
        msgid("Designate"),
        (
            Field(
                "slot",
                msgid("Slot"),
                hint=msgid("Never a person: small letters, such as city-1. One that is there already is changed."),
                of="slot_id",
            ),
            Field("area", msgid("Local police area"), hint=msgid("In small letters, such as lpo-goteborg-city.")),
            Field("experience_band", msgid("Experience of joint operations"), "select", options=EXPERIENCE),
            Field(
                "skills",
                msgid("Skills"),
                hint=msgid("Short names of your own: small letters, with commas between, such as trafik, hund."),
                is_required=False,
            ),
            Field("valid_from", msgid("Since"), "day"),
        ),
        designate,
        msgid("A session whose offer says no experience is judged by the designated officers of its area."),
        "/capacity",
    ),
    Form(
        "retire",
        "designate",
        msgid("Take back a designated operation officer"),
        msgid("Take it back"),
        (
            Field("slot_id", msgid("Slot"), "hidden"),
            Field("valid_to", msgid("No more there from"), "day"),
        ),
        retire,
        msgid("Plans that are published already stand; it counts when the plan is made anew."),
        "/capacity",
    ),
)
