"""One operation: who, when, where as far as the party may know, what changed, what would follow, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from samsyn_adapter_desk.domain import compromised, sentences
from samsyn_adapter_desk.domain.answers_told import open_to_notes
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard, QuestionCard
from samsyn_adapter_desk.domain.cards_of_plans import BackupCard
from samsyn_adapter_desk.domain.cards_of_the_year import ContactCard, RoleCard
from samsyn_adapter_desk.domain.contacts import call_list, roles_of
from samsyn_adapter_desk.domain.duties import needs_acknowledgement, not_acknowledged_by
from samsyn_adapter_desk.marks import msgid
from samsyn_adapter_desk.pages.asking import Asking, Here
from samsyn_adapter_desk.pages.changes import causes
from samsyn_adapter_desk.reading import HeardRow
from samsyn_adapter_desk.sign_in import TO_THE_DESK, PageInstead

# What is told of the day itself can be told from then on.
NEAR = timedelta(hours=2)
router = APIRouter()


@dataclass(frozen=True)
class Line:
    """A line of the operation's story."""

    at: str
    who: str
    what: str


@router.get("/operation/{operation_id}")
async def operation(here: Here, operation_id: str) -> HTMLResponse:
    """The operation's page."""
    card = await here.rows.card(OperationCard, operation_id)
    if card is None:
        raise PageInstead(404, msgid("Your party knows of no such operation."), link=TO_THE_DESK)
    backup = await here.rows.card(BackupCard, operation_id)
    questions = await here.rows.cards(QuestionCard, "starts_with(id, :of) and state = 'open'", of=f"{operation_id}|")
    contacts = await here.rows.cards(ContactCard, "centre = :centre and state = 'reached'", centre=card.centre)
    calls = call_list(card, contacts, here.seat.party)
    roles = await here.rows.cards(RoleCard, "centre = :centre", centre=card.centre)
    change = card.change
    return here.page(
        "operation.html",
        card=card,
        change=sentences.change_of_operation(card, change, here.reader) if change else [],
        causes=await causes(here, change.cause_event_ids) if change else [],
        backup=sentences.backup(backup, here.reader) if backup and backup.is_ready(here.now) else [],
        questions=questions,
        is_to_acknowledge=needs_acknowledgement(card, here.seat.party, here.now),
        not_seen_by=not_acknowledged_by(card),
        own=card.part_of(here.seat.party),
        part_state=lambda part: sentences.part(card, part, here.reader),
        note=lambda told: sentences.note(told, here.reader),
        notable=open_to_notes(card, here.seat.party),
        near=NEAR,
        may_be_feared=compromised.may_be_feared(card, here.now),
        calls=calls,
        roles=roles_of(calls, roles, card.centre),
        story=await story(here, operation_id),
    )


async def story(here: Asking, operation_id: str) -> list[Line]:
    """What was told of the operation, in order, and what was said of it here."""
    rows = await here.rows.heard("subject = :id or body ->> 'operation_id' = :id", id=operation_id)
    said = await here.rows.said("body ->> 'operation_id' = :id", id=operation_id)
    lines = [(row.happened_at, row.source.rpartition(":")[2], row.name) for row in rows if not _is_shown_apart(row)]
    lines += [(one.occurred_at, here.seat.party, type(one.message).__name__) for one in said]
    return [
        Line(here.reader.moment(at), _who(here, party), here.reader.message(name)) for at, party, name in sorted(lines)
    ]


def _is_shown_apart(row: HeardRow) -> bool:
    return row.name in ("BackupPlanPrepared", "BackupPlanInvalidated", "CancellationRiskAssessed")


def _who(here: Asking, party: str) -> str:
    return "Samsyn" if party in ("planning", "inspection", "exchange", "reporting") else here.reader.party(party)
