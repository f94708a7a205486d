"""Findings are counted; few about persons are not shown as a number."""

from __future__ import annotations

import pytest
from samsyn_contracts.findings import SubjectKind
from samsyn_contracts.message import Message
from samsyn_reporting.domain.findings import Findings

from tests.support.told_days import found, shared, withheld
from tests.support.told_operations import confirmed
from tests.unit.reporting.heard import totals_of


def findings(*messages: Message) -> Findings:
    return totals_of(confirmed(), *messages).findings


def of_kind(kind: SubjectKind, number: int) -> list[Message]:
    return [found(f"arbetsmiljoverket:F{n}", subject_kind=kind) for n in range(number)]


def test_findings_are_counted_per_category_and_agency() -> None:
    told = findings(found("arbetsmiljoverket:F1"), found("arbetsmiljoverket:F2"), found("polisen:F1", category="other"))

    assert [(row.category, row.name_sv, row.agency, row.about_others) for row in told.recorded] == [
        ("other", "annat", "polisen", 1),
        ("work_environment", "arbetsmiljö", "arbetsmiljoverket", 2),
    ]


@pytest.mark.parametrize("kind", ["person", "sole_trader"])
@pytest.mark.parametrize(("number", "shown"), [(1, "<5"), (4, "<5"), (5, 5)])
def test_fewer_than_five_findings_about_persons_are_not_shown(kind: SubjectKind, number: int, shown: object) -> None:
    (row,) = findings(*of_kind(kind, number)).recorded

    assert (row.about_persons, row.about_others) == (shown, 0)


def test_where_nothing_is_about_persons_that_is_shown() -> None:
    (row,) = findings(*of_kind("organisation", 3), found("arbetsmiljoverket:F9", subject_kind="site")).recorded

    assert (row.about_persons, row.about_others) == (0, 4)


def test_a_finding_recorded_again_counts_once() -> None:
    (row,) = findings(found(), found()).recorded

    assert row.about_others == 1


def test_a_finding_of_who_takes_no_part_is_not_counted() -> None:
    assert findings(found("kommun-tyreso:F1")).recorded == ()


def test_what_was_shared_and_withheld_is_counted_per_pair_and_reason() -> None:
    told = findings(
        found(),
        found("arbetsmiljoverket:F2"),
        shared(),
        withheld(),
        withheld("arbetsmiljoverket:F2", reason="assessed_deny"),
    )

    assert [(row.sender, row.receiver, row.outcome, row.about_others) for row in told.disclosed] == [
        ("arbetsmiljoverket", "kommun-goteborg", "assessed_deny", 1),
        ("arbetsmiljoverket", "kommun-goteborg", "no_basis", 1),
        ("arbetsmiljoverket", "skatteverket", "shared", 1),
    ]


def test_what_a_receiver_may_not_know_of_is_counted_at_the_sender_alone() -> None:
    told = findings(found(), withheld(is_told=False), withheld(receiver="skatteverket", is_told=False))

    assert [(row.sender, row.receiver, row.outcome, row.about_others) for row in told.disclosed] == [
        ("arbetsmiljoverket", "not_told", "no_basis", 2)
    ]


def test_the_last_word_on_a_finding_and_a_receiver_counts() -> None:
    told = findings(found(), withheld(receiver="skatteverket", reason="not_assessed"), shared())

    assert [row.outcome for row in told.disclosed] == ["shared"]


def test_what_an_unknown_finding_was_about_is_taken_to_be_a_person() -> None:
    (row,) = findings(withheld()).disclosed

    assert (row.about_persons, row.about_others) == ("<5", 0)
