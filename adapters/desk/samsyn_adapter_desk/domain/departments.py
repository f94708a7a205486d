"""What one department of a party may read of what the party knows: secrecy holds between departments, too.

The party is told as one (a message names agencies, few name a department). So what concerns another department is left
out here: by the part that each takes in an operation, by who wants, offers or is asked. What has no rule is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import singledispatch

from samsyn_contracts.contact_points import ContactPointChanged
from samsyn_contracts.findings import (
    DisclosureAssessed,
    FindingPlaced,
    FindingRecorded,
    FindingShared,
    FindingWithheld,
)
from samsyn_contracts.message import Message
from samsyn_contracts.operations import Participant, ParticipationRequested
from samsyn_contracts.participant_roles import ParticipantRoleDefined
from samsyn_contracts.site_information import SiteInformationProvided

from samsyn_adapter_desk.domain import contacts
from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards_of_operations import Left, OperationCard, QuestionCard, SiteRequestCard
from samsyn_adapter_desk.domain.cards_of_plans import ModeCard, PlanCard
from samsyn_adapter_desk.domain.cards_of_the_year import ContactCard, FiguresCard, RoleCard, TargetCard, WheelCard
from samsyn_adapter_desk.domain.cards_of_wishes import CapacityCard, ConsentCard, InspectionCard

# To whom a finding goes inside a party, the party's own adapter decides by the inspection; the desk reads none.
FINDINGS = (FindingRecorded, FindingPlaced, FindingShared, FindingWithheld, DisclosureAssessed)


@dataclass(frozen=True)
class Department:
    """A department of a party, by the role in which it speaks."""

    party: str
    role: str

    def parts_in(self, operation: OperationCard) -> tuple[Participant, ...]:
        """Its own parts in an operation."""
        return tuple(part for part in operation.part_of(self.party) if part.role in (None, self.role))

    def is_foreign_to(self, message: Message, card: Card, shown: Card) -> bool:
        """Whether a statement speaks of a part of the thing that is another department's, `shown` what it reads."""
        if isinstance(card, OperationCard):
            others = set(card.part_of(self.party)) - set(self.parts_in(card))
            return getattr(message, "capacity_id", None) in {part.capacity_id for part in others}
        if isinstance(shown, SiteRequestCard):
            asked = {site.inspection_id for site in shown.sites}
            return shown != card and getattr(message, "inspection_id", None) not in asked
        return isinstance(card, ContactCard) and card.role not in (None, self.role)

    def is_about_another(self, message: Message) -> bool:
        """Whether a statement tells what another department is for."""
        return isinstance(message, ParticipantRoleDefined) and message.role_code != self.role

    def left_out_of(self, operation: OperationCard) -> Left | None:
        """The word by which it was left out, while that is the newest or it has not seen it; else None."""
        left = operation.left.get(self.role)
        if left is None or left.plan_version == operation.plan_version:
            return left
        return left if self.version_seen(operation) < left.plan_version else None

    def version_seen(self, operation: OperationCard) -> int:
        """The newest version that it has seen, by its own word here; 0 where none."""
        seen_last = operation.seen_by_role.get(self.role)
        return 0 if seen_last is None else seen_last.version


@dataclass(frozen=True)
class About:
    """What tells whose a card is: the operations and inspections that it is about, as the party knows them."""

    operations: Mapping[str, OperationCard] = field(default_factory=dict)
    inspections: Mapping[str, InspectionCard] = field(default_factory=dict)


def parting(before: OperationCard, fresh: OperationCard, party: str) -> OperationCard:
    """The new word of an operation, with which departments of the party it leaves out that took part until now."""
    parts = [{part.role for part in card.part_of(party) if part.role} for card in (before, fresh)]
    left = {role: word for role, word in before.left.items() if role not in parts[1]}
    word = Left.model_validate({name: getattr(fresh, name) for name in Left.model_fields})
    left |= dict.fromkeys(parts[0] - parts[1], word)
    return fresh if left == fresh.left else fresh.model_copy(update={"left": left})


@singledispatch
def seen(card: Card, department: Department, about: About) -> Card | None:
    """The card as the department may read it; None where it may not."""
    return None


@seen.register(ModeCard)
@seen.register(WheelCard)
@seen.register(TargetCard)
@seen.register(FiguresCard)
@seen.register(ContactCard)
@seen.register(RoleCard)
def _for_all(card: Card, department: Department, about: About) -> Card | None:
    return card


