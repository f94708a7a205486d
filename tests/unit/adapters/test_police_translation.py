"""The duty system's codes as messages."""

from datetime import UTC, datetime
from typing import Any

import pytest
from samsyn_adapter_polisen.translation import saying_of
from samsyn_adapter_sdk import Skipped, Statement, event_id
from samsyn_contracts.cancellation_risk import DisturbanceEnded
from samsyn_contracts.capacity import (
    CapacityOffered,
    CapacityWithdrawn,
    DisturbanceReported,
    PoliceCancellationRetracted,
    PoliceCancelled,
    PoliceRestored,
)
from samsyn_contracts.operations import PoliceCommitted, PoliceDeclined

PASS: dict[str, Any] = {
    "pass": "p1",
    "enhet": "LPO",
    "fran": "2025-05-12T06:00:00+00:00",
    "till": "2025-05-12T12:00:00+00:00",
    "kommun": "1480",
    "lat": 57.7,
    "lon": 11.97,
    "styrka": 4,
    "erfarenhet": "E1",
    "samtycke": "FRAGA",
    "max_restid_min": 45,
    "max_kontroller": 4,
}


def an_entry(code: str, region: str = "VAST", **facts: Any) -> dict[str, Any]:
    return {"nr": 7, "tid": "2025-05-06T06:30:00+00:00", "kod": code, "region": region, "uppgifter": facts}


def said(code: str, **facts: Any) -> Statement:
    saying = saying_of(an_entry(code, **facts))
    assert isinstance(saying, Statement), saying
    return saying


def test_a_session_offered_is_capacity_of_the_local_police() -> None:
    message = said("PASS_ERBJUDET", **PASS).message
    assert isinstance(message, CapacityOffered)
    assert (message.capacity_id, message.unit, message.consent.mode) == ("polisen:p1", "local_police", "ask")
    assert (message.experience_band, message.municipality, message.max_inspections) == ("1-3", "1480", 4)


def test_a_standing_consent_covers_named_changes() -> None:
    message = said("PASS_ERBJUDET", **PASS | {"samtycke": "STAENDE"}).message
    assert isinstance(message, CapacityOffered)
    assert message.consent.mode == "standing"
    assert "fewer_officers" in message.consent.covers


def test_a_session_called_off_is_a_whole_cancellation_with_its_disturbance() -> None:
    message = said("PASS_INSTALLT", orsak="SKJUTNING", storning="s1", **{"pass": "p1"}).message
    assert isinstance(message, PoliceCancelled)
    assert message.is_whole
    assert (message.cause_code, message.disturbance_id) == ("shooting", "polisen:s1")


def test_a_shortened_session_says_what_is_left() -> None:
    message = said("PASS_KORTAT", orsak="BRAND", till="2025-05-12T09:00:00+00:00", **{"pass": "p1"}).message
    assert isinstance(message, PoliceCancelled)
    assert not message.is_whole
    assert message.available_until is not None


def test_a_reduced_force_says_how_many_officers_are_left() -> None:
    message = said("STYRKA_MINSKAD", orsak="SJUKDOM", kvar=2, **{"pass": "p1"}).message
    assert isinstance(message, PoliceCancelled)
    assert (message.officers_left, message.is_whole) == (2, False)


def test_a_retraction_names_the_event_that_it_takes_back() -> None:
    message = said("PASS_ANGRAT", avser=5, **{"pass": "p1"}).message
    assert isinstance(message, PoliceCancellationRetracted)
    assert message.cancelled_event == event_id("polisen", "handelse:5")


def test_a_session_that_came_back_is_restored() -> None:
    assert isinstance(said("PASS_ATER", **{"pass": "p1"}).message, PoliceRestored)


def test_a_session_taken_back_is_capacity_withdrawn() -> None:
    assert isinstance(said("PASS_INDRAGET", orsak="RESURSBRIST", **{"pass": "p1"}).message, CapacityWithdrawn)


def test_a_disturbance_is_verified_by_the_police() -> None:
    message = said("STORNING", storning="s1", slag="SPRANGNING", allvar="A", kommun="1480", bekraftad=True).message
    assert message == DisturbanceReported(
        disturbance_id="polisen:s1", kind="explosion", severity="heavy", municipality="1480", verified=True
    )


def test_a_disturbance_is_over_when_the_duty_system_says_so_and_till_then_expected_to_be_where_it_says_when() -> None:
    told = {"storning": "s1", "slag": "SPRANGNING", "allvar": "A", "bekraftad": True}
    reported = said("STORNING", **told, vantat_slut="2025-05-06T15:30:00Z").message
    assert isinstance(reported, DisturbanceReported)
    assert reported.expected_end_at == datetime(2025, 5, 6, 15, 30, tzinfo=UTC)
    ended = said("STORNING_SLUT", storning="s1", slut="2025-05-06T14:05:00Z").message
    assert ended == DisturbanceEnded(disturbance_id="polisen:s1", ended_at=datetime(2025, 5, 6, 14, 5, tzinfo=UTC))


def test_a_yes_commits_the_session_and_names_the_question() -> None:
    statement = said("FORFRAGAN_JA", fraga="q1", insats="op:1", enhet="LPO", **{"pass": "p1"})
    assert isinstance(statement.message, PoliceCommitted)
    assert statement.causationid == "q1"


def test_a_no_declines_with_its_reason() -> None:
    message = said("FORFRAGAN_NEJ", fraga="q1", insats="op:1", orsak="RESURSBRIST", **{"pass": "p1"}).message
    assert isinstance(message, PoliceDeclined)
    assert message.reason_code == "no_resources"


def test_a_region_is_the_centre_of_that_name() -> None:
    assert said("PASS_ATER", **{"pass": "p1"}).centre == "akc-vast"


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        (an_entry("PASS_UTLANAT", **{"pass": "p1"}), "PASS_UTLANAT"),
        (an_entry("PASS_INSTALLT", orsak="MANSKEN", **{"pass": "p1"}), "MANSKEN"),
        (an_entry("PASS_ATER", region="GOTLAND", **{"pass": "p1"}), "GOTLAND"),
        (an_entry("PASS_ERBJUDET", **PASS | {"erfarenhet": "E9"}), "E9"),
    ],
)
def test_an_unknown_code_is_skipped_by_name_and_reading_goes_on_after_it(entry: dict[str, Any], named: str) -> None:
    saying = saying_of(entry)
    assert isinstance(saying, Skipped)
    assert saying.cursor == "7"
    assert named in (saying.unknown or "")


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"pass": "två pass"},
        PASS | {"till": "2025-05-12T01:00:00+00:00"},
        PASS | {"fran": "i morgon"},
        PASS | {"styrka": None},
    ],
)
def test_an_entry_of_the_wrong_form_is_skipped_without_its_contents(facts: dict[str, Any]) -> None:
    saying = saying_of(an_entry("PASS_ERBJUDET", **facts))
    assert isinstance(saying, Skipped)
    assert saying.unknown == "entry 7, a 'PASS_ERBJUDET' with facts missing or of the wrong form"
