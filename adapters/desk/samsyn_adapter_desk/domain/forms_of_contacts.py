"""Forms about how the own party is reached and what its roles are for: never a person, and its own alone."""

from __future__ import annotations

from pydantic import ValidationError
from samsyn_contracts.contact_points import Channel, ContactPointChanged
from samsyn_contracts.participant_roles import ParticipantRoleDefined
from samsyn_contracts.register import load_register

from samsyn_adapter_desk.domain.choices import CONTACT_ROLES, YES_NO
from samsyn_adapter_desk.domain.forms import Asked, Draft, Fault, Field, Form, FormError, Values, present, written_day
from samsyn_adapter_desk.marks import msgid

WRONG = {
    "phone": msgid("Give a phone number in digits, spaces and hyphens, such as 031-390 06 05."),
    "mail": msgid("Give the mail address of a function, such as samordnare@example.se."),
    "radio": msgid("This is too long."),
}
NO_ROLE = msgid("Your party has no such role. Give the code of one that it has, such as that of your department.")
FUNCTION = msgid("A function, never a person: small letters, such as samordnare.")


def contact(values: Values, asked: Asked) -> Draft:
    """A function of the party's own, and how it is reached from now on."""
    deputy = values.get("deputy")
    told = present(
        function_id=f"{asked.party}:{values['function']}",
        agency=asked.party,
        role_code=values["role_code"],
        area_id=values.get("area_id"),
        channels=_channels(values),
        duty_hours=values.get("duty_hours"),
        deputy_function=f"{asked.party}:{deputy}" if deputy else None,
        is_gone=values["is_gone"] == "yes",
    )
    return Draft(ContactPointChanged.model_validate(told))


def role(values: Values, asked: Asked) -> Draft:
    """What a role of the party's own is for; FormError for one that a party with roles does not have."""
    party = load_register().by_code[asked.party]
    if party.roles and not party.has_role(values["role_code"]):
        raise FormError([Fault("role_code", NO_ROLE)])
    told = present(
        agency=asked.party,
        role_code=values["role_code"],
        mandate_text_sv=values["mandate_text_sv"],
        mandate_text_en=values.get("mandate_text_en"),
        tasks=tuple(line.strip() for line in values.get("tasks", "").splitlines() if line.strip()),
        valid_from=written_day(values["valid_from"]),
    )
    return Draft(ParticipantRoleDefined.model_validate(told))


def _channels(values: Values) -> tuple[Channel, ...]:
    """Each channel that is filled in; FormError at the field that is not written as its kind says."""
    found = []
    for kind, wrong in WRONG.items():
        if address := values.get(kind):
            try:
                found.append(Channel.model_validate({"kind": kind, "address": address}))
            except ValidationError:
                raise FormError([Fault(kind, wrong)]) from None
    return tuple(found)


FORMS = (
    Form(
        "contact",
        "be_reached",
        msgid("Contact details for a function"),
        msgid("Tell how it is reached"),
        (
            Field("function", msgid("Function"), hint=FUNCTION, value="samordnare", of="function_id"),
            Field("role_code", msgid("What it does"), "select", options=CONTACT_ROLES, value="coordinator"),
            Field("phone", msgid("Phone number"), hint=msgid("Of the function."), is_required=False, of="channels"),
            Field("mail", msgid("Mail address"), hint=msgid("Of the function."), is_required=False),
            Field("radio", msgid("Radio"), hint=msgid("What to call."), is_required=False),
            Field(
                "area_id",
                msgid("Area"),
                hint=msgid("Where it answers for one area alone: small letters, such as goteborg-centrum."),
                is_required=False,
            ),
            Field(
                "duty_hours",
                msgid("When it answers"),
                hint=msgid("Such as vardagar 08–16."),
                is_required=False,
            ),
            Field("deputy", msgid("Deputy"), hint=FUNCTION, is_required=False, of="deputy_function"),
            Field("is_gone", msgid("Is the function gone?"), "select", options=YES_NO, value="no"),
        ),
        contact,
        msgid("Told to everybody in the centre, and shown in the call list of each operation that you take part in."),
        "/plan",
    ),
    Form(
        "role",
        "be_reached",
        msgid("What the role is for"),
        msgid("Tell what it is for"),
        (
            Field(
                "role_code",
                msgid("Role"),
                hint=msgid("The code of your department, or small letters such as samordnare; never a person."),
                value="samordnare",
            ),
            Field(
                "mandate_text_sv",
                msgid("What it is for, in Swedish"),
                "long_text",
                msgid("500 letters at most, no names of persons."),
            ),
            Field(
                "mandate_text_en",
                msgid("What it is for, in English"),
                "long_text",
                msgid("500 letters at most, no names of persons."),
                is_required=False,
            ),
            Field(
                "tasks",
                msgid("Tasks"),
                "long_text",
                msgid("One a line, ten at most, each of 120 letters at most."),
                is_required=False,
            ),
            Field("valid_from", msgid("Since"), "day"),
        ),
        role,
        msgid("Told to everybody in the centre, so that they know whom they speak with."),
        "/directory",
    ),
)
