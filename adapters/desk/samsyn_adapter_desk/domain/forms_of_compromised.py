"""Forms about an operation that may be compromised: whoever takes part tells of it, the centre decides and lets go."""

from __future__ import annotations

from samsyn_contracts.compromised import OperationCleared, OperationCompromised

from samsyn_adapter_desk.domain.choices import causes
from samsyn_adapter_desk.domain.forms import Asked, Draft, Field, Form, Values
from samsyn_adapter_desk.domain.forms_of_operations import OPERATION
from samsyn_adapter_desk.marks import msgid


def compromised(values: Values, asked: Asked) -> Draft:
    """It may be known where the operation is to go."""
    return Draft(
        OperationCompromised(
            operation_id=values["operation_id"],
            told_by=asked.party,
            how=values["how"],
            by_function=asked.function,
        )
    )


def cleared(values: Values, asked: Asked) -> Draft:
    """The centre has decided: it may be carried out, or planned anew."""
    return Draft(
        OperationCleared(
            operation_id=values["operation_id"],
            centre=asked.centre,
            by_function=asked.function,
            reason_code=values["reason_code"],
        )
    )


FORMS = (
    Form(
        "compromised",
        "warn",
        msgid("The operation may be compromised"),
        msgid("Hold the operation"),
        (
            OPERATION,
            Field(
                "how",
                msgid("What makes you think so"),
                "select",
                options=causes("leaked", "warned", "seen_there", "lost_documents"),
            ),
        ),
        compromised,
        msgid(
            "It is held as it stands, and nothing else is planned at its sites, until the centre has decided. "
            "Everybody who takes part is told at once."
        ),
        "/plan",
        is_grave=True,
    ),
    Form(
        "cleared",
        "pin",
        msgid("Let go of the operation"),
        msgid("Let go"),
        (OPERATION, Field("reason_code", msgid("Why"), "select", options=causes("not_compromised", "goes_ahead"))),
        cleared,
        msgid("It and its sites may be planned again. Everybody who takes part is told."),
        "/todo",
    ),
)
