"""What the ledger says of operations that lost something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from typing import get_args

import pytest
from samsyn_contracts.operations import LadderStep, ParticipationWithdrawn, PoliceLossReported
from samsyn_reporting.domain.accounts import Account, Announcement, Entry, Fact, account_of, fact_of
from samsyn_reporting.domain.ledger import Ledger, Period
from samsyn_reporting.domain.losses import loss_of

from tests.support.told_days import retracted
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
from tests.unit.reporting.heard import MAY, a_loss, heard, heard_in_order, ledger_from

OTHER = "op:polisen:P9"
FIRST, SECOND = INSPECTIONS


def facts(*messages: Announcement) -> list[Fact]:
    return [fact_of(m, envelope(m, f"{m.operation_id}-{number}")) for number, m in enumerate(messages)]


def account(*messages: Announcement) -> Account:
    return account_of(facts(*messages))


def only_entry(*messages: Announcement) -> Entry:
    (entry,) = account(*messages).entries
    return entry


def ledger(*messages: Announcement, causes: Sequence[str] = (CAUSE,)) -> Ledger:
    return ledger_from([*(a_loss(cause) for cause in causes), *heard_in_order(*messages)])


@pytest.mark.parametrize("step", [step for step in get_args(LadderStep) if step != "cancelled"])
def test_a_rescheduled_operation_is_rescued_by_the_ladders_step(step: LadderStep) -> None:
    entry = only_entry(scheduled(), rescheduled(step=step))

    assert (entry.outcome, entry.ladder_step) == ("rescued", step)


def test_a_cancelled_operation_is_lost() -> None:
    assert only_entry(scheduled(), cancelled()).outcome == "lost"


def test_a_postponed_operation_waits_for_an_occasion() -> None:
    assert only_entry(scheduled(), postponed()).outcome == "waiting"


@pytest.mark.parametrize("later", [scheduled(version=3), confirmed(version=3)])
def test_an_operation_that_waited_is_rescued_by_being_postponed_when_it_is_scheduled_again(later: Announcement) -> None:
    entry = only_entry(scheduled(), postponed(), later)

    assert (entry.outcome, entry.ladder_step, entry.plan_version) == ("rescued", "postponed", 3)


@pytest.mark.parametrize("first", [postponed(notice_minutes=300), cancelled(notice_minutes=300)])
def test_a_later_message_about_the_same_cause_completes_the_entry(first: Announcement) -> None:
    entry = only_entry(scheduled(), first, rescheduled(version=4, step="restored"))

    assert (entry.outcome, entry.ladder_step, entry.hit_version, entry.plan_version) == ("rescued", "restored", 2, 4)


@pytest.mark.parametrize("first", [postponed(notice_minutes=300), cancelled(notice_minutes=300)])
def test_the_notice_is_that_of_the_first_answer(first: Announcement) -> None:
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
    found = ledger(scheduled(), rescheduled()).totals

    assert (found.operations.hit, found.inspections.hit) == (1, 2)
    assert (found.operations.rescued, found.inspections.rescued) == ({"moved_session": 1}, {"moved_session": 2})


def test_an_inspection_left_out_of_a_smaller_operation_is_lost() -> None:
    found = ledger(scheduled(), rescheduled(step="smaller", inspections=[FIRST])).totals

    assert (found.inspections.rescued, found.inspections.lost) == ({"smaller": 1}, 1)


def test_an_inspection_of_a_lost_operation_is_rescued_when_another_operation_takes_it() -> None:
    found = ledger(scheduled(), cancelled(), scheduled(OTHER, version=2, inspections=[FIRST])).totals

    assert (found.operations.lost, found.inspections.rescued, found.inspections.lost) == (1, {"other_operation": 1}, 1)


def test_inspections_of_an_operation_that_waits_are_waiting() -> None:
    found = ledger(scheduled(), postponed()).totals

    assert (found.operations.waiting, found.inspections.waiting) == (1, 2)


def test_what_is_planned_and_never_hit_is_counted_as_planned_alone() -> None:
    found = ledger(scheduled()).totals

    assert (found.operations.planned, found.operations.hit, found.inspections.planned) == (1, 0, 2)


def test_an_operation_hit_twice_counts_once_as_it_ended() -> None:
    found = ledger(scheduled(), rescheduled(causes=("a",)), cancelled(version=3, causes=("b",)), causes=("a", "b"))

    assert (len(found.lines), found.totals.operations.hit, found.totals.operations.lost) == (2, 1, 1)
    assert found.totals.operations.rescued == {}


def test_an_operation_that_was_moved_away_is_hit_in_the_period_that_it_was_planned_in() -> None:
    told = [a_loss(), *heard_in_order(scheduled(), rescheduled(to_start_at=START_AT + timedelta(days=30)))]
    june = Period(centres=MAY.centres, from_at=MAY.until_at, until_at=MAY.until_at + timedelta(days=30))

    then, later = (ledger_from(told, period).totals.operations for period in (MAY, june))

    assert (then.planned, then.hit, later.planned, later.hit) == (1, 1, 1, 0)


def test_the_last_hit_is_the_one_that_was_answered_last() -> None:
    found = ledger(
        scheduled(),
        rescheduled(causes=("a",)),
        cancelled(version=3, causes=("b",)),
        rescheduled(version=4, step="restored", causes=("a",)),
        causes=("a", "b"),
    )

    assert (found.totals.operations.rescued, found.totals.operations.lost) == ({"restored": 1}, 0)


def test_a_change_whose_cause_is_no_loss_is_not_in_the_ledger() -> None:
    found = ledger(scheduled(), rescheduled(causes=("inspection-proposed",)))

    assert (found.lines, found.totals.operations.hit) == ((), 0)


def test_a_loss_that_was_a_mistake_is_marked_as_taken_back() -> None:
    told = [a_loss(), *heard_in_order(scheduled(), rescheduled()), heard(retracted(CAUSE), "not")]

    assert [line.is_taken_back for line in ledger_from(told).lines] == [True]


def test_only_who_told_of_a_loss_can_take_it_back() -> None:
    another = heard(retracted(CAUSE), "not", party="skatteverket")
    told = [a_loss(), *heard_in_order(scheduled(), rescheduled()), another]

    assert [line.is_taken_back for line in ledger_from(told).lines] == [False]


def test_a_line_tells_the_cause_and_the_notice() -> None:
    (line,) = ledger(scheduled(), cancelled(notice_minutes=45)).lines

    assert (line.cause_kind, line.cause_code, line.notice_minutes) == ("PoliceCancelled", "disturbance", 45)


def test_of_two_losses_with_one_id_the_one_that_touches_the_operation_is_the_cause() -> None:
    withdrawn = ParticipationWithdrawn(operation_id=OTHER, capacity_id="skatteverket:K9", reason_code="illness")
    earlier = heard(withdrawn, CAUSE, party="skatteverket", at=START_AT - timedelta(days=9))

    of_the_police = heard(police_cancelled("polisen:K1"), CAUSE)

    (line,) = ledger_from([earlier, of_the_police, *heard_in_order(scheduled(), cancelled())]).lines

    assert line.cause_kind == "PoliceCancelled"


def test_a_loss_of_another_centre_with_the_same_id_is_no_cause() -> None:
    elsewhere = heard(police_cancelled(), CAUSE, centre="akc-stockholm")

    assert ledger_from([elsewhere, *heard_in_order(scheduled(), cancelled())]).lines == ()


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
