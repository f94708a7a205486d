"""What the ledger says of operations that lost something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from typing import get_args

import pytest
from samsyn_contracts.operations import LadderStep, ParticipationWithdrawn, PoliceLossReported
from samsyn_reporting.domain.accounts import Account, Entry, Fact, Told, account_of, fact_of
from samsyn_reporting.domain.ledger import Ledger, ledger_of, loss_of, standing_inspections

from tests.support.told_operations import (
    CAUSE,
    INSPECTIONS,
    OPERATION,
    START_AT,
    cancelled,
    confirmed,
    envelope,
    police_cancelled,
    postponed,
    rescheduled,
    scheduled,
)

OTHER = "op:polisen:P9"
LOSS = loss_of(police_cancelled(), envelope(police_cancelled(), CAUSE, party="polisen"))
FIRST, SECOND = INSPECTIONS


def facts(*messages: Told) -> list[Fact]:
    return [fact_of(m, envelope(m, f"{m.operation_id}-{number}")) for number, m in enumerate(messages)]


def account(*messages: Told) -> Account:
    return account_of(facts(*messages))


def only_entry(*messages: Told) -> Entry:
    (entry,) = account(*messages).entries
    return entry


def ledger(*accounts: Account, causes: Sequence[str] = (CAUSE,), taken_back: Sequence[str] = ()) -> Ledger:
    operations = [each.operation for each in accounts]
    losses = {cause: LOSS.model_copy(update={"event_id": cause}) for cause in causes}
    entries = [entry for each in accounts for entry in each.entries]
    return ledger_of(entries, losses, taken_back, operations, standing_inspections(operations))


@pytest.mark.parametrize("step", [step for step in get_args(LadderStep) if step != "cancelled"])
def test_a_rescheduled_operation_is_rescued_by_the_ladders_step(step: LadderStep) -> None:
    entry = only_entry(scheduled(), rescheduled(step=step))

    assert (entry.outcome, entry.ladder_step) == ("rescued", step)


def test_a_cancelled_operation_is_lost() -> None:
    assert only_entry(scheduled(), cancelled()).outcome == "lost"


def test_a_postponed_operation_waits_for_an_occasion() -> None:
    assert only_entry(scheduled(), postponed()).outcome == "waiting"


@pytest.mark.parametrize("later", [scheduled(version=3), confirmed(version=3)])
def test_an_operation_that_waited_is_rescued_by_being_postponed_when_it_is_scheduled_again(later: Told) -> None:
    entry = only_entry(scheduled(), postponed(), later)

    assert (entry.outcome, entry.ladder_step, entry.plan_version) == ("rescued", "postponed", 3)


@pytest.mark.parametrize("first", [postponed(notice_minutes=300), cancelled(notice_minutes=300)])
def test_a_later_message_about_the_same_cause_completes_the_entry(first: Told) -> None:
    entry = only_entry(scheduled(), first, rescheduled(version=4, step="restored"))

    assert (entry.outcome, entry.ladder_step, entry.hit_version, entry.plan_version) == ("rescued", "restored", 2, 4)


@pytest.mark.parametrize("first", [postponed(notice_minutes=300), cancelled(notice_minutes=300)])
def test_the_notice_is_that_of_the_first_answer(first: Told) -> None:
    entry = only_entry(scheduled(), first, rescheduled(version=4, notice_minutes=90))

    assert entry.notice_minutes == 300


def test_an_operation_has_an_entry_per_cause() -> None:
    entries = account(scheduled(), rescheduled(causes=("a", "b"))).entries

    assert [entry.cause_event_id for entry in entries] == ["a", "b"]


def test_an_entry_counts_the_inspections_that_were_planned_when_it_was_hit() -> None:
    entry = only_entry(scheduled(), rescheduled(step="smaller", inspections=[FIRST]))

    assert (entry.inspection_ids, entry.kept_ids) == (INSPECTIONS, (FIRST,))


def test_facts_give_the_same_account_in_whatever_order_they_are_heard() -> None:
    heard = facts(scheduled(), confirmed(), postponed(), rescheduled(version=3, inspections=[FIRST]))

    assert all(account_of(order) == account_of(heard) for order in permutations(heard))


def test_a_fact_heard_twice_counts_once() -> None:
    heard = facts(scheduled(), cancelled())

    assert account_of([*heard, *heard]) == account_of(heard)


def test_inspections_and_operations_are_counted_apart() -> None:
    found = ledger(account(scheduled(), rescheduled()))

    assert (found.operations.hit, found.inspections.hit) == (1, 2)
    assert (found.operations.rescued, found.inspections.rescued) == ({"moved_session": 1}, {"moved_session": 2})


def test_an_inspection_left_out_of_a_smaller_operation_is_lost() -> None:
    found = ledger(account(scheduled(), rescheduled(step="smaller", inspections=[FIRST])))

    assert (found.inspections.rescued, found.inspections.lost) == ({"smaller": 1}, 1)


def test_an_inspection_of_a_lost_operation_is_rescued_when_another_operation_takes_it() -> None:
    found = ledger(account(scheduled(), cancelled()), account(scheduled(OTHER, version=2, inspections=[FIRST])))

    assert (found.operations.lost, found.inspections.rescued, found.inspections.lost) == (1, {"other_operation": 1}, 1)


def test_inspections_of_an_operation_that_waits_are_waiting() -> None:
    found = ledger(account(scheduled(), postponed()))

    assert (found.operations.waiting, found.inspections.waiting) == (1, 2)


def test_what_is_planned_and_never_hit_is_counted_as_planned_alone() -> None:
    found = ledger(account(scheduled()))

    assert (found.operations.planned, found.operations.hit, found.inspections.planned) == (1, 0, 2)


def test_an_operation_hit_twice_counts_once_as_it_ended() -> None:
    twice = account(scheduled(), rescheduled(causes=("a",)), cancelled(version=3, causes=("b",)))

    found = ledger(twice, causes=("a", "b"))

    assert (len(found.lines), found.operations.hit, found.operations.lost) == (2, 1, 1)
    assert found.operations.rescued == {}


def test_a_change_whose_cause_is_no_loss_is_not_in_the_ledger() -> None:
    found = ledger(account(scheduled(), rescheduled(causes=("inspection-proposed",))))

    assert (found.lines, found.operations.hit) == ((), 0)


def test_a_loss_that_was_a_mistake_is_marked_as_taken_back() -> None:
    found = ledger(account(scheduled(), rescheduled()), taken_back=(CAUSE,))

    assert [line.is_taken_back for line in found.lines] == [True]


def test_a_line_tells_the_cause_and_the_notice() -> None:
    (line,) = ledger(account(scheduled(), cancelled(notice_minutes=45))).lines

    assert (line.cause_kind, line.cause_code, line.notice_minutes) == ("PoliceCancelled", "disturbance", 45)


def test_a_withdrawn_participation_is_a_loss_with_its_reason() -> None:
    withdrawn = ParticipationWithdrawn(operation_id=OPERATION, capacity_id="skatteverket:K1", reason_code="illness")

    loss = loss_of(withdrawn, envelope(withdrawn, "w1", party="skatteverket"))

    assert (loss.kind, loss.cause_code) == ("ParticipationWithdrawn", "illness")


def test_a_loss_told_by_phone_has_no_stated_cause() -> None:
    told_at = START_AT - timedelta(hours=2)
    reported = PoliceLossReported(
        operation_id=OPERATION, agency="akc-vast", told_by_function="lead", channel="phone", told_at=told_at
    )

    assert loss_of(reported, envelope(reported, "p1", party="akc-vast")).cause_code == "not_stated"
