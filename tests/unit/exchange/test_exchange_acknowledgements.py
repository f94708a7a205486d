"""Who has seen the newest word of an operation, and who should have by now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from samsyn_contracts.carrying_out import OperationCompleted
from samsyn_contracts.envelope import Event, party_source
from samsyn_contracts.operations import NotificationAcknowledged
from samsyn_contracts.register import load_register
from samsyn_exchange.domain.disclosure import disclosed, load_rules
from samsyn_exchange.domain.operations import KnownOperation, acknowledge, noted, seen_by, unacknowledged

from tests.unit.exchange.saying import CENTRE, a_service_event, an_envelope

STARTS_AT = datetime(2025, 5, 8, 7, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
POLICE, INSPECTORS = "polisen", "arbetsmiljoverket"


def known_after(*names: str, **changed: Any) -> KnownOperation:
    """An operation after planning has said these, at version 3 unless the last is changed."""
    known: list[KnownOperation] = []
    for name in names:
        told = noted(a_service_event(name, **(changed if name == names[-1] else {})), known)
        assert told is not None
        known = [told]
    return known[0]


def an_acknowledgement(agency: str = INSPECTORS, version: int = 3, operation: str = "p1") -> NotificationAcknowledged:
    return NotificationAcknowledged(
        operation_id=f"op:polisen:{operation}", agency=agency, plan_version=version, by_function="team_leader"
    )


def with_acknowledgements(operation: KnownOperation, said: Iterable[NotificationAcknowledged]) -> KnownOperation:
    for one in said:
        operation = acknowledge(one, CENTRE, [operation]) or operation
    return operation


class TestNoted:
    def test_a_confirmed_operation_has_a_version_and_a_time(self) -> None:
        confirmed = known_after("OperationScheduled", "OperationConfirmed")

        assert (confirmed.plan_version, confirmed.is_confirmed) == (3, True)
        assert (confirmed.start_at, confirmed.end_at) == (STARTS_AT, STARTS_AT + timedelta(hours=8))

    def test_a_scheduled_one_is_not_confirmed(self) -> None:
        assert not known_after("OperationConfirmed", "OperationScheduled").is_confirmed

    def test_a_confirmed_one_that_is_moved_is_counted_on_still(self) -> None:
        moved = known_after("OperationConfirmed", "OperationRescheduled", plan_version=4)

        assert (moved.is_confirmed, moved.plan_version, moved.capacity_id) == (True, 4, "polisen:p2")
        assert not known_after("OperationScheduled", "OperationRescheduled").is_confirmed

    @pytest.mark.parametrize("name", ["OperationPostponed", "OperationCancelled"])
    def test_one_that_has_lost_its_occasion_is_confirmed_no_more(self, name: str) -> None:
        lost = known_after("OperationConfirmed", name)

        assert (lost.is_confirmed, lost.capacity_id) == (False, None)

    @pytest.mark.parametrize("name", ["OperationPostponed", "OperationCancelled"])
    def test_that_it_is_off_is_a_version_that_can_be_seen(self, name: str) -> None:
        off = known_after("OperationConfirmed", name, plan_version=4)

        seen = acknowledge(an_acknowledgement(version=4), CENTRE, [off])

        assert seen is not None
        assert seen.acknowledged == ((INSPECTORS, 4),)

    def test_one_that_is_over_keeps_the_session_it_stood_on(self) -> None:
        over = OperationCompleted(
            operation_id="op:polisen:p1",
            code_name="Ask",
            plan_version=3,
            outcome="completed",
            started_at=STARTS_AT,
            ended_at=STARTS_AT,
            done_inspection_ids=(),
            left_inspection_ids=(),
            handed_in_by=(),
            missing_from=(),
            police_present=True,
            counts_as_operation=True,
        )
        event = a_service_event("OperationConfirmed")
        before = noted(event, [])
        assert before is not None
        completed = type(event)(an_envelope("OperationCompleted", "urn:samsyn:service:inspection"), over)

        after = noted(completed, [before])

        assert after is not None
        assert (after.is_confirmed, after.capacity_id) == (False, "polisen:p1")

    def test_a_new_version_does_not_forget_who_has_seen_the_one_before(self) -> None:
        seen = with_acknowledgements(known_after("OperationConfirmed"), [an_acknowledgement()])

        moved = noted(a_service_event("OperationRescheduled", plan_version=4), [seen])

        assert moved is not None
        assert dict(moved.acknowledged)[INSPECTORS] == 3


class TestSeenBy:
    def test_a_party_has_its_own_newest_version_of_each_operation_alone(self) -> None:
        said = [an_acknowledgement(POLICE), an_acknowledgement(INSPECTORS, 2)]
        both = with_acknowledgements(known_after("OperationConfirmed"), said)
        none = replace(both, operation_id="op:polisen:p2", acknowledged=((POLICE, 1),))

        assert seen_by(INSPECTORS, [none, both]) == {"op:polisen:p1": 2}
        assert seen_by("skatteverket", [none, both]) == {}


class TestOfWhoIsLetGo:
    OTHERS = ({"agency": POLICE, "capacity_id": "polisen:p2", "status": "accepted"},)

    def moved_without(self) -> KnownOperation:
        told = {"plan_version": 4, "participants": self.OTHERS, "released": (INSPECTORS,)}
        return known_after("OperationConfirmed", "OperationRescheduled", **told)

    def test_that_it_is_let_go_is_its_to_acknowledge(self) -> None:
        seen = acknowledge(an_acknowledgement(version=4), CENTRE, [self.moved_without()])

        assert seen is not None
        assert seen_by(INSPECTORS, [seen]) == {"op:polisen:p1": 4}

    def test_the_centre_hears_of_it_and_of_no_strangers(self) -> None:
        def heard_from(party: str) -> set[str]:
            message = an_acknowledgement(party, version=4)
            event = Event(an_envelope("NotificationAcknowledged", party_source(party)), message)
            told = disclosed(event, load_register(), [self.moved_without()], load_rules(), STARTS_AT.date())
            return {one.party for one in told}

        assert heard_from(INSPECTORS) == {CENTRE}
        assert heard_from("skatteverket") == set()

    def test_before_it_has_seen_that_it_has_seen_nothing_and_is_no_reason_for_alarm(self) -> None:
        moved = self.moved_without()

        assert seen_by(INSPECTORS, [moved]) == {}
        assert INSPECTORS not in unacknowledged(moved, STARTS_AT - SECOND)


class TestAcknowledge:
    def test_a_participant_has_seen_a_version(self) -> None:
        seen = acknowledge(an_acknowledgement(), CENTRE, [known_after("OperationConfirmed")])

        assert seen is not None
        assert seen.acknowledged == ((INSPECTORS, 3),)

    def test_each_participant_counts_by_itself(self) -> None:
        said = [an_acknowledgement(POLICE), an_acknowledgement(INSPECTORS, 2)]

        seen = with_acknowledgements(known_after("OperationConfirmed"), said)

        assert seen.acknowledged == ((INSPECTORS, 2), (POLICE, 3))

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            (an_acknowledgement("skatteverket"), "no participant"),
            (an_acknowledgement(version=2), "older than what it has seen"),
            (an_acknowledgement(version=4), "a version that nobody has said"),
            (an_acknowledgement(operation="p9"), "another operation"),
        ],
    )
    def test_what_is_no_news_or_not_the_partys_to_say_changes_nothing(
        self, said: NotificationAcknowledged, why: str
    ) -> None:
        seen = with_acknowledgements(known_after("OperationConfirmed"), [an_acknowledgement()])

        assert acknowledge(said, CENTRE, [seen]) is None, why

    def test_nor_does_what_is_said_about_another_centre(self) -> None:
        assert acknowledge(an_acknowledgement(), "akc-nord", [known_after("OperationConfirmed")]) is None


def taking_part(operation: KnownOperation) -> KnownOperation:
    """The operation once everybody asked has accepted."""
    return replace(operation, participants=tuple((party, "accepted") for party, _ in operation.participants))


class TestUnacknowledged:
    def test_who_is_only_invited_is_not_named(self) -> None:
        assert unacknowledged(known_after("OperationConfirmed"), STARTS_AT - SECOND) == (POLICE,)

    @pytest.mark.parametrize(
        ("now_at", "named"),
        [
            (STARTS_AT - DAY - SECOND, ()),
            (STARTS_AT - DAY, (INSPECTORS, POLICE)),
            (STARTS_AT - SECOND, (INSPECTORS, POLICE)),
            (STARTS_AT, ()),
        ],
        ids=["too early", "a day before", "just before", "it has started"],
    )
    def test_they_are_named_from_a_day_before_the_start_until_it(self, now_at: datetime, named: tuple[str]) -> None:
        assert unacknowledged(taking_part(known_after("OperationConfirmed")), now_at) == named

    def test_nobody_is_named_of_an_operation_not_confirmed(self) -> None:
        assert unacknowledged(known_after("OperationScheduled"), STARTS_AT - SECOND) == ()

    def test_who_has_seen_the_newest_version_is_not_named(self) -> None:
        seen = with_acknowledgements(known_after("OperationConfirmed"), [an_acknowledgement()])

        assert unacknowledged(seen, STARTS_AT - SECOND) == (POLICE,)

    def test_who_has_seen_an_older_version_is_named(self) -> None:
        seen = with_acknowledgements(known_after("OperationConfirmed"), [an_acknowledgement()])
        moved = noted(a_service_event("OperationRescheduled", plan_version=4), [seen])

        assert moved is not None
        assert INSPECTORS in unacknowledged(taking_part(moved), STARTS_AT - SECOND)