@seen.register
def _operation(card: OperationCard, department: Department, about: About) -> Card | None:
    own, left = department.parts_in(card), department.left_out_of(card)
    if not own and left is None:
        return None
    if left is not None and not own:
        return _let_go(card, left, department)
    others = tuple(part for part in card.participants if part.agency != department.party)
    shown = {"participants": (*others, *own), "acknowledged_version": department.version_seen(card)}
    if any(part.status == "accepted" for part in own):
        return card.model_copy(update=shown)
    told = tuple(planned.model_copy(update={"site": None}) for planned in card.inspections)
    return _without_the_day(card.model_copy(update={**shown, "inspections": told}))


def _let_go(card: OperationCard, left: Left, department: Department) -> OperationCard:
    """The word by which the department was let go, and nothing that came after."""
    word = {name: getattr(left, name) for name in Left.model_fields}
    if left.change is not None and department.party not in left.change.released:
        word["change"] = left.change.model_copy(update={"released": (*left.change.released, department.party)})
    return OperationCard(
        centre=card.centre,
        at=left.slot.start_at,
        operation_id=card.operation_id,
        code_name=card.code_name,
        acknowledged_version=department.version_seen(card),
        **word,
    )


def _without_the_day(card: OperationCard) -> OperationCard:
    """Without what only those who have accepted are told."""
    return card.model_copy(update={"account": None, "briefing": None, "arrivals": {}, "checked_in": {}})


@seen.register
def _question(card: QuestionCard, department: Department, about: About) -> Card | None:
    return card if card.role == department.role else None


@seen.register
def _site_request(card: SiteRequestCard, department: Department, about: About) -> Card | None:
    operation = about.operations.get(card.operation_id)
    if operation is not None and department.parts_in(operation):
        return card
    wanted = {id_ for id_, inspection in about.inspections.items() if inspection.role == department.role}
    own = tuple(asked for asked in card.sites if asked.inspection_id in wanted)
    return card.model_copy(update={"sites": own, "slot": None}) if own else None


@seen.register
def _plan(card: PlanCard, department: Department, about: About) -> Card | None:
    told = about, department, card.plan_version
    changes = tuple(change for change in card.changes if _may_read(change.operation_id, *told))
    return card.model_copy(update={"changes": changes})


@seen.register
def _inspection(card: InspectionCard, department: Department, about: About) -> Card | None:
    if card.is_own and card.role != department.role:
        return None
    declared = {
        "interest": card.interest_of.get(department.role),
        "is_ready": card.readiness_of.get(department.role),
    }
    return card.model_copy(update=declared)


@seen.register(CapacityCard)
@seen.register(ConsentCard)
def _offered(card: CapacityCard | ConsentCard, department: Department, about: About) -> Card | None:
    return card if card.role == department.role else None


def may_hear(message: Message | None, operation_id: str | None, department: Department, about: About) -> bool:
    """Whether a line of the party's record is the department's, too: it says that something came, and when."""
    if message is None or isinstance(message, FINDINGS):
        return False
    if isinstance(message, ParticipationRequested):
        return message.role == department.role
    version = getattr(message, "plan_version", None)
    return operation_id is None or _may_read(operation_id, about, department, version)


def named_by(message: Message, centre: str) -> Iterator[tuple[type[Card], str]]:
    """The things that a statement of a department is about: kind and id of their cards."""
    if isinstance(message, ContactPointChanged):
        yield ContactCard, contacts.card_id(centre, message.function_id)
        return
    if isinstance(message, SiteInformationProvided):  # asked also of who wanted the inspection and takes no part
        yield SiteRequestCard, message.operation_id
        return
    named = {name: getattr(message, f"{name}_id", None) for name in ("operation", "capacity", "inspection", "consent")}
    if operation_id := named["operation"]:
        yield OperationCard, operation_id
    if (capacity_id := named["capacity"]) and operation_id:
        yield QuestionCard, f"{operation_id}|{capacity_id}"
    elif capacity_id:
        yield CapacityCard, capacity_id
    if consent_id := named["consent"]:
        yield ConsentCard, consent_id
    # On an operation's day whoever takes part speaks of each of its inspections.
    if (inspection_id := named["inspection"]) and not operation_id:
        yield InspectionCard, inspection_id


def _may_read(operation_id: str, about: About, department: Department, version: int | None) -> bool:
    """Whether what a version of the plan tells of an operation is the department's: until it was let go, if it was."""
    operation = about.operations.get(operation_id)
    if operation is None or department.parts_in(operation):
        return operation is not None
    left = department.left_out_of(operation)
    return left is not None and version is not None and version <= left.plan_version
