"""Denied before all, then the sender's no to one finding, then what needs no weighing, then what is weighed."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_exchange.domain.bases import Shared, Withheld, judged

from tests.unit.exchange.judging import (
    AV,
    BASES,
    POLICE,
    REGISTER,
    SKV,
    SPRING_2026,
    a_basis,
    a_matter,
    an_assessment,
    told,
    verdict,
)
from tests.unit.exchange.saying import CENTRE


def test_no_row_is_no_basis() -> None:
    assert verdict(an_assessment(), bases=[]) == Withheld(AV, "no_basis")


def test_a_row_without_an_assessment_is_not_assessed() -> None:
    assert told(verdict()) == "not_assessed"


def test_a_row_that_denies_goes_before_everything() -> None:
    bases = [a_basis("x1", outcome="not_secret"), a_basis("x2"), a_basis("x3", outcome="deny")]

    assert told(verdict(an_assessment(), bases=bases)) == "denied"


@pytest.mark.parametrize("outcome", ["not_secret", "no_harm"])
def test_what_needs_no_weighing_is_shared_without_an_assessment(outcome: str) -> None:
    one = verdict(bases=[a_basis("x1"), a_basis("x2", outcome=outcome)])

    assert isinstance(one, Shared)
    assert (one.basis.id, one.assessment_id) == ("x2", None)


def test_the_senders_no_withholds_even_that() -> None:
    bases = [a_basis(outcome="not_secret")]

    assert told(verdict(an_assessment(outcome="deny"), bases=bases)) == "assessed_deny"
    assert told(verdict(an_assessment(outcome="deny", finding_id="skatteverket:f1"), bases=bases)) == "assessed_deny"


@pytest.mark.parametrize("outcome", ["not_secret", "no_harm", "weighed"])
def test_a_standing_assessment_of_the_category_shares(outcome: str) -> None:
    one = verdict(an_assessment(outcome=outcome))

    assert isinstance(one, Shared)
    assert (one.basis.id, one.purpose, one.assessment_id) == ("b01", "follow-up", "skatteverket:a1")


def test_one_findings_assessment_goes_before_a_standing_one() -> None:
    standing_yes, standing_no = an_assessment(), an_assessment(outcome="deny")
    yes = an_assessment(number="a2", finding_id="skatteverket:f1")
    no = an_assessment(number="a3", finding_id="skatteverket:f1", outcome="deny")

    assert told(verdict(standing_no, yes)) == "shared"
    assert told(verdict(standing_yes, no)) == "assessed_deny"
    assert told(verdict(yes, no)) == "assessed_deny"


def test_a_no_to_one_finding_is_a_no_for_every_purpose() -> None:
    no = an_assessment(number="a2", finding_id="skatteverket:f1", outcome="deny", purpose="plan")

    assert told(verdict(an_assessment(), no)) == "assessed_deny"


@pytest.mark.parametrize(
    "other",
    [
        {"receiver": POLICE},
        {"owner": "migrationsverket"},
        {"category": "benefit"},
        {"purpose": "plan"},
        {"centre": "akc-syd"},
        {"finding_id": "skatteverket:f2"},
        {"finding_id": "skatteverket:f1", "centre": "akc-syd"},
        {"finding_id": "skatteverket:f1", "centre": "_all"},
        {"valid_until": SPRING_2026},
    ],
)
def test_an_assessment_of_something_else_shares_nothing(other: dict[str, Any]) -> None:
    assert told(verdict(an_assessment(**other))) == "not_assessed"


def test_a_standing_assessment_about_all_centres_holds_in_each() -> None:
    assert told(verdict(an_assessment(centre="_all"))) == "shared"


@pytest.mark.parametrize("no", [{"centre": "akc-syd"}, {"centre": "akc-syd", "finding_id": "skatteverket:f1"}])
def test_a_no_counts_wherever_it_was_said(no: dict[str, Any]) -> None:
    assert told(verdict(an_assessment(), an_assessment(number="a0", outcome="deny", **no))) == "assessed_deny"


def test_who_is_no_member_that_day_receives_nothing() -> None:
    yes = an_assessment("kommun-tyreso", category="food_safety")

    assert verdict(yes, receiver="kommun-tyreso", matter=a_matter(AV, "food_safety")) == Withheld(
        "kommun-tyreso", "no_basis"
    )


@pytest.mark.parametrize("receiver", ["handelser-publika", CENTRE, "nobody-known"])
def test_neither_a_feed_nor_a_centre_nor_a_stranger_receives_anything_even_where_a_row_names_it(receiver: str) -> None:
    named = a_basis(receivers={"parties": [receiver]}, outcome="not_secret")

    assert verdict(an_assessment(receiver), receiver=receiver, bases=[named]) == Withheld(receiver, "no_basis")


def test_the_owner_receives_nothing_from_itself() -> None:
    assert judged(a_matter(), [SKV], BASES, [an_assessment(SKV)], REGISTER, SPRING_2026) == ()
