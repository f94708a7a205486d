"""The form about a function by which the own party is reached: never a person, and its own functions alone."""

from __future__ import annotations

from pydantic import ValidationError
from samsyn_contracts.contact_points import Channel, ContactPointChanged

from samsyn_adapter_desk.domain.choices import CONTACT_ROLES, YES_NO
from samsyn_adapter_desk.domain.forms import Asked, Draft, Fault, Field, Form, FormError, Values, present
from samsyn_adapter_desk.marks import msgid

WRONG = {
    "phone": msgid("Give a phone number in digits, spaces and hyphens, such as 031-390 06 05."),
    "mail": msgid("Give the mail address of a function, such as samordnare@example.se."),
    "radio": msgid("This is too long."),
}
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
)
