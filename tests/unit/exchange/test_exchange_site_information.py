"""What is known of sites, briefings and check-ins: who hears what, and who may have the texts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from samsyn_exchange.domain.disclosure import disclosed, load_rules, redacted
from samsyn_exchange.domain.identities import category_of, entitled, references

from tests.unit.exchange.judging import AV, BASES, GBG, POLICE, REGISTER, SKV, SPRING_2026, an_assessment
from tests.unit.exchange.saying import CENTRE, CONTENTS, a_message, a_service_event, an_event
from tests.unit.exchange.test_exchange_disclosure import DAY, a_known_operation, hearers

RULES = load_rules()


def accepted(*parties: str) -> list[dict[str, str]]:
    return [{"agency": party, "capacity_id": f"{party}:t1", "status": "accepted"} for party in parties]


def of_inspection(name: str, **changed: Any) -> dict[str, str]:
    return hearers(a_service_event(name, "inspection", **changed), [a_known_operation(parties=[POLICE, AV, SKV])])


def shown(name: str, view: Any, refs: frozenset[str] = frozenset()) -> Any:
    return json.loads(redacted(a_message(name), view, refs))


def test_a_request_is_told_to_the_agency_that_is_asked_alone() -> None:
    assert of_inspection("SiteInformationRequested") == {"skatteverket": "invited"}


def test_an_answer_is_told_to_nobody() -> None:
    event = an_event("SiteInformationProvided", SKV)

    assert disclosed(event, REGISTER, [a_known_operation(parties=[SKV, AV])], RULES, DAY) == ()


def test_the_account_is_told_to_those_who_have_accepted_and_its_bare_figure_to_the_centre() -> None:
    told = of_inspection("SiteInformationCompleted", participants=accepted(POLICE, AV))

    assert told == {POLICE: "accepted", AV: "accepted", CENTRE: "internal"}
    bare = shown("SiteInformationCompleted", "internal")
    assert (bare["completeness"], bare["sites"]) == (50, [])


def test_a_briefing_is_told_to_those_who_have_accepted_alone() -> None:
    assert of_inspection("BriefingPublished", participants=accepted(POLICE, GBG)) == {
        POLICE: "accepted",
        GBG: "accepted",
    }


def test_who_has_come_is_told_to_the_others_with_how_many_and_to_the_centre_without() -> None:
    told = hearers(an_event("ParticipantCheckedIn", SKV), [a_known_operation(parties=[POLICE, SKV])])

    assert told == {POLICE: "invited", CENTRE: "internal"}
    assert shown("ParticipantCheckedIn", "invited")["head_count"] == 4
    assert "head_count" not in shown("ParticipantCheckedIn", "internal")


def test_a_stranger_that_says_it_has_come_is_heard_by_nobody() -> None:
    assert hearers(an_event("ParticipantCheckedIn", SKV), [a_known_operation()]) == {}


def receivers_of(*assessments: Any) -> set[str]:
    message = a_message("SiteInformationCompleted")
    refs, parts = set(references(message)), [AV, GBG, POLICE, SKV]
    assert refs == {CONTENTS}
    given = entitled(refs, parts, CENTRE, BASES, assessments, REGISTER, SPRING_2026, category_of(message))
    return {one.party for one in given}


def a_yes(receiver: str, **changed: Any) -> Any:
    told = {"category": "site_information", "purpose": "plan", "number": f"a-{receiver}", **changed}
    return an_assessment(receiver, **told)


def test_without_its_owners_assessment_nobody_may_have_what_is_known_of_a_site() -> None:
    assert receivers_of() == set()


def test_whom_the_owner_has_assessed_may_have_it_and_a_municipality_has_no_basis() -> None:
    assert receivers_of(a_yes(AV), a_yes(GBG)) == {AV}


@pytest.mark.parametrize("other", [{"category": "site_identity"}, {"purpose": "follow-up"}])
def test_what_was_assessed_about_something_else_gives_no_site_information(other: dict[str, str]) -> None:
    assert receivers_of(a_yes(AV, **other)) == set()


def test_the_reference_stands_only_in_what_the_entitled_hears() -> None:
    with_ref = shown("SiteInformationCompleted", "accepted", frozenset({CONTENTS}))
    without = shown("SiteInformationCompleted", "accepted")

    assert with_ref["sites"][0]["answered"][0]["content_ref"] == CONTENTS
    assert "content_ref" not in without["sites"][0]["answered"][0]
    assert without["sites"][0]["answered"][0]["section"] == "dwelling"
