"""What holds of every publication, whatever a centre knows and loses."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samsyn_contracts.operations import (
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
)
from samsyn_planning.domain.facts import Cause, Question, Value
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.verifier import verify

from tests.support.planned_centre import ANY, GIVEN, Planned, planned, replanned, with_values, without
from tests.support.planning_facts import (
    AV,
    SKV,
    a_cause,
    a_consent,
    a_session,
    a_snapshot,
    a_team,
    a_wanted,
    asking,
)

DAYS = (13, 14, 15)
ANNOUNCED = OperationScheduled | OperationRescheduled | OperationPostponed | OperationCancelled
Hit = tuple[Planned, Snapshot, tuple[str, ...]]
NEEDS = st.sampled_from(["required", "wanted", "not_needed"])


@st.composite
def centres(draw: st.DrawFn) -> Snapshot:
    """One to five sessions, teams that may need asking, up to six inspections, consents for going without police."""
    values: list[Value] = []
    for number in range(draw(st.integers(1, 5))):
        consent = asking() if draw(st.booleans()) else {"mode": "standing"}
        values.append(a_session(f"polisen:P{number}", draw(st.sampled_from(DAYS)), consent=consent))
    for day in DAYS:
        for agency in draw(st.sets(st.sampled_from([AV, SKV]))):
            consent = asking() if draw(st.booleans()) else {"mode": "standing"}
            values.append(a_team(f"{agency}:T{day}", day, consent=consent))
    for number in range(draw(st.integers(1, 6))):
        ready = {agency: draw(st.booleans()) for agency in (AV, SKV)}
        value, need = draw(st.integers(20, 500)), draw(NEEDS)
        values.append(a_wanted(f"{AV}:I{number}", value=value, police_need=need, ready=ready))
    consents = draw(st.sets(st.sampled_from([AV, SKV])))
    return a_snapshot(*values, *(a_consent(agency) for agency in consents))


@st.composite
def hits(draw: st.DrawFn) -> Hit:
    """A planned centre, the same after losses, and the sessions lost wholly; some teams have answered."""
    before = planned(draw(centres()))
    parts = [p for p in before.snapshot.participations if p.status == "invited"]
    answers = [p.model_copy(update={"status": "accepted", "reply_by": None}) for p in parts if draw(st.booleans())]
    sessions = [c.id for c in before.snapshot.capacities if c.is_police]
    gone = draw(st.lists(st.sampled_from(sessions), min_size=1, unique=True))
    hit = with_values(before.snapshot, *answers)
    for session_id in gone:
        hit = without(hit, session_id, f"c-{session_id[8:]}")
    return before, hit, tuple(gone)


def causes(gone: Sequence[str]) -> list[Cause]:
    return [a_cause(f"c-{session_id[8:]}", subject=session_id) for session_id in gone]


EVERY = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@EVERY
@given(hits(), st.sampled_from([ANY, GIVEN]))
def test_no_operation_stays_on_a_lost_session_unless_it_goes_without_police(hit: Hit, question: Question) -> None:
    _, snapshot, gone = hit

    after = replanned(snapshot, *causes(gone), question=question)

    assert verify(after.replan.problem, after.replan.plan).violations == ()
    for operation in after.snapshot.operations:
        if operation.session_id in gone and operation.status in ("scheduled", "confirmed"):
            police = after.snapshot.part_by_key.get(operation.police_key)
            assert police is None or police.status == "released"
            needs = [after.snapshot.wanted_by_id[v.id].proposal.police_need for v in operation.visits]
            assert "required" not in needs
            agreed = {c.party for c in after.snapshot.consents}
            parts = [p for p in after.snapshot.parts_of(operation.id) if p.status == "accepted"]
            assert {part.party for part in parts} <= agreed


@EVERY
@given(hits())
def test_every_operation_that_differs_is_announced_once_and_no_other(hit: Hit) -> None:
    _, snapshot, gone = hit

    after = replanned(snapshot, *causes(gone))

    told = [m.operation_id for m in after.publication.messages if isinstance(m, ANNOUNCED)]
    before = {o.id: o for o in snapshot.operations if o.is_announced}
    now = {o.id: o for o in after.publication.operations}
    differ = [id_ for id_, o in now.items() if o.status != "draft" and o != before.get(id_)]
    assert sorted(told) == sorted(differ)


@EVERY
@given(hits())
def test_a_confirmed_operation_has_everybodys_yes_and_readiness(hit: Hit) -> None:
    _, snapshot, gone = hit

    after = replanned(snapshot, *causes(gone))

    for message in after.said(OperationConfirmed):
        operation = next(o for o in after.snapshot.operations if o.id == message.operation_id)
        assert all(p.status == "accepted" for p in message.participants)
        assert set(operation.teams) <= {p.capacity_id for p in message.participants}
        parties = {after.snapshot.capacity_by_id[team].party for team in operation.teams}
        wanted = [after.snapshot.wanted_by_id[visit.id] for visit in operation.visits]
        assert all(inspection.ready[party] for inspection in wanted for party in parties)


@EVERY
@given(hits())
def test_no_team_and_no_inspection_is_promised_to_two_operations(hit: Hit) -> None:
    _, snapshot, gone = hit

    operations = [o for o in replanned(snapshot, *causes(gone)).snapshot.operations if o.is_planned]

    for held in ([v.id for o in operations for v in o.visits], [o.session_id for o in operations]):
        assert len(held) == len(set(held))


@EVERY
@given(hits())
def test_the_order_in_which_sessions_were_lost_does_not_matter(hit: Hit) -> None:
    before, snapshot, gone = hit
    reordered = with_values(before.snapshot, *snapshot.participations)
    for session_id in reversed(gone):
        reordered = without(reordered, session_id, f"c-{session_id[8:]}")

    one, other = replanned(snapshot, *causes(gone)), replanned(reordered, *causes(gone))

    assert (one.replan.plan, one.publication) == (other.replan.plan, other.publication)
