"""Ändringar i planen: each version of the plan and what it changed, and the proposals that wait."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from samsyn_adapter_desk.domain import sentences
from samsyn_adapter_desk.domain.alternatives import decided_as, other_ways
from samsyn_adapter_desk.domain.cards_of_operations import Change, OperationCard
from samsyn_adapter_desk.domain.cards_of_plans import PlanCard, ReplanCard
from samsyn_adapter_desk.domain.duties import needs_acknowledgement, not_acknowledged_by
from samsyn_adapter_desk.marks import msgid
from samsyn_adapter_desk.pages.asking import Asking, Here
from samsyn_adapter_desk.reading import HeardRow
from samsyn_adapter_desk.sign_in import TO_THE_DESK, PageInstead

router = APIRouter()
NUM_SHOWN = 40
OF_OPERATIONS = ("OperationScheduled", "OperationRescheduled", "OperationPostponed", "OperationCancelled")


@dataclass(frozen=True)
class Told:
    """What happened to one operation in a version of the plan, in sentences."""

    operation_id: str
    code_name: str
    sentences: list[str]
    is_to_acknowledge: bool = False
    not_seen_by: tuple[str, ...] = ()
    card: OperationCard | None = None


@router.get("/changes")
async def changes(here: Here) -> HTMLResponse:
    """The newest versions first; before them what waits for the centre."""
    versions = sorted(await here.rows.cards(PlanCard), key=lambda card: (card.at, card.plan_version), reverse=True)
    replans = await here.rows.cards(ReplanCard)
    waiting = [card for card in replans if card.status == "open" and card.at > here.now]
    decided = sorted((card for card in replans if card.status != "open"), key=lambda c: c.at, reverse=True)
    newest = versions[:NUM_SHOWN]
    behind = [*map(_cause_of, waiting), *(card.cause_event_ids for card in newest)]
    told = await told_causes(here, {event_id for event_ids in behind for event_id in event_ids})
    return here.page(
        "changes.html",
        versions=[(card, _in_turn(told, card.cause_event_ids)) for card in newest],
        waiting=[(card, _in_turn(told, _cause_of(card))) for card in waiting],
        decided=decided[:10],
        sentences=sentences,
    )


@router.get("/changes/{centre}/{version}")
async def version(here: Here, centre: str, version: int) -> HTMLResponse:
    """One version: what moved, why, who is affected, what was left alone."""
    card = await here.rows.card(PlanCard, f"{centre}/{version}")
    if card is None:
        raise PageInstead(404, msgid("Your party knows of no such version."), link=TO_THE_DESK)
    told = await _told(here, card)
    behind = await causes(here, card.cause_event_ids)
    alone = sentences.left_alone(card, here.reader)
    return here.page("version.html", version=card, causes=behind, told=told, left_alone=alone)


@router.get("/proposal/{replan_id}")
async def proposal(here: Here, replan_id: str) -> HTMLResponse:
    """One proposed plan, to be approved or rejected."""
    card = await here.rows.card(ReplanCard, replan_id)
    if card is None:
        raise PageInstead(404, msgid("Your party knows of no such proposal."), link=TO_THE_DESK)
    told = [(change, sentences.change_in_plan(change, here.reader)) for change in card.changes]
    return here.page(
        "proposal.html",
        replan=card,
        told=told,
        others=other_ways(card, here.reader),
        chosen=decided_as(card, here.reader),
        causes=await causes(here, _cause_of(card)),
    )


async def causes(here: Asking, event_ids: tuple[str, ...]) -> list[str]:
    """The events behind something, in sentences, as far as the party has heard of them or said them itself."""
    return _in_turn(await told_causes(here, event_ids), event_ids)


async def told_causes(here: Asking, event_ids: Collection[str]) -> dict[str, str]:
    """Event id -> its sentence, for what the party knows of them; two questions to the database, however many."""
    heard = await here.rows.heard("event_id = any(:ids)", ids=list(event_ids))
    said = await here.rows.said("event_id = any(:ids)", ids=list(event_ids))
    own = {
        one.event_id: f"{here.reader.moment(one.occurred_at)}: "
        f"{sentences.cause(one.message, here.seat.party, here.reader)}"
        for one in said
    }
    others = {
        row.event_id: f"{here.reader.moment(row.happened_at)}: "
        f"{sentences.cause(row.message, _speaker(row), here.reader)}"
        for row in heard
        if row.message is not None
    }
    return own | others


def _in_turn(told: Mapping[str, str], event_ids: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(told[event_id] for event_id in event_ids if event_id in told))


async def _told(here: Asking, plan: PlanCard) -> list[Told]:
    rows = await here.rows.heard(
        "centre = :centre and body ->> 'plan_version' = :version and split_part(type, '.', 3) = any(:names)",
        centre=plan.centre,
        version=str(plan.plan_version),
        names=list(OF_OPERATIONS),
    )
    of_operation = {row.subject: row for row in rows}
    ids = [change.operation_id for change in plan.changes]
    cards = {card.id: card for card in await here.rows.cards(OperationCard, "id = any(:ids)", ids=ids)}
    told = []
    for change in plan.changes:
        row = of_operation.get(change.operation_id)
        card = cards.get(change.operation_id)
        if row is None or card is None:
            said = sentences.change_in_plan(change, here.reader)
            told.append(Told(change.operation_id, change.code_name, said, card=card))
            continue
        said = sentences.change_of_operation(card, _change_in(row), here.reader)
        to_see = needs_acknowledgement(card, here.seat.party, here.now)
        told.append(Told(card.operation_id, card.code_name, said, to_see, not_acknowledged_by(card), card))
    return told


def _change_in(row: HeardRow) -> Change:
    """The change as that version told it; the card has only the newest."""
    facts = {} if row.message is None else row.message.model_dump(exclude_none=True)
    named = {name: value for name, value in facts.items() if name in Change.model_fields}
    step = {"OperationPostponed": "postponed", "OperationCancelled": "cancelled"}.get(row.name)
    told = {"event_id": row.event_id, "told_at": row.happened_at}
    return Change.model_validate({**named, **told, **({"ladder_step": step} if step else {})})


def _speaker(row: HeardRow) -> str:
    return row.source.rpartition(":")[2]


def _cause_of(card: ReplanCard) -> tuple[str, ...]:
    return (card.cause_event,) if card.cause_event else ()
