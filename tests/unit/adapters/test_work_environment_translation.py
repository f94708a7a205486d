"""The case system's entries as messages, and what of them goes to the contents store."""

from datetime import timedelta
from typing import Any

import pytest
from samsyn_adapter_arbetsmiljoverket.translation import Translation, translation_of
from samsyn_adapter_sdk import Skipped, Statement
from samsyn_contracts.capacity import CapacityOffered, CapacityWithdrawn
from samsyn_contracts.inspections import InspectionProposed, InspectionWithdrawn
from samsyn_contracts.operations import ParticipationAccepted, ParticipationDeclined, ParticipationWithdrawn
from samsyn_demo.agencies.deeds import Question
from samsyn_demo.agencies.office import Office
from samsyn_demo.agencies.work_environment_system import _row

from tests.support.agency_worlds import HOUR, MONDAY, a_shift, a_site, a_sole_traders_site, a_world


def an_entry(kind: str, **data: Any) -> dict[str, Any]:
    return {"id": 7, "tidpunkt": "2025-05-05T06:00:00+00:00", "typ": kind, "region": "VAST", "data": data}


def translations(**world: Any) -> list[Translation]:
    office = Office("arbetsmiljoverket", [a_world(**world)])
    office.diary.advance(MONDAY)
    return [translation_of(_row(entry)) for entry in office.diary.after(0)]


def proposed(site: Any) -> tuple[InspectionProposed, Translation]:
    (translation,) = translations(shifts=(), sites=(site,))
    assert isinstance(translation.saying, Statement)
    assert isinstance(translation.saying.message, InspectionProposed)
    return translation.saying.message, translation


def test_a_shift_is_a_team_with_a_code_of_the_agency() -> None:
    (translation,) = translations(shifts=(a_shift("t1", team="Lag Öst 1"),), sites=())
    assert isinstance(translation.saying, Statement)
    message = translation.saying.message
    assert isinstance(message, CapacityOffered)
    assert (message.unit, message.team, message.skills) == (
        "team",
        "arbetsmiljoverket-lag--st-1",
        ("byggarbetsmiljo",),
    )


def test_a_company_is_named_in_the_message() -> None:
    message, _ = proposed(a_site())
    assert (message.site.name, message.site.identity_ref) == ("Påhittade Krogen AB", None)


def test_a_sole_traders_identity_is_nowhere_in_the_message() -> None:
    message, _ = proposed(a_sole_traders_site())
    body = message.body().decode()
    assert "401399" not in body
    assert "Påhitt" not in body
    assert message.site.identity_ref is not None


def test_a_sole_traders_identity_is_in_the_contents_under_the_reference_of_the_message() -> None:
    message, translation = proposed(a_sole_traders_site())
    identity = translation.contents[str(message.site.identity_ref)]
    assert identity == {"name": "Frisör Ada Påhitt", "organisation_number": "401399-1234"}


def test_contents_are_about_the_site_that_the_message_names() -> None:
    message, translation = proposed(a_sole_traders_site())
    assert translation.about == message.site.site_id


def test_free_text_is_in_the_contents_and_not_in_the_message() -> None:
    message, translation = proposed(a_site())
    assert "tips" in translation.contents[str(message.why_ref)]["text"]
    assert b"tips" not in message.body()


def test_the_references_are_the_same_at_every_reading() -> None:
    assert proposed(a_sole_traders_site())[1].contents == proposed(a_sole_traders_site())[1].contents


def test_a_case_number_goes_with_the_event() -> None:
    _, translation = proposed(a_site("obj-1"))
    assert isinstance(translation.saying, Statement)
    assert translation.saying.agencyref == "2025/obj-1"


def test_required_agencies_are_translated_from_their_short_forms() -> None:
    assert proposed(a_site(required_agencies=("skatteverket",)))[0].required_agencies == ("skatteverket",)


def said_after(act: Any) -> Any:
    office = Office("arbetsmiljoverket", [a_world()])
    office.diary.advance(MONDAY + 3 * HOUR)
    number = int(office.diary.latest or 0)
    act(office)
    office.diary.advance(MONDAY + timedelta(days=3))
    saying = translation_of(_row(office.diary.after(number)[-1])).saying
    assert isinstance(saying, Statement)
    return saying


def asked(operation_id: str) -> Any:
    question = Question("q1", operation_id, "t1", "polisen:p1", MONDAY + timedelta(days=7), ())
    return said_after(lambda office: office.ask(question))


def test_a_yes_is_an_acceptance_of_the_session_asked_for() -> None:
    saying = asked("op:1")
    assert saying.message == ParticipationAccepted(
        operation_id="op:1", capacity_id="arbetsmiljoverket:t1", session_id="polisen:p1", head_count=2
    )
    assert saying.causationid == "q1"


@pytest.mark.parametrize("session", [{"polispass": "polisen:p1"}, {}], ids=["to a session", "to the present one"])
def test_a_no_is_a_refusal_with_its_reason(session: dict[str, str]) -> None:
    entry = an_entry("SVAR_NEJ", fraga="q1", insats="op:1", orsak="JAV", **{"pass": "t1"}, **session)
    saying = translation_of(entry).saying
    assert isinstance(saying, Statement)
    assert saying.message == ParticipationDeclined(
        operation_id="op:1",
        capacity_id="arbetsmiljoverket:t1",
        session_id=session.get("polispass"),
        reason_code="impartiality",
    )


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (lambda office: office.withdraw_shift("t1"), CapacityWithdrawn),
        (lambda office: office.withdraw_site("obj-1"), InspectionWithdrawn),
        (lambda office: office.take_back_part("op:1", "t1"), ParticipationWithdrawn),
    ],
)
def test_what_is_struck_is_withdrawn(act: Any, kind: type) -> None:
    assert isinstance(said_after(act).message, kind)


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        (an_entry("FIKARAST"), "FIKARAST"),
        (an_entry("SVAR_NEJ", insats="op:1", orsak="MANSKEN", **{"pass": "t1"}), "MANSKEN"),
        (an_entry("INTRESSE", kontroll="polisen:1", grad="OERHORT"), "OERHORT"),
        (an_entry("LAGPASS", lag="x"), "LAGPASS"),
    ],
)
def test_what_no_table_translates_is_skipped_by_name(entry: dict[str, Any], named: str) -> None:
    saying = translation_of(entry).saying
    assert isinstance(saying, Skipped)
    assert named in (saying.unknown or "")
