"""Forms about an operation that comes: answer, acknowledge, withdraw, be late, and the police's own word."""

from __future__ import annotations

from datetime import datetime, timedelta

from samsyn_contracts import capacity, carrying_out, operations

from samsyn_adapter_desk.domain.choices import CHANNELS, DECLINED, POLICE_CAUSES, causes
from samsyn_adapter_desk.domain.forms import (
    WHEN,
    Asked,
    Draft,
    Field,
    Form,
    Values,
    exact_instant,
    instant,
    number,
    past_instant,
    present,
)
from samsyn_adapter_desk.marks import msgid

MOST_MINUTES = 600  # the contract's
OPERATION = Field("operation_id", msgid("Operation"), "hidden")
CAPACITY = Field("capacity_id", msgid("Capacity"), "hidden")
SESSION = Field("session_id", msgid("Session"), "hidden")
CAUSE = Field("cause_event", msgid("Asked by"), "hidden", is_required=False)
WHY = Field("reason_code", msgid("Why"), "select", options=causes(*DECLINED))


def accept(values: Values, asked: Asked) -> Draft:
    """The agency takes part."""
    told = present(
        operation_id=values["operation_id"],
        capacity_id=values["capacity_id"],
        session_id=values["session_id"],
        head_count=number(values, "head_count"),
    )
    return Draft(operations.ParticipationAccepted.model_validate(told), causationid=values.get("cause_event") or None)


def decline(values: Values, asked: Asked) -> Draft:
    """The agency does not take part."""
    return _of_capacity(operations.ParticipationDeclined, values)


def withdraw(values: Values, asked: Asked) -> Draft:
    """The agency had accepted and cannot."""
    return _of_capacity(operations.ParticipationWithdrawn, values)


def commit(values: Values, asked: Asked) -> Draft:
    """The police take the operation."""
    told = {key: values[key] for key in ("operation_id", "capacity_id")} | {"unit": "local_police"}
    return Draft(operations.PoliceCommitted.model_validate(told), causationid=values.get("cause_event") or None)


def decline_police(values: Values, asked: Asked) -> Draft:
    """The police cannot take it."""
    return _of_capacity(operations.PoliceDeclined, values)


def acknowledge(values: Values, asked: Asked) -> Draft:
    """A function has seen what it was told."""
    told = present(
        operation_id=values["operation_id"],
        agency=asked.party,
        plan_version=number(values, "plan_version"),
        by_function=asked.function,
        acknowledged_event=values.get("cause_event"),
    )
    message = operations.NotificationAcknowledged.model_validate(told)
    return Draft(message, causationid=values.get("cause_event") or None)


def delay(values: Values, asked: Asked) -> Draft:
    """The agency comes late."""
    told = present(
        operation_id=values["operation_id"],
        agency=asked.party,
        minutes=number(values, "minutes"),
        arrives_at=_arrival(values),
    )
    return Draft(carrying_out.ParticipantDelayed.model_validate(told))


def _arrival(values: Values) -> datetime | None:
    """When that is by the hours that the page showed: planning may hold others when it reads it."""
    begins_at, minutes = exact_instant(values, "begins_at"), number(values, "minutes")
    if begins_at is None or minutes is None or minutes > MOST_MINUTES:
        return None  # where there are too many the contract says so
    return begins_at + timedelta(minutes=minutes)


def report_loss(values: Values, asked: Asked) -> Draft:
    """Somebody was told that the police do not come to the session that the page showed."""
    named = ("operation_id", "session_id", "told_by_function", "channel")
    told = {name: values[name] for name in named} | {"agency": asked.party}
    told_at = past_instant(values, "told_at", asked.now)
    return Draft(operations.PoliceLossReported.model_validate({**told, "told_at": told_at}))


def cancel_police(values: Values, asked: Asked) -> Draft:
    """The police lose a session, wholly or in part."""
    told = present(
        capacity_id=values["capacity_id"],
        cause_code=values["cause_code"],
        officers_left=number(values, "officers_left"),
        may_return_at=instant(values, "may_return_at"),
    )
    return Draft(capacity.PoliceCancelled.model_validate(told))


def retract(values: Values, asked: Asked) -> Draft:
    """The cancellation was a mistake."""
    return Draft(
        capacity.PoliceCancellationRetracted(
            capacity_id=values["capacity_id"], cancelled_event=values["cancelled_event"]
        )
    )


def restore(values: Values, asked: Asked) -> Draft:
    """The police can take the session after all."""
    return Draft(capacity.PoliceRestored(capacity_id=values["capacity_id"]))


