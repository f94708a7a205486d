"""What a refusal takes back of what a party's own statement had put on its cards."""

from __future__ import annotations

from functools import singledispatch

from samsyn_adapter_desk.domain import answers_told, compromised, officers
from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard, QuestionCard, SiteRequestCard
from samsyn_adapter_desk.domain.cards_of_plans import ReplanCard, WhatIfCard
from samsyn_adapter_desk.domain.cards_of_the_year import ContactCard, RoleCard, WheelCard
from samsyn_adapter_desk.domain.cards_of_wishes import (
    CapacityCard,
    ConsentCard,
    InspectionCard,
    LostSessionCard,
    OfficerCard,
)


@singledispatch
def refuse(card: Card, refused_id: str) -> Card:
    """The card without what a refused statement of the party had put there."""
    return card


@refuse.register
def _question_again(card: QuestionCard, refused_id: str) -> Card:
    return card.model_copy(update={"answer": None, "answer_said": None}) if card.answer_said == refused_id else card


@refuse.register
def _replan_again(card: ReplanCard, refused_id: str) -> Card:
    if card.decision_said != refused_id:
        return card
    undecided = {"decision": None, "decision_said": None, "alternative": None, "let_stand": ()}
    return card.model_copy(update=undecided)


@refuse.register
def _nothing_wondered(card: WhatIfCard, refused_id: str) -> Card:
    return card.model_copy(update={"is_refused": True}) if card.said == refused_id else card


@refuse.register
def _operation_again(card: OperationCard, refused_id: str) -> Card:
    back: dict[str, object] = {"answers": answers_told.without(card, refused_id)}
    back |= compromised.without(card, refused_id)
    if card.acknowledged_said == refused_id:
        back |= {"acknowledged_version": card.acknowledged_before, "acknowledged_said": None}
    if refused_id in {seen.event_id for seen in card.seen_by_role.values()}:
        back |= {"seen_by_role": {r: seen for r, seen in card.seen_by_role.items() if seen.event_id != refused_id}}
    if card.loss is not None and card.loss.event_id == refused_id:
        back |= {"loss": card.loss_before, "loss_before": None}
    if refused_id in {come.event_id for come in card.checked_in.values()}:
        back |= {"checked_in": {a: come for a, come in card.checked_in.items() if come.event_id != refused_id}}
    return card.model_copy(update=back)


@refuse.register
def _site_again(card: SiteRequestCard, refused_id: str) -> Card:
    left = {key: event_id for key, event_id in card.answered.items() if event_id != refused_id}
    return card.model_copy(update={"answered": left})


@refuse.register
def _capacity_again(card: CapacityCard, refused_id: str) -> Card:
    if card.said == refused_id:
        return card.model_copy(update={"state": "refused"})
    if card.partly_lost_by == refused_id:
        return card.model_copy(update={"partly_lost_by": None})
    back: dict[str, object] = {"state": "offered", "lost_by": None, "is_partly_lost": False}
    if card.partly_lost_by is not None:
        back = {"state": "lost", "lost_by": card.partly_lost_by, "is_partly_lost": True, "partly_lost_by": None}
    return card.model_copy(update=back) if card.lost_by == refused_id else card


@refuse.register
def _session_again(card: LostSessionCard, refused_id: str) -> Card:
    if card.back_by == refused_id:
        return card.model_copy(update={"back_by": None})
    if card.partly_lost_by == refused_id:
        return card.model_copy(update={"partly_lost_by": None})
    back: dict[str, object] = {"back_by": refused_id}
    if card.partly_lost_by is not None:
        back = {"lost_by": card.partly_lost_by, "is_partly_lost": True, "partly_lost_by": None}
    return card.model_copy(update=back) if card.lost_by == refused_id else card


@refuse.register
def _officer_again(card: OfficerCard, refused_id: str) -> Card:
    return officers.without(card, refused_id)


@refuse.register
def _consent_again(card: ConsentCard, refused_id: str) -> Card:
    if card.said == refused_id:
        return card.model_copy(update={"state": "refused"})
    return card.model_copy(update={"state": "given"}) if card.revoked_by == refused_id else card


@refuse.register
def _not_reached(card: ContactCard, refused_id: str) -> Card:
    return card.model_copy(update={"is_gone": True}) if card.said == refused_id else card


@refuse.register
def _not_defined(card: RoleCard, refused_id: str) -> Card:
    return card.model_copy(update={"is_refused": True}) if card.said == refused_id else card


@refuse.register
def _not_turned(card: WheelCard, refused_id: str) -> Card:
    return card.model_copy(update={"is_refused": True}) if card.said == refused_id else card


@refuse.register
def _inspection_again(card: InspectionCard, refused_id: str) -> Card:
    if card.said == refused_id:
        return card.model_copy(update={"state": "refused"})
    back = {"state": "wanted", "withdrawn_by": None}
    return card.model_copy(update=back) if card.withdrawn_by == refused_id else card
