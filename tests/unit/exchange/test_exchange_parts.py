"""For which parts in operations contents may be fetched, and which words end a part."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.operations import (
    ParticipationAccepted,
    ParticipationDeclined,
    ParticipationWithdrawn,
    PoliceDeclined,
)
from samsyn_exchange.domain.contents import Grant, GrantPart, a_grant, right_to_fetch
from samsyn_exchange.domain.identities import parts_behind, taken
from samsyn_exchange.domain.operations import Answer, KnownOperation, No, answered, has_more, noted

from tests.unit.exchange.saying import CENTRE, CONTENTS, INSPECTORS, POLICE, RECEIVED_AT, ROUTE, SLOT, a_message
from tests.unit.exchange.saying import a_service_event as said

AV, SKV = "arbetsmiljoverket", "skatteverket"
ACCEPTED = {**INSPECTORS, "status": "accepted"}
SECOND_TEAM = {**ACCEPTED, "capacity_id": "arbetsmiljoverket:t2"}
OP, TEAM = "op:polisen:p1", "arbetsmiljoverket:t1"
OFF_THE_ROUTE = [{**ROUTE[0], "inspection_id": "skatteverket:i2"}]
A_PART = GrantPart(OP, CONTENTS, AV, "skatteverket:i1", "site_information")


def planned(name: str = "OperationConfirmed", before: KnownOperation | None = None, **changed: Any) -> KnownOperation:
    told = {"participants": [POLICE, ACCEPTED], **changed}
    known = noted(said(name, **told), [] if before is None else [before])
    assert known is not None
    return known


def ended(name: str) -> KnownOperation:
    known = noted(said(name), [planned()])
    assert known is not None
    return known


def an_answer(
    answer: Answer, known: KnownOperation, at: datetime = RECEIVED_AT, **envelope: Any
) -> KnownOperation | None:
    told = {"id": "e1", "source": f"urn:samsyn:{AV}", "type": answer.type_name(), "time": RECEIVED_AT}
    own = {"centre": CENTRE, "environment": "test", **envelope}
    return answered(answer, Envelope.model_validate({**told, **own}), at, [known])


def a_no(known: KnownOperation, capacity_id: str = TEAM, **more: Any) -> KnownOperation | None:
    no = ParticipationWithdrawn(operation_id=OP, capacity_id=capacity_id, reason_code="illness")
    return an_answer(no, known, **more)


def a_yes(known: KnownOperation, session_id: str = "polisen:p1", **more: Any) -> KnownOperation | None:
    yes = ParticipationAccepted(operation_id=OP, capacity_id=TEAM, session_id=session_id)
    return an_answer(yes, known, **more)


def after_no(known: KnownOperation) -> KnownOperation:
    return a_no(known) or known


def holds(known: KnownOperation) -> bool:
    return taken([A_PART], [known]) == {A_PART}


def test_a_part_lasts_while_planning_counts_on_the_agency_at_that_inspection() -> None:
    assert holds(planned())


@pytest.mark.parametrize(
    "after",
    [
        planned(participants=[POLICE]),
        planned(participants=[POLICE, INSPECTORS]),
        planned(participants=[POLICE, {**ACCEPTED, "agency": SKV, "capacity_id": "skatteverket:t1"}]),
        planned(inspections=OFF_THE_ROUTE),
        ended("OperationCancelled"),
        ended("OperationPostponed"),
    ],
    ids=["left out", "asked anew", "replaced", "site taken off", "cancelled", "postponed"],
)
def test_planning_ends_it(after: KnownOperation) -> None:
    assert not holds(after)
    assert has_more(planned(), after)


def test_an_operation_that_is_over_ends_no_part() -> None:
    assert holds(ended("OperationCompleted"))


@pytest.mark.parametrize("kind", [ParticipationWithdrawn, ParticipationDeclined, PoliceDeclined])
def test_the_agencys_no_ends_it_before_planning_has_answered(kind: type[No]) -> None:
    known = an_answer(kind(operation_id=OP, capacity_id=TEAM, reason_code="illness"), planned())

    assert known is not None
    assert not holds(known)
    assert not holds(planned(before=known)), "what planning said before it heard the no"
    assert holds(planned(before=planned(before=known, participants=[POLICE]))), "asked and accepted anew"


def test_a_yes_after_a_no_begins_it_anew() -> None:
    assert a_yes(after_no(planned())) == planned()


def test_a_yes_to_another_session_and_one_that_was_overtaken_begin_nothing() -> None:
    after = a_no(planned(), sequence=5)
    assert after is not None

    assert a_yes(after, "polisen:p9", sequence=6) is None
    assert a_yes(after, sequence=5) is None
    assert holds(a_yes(after, sequence=6) or after)


@pytest.mark.parametrize("kind", [ParticipationWithdrawn, ParticipationDeclined])
def test_a_no_to_another_session_ends_nothing(
    kind: type[ParticipationWithdrawn | ParticipationDeclined],
) -> None:
    def no(session_id: str) -> KnownOperation | None:
        told = kind(operation_id=OP, capacity_id=TEAM, session_id=session_id, reason_code="illness")
        return an_answer(told, planned())

    assert no("polisen:p9") is None
    before = no("polisen:p1") or planned()
    assert not holds(before)
    assert not holds(planned(before=before)), "planning may not have heard it yet"
    moved = planned(before=before, slot={**SLOT, "session_id": "polisen:p2"})
    assert holds(moved), "the operation has left the session that the no was to: planning refuses it"


def test_an_overtaken_no_and_one_when_it_is_over_end_nothing() -> None:
    agreed = a_yes(planned(), sequence=5)
    assert agreed is not None
    assert agreed.end_at is not None

    assert a_no(agreed, sequence=4) is None
    assert a_no(planned(before=agreed), sequence=4) is None, "remembered when planning tells of it again"
    assert a_no(agreed, at=agreed.end_at, sequence=6) is None
    assert not holds(a_no(agreed, sequence=6) or agreed)


def test_an_agency_that_withdraws_one_of_its_two_teams_takes_part_still() -> None:
    assert holds(after_no(planned(participants=[POLICE, ACCEPTED, SECOND_TEAM])))


def test_a_strangers_no_and_one_about_another_centre_change_nothing() -> None:
    assert a_no(planned(), capacity_id="skatteverket:t1") is None
    assert a_no(planned(), centre="akc-syd") is None


def test_nothing_is_taken_of_an_operation_that_is_not_known_yet() -> None:
    assert taken([A_PART], []) == frozenset()


def a_right(ref: str = CONTENTS, party: str = AV) -> Grant:
    return a_grant(ref, party, "b01", "skatteverket:a1", RECEIVED_AT)


def test_a_text_is_told_for_the_part_in_the_operation_at_that_site() -> None:
    account = a_message("SiteInformationCompleted")

    assert parts_behind(account, [a_right(), a_right(party=SKV)]) == (
        A_PART,
        GrantPart(OP, CONTENTS, SKV, "skatteverket:i1", "site_information"),
    )


def test_who_runs_two_of_its_sites_is_told_for_each() -> None:
    site = {"site_id": "skatteverket:s1", "municipality": "1480", "identity_ref": CONTENTS}
    route = [{**ROUTE[0], "inspection_id": f"skatteverket:i{number}", "site": site} for number in (1, 2)]
    parts = parts_behind(a_message("OperationConfirmed", inspections=route), [a_right()])

    assert [(part.inspection_id, part.category) for part in parts] == [
        ("skatteverket:i1", "site_identity"),
        ("skatteverket:i2", "site_identity"),
    ]


def test_a_right_that_ended_with_its_part_says_so_whether_or_not_it_was_used() -> None:
    over = Grant(CONTENTS, AV, "b01", None, RECEIVED_AT, a_right().expires_at, ended_at=RECEIVED_AT)
    used = Grant(CONTENTS, AV, "b01", None, RECEIVED_AT, a_right().expires_at, RECEIVED_AT, RECEIVED_AT)

    assert [right_to_fetch(CONTENTS, AV, one, RECEIVED_AT) for one in (over, used)] == ["part_ended", "part_ended"]
    assert not over.is_open(RECEIVED_AT)
    assert right_to_fetch(CONTENTS, SKV, over, RECEIVED_AT) == "given", "its owner may any time"
