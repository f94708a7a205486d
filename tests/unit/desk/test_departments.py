"""What a department reads of what its party knows: its own parts, questions and wishes, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards import CARDS
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard, SiteRequestCard
from samsyn_adapter_desk.domain.cards_of_plans import PlanCard
from samsyn_adapter_desk.domain.cards_of_wishes import CapacityCard, ConsentCard, InspectionCard
from samsyn_adapter_desk.domain.departments import About, Department, may_hear, named_by, seen
from samsyn_adapter_desk.domain.own_words import say
from samsyn_adapter_desk.domain.refusals import refuse
from samsyn_contracts.findings import FindingRecorded, FindingShared, FindingWithheld
from samsyn_contracts.inspections import InspectionProposed, InterestDeclared, ReadinessDeclared
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    NotificationAcknowledged,
    OperationPostponed,
    OperationRescheduled,
    ParticipationRequested,
    ParticipationWithdrawn,
)
from samsyn_contracts.site_information import SiteInformationProvided

from tests.unit.desk.told import (
    CENTRE,
    NOW,
    OPERATION,
    OTHER,
    OWN,
    PLANNED,
    SESSION,
    TEAM,
    a_part,
    a_question,
    a_slot,
    a_told,
    after,
    an_envelope,
    an_inspection,
    an_operation,
    by_name,
    example,
    known,
    the,
)

ENVIRONMENT, LICENSING = Department(OWN, "miljoforvaltningen"), Department(OWN, "tillstandsenheten")
NOBODY = Department(OWN, "")
THEIR_TEAM = f"{OWN}:te-lag-1"
SITE = {"site_id": f"{OWN}:plats-1", "municipality": "1480", "name": "Hörnet", "address": "Påhittade gatan 4"}
PLANNED_AT = {**PLANNED, "site": SITE}


def part_of(role: str, capacity_id: str = TEAM, status: str = "accepted") -> dict[str, str]:
    return {**a_part(capacity_id, status), "role": role}


def both(environment: str = "accepted", licensing: str = "accepted", **changed: Any) -> OperationCard:
    """An operation in which two departments take part, or are asked."""
    parts = (
        a_part(SESSION),
        part_of(ENVIRONMENT.role, TEAM, environment),
        part_of(LICENSING.role, THEIR_TEAM, licensing),
    )
    return an_operation(**{"participants": parts, "inspections": (PLANNED_AT,), **changed})


def a_plan(version: int, *changes: dict[str, Any]) -> PlanCard:
    """A version of the plan."""
    told = {"centre": CENTRE, "at": NOW, "plan_version": version, "previous_version": version - 1, "event_id": "e5"}
    more = {"replan_id": "r", "cause_event_ids": (), "changes": changes, "untouched_count": 3}
    return PlanCard.model_validate({**told, **more})


def read(card: Card, department: Department, *about: Card) -> Any:
    operations = {card.id: card for card in about if isinstance(card, OperationCard)}
    inspections = {card.id: card for card in about if isinstance(card, InspectionCard)}
    return seen(card, department, About(operations, inspections))


class TestOperations:
    def test_a_department_without_a_part_does_not_know_of_it(self) -> None:
        of_one = both().model_copy(update={"participants": both().participants[:2]})

        assert read(of_one, LICENSING) is None
        assert read(of_one, NOBODY) is None
        assert read(of_one, ENVIRONMENT) == of_one.model_copy(update={"acknowledged_version": 0})

    def test_each_reads_its_own_part_and_those_of_other_agencies(self) -> None:
        told = read(both(), LICENSING)

        assert [part.capacity_id for part in told.participants] == [SESSION, THEIR_TEAM]
        assert [part.role for part in told.part_of(OWN)] == [LICENSING.role]

    def test_the_site_is_told_to_the_department_that_has_accepted(self) -> None:
        account = example("SiteInformationCompleted", operation_id=OPERATION)
        card = both(licensing="invited", account=account, arrivals={OTHER: NOW})

        accepted, invited = read(card, ENVIRONMENT), read(card, LICENSING)

        assert accepted.inspections[0].site.name == "Hörnet"
        assert accepted.account is not None
        assert (invited.inspections[0].site, invited.account, dict(invited.arrivals)) == (None, None, {})
        assert invited.inspections[0].municipality == "1480"

    def test_what_one_has_seen_the_other_has_not(self) -> None:
        seen_it = NotificationAcknowledged(operation_id=OPERATION, agency=OWN, plan_version=4, by_function="f")
        for_licensing = an_envelope("s1", party=OWN, actorrole=LICENSING.role)
        card = the(OperationCard, by_name(say(seen_it, for_licensing, known(both()))))
        for_environment = an_envelope("s2", party=OWN, actorrole=ENVIRONMENT.role)
        later = the(OperationCard, by_name(say(seen_it, for_environment, known(card))))

        assert [read(card, each).acknowledged_version for each in (LICENSING, ENVIRONMENT)] == [4, 0]
        assert [read(later, each).acknowledged_version for each in (LICENSING, ENVIRONMENT)] == [4, 4]
        assert [read(refuse(later, "s2"), each).acknowledged_version for each in (LICENSING, ENVIRONMENT)] == [4, 0]

    def test_who_is_left_out_is_told_so_once_and_no_more_than_that(self) -> None:
        without = {"participants": (a_part(SESSION), part_of(ENVIRONMENT.role)), "plan_version": 5}
        moved = a_told(OperationRescheduled, **without, inspections=(PLANNED_AT,))
        card = the(OperationCard, after(moved, both()))

        told = read(card, LICENSING)

        assert (told.participants, told.inspections) == ((), ())
        assert OWN in told.change.released
        assert OWN not in read(card, ENVIRONMENT).change.released
        # It hears no more of it; what it has not seen of its own letting go stays until it has.
        later = the(OperationCard, after(a_told(OperationPostponed, plan_version=6), card))
        assert read(later, LICENSING) == told
        about = About({OPERATION: later})
        assert [
            may_hear(each, OPERATION, LICENSING, about) for each in (moved, a_told(OperationPostponed, plan_version=6))
        ] == [
            True,
            False,
        ]
        change = {"operation_id": OPERATION, "code_name": "Granit", "kinds": ["session"], "reasons": []}
        plans = [a_plan(version, change) for version in (5, 6)]
        assert [len(read(each, LICENSING, later).changes) for each in plans] == [1, 0]
        over = later.model_copy(update={"state": "completed", "done_inspection_ids": (f"{OWN}:wish-1",)})
        assert read(over, LICENSING) == told
        seen_it = NotificationAcknowledged(operation_id=OPERATION, agency=OWN, plan_version=5, by_function="f")
        by_licensing = an_envelope("s1", party=OWN, actorrole=LICENSING.role)
        assert read(the(OperationCard, by_name(say(seen_it, by_licensing, known(later)))), LICENSING) is None

    def test_who_takes_part_again_reads_it_again(self) -> None:
        word = {"plan_version": 3, "told_event": "e0", "state": "scheduled", "slot": a_slot()}
        left_out = both(plan_version=5, left={LICENSING.role: word})
        moved = a_told(OperationRescheduled, participants=left_out.participants, plan_version=6)

        again = the(OperationCard, after(moved, left_out))

        assert dict(again.left) == {}
        assert read(again, LICENSING).part_of(OWN)


class TestWhatIsAsked:
    def test_a_question_is_for_the_department_that_it_names(self) -> None:
        asked = a_told(ParticipationRequested, agency=OWN, role=LICENSING.role, capacity_id=THEIR_TEAM, reply_by=NOW)
        (card,) = after(asked).values()

        assert read(card, LICENSING) == card
        assert read(card, ENVIRONMENT) is None
        assert read(a_question(), ENVIRONMENT) is None

    def test_a_question_that_names_none_is_for_the_department_whose_part_it_is(self) -> None:
        asked = a_told(ParticipationRequested, agency=OWN, capacity_id=THEIR_TEAM, reply_by=NOW)
        (card,) = after(asked, both(licensing="invited")).values()

        assert read(card, LICENSING) == card
        assert read(card, ENVIRONMENT) is None

    def test_sites_are_asked_of_who_takes_part_or_wants_the_inspection(self) -> None:
        sites = [{"inspection_id": f"{OWN}:wish-{n}", "sections": ["access"]} for n in (1, 2)]
        told = {"centre": "akc-vast", "at": NOW, "operation_id": OPERATION, "code_name": "Granit", "slot": a_slot()}
        card = SiteRequestCard.model_validate({**told, "sites": sites})
        of_environment = both().model_copy(update={"participants": both().participants[:2]})
        wanted = an_inspection(inspection_id=f"{OWN}:wish-2", role=LICENSING.role)

        assert read(card, ENVIRONMENT, of_environment, wanted) == card
        of_licensing = read(card, LICENSING, of_environment, wanted)
        assert [asked.inspection_id for asked in of_licensing.sites] == [f"{OWN}:wish-2"]
        assert of_licensing.slot is None
        assert read(card, LICENSING, of_environment) is None


class TestWishes:
    def test_what_a_department_wants_is_its_own(self) -> None:
        wanted = InspectionProposed.model_validate(example("InspectionProposed", inspection_id=f"{OWN}:wish-9"))
        (card,) = say(wanted, an_envelope("s1", party=OWN, actorrole=ENVIRONMENT.role), known())

        assert read(card, ENVIRONMENT) is not None
        assert read(card, LICENSING) is None
        assert read(an_inspection(), ENVIRONMENT) is None

    def test_each_declares_its_own_interest_and_readiness(self) -> None:
        about = {"inspection_id": f"{OTHER}:wish-1", "agency": OWN}
        card: Card = an_inspection(inspection_id=f"{OTHER}:wish-1", is_own=False)
        for message in (InterestDeclared(**about, interest="high"), ReadinessDeclared(**about, ready=True)):
            (card,) = say(message, an_envelope("s1", party=OWN, actorrole=LICENSING.role), known(card))

        told = [read(card, department) for department in (LICENSING, ENVIRONMENT)]

        assert [(each.interest, each.is_ready) for each in told] == [("high", True), (None, None)]

    @pytest.mark.parametrize("kind", [CapacityCard, ConsentCard])
    def test_what_a_department_offers_is_its_own(self, kind: type[Card]) -> None:
        told = {"centre": "akc-vast", "at": NOW, "said": "s1", "role": ENVIRONMENT.role, "end_at": NOW, "staff": 2}
        more = {"capacity_id": TEAM, "unit": "team", "consent_id": "c1", "covers": ("participation",)}
        card = kind.model_validate({**told, **more})

        assert read(card, ENVIRONMENT) == card
        assert read(card, LICENSING) is None


class TestTheRecord:
    def test_a_version_of_the_plan_tells_of_known_operations_alone(self) -> None:
        change = {"operation_id": OPERATION, "code_name": "Granit", "kinds": ["session"], "reasons": []}
        card = a_plan(5, change)
        of_environment = both().model_copy(update={"participants": both().participants[:2]})

        assert read(card, ENVIRONMENT, of_environment).changes == card.changes
        assert read(card, LICENSING, of_environment).changes == ()
        assert read(card, ENVIRONMENT).changes == ()

    @pytest.mark.parametrize("kind", [FindingRecorded, FindingShared, FindingWithheld])
    def test_a_finding_is_no_line_of_any_department(self, kind: type[Message]) -> None:
        told = kind.model_validate(example(kind.__name__))

        assert not may_hear(told, OPERATION, ENVIRONMENT, About({OPERATION: both()}))

    def test_lines_are_those_of_known_operations_and_own_questions(self) -> None:
        asked = a_told(ParticipationRequested, agency=OWN, role=LICENSING.role, capacity_id=THEIR_TEAM, reply_by=NOW)
        gone = a_told(OperationPostponed, participants=None)
        about = About({OPERATION: both()})

        assert [may_hear(asked, OPERATION, one, about) for one in (LICENSING, ENVIRONMENT)] == [True, False]
        assert may_hear(gone, OPERATION, ENVIRONMENT, about)
        assert not may_hear(gone, OPERATION, NOBODY, about)
        assert not may_hear(None, None, ENVIRONMENT, about)

    def test_nobody_speaks_of_the_part_of_another_department(self) -> None:
        leaves = ParticipationWithdrawn.model_validate(
            example("ParticipationWithdrawn", operation_id=OPERATION, capacity_id=THEIR_TEAM)
        )

        assert dict(named_by(leaves, CENTRE))[OperationCard] == OPERATION
        assert ENVIRONMENT.is_foreign_to(leaves, both(), read(both(), ENVIRONMENT))
        assert not LICENSING.is_foreign_to(leaves, both(), read(both(), LICENSING))

    def test_of_a_site_speaks_who_is_asked_though_it_takes_no_part_in_the_operation(self) -> None:
        told = {"operation_id": OPERATION, "agency": OWN, "section": "access", "as_of": NOW, "answer": "nothing_known"}
        of = {n: SiteInformationProvided(**told, inspection_id=f"{OWN}:wish-{n}") for n in (1, 2)}
        sites = [{"inspection_id": f"{OWN}:wish-{n}", "sections": ["access"]} for n in (1, 2)]
        asked = {"centre": CENTRE, "at": NOW, "operation_id": OPERATION, "code_name": "Granit", "sites": sites}
        card = SiteRequestCard.model_validate(asked)
        shown = read(card, LICENSING, an_inspection(inspection_id=f"{OWN}:wish-2", role=LICENSING.role))

        assert dict(named_by(of[2], CENTRE)) == {SiteRequestCard: OPERATION}
        assert not LICENSING.is_foreign_to(of[2], card, shown)
        # Who takes part is asked of each site, and a form left open about one that is answered meanwhile is its own.
        assert not LICENSING.is_foreign_to(
            of[1], card.model_copy(update={"sites": ()}), card.model_copy(update={"sites": ()})
        )
        assert LICENSING.is_foreign_to(of[1], card, shown)


def test_what_has_no_rule_is_shown_to_no_department() -> None:
    """Those of the centre and of the police have none, and need none: they have no departments."""
    without_rule = {kind for kind, card in CARDS.items() if seen.dispatch(card) is seen.dispatch(Card)}

    assert without_rule == {"replan", "backup", "what_if", "lost_session", "officer", "work"}
