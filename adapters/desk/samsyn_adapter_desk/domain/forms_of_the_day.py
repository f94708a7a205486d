"""Forms of the day itself: begin, hand in, find, break off, tell of a threat; and the questions afterwards."""

from __future__ import annotations

import uuid
from dataclasses import replace

from samsyn_contracts import carrying_out, findings

from samsyn_adapter_desk.domain.choices import (
    BROKEN_OFF,
    OUTCOMES,
    SAFETY,
    SCORES,
    SEVERITY,
    SUBJECTS,
    YES_NO,
    categories,
    causes,
    lessons,
)
from samsyn_adapter_desk.domain.forms import WHEN, Asked, Draft, Field, Form, Kept, Values, listed, number, present
from samsyn_adapter_desk.marks import msgid

OPERATION = Field("operation_id", msgid("Operation"), "hidden")
VERSION = Field("plan_version", msgid("Version of the plan"), "hidden")
INSPECTION = Field("inspection_id", msgid("Inspection"), "hidden")
LEFT = Field("left", msgid("Inspections left"), "hidden", is_required=False, of="left_inspection_ids")
REMAINING = replace(LEFT, of="remaining_inspection_ids")


def start(values: Values, asked: Asked) -> Draft:
    """The lead agency has begun."""
    return Draft(
        carrying_out.OperationStarted.model_validate(
            {
                "operation_id": values["operation_id"],
                "agency": asked.party,
                "plan_version": number(values, "plan_version"),
                "police_present": values["police_present"] == "yes",
                "lead_function": asked.function,
            }
        )
    )


def hand_in(values: Values, asked: Asked) -> Draft:
    """The agency's part of an inspection is done, also where it found nothing."""
    told = present(
        operation_id=values["operation_id"],
        inspection_id=values["inspection_id"],
        agency=asked.party,
        plan_version=number(values, "plan_version"),
        outcome=values["outcome"],
        num_workers_met=number(values, "num_workers_met"),
    )
    return Draft(carrying_out.InspectionCompleted.model_validate(told))


def find(values: Values, asked: Asked) -> Draft:
    """The agency found something: the text is contents, the message only says of which kind."""
    own = uuid.uuid5(uuid.NAMESPACE_URL, f"urn:samsyn:desk:{asked.once}:finding")
    ref = f"contents:{asked.party}:{own}"
    told = {
        "finding_id": f"{asked.party}:desk-{own}",
        "operation_id": values["operation_id"],
        "inspection_id": values["inspection_id"],
        "plan_version": number(values, "plan_version"),
        "category": values["category"],
        "subject_kind": values["subject_kind"],
        "payload_ref": ref,
    }
    message = findings.FindingRecorded.model_validate(told)
    return Draft(message, (Kept(ref, {"text": values["text"]}, values["operation_id"]),))


def break_off(values: Values, asked: Asked) -> Draft:
    """What remains goes back to the list."""
    return Draft(
        carrying_out.InspectionSuspended.model_validate(
            {
                "operation_id": values["operation_id"],
                "agency": asked.party,
                "plan_version": number(values, "plan_version"),
                "cause_code": values["cause_code"],
                "remaining_inspection_ids": listed(values, "left"),
            }
        )
    )


def abort(values: Values, asked: Asked) -> Draft:
    """The operation is given up."""
    return Draft(
        carrying_out.OperationAborted.model_validate(
            {
                "operation_id": values["operation_id"],
                "agency": asked.party,
                "plan_version": number(values, "plan_version"),
                "cause_code": values["cause_code"],
                "left_inspection_ids": listed(values, "left"),
            }
        )
    )


def tell_of_safety(values: Values, asked: Asked) -> Draft:
    """Somebody was threatened, attacked or put under pressure."""
    told = {key: values[key] for key in ("operation_id", "kind", "severity")} | {"agency": asked.party}
    return Draft(carrying_out.SafetyIncidentReported.model_validate(told))


