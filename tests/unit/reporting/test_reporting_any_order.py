"""The ledger hangs on the set of facts alone: topics are read side by side, and records may come again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from samsyn_reporting.domain.indicators import as_csv, indicators_of
from samsyn_reporting.domain.ledger import Totals
from samsyn_reporting.domain.told import Told

from tests.support.told_days import (
    REF,
    aborted,
    acknowledged,
    completed,
    found,
    handed_in,
    offered,
    proposed,
    retracted,
    shared,
    started,
    suspended,
    withheld,
)
from tests.support.told_operations import (
    HOURS,
    INSPECTIONS,
    START_AT,
    cancelled,
    confirmed,
    postponed,
    rescheduled,
    scheduled,
)
from tests.unit.reporting.heard import SAID_AT, a_loss, heard, heard_in_order, ledger_from

SECOND, THIRD, FOURTH = "op:polisen:P2", "op:polisen:P3", "op:polisen:P4"
FIRST_ID, SECOND_ID = INSPECTIONS
# What happens to four operations, on all topics; some things are said twice, and some in the same instant.
SAID = (
    scheduled(),
    confirmed(),
    scheduled(SECOND, inspections=[SECOND_ID]),
    scheduled(THIRD, inspections=["polisen:A8"]),
    scheduled(FOURTH, inspections=["polisen:A9"]),
    confirmed(FOURTH, inspections=["polisen:A9"]),
    rescheduled(step="smaller", inspections=[FIRST_ID], causes=["a", "b"]),
    confirmed(version=2, inspections=[FIRST_ID]),
    cancelled(SECOND, causes=["b"]),
    postponed(THIRD, causes=["a"]),
    scheduled(THIRD, version=3, inspections=["polisen:A8"]),
    rescheduled(THIRD, version=4, inspections=["polisen:A8"], causes=["c"], notice_minutes=90),
    started(),
    started(police_present=False),
    completed(version=2, done=[FIRST_ID], outcome="in_part", missing_from=["polisen"]),
    completed(version=1),
    handed_in(),
    handed_in(outcome="closed"),
    started(FOURTH),
    suspended(FOURTH, remaining=["polisen:A9"]),
    aborted(FOURTH, left=["polisen:A9"]),
    found(),
    found(category="other", subject_kind="person"),
    shared(),
    withheld(receiver="skatteverket"),
    acknowledged(version=2),
    acknowledged(version=1),
    acknowledged(agency="polisen", version=2),
    retracted("a"),
)
FACTS: Sequence[Told] = (
    *heard_in_order(*SAID),
    a_loss("a", "shooting"),
    a_loss("b", "fire"),
    a_loss("c"),
    heard(offered(staff=3), "o1", sequence=1),
    heard(offered(staff=5), "o2", sequence=2),
    heard(offered("polisen:K1", staff=6), "o3"),
    heard(offered("polisen:K1", staff=7), "o4"),
    heard(proposed(FIRST_ID, identity_ref=REF), "p1"),
    heard(proposed(FIRST_ID, organisation_number="459871-2349"), "p2", at=SAID_AT + timedelta(days=1)),
    heard(proposed(SECOND_ID), "p3"),
    heard(acknowledged("op:polisen:P7"), "last", at=START_AT + 30 * HOURS),
)
EXPECTED = ledger_from(FACTS)


def table(totals: Totals) -> str:
    return as_csv(indicators_of(totals))


@settings(max_examples=200, deadline=None)
@given(st.permutations(FACTS), st.lists(st.sampled_from(FACTS)))
def test_neither_order_nor_repetition_changes_the_ledger(order: list[Told], again: list[Told]) -> None:
    found = ledger_from([*order, *again])

    assert found == EXPECTED
    assert table(found.totals) == table(EXPECTED.totals)


def test_every_kind_of_fact_has_an_effect() -> None:
    # Else the property would hold of a ledger that counts nothing.
    idle = [kind for kind in {type(fact) for fact in FACTS} if ledger_from(_without(kind)) == EXPECTED]

    assert idle == []


def _without(kind: type[Told]) -> list[Told]:
    return [fact for fact in FACTS if type(fact) is not kind]