def _of_capacity(
    kind: type[operations.ParticipationDeclined | operations.ParticipationWithdrawn | operations.PoliceDeclined],
    values: Values,
) -> Draft:
    named = ("operation_id", "capacity_id", "session_id", "reason_code")
    told = {name: values[name] for name in named if name in kind.model_fields}
    return Draft(kind.model_validate(told), causationid=values.get("cause_event") or None)


FORMS = (
    Form(
        "accept",
        "answer",
        msgid("Accept"),
        msgid("Accept"),
        (
            OPERATION,
            CAPACITY,
            SESSION,
            CAUSE,
            Field("head_count", msgid("How many come"), "number", is_required=False),
            WHEN,
        ),
        accept,
        msgid("You take part, with the team asked for."),
    ),
    Form(
        "decline",
        "answer",
        msgid("Decline"),
        msgid("Decline"),
        (OPERATION, CAPACITY, SESSION, CAUSE, WHY, WHEN),
        decline,
        msgid("The planner looks for another way at once."),
    ),
    Form(
        "withdraw",
        "answer",
        msgid("Withdraw from the operation"),
        msgid("Withdraw"),
        (OPERATION, CAPACITY, SESSION, WHY, WHEN),
        withdraw,
        msgid("You had accepted. The plan is made anew without your team."),
        is_grave=True,
    ),
    Form(
        "commit",
        "answer",
        msgid("Take the operation"),
        msgid("The police come"),
        (OPERATION, CAPACITY, CAUSE, WHEN),
        commit,
        msgid("The police commit the session to this operation."),
    ),
    Form(
        "decline_police",
        "answer",
        msgid("The police cannot come"),
        msgid("Decline"),
        (
            OPERATION,
            CAPACITY,
            CAUSE,
            Field("reason_code", msgid("Why"), "select", options=causes(*POLICE_CAUSES)),
            WHEN,
        ),
        decline_police,
        msgid("The planner looks for another session at once."),
    ),
    Form(
        "acknowledge",
        "acknowledge",
        msgid("I have seen the change"),
        msgid("I have seen it"),
        (OPERATION, Field("plan_version", msgid("Version of the plan"), "hidden"), CAUSE),
        acknowledge,
    ),
    Form(
        "delay",
        "carry_out",
        msgid("We come late"),
        msgid("Tell the others"),
        (
            OPERATION,
            Field("begins_at", msgid("The operation begins"), "hidden", is_required=False),
            Field("minutes", msgid("How many minutes"), "number", msgid("From 1 to 600.")),
            WHEN,
        ),
        delay,
        msgid("Everybody who takes part is told. An operation that cannot do without you waits, and is planned anew."),
    ),
    Form(
        "report_loss",
        "report_loss",
        msgid("The police do not come, I was told"),
        msgid("Report the loss"),
        (
            OPERATION,
            SESSION,
            Field(
                "told_by_function",
                msgid("Who told you"),
                hint=msgid("A function, never a person: small letters, such as vakthavande_befal."),
                value="vakthavande_befal",
            ),
            Field("channel", msgid("How"), "select", options=CHANNELS),
            Field("told_at", msgid("When"), "instant", msgid("Leave empty if it is now."), is_required=False),
        ),
        report_loss,
        msgid(
            "Provisional: a new plan is prepared and proposed at once, and published when the police confirm or the "
            "centre approves."
        ),
        is_grave=True,
    ),
    Form(
        "cancel_police",
        "cancel_police",
        msgid("Cancel a police session"),
        msgid("Cancel the session"),
        (
            CAPACITY,
            Field("cause_code", msgid("Cause"), "select", options=causes(*POLICE_CAUSES)),
            Field(
                "officers_left",
                msgid("Officers who can still come"),
                "number",
                msgid("Leave it empty if the whole session is lost."),
                is_required=False,
            ),
            Field("may_return_at", msgid("May be back at"), "instant", is_required=False),
            WHEN,
        ),
        cancel_police,
        msgid("A new plan is made within seconds, and everybody concerned is told."),
        "/loss",
        is_grave=True,
    ),
    Form(
        "retract",
        "cancel_police",
        msgid("The cancellation was a mistake"),
        msgid("Take it back"),
        (CAPACITY, Field("cancelled_event", msgid("Cancellation"), "hidden"), WHEN),
        retract,
        msgid("The former plan comes back where nobody has acted on the new one."),
        "/loss",
    ),
    Form(
        "restore",
        "cancel_police",
        msgid("The police can come after all"),
        msgid("The police are back"),
        (CAPACITY, WHEN),
        restore,
        msgid("What was postponed is planned anew; nobody is moved twice the same day."),
        "/loss",
    ),
)
