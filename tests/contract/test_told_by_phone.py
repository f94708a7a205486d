"""A note of what was told by phone is of another agency's own capacity, and gives a reason where it is a no."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_contracts.bus import message_of
from samsyn_contracts.rejection import RefusedError
from samsyn_contracts.told_by_phone import ParticipationAnswerReported

from tests.contract.saying import encoded, example

NO = example("ParticipationAnswerReported")["body"]
YES = {name: value for name, value in {**NO, "answer": "accept"}.items() if name != "reason_code"}


def read(body: dict[str, Any]) -> ParticipationAnswerReported:
    message = message_of(ParticipationAnswerReported.type_name(), encoded(body))
    assert isinstance(message, ParticipationAnswerReported)
    return message


@pytest.mark.parametrize("body", [YES, NO], ids=["yes", "no"])
def test_who_noted_it_owns_the_note_and_not_the_answer(body: dict[str, Any]) -> None:
    assert read(body).owner == "akc-vast"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({**YES, "noted_by": "skatteverket"}, "an agency answers for itself"),
        ({**YES, "capacity_id": "polisen:pass-2025-1907"}, "the capacity is another's"),
        ({**YES, "reason_code": "illness"}, "a yes has no reason"),
        ({name: value for name, value in NO.items() if name != "reason_code"}, "a no has one"),
    ],
    ids=lambda told: told if isinstance(told, str) else "",
)
def test_a_note_that_speaks_of_something_else_is_refused(body: dict[str, Any], why: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read(body)
    assert {reason.code for reason in refused.value.reasons} == {"invalid_field"}, why
