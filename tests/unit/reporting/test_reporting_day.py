"""What the ledger says of operations on their day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from samsyn_contracts.message import Message
from samsyn_reporting.domain.carried_out import CarriedOut

from tests.support.told_days import aborted, acknowledged, completed, handed_in, started, suspended
from tests.support.told_operations import HOURS, INSPECTIONS, START_AT, confirmed, scheduled
from tests.unit.reporting.heard import heard, heard_in_order, ledger_from, totals_of

FIRST, SECOND = INSPECTIONS
OTHER = "op:polisen:P9"


def carried_out(*messages: Message) -> CarriedOut:
    return totals_of(confirmed(), *messages).carried_out


def test_an_operation_that_a_participant_told_of_is_under_way() -> None:
    found = carried_out(started())

    assert (found.started, found.under_way, found.completed) == (1, 1, 0)


def test_who_takes_no_part_cannot_start_an_operation() -> None:
    assert carried_out(started(agency="kommun-tyreso")).started == 0


@pytest.mark.parametrize("outcome", ["completed", "in_part", "aborted"])
def test_an_ended_operation_is_counted_by_its_outcome(outcome: str) -> None:
    ended = completed().model_copy(update={"outcome": outcome})

    found = carried_out(started(), ended)

    assert (found.started, found.under_way, getattr(found, outcome)) == (1, 0, 1)


def test_insatser_and_kontroller_are_two_columns() -> None:
    found = carried_out(
        completed(counts=True),
        scheduled(OTHER, inspections=["polisen:A9"]),
        completed(OTHER, counts=False, done=["polisen:A9"]),
    )

    assert (found.counting_operations, found.inspections_done) == (1, 3)


@pytest.mark.parametrize(("present", "with_police", "without"), [(True, 1, 0), (False, 0, 1)])
def test_operations_are_counted_with_and_without_police(present: bool, with_police: int, without: int) -> None:
    found = carried_out(started(police_present=present))

    assert (found.with_police, found.without_police) == (with_police, without)


def test_the_word_at_the_end_goes_before_that_at_the_start() -> None:
    assert carried_out(started(police_present=True), completed(police_present=False)).without_police == 1


def test_the_newest_end_counts() -> None:
    found = carried_out(completed(version=2, outcome="in_part"), completed(version=1))

    assert (found.in_part, found.completed) == (1, 0)


def test_who_handed_in_and_who_did_not_is_counted() -> None:
    found = carried_out(completed(handed_in_by=["arbetsmiljoverket"], missing_from=["skatteverket", "kommun-tyreso"]))

    assert (found.handed_in, found.missing) == (1, 2)


def test_an_agency_hands_in_once_per_inspection_and_its_last_word_counts() -> None:
    found = carried_out(handed_in(), handed_in(outcome="closed"), handed_in(SECOND), handed_in(agency="kommun-tyreso"))

    assert found.hand_ins == {"closed": 1, "done": 1}


def test_what_is_left_of_a_suspended_operation_is_back_on_the_list() -> None:
    found = carried_out(started(), suspended(remaining=[SECOND]))

    assert (found.suspended, found.inspections_back) == (1, 1)


def test_what_was_done_after_all_is_not_back_on_the_list() -> None:
    assert carried_out(suspended(remaining=INSPECTIONS), completed(done=[FIRST])).inspections_back == 1


def test_what_is_left_of_an_aborted_operation_is_back_on_the_list() -> None:
    found = carried_out(aborted(left=INSPECTIONS))

    assert (found.suspended, found.inspections_back) == (0, 2)


def never_told_of(until: datetime, *messages: Message) -> int:
    later = heard(acknowledged("op:polisen:P7"), "later", at=until)
    return ledger_from([later, *heard_in_order(*messages)]).totals.carried_out.never_told_of


def test_a_confirmed_operation_whose_slot_has_passed_was_never_told_of() -> None:
    assert never_told_of(START_AT + HOURS, confirmed()) == 1


def test_as_long_as_its_slot_has_not_passed_it_may_still_be_told_of() -> None:
    assert never_told_of(START_AT + HOURS - timedelta(minutes=1), confirmed()) == 0


def test_an_operation_that_was_never_confirmed_is_not_waited_for() -> None:
    assert never_told_of(START_AT + HOURS, scheduled()) == 0


def test_an_operation_told_of_is_told_of() -> None:
    assert never_told_of(START_AT + HOURS, confirmed(), started()) == 0


def test_time_at_another_centre_says_nothing() -> None:
    elsewhere = heard(acknowledged("op:polisen:P7"), "later", at=START_AT + HOURS, centre="akc-stockholm")

    assert ledger_from([elsewhere, *heard_in_order(confirmed())]).totals.carried_out.never_told_of == 0