def evaluate(values: Values, asked: Asked) -> Draft:
    """How it went, in a minute; free text is contents."""
    scores = {name: number(values, name) for name in ("preparation", "cooperation", "outcome")}
    kept: tuple[Kept, ...] = ()
    if values.get("text"):
        own = uuid.uuid5(uuid.NAMESPACE_URL, f"urn:samsyn:desk:{asked.once}:evaluation")
        kept = (Kept(f"contents:{asked.party}:{own}", {"text": values["text"]}, values["operation_id"]),)
    told = present(
        operation_id=values["operation_id"],
        agency=asked.party,
        scores=scores,
        lesson_codes=(values["lesson"],) if values.get("lesson") else (),
        text_ref=kept[0].ref if kept else None,
    )
    return Draft(carrying_out.EvaluationSubmitted.model_validate(told), kept)


FORMS = (
    Form(
        "start",
        "carry_out",
        msgid("The operation begins"),
        msgid("We begin"),
        (OPERATION, VERSION, Field("police_present", msgid("The police are here"), "select", options=YES_NO), WHEN),
        start,
        msgid("Say it once, by the agency that leads on the spot."),
    ),
    Form(
        "hand_in",
        "carry_out",
        msgid("Our part of the inspection is done"),
        msgid("Hand in"),
        (
            OPERATION,
            VERSION,
            INSPECTION,
            Field("outcome", msgid("Outcome"), "select", options=OUTCOMES),
            Field("num_workers_met", msgid("Workers met"), "number", is_required=False),
            WHEN,
        ),
        hand_in,
    ),
    Form(
        "find",
        "carry_out",
        msgid("Record a finding"),
        msgid("Record"),
        (
            OPERATION,
            VERSION,
            INSPECTION,
            Field("category", msgid("Field of law"), "select", options=categories()),
            Field("subject_kind", msgid("Is about"), "select", options=SUBJECTS),
            Field("text", msgid("What was found"), "long_text", msgid("Kept in the contents store, sealed.")),
            WHEN,
        ),
        find,
        msgid("Others get it only where a rule and your agency's own assessment allow it."),
    ),
    Form(
        "break_off",
        "carry_out",
        msgid("Break off: the rest goes back to the list"),
        msgid("Break off"),
        (
            OPERATION,
            VERSION,
            REMAINING,
            Field("cause_code", msgid("Cause"), "select", options=causes(*BROKEN_OFF)),
            WHEN,
        ),
        break_off,
        is_grave=True,
    ),
    Form(
        "abort",
        "carry_out",
        msgid("Give the operation up"),
        msgid("Give up"),
        (OPERATION, VERSION, LEFT, Field("cause_code", msgid("Cause"), "select", options=causes(*BROKEN_OFF)), WHEN),
        abort,
        is_grave=True,
    ),
    Form(
        "safety",
        "carry_out",
        msgid("Threat, violence or pressure"),
        msgid("Tell the others"),
        (
            OPERATION,
            Field("kind", msgid("What"), "select", options=SAFETY),
            Field("severity", msgid("How serious"), "select", options=SEVERITY),
            WHEN,
        ),
        tell_of_safety,
        msgid("In danger: call 112 first. This tells the others who take part."),
        is_grave=True,
    ),
    Form(
        "evaluate",
        "evaluate",
        msgid("How did it go?"),
        msgid("Send"),
        (
            OPERATION,
            Field("preparation", msgid("Preparation"), "select", options=SCORES),
            Field("cooperation", msgid("Cooperation"), "select", options=SCORES),
            Field("outcome", msgid("Outcome of the operation"), "select", options=SCORES),
            Field(
                "lesson",
                msgid("What should the next briefing tell?"),
                "select",
                is_required=False,
                options=lessons(),
                of="lesson_codes",
            ),
            Field("text", msgid("What should we learn?"), "long_text", is_required=False),
        ),
        evaluate,
        msgid("Takes a minute."),
    ),
)
