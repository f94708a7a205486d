"""Operations, questions, plans and what is told of them, as the tests of what the desk knows need them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from samsyn_adapter_desk import words
from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard, QuestionCard
from samsyn_adapter_desk.domain.cards_of_plans import BackupCard, ReplanCard
from samsyn_adapter_desk.domain.cards_of_wishes import InspectionCard
from samsyn_adapter_desk.domain.hearing import hear
from samsyn_adapter_desk.domain.known import Known
from samsyn_adapter_desk.domain.reader import Reader
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message

CENTRE, OWN, OTHER, POLICE = "akc-vast", "kommun-goteborg", "skatteverket", "polisen"
NOW = datetime(2026, 5, 8, 8, 0, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[3] / "contracts" / "examples"
OPERATION, SESSION, TEAM = "op:polisen:p1", "polisen:p1", f"{OWN}:lag-1"
SWEDISH, ENGLISH = (Reader(language, words.for_language(language)) for language in ("sv", "en"))
AnyMessage = TypeVar("AnyMessage", bound=Message)
AnyCard = TypeVar("AnyCard", bound=Card)


def a_slot(session: str = "p1", *, day: int = 9, hour: int = 9) -> dict[str, Any]:
    """Four hours of a police session, from an hour in Swedish summer time."""
    start = f"2026-05-{day:02}T{hour:02}:00:00+02:00"
    return {
        "session_id": f"{POLICE}:{session}",
        "start_at": start,
        "end_at": datetime.fromisoformat(start) + timedelta(hours=4),
    }


def a_part(capacity_id: str = TEAM, status: str = "accepted") -> dict[str, str]:
    return {"agency": capacity_id.partition(":")[0], "capacity_id": capacity_id, "status": status}


PARTS = (a_part(SESSION), a_part(TEAM))
PLANNED = {
    "inspection_id": f"{OWN}:wish-1",
    "start_at": "2026-05-09T09:30:00+02:00",
    "end_at": "2026-05-09T10:30:00+02:00",
    "municipality": "1480",
    "police_need": "wanted",
}
REASON = {"code": "r", "sv": "För kommun-goteborg:wish-1.", "en": "For kommun-goteborg:wish-1."}


def an_envelope(event_id: str = "e9", *, party: str = "service:planning", **changed: Any) -> Envelope:
    told = {"id": event_id, "source": f"urn:samsyn:{party}", "type": "se.samsyn.Any.v1", "time": NOW}
    return Envelope.model_validate({**told, "centre": CENTRE, "environment": "test", **changed})


def a_told(kind: type[AnyMessage], **changed: Any) -> AnyMessage:
    """Something about the operation; what is no field of the message is left out."""
    told = {
        "operation_id": OPERATION,
        "code_name": "Granit",
        "centre": CENTRE,
        "slot": a_slot(),
        "from_slot": a_slot(),
        "to_slot": a_slot(),
        "participants": PARTS,
        "inspections": (PLANNED,),
        "plan_version": 4,
        "ladder_step": "other_police_session",
        "cause_code": "shooting",
        "cause_event_ids": ("e1",),
        "reasons": (REASON,),
        "released": (),
        "notice_minutes": 180,
        "guard_results": {"police": "met", "other_agency": "met", "ready": "met", "coordinator": "not_needed"},
    }
    return kind.model_validate({**told, **changed})


def example(name: str, **changed: Any) -> dict[str, Any]:
    """The contracts' own example of a message, with some of its facts changed."""
    body: dict[str, Any] = json.loads((EXAMPLES / f"{name}.v1.json").read_text("utf-8"))["body"]
    return body | changed


def an_operation(**changed: Any) -> OperationCard:
    slot = changed.get("slot", a_slot())
    own = {
        "centre": CENTRE,
        "at": slot["start_at"],
        "operation_id": OPERATION,
        "code_name": "Granit",
        "state": "scheduled",
        "slot": slot,
        "plan_version": 4,
        "participants": PARTS,
        "inspections": (PLANNED,),
        "told_event": "e1",
    }
    return OperationCard.model_validate({**own, **changed})


def a_loss(event_id: str = "e2", **changed: Any) -> dict[str, Any]:
    return {"event_id": event_id, "told_at": NOW, "cause_code": "shooting", "by_party": POLICE, **changed}


def a_question(capacity_id: str = TEAM, **changed: Any) -> QuestionCard:
    own = {
        "centre": CENTRE,
        "at": NOW + timedelta(hours=6),
        "operation_id": OPERATION,
        "capacity_id": capacity_id,
        "code_name": "Granit",
        "is_to_police": False,
        "slot": a_slot(),
        "plan_version": 4,
        "asked_by": "e1",
    }
    return QuestionCard.model_validate({**own, **changed})


def a_replan(number: int = 1, **changed: Any) -> ReplanCard:
    own = {
        "centre": CENTRE,
        "at": NOW + timedelta(hours=2),
        "replan_id": f"replan:{CENTRE}:0001-{number}",
        "base_plan_version": 4,
        "changes": (),
        "untouched_count": 3,
        "score_delta": 40,
        "proposed_event": "e3",
    }
    return ReplanCard.model_validate({**own, **changed})


def an_inspection(**changed: Any) -> InspectionCard:
    own = {"centre": CENTRE, "at": NOW, "inspection_id": f"{OWN}:wish-1", "is_own": True, "municipality": "1480"}
    return InspectionCard.model_validate({**own, **changed})


def a_backup(**changed: Any) -> BackupCard:
    own = {
        "centre": CENTRE,
        "at": NOW + timedelta(hours=1),
        "operation_id": OPERATION,
        "code_name": "Granit",
        "against": SESSION,
        "plan_version": 4,
        "ladder_step": "postponed",
        "is_consent_complete": True,
        "value_loss": 100,
    }
    return BackupCard.model_validate({**own, **changed})


def known(*cards: Card, party: str = OWN) -> Known:
    return Known(party, {(card.kind, card.id): card for card in cards})


def after(message: Message, *cards: Card, event_id: str = "e9", by: str = "service:planning") -> dict[str, Card]:
    """The changed cards, by kind and id."""
    return by_name(hear(message, an_envelope(event_id, party=by), known(*cards)))


def by_name(cards: Iterable[Card]) -> dict[str, Card]:
    return {f"{card.kind} {card.id}": card for card in cards}


def the(kind: type[AnyCard], cards: dict[str, Card]) -> AnyCard:
    """The one card of its kind among them."""
    (found,) = (card for card in cards.values() if isinstance(card, kind))
    return found
