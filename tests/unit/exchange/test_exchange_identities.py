"""Who runs a site is told to participants that a basis and the reference's owner entitle, and to no others."""

from __future__ import annotations

from typing import Any

from samsyn_exchange.domain.bases import Assessment
from samsyn_exchange.domain.contents import Grant
from samsyn_exchange.domain.identities import entitled, references

from tests.unit.exchange.judging import AV, BASES, GBG, POLICE, REGISTER, SKV, SPRING_2026, an_assessment
from tests.unit.exchange.saying import CENTRE, CONTENTS, ROUTE, SITE, a_message

OTHER = "contents:polisen:00000000-0000-4000-8000-000000000002"
BARE = {"site_id": "skatteverket:s1", "municipality": "1480"}


def a_yes(receiver: str = AV, **changed: Any) -> Assessment:
    return an_assessment(receiver, **{"category": "site_identity", "purpose": "plan", **changed})


def grants(*assessments: Assessment, refs: tuple[str, ...] = (CONTENTS,)) -> list[tuple[str, str]]:
    given = entitled(refs, [AV, GBG, POLICE, SKV], CENTRE, BASES, assessments, REGISTER, SPRING_2026)
    assert all(isinstance(one, Grant) and one.basis == "b02" for one in given)
    return [(one.ref, one.party) for one in given]


def test_every_reference_in_a_message_is_found_wherever_it_stands() -> None:
    route = [{**ROUTE[0], "site": {**BARE, "identity_ref": ref}} for ref in (CONTENTS, OTHER)]

    assert set(references(a_message("OperationConfirmed", inspections=[*route, ROUTE[0]]))) == {CONTENTS, OTHER}
    proposed = a_message("InspectionProposed", site={**BARE, "identity_ref": OTHER}, why_ref=CONTENTS)
    assert set(references(proposed)) == {CONTENTS, OTHER}
    assert set(references(a_message("OperationConfirmed"))) == set()
    assert "identity_ref" not in SITE


def test_without_the_owners_assessment_nobody_is_entitled() -> None:
    assert grants() == []


def test_whom_the_owner_has_assessed_is_entitled_by_the_basis() -> None:
    assert grants(a_yes()) == [(CONTENTS, AV)]


def test_a_municipality_has_no_basis_whatever_the_owner_assesses() -> None:
    assert grants(a_yes(GBG)) == []


def test_each_reference_waits_for_its_own_owner() -> None:
    assert grants(a_yes(), refs=(CONTENTS, OTHER)) == [(CONTENTS, AV)]
    assert grants(a_yes(owner=POLICE), refs=(CONTENTS, OTHER)) == [(OTHER, AV)]


def test_an_assessment_for_another_purpose_or_category_or_that_says_no_entitles_nobody() -> None:
    assert grants(a_yes(purpose="follow-up"), a_yes(number="a2", category="tax")) == []
    assert grants(a_yes(number="a3"), a_yes(outcome="deny")) == []
