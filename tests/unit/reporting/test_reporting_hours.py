"""Person-hours: staff times hours of the slot, per agency, the police apart. The slots are of four hours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from samsyn_contracts.message import Message
from samsyn_reporting.domain.hours import Hours, HoursSum

from tests.support.told_days import completed, offered, started
from tests.support.told_operations import START_AT, cancelled, confirmed, postponed, rescheduled, scheduled
from tests.unit.reporting.heard import heard, heard_in_order, ledger_from, totals_of

OFFERS = (offered(staff=3), offered("polisen:K1", staff=6), offered("skatteverket:K1", staff=2))


def hours(*messages: Message) -> Hours:
    return totals_of(*OFFERS, *messages).hours


def sums(planned: float = 0, carried_out: float = 0, rescued: float = 0, lost: float = 0) -> HoursSum:
    return HoursSum(planned=planned, carried_out=carried_out, rescued=rescued, lost=lost)


def test_planned_hours_are_those_of_everybody_on_the_plan() -> None:
    found = hours(scheduled())

    assert (found.police, found.other_agencies, found.total) == (sums(24), sums(12), sums(36))


def test_each_agency_has_a_row_of_its_own() -> None:
    found = hours(scheduled(agencies=["polisen", "arbetsmiljoverket", "skatteverket"]))

    planned = [(row.agency, row.planned) for row in found.agencies]
    assert planned == [("arbetsmiljoverket", 12), ("polisen", 24), ("skatteverket", 8)]


@pytest.mark.parametrize("answer", [cancelled(), postponed()])
def test_hours_of_an_operation_without_an_occasion_are_lost(answer: Message) -> None:
    found = hours(scheduled(), answer)

    assert (found.police, found.other_agencies) == (sums(24, lost=24), sums(12, lost=12))


def test_rescued_hours_are_those_on_the_new_occasion() -> None:
    found = hours(scheduled(), rescheduled(agencies=["polisen", "skatteverket"]))

    assert (found.police, found.other_agencies) == (sums(24, rescued=24), sums(12, rescued=8))


def test_an_operation_cancelled_without_a_loss_has_lost_nothing() -> None:
    assert hours(scheduled(), cancelled(causes=["inspection-withdrawn"])).total == sums(36)


def test_hours_are_carried_out_when_the_operation_has_started() -> None:
    assert hours(confirmed(), started()).total == sums(36, carried_out=36)


@pytest.mark.parametrize("told", [started(police_present=False), completed(police_present=False)])
def test_police_who_were_not_there_carried_out_nothing(told: Message) -> None:
    found = hours(confirmed(), told)

    assert (found.police.carried_out, found.other_agencies.carried_out) == (0, 12)


def test_who_was_invited_and_never_accepted_carried_out_nothing() -> None:
    message = confirmed()
    invited = message.participants[1].model_copy(update={"status": "invited"})
    message = message.model_copy(update={"participants": (message.participants[0], invited)})

    assert hours(message, completed()).other_agencies == sums(12)


def test_a_capacity_whose_offer_is_not_known_is_one_person_and_that_is_said() -> None:
    found = totals_of(offered(staff=3), scheduled()).hours

    assert (found.police.planned, found.parts_of_unknown_staff) == (4, 1)


def test_the_newest_offer_tells_the_staff() -> None:
    newest = heard(offered(staff=5), "o2", sequence=2)
    older = heard(offered(staff=1), "o1", sequence=1, at=START_AT)

    found = ledger_from([newest, older, *heard_in_order(scheduled())]).totals.hours

    assert found.other_agencies.planned == 20


def test_hours_are_rounded_once_at_the_end() -> None:
    twenty_minutes = {"end_at": START_AT + timedelta(minutes=20)}
    message = scheduled()
    short = message.model_copy(update={"slot": message.slot.model_copy(update=twenty_minutes)})

    assert totals_of(offered(staff=1), offered("polisen:K1", staff=1), short).hours.total == sums(0.67)
