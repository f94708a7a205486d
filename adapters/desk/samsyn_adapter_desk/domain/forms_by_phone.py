"""The form about what another party told by phone: noted in its name, and binding it to nothing."""

from __future__ import annotations

from samsyn_contracts.told_by_phone import ParticipationAnswerReported

from samsyn_adapter_desk.domain.choices import ANSWERS, CHANNELS, DECLINED, causes
from samsyn_adapter_desk.domain.forms import Asked, Draft, Field, Form, Values, past_instant, present
from samsyn_adapter_desk.domain.forms_of_operations import CAPACITY, OPERATION, SESSION
from samsyn_adapter_desk.marks import msgid


def note_answer(values: Values, asked: Asked) -> Draft:
    """Somebody was told how another agency answers."""
    named = ("operation_id", "agency", "capacity_id", "session_id", "answer", "told_by_function", "channel")
    told = present(
        **{name: values[name] for name in named},
        noted_by=asked.party,
        reason_code=values.get("reason_code"),
        told_at=past_instant(values, "told_at", asked.now),
        by_function=asked.function,
    )
    return Draft(ParticipationAnswerReported.model_validate(told))


FORMS = (
    Form(
        "note_answer",
        "answer",
        msgid("Note an answer given by phone"),
        msgid("Note the answer"),
        (
            OPERATION,
            Field("agency", msgid("Agency"), "hidden"),
            CAPACITY,
            SESSION,
            Field("answer", msgid("What they answered"), "select", options=ANSWERS),
            Field(
                "reason_code",
                msgid("Why not"),
                "select",
                msgid("Only where the answer is no."),
                is_required=False,
                options=causes(*DECLINED),
            ),
            Field(
                "told_by_function",
                msgid("Who told you"),
                hint=msgid("A function, never a person: small letters, such as samordnare."),
                value="samordnare",
            ),
            Field("channel", msgid("How"), "select", options=CHANNELS, value="phone"),
            Field("told_at", msgid("When"), "instant", msgid("Leave empty if it is now."), is_required=False),
        ),
        note_answer,
        msgid(
            "Not confirmed: it is shown to the centre and to the agency that answered, and changes nothing in the plan "
            "until that agency has answered itself."
        ),
    ),
)
