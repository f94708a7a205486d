"""The centre's page of an operation tells how likely it is to lose its police, and that this changes no plan."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi import Request
from samsyn_adapter_desk.assets import Assets
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard
from samsyn_adapter_desk.people import Language, Person, Seat
from samsyn_adapter_desk.rendering import Pages
from samsyn_adapter_desk.sign_in import Visitor
from samsyn_contracts.cancellation_risk import CancellationRiskAssessed
from samsyn_contracts.message import Message
from samsyn_contracts.operations import OperationConfirmed, OperationRescheduled

from tests.unit.desk.told import (
    CENTRE,
    NOW,
    OPERATION,
    SESSION,
    TEAM,
    a_loss,
    a_part,
    a_slot,
    a_told,
    after,
    an_operation,
    example,
    the,
)

REASON = "Risken påverkar inte planen."


def assessed(**changed: Any) -> CancellationRiskAssessed:
    told = example("CancellationRiskAssessed", operation_id=OPERATION, session_id=SESSION)
    return CancellationRiskAssessed.model_validate({**told, **changed})


def told(**changed: Any) -> OperationCard:
    return the(OperationCard, after(assessed(**changed), an_operation()))


def page(card: OperationCard, language: Language = "sv") -> str:
    seat = Seat(CENTRE, "centre_coordinator", "samordnare")
    request = Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [(b"host", b"d")]})
    who = Visitor(Person("s", "N", (seat,), language), seat, language, "csrf", NOW + timedelta(hours=1))
    empty = ("change", "causes", "backup", "questions", "calls", "roles", "own", "notable", "story", "not_seen_by")
    shown: dict[str, Any] = dict.fromkeys(empty, ())
    shown |= {"card": card, "is_to_acknowledge": False, "part_state": str, "note": str}
    shown |= {"near": timedelta(hours=2), "may_be_feared": False}
    return bytes(Pages(Assets()).page(request, who, "operation.html", NOW, **shown).body).decode()


@pytest.mark.parametrize(
    ("language", "figure", "reason"),
    [
        ("sv", "17 av 100, troligen mellan 14 och 20.", REASON),
        ("en", "17 in 100, probably between 14 and 20.", "The risk does not affect the plan."),
    ],
)
def test_the_page_tells_the_risk_and_why_in_both_languages(language: Language, figure: str, reason: str) -> None:
    text = page(told(), language)

    assert figure in text
    assert reason in text


def test_the_last_figure_told_is_shown() -> None:
    lifted = the(OperationCard, after(assessed(p=0.418, p_low=0.39, p_high=0.45), told()))

    assert "42 av 100" in page(lifted)


@pytest.mark.parametrize("kind", [OperationConfirmed, OperationRescheduled])
def test_the_figure_stays_with_the_session_when_the_operation_is_confirmed_or_changed(kind: type[Message]) -> None:
    later = the(OperationCard, after(a_told(kind, plan_version=5), told()))

    assert later.plan_version == 5
    assert later.risk_now == told().risk


def test_an_operation_of_which_none_was_told_has_none() -> None:
    assert 'id="risk"' not in page(an_operation())
    assert after(assessed()) == {}


def test_the_figure_of_a_session_that_was_left_is_not_shown() -> None:
    parts = (a_part("polisen:p2"), a_part(TEAM))
    moved = the(OperationCard, after(a_told(OperationRescheduled, to_slot=a_slot("p2"), participants=parts), told()))

    assert (moved.session_id, 'id="risk"' in page(moved)) == ("polisen:p2", False)
    assert 'id="risk"' in page(the(OperationCard, after(assessed(session_id="polisen:p2"), moved)))


@pytest.mark.parametrize(
    "changed", [{"loss": a_loss()}, {"participants": (a_part(TEAM),)}, {"state": "postponed"}, {"state": "completed"}]
)
def test_police_that_are_not_to_come_cannot_be_lost(changed: dict[str, Any]) -> None:
    card = an_operation(**changed, risk=told().risk)

    assert card.risk_now is None
