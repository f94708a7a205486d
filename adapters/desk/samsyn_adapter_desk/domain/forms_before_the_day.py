"""Forms before the day: what is known of a site, and that one has come."""

from __future__ import annotations

import uuid

from samsyn_contracts import site_information

from samsyn_adapter_desk.domain.choices import SITE_ANSWERS, site_sections
from samsyn_adapter_desk.domain.forms import (
    REMEDIES,
    WHEN,
    Asked,
    Draft,
    Fault,
    Field,
    Form,
    FormError,
    Kept,
    Values,
    number,
    present,
)
from samsyn_adapter_desk.domain.forms_of_the_day import INSPECTION, OPERATION, VERSION
from samsyn_adapter_desk.marks import msgid


def tell_of_site(values: Values, asked: Asked) -> Draft:
    """What the agency knows of a section of a site is contents; that it knows nothing needs none."""
    is_known = values["answer"] == "known"
    if is_known and not values.get("text"):
        raise FormError([Fault("text", REMEDIES["missing"])])
    own = uuid.uuid5(uuid.NAMESPACE_URL, f"urn:samsyn:desk:{asked.once}:site")
    ref = f"contents:{asked.party}:{own}"
    told = present(
        operation_id=values["operation_id"],
        inspection_id=values["inspection_id"],
        agency=asked.party,
        section=values["section"],
        as_of=asked.now,
        answer=values["answer"],
        content_ref=ref if is_known else None,
    )
    kept = (Kept(ref, {"text": values["text"]}, values["operation_id"]),) if is_known else ()
    return Draft(site_information.SiteInformationProvided.model_validate(told), kept)


def check_in(values: Values, asked: Asked) -> Draft:
    """The agency has come, with so many."""
    told = present(
        operation_id=values["operation_id"],
        agency=asked.party,
        plan_version=number(values, "plan_version"),
        head_count=number(values, "head_count"),
    )
    return Draft(site_information.ParticipantCheckedIn.model_validate(told))


FORMS = (
    Form(
        "site_information",
        "declare",
        msgid("Tell what you know of the site"),
        msgid("Tell"),
        (
            OPERATION,
            INSPECTION,
            Field("section", msgid("Section"), "select", options=site_sections()),
            Field("answer", msgid("Answer"), "select", options=SITE_ANSWERS, value="known"),
            Field(
                "text",
                msgid("What you know"),
                "long_text",
                msgid("Kept in the contents store, sealed. Leave empty if you know nothing."),
                is_required=False,
            ),
            WHEN,
        ),
        tell_of_site,
        msgid("Others get the text only where a rule and your agency's own assessment allow it."),
    ),
    Form(
        "check_in",
        "carry_out",
        msgid("We have come"),
        msgid("We are here"),
        (OPERATION, VERSION, Field("head_count", msgid("How many you are"), "number"), WHEN),
        check_in,
        msgid("Told to the others who take part."),
    ),
)
